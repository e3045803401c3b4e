package render

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/mqtrail/mqtrail/host/internal/trail"
	model "github.com/mqtrail/mqtrail/sdk/trail"
)

// A diagram with more arrows than this is no picture any more: the first and the last are drawn, those between counted.
const (
	mostArrows  = 40
	lastArrows  = 10
	mostActors  = 12
	labelLength = 64 // characters
)

// Mermaid is a trail as a Mermaid sequence diagram: of the message that the headline is about.
func Mermaid(report *trail.TraceReport) string {
	d := &diagram{}
	d.line("sequenceDiagram")
	life := headlined(report)
	if life == nil {
		d.line("participant S as %s", label("search"))
		d.line("Note over S: %s", label(string(report.Verdict.Verdict)+" ("+string(report.Verdict.Confidence)+") "+report.Verdict.Why))
		return d.out.String()
	}
	lanes := lanesOf(life)
	d.start = startOf(life, lanes)
	d.actors(lanes)
	d.note(string(life.Result.Verdict.Verdict) + " (" + string(life.Result.Confidence) + ")")
	if meaning := meanings[life.Result.Verdict.Verdict]; meaning != "" {
		d.note(meaning)
	}
	if life.Message != nil {
		d.note(cmp.Or(idOf(life.Message), unknown) + " in " + cmp.Or(life.Message.Topic, unknown))
	}
	if d.start != nil {
		d.note("Times count from " + Options{}.moment(d.start))
	}
	d.draw(beatsOf(lanes[:len(d.names)]))
	if fromSandbox(report.Looked) {
		d.note(sandboxNote)
	}
	if more := len(report.Lives) - 1 + report.More; more > 0 {
		d.note(fmt.Sprintf("%d more messages fit and are not drawn", more))
	}
	return d.out.String()
}

// headlined is the life that a report's headline is about, the worst; nil when there is none.
func headlined(report *trail.TraceReport) *trail.Life {
	for i := range report.Lives {
		if report.Lives[i].Result.Verdict.Verdict == report.Verdict.Verdict {
			return &report.Lives[i]
		}
	}
	if len(report.Lives) > 0 {
		return &report.Lives[0]
	}
	return nil
}

// sandboxNote stands on pictures, which outlive the command that says it on standard error.
const sandboxNote = "From the sandbox: the data is made up."

func fromSandbox(places []trail.Looked) bool {
	return slices.ContainsFunc(places, func(l trail.Looked) bool { return l.Sandbox })
}

type diagram struct {
	out   strings.Builder
	start *model.Time
	names []string // of the lanes that are drawn
	whom  string   // the broker, whom all others deal with
}

func (d *diagram) line(format string, args ...any) {
	if d.out.Len() > 0 && !strings.HasPrefix(format, "sequenceDiagram") {
		d.out.WriteString("  ")
	}
	fmt.Fprintf(&d.out, format+"\n", args...)
}

// actors names those who act. There is always a broker, for everybody deals with it.
func (d *diagram) actors(lanes []lane) {
	d.whom = "B"
	broker := false
	for i, lane := range lanes[:min(len(lanes), mostActors)] {
		name := fmt.Sprintf("A%d", i)
		if lane.kind == brokerLane {
			name, broker = d.whom, true
		}
		if lane.kind > brokerLane && !broker {
			d.line("participant %s as %s", d.whom, label("broker"))
			broker = true
		}
		d.line("participant %s as %s", name, label((&paper{}).laneTitle(lane)))
		d.names = append(d.names, name)
	}
	if !broker {
		d.line("participant %s as %s", d.whom, label("broker"))
	}
	if left := len(lanes) - len(d.names); left > 0 {
		d.note(fmt.Sprintf("%d more groups and queues are not drawn", left))
	}
}

// note stands over all that is drawn.
func (d *diagram) note(text string) {
	first, last := d.whom, d.whom
	if len(d.names) > 0 {
		first, last = d.names[0], d.names[len(d.names)-1]
	}
	if first == last {
		d.line("Note over %s: %s", first, label(text))
		return
	}
	d.line("Note over %s,%s: %s", first, last, label(text))
}

// beat is a step as it is drawn: with one arrow, or with two for a delivery and its end.
type beat struct {
	lane   int
	actor  string
	kind   laneKind
	step   step
	hidden int
}

func (b beat) arrows() int {
	if b.step.paired {
		return 2
	}
	return 1
}

// beatsOf are the steps of all lanes in one order, those that repeat only counted.
func beatsOf(lanes []lane) []beat {
	var beats []beat
	for i, lane := range lanes {
		for _, run := range runs(lane.steps) {
			beats = append(beats, beat{lane: i, actor: lane.name, kind: lane.kind, step: run.first, hidden: run.hidden})
			if run.last != nil {
				beats = append(beats, beat{lane: i, actor: lane.name, kind: lane.kind, step: *run.last})
			}
		}
	}
	slices.SortStableFunc(beats, func(a, b beat) int { return cmp.Compare(a.order(), b.order()) })
	return beats
}

// order puts what no event tells where it belongs: a copy in a dead-letter queue comes last.
func (b beat) order() int {
	if b.step.told && b.kind == deadLane {
		return 1<<30 + b.step.index
	}
	return b.step.index
}

func (d *diagram) draw(beats []beat) {
	total := 0
	for _, beat := range beats {
		total += beat.arrows()
	}
	head, tail := len(beats), len(beats)
	if total > mostArrows {
		head = 0
		for used := 0; used+beats[head].arrows() <= mostArrows-lastArrows; head++ {
			used += beats[head].arrows()
		}
		for used := 0; used+beats[tail-1].arrows() <= lastArrows; tail-- {
			used += beats[tail-1].arrows()
		}
	}
	for _, beat := range beats[:head] {
		d.beat(beat)
	}
	left := 0
	for _, beat := range beats[head:tail] {
		left += 1 + beat.hidden
	}
	if left > 0 {
		d.note(fmt.Sprintf("%d more steps are left out here", left))
	}
	for _, beat := range beats[tail:] {
		d.beat(beat)
	}
}

func (d *diagram) beat(b beat) {
	who, mood := d.names[b.lane], moodOfStep(b.step)
	when := b.step.start
	if b.step.paired {
		when = cmp.Or(b.step.end, when)
	}
	text := drawn.moods[mood] + " " + offset(d.start, when) + " " + (&paper{}).stepText(b.step, b.actor)
	switch {
	case b.kind == producerLane:
		d.line("%s%s%s: %s", who, arrow(mood), d.whom, label(text))
	case b.kind == groupLane && b.step.paired:
		d.line("%s->>%s: %s", d.whom, who, label(fmt.Sprintf("%s attempt %d", offset(d.start, b.step.start), b.step.attempt)))
		d.line("%s-%s%s: %s", who, arrow(mood), d.whom, label(text))
	case b.kind == groupLane && b.step.stage != model.StageDelivered:
		d.line("%s-%s%s: %s", who, arrow(mood), d.whom, label(text))
	default: // from the broker, for its own steps to itself
		d.line("%s%s%s: %s", d.whom, arrow(mood), who, label(text))
	}
	if b.hidden > 0 {
		d.line("Note over %s,%s: %s", d.whom, who, label(fmt.Sprintf("%d more", b.hidden)))
	}
}

// arrow is solid with a head, with a cross for what failed, open for what nobody knows.
func arrow(m mood) string {
	switch m {
	case bad:
		return "-x"
	case unsure:
		return "-)"
	default:
		return "->>"
	}
}
