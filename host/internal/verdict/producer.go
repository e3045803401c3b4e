package verdict

import (
	"fmt"

	"github.com/mqtrail/mqtrail/sdk/trail"
)

// sendFailed: every try to send failed, and nothing shows that one arrived all the same: a send that timed out may
// have been stored.
func (d *dossier) sendFailed() *Verdict {
	sends := d.of(trail.StageProduced)
	if len(sends) == 0 || d.arrived() {
		return nil
	}
	for _, send := range sends {
		if send.Outcome != trail.Failed {
			return nil
		}
	}
	last := sends[len(sends)-1]
	why := "Sending failed" + at(last.Time)
	if len(sends) > 1 {
		why = fmt.Sprintf("All %d tries to send failed, the last%s", len(sends), at(last.Time))
	}
	confidence := Inferred
	if d.wholeTrace() && d.gone() {
		confidence = Proven
	}
	v := found(SendFailed, confidence, why+quoted(last.Raw)+by(last.Actor)+".").without(d.traceDoubt())
	if !d.gone() {
		v.without("The vendor was not asked for the message itself: one whose sending timed out may be stored.")
	}
	for _, send := range sends {
		v.on(send.Evidence)
	}
	for _, key := range d.known.Keys[:min(len(d.known.Keys), 1)] {
		v.then(d.findByKey(key, "The producer may have sent it again under another id."))
	}
	return v
}

// arrived: something shows that a broker has, or had, the message.
func (d *dossier) arrived() bool {
	if d.Message != nil || d.delivered() {
		return true
	}
	for _, e := range d.events {
		switch e.Stage {
		case trail.StageStored, trail.StageTxEnd, trail.StageDelaySet, trail.StageDelayFired, trail.StageRecalled:
			if e.Outcome != trail.Failed {
				return true
			}
		}
	}
	return false
}

// recalled: the producer took a delayed message back. A failed recall changes nothing; it is a flag.
func (d *dossier) recalled() *Verdict {
	recall := d.succeeded(trail.StageRecalled)
	if recall == nil || d.delivered() {
		return nil
	}
	return found(Recalled, Proven, "The producer took it back"+at(recall.Time)+", before it was delivered.").on(recall.Evidence)
}

func quoted(raw string) string {
	if raw == "" {
		return ""
	}
	return " (" + raw + ")"
}

// by says who did something, as far as that is known.
func by(actor trail.Actor) string {
	switch {
	case actor.Client != "":
		return ", by " + actor.Client
	case actor.Host != "":
		return ", by " + actor.Host
	}
	return ""
}
