package render

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/mqtrail/mqtrail/host/internal/trail"
	"github.com/mqtrail/mqtrail/host/internal/verdict"
	model "github.com/mqtrail/mqtrail/sdk/trail"
)

// life writes the message that the headline is about.
func (p *paper) life(report *trail.TraceReport, life *trail.Life) {
	p.heading(shownAs(report, life))
	lanes := tracedLanes(life)
	p.about(life, len(lanes) > 0)
	if why := life.Result.Why; p.news(why) {
		p.blank()
		p.verdict(life.Result.Verdict)
	}
	p.groups(life)
	if len(lanes) > 0 {
		start := startOf(life, lanes)
		p.clock(life, start)
		for _, lane := range lanes {
			p.lane(lane, start)
		}
	}
	p.list("Odd", life.Result.Flags)
	p.failures(life.Calls)
}

// tracedLanes are the lanes that show something. Where there is no trace at all, empty lanes say nothing of those who
// act in them, and the message's own times stand with the message: no lane is left then but for dead letters.
func tracedLanes(life *trail.Life) []lane {
	lanes := lanesOf(life)
	if len(life.Events) > 0 {
		return lanes
	}
	lanes = slices.DeleteFunc(lanes, func(l lane) bool { return len(l.steps) == 0 })
	if slices.ContainsFunc(lanes, func(l lane) bool { return l.kind > brokerLane }) {
		return lanes
	}
	return nil
}

// about names the message and where it lies.
func (p *paper) about(life *trail.Life, pictured bool) {
	pairs := [][2]string{}
	if m := life.Message; m != nil {
		pairs = append(pairs, [2]string{"id", p.orUnknown(idOf(m))}, [2]string{"topic", p.orUnknown(m.Topic)}, [2]string{"instance", p.orUnknown(m.Instance)})
		if len(m.Keys) > 0 {
			pairs = append(pairs, [2]string{"keys", p.show(strings.Join(m.Keys, " "))})
		}
		if m.Tag != "" {
			pairs = append(pairs, [2]string{"tag", p.show(m.Tag)})
		}
		if !pictured {
			pairs = append(pairs, [2]string{"born", p.moment(m.Born)})
			if m.Stored != nil {
				pairs = append(pairs, [2]string{"stored", p.moment(m.Stored)})
			}
		}
		if m.DeliverAt != nil {
			pairs = append(pairs, [2]string{"due", p.moment(m.DeliverAt)})
		}
	} else {
		pairs = append(pairs, [2]string{"message", unknown + ": the vendor gave none"})
	}
	connection := p.orUnknown(life.Connection)
	if life.Plugin != life.Connection {
		connection += " (" + p.orUnknown(life.Plugin) + ")"
	}
	pairs = append(pairs, [2]string{"connection", connection})
	if o := life.Origin; o != nil {
		pairs = append(pairs, [2]string{"copy of", p.orUnknown(idOf(o)) + " in " + p.orUnknown(o.Topic)})
	}
	p.facts(pairs...)
}

// idOf is what a message is named by: an id, or on Kafka its place.
func idOf(m *model.Message) string {
	if id := cmp.Or(m.ID, m.BrokerID); id != "" {
		return id
	}
	if m.Partition != nil && m.Offset != nil {
		return fmt.Sprintf("%d:%d", *m.Partition, *m.Offset)
	}
	return ""
}

// groups is the table of the consumer groups.
func (p *paper) groups(life *trail.Life) {
	groups := groupsOf(life)
	if len(groups) == 0 {
		return
	}
	start := startOf(life, lanesOf(life))
	columns := []string{"", "group", "verdict", "sure", "tries", "last"}
	// That a group of the trace subscribes to the topic goes without saying.
	subscribe := slices.ContainsFunc(groups, func(g verdict.Group) bool { return g.Expected == nil || !*g.Expected })
	if subscribe {
		columns = append(columns, "subscribes")
	}
	rows := make([][]string, len(groups))
	for i, group := range groups {
		rows[i] = []string{
			p.marks().moods[moodOf(group.Verdict)], cmp.Or(group.Group, unknown), cmp.Or(string(group.Verdict.Verdict), unknown),
			p.sureness(group.Verdict), tries(life, group), offset(start, group.Last),
		}
		if subscribe {
			rows[i] = append(rows[i], yesNo(group.Expected))
		}
	}
	p.blank()
	p.table(columns, rows)
	var sure []verdict.Confidence
	for _, group := range groups {
		sure = append(sure, group.Confidence)
	}
	p.whys(groups)
	p.doubt(sure...)
	if m := life.Message; m != nil && m.System == model.Kafka && len(life.Events) == 0 && !saysWhatIsMissing(life) {
		p.line("Kafka keeps no traces: groups are judged by their positions alone.")
	}
}

