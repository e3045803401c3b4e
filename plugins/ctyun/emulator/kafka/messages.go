package kafka

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/mqtrail/mqtrail/plugins/ctyun/emulator/given"
)

// message is a stored message as CTyun answers it.
type message struct {
	Topic     string `json:"topic"`
	Partition int    `json:"partition"`
	Offset    int64  `json:"offset"`
	Timestamp int64  `json:"timestamp"`
	Key       string `json:"key"`
	Value     string `json:"value"`
	Size      int    `json:"size"`
}

// size is what the messages of a partition take, in bytes.
func (p *partition) size() int64 {
	var size int64
	for _, m := range p.messages {
		size += int64(m.Size)
	}
	return size
}

// append stores a message at the end of a partition.
func (t *topic) append(p *partition, key, value string, at time.Time) {
	p.messages = append(p.messages, &message{Topic: t.name, Partition: p.number, Offset: p.end(), Timestamp: at.UnixMilli(), Key: key, Value: value, Size: len(key) + len(value)})
}

// choose is the partition that a key goes to: numbered keys take turns.
func (t *topic) choose(key string) *partition {
	sum := 0
	for _, letter := range []byte(key) {
		sum += int(letter)
	}
	return t.partitions[sum%len(t.partitions)]
}

func (s *Service) produce(i *instance, in given.Arguments) (any, error) {
	t, count := i.topic(in.Text("topicName")), in.Number("numMessages", 1)
	if count < 1 || count > 10 {
		return nil, fmt.Errorf("numMessages not valid, 1 to 10")
	}
	p := t.choose(in.Text("key"))
	if in.Has("partitionId") {
		var err error
		if p, err = t.partition(in.Number("partitionId", 0)); err != nil {
			return nil, err
		}
	}
	for range count {
		t.append(p, in.Text("key"), in.Text("value"), s.now())
	}
	return map[string]any{"data": "success", "result": strconv.FormatInt(count, 10)}, nil
}

// chosen is the partition that a call names.
func (i *instance) chosen(in given.Arguments) (*partition, error) {
	return i.topic(in.Text("topicName")).partition(in.Number("partition", in.Number("partitionId", 0)))
}

func (s *Service) messages(i *instance, in given.Arguments) (any, error) {
	p, err := i.chosen(in)
	if err != nil {
		return nil, err
	}
	var found []*message
	for _, m := range p.messages {
		if m.Timestamp >= in.Number("startTime", 0) && m.Timestamp <= in.Number("endTime", 0) && strings.Contains(m.Value, in.Text("content")) {
			found = append(found, m)
		}
	}
	size := int(max(in.Number("pageSize", 10), 1))
	return data(map[string]any{
		"messages": given.Page(in, "pageNum", "pageSize", found), "pageCount": (len(found) + size - 1) / size, "messagesCount": len(found),
	}), nil
}

// sized is a message whose size is text, as two of the three queries document it.
type sized struct {
	*message
	Size string `json:"size"`
}

func (m *message) sized() sized { return sized{m, strconv.Itoa(m.Size)} }

func (s *Service) messageByOffset(i *instance, in given.Arguments) (any, error) {
	p, err := i.chosen(in)
	if err != nil {
		return nil, err
	}
	found := []sized{}
	for _, m := range p.messages {
		if m.Offset == in.Number("offset", -1) {
			found = append(found, m.sized())
		}
	}
	return data(found), nil
}

// messagesByTime gives the first message at or after the time, as Kafka's own search does.
func (s *Service) messagesByTime(i *instance, in given.Arguments) (any, error) {
	p, err := i.chosen(in)
	if err != nil {
		return nil, err
	}
	for _, m := range p.messages {
		if m.Timestamp >= in.Number("timestamp", 0) {
			return data([]sized{m.sized()}), nil
		}
	}
	return data([]sized{}), nil
}

func (s *Service) firstMessage(i *instance, in given.Arguments) (any, error) {
	p, err := i.chosen(in)
	if err != nil || len(p.messages) == 0 {
		return data([]any{}), err
	}
	return place(p.messages[0]), nil
}

func (s *Service) lastMessage(i *instance, in given.Arguments) (any, error) {
	p, err := i.chosen(in)
	if err != nil || len(p.messages) == 0 {
		return data([]any{}), err
	}
	return place(p.messages[len(p.messages)-1]), nil
}

// place is where a message is, and nothing of what it says.
func place(m *message) any {
	return data([]any{map[string]any{"topicName": m.Topic, "partition": m.Partition, "offset": m.Offset, "timeStamp": m.Timestamp}})
}
