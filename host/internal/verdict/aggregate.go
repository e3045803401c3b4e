package verdict

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/mqtrail/mqtrail/sdk/trail"
)

// worst first: of several groups, the one whose verdict comes first here takes the headline. A group that does not
// want the message is nobody's trouble.
var severity = []Name{
	DeadLettered, RetriesExhausted, AckTimeout, NotConsumed, Retrying, InFlight, ConsumedTwice, Unknown, OffsetPassed,
	ConsumedRetried, Consumed, Filtered,
}

// bySeverity orders the worst first, and of the same verdicts the surer one.
func bySeverity(a, b *group) int {
	return cmp.Or(
		cmp.Compare(slices.Index(severity, a.verdict.Verdict), slices.Index(severity, b.verdict.Verdict)),
		surer(a.verdict.Confidence, b.verdict.Confidence),
		cmp.Compare(a.name, b.name),
	)
}

// aggregate is what the groups come to: those that subscribe, and those that the evidence shows all the same.
func (d *dossier) aggregate() *Verdict {
	if len(d.groups) == 0 {
		return d.nobody()
	}
	worst := slices.MinFunc(d.groups, bySeverity)
	v := found(worst.verdict.Verdict, worst.verdict.Confidence, "").on(worst.verdict.Evidence...).
		without(worst.verdict.Missing...).then(worst.verdict.Next...)
	consumed := d.with(ConsumedTwice, ConsumedRetried, Consumed)
	switch worst.verdict.Verdict {
	case NotConsumed:
		v.Verdict = d.withoutConsumption(consumed)
	case ConsumedRetried, Consumed:
		d.consumedByAll(v)
	}
	v.Why = d.tally(consumed) + worst.name + ": " + worst.verdict.Why
	if d.Subscriptions == nil {
		v.without(expectedUnknown)
	}
	return v
}

const expectedUnknown = "Which groups should get the message is not known: one that did nothing does not show."

// with are the groups that have one of some verdicts.
func (d *dossier) with(names ...Name) []*group {
	var those []*group
	for _, g := range d.groups {
		if slices.Contains(names, g.verdict.Verdict) {
			those = append(those, g)
		}
	}
	return those
}

// withoutConsumption is what the message's headline is when the worst is a group that has not consumed it.
func (d *dossier) withoutConsumption(consumed []*group) Name {
	switch {
	case len(consumed) > 0:
		return PartlyConsumed
	case d.Subscriptions == nil || len(d.with(Unknown, OffsetPassed)) > 0:
		return NotConsumed // of others nothing is known
	default:
		return ProducedOnly
	}
}

// consumedByAll holds back what the groups alone do not prove: that there are no others.
func (d *dossier) consumedByAll(v *Verdict) {
	for _, g := range d.groups {
		v.Confidence = weakest(v.Confidence, g.verdict.Confidence)
		v.on(g.verdict.Evidence...)
	}
	switch {
	case d.Subscriptions == nil:
		v.Verdict, v.Confidence = PartlyConsumed, Inferred
	case !d.complete():
		v.Confidence = weakest(v.Confidence, Inferred)
	}
}

// tally counts, where there is more than one group to count.
func (d *dossier) tally(consumed []*group) string {
	if len(d.groups) < 2 {
		return ""
	}
	return fmt.Sprintf("A success shows for %d of %d groups. ", len(consumed), len(d.groups))
}

// nobody: the message exists, and there is no group to judge.
func (d *dossier) nobody() *Verdict {
	stored := "The message exists"
	if d.known.Stored != nil {
		stored = "The message was stored" + at(d.known.Stored)
	}
	switch {
	case d.Subscriptions != nil:
		v := found(NoSubscribers, d.absence(Proven), stored+", and no consumer group subscribes to the topic.").on(d.answered()...)
		if d.known.System == trail.Kafka {
			v.Confidence = d.absence(Inferred)
			v.without("Consumers that assign themselves partitions do not show.")
		}
		return v.then(d.resources("group", "See which groups there are."))
	case d.wholeTrace():
		return found(ProducedOnly, Inferred, stored+", and the trace shows no delivery.").on(d.known.Evidence).on(d.answered()...).
			without(expectedUnknown).then(d.resources("group", "See which groups there are."))
	}
	return found(Unknown, Unproven, stored+". What its consumers did is not known.").on(d.known.Evidence).
		without(expectedUnknown, d.traceSilence()).then(d.resources("group", "See which groups there are."))
}
