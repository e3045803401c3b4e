package verdict

import (
	"cmp"
	"encoding/json"
	"slices"

	"github.com/mqtrail/mqtrail/sdk/rocketmq"
	"github.com/mqtrail/mqtrail/sdk/trail"
)

// dossier is a case in the form that the rules read.
type dossier struct {
	Case
	// known is what is known of the message: from the message itself, then from its trace. Never nil.
	known  trail.Message
	events []trail.Event
	// standings are what the vendor says of single groups.
	standings []trail.Standing
	groups    []*group
}

func newDossier(c Case) *dossier {
	d := &dossier{Case: c}
	// Input lists come in any order: each is brought into one, so that the same facts give the same words.
	d.Subscriptions = ordered(c.Subscriptions)
	d.States = ordered(c.States)
	d.DeadLetters = ordered(c.DeadLetters)
	d.Calls, d.Failures = ordered(c.Calls), ordered(c.Failures)
	if c.Trace != nil {
		d.events = ordered(c.Trace.Events)
		trail.SortEvents(d.events)
		d.standings = ordered(c.Trace.Standings)
	}
	d.known = d.knownMessage()
	d.groups = d.gatherGroups()
	return d
}

// ordered is a copy in the order of the items' JSON. nil stays nil.
func ordered[T any](items []T) []T {
	type keyed struct {
		key  string
		item T
	}
	sorted := make([]keyed, len(items))
	for i, item := range items {
		key, err := json.Marshal(item)
		if err != nil { // raw vendor answers may be no JSON; they are not judged
			key = nil
		}
		sorted[i] = keyed{string(key), item}
	}
	slices.SortStableFunc(sorted, func(a, b keyed) int { return cmp.Compare(a.key, b.key) })
	if items == nil {
		return nil
	}
	plain := make([]T, len(items))
	for i, k := range sorted {
		plain[i] = k.item
	}
	return plain
}

func (d *dossier) knownMessage() trail.Message {
	var known trail.Message
	if d.Message != nil {
		known = *d.Message
	}
	if d.Trace != nil && d.Trace.Message != nil {
		traced := *d.Trace.Message
		known.ID = cmp.Or(known.ID, traced.ID)
		known.BrokerID = cmp.Or(known.BrokerID, traced.BrokerID)
		known.Topic = cmp.Or(known.Topic, traced.Topic)
		known.System = cmp.Or(known.System, traced.System)
		known.Tag = cmp.Or(known.Tag, traced.Tag)
		known.Broker = cmp.Or(known.Broker, traced.Broker)
		known.Type = cmp.Or(known.Type, traced.Type)
		known.TransactionID = cmp.Or(known.TransactionID, traced.TransactionID)
		known.Born = cmp.Or(known.Born, traced.Born)
		known.Stored = cmp.Or(known.Stored, traced.Stored)
		known.DeliverAt = cmp.Or(known.DeliverAt, traced.DeliverAt)
		known.OriginTopic = cmp.Or(known.OriginTopic, traced.OriginTopic)
		known.OriginID = cmp.Or(known.OriginID, traced.OriginID)
		known.DeadLetterGroup = cmp.Or(known.DeadLetterGroup, traced.DeadLetterGroup)
		known.Evidence = cmp.Or(known.Evidence, traced.Evidence)
		if known.Offset == nil { // it means something in its partition only
			known.Partition, known.Offset = cmp.Or(traced.Partition, known.Partition), traced.Offset
		}
		if known.Keys == nil {
			known.Keys = traced.Keys
		}
		if known.Props == nil {
			known.Props = traced.Props
		}
		if known.BodyCheck == "" {
			known.BodyCheck = traced.BodyCheck
		}
	}
	if known.Stored == nil {
		if stored := d.succeeded(trail.StageStored); stored != nil {
			known.Stored = stored.Time
		}
	}
	known.ID = cmp.Or(known.ID, d.MessageID)
	known.Topic = cmp.Or(known.Topic, d.Topic)
	known.System = cmp.Or(known.System, d.System)
	if topic, ok := rocketmq.ParseGroupTopic(known.Topic); ok && topic.Role == rocketmq.RoleDeadLetter {
		known.DeadLetterGroup = cmp.Or(known.DeadLetterGroup, topic.Group)
	}
	return known
}

// exists: something tells of the message.
func (d *dossier) exists() bool {
	return d.Message != nil || d.Trace != nil && (d.Trace.Found || len(d.events) > 0) || len(d.DeadLetters) > 0
}

// gone: the vendor was asked for the message, and it was not there.
func (d *dossier) gone() bool { return d.MessageAsked && d.Message == nil }

// complete: what is absent here is absent at the vendor.
func (d *dossier) complete() bool { return len(d.Failures) == 0 && len(d.Incomplete) == 0 }

// records: the vendor is known to trace every message of the topic.
func (d *dossier) records() bool {
	return d.Trace != nil && d.Trace.Recording != nil && *d.Trace.Recording
}

// wholeTrace: what the trace does not show did not happen.
func (d *dossier) wholeTrace() bool { return d.complete() && d.records() && d.Trace.Found }

// absence is how sure a verdict can be at most that rests on something not being there.
func (d *dossier) absence(confidence Confidence) Confidence {
	if !d.complete() {
		return Unproven
	}
	return confidence
}

// lastWord is how sure a verdict can be that rests on the last thing that the trace shows: later things may be missing
// in it.
func (d *dossier) lastWord() Confidence {
	if d.wholeTrace() {
		return Proven
	}
	return Inferred
}

// traceDoubt says why later things may be missing in the trace; empty when they are not.
func (d *dossier) traceDoubt() string {
	if d.Trace == nil || d.records() {
		return ""
	}
	return "Whether every client of the topic is traced is not known: what happened later may not show."
}

// delivered: a consumer got the message, so it was stored and released.
func (d *dossier) delivered() bool {
	return len(d.DeadLetters) > 0 || d.known.DeadLetterGroup != "" || slices.ContainsFunc(d.events, func(e trail.Event) bool {
		return consumerStage(e.Stage)
	})
}

func consumerStage(stage trail.Stage) bool {
	switch stage {
	case trail.StageDelivered, trail.StageConsumed, trail.StageFailed, trail.StageDeadLettered:
		return true
	default:
		return false
	}
}

// of are the events of a stage, in their order.
func (d *dossier) of(stage trail.Stage) []trail.Event {
	var events []trail.Event
	for _, e := range d.events {
		if e.Stage == stage {
			events = append(events, e)
		}
	}
	return events
}

// succeeded is the first event of a stage that ended well; nil when there is none.
func (d *dossier) succeeded(stage trail.Stage) *trail.Event {
	for i := range d.events {
		if d.events[i].Stage == stage && d.events[i].Outcome == trail.OK {
			return &d.events[i]
		}
	}
	return nil
}

// expired: the vendor does not keep the message any longer; false when that is not known.
func (d *dossier) expired(since *trail.Time) bool {
	return d.RetentionMS != nil && since != nil && since.UnixMS+*d.RetentionMS <= d.Now
}

// answered are the vendor's answers that an absence rests on.
func (d *dossier) answered() []trail.Evidence {
	var evidence []trail.Evidence
	for _, call := range d.Calls {
		if call.Problem == nil {
			evidence = append(evidence, trail.Evidence{Operation: call.Operation, RequestID: call.RequestID})
		}
	}
	return evidence
}
