package trail_test

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/mqtrail/mqtrail/host/internal/trail"
	"github.com/mqtrail/mqtrail/host/internal/verdict"
	"github.com/mqtrail/mqtrail/sdk"
	sdktrail "github.com/mqtrail/mqtrail/sdk/trail"
)

func trace(t *testing.T, o opened, query trail.TraceQuery) *trail.TraceReport {
	t.Helper()
	report, err := o.Trace(t.Context(), query)
	if err != nil {
		t.Fatal(err)
	}
	return report
}

// An id, a key, and a broker's own id lead to the same dead letter, wherever it is.
func TestTraceFindsADeadLetter(t *testing.T) {
	o := openShops(t, trail.Options{}, shop{name: "main"})
	for name, query := range map[string]trail.TraceQuery{
		"by id":                    {Message: deadID},
		"by id, place named":       {Message: deadID, Scope: trail.Scope{Connection: "main", Instance: "mq-1", Topic: "orders"}},
		"by id, instance by name":  {Message: deadID, Scope: trail.Scope{Instance: "shop", Topic: "orders"}},
		"by the broker's id":       {Message: deadBroker},
		"by its copy in the queue": {Message: deadID, Scope: trail.Scope{Instance: "mq-1", Topic: "%DLQ%shipping"}},
		"by key":                   {Message: "ORDER-1", Scope: trail.Scope{Instance: "mq-1"}},
	} {
		t.Run(name, func(t *testing.T) {
			report := trace(t, o, query)
			if report.Verdict.Verdict != verdict.DeadLettered || report.Verdict.Confidence != verdict.Proven {
				t.Fatalf("the verdict is %s (%s): %s", report.Verdict.Verdict, report.Verdict.Confidence, report.Verdict.Why)
			}
			at := slices.IndexFunc(report.Lives, func(l trail.Life) bool { return l.Message.ID == deadID })
			if at < 0 {
				t.Fatalf("the dead letter is not among %d lives", len(report.Lives))
			}
			life := report.Lives[at]
			if life.Message.Topic != "orders" || life.Message.DeadLetterGroup != "" {
				t.Errorf("the life is about %+v, not about the origin", life.Message)
			}
			if len(life.Copies) != 1 || life.Copies[0].DeadLetterGroup != "shipping" {
				t.Errorf("its copies are %+v", life.Copies)
			}
			if len(life.Events) != 36 || life.Subscriptions == nil || len(life.States) == 0 {
				t.Errorf("%d events, %d subscriptions, %d states", len(life.Events), len(life.Subscriptions), len(life.States))
			}
		})
	}
}

func TestTraceExplainsABrokersID(t *testing.T) {
	o := openShops(t, trail.Options{}, shop{name: "main"})
	report := trace(t, o, trail.TraceQuery{Message: deadBroker})
	if text := strings.Join(report.Notes, " "); !strings.Contains(text, "offset id") || !strings.Contains(text, "172.30.0.100") {
		t.Errorf("the notes do not explain the id: %q", text)
	}
	if life := report.Lives[0]; !slices.ContainsFunc(life.Events, func(e sdktrail.Event) bool { return e.Stage == sdktrail.StageFailed }) {
		t.Errorf("the trace was not asked by the message's unique id: %+v", life.Events)
	}
}

// What fails beside the way is named, and not taken for an empty answer.
func TestTraceNamesSideCallsThatFail(t *testing.T) {
	o := openShops(t, trail.Options{}, shop{"main", `{"fail": ["list_subscriptions"]}`})
	report := trace(t, o, trail.TraceQuery{Message: deadID, Scope: trail.Scope{Instance: "mq-1", Topic: "orders"}})
	life := report.Lives[0]
	if life.Subscriptions != nil || !strings.Contains(strings.Join(life.Result.Missing, " "), "list_subscriptions is broken") {
		t.Errorf("subscriptions %v; missing %q", life.Subscriptions, life.Result.Missing)
	}
	if !slices.ContainsFunc(life.Calls, func(c sdktrail.Call) bool { return c.Operation == "shop_trail_list_subscriptions" && c.Problem != nil }) {
		t.Errorf("the call that failed is not among %+v", life.Calls)
	}
	o = openShops(t, trail.Options{}, shop{"main", `{"fail": ["trace_message"]}`})
	report = trace(t, o, trail.TraceQuery{Message: deadID, Scope: trail.Scope{Instance: "mq-1", Topic: "orders"}})
	if text := strings.Join(report.Verdict.Missing, " ") + report.Verdict.Why; !strings.Contains(text, "trace_message") {
		t.Errorf("the trace failed, and the headline %s does not say so: %s", report.Verdict.Verdict, text)
	}
}

// A key may fit several messages: the worst is the headline, the newest comes first.
func TestTraceSeveral(t *testing.T) {
	o := openShops(t, trail.Options{}, shop{name: "main"})
	report := trace(t, o, trail.TraceQuery{Message: "ORDER-1"})
	var got []string
	for _, life := range report.Lives {
		got = append(got, life.Message.Instance+" "+cmp.Or(life.Message.ID, "no id")+" "+string(life.Result.Verdict.Verdict))
	}
	if len(got) != 3 || !strings.HasPrefix(got[0], "mq-1 "+consumedID) {
		t.Errorf("the lives are %q", got)
	}
	if report.Verdict.Verdict != verdict.DeadLettered || !strings.Contains(report.Verdict.Why, "3 messages fit") {
		t.Errorf("the headline is %s: %s", report.Verdict.Verdict, report.Verdict.Why)
	}
}

