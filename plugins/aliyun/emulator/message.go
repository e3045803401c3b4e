package emulator

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/mqtrail/mqtrail/sdk/sandbox"
)

// message is one message and what happened to it.
type message struct {
	id, topic           string
	body, tag           string
	keys                []string
	kind                string // the topic's type
	group               string // the order group
	properties          map[string]string
	born, stored        time.Time
	bornHost, storeHost string
	// due is when a scheduled message is to be delivered.
	due time.Time
	// transaction is a transactional message's; uncommitted ones cannot be found as messages.
	transaction string
	uncommitted bool
	// withheld messages are no use to anybody: they never arrived, were taken back, or are stuck in the broker.
	withheld bool

	produced []production
	broker   broker
	consumed []*consumption
	// struggles are groups that go on trying.
	struggles []struggle
}

// available is when the message can be delivered for the first time.
func (m *message) available() time.Time {
	if m.due.After(m.stored) {
		return m.due
	}
	return m.stored
}

// deliverable reports whether consumers, and those who look for messages, can see it.
func (m *message) deliverable(now time.Time) bool {
	return !m.uncommitted && !m.withheld && !m.available().After(now)
}

// messageID is an id as clients of version 5 make it: the version, a network card, a process, seconds since 2021 as
// the client's zone counts them (here UTC+8), and a sequence.
func messageID(born time.Time, sequence int64) string {
	const version, card, process = "01", "0242AC110005", 1
	seconds := born.Unix() - time.Date(2021, 1, 1, 0, 0, 0, 0, beijing()).Unix()
	return fmt.Sprintf("%s%s%04X%08X%08X", version, card, process, uint32(seconds), uint32(sequence)) //nolint:gosec // the id's fields are 32 bits wide
}

func (c *cloud) messageOperations() map[string]operation {
	return map[string]operation{
		"ListMessages": c.listMessages, "GetMessageDetail": c.getMessage, "VerifySendMessage": c.sendMessage, "VerifyConsumeMessage": c.redeliver,
	}
}

func (t *topic) message(id string, now time.Time) (*message, bool) {
	return find(t.messages, func(m *message) bool { return m.id == id && m.deliverable(now) })
}

// view is what is told of a message. Bodies are Base64, as was observed of ListMessages; of GetMessageDetail it is
// assumed.
func (m *message) view(t *topic) map[string]any {
	return map[string]any{
		"instanceId": t.Instance, "regionId": region, "topicName": m.topic, "messageId": m.id,
		"body": base64.StdEncoding.EncodeToString([]byte(m.body)), "bodySize": len(m.body),
		"bornTime": stamp{m.born}, "storeTime": stamp{m.stored}, "bornHost": m.bornHost, "storeHost": m.storeHost,
		"messageType": m.kind, "messageTag": m.tag, "messageGroup": m.group, "messageKeys": append([]string{}, m.keys...),
		"userProperties": m.properties, "liteTopicName": "",
		"systemProperties": m.systemProperties(),
	}
}

// systemProperties are what brokers write beside a message. Those of dead letters are Apache RocketMQ's; that the vendor
// tells them is assumed.
func (m *message) systemProperties() map[string]string {
	properties := map[string]string{"UNIQ_KEY": m.id, "KEYS": strings.Join(m.keys, " "), "TAGS": m.tag}
	for _, p := range m.produced {
		if p.originID != "" {
			properties["DLQ_ORIGIN_TOPIC"], properties["DLQ_ORIGIN_MESSAGE_ID"] = p.originTopic, p.originID
		}
	}
	return properties
}

func (c *cloud) getMessage(call *sandbox.Call) (any, error) {
	_, t, err := c.topicOf(call)
	if err != nil {
		return nil, err
	}
	m, ok := t.message(call.Text("messageId"), c.now())
	if !ok {
		return nil, notFound("Message", "messageId")
	}
	return m.view(t), nil
}

// newest64 is how many messages a search by key finds at most.
const newest64 = 64

func (c *cloud) listMessages(call *sandbox.Call) (any, error) {
	_, t, err := c.topicOf(call)
	if err != nil {
		return nil, err
	}
	wanted, err := searched(call)
	if err != nil {
		return nil, err
	}
	found := []map[string]any{}
	for _, m := range slices.Backward(t.messages) {
		if m.deliverable(c.now()) && wanted(m) {
			found = append(found, m.view(t))
		}
	}
	if call.Text("messageKey") != "" {
		found = found[:min(len(found), newest64)]
	}
	answer, err := paged(call, found)
	if err != nil {
		return nil, err
	}
	scroll := scrollID(call)
	if given := call.Text("scrollId"); answer.Number > 1 && given != scroll {
		return nil, invalid("scrollId", "a later page is asked for with the scrollId of the first.")
	}
	return struct {
		*page[map[string]any]
		ScrollID string `json:"scrollId"`
	}{answer, scroll}, nil
}

