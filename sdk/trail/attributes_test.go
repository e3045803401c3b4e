package trail_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/mqtrail/mqtrail/sdk/trail"
)

func TestAttributes(t *testing.T) {
	number := func(n int64) *int64 { return &n }
	message := trail.Message{
		System: trail.RocketMQ, ID: "01AB", BrokerID: "C0A8", Topic: "orders", Keys: []string{"order-1", "pay-1"}, Tag: "created",
		Partition: number(0), Offset: number(1 << 60), BodySize: number(6), Type: "delay", DeliverAt: trail.AtMS(1_700_000_000_000),
	}
	want := map[string]any{
		"messaging.system": "rocketmq", "messaging.message.id": "01AB", "messaging.destination.name": "orders",
		"messaging.rocketmq.message.keys": []string{"order-1", "pay-1"}, "messaging.rocketmq.message.tag": "created",
		"messaging.destination.partition.id": "0", "messaging.message.body.size": int64(6),
		"messaging.rocketmq.message.type": "delay", "messaging.rocketmq.message.delivery_timestamp": int64(1_700_000_000_000),
	}
	if diff := cmp.Diff(want, message.Attributes()); diff != "" {
		t.Error(diff)
	}
	record := trail.Message{System: trail.Kafka, Topic: "orders", Keys: []string{"order-1"}, Partition: number(3), Offset: number(3_000_000_000)}
	want = map[string]any{
		"messaging.system": "kafka", "messaging.destination.name": "orders", "messaging.kafka.message.key": "order-1",
		"messaging.destination.partition.id": "3", "messaging.kafka.offset": int64(3_000_000_000),
	}
	if diff := cmp.Diff(want, record.Attributes()); diff != "" {
		t.Error(diff)
	}
}
