package emulator

import (
	"cmp"
	"fmt"
	"slices"
	"time"
)

// kafka is what a Kafka instance holds.
type kafka struct {
	Topics       []*kafkaTopic        `json:"topics"`
	Groups       []*kafkaGroup        `json:"groups"`
	Messages     []kafkaMessage       `json:"messages"`
	Users        []*kafkaUser         `json:"users"`
	ClientQuotas []*clientQuota       `json:"client_quotas"`
	TopicQuotas  []*topicQuota        `json:"topic_quotas"`
	Connectors   []*connectorTask     `json:"connector_tasks"`
	Logs         map[string]*kafkaLog `json:"logs"`
}

// kafkaMessage is a message of the shop's data.
type kafkaMessage struct {
	Topic     string `json:"topic"`
	Partition int    `json:"partition"`
	Key       string `json:"key"`
	Value     string `json:"value"`
	Age       age    `json:"age"`
	// At is a time in place of an age, in Unix milliseconds; -1 is none.
	At int64 `json:"at"`
}

// begin makes partitions of the data: first what is stored, then how far groups have come.
func (k *kafka) begin(now time.Time) error {
	if k.Logs == nil {
		k.Logs = map[string]*kafkaLog{}
	}
	for _, topic := range k.Topics {
		topic.created = topic.Age.milliseconds(now)
		for _, start := range topic.Starts {
			topic.partitions = append(topic.partitions, &partition{start: start, end: start})
		}
	}
	for _, message := range k.Messages {
		topic, known := lookUp(k.Topics, message.Topic)
		if !known || message.Partition >= len(topic.partitions) {
			return fmt.Errorf("a message is in partition %d of %s, which is nowhere", message.Partition, message.Topic)
		}
		topic.partitions[message.Partition].store(record{key: message.Key, value: message.Value, at: cmp.Or(message.At, message.Age.milliseconds(now))})
	}
	for _, topic := range k.Topics {
		for _, one := range topic.partitions {
			one.arrange()
		}
	}
	for _, group := range k.Groups {
		if err := group.begin(now, k); err != nil {
			return err
		}
	}
	for _, user := range k.Users {
		user.created = user.Age.milliseconds(now)
	}
	for _, one := range k.Connectors {
		one.created = one.Age.milliseconds(now)
	}
	return nil
}

// record is a stored message.
type record struct {
	offset     int64
	key, value string
	at         int64 // Unix milliseconds
}

func (r record) size() int { return len(r.key) + len(r.value) }

// partition is a log. Its records may begin after its start, and end before its end: what is between has expired.
type partition struct {
	start, end int64 // the first offset that is kept, and the next to be given
	records    []record
}

func (p *partition) store(one record) {
	one.offset = p.end
	p.records = append(p.records, one)
	p.end++
}

// arrange orders records as they were stored: the data lists them in another order.
func (p *partition) arrange() {
	slices.SortStableFunc(p.records, func(a, b record) int { return cmp.Compare(a.at, b.at) })
	for i := range p.records {
		p.records[i].offset = p.start + int64(i)
	}
}

// cut deletes all before an offset.
func (p *partition) cut(offset int64) {
	p.start = min(max(offset, p.start), p.end)
	for len(p.records) > 0 && p.records[0].offset < p.start {
		p.records = p.records[1:]
	}
}

// at is the first offset whose message is not older than a moment; the end when all are.
func (p *partition) at(milliseconds int64) int64 {
	for _, one := range p.records {
		if one.at >= milliseconds {
			return one.offset
		}
	}
	return p.end
}

// last is when the newest message was stored; 0 when there is none.
func (p *partition) last() int64 {
	if len(p.records) == 0 {
		return 0
	}
	return p.records[len(p.records)-1].at
}

func (p *partition) bytes() (sum int) {
	for _, one := range p.records {
		sum += one.size()
	}
	return sum
}
