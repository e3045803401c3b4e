package emulator

import (
	"strconv"

	"github.com/mqtrail/mqtrail/sdk/sandbox"
)

// progress is how far a group is in one partition.
type progress struct {
	topic                 string
	partition             int
	committed, start, end int64 // committed is -1 where nothing was
	reader                member
}

// lag is what is not consumed yet. What has expired unread counts no more.
func (p progress) lag() int64 {
	if p.committed < 0 {
		return p.end - p.start
	}
	return p.end - max(p.committed, p.start)
}

// progress of a group in all that it has read, or in one topic.
func (g *kafkaGroup) progress(k *kafka, only string) []progress {
	found := []progress{}
	for _, name := range g.topics() {
		topic, known := lookUp(k.Topics, name)
		if !known || only != "" && name != only {
			continue
		}
		for i, one := range topic.partitions {
			committed := int64(-1)
			if i < len(g.committed[name]) {
				committed = g.committed[name][i]
			}
			found = append(found, progress{name, i, committed, one.start, one.end, g.reader(i)})
		}
	}
	return found
}

func (g *kafkaGroup) lag(k *kafka, topic string) (sum int64) {
	for _, one := range g.progress(k, topic) {
		sum += one.lag()
	}
	return sum
}

// late are the partitions in which a group is behind.
func (k *kafka) late(group, topic string) []int {
	late := []int{}
	if one, known := lookUp(k.Groups, group); known {
		for _, p := range one.progress(k, topic) {
			if p.lag() > 0 {
				late = append(late, p.partition)
			}
		}
	}
	return late
}

func showKafkaProgress(c *call, group *kafkaGroup) *sandbox.Answer {
	all := group.progress(c.instance.Kafka, "")
	return ok(object{"group": object{
		"group_id": group.Name, "state": group.state(), "coordinator_id": group.coordinator(), "assignment_strategy": group.strategy(),
		"members": views(group.Members, func(one member) object {
			assigned := []object{}
			for _, name := range group.topics() {
				partitions := []int{}
				for _, p := range all {
					if p.topic == name && p.reader.ID == one.ID {
						partitions = append(partitions, p.partition)
					}
				}
				assigned = append(assigned, object{"topic": name, "partitions": partitions})
			}
			return object{"member_id": one.ID, "client_id": one.Client, "host": one.Host, "assignment": assigned}
		}),
		"group_message_offsets": views(all, func(p progress) object {
			return object{
				"topic": p.topic, "partition": p.partition, "lag": p.lag(), "message_current_offset": p.committed, "message_log_end_offset": p.end,
			}
		}),
	}})
}

func listGroupTopics(c *call, group *kafkaGroup) *sandbox.Answer {
	k, found := c.instance.Kafka, []object{}
	for _, name := range group.topics() {
		if topic, known := lookUp(k.Topics, name); known && contains(name, c.Text("topic")) {
			found = append(found, object{"topic": name, "partitions": len(topic.partitions), "lag": group.lag(k, name)})
		}
	}
	return ok(object{"total": len(found), "topics": page(c, found)})
}

func listGroupOffsets(c *call, group *kafkaGroup) *sandbox.Answer {
	if _, known := lookUp(c.instance.Kafka.Topics, c.Text("topic")); !known {
		return unknownTopic()
	}
	found := []object{}
	for _, p := range group.progress(c.instance.Kafka, c.Text("topic")) {
		if c.has("partition") && c.whole("partition", -1) != int64(p.partition) {
			continue
		}
		found = append(found, object{
			"topic": p.topic, "partition": strconv.Itoa(p.partition), "lag": p.lag(), "message_current_offset": strconv.FormatInt(p.committed, 10),
			"message_log_start_offset": p.start, "message_log_end_offset": p.end, "consumer_id": p.reader.ID, "host": p.reader.Host, "client_id": p.reader.Client,
		})
	}
	return ok(object{"total": len(found), "group_message_offsets": page(c, found)})
}

// resetKafkaOffset moves a group to an offset or a time, as far as messages exist.
func resetKafkaOffset(c *call, group *kafkaGroup) *sandbox.Answer {
	topic, known := lookUp(c.instance.Kafka.Topics, c.Text("topic"))
	only := c.whole("partition", -1)
	switch {
	case !known:
		return unknownTopic()
	case len(group.Members) > 0:
		return online(group.Name)
	case only >= int64(len(topic.partitions)):
		return invalid("partition", "the topic has fewer")
	case !c.has("message_offset") && !c.has("timestamp"):
		return invalid("message_offset", "neither message_offset nor timestamp is given")
	}
	committed := group.committed[topic.Name]
	for len(committed) < len(topic.partitions) {
		committed = append(committed, -1)
	}
	for i, one := range topic.partitions {
		if only >= 0 && only != int64(i) {
			continue
		}
		wanted := c.whole("message_offset", 0)
		if !c.has("message_offset") {
			wanted = one.at(c.whole("timestamp", 0))
		}
		committed[i] = min(max(wanted, one.start), one.end)
	}
	group.committed[topic.Name] = committed
	return done()
}

func deleteKafkaOffsets(c *call, group *kafkaGroup) *sandbox.Answer {
	return ok(object{"topics": views(given[[]string](c, "topics"), func(name string) object {
		_, known := group.committed[name]
		switch {
		case !known:
			return object{"name": name, "success": false, "error_code": "DMS.00400876"}
		case len(group.Members) > 0:
			return object{"name": name, "success": false, "error_code": "DMS.00400882"}
		}
		delete(group.committed, name)
		return object{"name": name, "success": true, "error_code": ""}
	})})
}
