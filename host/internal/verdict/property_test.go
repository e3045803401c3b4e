package verdict_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/mqtrail/mqtrail/host/internal/verdict"
	"github.com/mqtrail/mqtrail/sdk/trail"
)

// TestRandomCases holds the promises of a verdict against cases that need not make sense.
func TestRandomCases(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := randomCase().Draw(t, "case")
		before := encoded(c)
		result := verdict.Judge(c)
		if broken := promises(c, result); broken != "" {
			t.Fatal(broken)
		}
		if after := encoded(c); before != after {
			t.Fatalf("the case was changed:\n%s", cmp.Diff(before, after))
		}
	})
}

// TestOrder: the order of what was gathered does not matter.
func TestOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := randomCase().Draw(t, "case")
		shuffled := c
		if c.Trace != nil {
			trace := *c.Trace
			trace.Events, trace.Standings = shuffle(t, trace.Events), shuffle(t, trace.Standings)
			shuffled.Trace = &trace
		}
		shuffled.Subscriptions, shuffled.States = shuffle(t, c.Subscriptions), shuffle(t, c.States)
		shuffled.DeadLetters, shuffled.Failures = shuffle(t, c.DeadLetters), shuffle(t, c.Failures)
		shuffled.Calls, shuffled.Incomplete = shuffle(t, c.Calls), shuffle(t, c.Incomplete)
		if diff := cmp.Diff(encoded(verdict.Judge(c)), encoded(verdict.Judge(shuffled))); diff != "" {
			t.Fatalf("another order gives another verdict:\n%s", diff)
		}
	})
}

// TestLessIsNotSurer: what is absent is not surer when less was seen.
func TestLessIsNotSurer(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := randomCase().Draw(t, "case")
		less := c
		if rapid.Bool().Draw(t, "failure") {
			less.Failures = append(slices.Clone(c.Failures), trail.Call{Operation: "vendor_rocketmq_get_trace"})
		} else {
			less.Incomplete = append(slices.Clone(c.Incomplete), "Only 5 pages were read.")
		}
		full, cut := verdict.Judge(c), verdict.Judge(less)
		if absence(cut.Verdict.Verdict) && surer(cut.Confidence, confidenceOf(full.Verdict, cut.Verdict.Verdict)) {
			t.Fatalf("%s became %s by seeing less", cut.Verdict.Verdict, cut.Confidence)
		}
		for _, g := range cut.Groups {
			i := slices.IndexFunc(full.Groups, func(other verdict.Group) bool { return other.Group == g.Group })
			if i >= 0 && absence(g.Verdict.Verdict) && surer(g.Confidence, confidenceOf(full.Groups[i].Verdict, g.Verdict.Verdict)) {
				t.Fatalf("%s of %s became %s by seeing less", g.Verdict.Verdict, g.Group, g.Confidence)
			}
		}
	})
}

// TestRandomPlans: replication never panics, and only what the vendor told is proven.
func TestRandomPlans(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		plan := plan(t)
		result := verdict.JudgeReplication(plan, moment().Draw(t, "now"), rapid.Int64().Draw(t, "threshold"))
		if !strings.Contains(result.Why, verdict.Caveat) {
			t.Fatalf("the caveat is missing: %s", result.Why)
		}
		for _, g := range result.Groups {
			if g.Confidence == verdict.Proven && len(g.Evidence) == 0 {
				t.Fatalf("%s is proven without evidence", g.Verdict.Verdict)
			}
			if g.Verdict.Verdict == verdict.ReplicationOK && (g.DeltaMS == nil || g.StalenessMS == nil) {
				t.Fatal("it is well without times")
			}
		}
	})
}

// FuzzJudge: no case, however odd, breaks a promise.
func FuzzJudge(f *testing.F) {
	files, err := filepath.Glob("testdata/cases/*.json")
	if err != nil {
		f.Fatal(err)
	}
	for _, file := range files {
		if strings.HasSuffix(file, ".golden.json") {
			continue
		}
		data, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		var c verdict.Case
		if json.Unmarshal(data, &c) != nil {
			return
		}
		if broken := promises(c, verdict.Judge(c)); broken != "" {
			t.Fatal(broken)
		}
	})
}

// promises is the promise that a result breaks; empty when it keeps them all.
func promises(c verdict.Case, result verdict.Result) string {
	consumed := []verdict.Name{verdict.Consumed, verdict.ConsumedRetried, verdict.ConsumedTwice}
	partly := append(slices.Clone(consumed), verdict.PartlyConsumed)
	all := []verdict.Verdict{result.Verdict}
	for _, g := range result.Groups {
		all = append(all, g.Verdict)
		if slices.Contains(consumed, g.Verdict.Verdict) && !succeeded(c, g.Group) {
			return fmt.Sprintf("%s is %s without a success", g.Group, g.Verdict.Verdict)
		}
		if (g.Expected == nil) != (c.Subscriptions == nil) {
			return fmt.Sprintf("whether %s is expected is known, or not, against the subscriptions", g.Group)
		}
	}
	for _, v := range all {
		switch {
		case v.Confidence == verdict.Proven && len(v.Evidence) == 0:
			return fmt.Sprintf("%s is proven without evidence", v.Verdict)
		case v.Why == "" || v.Verdict == "" || v.Confidence == "":
			return fmt.Sprintf("a verdict says nothing: %+v", v)
		}
	}
	cut := len(c.Failures) > 0 || len(c.Incomplete) > 0
	switch headline := result.Verdict.Verdict; {
	case headline == verdict.NotFound && cut:
		return "NOT_FOUND, and not everything was seen"
	case absence(headline) && cut && result.Confidence != verdict.Unproven:
		return fmt.Sprintf("%s is %s, and not everything was seen", headline, result.Confidence)
	case slices.Contains(partly, headline) && !succeeded(c, ""):
		return fmt.Sprintf("%s without a success", headline)
	case c.Subscriptions == nil && (headline == verdict.Consumed || headline == verdict.ConsumedRetried):
		return "all consumed, and who all are is not known"
	}
	return ""
}

// succeeded: a group, or any when the name is empty, reported success.
func succeeded(c verdict.Case, group string) bool {
	return c.Trace != nil && slices.ContainsFunc(c.Trace.Events, func(e trail.Event) bool {
		return e.Stage == trail.StageConsumed && e.Outcome == trail.OK && (group == "" || e.Actor.Group == group)
	})
}

// absence: the verdict rests on something not being there.
func absence(name verdict.Name) bool {
	return slices.Contains([]verdict.Name{
		verdict.NotFound, verdict.NotConsumed, verdict.ProducedOnly, verdict.TxPending, verdict.DelayOverdue, verdict.NoSubscribers,
	}, name)
}

// confidenceOf is how sure a verdict is of a name; nothing at all when it says another.
func confidenceOf(v verdict.Verdict, name verdict.Name) verdict.Confidence {
	if v.Verdict != name {
		return verdict.Unproven
	}
	return v.Confidence
}

func surer(a, b verdict.Confidence) bool {
	order := []verdict.Confidence{verdict.Proven, verdict.Inferred, verdict.Unproven}
	return slices.Index(order, a) < slices.Index(order, b)
}

func encoded(value any) string {
	data, err := json.Marshal(value)
	if err != nil {
		return err.Error()
	}
	return string(data)
}

func shuffle[T any](t *rapid.T, items []T) []T {
	if len(items) == 0 {
		return items // an empty list stays one
	}
	return rapid.Permutation(items).Draw(t, "order")
}
