package emulator

import (
	"slices"

	"github.com/mqtrail/mqtrail/sdk/sandbox"
)

const (
	// maxRocketTopics is the instance's.
	maxRocketTopics = 4000
	// maxQueues is a topic's.
	maxQueues = 50
)

func (t *rocketTopic) view(r *rocketmq) object {
	brokers := []object{}
	for at, name := range r.Brokers {
		count := (len(t.queues) - at + len(r.Brokers) - 1) / len(r.Brokers)
		brokers = append(brokers, object{"broker_name": name, "read_queue_num": count, "write_queue_num": count})
	}
	return object{
		"name": t.Name, "total_read_queue_num": len(t.queues), "total_write_queue_num": len(t.queues), "permission": t.Permission,
		"created_at": t.created, "brokers": brokers, "message_type": t.Type, "topic_desc": t.Description,
	}
}

// rocketTopics are the operations on topics.
func rocketTopics() map[string]handler {
	return map[string]handler{
		"CreateTopicOrBatchDeleteTopic": createOrDeleteTopics, "ListRocketInstanceTopics": listRocketTopics,
		"ShowOneTopic":             withRocketTopic(func(c *call, t *rocketTopic) *sandbox.Answer { return ok(t.view(c.instance.RocketMQ)) }),
		"UpdateTopic":              withRocketTopic(updateRocketTopic),
		"DeleteTopic":              withRocketTopic(deleteRocketTopic),
		"ShowTopicStatus":          withRocketTopic(showTopicStatus),
		"ListConsumerGroupOfTopic": withRocketTopic(listTopicGroups),
		"ListTopicAccessPolicy":    withRocketTopic(listTopicPolicies),
	}
}

func withRocketTopic(handle func(*call, *rocketTopic) *sandbox.Answer) handler {
	return func(c *call) *sandbox.Answer {
		topic, known := lookUp(c.instance.RocketMQ.Topics, c.Text("topic"))
		if !known {
			return unknownTopic()
		}
		return handle(c, topic)
	}
}

// createOrDeleteTopics creates one, or with action delete deletes those that topics names.
func createOrDeleteTopics(c *call) *sandbox.Answer {
	r := c.instance.RocketMQ
	if c.Text("action") == "delete" {
		names := given[[]string](c, "topics")
		for _, name := range names {
			if _, known := lookUp(r.Topics, name); !known {
				return unknownTopic()
			}
		}
		for _, name := range names {
			r.drop(name)
		}
		return ok(object{"job_id": c.instance.job(c, "deleteTopic")})
	}
	name, count := c.Text("name"), c.whole("queue_num", 3)
	if _, taken := lookUp(r.Topics, name); taken {
		return topicExists()
	}
	if len(name) < 3 || len(name) > 64 {
		return invalid("name", "want 3 to 64 characters")
	}
	if count < 1 || count > maxQueues {
		return invalid("queue_num", "want 1 to 50")
	}
	made := &rocketTopic{Name: name, Type: "NORMAL", Permission: "all", created: c.now.UnixMilli()}
	if c.has("message_type") {
		made.Type = c.Text("message_type")
	}
	if c.has("permission") {
		made.Permission = c.Text("permission")
	}
	made.grow(count)
	r.Topics = append(r.Topics, made)
	return ok(object{"id": made.Name})
}

// drop deletes a topic, and what groups remember of it.
func (r *rocketmq) drop(name string) {
	r.Topics, _ = without(r.Topics, name)
	for _, group := range r.Groups {
		delete(group.positions, name)
	}
}

func listRocketTopics(c *call) *sandbox.Answer {
	r, found := c.instance.RocketMQ, []object{}
	for _, topic := range r.Topics {
		if !topic.own() {
			found = append(found, topic.view(r))
		}
	}
	shown := rocketmqPage(c, "topics", found)
	shown["max"], shown["remaining"] = maxRocketTopics, maxRocketTopics-len(found)
	return ok(shown)
}

func updateRocketTopic(c *call, topic *rocketTopic) *sandbox.Answer {
	if c.has("permission") {
		topic.Permission = c.Text("permission")
	}
	if c.has("topic_desc") {
		topic.Description = c.Text("topic_desc")
	}
	topic.grow(c.whole("write_queue_num", 0))
	return done()
}

// grow adds queues up to a count, as far as a topic may have them. Those that were there stay.
func (t *rocketTopic) grow(count int64) {
	for int64(len(t.queues)) < min(count, maxQueues) {
		t.queues = append(t.queues, &rocketQueue{})
	}
}

func deleteRocketTopic(c *call, topic *rocketTopic) *sandbox.Answer {
	c.instance.RocketMQ.drop(topic.Name)
	return done()
}

func showTopicStatus(c *call, topic *rocketTopic) *sandbox.Answer {
	var first, last int64
	for _, queue := range topic.queues {
		first, last = first+queue.start, last+queue.end()
	}
	r := c.instance.RocketMQ
	return ok(object{"min_offset": first, "max_offset": last, "brokers": r.byBroker(topic, func(i int) object {
		queue := topic.queues[i]
		return object{"id": r.number(i), "min_offset": queue.start, "max_offset": queue.end(), "last_message_time": queue.lastBefore(queue.end())}
	})})
}

func listTopicGroups(c *call, topic *rocketTopic) *sandbox.Answer {
	names := []string{}
	for _, group := range c.instance.RocketMQ.Groups {
		if _, reads := group.positions[topic.Name]; reads {
			names = append(names, group.Name)
		}
	}
	slices.Sort(names)
	return ok(object{"groups": page(c, names), "total": len(names)})
}

func listTopicPolicies(c *call, topic *rocketTopic) *sandbox.Answer {
	policies := []object{}
	for _, user := range c.instance.RocketMQ.Users {
		policies = append(policies, user.policy(user.Topics, topic.Name, user.TopicDefault))
	}
	return ok(object{"name": topic.Name, "total": len(policies), "policies": page(c, policies)})
}
