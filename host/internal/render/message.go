package render

import (
	"cmp"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/mqtrail/mqtrail/host/internal/trail"
	model "github.com/mqtrail/mqtrail/sdk/trail"
)

// Message writes one message with its body.
func Message(w io.Writer, report *trail.MessageReport, options Options) error {
	p := &paper{Options: options}
	m := &report.Message.Message
	p.facts(append(p.identity(report), p.handling(m)...)...)
	p.named("Properties", m.Props)
	p.named("The vendor's own words", m.Raw)
	p.body(m)
	p.failures(report.Calls)
	p.list("Never told by this vendor", report.NotOffered)
	p.list("Notes", report.Notes)
	return p.send(w)
}

// identity is which message it is and where it lies. What the vendor never tells is not the same as what it did not
// tell this time.
func (p *paper) identity(report *trail.MessageReport) [][2]string {
	m := &report.Message.Message
	told := func(value, field string) string {
		if value == "" && slices.Contains(report.NotOffered, field) {
			return "not offered by this vendor"
		}
		return p.orUnknown(value)
	}
	return [][2]string{
		{"id", told(idOf(m), "id")},
		{"topic", told(m.Topic, "topic")},
		{"place", told(placeOf(m), "offset")},
		{"instance", p.orUnknown(m.Instance)},
		{"connection", p.orUnknown(report.Message.Connection)},
		{"keys", told(strings.Join(m.Keys, " "), "keys")},
		{"tag", told(m.Tag, "tag")},
		{"type", told(m.Type, "type")},
		{"born", p.when(m.Born, "born", report.NotOffered)},
		{"stored", p.when(m.Stored, "stored", report.NotOffered)},
	}
}

func (p *paper) when(at *model.Time, field string, notOffered []string) string {
	if at == nil && slices.Contains(notOffered, field) {
		return "not offered by this vendor"
	}
	if at == nil {
		return unknown
	}
	if at.ZoneSource == model.ZoneVendor { // nothing to doubt
		return p.moment(at)
	}
	return p.moment(at) + " (" + zoneOf(at) + ")"
}

// handling is what is there for some messages only.
func (p *paper) handling(m *model.Message) [][2]string {
	pairs := [][2]string{}
	add := func(name, value string) {
		if value != "" {
			pairs = append(pairs, [2]string{name, p.show(value)})
		}
	}
	add("broker id", m.BrokerID)
	add("producer", m.BornHost)
	add("broker", cmp.Or(m.StoredHost, m.Broker))
	add("order", m.OrderGroup)
	add("transaction", m.TransactionID)
	if m.DeliverAt != nil {
		add("due", p.moment(m.DeliverAt))
	}
	if m.Retries != nil {
		add("retries", number(m.Retries))
	}
	add("dead of", m.DeadLetterGroup)
	add("copy of", strings.TrimSpace(m.OriginTopic+" "+m.OriginID))
	return pairs
}

func placeOf(m *model.Message) string {
	switch {
	case m.Partition != nil && m.Offset != nil:
		return fmt.Sprintf("partition %d, offset %d", *m.Partition, *m.Offset)
	case m.Partition != nil:
		return fmt.Sprintf("partition %d", *m.Partition)
	default:
		return ""
	}
}

func (p *paper) named(heading string, values map[string]string) {
	if len(values) == 0 {
		return
	}
	p.heading(heading)
	pairs := [][2]string{}
	for _, name := range slices.Sorted(maps.Keys(values)) {
		pairs = append(pairs, [2]string{p.show(name), p.show(values[name])})
	}
	p.facts(pairs...)
}

// body writes the body between two lines: what stands there was written by strangers.
func (p *paper) body(m *model.Message) {
	p.heading("Body")
	b := m.Body
	if b == nil {
		p.line(unknown + ": the vendor gave none, or was not asked")
		return
	}
	p.line(fmt.Sprintf("bytes %d to %d of %d, sha256 %s", b.Offset, b.Offset+b.Bytes, b.TotalBytes, p.orUnknown(b.SHA256)))
	if m.BodyCheck != "" {
		p.line("check: " + p.show(m.BodyCheck))
	}
	if b.Compressed {
		p.line("compressed: shown as it is stored")
	}
	if b.Stripped > 0 {
		p.line(fmt.Sprintf("%d invisible characters are taken out", b.Stripped))
	}
	rail := p.marks().rail + " "
	if b.Encoding != model.EncodingText {
		p.plain(rail, p.show(b.Encoding)+" "+p.show(b.Data))
		return
	}
	for line := range strings.SplitSeq(strings.TrimRight(b.Data, "\n"), "\n") {
		p.bodyLine(rail, p.show(line))
	}
	if b.Truncated {
		p.line("The body has more than this.")
	}
}

// bodyLine is one line of the body. Where it has to be folded, its further lines are as far in as the first.
func (p *paper) bodyLine(rail, line string) {
	words := strings.TrimLeft(line, " ")
	indent := line[:len(line)-len(words)]
	room := p.width()
	if room > 0 {
		indent = indent[:min(len(indent), room/2)]
		room -= 2 + len(indent)
	}
	for _, part := range fold(words, room) {
		p.out.WriteString(strings.TrimRight(rail+indent+part, " "))
		p.blank()
	}
}
