package trail_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/mqtrail/mqtrail/host/internal/gateway"
	"github.com/mqtrail/mqtrail/host/internal/operations"
	"github.com/mqtrail/mqtrail/host/internal/trail"
	"github.com/mqtrail/mqtrail/host/internal/verdict"
	"github.com/mqtrail/mqtrail/sdk"
)

// The neutral operations stand behind the host's own tools, and are called by name.
func TestNeutralOperationsAreNotListed(t *testing.T) {
	o := openShops(t, trail.Options{}, shop{name: "main"})
	for _, operation := range append(o.gateway.Catalogue().All(), o.gateway.Catalogue().Search(operations.Query{Words: "trace message"})...) {
		if operation.Product == "trail" {
			t.Errorf("%s is listed", operation.Name)
		}
	}
	operation, err := o.gateway.Lookup("shop_trail_trace_message")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := o.gateway.Catalogue().Describe(operation); err != nil {
		t.Error(err)
	}
	if _, err := o.gateway.Call(t.Context(), gateway.Call{Operation: "shop_trail_list_resources", Arguments: []byte(`{"kind":"instance","limit":5}`)}); err != nil {
		t.Error(err)
	}
}

func foundIDs(messages []trail.Located) []string {
	var ids []string
	for _, message := range messages {
		ids = append(ids, message.Connection+" "+message.Topic+" "+message.ID)
	}
	return ids
}

// Two connections are one list, newest first, told in pages that miss nothing and repeat nothing.
func TestFindMergesAndGoesOn(t *testing.T) {
	o := openShops(t, trail.Options{}, shop{"a", `{"page": 1}`}, shop{name: "b"})
	want := []string{
		"a payments " + paymentID, "b payments " + paymentID, "a orders " + consumedID, "b orders " + consumedID, "a orders " + deadID, "b orders " + deadID,
	}
	query := trail.FindQuery{Scope: trail.Scope{Instance: "mq-1"}}
	report, err := o.Find(t.Context(), query)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, foundIDs(report.Messages)); diff != "" || report.Next != "" {
		t.Errorf("in one answer (next %q):\n%s", report.Next, diff)
	}
	var told []string
	query.Limit = 2
	for range 5 {
		report, err := o.Find(t.Context(), query)
		if err != nil {
			t.Fatal(err)
		}
		told = append(told, foundIDs(report.Messages)...)
		if query.Cursor = report.Next; report.Next == "" {
			break
		}
	}
	if diff := cmp.Diff(want, told); diff != "" {
		t.Errorf("in pages of two:\n%s", diff)
	}
	query.Cursor, query.Key = "AAAA", "x"
	_, err = o.Find(t.Context(), query)
	wantProblem(t, err, sdk.CodeInvalidArguments)
}

func TestFindDeadLetters(t *testing.T) {
	o := openShops(t, trail.Options{}, shop{name: "main"})
	report, err := o.Find(t.Context(), trail.FindQuery{DeadLettersOf: "shipping"})
	if err != nil {
		t.Fatal(err)
	}
	if len(report.Messages) != 1 || report.Messages[0].DeadLetterGroup != "shipping" {
		t.Errorf("the dead letters are %+v", report.Messages)
	}
	_, err = o.Find(t.Context(), trail.FindQuery{DeadLettersOf: "shiping"})
	if problem := problemOf(t, err, sdk.CodeNotFound); !strings.Contains(problem.Hint, "shipping") {
		t.Errorf("the hint is %q", problem.Hint)
	}
}

// A place that fails is said, whatever the others found.
func TestFindSaysWhatFailed(t *testing.T) {
	o := openShops(t, trail.Options{}, shop{name: "good"}, shop{"broken", `{"fail": ["find_messages"]}`})
	report, err := o.Find(t.Context(), trail.FindQuery{Key: "PAYMENT-1", Range: trail.Range{Since: "2d"}})
	if err != nil {
		t.Fatal(err)
	}
	if len(report.Messages) != 1 || !strings.Contains(strings.Join(report.Incomplete, " "), "broken/mq-1") {
		t.Errorf("%d messages; incomplete: %q", len(report.Messages), report.Incomplete)
	}
}