func TestTraceAPosition(t *testing.T) {
	o := openShops(t, trail.Options{}, shop{name: "main"})
	report := trace(t, o, trail.TraceQuery{Message: "events-3:9007199254740993"})
	if len(report.Lives) != 1 || *report.Lives[0].Message.Offset != 9007199254740993 {
		t.Fatalf("the lives are %+v", report.Lives)
	}
	_, err := o.Trace(t.Context(), trail.TraceQuery{Message: "3:4711"})
	if problem := problemOf(t, err, sdk.CodeInvalidArguments); problem.Pointer != "/topic" {
		t.Errorf("the problem points at %s: %v", problem.Pointer, problem)
	}
}

// After discovery a trace is at most three rounds of calls deep.
func TestTraceRounds(t *testing.T) {
	o := openShops(t, trail.Options{}, shop{"main", `{"latency_ms": 400}`})
	for _, step := range []struct {
		name  string
		query trail.TraceQuery
		most  int
	}{
		{"with discovery", trail.TraceQuery{Message: deadID}, 5},
		{"again", trail.TraceQuery{Message: deadID}, 3},
		{"place named", trail.TraceQuery{Message: deadID, Scope: trail.Scope{Instance: "mq-1", Topic: "orders"}}, 3},
		{"by key", trail.TraceQuery{Message: "ORDER-1", Scope: trail.Scope{Instance: "mq-1"}}, 3},
		{"by its copy", trail.TraceQuery{Message: deadID, Scope: trail.Scope{Instance: "mq-1", Topic: "%DLQ%shipping"}}, 3},
	} {
		o.asked(t, "main")
		if report := trace(t, o, step.query); report.Verdict.Verdict != verdict.DeadLettered {
			t.Fatalf("%s: %s", step.name, report.Verdict.Verdict)
		}
		calls := o.asked(t, "main")
		if rounds := roundsOf(calls); rounds > step.most || rounds == 0 {
			t.Errorf("%s: %d rounds, want %d at most: %+v", step.name, rounds, step.most, calls)
		}
	}
}

// roundsOf is how many calls at most each began after the one before had ended.
func roundsOf(calls []asked) int {
	slices.SortFunc(calls, func(a, b asked) int { return cmp.Compare(a.Ended, b.Ended) })
	rounds, free := 0, int64(0)
	for _, call := range calls {
		if call.Began >= free {
			rounds, free = rounds+1, call.Ended
		}
	}
	return rounds
}

// A connection that fails or hangs is named, and takes nothing from the others.
func TestTraceWithBadConnections(t *testing.T) {
	o := openShops(t, trail.Options{Patience: 3 * time.Second}, shop{name: "good"},
		shop{"broken", `{"fail": ["list_resources"]}`}, shop{"stuck", `{"hang": ["find_messages", "trace_message"]}`},
		shop{"mute", `{"hang": ["list_resources"]}`})
	report := trace(t, o, trail.TraceQuery{Message: deadID})
	if report.Verdict.Verdict != verdict.DeadLettered {
		t.Errorf("the verdict is %s", report.Verdict.Verdict)
	}
	want := map[string]trail.Outcome{"good": trail.Found, "broken": trail.Failed, "stuck": trail.Failed, "mute": trail.Failed}
	got := map[string]trail.Outcome{}
	for _, looked := range report.Looked {
		if got[looked.Connection] == "" || looked.Outcome == trail.Found || looked.Outcome == trail.Failed {
			got[looked.Connection] = looked.Outcome
		}
		if looked.Outcome == trail.Failed && looked.Detail == "" {
			t.Errorf("%s failed without a reason", looked.Connection)
		}
	}
	for name, outcome := range want {
		if got[name] != outcome {
			t.Errorf("%s was looked in with %s, want %s", name, got[name], outcome)
		}
	}
	if summary := report.Summary(); !strings.Contains(summary.Looked, "broken") {
		t.Errorf("the summary does not name what failed: %q", summary.Looked)
	}
}

