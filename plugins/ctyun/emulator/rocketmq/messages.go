package rocketmq

import (
	"fmt"
	"hash/crc32"
	"slices"
	"strings"
	"time"

	"github.com/mqtrail/mqtrail/plugins/ctyun/emulator/given"
)

// message is a stored message as CTyun answers it, in the order of the documented sample.
type message struct {
	QueueID         int               `json:"queueId"`
	StoreSize       int64             `json:"storeSize"`
	QueueOffset     int64             `json:"queueOffset"`
	SysFlag         int               `json:"sysFlag"`
	BornTimestamp   int64             `json:"bornTimestamp"`
	BornHost        string            `json:"bornHost"`
	StoreTimestamp  int64             `json:"storeTimestamp"`
	StoreHost       string            `json:"storeHost"`
	MsgID           string            `json:"msgId"`
	CommitLogOffset int64             `json:"commitLogOffset"`
	BodyCRC         uint32            `json:"bodyCRC"`
	ReconsumeTimes  int               `json:"reconsumeTimes"`
	PreparedOffset  int64             `json:"preparedTransactionOffset"`
	Topic           string            `json:"topic"`
	Properties      map[string]string `json:"properties"`
	Body            string            `json:"messageBody"`
	Status          *string           `json:"status"`

	attempts []attempt
	skipped  []string // groups whose position was moved past it
}

// attempt is what one consumer made of the message once.
type attempt struct {
	group, client string
	at            time.Time
	took          time.Duration
	ok            bool
	word          string // the trace's, instead of the usual one
}

// of are the attempts of one group, in order.
func (m *message) of(group string) []attempt {
	var found []attempt
	for _, a := range m.attempts {
		if a.group == group {
			found = append(found, a)
		}
	}
	return found
}

// until are the attempts of one group that were made by a time.
func (m *message) until(group string, now time.Time) []attempt {
	return slices.DeleteFunc(m.of(group), func(a attempt) bool { return a.at.After(now) })
}

// log is the broker's store: every message of every topic, in the order of storing.
type log struct {
	messages []*message
	next     int64 // physical offset of the next message
}

func (l *log) of(topic string) []*message {
	var found []*message
	for _, m := range l.messages {
		if m.Topic == topic {
			found = append(found, m)
		}
	}
	return found
}

// ends are the offsets that the next message of each queue gets.
func (l *log) ends(t *topic) []int64 {
	ends := slices.Clone(t.first)
	for _, m := range l.of(t.name) {
		ends[m.QueueID] = max(ends[m.QueueID], m.QueueOffset+1)
	}
	return ends
}

func (l *log) forget(topic string) {
	l.messages = slices.DeleteFunc(l.messages, func(m *message) bool { return m.Topic == topic })
}

// find finds a message by the broker's id of it, or by the producer's; nil when there is none.
func (l *log) find(id string) *message {
	at := slices.IndexFunc(l.messages, func(m *message) bool {
		return strings.EqualFold(m.MsgID, id) || strings.EqualFold(m.Properties["UNIQ_KEY"], id)
	})
	if at < 0 {
		return nil
	}
	return l.messages[at]
}

// store puts a message, of which the producer's part is known, at the end of a topic: queues take turns.
func (i *instance) store(t *topic, m *message, at time.Time) *message {
	m.Topic, m.StoreHost, m.StoreTimestamp = t.name, i.address, at.UnixMilli()
	m.QueueID = len(i.log.of(t.name)) % len(t.first)
	m.QueueOffset = i.log.ends(t)[m.QueueID]
	m.CommitLogOffset = i.log.next
	m.MsgID = offsetID(i.address, m.CommitLogOffset)
	m.BodyCRC = crc32.ChecksumIEEE([]byte(m.Body)) & 0x7fffffff
	m.StoreSize = recordSize(m)
	i.log.next += m.StoreSize
	i.log.messages = append(i.log.messages, m)
	return m
}

// recordSize is the length of a message's record: fixed fields, body, topic and properties with their two separators
// each.
func recordSize(m *message) int64 {
	size := 91 + len(m.Body) + len(m.Topic)
	for name, value := range m.Properties {
		size += len(name) + len(value) + 2
	}
	return int64(size)
}

func (s *Service) messagesByKey(i *instance, in given.Arguments) (any, error) {
	key := in.Text("key")
	return listOf(slices.DeleteFunc(i.log.of(in.Text("topicName")), func(m *message) bool {
		return !slices.Contains(strings.Fields(m.Properties["KEYS"]), key) && m.Properties["UNIQ_KEY"] != key
	})), nil
}

func (s *Service) messagesByTime(i *instance, in given.Arguments) (any, error) {
	return listOf(within(i.log.of(in.Text("topicName")), in)), nil
}

// within keeps the messages that were stored in the call's time range.
func within(messages []*message, in given.Arguments) []*message {
	begin, end := in.Number("beginTime", 0), in.Number("endTime", 0)
	return slices.DeleteFunc(messages, func(m *message) bool { return m.StoreTimestamp < begin || m.StoreTimestamp > end })
}

// messageByID takes the broker's id alone.
func (s *Service) messageByID(i *instance, in given.Arguments) (any, error) {
	m := i.log.find(in.Text("msgId"))
	if m == nil || !strings.EqualFold(m.MsgID, in.Text("msgId")) {
		return nil, noMessage(in)
	}
	return data(struct {
		*message
		Broker   string `json:"brokerName"`
		BodyPath string `json:"messageBodyPath"`
		BodySize int    `json:"bodySize"`
	}{m, broker, "", len(m.Body)}), nil
}

func noMessage(in given.Arguments) error {
	return fmt.Errorf("message %s does not exist", in.Text("msgId"))
}

// push gives a stored message to one client at once.
func (s *Service) push(i *instance, in given.Arguments) (any, error) {
	g, m := i.group(in.Text("groupName")), i.log.find(in.Text("msgId"))
	if m == nil {
		return nil, noMessage(in)
	}
	c, err := g.online(in.Text("clientId"))
	if err != nil {
		return nil, err
	}
	m.attempts = append(m.attempts, attempt{group: g.name, client: c.Address, at: s.now(), took: 40 * time.Millisecond, ok: true})
	return done(), nil
}
