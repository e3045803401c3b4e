package verdict

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/mqtrail/mqtrail/sdk/trail"
)

// Caveat says what the numbers about replication are not.
const Caveat = "These numbers say how far consumers' progress differs between the two ends, not how much data a loss of the source would lose."

// What is assumed of replication.
const (
	// DefaultThreshold is how far behind progress may be, in ms: minutes are normal.
	DefaultThreshold = 5 * minute
	// defaultSyncPeriod is how often progress is carried over by itself, in ms.
	defaultSyncPeriod = 10 * second
	// missedSyncs is after how many periods without one progress counts as stale.
	missedSyncs = 3
)

// Replication is what can be said about one plan. It is skew of consumer progress, not exposure to data loss.
type Replication struct {
	Verdict
	// Repeats is about how much consumed work a switch now would do again, in ms of messages: that of the group that is
	// furthest behind, for the groups' spans lie over each other. nil when no group's is known.
	Repeats *int64 `json:"repeats_ms,omitempty"`
	// Skips is about how much a switch now may skip, in ms of messages: that of the group that is furthest ahead. nil
	// when no group's is known.
	Skips  *int64            `json:"skips_ms,omitempty"`
	Groups []ReplicatedGroup `json:"groups,omitempty"`
}

// ReplicatedGroup is the verdict about one checkpoint of a plan.
type ReplicatedGroup struct {
	Item       string `json:"item"`
	Checkpoint string `json:"checkpoint"`
	Topic      string `json:"topic,omitempty"`
	Group      string `json:"group,omitempty"`
	Verdict
	// DeltaMS is source progress minus target progress: above 0 the target is behind.
	DeltaMS *int64 `json:"delta_ms,omitempty"`
	// FetchSkewMS is how far apart the vendor looked at the two ends.
	FetchSkewMS *int64 `json:"fetch_skew_ms,omitempty"`
	// StalenessMS is how long ago progress was carried over.
	StalenessMS *int64 `json:"staleness_ms,omitempty"`
}

// replicationSeverity is what matters first before a switch: messages that nobody would get, then numbers that are no
// longer true, then work done again.
var replicationSeverity = []Name{TargetAhead, NotSyncing, Stale, ReplicationLagging, Unknown, ReplicationOK}

// JudgeReplication judges one plan at a moment (ms since 1970). thresholdMS is how far behind is still fine; 0 is
// five minutes.
func JudgeReplication(plan trail.ReplicationPlan, now, thresholdMS int64) Replication {
	if thresholdMS <= 0 {
		thresholdMS = DefaultThreshold
	}
	var result Replication
	for _, item := range ordered(plan.Items) {
		for _, checkpoint := range ordered(item.Checkpoints) {
			c := comparison{plan: plan, item: item, ReplicationCheckpoint: checkpoint, now: now, threshold: thresholdMS}
			group := c.report()
			result.Groups = append(result.Groups, group)
			if group.DeltaMS != nil {
				result.Repeats = largest(result.Repeats, *group.DeltaMS)
				result.Skips = largest(result.Skips, -*group.DeltaMS)
			}
		}
	}
	slices.SortStableFunc(result.Groups, func(a, b ReplicatedGroup) int {
		return cmp.Or(
			cmp.Compare(slices.Index(replicationSeverity, a.Verdict.Verdict), slices.Index(replicationSeverity, b.Verdict.Verdict)),
			surer(a.Confidence, b.Confidence), cmp.Compare(a.Group, b.Group), cmp.Compare(a.Topic, b.Topic),
		)
	})
	v := planVerdict(plan, result.Groups)
	v.Why += " " + Caveat
	for _, item := range ordered(plan.Items) {
		if item.DataBehindMS != nil {
			v.Why += fmt.Sprintf(" The data of %s is %s behind.", cmp.Or(item.Source.Topic, item.ID), span(max(*item.DataBehindMS, 0)))
			v.on(item.Evidence)
		}
	}
	result.Verdict = v.sealed()
	return result
}

// largest is the larger of two, and not less than 0.
func largest(known *int64, ms int64) *int64 {
	ms = max(ms, 0)
	if known != nil {
		ms = max(ms, *known)
	}
	return &ms
}

// planVerdict is the worst of the groups' verdicts, which are in this order.
func planVerdict(plan trail.ReplicationPlan, groups []ReplicatedGroup) *Verdict {
	again := Next{Tool: "replication_status", Arguments: map[string]any{"plan": plan.ID}, Why: "See whether it changes."}
	if len(groups) == 0 {
		if plan.Running != nil && !*plan.Running {
			return found(NotSyncing, Proven, "The plan does not run"+quoted(plan.Status)+".").on(plan.Evidence).then(again)
		}
		return found(Unknown, Unproven, "The plan shows no checkpoint, so nothing is known of the groups' progress.").on(plan.Evidence).then(again)
	}
	worst := groups[0]
	alike, unknown := 0, 0
	for _, g := range groups {
		if g.Verdict.Verdict == worst.Verdict.Verdict {
			alike++
		}
		if g.Verdict.Verdict == Unknown {
			unknown++
		}
	}
	v := found(worst.Verdict.Verdict, worst.Confidence, fmt.Sprintf("%d of %d checkpoints: %s", alike, len(groups), worst.Why)).
		on(worst.Evidence...).without(worst.Missing...).then(again)
	if worst.Verdict.Verdict == ReplicationOK {
		for _, g := range groups {
			v.Confidence = weakest(v.Confidence, g.Confidence)
			v.on(g.Evidence...)
		}
	}
	if unknown > 0 {
		v.without(fmt.Sprintf("Nothing is known of %d of %d checkpoints.", unknown, len(groups)))
	}
	return v
}
