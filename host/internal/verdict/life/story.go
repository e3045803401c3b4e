package life

import (
	"fmt"
	"slices"
	"time"

	"github.com/mqtrail/mqtrail/host/internal/verdict"
	"github.com/mqtrail/mqtrail/sdk/rocketmq"
	"github.com/mqtrail/mqtrail/sdk/trail"
)

const operation = "vendor_rocketmq_get_trace"

func evidence(pointer string) trail.Evidence {
	return trail.Evidence{Operation: operation, Pointer: pointer, RequestID: "request"}
}

// at is a moment as the vendor tells it, by a clock with a skew.
func (t Told) at(ms, skew int64) *trail.Time {
	if ms == 0 {
		return nil
	}
	if ms += skew; t.ResolutionMS > 1 {
		return trail.AtLocal(time.UnixMilli(ms-ms%t.ResolutionMS).UTC(), trail.ZoneProven)
	}
	return trail.AtMS(ms)
}

// Events are all steps of the life, as a trace that loses nothing would have them.
func (l Life) Events() []trail.Event {
	var events []trail.Event
	add := func(e trail.Event) {
		e.Evidence = evidence(fmt.Sprintf("/events/%d", len(events)))
		events = append(events, e)
	}
	for _, send := range l.Sends {
		add(trail.Event{Stage: trail.StageProduced, Time: l.Told.at(send.At, l.Told.ProducerSkewMS), Outcome: outcome(send.OK)})
	}
	if l.Stored != 0 {
		add(trail.Event{Stage: trail.StageStored, Time: l.Told.at(l.Stored, 0), Outcome: trail.OK})
	}
	if tx := l.Transaction; tx != nil && tx.Ended != 0 {
		add(trail.Event{Stage: trail.StageTxEnd, Time: l.Told.at(tx.Ended, 0), Outcome: outcome(tx.Commit)})
	}
	if l.Fired != 0 {
		add(trail.Event{Stage: trail.StageDelayFired, Time: l.Told.at(l.Fired, 0), Outcome: trail.OK})
	}
	if l.Recalled != 0 {
		add(trail.Event{Stage: trail.StageRecalled, Time: l.Told.at(l.Recalled, 0), Outcome: outcome(l.RecallOK)})
	}
	for _, g := range l.Groups {
		for _, d := range g.Deliveries {
			e := trail.Event{Actor: trail.Actor{Group: g.Name, Client: d.Client}}
			if l.Told.Numbers {
				e.Attempt = d.Number
			}
			if l.Told.Receipts {
				e.Receipt = d.Receipt
			}
			begun := e
			begun.Stage, begun.Time, begun.Outcome = trail.StageDelivered, l.Told.at(d.At, l.Told.ConsumerSkewMS), trail.Unknown
			if l.Told.Invisible && g.Mode == trail.Clustering {
				begun.InvisibleMS = &d.InvisibleMS
			}
			add(begun)
			if d.Ended == 0 {
				continue
			}
			e.Stage, e.Time, e.Outcome = trail.StageFailed, l.Told.at(d.Ended, l.Told.ConsumerSkewMS), outcome(d.OK)
			if d.OK {
				e.Stage = trail.StageConsumed
			}
			add(e)
		}
		if g.Dead != 0 {
			add(trail.Event{Stage: trail.StageDeadLettered, Time: l.Told.at(g.Dead, 0), Actor: trail.Actor{Group: g.Name}, Outcome: trail.OK})
		}
	}
	return events
}

func outcome(ok bool) trail.Outcome {
	if ok {
		return trail.OK
	}
	return trail.Failed
}

// told are the events that the trace shows.
func (l *Life) told() []trail.Event {
	var events []trail.Event
	if !l.Told.TraceOffered || l.Told.TraceFails {
		return nil
	}
	for i, e := range l.Events() {
		if slices.Contains(l.Told.Lost, i) {
			continue
		}
		if slices.Contains(l.Told.Odd, i) && e.Stage != trail.StageDelivered {
			e.Outcome, e.Raw = trail.Unknown, "SUSPENDED"
		}
		events = append(events, e)
		if slices.Contains(l.Told.Twice, i) {
			events = append(events, e)
		}
	}
	return events
}

// shown are those of them that the search gets: a trace is kept as long as a message, and found in the window alone.
func (l *Life) shown() []trail.Event {
	if len(l.Sends) == 0 || l.Sends[0].At+l.RetentionMS <= l.Now || !l.inWindow(l.Sends[0].At) {
		return nil
	}
	return l.told()
}

