package verdict

import (
	"fmt"
	"slices"
	"strings"

	"github.com/mqtrail/mqtrail/sdk/trail"
)

// flags are oddities that change no verdict.
func (d *dossier) flags() []string {
	return slices.Concat(d.clockFlags(), d.messageFlags(), d.eventFlags(), d.groupFlags())
}

// clockFlags: producer, broker and consumers have clocks of their own. A gap that runs backwards is told, not mended.
func (d *dossier) clockFlags() []string {
	var flags []string
	backwards := func(earlier, later *trail.Time, what string) {
		if earlier == nil || later == nil || !surelyBefore(later, earlier) {
			return
		}
		flag := fmt.Sprintf("%s: %s is %s after %s. Their clocks differ", what, iso(earlier), span(earlier.UnixMS-later.UnixMS), iso(later))
		if earlier.ZoneSource != later.ZoneSource && (earlier.ZoneSource == trail.ZoneAssumed || later.ZoneSource == trail.ZoneAssumed) {
			flag += ", or a zone is not as assumed"
		}
		if flag += "."; !slices.Contains(flags, flag) {
			flags = append(flags, flag)
		}
	}
	backwards(d.known.Born, d.known.Stored, "Stored before it was born")
	for _, e := range d.events {
		backwards(e.Time, e.End, "A step ended before it began")
		if consumerStage(e.Stage) && e.Stage != trail.StageDeadLettered {
			backwards(d.known.Stored, e.Time, "Handled by "+e.Actor.Group+" before it was stored")
		}
	}
	for _, g := range d.groups {
		for i := range g.attempts {
			if a := &g.attempts[i]; !a.open() && a.begun.Stage == trail.StageDelivered {
				backwards(a.begun.Time, a.last(), "An attempt of "+g.name+" ended before it began")
			}
		}
	}
	return flags
}

func (d *dossier) messageFlags() []string {
	var flags []string
	if strings.HasPrefix(d.known.BodyCheck, "damaged") {
		flags = append(flags, "The body is "+d.known.BodyCheck+".")
	}
	if d.known.OriginID != "" && d.known.DeadLetterGroup == "" {
		flags = append(flags, "It is a copy of the dead letter "+d.known.OriginID+": the original has a life of its own.")
	}
	if d.Message != nil && d.Trace != nil && !d.Trace.Found && d.records() {
		flags = append(flags, "The message is there, and its topic is traced, yet there is no trace of it.")
	}
	return flags
}

func (d *dossier) eventFlags() []string {
	var flags []string
	sends := d.of(trail.StageProduced)
	failed := 0
	for _, send := range sends {
		if send.Outcome == trail.Failed {
			failed++
		}
	}
	if failed > 0 && (d.succeeded(trail.StageProduced) != nil || d.arrived()) {
		flags = append(flags, fmt.Sprintf("%s of %d to send it failed, and yet it arrived.", tries(failed), len(sends)))
	}
	for _, recall := range d.of(trail.StageRecalled) {
		switch {
		case recall.Outcome == trail.Failed:
			flags = append(flags, "Taking it back failed"+at(recall.Time)+quoted(recall.Raw)+".")
		case recall.Outcome != trail.OK:
			flags = append(flags, "Whether taking it back"+at(recall.Time)+" worked is not told"+quoted(recall.Raw)+".")
		case d.delivered():
			flags = append(flags, "It was taken back"+at(recall.Time)+", and delivered all the same.")
		}
	}
	if ends := d.of(trail.StageTxEnd); slices.ContainsFunc(ends, rolledBack) && (d.Message != nil || d.delivered() || slices.ContainsFunc(ends, committed)) {
		flags = append(flags, "A rollback of its transaction is told, and yet it was committed or delivered.")
	}
	if slices.ContainsFunc(d.events, func(e trail.Event) bool { return consumerStage(e.Stage) && e.Actor.Group == "" }) {
		flags = append(flags, "The trace shows a delivery and does not name the group.")
	}
	return flags
}

func (d *dossier) groupFlags() []string {
	var flags []string
	for _, g := range d.groups {
		if g.inconsistent() {
			flags = append(flags, "The consumers of "+g.name+" do not subscribe alike: messages go missing.")
		}
	}
	if d.Subscriptions != nil && !slices.ContainsFunc(d.groups, func(g *group) bool { return *g.expected() }) && len(d.groups) > 0 {
		flags = append(flags, "No group subscribes to the topic now.")
	}
	return flags
}

func tries(n int) string {
	if n == 1 {
		return "1 try"
	}
	return fmt.Sprintf("%d tries", n)
}
