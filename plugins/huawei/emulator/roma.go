package emulator

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/mqtrail/mqtrail/sdk/sandbox"
)

// roma is what an instance of ROMA Connect's MQS holds: topics that belong to applications.
type roma struct {
	Topics   []*romaTopic  `json:"topics"`
	Messages []romaMessage `json:"messages"`

	made int
}

// romaTopic is a topic and its partitions.
type romaTopic struct {
	Name        string       `json:"name"`
	Description string       `json:"description"`
	AppID       string       `json:"app_id"`
	AppName     string       `json:"app_name"`
	Sensitive   string       `json:"sensitive_word"`
	Partitions  int          `json:"partitions"`
	Replication int64        `json:"replication"`
	Retention   int64        `json:"retention"` // hours
	Synchronous bool         `json:"synchronous"`
	Flush       bool         `json:"flush"`
	Policies    []romaPolicy `json:"policies"`

	messages []*romaMessage
}

// romaPolicy is what an application may do with a topic.
type romaPolicy struct {
	Owner   bool   `json:"owner"`
	AppID   string `json:"app_id,omitempty"`
	AppName string `json:"app_name"`
	Access  string `json:"access_policy"`
	Tag     string `json:"tag"`
}

// romaMessage is a message; of the data, too.
type romaMessage struct {
	Topic     string `json:"topic"`
	Partition int    `json:"partition"`
	Key       string `json:"key"`
	Tag       string `json:"tag"`
	Value     string `json:"value"`
	Age       age    `json:"age"`

	id     string
	offset int64
	at     int64
}

func (t *romaTopic) key() string { return t.Name }

func (r *roma) begin(now time.Time) error {
	for _, one := range r.Messages {
		topic, known := lookUp(r.Topics, one.Topic)
		if !known || one.Partition >= topic.Partitions {
			return fmt.Errorf("a message is in partition %d of %s, which is nowhere", one.Partition, one.Topic)
		}
		one.at = one.Age.milliseconds(now)
		r.store(topic, one)
	}
	return nil
}

func (r *roma) store(topic *romaTopic, one romaMessage) {
	r.made++
	one.id, one.offset = fmt.Sprintf("ID-roma-%08d", r.made), 0
	for _, other := range topic.messages {
		if other.Partition == one.Partition {
			one.offset = other.offset + 1
		}
	}
	topic.messages = append(topic.messages, &one)
}

func (t *romaTopic) view() object {
	return object{
		"name": t.Name, "description": t.Description, "app_id": t.AppID, "app_name": t.AppName, "sensitive_word": t.Sensitive,
		"partition": t.Partitions, "replication": t.Replication, "retention_time": t.Retention, "sync_replication": t.Synchronous,
		"sync_message_flush": t.Flush, "permissions": []string{"all"}, "policiesOnly": false, "external_configs": object{}, "topic_type": 0,
	}
}

func romaHandlers() map[string]handler {
	return map[string]handler{
		"ListMqsInstance": listROMAInstances, "ShowMqsInstance": showInstance,
		"ListMqsInstanceTopics": listROMATopics, "CreateMqsInstanceTopic": createROMATopic, "UpdateMqsInstanceTopic": updateROMATopics,
		"DeleteMqsInstanceTopic": func(c *call) *sandbox.Answer { return deleteROMATopics(c, []string{c.Text("name")}) },
		"BatchDeleteMqsInstanceTopic": func(c *call) *sandbox.Answer {
			return deleteROMATopics(c, given[[]string](c, "topics"))
		},
		"ExportMqsInstanceTopic": exportROMATopics, "ImportMqsInstanceTopic": importROMATopics,
		"ShowMqsInstanceTopicAccessPolicy": showROMAPolicies, "UpdateTopicAccessPolicy": updateROMAPolicies,
		"ShowMqsInstanceMessages": queryROMAMessages, "ResetMessages": resendROMAMessage,
	}
}

