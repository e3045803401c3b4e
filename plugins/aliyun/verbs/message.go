package verbs

import (
	"maps"
	"slices"
	"strings"

	"github.com/mqtrail/mqtrail/sdk/trail"
)

// message is what the vendor's operations tell of a message, each some of it.
type message struct {
	MessageID        string             `json:"messageId"`
	TopicName        string             `json:"topicName"`
	BornTime         string             `json:"bornTime"`
	StoreTime        string             `json:"storeTime"`
	BornHost         string             `json:"bornHost"`
	StoreHost        string             `json:"storeHost"`
	MessageType      string             `json:"messageType"`
	MessageTag       string             `json:"messageTag"`
	MessageGroup     string             `json:"messageGroup"`
	MessageKeys      []*string          `json:"messageKeys"`
	UserProperties   map[string]*string `json:"userProperties"`
	SystemProperties map[string]*string `json:"systemProperties"`
	TransactionID    string             `json:"transactionId"`
	Body             *string            `json:"body"`
	BodySize         *count             `json:"bodySize"`
}

// neverTold are the fields of a message that no operation of the vendor's has.
func neverTold() []string {
	return []string{"broker_id", "partition", "offset", "commit_log_offset", "broker", "size", "body_crc", "retries"}
}

// model is the message without its body.
func (m *message) model(instance, topic string, evidence trail.Evidence) trail.Message {
	clock := clockOf(m.MessageID, m.BornTime)
	told := trail.Message{
		System: trail.RocketMQ, ID: m.MessageID, Instance: instance, Topic: topic, Keys: present(m.MessageKeys), Tag: m.MessageTag,
		Born: clock.at(m.BornTime), Stored: clock.at(m.StoreTime), BornHost: m.BornHost, StoredHost: m.StoreHost,
		BodySize: m.BodySize.plain(), Type: messageType(m.MessageType), OrderGroup: m.MessageGroup,
		TransactionID: m.TransactionID, Evidence: evidence,
	}
	if m.TopicName != "" {
		told.Topic = m.TopicName
	}
	properties := map[string]string{}
	for name, value := range merged(m.SystemProperties, m.UserProperties) {
		if value != nil {
			properties[name] = *value
		}
	}
	if len(properties) > 0 {
		told.Props = properties
	}
	told.OriginTopic, told.OriginID = properties[originTopic], properties[originID]
	return told
}

// What brokers of version 5 write into a dead-letter copy. Source: Apache RocketMQ's MessageConst.
const (
	originTopic = "DLQ_ORIGIN_TOPIC"
	originID    = "DLQ_ORIGIN_MESSAGE_ID"
)

// withBody adds the range of the body that begins at offset and has at most limit bytes.
func (m *message) withBody(told *trail.Message, offset, limit int64) {
	if m.Body == nil {
		told.BodyCheck = "unchecked: the answer has no body"
		return
	}
	whole, check := decodeBody(*m.Body, m.BodySize)
	told.Body, told.BodyCheck = trail.NewBody(whole, offset, limit), check
}

func merged(several ...map[string]*string) map[string]*string {
	all := map[string]*string{}
	for _, one := range several {
		maps.Copy(all, one)
	}
	return all
}

// present are the texts of a list that are there.
func present(texts []*string) []string {
	var there []string
	for _, text := range texts {
		if text != nil && *text != "" {
			there = append(there, *text)
		}
	}
	return there
}

// messageType is a type in the model's words; one that is not documented stays the vendor's.
func messageType(word string) string {
	if slices.Contains([]string{"NORMAL", "FIFO", "DELAY", "TRANSACTION", "PRIORITY"}, word) {
		return strings.ToLower(word)
	}
	return word
}