// searched is the search that a call makes: by id, by key or by time. What the vendor says to none of them is assumed.
func searched(call *sandbox.Call) (func(*message) bool, error) {
	id, key := call.Text("messageId"), call.Text("messageKey")
	switch {
	case id != "":
		return func(m *message) bool { return m.id == id }, nil
	case key != "":
		return func(m *message) bool { return slices.Contains(m.keys, key) }, nil
	case call.Text("startTime") == "":
		return nil, missing("startTime")
	case call.Text("endTime") == "":
		return nil, missing("endTime")
	default:
		return during(call)
	}
}

// during is a search by the time of birth. A time is a whole second, all of which counts.
func during(call *sandbox.Call) (func(*message) bool, error) {
	from, err := parseTime("startTime", call.Text("startTime"))
	if err != nil {
		return nil, err
	}
	to, err := parseTime("endTime", call.Text("endTime"))
	if err != nil {
		return nil, err
	}
	return func(m *message) bool { return !m.born.Before(from) && m.born.Before(to.Add(time.Second)) }, nil
}

// maxBody and maxMessages bound what a topic of the sandbox holds: bytes of a body, and messages.
const (
	maxBody     = 64 << 10
	maxMessages = 1000
)

// sendMessage stores a message as the console does, and lets the consumers that have nothing else to do consume it.
func (c *cloud) sendMessage(call *sandbox.Call) (any, error) {
	i, t, err := c.topicOf(call)
	if err != nil {
		return nil, err
	}
	wish, err := arguments[struct {
		Message, MessageGroup, MessageKey, MessageTag string

		DeliveryTimeStamp int64
		UserProperties    map[string]json.RawMessage
	}](call)
	if err != nil {
		return nil, err
	}
	now := c.now()
	m := &message{
		id: messageID(now, c.next()), topic: t.Name, body: wish.Message, tag: wish.MessageTag, kind: t.Type, group: wish.MessageGroup,
		properties: map[string]string{}, born: now, stored: now, bornHost: consoleHost, storeHost: brokerHost,
	}
	if wish.MessageKey != "" {
		m.keys = []string{wish.MessageKey}
	}
	for name, value := range wish.UserProperties {
		m.properties[name] = plain(value)
	}
	if wish.DeliveryTimeStamp > 0 {
		m.due = time.UnixMilli(wish.DeliveryTimeStamp)
	}
	switch {
	case len(m.body) > maxBody:
		return nil, invalid("message", "it is too long for the sandbox.")
	case t.Type == fifo && m.group == "":
		return nil, missing("messageGroup")
	case t.Type == delay && m.due.IsZero():
		return nil, missing("deliveryTimeStamp")
	}
	m.produced = []production{{user: "", host: consoleHost, at: now, took: 3 * time.Millisecond, status: succeeded, source: "CONSOLE"}}
	t.store(m)
	i.deliver(t, m, now)
	return m.id, nil
}

// plain is a property's value as text: what is no text stays as it was written.
func plain(value json.RawMessage) string {
	var text string
	if json.Unmarshal(value, &text) == nil {
		return text
	}
	return string(value)
}

// store adds a message, and lets go of the oldest when there are too many.
func (t *topic) store(m *message) {
	t.messages = append(t.messages, m)
	if len(t.messages) > maxMessages {
		t.messages = slices.Clone(t.messages[len(t.messages)-maxMessages:])
	}
}

// deliver lets the groups consume a message that are online and wait for nothing else.
func (i *instance) deliver(t *topic, m *message, now time.Time) {
	if !m.deliverable(now) {
		return
	}
	for _, g := range i.groups {
		s, err := g.subscription(t.Name)
		if err != nil || !g.online() || !s.wants(m) || len(s.waiting(t, now)) > 1 {
			continue
		}
		if !s.silent {
			m.consume(g, g.clients[0], now)
		}
		s.position, s.last = m.available(), now
	}
}

// redeliver pushes a message to one client, which consumes it again.
func (c *cloud) redeliver(call *sandbox.Call) (any, error) {
	i, t, err := c.topicOf(call)
	if err != nil {
		return nil, err
	}
	g, err := i.group(call.Text("consumerGroupId"))
	if err != nil {
		return nil, err
	}
	client, err := g.client(call.Text("clientId"))
	if err != nil {
		return nil, err
	}
	m, ok := t.message(call.Text("messageId"), c.now())
	if !ok {
		return nil, notFound("Message", "messageId")
	}
	m.consume(g, client, c.now())
	return true, nil
}
