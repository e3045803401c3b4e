package verdict

import (
	"fmt"
	"slices"

	"github.com/mqtrail/mqtrail/sdk/trail"
)

// standing is where a group's position is, seen from the message.
type standing int

// The standings.
const (
	unclear standing = iota
	before           // the group has not come to the message
	past             // the group's position passed it, which is not to say that it was consumed
)

// broadcast: the broker keeps no progress of a broadcasting group.
func (g *group) broadcast() *Verdict {
	if g.mode() != trail.Broadcasting {
		return nil
	}
	return found(Unknown, Unproven, "The group is broadcasting: each consumer keeps its own position, and the broker knows none.").
		on(g.evidence()...).without(g.wordDoubt(), g.traceSilence(), g.filterDoubt())
}

// reached judges a group of which no delivery shows, by its position in the topic.
func (g *group) reached() *Verdict {
	where, why, missing := g.standing()
	switch {
	case where == past:
		return found(OffsetPassed, g.absence(Inferred), why+" That it was passed does not say that it was consumed.").
			on(g.evidence()...).without(missing, g.traceSilence(), g.filterDoubt()).then(g.consumerLag())
	case where == before:
		return g.notConsumed(why).without(missing)
	case g.wholeTrace():
		return g.notConsumed("The trace shows no delivery to the group.").without(missing)
	case g.waits() != nil:
		return g.notConsumed("The trace shows what other groups did and nothing of this one, and messages of the topic wait for it.").
			without(missing).on(g.waits().Evidence)
	}
	return found(Unknown, Unproven, "No delivery to the group shows, and its position in the topic does not tell.").
		on(g.evidence()...).without(missing, g.wordDoubt(), g.traceSilence(), g.filterDoubt()).then(g.consumerLag())
}

func (g *group) notConsumed(why string) *Verdict {
	switch online := g.online(); {
	case online == nil:
	case *online:
		why += " Its consumers are connected: it lags."
	default:
		why += " No consumer of it is connected."
	}
	v := found(NotConsumed, g.absence(Inferred), why).on(g.evidence()...).on(g.answered()...)
	return v.without(g.traceSilence(), g.filterDoubt()).then(g.consumerLag())
}

// waits is what another group did, for a group that is not connected, has messages waiting in the topic, and of whose
// position nothing is told. nil for any other, and where no other group shows: then the clients may not be traced.
func (g *group) waits() *trail.Event {
	lag, online := g.lag(), g.online()
	told := lag != nil && (lag.ConsumedTo != nil || len(lag.Partitions) > 0)
	if lag == nil || told || lag.Messages == nil || *lag.Messages <= 0 || online == nil || *online {
		return nil
	}
	for i, e := range g.events {
		if consumerStage(e.Stage) && e.Actor.Group != "" && e.Actor.Group != g.name {
			return &g.events[i]
		}
	}
	return nil
}

// evidence is where the group's subscription and position stand.
func (g *group) evidence() []trail.Evidence {
	var evidence []trail.Evidence
	if lag := g.lag(); lag != nil {
		evidence = append(evidence, lag.Evidence)
	} else if g.state != nil {
		evidence = append(evidence, g.state.Evidence)
	}
	for _, s := range g.standings {
		evidence = append(evidence, s.Evidence)
	}
	for _, s := range g.subscriptions {
		evidence = append(evidence, s.Evidence)
	}
	return evidence
}

// traceSilence says why a trace without the group proves little.
func (d *dossier) traceSilence() string {
	switch {
	case !d.TraceOffered:
		return "There are no traces to tell what the group did."
	case d.Trace == nil:
		return "The trace is not known."
	case !d.records():
		return "The trace depends on the clients' settings: that it does not show the group proves nothing."
	default:
		return "Some older clients report no consumption: the trace may not show one."
	}
}

// standing is decided by the position in the message's own partition, or by nothing waiting at all; else by what the
// vendor says of it; else by store times, whose resolution counts.
func (g *group) standing() (where standing, why, missing string) {
	lag := g.lag()
	var own []trail.PartitionLag
	if lag != nil {
		own = g.ownPartitions(lag)
	}
	if where, why := g.byOffset(own); where != unclear {
		return where, why, ""
	}
	if lag != nil && lag.Messages != nil && *lag.Messages == 0 {
		return past, "No message of the topic waits for the group.", ""
	}
	if where, why := g.byWord(); where != unclear {
		return where, why, "The group's offset in the message's own partition is not known."
	}
	if lag == nil {
		return unclear, "", "The group's position in the topic is not known."
	}
	missing = "The group's offset in the message's own partition is not known."
	consumedTo := lag.ConsumedTo
	if len(own) == 1 && own[0].ConsumedTo != nil {
		consumedTo, missing = own[0].ConsumedTo, ""
	}
	stored := g.known.Stored
	switch {
	case consumedTo == nil || stored == nil:
		return unclear, "", missing
	case surelyBefore(stored, consumedTo):
		where, why = past, "The group's position is at messages of "+iso(consumedTo)+", and this one was stored before, at "+iso(stored)+"."
	case surelyBefore(consumedTo, stored):
		where, why = before, "The group's position is at messages of "+iso(consumedTo)+", and this one was stored later, at "+iso(stored)+"."
	default:
		return unclear, "", "The group's position is at messages of the same moment, " + iso(consumedTo) + "."
	}
	if missing == "" {
		missing = zoneDoubt("store time", stored)
	}
	return where, why, missing
}

// ownPartitions are those that may be the message's: queues have the same numbers on every broker.
func (g *group) ownPartitions(lag *trail.Lag) []trail.PartitionLag {
	if g.known.Partition == nil {
		return nil
	}
	var own []trail.PartitionLag
	for _, p := range lag.Partitions {
		if p.Partition == *g.known.Partition && (p.Broker == "" || g.known.Broker == "" || p.Broker == g.known.Broker) {
			own = append(own, p)
		}
	}
	return own
}

// byOffset needs all partitions that may be the message's to agree.
func (g *group) byOffset(own []trail.PartitionLag) (where standing, why string) {
	offset := g.known.Offset
	if len(own) == 0 || offset == nil || slices.ContainsFunc(own, func(p trail.PartitionLag) bool { return p.Committed == nil }) {
		return unclear, ""
	}
	isPast := *own[0].Committed > *offset
	for _, p := range own[1:] {
		if (*p.Committed > *offset) != isPast {
			return unclear, ""
		}
	}
	switch committed := *own[0].Committed; {
	case isPast:
		return past, fmt.Sprintf("The group's next offset in partition %d is %d, and the message has %d.", own[0].Partition, committed, *offset)
	case committed < 0:
		return before, fmt.Sprintf("The group has no position in partition %d, where the message is.", own[0].Partition)
	default:
		return before, fmt.Sprintf("The group's next offset in partition %d is %d, and the message has %d: it was not passed.", own[0].Partition, committed, *offset)
	}
}
