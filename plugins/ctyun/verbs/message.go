package verbs

import (
	"fmt"
	"maps"
	"strings"

	"github.com/mqtrail/mqtrail/sdk/rocketmq"
	"github.com/mqtrail/mqtrail/sdk/trail"
)

// row is a message as CTyun's RocketMQ answers it.
type row struct {
	QueueID         number           `json:"queueId"`
	StoreSize       number           `json:"storeSize"`
	QueueOffset     number           `json:"queueOffset"`
	SysFlag         number           `json:"sysFlag"`
	Born            number           `json:"bornTimestamp"`
	BornHost        text             `json:"bornHost"`
	Stored          number           `json:"storeTimestamp"`
	StoreHost       text             `json:"storeHost"`
	MsgID           text             `json:"msgId"`
	CommitLogOffset number           `json:"commitLogOffset"`
	BodyCRC         number           `json:"bodyCRC"`
	Retries         number           `json:"reconsumeTimes"`
	Prepared        number           `json:"preparedTransactionOffset"`
	Topic           text             `json:"topic"`
	Properties      map[string]*text `json:"properties"`
	Body            *string          `json:"messageBody"`
	Status          *text            `json:"status"`
	// Broker and BodySize are told by queries by id alone.
	Broker   text   `json:"brokerName"`
	BodySize number `json:"bodySize"`
}

// extent is how much of bodies an answer has.
type extent struct{ offset, limit int64 }

var preview = extent{limit: trail.PreviewBody}

// The properties that tell a message's kind, by the names that Apache RocketMQ has for them.
const (
	propertyOrderGroup = "__SHARDINGKEY"
	propertyDeliverAt  = "TIMER_DELIVER_MS"
)

// message turns a row into the model. topic is what was asked for: the documents leave the row's own out.
func (s *session) message(r *row, instance, topic string, part extent, evidence trail.Evidence) trail.Message {
	properties := rocketmq.Properties{}
	for name, value := range r.Properties {
		if value != nil {
			properties[name] = string(*value)
		}
	}
	m := trail.Message{
		System: trail.RocketMQ, Instance: instance, Topic: topic, BrokerID: string(r.MsgID), Broker: string(r.Broker),
		ID: properties[rocketmq.PropertyUniqueKey], Keys: properties.Keys(), Tag: properties[rocketmq.PropertyTags],
		Partition: r.QueueID.pointer(), Offset: r.QueueOffset.pointer(), CommitLogOffset: r.CommitLogOffset.pointer(),
		Born: trail.AtMS(r.Born.value), Stored: trail.AtMS(r.Stored.value), BornHost: string(r.BornHost), StoredHost: string(r.StoreHost),
		Size: r.StoreSize.pointer(), BodyCRC: r.BodyCRC.pointer(), Retries: r.Retries.pointer(),
		OrderGroup: properties[propertyOrderGroup], Evidence: evidence,
	}
	if r.Topic != "" {
		m.Topic = string(r.Topic)
	}
	if len(properties) > 0 {
		m.Props = maps.Clone(properties)
	}
	if at, ok, err := properties.Int(propertyDeliverAt); ok && err == nil {
		m.DeliverAt = trail.AtMS(at)
	}
	m.Type = kind(r, properties)
	r.origin(&m, properties)
	r.raw(&m)
	s.body(r, &m, part)
	s.identify(m)
	return m
}

// kind is a message's type, as its flag and properties have it; "" when CTyun told no flag.
func kind(r *row, properties rocketmq.Properties) string {
	switch {
	case !r.SysFlag.told:
		return ""
	case flags(r).Transaction() != rocketmq.TransactionNone:
		return "transaction"
	case properties[propertyOrderGroup] != "":
		return "fifo"
	case properties[rocketmq.PropertyDelay] != "" && properties[rocketmq.PropertyOriginMessageID] == "", properties[propertyDeliverAt] != "":
		return "delay" // a retried message has a delay as well, which its producer did not ask for
	default:
		return "normal"
	}
}