// Case is what a search for the message gathers.
func (l Life) Case() verdict.Case {
	told := l.Told
	c := verdict.Case{
		Now: l.Now, Connection: "life", Instance: "instance", Topic: "orders", System: l.System, MessageID: l.ID, Window: told.Window,
		MessageAsked: true, MessageOffered: true, TraceOffered: told.TraceOffered, SubscriptionsOffered: true,
		Calls: []trail.Call{{Operation: operation, RequestID: "request"}}, Incomplete: told.Incomplete,
	}
	if told.ByKey {
		c.MessageID, c.Key = "", l.Key
	}
	if told.Retention {
		c.RetentionMS = &l.RetentionMS
	}
	released := l.Released()
	if released != 0 && released+l.RetentionMS > l.Now && l.inWindow(l.Stored) {
		message := l.message()
		c.Message = &message
	}
	l.tellTrace(&c)
	if told.Subscriptions {
		c.Subscriptions = []trail.Subscription{}
	}
	for _, g := range l.Groups {
		l.tellGroup(&c, g)
	}
	return c
}

func (l *Life) inWindow(ms int64) bool {
	w := l.Told.Window
	return ms >= w.FromMS && (w.ToMS == 0 || ms <= w.ToMS)
}

func (l *Life) message() trail.Message {
	m := trail.Message{
		System: l.System, ID: l.ID, Topic: "orders", Stored: l.Told.at(l.Stored, 0),
		DeliverAt: l.Told.at(l.DeliverAt, 0), Evidence: evidence("/message"),
	}
	if len(l.Sends) > 0 {
		m.Born = l.Told.at(l.Sends[0].At, l.Told.ProducerSkewMS)
	}
	if l.Told.Partition {
		m.Partition, m.Offset = &l.Partition, &l.Offset
	}
	if l.Told.TagShown {
		m.Tag = l.Tag
	}
	if l.Transaction != nil {
		m.Type = "transaction"
	}
	return m
}

func (l *Life) tellTrace(c *verdict.Case) {
	if !l.Told.TraceOffered {
		return
	}
	if l.Told.TraceFails {
		c.Failures = append(c.Failures, trail.Call{Operation: operation, Problem: &trail.Failure{Code: "timeout", Message: "The call timed out."}})
		return
	}
	c.Trace = &trail.Trace{Recording: l.Told.Recording, Events: []trail.Event{}}
	events := l.shown()
	if len(events) == 0 {
		return
	}
	message := l.message()
	message.Partition, message.Offset = nil, nil
	c.Trace.Found, c.Trace.Events, c.Trace.Message = true, events, &message
	if l.Stored == 0 {
		c.Trace.Message.Stored = nil
	}
}

func (l *Life) tellGroup(c *verdict.Case, g Group) {
	if l.Told.Subscriptions && g.Subscribed {
		s := trail.Subscription{Group: g.Name, Topic: "orders", ExpressionType: "tag", Expression: g.Expression, Evidence: evidence("/subscriptions/" + g.Name)}
		if l.Told.Mode {
			s.Mode = g.Mode
		}
		c.Subscriptions = append(c.Subscriptions, s)
	}
	state := trail.GroupState{Group: g.Name, Online: &g.Online, Evidence: evidence("/states/" + g.Name)}
	if l.Told.Max {
		state.MaxAttempts = &g.MaxAttempts
	}
	if l.Told.Positions && g.Mode != trail.Broadcasting && l.Stored != 0 {
		lag := trail.Lag{Topic: "orders", Messages: &g.Waiting, Evidence: evidence("/lags/" + g.Name)}
		if !l.Told.Backlog {
			lag.ConsumedTo = trail.AtMS(g.ConsumedTo)
		}
		if l.Told.Partition && !l.Told.Backlog {
			lag.Partitions = []trail.PartitionLag{{Partition: l.Partition, Committed: &g.Committed}}
		}
		state.Lags = []trail.Lag{lag}
	}
	c.States = append(c.States, state)
	if l.Told.Standings && g.Mode != trail.Broadcasting && l.Stored != 0 {
		if c.Trace == nil { // the vendor has no trace, and tells of groups all the same
			c.Trace = &trail.Trace{Events: []trail.Event{}}
		}
		passed := g.Committed > l.Offset
		s := trail.Standing{Group: g.Name, Passed: &passed, Raw: "NOT_CONSUME_YET", Evidence: evidence("/standings/" + g.Name)}
		if passed { // so vendors call it
			s.Raw = "CONSUMED"
		}
		c.Trace.Standings = append(c.Trace.Standings, s)
	}
	if l.Told.DeadLetters {
		c.DeadLettersAsked = append(c.DeadLettersAsked, g.Name)
		if g.Dead != 0 {
			c.DeadLetters = append(c.DeadLetters, trail.Message{
				System: l.System, ID: l.ID, Topic: rocketmq.DeadLetterTopic(g.Name), DeadLetterGroup: g.Name, OriginID: l.ID, Evidence: evidence("/dead/" + g.Name),
			})
		}
	}
}
