package emulator

import (
	"net/http"

	"github.com/mqtrail/mqtrail/sdk/sandbox"
)

// position is where the group reads a queue next: at its start when it never did.
func (g *rocketGroup) position(topic *rocketTopic, queue int) int64 {
	log := topic.queues[queue]
	if list := g.positions[topic.Name]; queue < len(list) {
		return min(max(list[queue], log.start), log.end())
	}
	return log.start
}

// lag of the group in a topic.
func (g *rocketGroup) lag(topic *rocketTopic) (sum int64) {
	for i, queue := range topic.queues {
		sum += queue.end() - g.position(topic, i)
	}
	return sum
}

// showRocketProgress shows the group's topics, or how far it is in one.
func showRocketProgress(c *call, group *rocketGroup) *sandbox.Answer {
	if !c.has("topic") {
		topics := group.topics()
		return ok(object{"topics": page(c, topics), "total": len(topics)})
	}
	r := c.instance.RocketMQ
	topic, known := lookUp(r.Topics, c.Text("topic"))
	if !known {
		return unknownTopic()
	}
	var last, position int64
	for i, queue := range topic.queues {
		last, position = last+queue.end(), position+group.position(topic, i)
	}
	return ok(object{
		"total": len(topic.queues), "lag": last - position, "max_offset": last, "consumer_offset": position,
		"brokers": r.byBroker(topic, func(i int) object {
			queue, at := topic.queues[i], group.position(topic, i)
			return object{"id": r.number(i), "lag": queue.end() - at, "broker_offset": queue.end(), "consumer_offset": at, "last_message_time": queue.lastBefore(at)}
		}),
	})
}

func offline() *sandbox.Answer {
	return failure(http.StatusBadRequest, "DMS.50050004", "The consumer group is offline.")
}

// resetRocketOffset moves a group to a time. Its clients do that: one must be connected.
func resetRocketOffset(c *call, group *rocketGroup) *sandbox.Answer {
	r := c.instance.RocketMQ
	topic, known := lookUp(r.Topics, c.Text("topic"))
	switch {
	case !known:
		return unknownTopic()
	case len(group.Clients) == 0:
		return offline()
	}
	moment := c.whole("timestamp", -1)
	if moment < 0 {
		return failure(http.StatusBadRequest, "DMS.00400142", "Timestamp is invalid.")
	}
	positions, queues := []int64{}, []object{}
	for i, queue := range topic.queues {
		at := queue.at(moment)
		positions = append(positions, at)
		queues = append(queues, object{"broker_name": r.broker(i), "queue_id": r.number(i), "timestamp_offset": at})
	}
	group.positions[topic.Name] = positions
	return ok(object{"queues": queues})
}