func listROMAInstances(c *call) *sandbox.Answer {
	return ok(object{"instances": views(c.shop.instances, (*instance).view), "instance_num": len(c.shop.instances)})
}

func listROMATopics(c *call) *sandbox.Answer {
	found, used := []*romaTopic{}, 0
	for _, topic := range c.instance.ROMA.Topics {
		used += topic.Partitions * int(topic.Replication)
		if contains(topic.Name, c.Text("name")) && contains(topic.AppName, c.Text("app_name")) && topic.allows(c.Text("access_policy")) {
			found = append(found, topic)
		}
	}
	shown := page(c, found)
	return ok(object{
		"total": len(found), "size": len(shown), "permissions": []string{"all"}, "topics": views(shown, (*romaTopic).view),
		"max_partitions": maxPartitions, "remain_partitions": maxPartitions - used,
	})
}

func (t *romaTopic) allows(access string) bool {
	return access == "" || slices.ContainsFunc(t.Policies, func(p romaPolicy) bool { return p.Access == access })
}

func createROMATopic(c *call) *sandbox.Answer {
	r := c.instance.ROMA
	if _, taken := lookUp(r.Topics, c.Text("name")); taken {
		return topicExists()
	}
	made := &romaTopic{
		Name: c.Text("name"), Description: c.Text("description"), AppID: c.Text("app_id"), AppName: c.Text("app_id"), Sensitive: c.Text("sensitive_word"),
		Partitions: int(c.whole("partition", 3)), Replication: c.whole("replication", 3), Retention: c.whole("retention_time", 72),
		Synchronous: given[bool](c, "sync_replication"), Flush: given[bool](c, "sync_message_flush"),
	}
	made.Policies = []romaPolicy{{Owner: true, AppID: made.AppID, AppName: made.AppName, Access: c.Text("access_policy"), Tag: c.Text("tag")}}
	r.Topics = append(r.Topics, made)
	return ok(object{"name": made.Name})
}

func updateROMATopics(c *call) *sandbox.Answer {
	type change struct {
		Name        string  `json:"name"`
		Description *string `json:"description"`
		Sensitive   *string `json:"sensitive_word"`
		Retention   *whole  `json:"retention_time"`
		Synchronous *bool   `json:"sync_replication"`
		Flush       *bool   `json:"sync_message_flush"`
	}
	changes := given[[]change](c, "topics")
	for _, one := range changes {
		if _, known := lookUp(c.instance.ROMA.Topics, one.Name); !known {
			return unknownTopic()
		}
	}
	for _, one := range changes {
		topic, _ := lookUp(c.instance.ROMA.Topics, one.Name)
		replace(&topic.Description, one.Description)
		replace(&topic.Sensitive, one.Sensitive)
		replace(&topic.Synchronous, one.Synchronous)
		replace(&topic.Flush, one.Flush)
		if one.Retention != nil {
			topic.Retention = int64(*one.Retention)
		}
	}
	return done()
}

func deleteROMATopics(c *call, names []string) *sandbox.Answer {
	r := c.instance.ROMA
	return ok(object{"topics": views(names, func(name string) object {
		rest, known := without(r.Topics, name)
		r.Topics = rest
		return object{"id": name, "success": known}
	})})
}

func showROMAPolicies(c *call) *sandbox.Answer {
	topic, known := lookUp(c.instance.ROMA.Topics, c.Text("topic_name"))
	if !known {
		return unknownTopic()
	}
	shown := page(c, topic.Policies)
	return ok(object{"name": topic.Name, "policies": shown, "total": len(topic.Policies), "size": len(shown), "operation": "all"})
}

func updateROMAPolicies(c *call) *sandbox.Answer {
	type change struct {
		Name     string       `json:"name"`
		Policies []romaPolicy `json:"policies"`
	}
	changes := given[[]change](c, "topics")
	for _, one := range changes {
		if _, known := lookUp(c.instance.ROMA.Topics, one.Name); !known {
			return unknownTopic()
		}
	}
	for _, one := range changes {
		topic, _ := lookUp(c.instance.ROMA.Topics, one.Name)
		topic.Policies = one.Policies
	}
	return done()
}