func TestMessage(t *testing.T) {
	o := openShops(t, trail.Options{}, shop{name: "main"})
	report, err := o.Message(t.Context(), trail.MessageQuery{MessageID: paymentID, BodyLimit: 100})
	if err != nil {
		t.Fatal(err)
	}
	body := report.Message.Body
	if report.Message.Topic != "payments" || body.Bytes != 100 || !body.Truncated || body.TotalBytes != 5011 {
		t.Errorf("the message is in %s, its body %+v", report.Message.Topic, body)
	}
	if report.Attributes["messaging.message.id"] != paymentID {
		t.Errorf("the attributes are %v", report.Attributes)
	}
	partition, offset := int64(3), int64(9007199254740993)
	report, err = o.Message(t.Context(), trail.MessageQuery{Scope: trail.Scope{Topic: "events"}, Partition: &partition, Offset: &offset})
	if err != nil {
		t.Fatal(err)
	}
	if report.Message.Instance != "kafka-1" || *report.Message.Offset != offset {
		t.Errorf("at the position is %+v", report.Message)
	}
}

// Exactly one message, or a problem that says why not.
func TestMessageProblems(t *testing.T) {
	two := openShops(t, trail.Options{}, shop{name: "a"}, shop{name: "b"})
	_, err := two.Message(t.Context(), trail.MessageQuery{MessageID: paymentID})
	if problem := problemOf(t, err, sdk.CodeInvalidArguments); !strings.Contains(problem.Message, "connection a") || !strings.Contains(problem.Message, "connection b") {
		t.Errorf("the places are not listed: %v", problem)
	}
	one := openShops(t, trail.Options{}, shop{name: "a"}, shop{"b", `{"fail": ["get_message"]}`})
	_, err = one.Message(t.Context(), trail.MessageQuery{MessageID: noSuchID})
	if problem := problemOf(t, err, sdk.CodeVendorError); !strings.Contains(problem.Message, "b/mq-1") {
		t.Errorf("what failed is not named: %v", problem)
	}
	_, err = one.Message(t.Context(), trail.MessageQuery{Scope: trail.Scope{Connection: "a", Instance: "mq-1"}, MessageID: noSuchID})
	wantProblem(t, err, sdk.CodeNotFound)
	_, err = one.Message(t.Context(), trail.MessageQuery{Scope: trail.Scope{Connection: "a", Instance: "mq-1", Topic: "order"}, MessageID: deadID})
	if problem := problemOf(t, err, sdk.CodeNotFound); !strings.Contains(problem.Hint, "orders") {
		t.Errorf("the hint is %q", problem.Hint)
	}
	_, err = one.Message(t.Context(), trail.MessageQuery{})
	wantProblem(t, err, sdk.CodeInvalidArguments)
}

func lagGroups(report *trail.LagReport) []string {
	var groups []string
	for _, group := range report.Groups {
		text := group.Group
		if group.Problem != "" {
			text += " unknown"
		}
		groups = append(groups, text)
	}
	return groups
}

// Those of which nothing is known come first, then the worst; nothing unknown is shown as zero.
func TestLag(t *testing.T) {
	o := openShops(t, trail.Options{}, shop{name: "main"})
	for name, c := range map[string]struct {
		query trail.LagQuery
		want  []string
	}{
		"one group":      {trail.LagQuery{Group: "reports"}, []string{"reports"}},
		"of a topic":     {trail.LagQuery{Scope: trail.Scope{Topic: "orders"}}, []string{"reports", "billing", "shipping"}},
		"of an instance": {trail.LagQuery{Scope: trail.Scope{Instance: "mq-1"}}, []string{"reports", "billing", "shipping"}},
		"of everything":  {trail.LagQuery{}, []string{"silent unknown", "reports", "audit", "billing", "shipping"}},
	} {
		t.Run(name, func(t *testing.T) {
			report, err := o.Lag(t.Context(), c.query)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(c.want, lagGroups(report)); diff != "" {
				t.Error(diff)
			}
		})
	}
	report, err := o.Lag(t.Context(), trail.LagQuery{})
	if err != nil {
		t.Fatal(err)
	}
	summary := report.Summary()
	if summary.Unknown != 1 || summary.Behind != 1 || summary.Groups[0].Messages != nil || summary.Groups[0].Problem == "" {
		t.Errorf("the summary is %+v", summary)
	}
	if got := *summary.Groups[1].Messages; got != 9007199254740993 {
		t.Errorf("%d messages wait", got)
	}
	_, err = o.Lag(t.Context(), trail.LagQuery{Group: "report"})
	if problem := problemOf(t, err, sdk.CodeNotFound); !strings.Contains(problem.Hint, "reports") {
		t.Errorf("the hint is %q", problem.Hint)
	}
}

