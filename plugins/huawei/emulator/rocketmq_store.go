package emulator

import (
	"cmp"
	"hash/crc32"
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"time"
)

const (
	// firstLog is where the commit log's first message is.
	firstLog = 1 << 30
	// envelope is what a stored message takes besides its body and its properties, in bytes.
	envelope = 91
	// deadLetters and retries begin the names of the topics that brokers keep for a group.
	deadLetters = "%DLQ%"
	retries     = "%RETRY%"
)

// Where the shop's producers and its broker are.
var (
	shopHost   = netip.MustParseAddrPort("192.168.0.11:41622")
	brokerPort = netip.MustParseAddrPort("192.168.0.101:10911")
)

// rocketTopic is a topic and its queues.
type rocketTopic struct {
	Name        string `json:"name"`
	Description string `json:"description"`
	Type        string `json:"type"`
	Permission  string `json:"permission"`
	Age         age    `json:"age"`
	// Starts are the first offsets that the queues still keep.
	Starts []int64 `json:"starts"`

	created int64
	queues  []*rocketQueue
}

func (t *rocketTopic) key() string { return t.Name }

// own reports whether brokers keep the topic for themselves: lists leave it out.
func (t *rocketTopic) own() bool { return strings.HasPrefix(t.Name, "%") }

// rocketQueue is a queue without gaps.
type rocketQueue struct {
	start    int64
	messages []*rocketMessage
}

func (q *rocketQueue) end() int64 { return q.start + int64(len(q.messages)) }

// at is the first offset whose message was stored at a moment or later; the end when all were before.
func (q *rocketQueue) at(milliseconds int64) int64 {
	for _, one := range q.messages {
		if one.stored >= milliseconds {
			return one.offset
		}
	}
	return q.end()
}

// lastBefore is when the last message before an offset was stored; 0 when none is kept.
func (q *rocketQueue) lastBefore(offset int64) int64 {
	at := min(offset-q.start, int64(len(q.messages))) - 1
	if at < 0 {
		return 0
	}
	return q.messages[at].stored
}

// rocketMessage is a stored message.
type rocketMessage struct {
	id, client   string // the broker's id, and the client's
	topic        string
	queue        int
	offset       int64
	born, stored int64 // Unix milliseconds
	key, tag     string
	body         string
	kind         string // msg_type, as traces name it
	properties   []property
	retries      int
	host         netip.AddrPort
	size         int
	steps        []step
}

// arrange orders messages as they were stored: the data lists them in another order.
func (q *rocketQueue) arrange() {
	slices.SortStableFunc(q.messages, func(a, b *rocketMessage) int { return cmp.Compare(a.stored, b.stored) })
	for i, one := range q.messages {
		one.offset = q.start + int64(i)
	}
}

// store puts a message at the end of a queue, and gives it the ids that it does not have.
func (r *rocketmq) store(topic *rocketTopic, queue int, one *rocketMessage) {
	r.name(topic, one)
	log := topic.queues[queue]
	one.queue, one.offset = queue, log.end()
	log.messages = append(log.messages, one)
}

// name gives a message its ids and its place in the commit log.
func (r *rocketmq) name(topic *rocketTopic, one *rocketMessage) {
	if one.client == "" {
		r.sent++
		one.client = clientID(one.host.Addr(), time.UnixMilli(one.born), r.sent)
	}
	one.id, one.topic = offsetID(brokerPort, r.Log), topic.Name
	one.size = envelope + len(topic.Name) + len(one.body)
	for _, p := range one.list() {
		one.size += len(p.Name) + len(p.Value) + 2
	}
	r.Log += int64(one.size)
}

// bury stores a copy in the group's dead letters, which keep the client's id.
func (r *rocketmq) bury(message *rocketMessage, group string, at int64) {
	grave := r.kept(deadLetters + group)
	r.store(grave, 0, &rocketMessage{
		client: message.client, key: message.key, tag: message.tag, body: message.body, host: message.host, born: message.born, stored: at,
		kind: "Normal_Msg", retries: maxRetries,
		properties: append([]property{
			{"REAL_TOPIC", message.topic}, {"ORIGIN_MESSAGE_ID", message.id}, {"RETRY_TOPIC", message.topic}, {"DELAY", "18"},
		}, message.properties...),
	})
}

// maxRetries is after how many redeliveries a message is a dead letter, if the group does not say.
const maxRetries = 16

// kept is a topic that brokers keep for themselves; it comes into being when it is needed.
func (r *rocketmq) kept(name string) *rocketTopic {
	topic, known := lookUp(r.Topics, name)
	if !known {
		topic = &rocketTopic{Name: name, Type: "NORMAL", Permission: "all", queues: []*rocketQueue{{}}}
		r.Topics = append(r.Topics, topic)
	}
	return topic
}

// list is all that the message carries besides its body.
func (m *rocketMessage) list() []property {
	list := []property{}
	for _, one := range []property{{"KEYS", m.key}, {"TAGS", m.tag}, {"UNIQ_KEY", m.client}, {"WAIT", "true"}} {
		if one.Value != "" {
			list = append(list, one)
		}
	}
	return append(list, m.properties...)
}

func (m *rocketMessage) view(instance string) object {
	return object{
		"msg_id": m.id, "instance_id": instance, "topic": m.topic, "store_timestamp": m.stored, "born_timestamp": m.born,
		"reconsume_times": m.retries, "body": m.body, "body_crc": crc32.ChecksumIEEE([]byte(m.body)) & 0x7fffffff, "store_size": m.size,
		"property_list": m.list(), "born_host": m.host.String(), "store_host": brokerPort.String(), "queue_id": m.queue, "queue_offset": m.offset,
	}
}

// hasKey reports whether one of the message's keys is the wanted one.
func (m *rocketMessage) hasKey(wanted string) bool {
	for key := range strings.FieldsSeq(m.key) {
		if key == wanted {
			return true
		}
	}
	return false
}

// messages of a topic that are wanted.
func (t *rocketTopic) messages(wanted func(*rocketMessage) bool) []*rocketMessage {
	found := []*rocketMessage{}
	for _, queue := range t.queues {
		for _, one := range queue.messages {
			if wanted(one) {
				found = append(found, one)
			}
		}
	}
	return found
}

// broker and number are where a queue is: the topic's queues take turns on the brokers.
func (r *rocketmq) broker(queue int) string { return r.Brokers[queue%len(r.Brokers)] }
func (r *rocketmq) number(queue int) int    { return queue / len(r.Brokers) }

// byBroker shows queues under their brokers.
func (r *rocketmq) byBroker(topic *rocketTopic, view func(queue int) object) []object {
	shown := []object{}
	for at, name := range r.Brokers {
		queues := []object{}
		for i := at; i < len(topic.queues); i += len(r.Brokers) {
			queues = append(queues, view(i))
		}
		shown = append(shown, object{"broker_name": name, "queues": queues})
	}
	return shown
}

// rocketmqPage is a page of a list, with the links that RocketMQ's lists have.
func rocketmqPage[T any](c *call, name string, list []T) object {
	next, previous := links(c, list)
	return object{"total": len(list), "next_offset": next, "previous_offset": previous, name: page(c, list)}
}

func decimal(number int64) string { return strconv.FormatInt(number, 10) }