// queryROMAMessages lists a time range without contents; with empty times it shows one message whole.
func queryROMAMessages(c *call) *sandbox.Answer {
	topic, known := lookUp(c.instance.ROMA.Topics, c.Text("topic"))
	if !known {
		return unknownTopic()
	}
	byTime := c.Text("start_time") != "" && c.Text("end_time") != ""
	if !byTime && (c.Text("partition") == "" || c.Text("message_offset") == "") {
		return invalid("start_time", "neither start_time and end_time, nor partition and message_offset")
	}
	found := []*romaMessage{}
	for _, one := range topic.messages {
		wanted := byTime && c.inRange(one.at) ||
			!byTime && int64(one.Partition) == c.whole("partition", -1) && one.offset == c.whole("message_offset", -1)
		if wanted && one.has(c, "key", one.Key) && one.has(c, "tag", one.Tag) && one.has(c, "message_id", one.id) {
			found = append(found, one)
		}
	}
	if given[bool](c, "asc") {
		slices.SortStableFunc(found, func(a, b *romaMessage) int { return cmp.Compare(a.at, b.at) })
	}
	shown := page(c, found)
	return ok(object{"total": len(found), "size": len(shown), "messages": views(shown, func(one *romaMessage) object {
		view := object{
			"topic": topic.Name, "partition": one.Partition, "key": one.Key, "size": len(one.Key) + len(one.Value), "timestamp": one.at, "huge_message": false,
			"message_offset": one.offset, "message_id": one.id, "app_id": topic.AppID, "tag": one.Tag,
		}
		if !byTime {
			view["value"] = one.Value
		}
		return view
	})})
}

func (m *romaMessage) has(c *call, filter, value string) bool {
	return c.Text(filter) == "" || c.Text(filter) == value
}

// resendROMAMessage stores a copy of a message at the end of its partition: consumers read it once more.
func resendROMAMessage(c *call) *sandbox.Answer {
	topic, known := lookUp(c.instance.ROMA.Topics, c.Text("topic"))
	if !known {
		return unknownTopic()
	}
	for _, one := range topic.messages {
		if int64(one.Partition) == c.whole("partition", -1) && one.offset == c.whole("message_offset", -1) {
			again := *one
			again.at = c.now.UnixMilli()
			c.instance.ROMA.store(topic, again)
			return ok(object{"topic": topic.Name, "partition": one.Partition, "message_offset": one.offset, "consumer_key": c.Text("consumer_key")})
		}
	}
	return unknown("message at offset", decimal(c.whole("message_offset", -1)))
}

// exportROMATopics answers what importing takes. The vendor's format is not documented; this one is the sandbox's.
func exportROMATopics(c *call) *sandbox.Answer {
	names, found := strings.Split(c.Text("name"), ","), []*romaTopic{}
	for _, topic := range c.instance.ROMA.Topics {
		if c.Text("name") == "" || slices.Contains(names, topic.Name) {
			found = append(found, topic)
		}
	}
	return ok(object{"topics": found})
}

// importROMATopics adds the topics of a file that an export answered; Merge changes those that are there, too.
func importROMATopics(c *call) *sandbox.Answer {
	var file struct {
		Topics []*romaTopic `json:"topics"`
	}
	if err := json.Unmarshal([]byte(c.Text("upload_file_name")), &file); err != nil {
		return invalid("upload_file_name", "the file is no list of topics")
	}
	r := c.instance.ROMA
	for _, one := range file.Topics {
		one.AppName = c.Text("prefix") + one.AppName
		known, exists := lookUp(r.Topics, one.Name)
		switch {
		case !exists:
			r.Topics = append(r.Topics, one)
		case c.Text("mode") == "Merge":
			one.messages = known.messages
			*known = *one
		}
	}
	return done()
}
