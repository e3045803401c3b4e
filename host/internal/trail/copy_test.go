package trail_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/mqtrail/mqtrail/host/internal/trail"
	"github.com/mqtrail/mqtrail/host/internal/verdict"
)

// A dead letter that looks like a message of its own is told with its original, however it was found.
func TestTraceFoldsACopyIntoItsOrigin(t *testing.T) {
	for name, query := range map[string]trail.TraceQuery{
		"by the key of both":  {Message: "ORDER-1", Scope: trail.Scope{Instance: "mq-1"}},
		"by the copy's id":    {Message: copyID},
		"by the copy's topic": {Message: "ORDER-1", Scope: trail.Scope{Instance: "mq-1", Topic: "DLQ_shipping"}},
		"by the origin's id":  {Message: deadID},
	} {
		t.Run(name, func(t *testing.T) {
			o := openShops(t, trail.Options{}, shop{"main", `{"plain": true}`})
			report := trace(t, o, query)
			if report.Verdict.Verdict != verdict.DeadLettered || report.More != 0 {
				t.Errorf("the verdict is %s, and %d more: %s", report.Verdict.Verdict, report.More, report.Verdict.Why)
			}
			if slices.ContainsFunc(report.Lives, func(l trail.Life) bool { return l.Message.ID == copyID }) {
				t.Errorf("the copy has a life of its own among %d", len(report.Lives))
			}
			at := slices.IndexFunc(report.Lives, func(l trail.Life) bool { return l.Message.ID == deadID })
			if at < 0 {
				t.Fatal("the original is not among the lives")
			}
			if copies := report.Lives[at].Copies; len(copies) != 1 || copies[0].ID != copyID || copies[0].DeadLetterGroup != "shipping" {
				t.Errorf("the copies are %+v", copies)
			}
		})
	}
}

// Where the search of the dead letters fails the copy is still told with its original.
func TestTraceFoldsACopyWithoutTheQueue(t *testing.T) {
	o := openShops(t, trail.Options{}, shop{"main", `{"plain": true, "buried": true}`})
	report := trace(t, o, trail.TraceQuery{Message: "ORDER-1", Scope: trail.Scope{Instance: "mq-1"}})
	at := slices.IndexFunc(report.Lives, func(l trail.Life) bool { return l.Message.ID == deadID })
	if len(report.Lives) != 2 || at < 0 || len(report.Lives[at].Copies) != 1 {
		t.Fatalf("%d lives; the original is the %d.: %s", len(report.Lives), at+1, report.Verdict.Why)
	}
	if text := strings.Join(report.Verdict.Missing, " "); !strings.Contains(text, "dead letters of shipping") {
		t.Errorf("what failed is not named: %q", text)
	}
}

// An id that is found without a topic is looked for once in an instance; else in every topic.
func TestTraceAsksAnywhereOnce(t *testing.T) {
	for name, c := range map[string]struct {
		settings, message string
		want              []string
	}{
		"anywhere":      {`{"anywhere": true}`, paymentID, []string{""}},
		"nowhere":       {`{"anywhere": true}`, noSuchID, []string{"", "orders", "payments"}},
		"by topic only": {`{}`, paymentID, []string{"orders", "payments"}},
	} {
		t.Run(name, func(t *testing.T) {
			o := openShops(t, trail.Options{}, shop{"main", c.settings})
			report := trace(t, o, trail.TraceQuery{Message: c.message, As: "id", Scope: trail.Scope{Instance: "mq-1"}})
			if c.message == paymentID && (len(report.Lives) != 1 || report.Lives[0].Message.Topic != "payments" || len(report.Lives[0].Events) == 0) {
				t.Errorf("the lives are %+v", report.Lives)
			}
			if c.message == noSuchID && report.Verdict.Verdict != verdict.NotFound {
				t.Errorf("%s: %s", report.Verdict.Verdict, report.Verdict.Why)
			}
			var asked []string
			for _, call := range o.asked(t, "main") {
				if call.Verb == "find_messages" && call.Group == "" {
					asked = append(asked, call.Topic)
				}
			}
			slices.Sort(asked)
			if !slices.Equal(asked, c.want) {
				t.Errorf("asked in %q, want %q", asked, c.want)
			}
		})
	}
}
