package emulator

import (
	"fmt"
	"hash/crc32"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/mqtrail/mqtrail/sdk/sandbox"
)

// kafkaGroup is a consumer group.
type kafkaGroup struct {
	Name        string   `json:"name"`
	Description string   `json:"description"`
	Age         age      `json:"age"`
	Members     []member `json:"members"`
	// Lag is how far the group is behind, by topic and partition.
	Lag map[string][]int64 `json:"lag"`

	created   int64
	committed map[string][]int64 // the next offset to read; -1 where none was committed
}

// member is a consumer that is connected.
type member struct {
	ID     string `json:"id"`
	Client string `json:"client"`
	Host   string `json:"host"`
}

func (g *kafkaGroup) key() string { return g.Name }

func (g *kafkaGroup) begin(now time.Time, k *kafka) error {
	g.created, g.committed = g.Age.milliseconds(now), map[string][]int64{}
	for name, lags := range g.Lag {
		topic, known := lookUp(k.Topics, name)
		if !known || len(lags) != len(topic.partitions) {
			return fmt.Errorf("group %s has another number of partitions of %s", g.Name, name)
		}
		for i, lag := range lags {
			g.committed[name] = append(g.committed[name], topic.partitions[i].end-lag)
		}
	}
	return nil
}

func (g *kafkaGroup) state() string {
	if len(g.Members) == 0 {
		return "Empty"
	}
	return "Stable"
}

func (g *kafkaGroup) coordinator() int { return int(crc32.ChecksumIEEE([]byte(g.Name)) % kafkaBrokers) }
func (g *kafkaGroup) topics() []string { return slices.Sorted(maps.Keys(g.committed)) }

// reader is the member that reads a partition: they take turns.
func (g *kafkaGroup) reader(partition int) member {
	if len(g.Members) == 0 {
		return member{}
	}
	return g.Members[partition%len(g.Members)]
}

func (g *kafkaGroup) view(k *kafka) object {
	return object{
		"group_id": g.Name, "group_desc": g.Description, "state": g.state(), "createdAt": g.created, "coordinator_id": g.coordinator(),
		"lag": g.lag(k, ""), "assignment_strategy": g.strategy(),
	}
}

func (g *kafkaGroup) strategy() string {
	if len(g.Members) == 0 {
		return ""
	}
	return "range"
}

// subscribers are the groups that have read a topic.
func (k *kafka) subscribers(topic string) []string {
	names := []string{}
	for _, group := range k.Groups {
		if _, reads := group.committed[topic]; reads {
			names = append(names, group.Name)
		}
	}
	return names
}

// kafkaGroups are the operations on groups; progress has its own.
func kafkaGroups() map[string]handler {
	return map[string]handler{
		"CreateKafkaConsumerGroup": createKafkaGroup, "ListInstanceConsumerGroups": listKafkaGroups,
		"BatchDeleteGroup": deleteKafkaGroups, "UpdateInstanceGroup": updateKafkaGroups,
		"DeleteGroup":                            withKafkaGroup(deleteKafkaGroup),
		"DeleteInstanceConsumerGroup":            withKafkaGroup(deleteKafkaGroup),
		"UpdateInstanceConsumerGroup":            withKafkaGroup(updateKafkaGroup),
		"ShowGroup":                              withKafkaGroup(showKafkaGroup),
		"ListInstanceConsumerGroup":              withKafkaGroup(showKafkaGroup),
		"ShowGroups":                             withKafkaGroup(showKafkaProgress),
		"ListInstanceConsumerGroupMembers":       withKafkaGroup(listMembers),
		"ListInstanceConsumerGroupTopics":        withKafkaGroup(listGroupTopics),
		"ListInstanceConsumerGroupMessageOffset": withKafkaGroup(listGroupOffsets),
		"ResetMessageOffset":                     withKafkaGroup(resetKafkaOffset),
		"ResetMessageOffsetWithEngine":           withKafkaGroup(resetKafkaOffset),
		"DeleteConsumerGroupOffsets":             withKafkaGroup(deleteKafkaOffsets),
	}
}

