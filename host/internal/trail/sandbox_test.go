package trail_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/mqtrail/mqtrail/host/internal/built"
	"github.com/mqtrail/mqtrail/host/internal/config"
	"github.com/mqtrail/mqtrail/host/internal/trail"
	"github.com/mqtrail/mqtrail/host/internal/verdict"
)

// The plugins that come with mqtrail, over their emulators: every connection is looked in, none fails, and what a vendor
// cannot tell is said.
func TestSandboxIsLookedInWhole(t *testing.T) {
	o := openTrail(t, built.Dir(t), trail.Options{}, config.Sandbox)
	listed, err := o.List(t.Context(), trail.ListQuery{Kind: "instance"})
	if err != nil {
		t.Fatal(err)
	}
	instances := map[string]int{}
	for _, resource := range listed.Resources {
		instances[resource.Connection]++
	}
	for _, looked := range listed.Looked {
		if looked.Outcome == trail.Failed || !looked.Sandbox {
			t.Errorf("instances of %s: %s %s", looked.Connection, looked.Outcome, looked.Detail)
		}
		if looked.Outcome == trail.Found && instances[looked.Connection] == 0 {
			t.Errorf("%s has no instance", looked.Connection)
		}
	}
	report := trace(t, o, trail.TraceQuery{Message: "no-order-has-this-key"})
	seen := map[string]bool{}
	for _, looked := range report.Looked {
		seen[looked.Connection] = true
		if looked.Outcome == trail.Failed {
			t.Errorf("%s/%s: %s", looked.Connection, looked.Instance, looked.Detail)
		}
		if looked.Outcome == trail.NotOffered && report.Verdict.Verdict == verdict.NotFound {
			t.Errorf("%s could not tell, and the verdict is %s", looked.Connection, report.Verdict.Verdict)
		}
	}
	if len(seen) != len(built.Plugins) {
		t.Errorf("looked in %v", seen)
	}
	if len(report.Lives) != 0 {
		t.Errorf("found %+v", report.Lives)
	}
}

// surest is how sure a verdict can be at most.
var surest = map[verdict.Name]verdict.Confidence{
	verdict.RetriesExhausted: verdict.Inferred, verdict.AckTimeout: verdict.Inferred, verdict.Filtered: verdict.Inferred,
	verdict.NotConsumed: verdict.Inferred, verdict.OffsetPassed: verdict.Inferred, verdict.PartlyConsumed: verdict.Inferred,
	verdict.ProducedOnly: verdict.Inferred, verdict.DelayOverdue: verdict.Inferred, verdict.Unknown: verdict.Unproven,
}

// checkSure holds a verdict to that.
func checkSure(t *testing.T, of string, v verdict.Verdict) {
	t.Helper()
	switch most := surest[v.Verdict]; {
	case most == verdict.Inferred && v.Confidence == verdict.Proven, most == verdict.Unproven && v.Confidence != verdict.Unproven:
		t.Errorf("%s of %s is %s", v.Verdict, of, v.Confidence)
	case v.Verdict != verdict.Unknown && v.Confidence == verdict.Unproven:
		t.Errorf("%s of %s is unknown: %q", v.Verdict, of, v.Missing)
	}
}

// Every message of the sandbox is found on its cloud, and what happened to it is said; every verdict is that of one.
func TestSandbox(t *testing.T) {
	o := openTrail(t, built.Dir(t), trail.Options{}, config.Sandbox)
	shown := map[verdict.Name]bool{}
	for _, f := range every() {
		t.Run(f.connection+" "+f.message, func(t *testing.T) {
			report := trace(t, o, f.query())
			if len(report.Lives) != 1 || report.More > 0 {
				t.Fatalf("%d lives, and %d more: %s", len(report.Lives), report.More, report.Verdict.Why)
			}
			checkFate(t, f, report)
			shown[report.Verdict.Verdict] = true
			for _, group := range report.Lives[0].Result.Groups {
				shown[group.Verdict.Verdict] = true
			}
		})
	}
	for name, c := range absences() {
		t.Run(name, func(t *testing.T) {
			report := trace(t, o, c.query)
			if report.Verdict.Verdict != c.headline || len(report.Lives) > 0 {
				t.Errorf("%s, want %s: %s", report.Verdict.Verdict, c.headline, report.Verdict.Why)
			}
			shown[report.Verdict.Verdict] = true
		})
	}
	t.Run("replication", func(t *testing.T) {
		report, err := o.Replication(t.Context(), trail.ReplicationQuery{})
		if err != nil {
			t.Fatal(err)
		}
		got := map[string]verdict.Name{}
		for _, plan := range report.Plans {
			if strings.HasPrefix(plan.Name, "stock-") {
				got[plan.ID+" "+plan.Name] = plan.Result.Verdict.Verdict
				shown[plan.Result.Verdict.Verdict] = true
			}
			if next := plan.Result.Next; len(next) == 0 || next[0].Arguments["connection"] != "aliyun" {
				t.Errorf("%s: the next calls are %+v", plan.Name, next)
			}
		}
		if diff := cmp.Diff(plans, got); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	})
	delete(shown, verdict.QueryFailed) // a sandbox does not fail: TestBrokenEndpoint shows it
	for _, name := range []verdict.Name{
		verdict.NotFound, verdict.OutOfWindow, verdict.Unknown, verdict.SendFailed, verdict.Recalled, verdict.TxRolledBack, verdict.TxPending,
		verdict.Delayed, verdict.DelayOverdue, verdict.NoSubscribers, verdict.PartlyConsumed, verdict.ProducedOnly, verdict.DeadLettered,
		verdict.RetriesExhausted, verdict.AckTimeout, verdict.NotConsumed, verdict.Retrying, verdict.InFlight, verdict.ConsumedTwice,
		verdict.OffsetPassed, verdict.Filtered, verdict.ConsumedRetried, verdict.Consumed,
		verdict.NotSyncing, verdict.Stale, verdict.TargetAhead, verdict.ReplicationLagging, verdict.ReplicationOK,
	} {
		if !shown[name] {
			t.Errorf("no message and no plan of the sandbox shows %s", name)
		}
	}
}