func saysWhatIsMissing(life *trail.Life) bool {
	return len(life.Result.Missing) > 0 || slices.ContainsFunc(life.Result.Groups, func(g verdict.Group) bool { return len(g.Missing) > 0 })
}

// tries are how a group's deliveries ended. Without any trace nothing is known of them.
func tries(life *trail.Life, group verdict.Group) string {
	switch {
	case len(life.Events) == 0 && group.Attempts == 0:
		return unknown
	case group.Attempts == 0:
		return "none traced"
	}
	var parts []string
	add := func(count int64, how string) {
		if count > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", count, how))
		}
	}
	add(group.Succeeded, "ok")
	add(group.Failed, "failed")
	add(group.Attempts-group.Succeeded-group.Failed, "end unknown")
	return strings.Join(parts, ", ")
}

// whys say why, of groups alike once, where neither the headline nor a group's lane says it.
func (p *paper) whys(groups []verdict.Group) {
	var sentences []string
	about := map[string][]string{}
	for _, group := range groups {
		traced := moodOf(group.Verdict) == good && group.Attempts > 0
		said := p.said(group.Group+": "+group.Why) || len(groups) == 1 && p.said(group.Why)
		sentence := group.Why
		if traced || said {
			sentence = ""
		}
		if len(group.Raw) > 0 {
			sentence = strings.TrimSpace(sentence + " The vendor's words: " + strings.Join(group.Raw, ", ") + ".")
		}
		if sentence == "" {
			continue
		}
		if about[sentence] == nil {
			sentences = append(sentences, sentence)
		}
		about[sentence] = append(about[sentence], cmp.Or(group.Group, unknown))
	}
	for _, sentence := range sentences {
		p.news(sentence)
		p.plain("  - ", p.show(strings.Join(about[sentence], ", ")+": "+sentence))
	}
}

// startOf is the moment that a life's times count from: the message's birth, else the first time that is known.
func startOf(life *trail.Life, lanes []lane) *model.Time {
	if life.Message != nil && life.Message.Born != nil {
		return life.Message.Born
	}
	var first *model.Time
	for _, lane := range lanes {
		for _, step := range lane.steps {
			if step.start != nil && (first == nil || step.start.UnixMS < first.UnixMS) {
				first = step.start
			}
		}
	}
	return first
}

// clock is the one time that is written out, and how the zones of the times are known.
func (p *paper) clock(life *trail.Life, start *model.Time) {
	p.blank()
	if start == nil {
		p.line("When anything happened is unknown.")
		return
	}
	zone := ""
	if name := p.zone().String(); name != "Local" {
		zone = " " + p.show(name)
	}
	from := "Times count from " + p.moment(start) + zone
	sources := zonesOf(life, start)
	if len(sources) == 1 && start.ZoneSource != model.ZoneVendor {
		p.line(from + "; " + sources[0] + ".")
		return
	}
	p.line(from + ".")
	for i, source := range sources {
		switch {
		case i == 0 && start.ZoneSource == model.ZoneVendor: // nothing to doubt
		case i == 0:
			p.plain("  - ", source)
		default:
			p.plain("  - ", "of other times, "+source)
		}
	}
}

// zonesOf are the ways in which the zones of a life's times are known, the start's first.
func zonesOf(life *trail.Life, start *model.Time) []string {
	said := []string{zoneOf(start)}
	add := func(at *model.Time) {
		if at == nil {
			return
		}
		if sentence := zoneOf(at); !slices.Contains(said, sentence) {
			said = append(said, sentence)
		}
	}
	if life.Message != nil {
		add(life.Message.Stored)
	}
	for _, event := range life.Events {
		add(event.Time)
		add(event.End)
	}
	return said
}

// failures are the vendor calls that failed. What they would have told is unknown.
func (p *paper) failures(calls []model.Call) {
	var failed []string
	for _, call := range calls {
		if call.Problem == nil {
			continue
		}
		sentence := call.Operation + ": " + call.Problem.Message
		if call.Problem.VendorCode != "" {
			sentence += " (" + call.Problem.VendorCode + ")"
		}
		if call.RequestID != "" {
			sentence += " [request " + call.RequestID + "]"
		}
		if call.Problem.Hint != "" {
			sentence += " " + call.Problem.Hint
		}
		failed = append(failed, sentence)
	}
	p.list("Calls that failed", failed)
}
