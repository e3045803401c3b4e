package render

import (
	"io"
	"slices"
	"strings"

	"github.com/jedib0t/go-pretty/v6/text"
)

// paper is a report while it is being written. Errors of tables are kept to the end.
type paper struct {
	Options
	out     strings.Builder
	err     error
	told    string // all sentences that were written, to say each once
	sandbox bool   // what is typed next goes there, too
}

func (p *paper) send(w io.Writer) error {
	if p.err != nil {
		return p.err
	}
	_, err := io.WriteString(w, p.out.String())
	return err
}

func (p *paper) blank() { p.out.WriteByte('\n') }

// line writes a text, folded. The text has been made fit to be shown.
func (p *paper) line(text string) { p.item("", "", text) }

// item writes a text after a prefix, its further lines under its first. painted is the prefix in colour.
func (p *paper) item(prefix, painted, line string) {
	indent := text.StringWidth(prefix)
	room := p.width()
	if room > 0 {
		room = max(room-indent, 1)
	}
	for i, part := range fold(line, room) {
		if i == 0 {
			p.out.WriteString(painted)
		} else {
			p.out.WriteString(strings.Repeat(" ", indent))
		}
		p.out.WriteString(strings.TrimRight(part, " "))
		p.blank()
	}
}

// plain is an item without colour.
func (p *paper) plain(prefix, line string) { p.item(prefix, prefix, line) }

// heading is a line of ours that begins a part.
func (p *paper) heading(line string) {
	p.blank()
	p.strong(line)
}

// strong is a line that stands out where there is colour.
func (p *paper) strong(line string) {
	for _, part := range fold(line, p.width()) {
		p.out.WriteString(p.bold(part))
		p.blank()
	}
}

// list writes sentences under a heading; nothing where there are none, or all were said. The sentences may be anybody's.
func (p *paper) list(heading string, sentences []string) {
	p.items(heading, slices.DeleteFunc(slices.Clone(sentences), func(sentence string) bool { return !p.news(sentence) }))
}

// items is a list of what was not said before.
func (p *paper) items(heading string, sentences []string) {
	if len(sentences) == 0 {
		return
	}
	p.heading(heading)
	for _, sentence := range sentences {
		p.plain("  - ", p.show(sentence))
	}
}

// facts are names with values, the values in one column where that leaves them room.
func (p *paper) facts(pairs ...[2]string) {
	widest := 0
	for _, pair := range pairs {
		widest = max(widest, text.StringWidth(pair[0]))
	}
	for _, pair := range pairs {
		if p.width() > 0 && widest > p.width()/2 {
			p.line(pair[0])
			p.plain("    ", pair[1])
			continue
		}
		p.plain("  "+pair[0]+strings.Repeat(" ", widest-text.StringWidth(pair[0])+2), pair[1])
	}
}

// table writes rows under headings. The cells may be anybody's.
func (p *paper) table(columns []string, rows [][]string) {
	if p.err != nil {
		return
	}
	for _, row := range rows {
		for i, value := range row {
			row[i] = p.show(value)
		}
	}
	p.err = Rows(p.screen(&p.out), columns, rows)
}
