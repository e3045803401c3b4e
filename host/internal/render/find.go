package render

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/mqtrail/mqtrail/host/internal/trail"
	model "github.com/mqtrail/mqtrail/sdk/trail"
)

// preview is how much of a body a line of a list shows, in columns.
const preview = 60

// Find writes a list of messages.
func Find(w io.Writer, report *trail.FindReport, options Options) error {
	p := &paper{Options: options}
	if len(report.Messages) == 0 {
		p.line(p.none("message", report.Incomplete, report.Looked))
	} else {
		p.messages(report.Messages)
	}
	p.more(report.Next)
	p.afterword(report.Window, report.Incomplete, report.Looked, report.Notes)
	return p.send(w)
}

// messages is the table of found messages. Where a body has no column beside the rest, it has a line below.
func (p *paper) messages(found []trail.Located) {
	columns := []string{"when", "topic", "message", "keys", "tag", "bytes", "body", "connection", "instance"}
	rows := make([][]string, len(found))
	for i := range found {
		m := &found[i]
		rows[i] = []string{
			p.storedOrBorn(&m.Message), cmp.Or(m.Topic, unknown), cmp.Or(idOf(&m.Message), unknown),
			cmp.Or(strings.Join(m.Keys, " "), unknown), cmp.Or(m.Tag, unknown), number(cmp.Or(m.BodySize, m.Size)),
			p.preview(m.Body), m.Connection, cmp.Or(m.Instance, unknown),
		}
	}
	bodies := make([]string, len(rows))
	for i := range rows {
		bodies[i] = p.show(rows[i][6])
	}
	columns, left := p.fit(columns, rows, []give{
		{column: "instance", least: 11}, {column: "body", least: 24, end: true}, {column: "body"}, {column: "instance"}, {column: "bytes"},
		{column: "keys", least: 10}, {column: "tag"}, {column: "topic", least: 12}, {column: "keys"}, {column: "message", least: 16},
		{column: "connection", least: 10, end: true},
	})
	if slices.Contains(left, "body") {
		p.tableWith(bodies, columns, rows)
	} else {
		p.table(columns, rows)
	}
	if p.width() > 0 {
		p.timesOf(found)
	}
	p.leftOut(slices.DeleteFunc(left, func(column string) bool { return column == "body" }))
}

// tableWith writes a table that fits, so that its rows are a line each, with a body below each.
func (p *paper) tableWith(bodies, columns []string, rows [][]string) {
	table := paper{Options: p.Options}
	table.table(columns, rows)
	p.err = cmp.Or(p.err, table.err)
	row := -1 // the headings
	for line := range strings.Lines(table.out.String()) {
		p.out.WriteString(line)
		if row >= 0 && row < len(bodies) {
			p.plain("    ", p.clip("body: "+bodies[row], max(p.width()-4, 1)))
		}
		row++
	}
}

// timesOf says in which zone a table's times are, and what the mark at some of them means.
func (p *paper) timesOf(found []trail.Located) {
	sentence := p.zoneOfTable(cmp.Or(found[0].Stored, found[0].Born))
	if slices.ContainsFunc(found, func(m trail.Located) bool { return m.Stored == nil && m.Born != nil }) {
		sentence += " ~ is when a message was made, where no store time is told."
	}
	p.line(sentence)
}

// storedOrBorn is when a message was stored; else when it was made, which is another clock and said to be.
func (p *paper) storedOrBorn(m *model.Message) string {
	switch {
	case p.width() == 0 && m.Stored == nil && m.Born != nil:
		return "born " + p.moment(m.Born)
	case p.width() == 0:
		return p.moment(m.Stored)
	case m.Stored == nil && m.Born != nil:
		return "~" + p.second(m.Born)
	default:
		return p.second(m.Stored)
	}
}

// none says that a list is empty, and not more than that where something could not be seen.
func (p *paper) none(what string, incomplete []string, looked []trail.Looked) string {
	blind := len(incomplete) > 0
	for _, place := range looked {
		blind = blind || place.Outcome != trail.Found && place.Outcome != trail.NotFound
	}
	if blind {
		return fmt.Sprintf("No %s was seen, but not everything could be seen: whether there is one is unknown.", what)
	}
	return fmt.Sprintf("No %s fits.", what)
}

// more says how to go on.
func (p *paper) more(cursor string) {
	if cursor == "" {
		return
	}
	p.blank()
	p.line("There is more: for the next page run the same command again with")
	p.out.WriteString("  --cursor " + p.show(cursor)) // a line end in it would break it
	p.blank()
}

func (p *paper) preview(body *model.Body) string {
	switch {
	case body == nil:
		return unknown
	case body.Encoding == model.EncodingText:
		return p.clip(p.show(body.Data), preview)
	case body.Hex != "":
		return p.clip("0x"+p.show(body.Hex), preview)
	default:
		return fmt.Sprintf("(%d bytes of %s)", body.Bytes, Shown(body.Encoding))
	}
}