func flags(r *row) rocketmq.SysFlag { return rocketmq.SysFlag(uint32(r.SysFlag.value)) } // #nosec G115 -- the bits

// origin says of what message a dead letter, or a dead letter that was sent again, is a copy. Which of the properties
// names the first topic differs: the others name a retry topic.
func (r *row) origin(m *trail.Message, properties rocketmq.Properties) {
	if of, ok := rocketmq.ParseGroupTopic(m.Topic); ok && of.Role == rocketmq.RoleDeadLetter {
		m.DeadLetterGroup = of.Group
	}
	topic, id := properties.Origin()
	if id == "" {
		return
	}
	m.OriginID = id
	for _, name := range []string{topic, properties[rocketmq.PropertyRealTopic], properties[rocketmq.PropertyRetryTopic]} {
		if _, system := rocketmq.ParseGroupTopic(name); name != "" && !system {
			m.OriginTopic = name
			return
		}
	}
}

// raw keeps the words that the model has no field for. A null status is no word.
func (r *row) raw(m *trail.Message) {
	words := map[string]string{}
	if r.Status != nil && *r.Status != "" {
		words["status"] = string(*r.Status)
	}
	if r.SysFlag.value != 0 {
		words["sysFlag"] = flags(r).String()
	}
	if r.Prepared.value != 0 {
		words["preparedTransactionOffset"] = fmt.Sprint(r.Prepared.value)
	}
	if len(words) > 0 {
		m.Raw = words
	}
}

// body takes the body over, which is plain text here, and says whether it is what the broker stored.
func (s *session) body(r *row, m *trail.Message, part extent) {
	if r.Body == nil {
		return
	}
	whole := []byte(*r.Body)
	size := int64(len(whole))
	m.Body = trail.NewBody(whole, part.offset, part.limit)
	m.BodySize = &size
	if r.BodySize.told {
		m.BodySize = r.BodySize.pointer()
	}
	switch result, reason := rocketmq.CheckBody(whole, flags(r), r.BodyCRC.value); {
	case *m.BodySize > size:
		m.BodyCheck = fmt.Sprintf("unchecked: CTyun shortened the body, %d of %d bytes are here", size, *m.BodySize)
		s.note("CTyun shortened the body: a search by key or time has it whole.")
	case !r.BodyCRC.told:
		m.BodyCheck = "unchecked: CTyun told no checksum"
	case !r.SysFlag.told && result != rocketmq.BodyIntact:
		m.BodyCheck = "unchecked: CTyun told no flags, so the body may have been stored compressed"
	case result == rocketmq.BodyIntact:
		m.BodyCheck = "intact"
	case result == rocketmq.BodyDiffers:
		m.BodyCheck = "damaged: " + reason
	default:
		m.BodyCheck = "unchecked: " + reason
	}
}

// identify remembers which ids and which born time belong together. Copies carry their origin's unique id, so they
// would mislead.
func (s *session) identify(m trail.Message) {
	if m.ID == "" || m.BrokerID == "" || m.OriginID != "" || m.DeadLetterGroup != "" {
		return
	}
	known := identity{offset: m.BrokerID, unique: m.ID}
	if m.Born != nil {
		known.bornMS = m.Born.UnixMS
	}
	s.identities.put(identityKey(m.Instance, m.ID), known)
	s.identities.put(identityKey(m.Instance, m.BrokerID), known)
}

// known is what was seen of a message; only the id itself when nothing was.
func (s *session) known(instance, id string) identity {
	if seen, ok := s.identities.get(identityKey(instance, id)); ok {
		return seen
	}
	if decoded, err := rocketmq.ParseID(id); err == nil {
		if _, ok := decoded.ID.(rocketmq.OffsetID); ok {
			return identity{offset: id}
		}
	}
	return identity{unique: id}
}

func identityKey(instance, id string) string { return instance + "/" + strings.ToUpper(id) }

// never are the fields that CTyun tells of no RocketMQ message.
func (s *session) neverOfMessages() { s.notOffered("transaction_id") }
