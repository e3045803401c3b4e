package emulator

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/mqtrail/mqtrail/sdk/sandbox"
)

// step is one event of a message's trace.
type step struct {
	kind    string
	group   string
	client  string
	at      int64
	cost    int64
	request string
	success bool
	status  *int // none before the end of a consumption
	retry   int
	state   string // of a transaction that ended
}

// published is the step of the producer's sending.
func published(message *rocketMessage, group string) step {
	return step{kind: "Pub", group: group, client: message.host.Addr().String(), at: message.born, cost: message.stored - message.born + 2, request: message.client, success: true}
}

// settled is the step of a transaction's end, by the producer.
func settled(message *rocketMessage, group, state string) step {
	return step{
		kind: "EndTransaction", group: group, client: message.host.Addr().String(), at: message.stored + 180, request: message.client, success: true, state: state,
	}
}

// delivered are the steps of a consumer's attempt. That the first one succeeded says nothing: it always does.
func delivered(message *rocketMessage, one delivery) []step {
	at, took := message.born+time.Duration(one.After).Milliseconds(), time.Duration(one.Took).Milliseconds()
	request := message.client[:26] + stampHex(at)
	steps := []step{{kind: "SubBefore", group: one.Group, client: one.Client, at: at, request: request, success: true, retry: one.Retry}}
	if one.Status != nil || one.Mute {
		steps = append(steps, step{ // without redeliveries: clients write them at the begin alone
			kind: "SubAfter", group: one.Group, client: one.Client, at: at + took, cost: took, request: request,
			success: one.Mute || *one.Status == 0, status: one.Status,
		})
	}
	return steps
}

// handed are the steps of a delivery that someone asked for. It is over at once.
func handed(message *rocketMessage, group, client string, now time.Time) []step {
	consumed := 0
	return delivered(message, delivery{
		Group: group, Client: strings.Split(client, ":")[0], After: age(time.Duration(now.UnixMilli()-message.born) * time.Millisecond),
		Status: &consumed, Retry: message.retries,
	})
}

// showTrace finds by the client's id. Copies in other topics have the same id: theirs belong to it. Steps whose time has
// not come do not show.
func showTrace(c *call) *sandbox.Answer {
	type traced struct {
		message *rocketMessage
		step
	}
	var found []traced
	for _, message := range c.instance.RocketMQ.sentAs(c.Text("msg_id")) {
		for _, one := range message.steps {
			if one.at <= c.now.UnixMilli() {
				found = append(found, traced{message, one})
			}
		}
	}
	slices.SortStableFunc(found, func(a, b traced) int { return cmp.Compare(a.at, b.at) })
	return ok(rocketmqPage(c, "trace", views(found, func(one traced) object {
		view := object{
			"success": one.success, "trace_type": one.kind, "timestamp": one.at, "group_name": one.group, "cost_time": one.cost, "request_id": one.request,
			"topic": one.message.topic, "msg_id": one.message.client, "offset_msg_id": one.message.id, "tags": one.message.tag, "keys": one.message.key,
			"store_host": brokerPort.String(), "client_host": one.client, "retry_times": one.retry, "body_length": len(one.message.body),
			"msg_type": one.message.kind, "transaction_state": nil, "transaction_id": nil, "from_transaction_check": false,
		}
		if one.message.kind == "Trans_Msg_Half" {
			view["transaction_id"] = one.message.client
		}
		if one.state != "" {
			view["transaction_state"] = one.state
		}
		if one.status != nil {
			view["consume_status"] = *one.status
		}
		return view
	})))
}

// sentAs are the messages with a client's id: one, its copies, or one that its topic does not have.
func (r *rocketmq) sentAs(client string) []*rocketMessage {
	var found []*rocketMessage
	for _, topic := range r.Topics {
		found = append(found, topic.messages(func(one *rocketMessage) bool { return one.client == client })...)
	}
	for _, one := range r.traced {
		if one.client == client {
			found = append(found, one)
		}
	}
	return found
}
