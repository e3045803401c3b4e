package render

import (
	"fmt"
	"slices"
	"strings"

	"github.com/jedib0t/go-pretty/v6/text"

	model "github.com/mqtrail/mqtrail/sdk/trail"
)

// lane writes one actor's steps under its name.
func (p *paper) lane(l lane, start *model.Time) {
	title := p.laneTitle(l)
	if len(l.steps) == 0 {
		p.strong(title + ": no event is known")
		return
	}
	p.strong(title)
	signs := p.marks()
	collapsed := runs(l.steps)
	widest := 0
	for _, run := range collapsed {
		widest = max(widest, len(offset(start, run.first.start)))
		if run.last != nil {
			widest = max(widest, len(offset(start, run.last.start)))
		}
	}
	for _, run := range collapsed {
		p.step(run.first, l.name, start, widest)
		if run.last == nil {
			continue
		}
		width := text.StringWidth(signs.moods[unsure])
		p.plain(signs.rail+" "+signs.again+strings.Repeat(" ", width+widest+2), fmt.Sprintf("%d more", run.hidden))
		p.step(*run.last, l.name, start, widest)
	}
}

func (p *paper) laneTitle(l lane) string {
	name := p.show(l.name)
	switch l.kind {
	case producerLane:
		return strings.TrimSpace("producer " + name)
	case brokerLane:
		return strings.TrimSpace("broker " + name)
	case deadLane:
		if l.name == "" {
			return "dead letters"
		}
		return "dead letters of " + name
	default:
		title := "group " + p.orUnknown(l.name)
		if l.group != nil {
			title += p.marks().dash + p.orUnknown(string(l.group.Verdict.Verdict))
		}
		return title
	}
}

func (p *paper) step(s step, actor string, start *model.Time, widest int) {
	signs := p.marks()
	mood := moodOfStep(s)
	at := offset(start, s.start)
	at += strings.Repeat(" ", widest-len(at)+2)
	p.item(signs.rail+" "+signs.moods[mood]+" "+at, signs.rail+" "+p.mark(mood)+" "+at, p.stepText(s, actor))
}

// stepText is a step in words, ours and the vendor's. Who acted is not said again where it is the lane's name.
func (p *paper) stepText(s step, actor string) string {
	parts := []string{p.show(s.words())}
	if s.took != nil {
		parts = append(parts, "took "+span(*s.took))
	}
	if s.backwards() {
		parts = append(parts, "ended "+span(s.start.UnixMS-s.end.UnixMS)+" before it began: clocks differ")
	}
	if s.raw != "" {
		parts = append(parts, p.show(s.raw))
	}
	if s.topic != "" || s.messageID != "" {
		parts = append(parts, strings.TrimSpace(p.show(s.topic)+" "+p.show(s.messageID)))
	}
	if s.client != "" && s.client != actor {
		parts = append(parts, p.show(s.client))
	}
	return strings.Join(slices.DeleteFunc(parts, func(part string) bool { return part == "" }), p.marks().dot)
}
