package rocketmq

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/mqtrail/mqtrail/plugins/ctyun/emulator/given"
)

// told is what a test reads of answers.
type told struct {
	Rows []message `json:"rows"`
	Data struct {
		Groups []groupLog `json:"subTraceList"`
		Status []pair     `json:"consumeStatusList"`
	} `json:"data"`
}

func ask(t *testing.T, s *Service, route string, arguments map[string]string) told {
	t.Helper()
	in := given.Arguments{"prodInstId": json.RawMessage(`"70687660456281152"`)}
	for name, value := range arguments {
		in[name] = json.RawMessage(`"` + value + `"`)
	}
	payload, err := s.Handle(route, in)
	if err != nil {
		t.Fatalf("%s %v: %v", route, arguments, err)
	}
	encoded, err := json.Marshal(payload)
	if err != nil {
		t.Fatal(err)
	}
	var answer told
	if err := json.Unmarshal(encoded, &answer); err != nil {
		t.Fatal(err)
	}
	return answer
}

// A sandbox may live for days: what is tried again goes on being tried, by the clock, and what waits goes on waiting.
func TestBranchGoesOn(t *testing.T) {
	now := time.Date(2026, 3, 1, 0, 5, 0, 0, beijing)
	s := New(func() time.Time { return now })
	id := func(key string) string {
		rows := ask(t, s, "message/queryByKey", map[string]string{"topicName": "orders", "key": key}).Rows
		if len(rows) != 1 {
			t.Fatalf("%d messages with the key %s", len(rows), key)
		}
		return rows[0].MsgID
	}
	before := 0
	for _, later := range []time.Duration{0, 10 * time.Minute, 6 * time.Hour, 7 * 24 * time.Hour, 30 * 24 * time.Hour} {
		now = now.Add(later)
		tried := 0
		for _, group := range ask(t, s, "message/getTrace", map[string]string{"msgId": id("order-7405")}).Data.Groups {
			if group.Group != "warehouse" {
				continue
			}
			for _, a := range group.Attempts {
				if a.Status != "RECONSUME_LATER" || a.SubTime > moment(now.UnixMilli()) {
					t.Errorf("at %s: %+v", now, a)
				}
			}
			tried = len(group.Attempts)
		}
		if tried <= before || tried > 1000 {
			t.Errorf("at %s: %d attempts, %d before", now, tried, before)
		}
		before = tried
		if got := ask(t, s, "message/trace", map[string]string{"msgId": id("order-7408"), "groupName": "billing"}).Data.Status[0].Status; got != "NOT_CONSUME_YET" {
			t.Errorf("at %s: billing and order-7408: %s", now, got)
		}
		for group, want := range map[string]int{"warehouse": 0, "mailer": 0, "billing": 1} {
			if got := len(ask(t, s, "dlq/getByTime", map[string]string{"groupName": group, "beginTime": "0", "endTime": "9999999999999"}).Rows); got != want {
				t.Errorf("at %s: %d dead letters of %s, want %d", now, got, group, want)
			}
		}
	}
}

// Ids say which message is meant, whatever the instance.
func TestIDsAreUnique(t *testing.T) {
	at := time.Date(2026, 3, 1, 0, 5, 0, 0, beijing)
	seen := map[string]bool{}
	for _, i := range New(func() time.Time { return at }).instances {
		for _, m := range i.log.messages {
			ids := []string{m.MsgID}
			if m.Topic[0] != '%' { // a dead letter keeps its origin's
				ids = append(ids, m.Properties["UNIQ_KEY"])
			}
			for _, id := range ids {
				if seen[id] {
					t.Errorf("%s is there twice", id)
				}
				seen[id] = true
			}
		}
	}
}
