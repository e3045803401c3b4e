package main

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/mqtrail/mqtrail/sdk/trail"
)

// end is what becomes of a message of the sandbox, and what a judge must make of it.
type end struct {
	key, topic string
	// headline is the verdict on the message, groups those on the consumer groups.
	headline string
	groups   map[string]string
	// traceOnly: nobody but the trace knows the message.
	traceOnly bool
	// stages are what happened outside of the groups; deliveries what happened in those that did not just consume it.
	stages     string
	deliveries map[string]string
}

// south is the instance where everything happens.
const south = "rmq-cn-shop0hz0003"

// sold are the groups of the topic orders when each has consumed the message, but for the ones given.
func sold(others ...string) map[string]string {
	groups := map[string]string{}
	for _, name := range []string{"analytics", "billing", "courier", "mailer", "warehouse"} {
		groups[name] = "CONSUMED"
	}
	for i := 0; i < len(others); i += 2 {
		groups[others[i]] = others[i+1]
	}
	return groups
}

// ends has a message for every verdict that this vendor can show.
func ends() []end {
	const made = "PRODUCED:ok STORED:ok"
	does := func(group, what string) map[string]string { return map[string]string{group: what} }
	return []end{
		{key: "order-7101", topic: "orders", headline: "CONSUMED", groups: sold(), stages: made},
		{key: "order-7102", topic: "orders", headline: "CONSUMED_AFTER_RETRY", groups: sold("billing", "CONSUMED_AFTER_RETRY"), stages: made,
			deliveries: does("billing", "1 FAILED:failed 2 FAILED:failed 3 CONSUMED:ok")},
		{key: "order-7103", topic: "orders", headline: "CONSUMED_TWICE", groups: sold("warehouse", "CONSUMED_TWICE"), stages: made,
			deliveries: does("warehouse", "1 CONSUMED:ok 2 CONSUMED:ok")},
		{key: "order-7104", topic: "orders", headline: "DEAD_LETTERED", groups: sold("mailer", "DEAD_LETTERED"), stages: made,
			deliveries: does("mailer", "1 FAILED:failed 2 FAILED:failed 3 FAILED:failed 4 FAILED:failed DEAD_LETTERED:ok")},
		{key: "order-7105", topic: "orders", headline: "RETRIES_EXHAUSTED", groups: sold("billing", "RETRIES_EXHAUSTED"), stages: made,
			deliveries: does("billing", "1 FAILED:failed 2 FAILED:failed 3 FAILED:failed 4 FAILED:failed 5 FAILED:failed 6 FAILED:failed")},
		{key: "order-7106", topic: "orders", headline: "RETRYING", groups: sold("warehouse", "RETRYING"), stages: made,
			deliveries: does("warehouse", "1 FAILED:failed 2 FAILED:failed 3 FAILED:failed 4 FAILED:failed")},
		{key: "order-7107", topic: "orders", headline: "IN_FLIGHT", groups: sold("warehouse", "IN_FLIGHT"), stages: made, deliveries: does("warehouse", "1")},
		{key: "order-7108", topic: "orders", headline: "ACK_TIMEOUT", groups: sold("courier", "ACK_TIMEOUT"), stages: made, deliveries: does("courier", "1")},
		{key: "order-7109", topic: "orders", headline: "PARTIALLY_CONSUMED", groups: sold("courier", "NOT_CONSUMED"), stages: made, deliveries: does("courier", "")}, // offline
		{key: "order-7110", topic: "orders", headline: "UNKNOWN", groups: sold("billing", "UNKNOWN"), stages: made, deliveries: does("billing", "1 FAILED:unknown")},
		{key: "order-7111", topic: "orders", headline: "UNKNOWN", groups: sold("mailer", "UNKNOWN"), stages: made, deliveries: does("mailer", "1 FAILED:unknown")},
		{key: "order-7112", topic: "orders", headline: "CONSUMED", groups: sold("analytics", "FILTERED"), stages: made, deliveries: does("analytics", "")},
		{key: "order-7113", topic: "orders", headline: "SEND_FAILED", traceOnly: true, stages: "PRODUCED:failed PRODUCED:failed"},
		{key: "order-7114", topic: "parcels", headline: "NOT_CONSUMED", groups: map[string]string{"sorting": "NOT_CONSUMED", "ledger": "OFFSET_PASSED"}, stages: made}, // lagging
		{key: "order-7115", topic: "parcels", headline: "OFFSET_PASSED", groups: map[string]string{"sorting": "CONSUMED", "ledger": "OFFSET_PASSED"}, stages: made},
		{key: "order-7116", topic: "prices", headline: "UNKNOWN", groups: map[string]string{"cash-desks": "UNKNOWN"}, stages: made}, // broadcasting
		{key: "order-7117", topic: "drafts", headline: "NO_SUBSCRIBERS", stages: made},
		{key: "order-7118", topic: "payments", headline: "TX_ROLLED_BACK", traceOnly: true, stages: made + " TX_END:failed"},
		{key: "order-7119", topic: "payments", headline: "TX_PENDING", traceOnly: true, stages: made},
		{key: "order-7120", topic: "payments", headline: "CONSUMED", groups: map[string]string{"billing": "CONSUMED"}, stages: made + " TX_END:ok"},
		{key: "order-7121", topic: "reminders", headline: "DELAYED", traceOnly: true, stages: made + " DELAY_SET:ok"},
		{key: "order-7122", topic: "reminders", headline: "DELAY_OVERDUE", traceOnly: true, stages: made + " DELAY_SET:ok"},
		{key: "order-7123", topic: "reminders", headline: "RECALLED", traceOnly: true, stages: made + " DELAY_SET:ok RECALLED:ok"},
		{key: "order-7124", topic: "reminders", headline: "CONSUMED", groups: map[string]string{"mailer": "CONSUMED"}, stages: made + " DELAY_SET:ok DELAY_FIRED:ok RECALLED:failed"},
	}
}

