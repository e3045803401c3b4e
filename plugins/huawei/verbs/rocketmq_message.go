package verbs

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/mqtrail/mqtrail/sdk/rocketmq"
	"github.com/mqtrail/mqtrail/sdk/trail"
)

// rocketNotOffered is what DMS for RocketMQ never tells of a message.
var rocketNotOffered = []string{"broker (its name)", "raw status", "the system flag, so whether a body is stored compressed"}

// rocketMessage is a message as ListMessages tells it.
type rocketMessage struct {
	ID         string  `json:"msg_id"`
	Topic      string  `json:"topic"`
	Stored     number  `json:"store_timestamp"`
	Born       number  `json:"born_timestamp"`
	Reconsumed number  `json:"reconsume_times"`
	Body       *string `json:"body"`
	CRC        number  `json:"body_crc"`
	Size       number  `json:"store_size"`
	Properties []struct {
		Name  string `json:"name"`
		Value string `json:"value"`
	} `json:"property_list"`
	BornHost   string `json:"born_host"`
	StoredHost string `json:"store_host"`
	Queue      number `json:"queue_id"`
	Offset     number `json:"queue_offset"`
}

// rocketMessages is an answer of ListMessages.
type rocketMessages struct {
	Messages []rocketMessage `json:"messages"`
	Total    number          `json:"total"`
}

// The properties that tell a message's kind, besides those of package rocketmq. Source: Apache's MessageConst; the
// first is what 4.x clients on clouds write for a delivery time.
const (
	propertyStartDeliver = "__STARTDELIVERTIME"
	propertyTimer        = "TIMER_DELIVER_MS"
	propertyTransaction  = "TRAN_MSG"
	propertyTransID      = "__transactionId__"
	propertySharding     = "__SHARDINGKEY"
)

func (m rocketMessage) properties() rocketmq.Properties {
	all := rocketmq.Properties{}
	for _, one := range m.Properties {
		all[one.Name] = one.Value
	}
	return all
}

// neutral is the message in the neutral model, with a part of its body where the vendor sent one.
func (m rocketMessage) neutral(i *inquiry, evidence trail.Evidence, bodyFrom, bodyLimit int64) trail.Message {
	properties := m.properties()
	made := trail.Message{
		System: trail.RocketMQ, Instance: i.instance, Topic: m.Topic,
		ID: properties[rocketmq.PropertyUniqueKey], BrokerID: m.ID, Keys: properties.Keys(), Tag: properties[rocketmq.PropertyTags],
		Partition: m.Queue.natural(), Offset: m.Offset.natural(), Born: trail.AtMS(m.Born.value), Stored: trail.AtMS(m.Stored.value),
		BornHost: m.BornHost, StoredHost: m.StoredHost, Size: m.Size.natural(), BodyCRC: m.CRC.pointer(), Retries: m.Reconsumed.natural(),
		Props: properties, OrderGroup: properties[propertySharding], TransactionID: properties[propertyTransID],
		Evidence: evidence,
	}
	made.Type, made.DeliverAt = kindOf(properties)
	if decoded, err := rocketmq.ParseID(m.ID); err == nil {
		if offset, ok := decoded.ID.(rocketmq.OffsetID); ok {
			made.CommitLogOffset = &offset.Offset
		}
	}
	if own, ok := rocketmq.ParseGroupTopic(m.Topic); ok && own.Role == rocketmq.RoleDeadLetter {
		made.DeadLetterGroup = own.Group
		made.OriginTopic, made.OriginID = properties.Origin()
	}
	if m.Body != nil {
		made.Body = trail.NewBody([]byte(*m.Body), bodyFrom, bodyLimit)
		made.BodySize, made.BodyCheck = &made.Body.TotalBytes, m.check()
	}
	return made
}

// check compares body and checksum. A difference proves no damage: the checksum is of the body as it is stored, and
// the vendor does not say whether that was compressed.
func (m rocketMessage) check() string {
	if !m.CRC.known {
		return "unchecked: the vendor told no checksum"
	}
	result, why := rocketmq.CheckBody([]byte(*m.Body), 0, m.CRC.value)
	if result == rocketmq.BodyIntact {
		return string(rocketmq.BodyIntact)
	}
	return "unchecked: the vendor does not say whether the body is stored compressed. " + why
}

// kindOf tells from properties what kind of message it is, and when a delayed one becomes visible. A delay level is no
// time: brokers may set their levels.
func kindOf(properties rocketmq.Properties) (kind string, deliver *trail.Time) {
	for _, name := range []string{propertyStartDeliver, propertyTimer} {
		if at, err := strconv.ParseInt(properties[name], 10, 64); err == nil {
			return "delay", trail.AtMS(at)
		}
	}
	switch {
	case properties[rocketmq.PropertyDelay] != "" && properties[rocketmq.PropertyOriginMessageID] == "": // retries have one, too
		return "delay", nil
	case properties[propertyTransaction] == "true":
		return "transaction", nil
	case properties[propertySharding] != "":
		return "fifo", nil
	default:
		return "", nil
	}
}

// of reports whether the message, or what it is a copy of, has the id.
func (m rocketMessage) of(id string) bool {
	properties := m.properties()
	for _, own := range []string{m.ID, properties[rocketmq.PropertyUniqueKey], properties[rocketmq.PropertyOriginMessageID], properties[rocketmq.PropertyDLQOriginMessageID]} {
		if own != "" && strings.EqualFold(own, id) {
			return true
		}
	}
	return false
}

// kinds are what an id may be. One that is none of RocketMQ's is a client's own.
type kinds struct {
	broker, client bool
	// born are when a client may have made the id: it does not tell its zone.
	born []trail.Window
}

// slack is how far before and after the time in an id the broker may have stored the message.
const slack = 10 * time.Second

func (i *inquiry) kindsOf(id string) kinds {
	decoded, err := rocketmq.ParseID(id)
	if err != nil {
		return kinds{client: true}
	}
	var found kinds
	for _, reading := range []rocketmq.ID{decoded.ID, decoded.Other} {
		switch reading := reading.(type) {
		case rocketmq.OffsetID:
			found.broker = true
		case rocketmq.Timed:
			found.client = true
			for _, at := range rocketmq.TimesBefore(reading, i.now().Add(ahead)) {
				found.born = append(found.born, trail.Window{FromMS: at.UnixMS - slack.Milliseconds(), ToMS: at.UnixMS + slack.Milliseconds()})
			}
		}
	}
	return found
}

// at is the evidence of one of an answer's messages.
func at(list string, index int) string { return fmt.Sprintf("/%s/%d", list, index) }
