package verdict

import (
	"cmp"

	"github.com/mqtrail/mqtrail/sdk/trail"
)

// comparison is one checkpoint with what its plan and item say.
type comparison struct {
	trail.ReplicationCheckpoint
	plan           trail.ReplicationPlan
	item           trail.ReplicationItem
	now, threshold int64
}

var checkpointRules = []func(*comparison) *Verdict{
	(*comparison).notSyncing, // whatever the times say, and without them
	(*comparison).timeless,
	(*comparison).stale,
	(*comparison).ahead,
	(*comparison).lagging,
	(*comparison).even,
}

func (c *comparison) report() ReplicatedGroup {
	group := ReplicatedGroup{
		Item: c.item.ID, Checkpoint: c.ID,
		Topic:   cmp.Or(c.Source.Topic, c.item.Source.Topic, c.plan.Source.Topic),
		Group:   cmp.Or(c.Source.Group, c.item.Source.Group, c.Target.Group),
		DeltaMS: gap(c.SourceConsumed, c.TargetConsumed), FetchSkewMS: gap(c.SourceFetched, c.TargetFetched),
	}
	if told(c.LastSync) {
		staleness := c.now - c.LastSync.UnixMS
		group.StalenessMS = &staleness
	}
	for _, rule := range checkpointRules {
		if v := rule(c); v != nil {
			group.Verdict = v.on(c.Evidence).sealed()
			break
		}
	}
	return group
}

// told: vendors write 0 for a time that is none.
func told(t *trail.Time) bool { return t != nil && t.UnixMS > 0 }

// gap is a − b; nil when one is not told.
func gap(a, b *trail.Time) *int64 {
	if !told(a) || !told(b) {
		return nil
	}
	ms := a.UnixMS - b.UnixMS
	return &ms
}

// notSyncing: nobody carries progress over, so the target stands still.
func (c *comparison) notSyncing() *Verdict {
	no := func(told *bool) bool { return told != nil && !*told }
	since := ""
	if told(c.LastSync) {
		since = " Progress was carried over last at " + iso(c.LastSync) + "."
	}
	switch {
	case no(c.plan.Running):
		return found(NotSyncing, Proven, "The plan does not run"+quoted(c.plan.Status)+"."+since).on(c.plan.Evidence)
	case no(c.item.Running):
		return found(NotSyncing, Proven, "The item does not run"+quoted(c.item.Status)+"."+since).on(c.item.Evidence)
	case no(c.plan.AutoSync):
		return found(NotSyncing, Proven, "Progress is not carried over by itself: that is switched off."+since).on(c.plan.Evidence)
	case c.plan.Kind == "two_way":
		return found(NotSyncing, Inferred, "Two-way plans do not carry progress over by themselves."+since).on(c.plan.Evidence)
	case no(c.TargetOnline):
		return found(NotSyncing, Proven, "No consumer of the target's group is connected, and progress is not carried over while none is."+since)
	}
	return nil
}

func (c *comparison) timeless() *Verdict {
	v := found(Unknown, Unproven, "How far the two ends are apart is not told.")
	for _, one := range []struct {
		time *trail.Time
		what string
	}{
		{c.SourceConsumed, "Up to when the source's group has consumed is not told."},
		{c.TargetConsumed, "Up to when the target's group has consumed is not told."},
		{c.LastSync, "When progress was carried over last is not told."},
	} {
		if !told(one.time) {
			v.without(one.what)
		}
	}
	if len(v.Missing) == 0 {
		return nil
	}
	return v
}

func (c *comparison) stale() *Verdict {
	period, doubt := c.period()
	age := c.now - c.LastSync.UnixMS
	if age <= missedSyncs*period {
		return nil
	}
	v := found(Stale, Proven, "Progress was carried over last at "+iso(c.LastSync)+", "+span(age)+" ago, and should be every "+span(period)+".")
	if doubt != "" || c.LastSync.ZoneSource == trail.ZoneAssumed {
		v.Confidence = Inferred
	}
	return v.without(doubt)
}

// period is how often progress should be carried over.
func (c *comparison) period() (ms int64, doubt string) {
	switch {
	case c.plan.SyncPeriodMS != nil && *c.plan.SyncPeriodMS > 0:
		return *c.plan.SyncPeriodMS, ""
	case c.plan.AutoSync != nil:
		return defaultSyncPeriod, ""
	}
	return defaultSyncPeriod, "How often progress is carried over is not told: every " + span(defaultSyncPeriod) + " is assumed."
}

func (c *comparison) ahead() *Verdict {
	delta := *gap(c.SourceConsumed, c.TargetConsumed)
	if delta >= 0 {
		return nil
	}
	return c.apart(TargetAhead, "The target is "+span(-delta)+" ahead of the source: a switch now may skip that much, and those messages would be lost.", -delta)
}

func (c *comparison) lagging() *Verdict {
	delta := *gap(c.SourceConsumed, c.TargetConsumed)
	if delta <= c.threshold {
		return nil
	}
	return c.apart(ReplicationLagging, "The target is "+span(delta)+" behind the source: a switch now does about that much again, so expect duplicates.", delta-c.threshold)
}

func (c *comparison) even() *Verdict {
	delta := *gap(c.SourceConsumed, c.TargetConsumed)
	why := "Both ends are at the same place."
	if delta > 0 {
		why = "The target is " + span(delta) + " behind the source, which is fine up to " + span(c.threshold) + "; a switch now does about that much again."
	}
	return c.apart(ReplicationOK, why, c.threshold-delta)
}

// apart is only as sure as the margin is wide: the two ends were not looked at in the same moment, and they move.
func (c *comparison) apart(name Name, why string, margin int64) *Verdict {
	v := found(name, Proven, why)
	skew := gap(c.SourceFetched, c.TargetFetched)
	switch {
	case skew == nil:
		v.Confidence = Inferred
		v.without("When the vendor looked at the two ends is not told: they may have been looked at in different moments.")
	case max(*skew, -*skew) > margin:
		v.Confidence = Inferred
		v.without("The vendor looked at the two ends " + span(max(*skew, -*skew)) + " apart, which may be all the difference.")
	}
	return v
}
