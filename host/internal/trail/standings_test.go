package trail_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/mqtrail/mqtrail/host/internal/trail"
	"github.com/mqtrail/mqtrail/host/internal/verdict"
)

// What a vendor says group by group is asked of the groups that no trace shows, and only infers.
func TestTraceAsksGroupByGroup(t *testing.T) {
	for name, c := range map[string]struct {
		settings string
		asked    []string
		want     map[string]verdict.Name
	}{
		"beside a trace": {`{"standings": "beside", "lack": ["consumer_lag"]}`, []string{"", "reports"},
			map[string]verdict.Name{"billing": verdict.Consumed, "reports": verdict.NotConsumed, "shipping": verdict.DeadLettered}},
		"instead of a trace": {`{"standings": "alone", "lack": ["consumer_lag"]}`, []string{"", "billing,reports,shipping"},
			map[string]verdict.Name{"billing": verdict.OffsetPassed, "reports": verdict.NotConsumed, "shipping": verdict.DeadLettered}},
		"not at all": {`{}`, []string{""},
			map[string]verdict.Name{"billing": verdict.Consumed, "reports": verdict.NotConsumed, "shipping": verdict.DeadLettered}},
	} {
		t.Run(name, func(t *testing.T) {
			o := openShops(t, trail.Options{}, shop{"main", c.settings})
			life := trace(t, o, trail.TraceQuery{Message: deadID, Scope: trail.Scope{Instance: "mq-1", Topic: "orders"}}).Lives[0]
			got := map[string]verdict.Name{}
			for _, group := range life.Result.Groups {
				got[group.Group] = group.Verdict.Verdict
				if group.Verdict.Verdict == verdict.OffsetPassed && (group.Confidence != verdict.Inferred || !strings.Contains(group.Why, "does not say that it was consumed")) {
					t.Errorf("%s: %s, %s", group.Group, group.Confidence, group.Why)
				}
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Error(diff)
			}
			var asked []string
			for _, call := range o.asked(t, "main") {
				if call.Verb == "trace_message" {
					asked = append(asked, call.Group)
				}
			}
			slices.Sort(asked)
			if diff := cmp.Diff(c.asked, asked); diff != "" {
				t.Error(diff)
			}
		})
	}
}
