package life

import (
	"fmt"

	"github.com/mqtrail/mqtrail/host/internal/verdict"
	"github.com/mqtrail/mqtrail/sdk/trail"
)

// Allows says how a result contradicts the life; nil when it does not. What is proven has to be true. What is inferred
// may be wrong, though never against what was told, and never by calling something consumed that was not.
func (l Life) Allows(result verdict.Result) error {
	for _, g := range result.Groups {
		if err := l.AllowsGroup(g); err != nil {
			return err
		}
	}
	return l.AllowsHeadline(result.Verdict)
}

// AllowsGroup is Allows for the verdict about one group.
func (l Life) AllowsGroup(told verdict.Group) error {
	for i := range l.Groups {
		if l.Groups[i].Name == told.Group {
			if reason := l.against(&l.Groups[i], told.Verdict); reason != "" {
				return fmt.Errorf("%s (%s) of the group %s: %s", told.Verdict.Verdict, told.Confidence, told.Group, reason)
			}
			return nil
		}
	}
	return fmt.Errorf("there is no group %s", told.Group)
}

// against is what speaks against a verdict about a group; empty when nothing does.
func (l *Life) against(g *Group, v verdict.Verdict) string {
	proven := v.Confidence == verdict.Proven
	last := Delivery{}
	if len(g.Deliveries) > 0 {
		last = g.Deliveries[len(g.Deliveries)-1]
	}
	switch v.Verdict {
	case verdict.Consumed:
		return unless(g.successes() >= 1, "no delivery succeeded")
	case verdict.ConsumedTwice:
		return unless(g.successes() >= 2 && (!proven || g.Mode == trail.Clustering), "there were not two successes in a clustering group")
	case verdict.ConsumedRetried:
		return unless(g.retried() || !proven && g.successes() > 0 && g.failures() > 0, "no success followed a failure")
	case verdict.DeadLettered:
		return unless(g.Dead != 0, "it is no dead letter")
	case verdict.Retrying:
		truly := last.Ended != 0 && !last.OK && g.Dead == 0 && last.Number < g.MaxAttempts && g.Mode == trail.Clustering
		return unless(g.failures() > 0 && (truly || !proven), "the last attempt did not fail with more to come")
	case verdict.InFlight:
		truly := last.Number != 0 && last.Ended == 0
		return unless(last.Number != 0 && (truly || !proven), "no delivery is open")
	}
	if proven {
		return "that can never be proven"
	}
	if v.Confidence == verdict.Unproven {
		return ""
	}
	switch v.Verdict {
	case verdict.RetriesExhausted:
		return unless(g.failures() > 0, "no attempt failed")
	case verdict.AckTimeout:
		return unless(last.Number != 0, "it was never delivered")
	case verdict.Filtered:
		return unless(!g.wants(l.Tag), "the group wants the tag "+l.Tag)
	case verdict.OffsetPassed:
		return unless(g.Committed > l.Offset, "the group's position is not past it")
	case verdict.NotConsumed:
		open := g.Committed <= l.Offset || l.wholeTrace() || l.onlyBacklog(g)
		return unless(!l.toldSuccess(g.Name) && open, "a success was told, or only a position past it")
	case verdict.Unknown:
		return "what is unknown is not inferred"
	}
	return "that is no verdict about a group"
}

// wholeTrace: the trace was told, and says of itself that it has everything.
func (l *Life) wholeTrace() bool {
	return l.Told.TraceOffered && !l.Told.TraceFails && l.Told.Recording != nil && *l.Told.Recording
}

// onlyBacklog: the group is not connected, and no more is told of its position than that messages wait.
func (l *Life) onlyBacklog(g *Group) bool {
	return l.Told.Backlog && !l.Told.Standings && !g.Online && g.Waiting > 0
}

// toldSuccess: the trace showed that the group, or any when the name is empty, consumed it.
func (l *Life) toldSuccess(group string) bool {
	for _, e := range l.shown() {
		if e.Stage == trail.StageConsumed && e.Outcome == trail.OK && (group == "" || e.Actor.Group == group) {
			return true
		}
	}
	return false
}

// AllowsHeadline is Allows for the headline.
func (l Life) AllowsHeadline(v verdict.Verdict) error {
	if reason := l.againstHeadline(v); reason != "" {
		return fmt.Errorf("%s (%s): %s", v.Verdict, v.Confidence, reason)
	}
	return nil
}

func (l *Life) againstHeadline(v verdict.Verdict) string {
	proven := v.Confidence == verdict.Proven
	if v.Confidence == verdict.Unproven {
		return ""
	}
	switch v.Verdict {
	case verdict.QueryFailed:
		return unless(l.Told.TraceFails, "no call failed")
	case verdict.NotFound:
		return unless(len(l.Told.Incomplete) == 0 && !l.Told.TraceFails && (!l.Kept() || !proven && !l.inWindow(l.Stored)), "the broker has it, or not everything was seen")
	case verdict.OutOfWindow:
		return unless(!l.Kept() || !l.inWindow(l.Stored), "it is kept, and in the window")
	case verdict.SendFailed:
		return unless(len(l.Sends) > 0 && (l.Stored == 0 || !proven), "it was stored")
	case verdict.Recalled:
		return unless(l.Recalled != 0 && l.RecallOK, "it was not taken back")
	case verdict.TxRolledBack:
		return unless(l.Transaction != nil && l.Transaction.Ended != 0 && !l.Transaction.Commit, "it was not rolled back")
	case verdict.TxPending:
		return unless(l.Transaction != nil && (l.Transaction.Ended == 0 || !proven), "no transaction is open")
	case verdict.Delayed:
		return unless(l.DeliverAt > l.Now && (l.Recalled == 0 || !l.RecallOK || !proven), "it is not scheduled for later")
	case verdict.DelayOverdue:
		return unless(l.DeliverAt != 0 && l.DeliverAt < l.Now && !proven, "it is not late")
	case verdict.NoSubscribers:
		return unless(l.subscribed() == 0, "groups subscribe")
	case verdict.PartlyConsumed:
		return unless(l.toldSuccess("") && !proven, "nobody is told to have consumed it")
	case verdict.ProducedOnly:
		return unless(!l.toldSuccess("") && !proven, "somebody is told to have consumed it")
	case verdict.Consumed, verdict.ConsumedRetried:
		if proven && !l.consumedByAll() {
			return "a group that subscribes has not consumed it"
		}
		return unless(l.toldSuccess("") && l.Told.Subscriptions, "nobody is told to have consumed it, or who should have is not known")
	}
	return l.againstWorst(v)
}

// againstWorst: any other headline is that of a group.
func (l *Life) againstWorst(v verdict.Verdict) string {
	reason := "no group is there"
	for i := range l.Groups {
		if reason = l.against(&l.Groups[i], v); reason == "" {
			return ""
		}
	}
	return reason
}

func (l *Life) subscribed() (n int) {
	for _, g := range l.Groups {
		if g.Subscribed {
			n++
		}
	}
	return n
}

func (l *Life) consumedByAll() bool {
	for _, g := range l.Groups {
		if g.Subscribed && g.wants(l.Tag) && g.successes() == 0 {
			return false
		}
	}
	return true
}

func unless(truly bool, reason string) string {
	if truly {
		return ""
	}
	return reason
}