func TestReplication(t *testing.T) {
	o := openShops(t, trail.Options{}, shop{name: "main"}, shop{"lacking", `{"lack": ["replication_status"]}`}, shop{"broken", `{"fail": ["replication_status"]}`})
	report, err := o.Replication(t.Context(), trail.ReplicationQuery{})
	if err != nil {
		t.Fatal(err)
	}
	if len(report.Plans) != 1 || report.Plans[0].Result.Verdict.Verdict != verdict.ReplicationLagging || report.Caveat == "" {
		t.Errorf("the plans are %+v", report.Plans)
	}
	if next := report.Plans[0].Result.Next; len(next) == 0 || next[0].Arguments["connection"] != "main" || next[0].Arguments["plan"] != "plan-1" {
		t.Errorf("the next calls are %+v", next)
	}
	outcomes := map[string]trail.Outcome{}
	for _, looked := range report.Looked {
		outcomes[looked.Connection] = looked.Outcome
	}
	if diff := cmp.Diff(map[string]trail.Outcome{"main": trail.Found, "lacking": trail.NotOffered, "broken": trail.Failed}, outcomes); diff != "" {
		t.Error(diff)
	}
	_, err = o.Replication(t.Context(), trail.ReplicationQuery{Connection: "main", Plan: "plan-2"})
	if problem := problemOf(t, err, sdk.CodeNotFound); !strings.Contains(problem.Hint, "plan-1") {
		t.Errorf("the hint is %q", problem.Hint)
	}
}

func TestList(t *testing.T) {
	o := openShops(t, trail.Options{}, shop{name: "a"}, shop{name: "b"}, shop{"broken", `{"fail": ["list_resources"]}`})
	var told []string
	query := trail.ListQuery{Kind: "topics", Limit: 3}
	for range 10 {
		report, err := o.List(t.Context(), query)
		if err != nil {
			t.Fatal(err)
		}
		for _, resource := range report.Resources {
			told = append(told, resource.Connection+"/"+resource.Instance+"/"+resource.ID)
		}
		if query.Cursor == "" && !strings.Contains(strings.Join(report.Incomplete, " "), "broken") {
			t.Errorf("what failed is not named: %q", report.Incomplete)
		}
		if query.Cursor = report.Next; report.Next == "" {
			break
		}
	}
	var want []string
	for _, connection := range []string{"a", "b"} {
		for _, topic := range []string{"kafka-1/__consumer_offsets", "kafka-1/events", "mq-1/%DLQ%shipping", "mq-1/%RETRY%shipping", "mq-1/orders", "mq-1/payments"} {
			want = append(want, connection+"/"+topic)
		}
	}
	if diff := cmp.Diff(want, told); diff != "" {
		t.Error(diff)
	}
	_, err := o.List(t.Context(), trail.ListQuery{Kind: "topik"})
	if problem := problemOf(t, err, sdk.CodeInvalidArguments); !strings.Contains(problem.Hint, "topic") {
		t.Errorf("the hint is %q", problem.Hint)
	}
	_, err = o.List(t.Context(), trail.ListQuery{Kind: "topic", Scope: trail.Scope{Connection: "a", Instance: "mq-2"}})
	wantProblem(t, err, sdk.CodeNotFound)
	instances, err := o.List(t.Context(), trail.ListQuery{Kind: "instance", Scope: trail.Scope{Connection: "a"}})
	if err != nil || !slices.ContainsFunc(instances.Resources, func(r trail.Listed) bool { return r.ID == "mq-frozen" && !*r.Usable }) {
		t.Errorf("the instances are %+v, %v", instances, err)
	}
}

// Raw answers have the vendors' own, 64-bit numbers as they were.
func TestRaw(t *testing.T) {
	o := openShops(t, trail.Options{Patience: time.Minute}, shop{name: "main"})
	report := trace(t, o, trail.TraceQuery{Message: consumedID, Raw: true})
	if len(report.Lives) != 1 {
		t.Fatalf("%d lives", len(report.Lives))
	}
	for _, call := range report.Lives[0].Calls {
		if !strings.Contains(string(call.Answer), "9007199254740993") {
			t.Errorf("%s has the answer %s", call.Operation, call.Answer)
		}
	}
	if report.Raw().Report != report || report.Summary().Report != nil {
		t.Error("the whole report is in the wrong detail")
	}
}
