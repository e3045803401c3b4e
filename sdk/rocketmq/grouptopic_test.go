package rocketmq

import (
	"testing"

	"pgregory.net/rapid"
)

func TestParseGroupTopic(t *testing.T) {
	for name, want := range map[string]GroupTopic{
		"%DLQ%payments":                 {Role: RoleDeadLetter, Group: "payments"},
		"%RETRY%payments":               {Role: RoleRetry, Group: "payments"},
		"%RETRY%payments+orders":        {Role: RoleRetry, Group: "payments", Topic: "orders"},
		"%RETRY%payments_orders":        {Role: RoleRetry, Group: "payments_orders"},
		"%DLQ%MQ_INST_1_a%GID_payments": {Role: RoleDeadLetter, Group: "MQ_INST_1_a%GID_payments"},
		"orders":                        {},
		"%DLQ%":                         {},
		"%RETRY%":                       {},
		"%RETRY%+orders":                {},
		"%dlq%payments":                 {},
		"x%DLQ%payments":                {},
		"SCHEDULE_TOPIC_XXXX":           {},
		"":                              {},
	} {
		got, ok := ParseGroupTopic(name)
		if got != want || ok != (want != GroupTopic{}) {
			t.Errorf("%q: %+v, %t; want %+v", name, got, ok, want)
		}
	}
}

func TestGroupTopicRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		group := rapid.StringMatching(`[%|a-zA-Z0-9_-]{1,255}`).Draw(t, "group") // what RocketMQ allows
		if got, ok := ParseGroupTopic(DeadLetterTopic(group)); !ok || got != (GroupTopic{Role: RoleDeadLetter, Group: group}) {
			t.Fatalf("dead letters of %s: %+v, %t", group, got, ok)
		}
		if got, ok := ParseGroupTopic(RetryTopic(group)); !ok || got != (GroupTopic{Role: RoleRetry, Group: group}) {
			t.Fatalf("retries of %s: %+v, %t", group, got, ok)
		}
	})
}
