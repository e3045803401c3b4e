package emulator

import (
	"fmt"
	"slices"
	"time"

	"github.com/mqtrail/mqtrail/sdk/sandbox"
)

// Of statuses and of operations in a trace, SUCCESS and ADD are documented. The others are assumed.
const (
	succeeded        = "SUCCESS"
	failed           = "FAILED"
	added            = "ADD"
	acked            = "ACK"
	changedInvisible = "CHANGE_INVISIBLE"
)

// The machines of the shop, and those of the cloud.
const (
	producerHost = "172.17.0.5"
	consumerHost = "172.17.0.21"
	brokerHost   = "10.1.2.3"
	consoleHost  = "100.64.0.1"
)

// maxAttempts bounds what a group's trace of one message holds.
const maxAttempts = 100

// production is one time that a message was sent, or asked back.
type production struct {
	user, host, status, source string
	at                         time.Time
	took                       time.Duration
	originTopic, originID      string // of a dead-letter copy
	recalled                   time.Time
}

// broker is what the broker did with a message.
type broker struct {
	recallResult string
	events       []event
}

// event is something that was done with a message.
type event struct {
	kind      string
	at        time.Time
	invisible time.Duration
	dead      bool
}

// consumption is what a group did with a message.
type consumption struct {
	group, status string
	attempts      []attempt
	dead          *deadLetter
}

// attempt is one delivery to one client.
type attempt struct {
	user, host, status, receipt string
	fifo                        bool
	events                      []event
}

// deadLetter is where a message went that a group gave up on.
type deadLetter struct {
	Topic string `json:"topicName"`
	ID    string `json:"messageId"`
	At    stamp  `json:"toDlqTime"`
}

// consume records one more attempt of a group, which succeeds.
func (m *message) consume(g *group, by *client, at time.Time) {
	m.attempt(g, by.Address, succeeded, at, event{kind: acked, at: at})
}

// attempt records an attempt: its delivery, and what came of it.
func (m *message) attempt(g *group, host, status string, at time.Time, outcome ...event) *consumption {
	of, ok := find(m.consumed, func(c *consumption) bool { return c.group == g.ID })
	if !ok {
		of = &consumption{group: g.ID}
		m.consumed = append(m.consumed, of)
	}
	of.add(m, g, host, status, append([]event{{kind: added, at: at, invisible: time.Minute}}, outcome...)...)
	return of
}

// add records one more attempt; the first event is the delivery.
func (c *consumption) add(m *message, g *group, host, status string, events ...event) {
	c.status = status
	c.attempts = append(c.attempts, attempt{
		user: "shop-consumer", host: host, status: status, fifo: g.Order == orderly,
		receipt: fmt.Sprintf("%s %d %d", m.id, events[0].at.UnixMilli(), len(c.attempts)), events: events,
	})
	c.attempts = c.attempts[max(0, len(c.attempts)-maxAttempts):]
}

func (c *cloud) traceOperations() map[string]operation {
	return map[string]operation{"ListTraces": c.listTraces, "GetTrace": c.getTrace}
}

// summary is what a list of traces tells of a message.
func (m *message) summary(t *topic) map[string]any {
	return map[string]any{
		"instanceId": t.Instance, "regionId": region, "topicName": m.topic, "messageId": m.id, "bornTime": stamp{m.born},
		"messageKeys": append([]string{}, m.keys...), "messageTag": m.tag,
	}
}

func (c *cloud) listTraces(call *sandbox.Call) (any, error) {
	_, t, err := c.topicOf(call)
	if err != nil {
		return nil, err
	}
	within, err := during(call)
	if err != nil {
		return nil, err
	}
	id, key := call.Text("messageId"), call.Text("messageKey")
	switch kind := call.Text("queryType"); {
	case kind == "MESSAGE_ID" && id == "":
		return nil, missing("messageId")
	case kind == "MESSAGE_KEY" && key == "":
		return nil, missing("messageKey")
	case kind == "TOPIC":
		id, key = "", ""
	}
	all := []map[string]any{}
	for _, m := range slices.Backward(t.messages) {
		if within(m) && (id == "" || id == m.id) && (key == "" || slices.Contains(m.keys, key)) {
			all = append(all, m.summary(t))
		}
	}
	return paged(call, all)
}