// What is not found is NOT_FOUND only where every place was looked in completely.
func TestTraceNothing(t *testing.T) {
	for name, c := range map[string]struct {
		shops []shop
		query trail.TraceQuery
		want  verdict.Name
		says  string
	}{
		"everywhere":      {[]shop{{name: "main"}}, trail.TraceQuery{Message: noSuchID, Scope: trail.Scope{Instance: "mq-1"}}, verdict.NotFound, "All were searched completely"},
		"in one topic":    {[]shop{{name: "main"}}, trail.TraceQuery{Message: noSuchID, Scope: trail.Scope{Instance: "mq-1", Topic: "orders"}}, verdict.NotFound, "orders"},
		"a failure":       {[]shop{{name: "main"}, {"broken", `{"fail":["find_messages"]}`}}, trail.TraceQuery{Message: noSuchID}, verdict.QueryFailed, "broken"},
		"no list":         {[]shop{{"broken", `{"fail":["list_resources"]}`}}, trail.TraceQuery{Message: noSuchID}, verdict.QueryFailed, "broken"},
		"frozen instance": {[]shop{{name: "main"}}, trail.TraceQuery{Message: "no-such-key"}, verdict.Unknown, "proves nothing"},
		"too many topics": {[]shop{{"main", `{"topics":250}`}}, trail.TraceQuery{Message: "no-such-key", Scope: trail.Scope{Instance: "mq-1"}}, verdict.Unknown, "At most 200 topics"},
		"before it":       {[]shop{{name: "main"}}, trail.TraceQuery{Message: noSuchID, Scope: trail.Scope{Instance: "mq-1", Topic: "orders"}, Range: trail.Range{Since: "2h"}}, verdict.OutOfWindow, ""},
	} {
		t.Run(name, func(t *testing.T) {
			o := openShops(t, trail.Options{}, c.shops...)
			report := trace(t, o, c.query)
			if report.Verdict.Verdict != c.want || !strings.Contains(report.Verdict.Why, c.says) {
				t.Errorf("the verdict is %s, want %s that says %q: %s", report.Verdict.Verdict, c.want, c.says, report.Verdict.Why)
			}
			if len(report.Verdict.Next) == 0 {
				t.Error("it does not say what to do next")
			}
			if len(report.Looked) == 0 || report.Window.From == "" || report.Window.To == "" {
				t.Errorf("it does not say where it looked: %+v %+v", report.Looked, report.Window)
			}
		})
	}
}

func TestTraceUnknownNames(t *testing.T) {
	o := openShops(t, trail.Options{}, shop{name: "main"}, shop{name: "other"})
	for name, c := range map[string]struct {
		scope      trail.Scope
		code, hint string
	}{
		"connection":              {trail.Scope{Connection: "mian"}, sdk.CodeUnknownConnection, "main"},
		"instance":                {trail.Scope{Instance: "mq-2"}, sdk.CodeNotFound, "mq-1"},
		"topic":                   {trail.Scope{Topic: "order"}, sdk.CodeNotFound, "orders"},
		"topic of an instance":    {trail.Scope{Instance: "mq-1", Topic: "orderz"}, sdk.CodeNotFound, "orders"},
		"topic, all named":        {trail.Scope{Connection: "main", Instance: "mq-1", Topic: "orderz"}, sdk.CodeNotFound, "orders"},
		"instance, all named":     {trail.Scope{Connection: "main", Instance: "mq-2", Topic: "orders"}, sdk.CodeNotFound, "mq-1"},
		"nothing near is listed":  {trail.Scope{Topic: "xxxxxxxxxxxx"}, sdk.CodeNotFound, "payments"},
		"an instance by its name": {trail.Scope{Instance: "shap"}, sdk.CodeNotFound, "shop"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := o.Trace(t.Context(), trail.TraceQuery{Message: deadID, Scope: c.scope})
			if problem := problemOf(t, err, c.code); !strings.Contains(problem.Hint, c.hint) {
				t.Errorf("the hint %q does not name %s", problem.Hint, c.hint)
			}
		})
	}
}

// Lists of resources are remembered for a minute, and forgotten when something is not there.
func TestTraceRemembersResources(t *testing.T) {
	o := openShops(t, trail.Options{}, shop{name: "main"})
	lists := func(query trail.TraceQuery) (count int) {
		t.Helper()
		_, _ = o.Trace(t.Context(), query) // what it finds does not matter here
		for _, call := range o.asked(t, "main") {
			if call.Verb == "list_resources" {
				count++
			}
		}
		return count
	}
	query := trail.TraceQuery{Message: deadID}
	if first := lists(query); first != 3 { // instances, and topics of the two that are usable
		t.Errorf("the first question listed %d times", first)
	}
	if second := lists(query); second != 0 {
		t.Errorf("the second question listed %d times", second)
	}
	lists(trail.TraceQuery{Message: deadID, Scope: trail.Scope{Instance: "mq-1", Topic: "gone"}})
	if again := lists(query); again > 3 {
		t.Errorf("after something was not there it listed %d times", again)
	}
}

func TestTraceCancelled(t *testing.T) {
	o := openShops(t, trail.Options{}, shop{"main", `{"hang": ["find_messages"]}`})
	ctx, cancel := context.WithCancel(t.Context())
	query := trail.TraceQuery{Message: "ORDER-1"}
	done := make(chan error, 1)
	go func() {
		_, err := o.Trace(ctx, query)
		done <- err
	}()
	cancel()
	wantProblem(t, <-done, sdk.CodeCancelled)
}

func TestTraceProgress(t *testing.T) {
	o := openShops(t, trail.Options{}, shop{name: "main"})
	var last, most int
	trace(t, o, trail.TraceQuery{Message: deadID, Progress: func(done, total int, _ string) { last, most = done, total }})
	if last == 0 || last != most {
		t.Errorf("progress ended at %d of %d", last, most)
	}
}