func checkFate(t *testing.T, f fate, report *trail.TraceReport) {
	t.Helper()
	life := report.Lives[0]
	if report.Verdict.Verdict != f.headline {
		t.Errorf("%s, want %s: %s", report.Verdict.Verdict, f.headline, report.Verdict.Why)
	}
	checkSure(t, "the message", report.Verdict)
	got := groups{}
	for _, group := range life.Result.Groups {
		got[group.Group] = group.Verdict.Verdict
		checkSure(t, group.Group, group.Verdict)
	}
	want := f.groups
	if want == nil {
		want = groups{}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("the groups (-want +got):\n%s", diff)
	}
	if len(life.Copies) != f.copies {
		t.Errorf("%d copies, want %d: %+v", len(life.Copies), f.copies, life.Copies)
	}
	for _, call := range life.Calls {
		if call.Problem != nil {
			t.Errorf("%s failed: %s", call.Operation, call.Problem.Message)
		}
	}
}

// More messages have the key than are followed, and more than the vendor tells.
func TestSandboxManyMessages(t *testing.T) {
	o := openTrail(t, built.Dir(t), trail.Options{}, config.Sandbox)
	report := trace(t, o, trail.TraceQuery{Message: "order-7306", Scope: trail.Scope{Connection: "huawei"}})
	if len(report.Lives) != 5 || report.More != 5 || report.Verdict.Verdict != verdict.OffsetPassed {
		t.Errorf("%d lives, %d more: %s", len(report.Lives), report.More, report.Verdict.Why)
	}
	if !slices.ContainsFunc(report.Looked, func(l trail.Looked) bool { return strings.Contains(l.Detail, "limit of 10 hits") }) {
		t.Errorf("that there may be more is not said: %+v", report.Looked)
	}
}

// A dead letter that is looked for in its queue, or by its own id, is told with the message that it is a copy of.
func TestSandboxCopies(t *testing.T) {
	o := openTrail(t, built.Dir(t), trail.Options{}, config.Sandbox)
	for _, c := range []struct{ connection, key, queue string }{
		{"aliyun", "order-7104", "DLQ_mailer"}, {"huawei", "order-7201", "%DLQ%warehouse"}, {"ctyun", "order-7403", "%DLQ%billing"},
	} {
		at := slices.IndexFunc(every(), func(f fate) bool { return f.message == c.key })
		want := every()[at]
		scope := trail.Scope{Connection: c.connection}
		origin := trace(t, o, trail.TraceQuery{Message: c.key, Scope: scope}).Lives[0]
		for name, query := range map[string]trail.TraceQuery{
			"by its key in the queue": {Message: c.key, Scope: trail.Scope{Connection: c.connection, Instance: origin.Message.Instance, Topic: c.queue}},
			"by its id":               {Message: origin.Copies[0].ID, Scope: scope},
			"by the origin's id":      {Message: origin.Message.ID, Scope: scope},
		} {
			t.Run(c.connection+" "+name, func(t *testing.T) {
				report := trace(t, o, query)
				if len(report.Lives) != 1 || report.Lives[0].Message.ID != origin.Message.ID || report.Lives[0].Message.Topic != "orders" {
					t.Fatalf("%d lives: %s", len(report.Lives), report.Verdict.Why)
				}
				checkFate(t, want, report)
			})
		}
	}
}
