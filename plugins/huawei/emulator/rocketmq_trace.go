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
}

// published is the step of the producer's sending.
func published(message *rocketMessage, group string) step {
	return step{kind: "Pub", group: group, client: message.host.Addr().String(), at: message.born, cost: message.stored - message.born + 2, request: message.client, success: true}
}

// delivered are the steps of a consumer's attempt. That the first one succeeded says nothing: it always does.
func delivered(message *rocketMessage, one delivery) []step {
	at, took := message.born+time.Duration(one.After).Milliseconds(), time.Duration(one.Took).Milliseconds()
	request := message.client[:26] + stampHex(at)
	steps := []step{{kind: "SubBefore", group: one.Group, client: one.Client, at: at, request: request, success: true, retry: one.Retry}}
	if one.Status != nil {
		steps = append(steps, step{
			kind: "SubAfter", group: one.Group, client: one.Client, at: at + took, cost: took, request: request,
			success: *one.Status == 0, status: one.Status, retry: one.Retry,
		})
	}
	return steps
}

// handed are the steps of a delivery that someone asked for.
func handed(message *rocketMessage, group, client string, now time.Time) []step {
	consumed := 0
	return delivered(message, delivery{
		Group: group, Client: strings.Split(client, ":")[0], After: age(time.Duration(now.UnixMilli()-message.born) * time.Millisecond),
		Took: age(12 * time.Millisecond), Status: &consumed, Retry: message.retries,
	})
}

// showTrace finds by the client's id. Copies in other topics have the same id: theirs belong to it.
func showTrace(c *call) *sandbox.Answer {
	type traced struct {
		message *rocketMessage
		step
	}
	var found []traced
	for _, topic := range c.instance.RocketMQ.Topics {
		for _, message := range topic.messages(func(one *rocketMessage) bool { return one.client == c.Text("msg_id") }) {
			for _, one := range message.steps {
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
			"msg_type": "Normal_Msg", "transaction_state": nil, "transaction_id": nil, "from_transaction_check": false,
		}
		if one.status != nil {
			view["consume_status"] = *one.status
		}
		return view
	})))
}
