package emulator

import (
	"strings"

	"github.com/mqtrail/mqtrail/sdk/sandbox"
)

// succeeded is the code of an item that went well, in answers about several.
const succeeded = "DMS.00000000"

// rocketMessages are the operations on messages.
func rocketMessages() map[string]handler {
	return map[string]handler{
		"ListMessagesForRocketMq": queryRocketMessages, "ListMessageTraceForRocketMq": showTrace, "SendMessageForRocketMq": sendRocketMessage,
		"SendDlqMessageForRocketMq": resendDead, "ValidateConsumedMessageForRocketMq": deliverAgain, "ExportDlqMessage": exportDead,
	}
}

// queryRocketMessages finds by id, or by time with a key or a queue.
func queryRocketMessages(c *call) *sandbox.Answer {
	r := c.instance.RocketMQ
	topic, known := r.readable(c.Text("topic"))
	switch {
	case !known:
		return unknownTopic()
	case !c.has("msg_id") && (!c.has("start_time") || !c.has("end_time")):
		return invalid("start_time", "neither msg_id, nor start_time and end_time")
	}
	found := topic.messages(func(one *rocketMessage) bool {
		if c.has("msg_id") {
			return one.id == c.Text("msg_id")
		}
		return c.inRange(one.stored) && (!c.has("key") || one.hasKey(c.Text("key"))) && (!c.has("queue") || c.whole("queue", -1) == int64(one.queue))
	})
	return ok(object{"total": len(found), "messages": views(page(c, found), func(one *rocketMessage) object { return one.view(c.instance.ID) })})
}

// readable finds a topic, also one that brokers keep for a group, which is empty as long as nothing was put there.
func (r *rocketmq) readable(name string) (*rocketTopic, bool) {
	if topic, known := lookUp(r.Topics, name); known {
		return topic, true
	}
	for _, prefix := range []string{deadLetters, retries} {
		if group, kept := strings.CutPrefix(name, prefix); kept {
			_, known := lookUp(r.Groups, group)
			return &rocketTopic{Name: name}, known
		}
	}
	return nil, false
}

func sendRocketMessage(c *call) *sandbox.Answer {
	r := c.instance.RocketMQ
	topic, known := lookUp(r.Topics, c.Text("topic"))
	if !known {
		return unknownTopic()
	}
	message := &rocketMessage{body: c.Text("body"), host: shopHost, born: c.now.UnixMilli(), stored: c.now.UnixMilli(), kind: "Normal_Msg"}
	properties := given[[]property](c, "property_list")
	for _, one := range properties {
		switch strings.ToUpper(one.Name) {
		case "KEYS":
			message.key = one.Value
		case "TAGS":
			message.tag = one.Value
		default:
			message.properties = append(message.properties, one)
		}
	}
	queue := topic.emptiest()
	r.store(topic, queue, message)
	message.steps = append(message.steps, published(message, "console"))
	return ok(object{
		"topic": topic.Name, "body": message.body, "property_list": append([]property{}, properties...), "msg_id": message.id,
		"queue_id": r.number(queue), "queue_offset": message.offset, "broker_name": r.broker(queue),
	})
}

// emptiest is the queue with the fewest messages.
func (t *rocketTopic) emptiest() (best int) {
	for i, queue := range t.queues {
		if len(queue.messages) < len(t.queues[best].messages) {
			best = i
		}
	}
	return best
}

// message finds one by the broker's id, in one topic or in all.
func (r *rocketmq) message(topic, id string) (*rocketMessage, bool) {
	for _, one := range r.Topics {
		if topic != "" && topic != one.Name {
			continue
		}
		if found := one.messages(func(m *rocketMessage) bool { return m.id == id }); len(found) > 0 {
			return found[0], true
		}
	}
	return nil, false
}

// resendDead stores dead letters in their topics again. They stay where they are, too.
func resendDead(c *call) *sandbox.Answer {
	r := c.instance.RocketMQ
	return ok(object{"resend_results": views(given[[]string](c, "msg_id_list"), func(id string) object {
		dead, known := r.message(c.Text("topic"), id)
		if !known || !strings.HasPrefix(dead.topic, deadLetters) {
			return object{"msg_id": id, "error_code": "DMS.00400062", "error_message": "The dead letter does not exist."}
		}
		topic, known := lookUp(r.Topics, valueOf(dead.properties, "REAL_TOPIC"))
		if !known {
			return object{"msg_id": id, "error_code": "DMS.00400876", "error_message": "The topic does not exist."}
		}
		r.store(topic, topic.emptiest(), &rocketMessage{
			client: dead.client, key: dead.key, tag: dead.tag, body: dead.body, host: dead.host, born: dead.born, stored: c.now.UnixMilli(), kind: "Normal_Msg",
			properties: []property{{"ORIGIN_MESSAGE_ID", valueOf(dead.properties, "ORIGIN_MESSAGE_ID")}},
		})
		return object{"msg_id": id, "error_code": succeeded, "error_message": ""}
	})})
}

// deliverAgain hands messages to one connected client, which consumes them: their traces show it.
func deliverAgain(c *call) *sandbox.Answer {
	r := c.instance.RocketMQ
	group, known := lookUp(r.Groups, c.Text("group"))
	if !known {
		return unknownGroup()
	}
	client, online := group.client(c.Text("client_id"))
	return ok(object{"resend_results": views(given[[]string](c, "msg_id_list"), func(id string) object {
		message, known := r.message(c.Text("topic"), id)
		switch {
		case !known:
			return object{"msg_id": id, "error_code": "DMS.00400062", "error_message": "The message does not exist."}
		case !online:
			return object{"msg_id": id, "error_code": "DMS.50050004", "error_message": "The client is not online."}
		}
		message.steps = append(message.steps, handed(message, group.Name, client.Address, c.now)...)
		return object{"msg_id": id, "error_code": succeeded, "error_message": ""}
	})})
}

func (g *rocketGroup) client(id string) (rocketClient, bool) {
	for _, one := range g.Clients {
		if one.ID == id {
			return one, true
		}
	}
	return rocketClient{}, false
}

// exportDead answers dead letters by either of their ids.
func exportDead(c *call) *sandbox.Answer {
	topic, known := c.instance.RocketMQ.readable(c.Text("topic"))
	if !known || !strings.HasPrefix(topic.Name, deadLetters) {
		return unknownTopic()
	}
	ids := map[string]bool{}
	for _, argument := range []string{"msg_id_list", "uniq_key_list"} {
		for _, id := range given[[]string](c, argument) {
			ids[id] = true
		}
	}
	found := topic.messages(func(one *rocketMessage) bool { return ids[one.id] || ids[one.client] })
	return ok(views(found, func(one *rocketMessage) object { return one.view(c.instance.ID) }))
}
