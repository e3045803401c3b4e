package verdict

import (
	"slices"

	"github.com/mqtrail/mqtrail/sdk/trail"
)

// DelayGrace is how late a scheduled message may be, in ms, before it is called overdue: brokers release to the
// second, traces are reported in batches some seconds later, and the clocks of broker and asker differ.
const DelayGrace = minute

// delayed: the broker holds the message until its delivery time.
func (d *dossier) delayed() *Verdict {
	due := d.known.DeliverAt
	if due == nil || due.UnixMS <= d.Now || d.released() {
		return nil
	}
	confidence := d.lastWord()
	unclear := slices.ContainsFunc(d.of(trail.StageRecalled), func(e trail.Event) bool { return e.Outcome != trail.Failed })
	if due.ZoneSource == trail.ZoneAssumed || unclear {
		confidence = Inferred
	}
	v := found(Delayed, confidence, "It is scheduled: consumers get it at "+iso(due)+", in "+span(due.UnixMS-d.Now)+".")
	v.on(d.known.Evidence).without(zoneDoubt("delivery time", due), d.traceDoubt())
	for _, set := range d.of(trail.StageDelaySet) {
		v.on(set.Evidence)
	}
	return v.then(d.traceAgain("Ask again after " + iso(due) + "."))
}

// overdue: the delivery time is over, and the message is still not to be had.
func (d *dossier) overdue() *Verdict {
	due := d.known.DeliverAt
	if due == nil || latest(due)+DelayGrace >= d.Now || d.released() || d.Message != nil || d.expired(due) {
		return nil
	}
	if !d.gone() && !d.wholeTrace() {
		return nil // neither the topic nor the trace was seen whole: the groups' positions may tell more
	}
	v := found(DelayOverdue, d.absence(Inferred), "It should have been delivered at "+iso(due)+", "+span(d.Now-due.UnixMS)+" ago, and no delivery shows.")
	v.on(d.known.Evidence).without(zoneDoubt("delivery time", due), d.traceDoubt())
	if d.RetentionMS == nil {
		v.without("How long the vendor keeps messages is not known: it may have been there.")
	}
	return v.then(d.traceAgain("It may be released late."), d.resources("topic", "See whether the instance and the topic are in order."))
}

// released: the broker let the message go to its consumers.
func (d *dossier) released() bool {
	return d.delivered() || d.succeeded(trail.StageDelayFired) != nil
}
