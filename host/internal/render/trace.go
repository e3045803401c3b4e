package render

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/jedib0t/go-pretty/v6/text"

	"github.com/mqtrail/mqtrail/host/internal/trail"
	"github.com/mqtrail/mqtrail/host/internal/verdict"
)

// Trace writes where a message is: the verdict first, then the messages that fit where there are several, then the one
// that the verdict is about: its groups, and what happened, a lane for each who acted. Everything is said once.
func Trace(w io.Writer, report *trail.TraceReport, options Options) error {
	p := &paper{Options: options, sandbox: fromSandbox(report.Looked)}
	p.verdict(report.Verdict)
	life := headlined(report)
	if len(report.Lives) > 1 || report.More > 0 && life != nil {
		p.fits(report, life)
	}
	notes := report.Notes
	if life != nil {
		p.life(report, life)
		notes = append(slices.Clone(life.Notes), notes...)
	}
	p.notKnown(report.Verdict, life)
	p.next(report.Verdict)
	p.others(report, life)
	p.afterword(report.Window, nil, report.Looked, notes)
	return p.send(w)
}

// verdict is the line that matters, and why.
func (p *paper) verdict(v verdict.Verdict) {
	p.banner(moodOf(v), p.verdictWords(v.Verdict)+" ("+p.sureness(v)+")")
	if why := withoutCaveat(v.Why); p.news(why) {
		p.line(p.show(why))
	}
	if v.Verdict == verdict.Unknown { // its own meaning says it
		p.news(doubts[verdict.Unproven])
	}
	p.doubt(v.Confidence)
}

// banner is a line with a mood's sign that stands out.
func (p *paper) banner(mood mood, line string) {
	sign := p.marks().moods[mood]
	for i, part := range fold(line, max(p.width()-text.StringWidth(sign)-1, 0)) {
		if i > 0 {
			sign = strings.Repeat(" ", text.StringWidth(sign))
		}
		p.out.WriteString(p.bold(p.paint(mood, sign+" "+part)))
		p.blank()
	}
}

// sureness is a confidence in a word.
func (p *paper) sureness(v verdict.Verdict) string { return p.orUnknown(string(v.Confidence)) }

// notKnown is what would have made the verdicts surer: a sentence once, with the groups that it is about.
func (p *paper) notKnown(headline verdict.Verdict, life *trail.Life) {
	sentences := slices.Clone(headline.Missing)
	about := map[string][]string{}
	if life != nil {
		sentences = append(sentences, life.Result.Missing...)
		for _, group := range groupsOf(life) {
			sentences = append(sentences, group.Missing...)
			for _, sentence := range group.Missing {
				about[sentence] = append(about[sentence], group.Group)
			}
		}
		if len(life.Result.Groups) < 2 {
			clear(about)
		}
	}
	var lines []string
	for _, sentence := range sentences {
		if !p.news(sentence) {
			continue
		}
		if groups := about[sentence]; len(groups) > 0 {
			sentence = strings.Join(groups, ", ") + ": " + sentence
		}
		lines = append(lines, sentence)
	}
	p.items("Not known", lines)
}

// next is what to do, as it is typed.
func (p *paper) next(v verdict.Verdict) {
	if len(v.Next) == 0 {
		return
	}
	p.heading("Next")
	for _, next := range v.Next {
		if next.Why != "" {
			p.plain("  - ", p.show(next.Why))
			p.typed("    ", p.command(next))
		} else {
			p.typed("  - ", p.command(next))
		}
	}
}

// shownAs is the heading of the message that is shown in full.
func shownAs(report *trail.TraceReport, life *trail.Life) string {
	if len(report.Lives) < 2 {
		return "Message"
	}
	return fmt.Sprintf("Message %d of %d", numberOf(report, life), len(report.Lives))
}
