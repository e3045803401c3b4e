package render

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/mqtrail/mqtrail/host/internal/trail"
	"github.com/mqtrail/mqtrail/host/internal/verdict"
)

// fits is the table of the messages that fit, where there are several.
func (p *paper) fits(report *trail.TraceReport, shown *trail.Life) {
	p.heading(fmt.Sprintf("Messages that fit, newest first (number %d is shown below)", numberOf(report, shown)))
	rows := make([][]string, len(report.Lives))
	var sure []verdict.Confidence
	for i := range report.Lives {
		life := &report.Lives[i]
		result := life.Result.Verdict
		sure = append(sure, result.Confidence)
		row := []string{
			p.marks().moods[moodOf(result)], fmt.Sprint(i + 1), cmp.Or(string(result.Verdict), unknown), cmp.Or(meanings[result.Verdict], unknown),
			p.sureness(result), unknown, unknown, unknown, life.Connection, unknown,
		}
		if m := life.Message; m != nil {
			row[5], row[6], row[7], row[9] = cmp.Or(m.Topic, unknown), cmp.Or(idOf(m), unknown), p.brief(m.Born), cmp.Or(m.Instance, unknown)
		}
		rows[i] = row
	}
	left := p.grid([]string{"", "#", "verdict", "meaning", "sure", "topic", "message", "born", "connection", "instance"}, rows,
		give{column: "instance", least: 11}, give{column: "meaning"}, give{column: "sure"}, give{column: "message", least: 13},
		give{column: "instance"}, give{column: "born"})
	if slices.Contains(left, "meaning") {
		p.meanings(report)
	}
	if !slices.Contains(left, "sure") {
		p.doubt(sure...)
	}
	p.leftOut(slices.DeleteFunc(left, func(column string) bool { return column == "meaning" }))
	if report.More > 0 {
		p.line(more(report.More))
	}
}

// others are the commands that show each message that is not shown here.
func (p *paper) others(report *trail.TraceReport, shown *trail.Life) {
	if len(report.Lives) < 2 {
		return
	}
	p.heading("To see another message")
	for i := range report.Lives {
		if life := &report.Lives[i]; life != shown && life.Message != nil && idOf(life.Message) != "" {
			p.typed("  ", p.see(&report.Query, life))
		}
	}
}

func numberOf(report *trail.TraceReport, shown *trail.Life) int {
	for i := range report.Lives {
		if shown == &report.Lives[i] {
			return i + 1
		}
	}
	return 0
}

// meanings say once what each verdict of the table means, but for the headline's.
func (p *paper) meanings(report *trail.TraceReport) {
	for i := range report.Lives {
		name := report.Lives[i].Result.Verdict.Verdict
		if meaning := meanings[name]; meaning != "" && name != report.Verdict.Verdict && p.news(string(name)+": "+meaning) {
			p.plain("  ", string(name)+": "+meaning)
		}
	}
}

func more(count int) string {
	if count == 1 {
		return "1 more message fits and was not followed: narrow the search to see it."
	}
	return fmt.Sprintf("%d more messages fit and were not followed: narrow the search to see them.", count)
}
