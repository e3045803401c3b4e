package verbs

import "github.com/mqtrail/mqtrail/sdk/trail"

// record is a message as CTyun's Kafka answers it. The size is a number or a text, after the operation.
type record struct {
	Topic     text    `json:"topic"`
	Partition number  `json:"partition"`
	Offset    number  `json:"offset"`
	Time      number  `json:"timestamp"`
	Key       *string `json:"key"`
	Value     *string `json:"value"`
	Size      number  `json:"size"`
}

func (s *session) record(r *record, instance, topic string, part extent, evidence trail.Evidence) trail.Message {
	m := trail.Message{
		System: trail.Kafka, Instance: instance, Topic: topic, Partition: r.Partition.pointer(), Offset: r.Offset.pointer(),
		Born: trail.AtMS(r.Time.value), Size: r.Size.pointer(), Evidence: evidence,
	}
	if r.Topic != "" {
		m.Topic = string(r.Topic)
	}
	if r.Key != nil && *r.Key != "" {
		m.Keys = []string{*r.Key} // a space is part of it
	}
	if r.Value != nil {
		size := int64(len(*r.Value))
		m.BodySize, m.Body = &size, trail.NewBody([]byte(*r.Value), part.offset, part.limit)
	} else {
		s.note("A message without a value is a tombstone: it deletes its key in a compacted topic.")
	}
	return m
}

// neverOfRecords are the fields that CTyun tells of no Kafka message.
func (s *session) neverOfRecords() {
	s.notOffered("message_id", "broker_id", "tag", "commit_log_offset", "stored", "born_host", "stored_host", "body_crc", "properties", "type", "retries", "raw")
}