func withKafkaGroup(handle func(*call, *kafkaGroup) *sandbox.Answer) handler {
	return func(c *call) *sandbox.Answer {
		group, known := lookUp(c.instance.Kafka.Groups, c.Text("group"))
		if !known {
			return unknownGroup()
		}
		return handle(c, group)
	}
}

func createKafkaGroup(c *call) *sandbox.Answer {
	k, name := c.instance.Kafka, c.Text("group_name")
	if _, taken := lookUp(k.Groups, name); taken {
		return groupExists()
	}
	k.Groups = append(k.Groups, &kafkaGroup{
		Name: name, Description: c.Text("group_desc"), created: c.now.UnixMilli(), committed: map[string][]int64{},
	})
	return plain("success")
}

func listKafkaGroups(c *call) *sandbox.Answer {
	k, found := c.instance.Kafka, []*kafkaGroup{}
	for _, group := range k.Groups {
		if contains(group.Name, c.Text("group")) {
			found = append(found, group)
		}
	}
	return ok(object{"total": len(found), "groups": views(page(c, found), func(g *kafkaGroup) object { return g.view(k) })})
}

// contains reports whether a text has a part, whatever the case.
func contains(text, part string) bool {
	return strings.Contains(strings.ToLower(text), strings.ToLower(part))
}

func showKafkaGroup(c *call, group *kafkaGroup) *sandbox.Answer {
	return ok(object{"group": group.view(c.instance.Kafka)})
}

func deleteKafkaGroup(c *call, group *kafkaGroup) *sandbox.Answer {
	if len(group.Members) > 0 {
		return online(group.Name)
	}
	c.instance.Kafka.Groups, _ = without(c.instance.Kafka.Groups, group.Name)
	return done()
}

// online refuses what Kafka does not do while consumers are connected. Which code the vendor has for it is not
// documented.
func online(group string) *sandbox.Answer {
	return invalid("group", "consumers of "+group+" are connected; stop them first")
}

func deleteKafkaGroups(c *call) *sandbox.Answer {
	k, failed := c.instance.Kafka, []object{}
	for _, name := range given[[]string](c, "group_ids") {
		group, known := lookUp(k.Groups, name)
		switch {
		case !known:
			failed = append(failed, object{"group_id": name, "error_message": "The consumer group does not exist."})
		case len(group.Members) > 0:
			failed = append(failed, object{"group_id": name, "error_message": "Consumers of the group are connected."})
		default:
			k.Groups, _ = without(k.Groups, name)
		}
	}
	return ok(object{"failed_groups": failed, "total": len(failed)})
}

func updateKafkaGroup(c *call, group *kafkaGroup) *sandbox.Answer {
	if c.has("group_desc") {
		group.Description = c.Text("group_desc")
	}
	return done()
}

func updateKafkaGroups(c *call) *sandbox.Answer {
	type change struct {
		Name        string  `json:"group_name"`
		Description *string `json:"group_desc"`
	}
	changes := given[[]change](c, "groups")
	for _, one := range changes {
		if _, known := lookUp(c.instance.Kafka.Groups, one.Name); !known {
			return unknownGroup()
		}
	}
	for _, one := range changes {
		group, _ := lookUp(c.instance.Kafka.Groups, one.Name)
		replace(&group.Description, one.Description)
	}
	return done()
}

func listMembers(c *call, group *kafkaGroup) *sandbox.Answer {
	found := []object{}
	for _, one := range group.Members {
		if contains(one.Host, c.Text("host")) && contains(one.ID, c.Text("member_id")) {
			found = append(found, object{"member_id": one.ID, "client_id": one.Client})
		}
	}
	return ok(object{"total": len(found), "members": page(c, found)})
}
