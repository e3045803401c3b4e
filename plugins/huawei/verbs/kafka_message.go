package verbs

import (
	"cmp"
	"strings"
	"unicode/utf8"

	"github.com/mqtrail/mqtrail/sdk/trail"
)

// kafkaNotOffered is what DMS for Kafka never tells of a message.
var kafkaNotOffered = []string{
	"id (a Kafka message is named by topic, partition and offset)", "tag", "stored", "born_host", "stored_host", "body_crc",
	"properties (Kafka's record headers)", "type", "deliver_at", "transaction_id", "retries",
}

// kafkaMessage is a message as ShowInstanceMessages tells it.
type kafkaMessage struct {
	Topic     string  `json:"topic"`
	Partition number  `json:"partition"`
	Key       string  `json:"key"`
	Value     *string `json:"value"`
	Size      number  `json:"size"`
	Timestamp number  `json:"timestamp"`
	Huge      *bool   `json:"huge_message"`
	Offset    number  `json:"message_offset"`
	ID        string  `json:"message_id"`
	AppID     string  `json:"app_id"`
	Tag       string  `json:"tag"`
}

// kafkaMessages is an answer of ShowInstanceMessages.
type kafkaMessages struct {
	Messages []kafkaMessage `json:"messages"`
	Total    number         `json:"total"`
}

// part is the part of a body that is wanted. A list has none: what it writes for a content says nothing.
type part struct{ from, limit int64 }

var listed = part{limit: -1}

// neutral is the message in the neutral model.
func (m kafkaMessage) neutral(i *inquiry, evidence trail.Evidence, wanted part) trail.Message {
	made := trail.Message{
		System: trail.Kafka, Instance: i.instance, Topic: m.Topic, ID: m.ID, Tag: m.Tag,
		Partition: m.Partition.natural(), Offset: m.Offset.natural(), Size: m.Size.natural(), Born: trail.AtMS(m.Timestamp.value),
		Evidence: evidence,
	}
	if m.Key != "" {
		made.Keys = []string{m.Key}
	}
	if m.Huge != nil && *m.Huge {
		made.Raw = map[string]string{"huge_message": "true"}
		i.note("The vendor calls a message huge: its content may be cut.")
	}
	if made.Born == nil {
		i.note("A message has no create time: a search by time, key or text never finds it, only partition and offset do.")
	}
	if m.Value != nil && (*m.Value != "" || wanted != listed) {
		made.Body = trail.NewBody([]byte(*m.Value), wanted.from, cmp.Or(max(wanted.limit, 0), trail.PreviewBody))
		made.BodySize = &made.Body.TotalBytes
		if strings.ContainsRune(*m.Value, utf8.RuneError) {
			i.note("A content is no text: the vendor replaced bytes of it before it answered.")
		}
	}
	return made
}