// Every message is found by its key in its topic, and its trace tells what happened to it.
func TestEveryEnd(t *testing.T) {
	c := connect(t, emulated(t, time.Now))
	for _, e := range ends() {
		t.Run(e.key, func(t *testing.T) {
			found := findOne(t, c, e.topic, e.key)
			if found.TraceOnly != e.traceOnly {
				t.Errorf("trace only: %v", found.TraceOnly)
			}
			stages, groups := told(t, c, found)
			if stages != e.stages {
				t.Errorf("stages %s; want %s", stages, e.stages)
			}
			want := map[string]string{}
			for group, verdict := range e.groups {
				if verdict == "CONSUMED" {
					want[group] = "1 CONSUMED:ok"
				}
				if what, ok := e.deliveries[group]; ok {
					want[group] = what
				}
			}
			for group, what := range want {
				if groups[group] != what {
					t.Errorf("%s: %q; want %q", group, groups[group], what)
				}
			}
			for group, what := range groups {
				if want[group] == "" {
					t.Errorf("%s did %s", group, what)
				}
			}
			subscribed := subscribers(t, c, e.topic)
			if e.groups != nil && len(subscribed) != len(e.groups) || e.headline == "NO_SUBSCRIBERS" && len(subscribed) > 0 {
				t.Errorf("subscribed are %v, verdicts are on %v", subscribed, e.groups)
			}
		})
	}
}

func findOne(t *testing.T, c *client, topic, key string) trail.Message {
	t.Helper()
	answer, err := c.FindMessages(t.Context(), trail.FindRequest{Instance: south, Topic: topic, Key: key})
	if err != nil {
		t.Fatal(err)
	}
	if len(answer.Messages) != 1 || len(answer.Incomplete) > 0 {
		t.Fatalf("%s: %d messages, incomplete %v", key, len(answer.Messages), answer.Incomplete)
	}
	return answer.Messages[0]
}

// told is a message's trace in short: what happened outside of the groups, and in each.
func told(t *testing.T, c *client, m trail.Message) (stages string, groups map[string]string) {
	t.Helper()
	answer, err := c.TraceMessage(t.Context(), trail.TraceRequest{Instance: south, Topic: m.Topic, MessageID: m.ID})
	if err != nil {
		t.Fatal(err)
	}
	if !answer.Trace.Found || answer.Trace.Recording == nil || !*answer.Trace.Recording || len(answer.Incomplete) > 0 {
		t.Errorf("found %v, recording %v, incomplete %v", answer.Trace.Found, answer.Trace.Recording, answer.Incomplete)
	}
	groups = map[string]string{}
	add := func(to *string, what string) { *to = strings.TrimSpace(*to + " " + what) }
	for _, e := range answer.Trace.Events {
		what := string(e.Stage) + ":" + string(e.Outcome)
		if e.Stage == trail.StageDelivered {
			what = string(rune('0' + e.Attempt))
		}
		if e.Actor.Group == "" {
			add(&stages, what)
			continue
		}
		line := groups[e.Actor.Group]
		add(&line, what)
		groups[e.Actor.Group] = line
	}
	return stages, groups
}