// getTrace tells of a message that nobody touched by an empty trace. Assumed: how the vendor answers an unknown message
// id is not documented; its console shows an empty trace.
func (c *cloud) getTrace(call *sandbox.Call) (any, error) {
	_, t, err := c.topicOf(call)
	if err != nil {
		return nil, err
	}
	trace := map[string]any{
		"regionId": region, "instanceId": t.Instance, "topicName": t.Name,
		"producerInfo":  map[string]any{"records": []any{}},
		"brokerInfo":    map[string]any{"operations": []any{}},
		"consumerInfos": []any{},
	}
	m, ok := find(t.messages, func(m *message) bool { return m.id == call.Text("messageId") })
	if !ok {
		return trace, nil
	}
	trace["messageInfo"] = merged(m.view(t), map[string]any{"body": m.body, "transactionId": m.transaction}) // plain, as the sample is
	trace["producerInfo"] = map[string]any{"records": each(m.produced, production.view)}
	trace["brokerInfo"] = m.brokerView(c.now())
	trace["consumerInfos"] = each(m.consumedBy(c.now()), (*consumption).view)
	return trace, nil
}

func each[T, V any](all []T, view func(T) V) []V {
	views := make([]V, len(all))
	for i := range all {
		views[i] = view(all[i])
	}
	return views
}

func (p production) view() map[string]any {
	told := map[string]any{
		"userName": p.user, "clientHost": p.host, "produceTime": stamp{p.at}, "produceDuration": p.took.Milliseconds(),
		"produceStatus": p.status, "messageSource": p.source,
	}
	if p.status == succeeded {
		told["arriveTime"] = stamp{p.at.Add(p.took)}
	}
	if p.originTopic != "" {
		told["dlqOriginTopic"], told["dlqOriginMessageId"] = p.originTopic, p.originID
	}
	if !p.recalled.IsZero() {
		told["recallTime"] = stamp{p.recalled}
	}
	return told
}

func (m *message) brokerView(now time.Time) map[string]any {
	told := map[string]any{"operations": each(m.broker.events, func(e event) map[string]any {
		return map[string]any{"operateType": e.kind, "operateTime": stamp{e.at}}
	})}
	if !m.due.IsZero() {
		told["presetDelayTime"] = stamp{m.due}
	}
	if !m.due.IsZero() && m.deliverable(now) {
		told["delayStatus"] = succeeded
	}
	if m.broker.recallResult != "" {
		told["recallResult"] = m.broker.recallResult
	}
	return told
}

func (c *consumption) view() map[string]any {
	told := map[string]any{
		"consumerGroupId": c.group, "consumeStatus": orNull(c.status), "deadMessage": c.dead != nil, "records": each(c.attempts, attempt.view),
	}
	if c.dead != nil {
		told["deadLetterInfo"] = c.dead
	}
	return told
}

// orNull is a status; null for none. How the vendor tells of a delivery that has not ended is not documented.
func orNull(status string) any {
	if status == "" {
		return nil
	}
	return status
}

func (a attempt) view() map[string]any {
	return map[string]any{
		"userName": a.user, "clientHost": a.host, "fifoEnable": a.fifo, "consumeStatus": orNull(a.status), "popCk": a.receipt,
		"operations": each(a.events, func(e event) map[string]any {
			told := map[string]any{"operateType": e.kind, "operateTime": stamp{e.at}, "deadMessage": e.dead}
			if e.invisible > 0 {
				told["invisibleTime"] = e.invisible.Milliseconds()
			}
			return told
		}),
	}
}
