package main

import (
	"fmt"
	"time"

	"github.com/mqtrail/mqtrail/sdk/trail"
)

// The shop's times are fixed: the tests have a clock of their own.
var (
	born = time.Date(2026, 11, 21, 2, 42, 11, 123_000_000, time.UTC).UnixMilli()
	now  = time.Date(2026, 11, 22, 4, 0, 0, 0, time.UTC).UnixMilli()
)

// The unique ids of the shop's messages are made in UTC+8, at born and each of the next minutes.
var ids = []string{
	"0A0003074A2118B4AAC2694B20330001",
	"0A0003074A2118B4AAC2694C0A930002",
	"0A0003074A2118B4AAC2694CF4F30003",
}

// Where dead letters are messages of their own, and the id of the one.
const (
	plainQueue = "DLQ_shipping"
	copyID     = "0A0003074A2118B4AAC2694B20330009"
)

const brokerID = "AC1E006400002A9F0000000000000BB8"

func (c *client) resources(kind trail.Kind, instance string) []trail.Resource {
	day, week, frozen := int64(86_400_000), int64(7*86_400_000), false
	switch {
	case kind == trail.Instances:
		return []trail.Resource{
			{Kind: kind, ID: "kafka-1", Name: "events of the shop", System: trail.Kafka, RetentionMS: &day},
			{Kind: kind, ID: "mq-1", Name: "shop", System: trail.RocketMQ, RetentionMS: &week},
			{Kind: kind, ID: "mq-frozen", System: trail.RocketMQ, Status: "Frozen", Usable: &frozen},
		}
	case kind == trail.Groups:
		return named(kind, instance, groups(instance)...)
	case instance == "kafka-1":
		return named(kind, instance, "__consumer_offsets", "events")
	case instance == "mq-1":
		names := []string{"%DLQ%shipping", "%RETRY%shipping", "orders", "payments"}
		if c.Plain {
			names[0] = plainQueue
		}
		for i := range c.Topics {
			names = append(names, fmt.Sprintf("topic-%03d", i))
		}
		return named(kind, instance, names...)
	default:
		return nil
	}
}

func named(kind trail.Kind, instance string, names ...string) []trail.Resource {
	var resources []trail.Resource
	for _, name := range names {
		resources = append(resources, trail.Resource{Kind: kind, ID: name, Instance: instance})
	}
	return resources
}

func groups(instance string) []string {
	switch instance {
	case "mq-1":
		return []string{"billing", "reports", "shipping"}
	case "kafka-1":
		return []string{"audit", "silent"}
	default:
		return nil
	}
}

// messages are an instance's, newest first.
func (c *client) messages(instance string) []trail.Message {
	if c.Bare {
		return nil
	}
	switch instance {
	case "mq-1":
		// The first order was dead-lettered by shipping; the copy keeps the unique id.
		copied := message(instance, "%DLQ%shipping", 0, "ORDER-1")
		copied.Stored, copied.BrokerID = trail.AtMS(born+3_600_000), "AC1E006400002A9F0000000000000FA0"
		copied.DeadLetterGroup, copied.OriginTopic, copied.OriginID = "shipping", "orders", brokerID
		if c.Plain {
			copied.Topic, copied.ID, copied.BrokerID, copied.OriginID = plainQueue, copyID, "", ids[0]
		}
		first := message(instance, "orders", 0, "ORDER-1")
		first.BrokerID = brokerID
		return []trail.Message{copied, message(instance, "payments", 2, "PAYMENT-1"), message(instance, "orders", 1, "ORDER-1"), first}
	case "kafka-1":
		event := message(instance, "events", 0, "ORDER-1")
		event.ID, event.System = "", trail.Kafka
		partition, offset := int64(3), int64(9007199254740993)
		event.Partition, event.Offset = &partition, &offset
		return []trail.Message{event}
	default:
		return nil
	}
}

func message(instance, topic string, number int, key string) trail.Message {
	queue, offset := int64(number), int64(100+number)
	at := born + int64(number)*60_000
	return trail.Message{
		System: trail.RocketMQ, ID: ids[number], Instance: instance, Topic: topic, Keys: []string{key}, Tag: "created", Type: "normal",
		Partition: &queue, Offset: &offset, Born: trail.AtMS(at), Stored: trail.AtMS(at + 2),
		Body: trail.NewBody([]byte(`{"order": 1, "note": "please \u0007 hurry"}`), 0, trail.PreviewBody), Evidence: evidence("find", fmt.Sprintf("/messages/%d", number)),
	}
}

// life is what a message's trace tells; nil where there is none.
func (c *client) life(message trail.Message) []trail.Event {
	switch {
	case message.DeadLetterGroup == "":
		events := events(message)
		if c.Plain && message.ID == ids[0] {
			events = append(events, trail.Event{
				Stage: trail.StageDeadLettered, Time: trail.AtMS(born + 3_600_000), Actor: trail.Actor{Group: "shipping"}, Outcome: trail.OK,
				Topic: plainQueue, MessageID: copyID, Evidence: evidence("trace", "/dead"),
			})
		}
		return events
	case c.Plain:
		return []trail.Event{{
			Stage: trail.StageFromDLQ, Time: trail.AtMS(born + 3_600_000), Outcome: trail.OK, Topic: "orders", MessageID: ids[0], Evidence: evidence("trace", "/produced"),
		}}
	default:
		return nil
	}
}

// events are a message's life: billing took it at once, shipping failed sixteen times on the first.
func events(message trail.Message) []trail.Event {
	at := message.Born.UnixMS
	events := []trail.Event{
		{Stage: trail.StageProduced, Time: trail.AtMS(at), Outcome: trail.OK, Actor: trail.Actor{Client: "producer-1"}, Evidence: evidence("trace", "/produced")},
		{Stage: trail.StageStored, Time: trail.AtMS(at + 2), Outcome: trail.OK, Evidence: evidence("trace", "/stored")},
	}
	add := func(stage trail.Stage, group string, attempt, after int64, outcome trail.Outcome) {
		events = append(events, trail.Event{
			Stage: stage, Time: trail.AtMS(at + after), Outcome: outcome, Attempt: attempt, Actor: trail.Actor{Group: group, Client: group + "-1"},
			Evidence: evidence("trace", fmt.Sprintf("/%s/%d", group, attempt)),
		})
	}
	consumed := func(group string) {
		add(trail.StageDelivered, group, 1, 5, trail.OK)
		add(trail.StageConsumed, group, 1, 15, trail.OK)
	}
	consumed("billing")
	if message.ID != ids[0] {
		consumed("shipping")
		consumed("reports")
		return events
	}
	for attempt := range int64(16) {
		add(trail.StageDelivered, "shipping", attempt+1, 5+attempt*10_000, trail.OK)
		add(trail.StageFailed, "shipping", attempt+1, 905+attempt*10_000, trail.Failed)
	}
	trail.SortEvents(events)
	return events
}