func subscribers(t *testing.T, c *client, topic string) []string {
	t.Helper()
	answer, err := c.ListSubscriptions(t.Context(), trail.SubscriptionsRequest{Instance: south, Topic: topic})
	if err != nil {
		t.Fatal(err)
	}
	var groups []string
	for _, s := range answer.Subscriptions {
		groups = append(groups, s.Group)
	}
	return groups
}

// A hanging delivery is in flight; what is tried again later is not.
func TestLagOfTheSouth(t *testing.T) {
	c := connect(t, emulated(t, time.Now))
	type standing struct {
		Ready, InFlight, MaxAttempts int64
		Online                       bool
		Letters                      string
	}
	want := map[string]standing{
		"warehouse": {0, 1, 101, true, ""},
		"courier":   {1, 0, 17, false, ""},
		"mailer":    {0, 0, 4, true, "DLQ_mailer"},
	}
	got := map[string]standing{}
	for group := range want {
		answer, err := c.ConsumerLag(t.Context(), trail.LagRequest{Instance: south, Group: group, Topic: "orders"})
		if err != nil {
			t.Fatal(err)
		}
		s := answer.State
		got[group] = standing{*s.Lags[0].Ready, *s.Lags[0].InFlight, *s.MaxAttempts, *s.Online, s.DeadLetterTopic}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// The plans of the sandbox, as far as verdicts on them rest on it.
func TestReplicationPlans(t *testing.T) {
	began := time.Now()
	c := connect(t, emulated(t, func() time.Time { return began }))
	type standing struct {
		Auto, Running, Online bool
		DeltaMin              int64
		Told                  bool
		StaleMin              int64
		Behind                bool
	}
	want := map[string]standing{
		"stock-fine":    {Auto: true, Running: true, Online: true, DeltaMin: 1, Told: true, Behind: true},
		"stock-lagging": {Auto: true, Running: true, Online: true, DeltaMin: 19, Told: true, Behind: true},
		"stock-ahead":   {Auto: true, Running: true, Online: true, DeltaMin: -29, Told: true, Behind: true},
		"stock-stopped": {Auto: true, Online: true, DeltaMin: 2, Told: true, StaleMin: 180, Behind: true},
		"stock-stale":   {Auto: true, Running: true, Online: true, DeltaMin: 1, Told: true, StaleMin: 20, Behind: true},
		"stock-new":     {Auto: true, Running: true},
	}
	answer, err := c.ReplicationStatus(t.Context(), trail.ReplicationRequest{})
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]standing{}
	for _, plan := range answer.Plans {
		if !strings.HasPrefix(plan.Name, "stock-") {
			continue
		}
		item := plan.Items[0]
		point := item.Checkpoints[0]
		s := standing{Auto: *plan.AutoSync, Running: *item.Running, Online: point.TargetOnline != nil && *point.TargetOnline}
		if point.SourceConsumed != nil && point.TargetConsumed != nil {
			s.Told, s.DeltaMin = true, (point.SourceConsumed.UnixMS-point.TargetConsumed.UnixMS)/time.Minute.Milliseconds()
		}
		if point.LastSync != nil {
			s.StaleMin = (began.UnixMilli() - point.LastSync.UnixMS) / time.Minute.Milliseconds()
		}
		s.Behind = item.DataBehindMS != nil && *item.DataBehindMS > 30_000
		got[plan.Name] = s
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// The vendor's own answers are kept on demand, without the passwords that are in them.
func TestRawAnswersHaveNoSecrets(t *testing.T) {
	c := connect(t, emulated(t, time.Now))
	answer, err := c.ReplicationStatus(t.Context(), trail.ReplicationRequest{Raw: true})
	if err != nil {
		t.Fatal(err)
	}
	for _, call := range answer.Calls {
		if call.Problem == nil && len(call.Answer) == 0 {
			t.Errorf("%s has no answer", call.Operation)
		}
		if strings.Contains(string(call.Answer), "sandbox-password") {
			t.Errorf("%s shows a password", call.Operation)
		}
	}
}
