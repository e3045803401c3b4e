package trail

import (
	"fmt"

	"github.com/mqtrail/mqtrail/host/internal/verdict"
)

// TraceSummary is the short answer to where a message is, the verdict first.
type TraceSummary struct {
	Verdict    string   `json:"verdict"`
	Confidence string   `json:"confidence"`
	Why        string   `json:"why"`
	Evidence   string   `json:"evidence,omitempty"`
	Missing    []string `json:"missing,omitempty"`
	// Message is the message that the verdict is about.
	Message *MessageLine  `json:"message,omitempty"`
	Groups  []GroupLine   `json:"groups,omitempty"`
	Flags   []string      `json:"flags,omitempty"`
	Copies  []MessageLine `json:"dead_letters,omitempty"`
	// Others are more messages that fit, newest first; More is how many were not followed.
	Others []LifeLine `json:"others,omitempty"`
	More   int        `json:"more,omitempty"`
	Next   []Called   `json:"next,omitempty"`
	Window *Span      `json:"window,omitempty"`
	Looked string     `json:"looked,omitempty"`
	Notes  []string   `json:"notes,omitempty"`
	// Omitted says how to get what is left out.
	Omitted string `json:"omitted,omitempty"`
	// Events are there with detail=events, Report with detail=raw.
	Events []EventLine  `json:"events,omitempty"`
	Report *TraceReport `json:"report,omitempty"`
}

// GroupLine is one consumer group in a summary.
type GroupLine struct {
	Group   string `json:"group"`
	Verdict string `json:"verdict"`
	// Confidence is there where it is not that of the headline.
	Confidence string `json:"confidence,omitempty"`
	Attempts   int64  `json:"attempts,omitempty"`
	Failed     int64  `json:"failed,omitempty"`
	Last       string `json:"last,omitempty"`
	Why        string `json:"why,omitempty"`
	Evidence   string `json:"evidence,omitempty"`
}

// LifeLine is one more message that fits.
type LifeLine struct {
	Verdict string `json:"verdict"`
	MessageLine
}

const (
	omitted   = "detail=events lists the steps; detail=raw has evidence, positions and the vendors' answers."
	maxGroup  = 12
	maxOthers = 4
)

// Summary is the answer in few words. With one message and three groups it takes 1,200 bytes at most.
func (r *TraceReport) Summary() *TraceSummary {
	s := &TraceSummary{
		Verdict: string(r.Verdict.Verdict), Confidence: string(r.Verdict.Confidence), Why: line(r.Verdict.Why, whyLength),
		Evidence: pointed(r.Verdict.Evidence), Missing: lines(r.Verdict.Missing, 2), Next: calledOf(r.Verdict.Next, 2), More: r.More, Omitted: omitted,
	}
	if len(r.Lives) == 0 {
		s.Window, s.Looked, s.Notes = &r.Window, lookedLine(r.Looked), lines(r.Notes, 3)
		s.Omitted = "detail=raw lists every place."
		return s
	}
	at := worstOf(r.Lives)
	s.life(&r.Lives[at])
	for i := range r.Lives {
		if i == at || len(s.Others) == maxOthers {
			continue
		}
		other := &r.Lives[i]
		one := LifeLine{Verdict: string(other.Result.Verdict.Verdict)}
		if message := messageLine(other.Connection, other.Message); message != nil {
			one.MessageLine = *message
		}
		s.Others = append(s.Others, one)
	}
	if troubled(r.Looked) {
		s.Looked = lookedLine(r.Looked)
	}
	s.eachGroup(func(g *GroupLine) {
		if g.Evidence == s.Evidence {
			s.Evidence = "" // it stands there
		}
	})
	s.Notes = lines(addNew(append([]string(nil), r.Notes...), r.Lives[at].Notes...), 2)
	s.fit(traceBudget + (len(s.Others)+max(0, len(s.Groups)-3))*traceBudget/4)
	return s
}

func troubled(looked []Looked) bool {
	for _, one := range looked {
		if one.Outcome == Failed {
			return true
		}
	}
	return false
}

func (s *TraceSummary) life(life *Life) {
	s.Message = messageLine(life.Connection, life.Message)
	s.Flags = lines(life.Result.Flags, 3)
	for _, group := range life.Result.Groups[:min(maxGroup, len(life.Result.Groups))] {
		s.Groups = append(s.Groups, groupLine(group, life.Result.Verdict))
	}
	if more := len(life.Result.Groups) - maxGroup; more > 0 {
		s.Omitted = fmt.Sprintf("%d more groups. %s", more, s.Omitted)
	}
	for i := range life.Copies[:min(3, len(life.Copies))] {
		copied := messageLine("", &life.Copies[i])
		s.Copies = append(s.Copies, MessageLine{Topic: copied.Topic, ID: copied.ID, BrokerID: copied.BrokerID, Time: copied.Time, DeadLetterOf: copied.DeadLetterOf})
	}
}

// groupLine leaves out what the headline says already.
func groupLine(group verdict.Group, headline verdict.Verdict) GroupLine {
	short := GroupLine{
		Group: line(group.Group, nameLength), Verdict: string(group.Verdict.Verdict),
		Attempts: group.Attempts, Failed: group.Failed, Evidence: pointed(group.Evidence),
	}
	if group.Confidence != headline.Confidence {
		short.Confidence = string(group.Confidence)
	}
	if group.Last != nil {
		short.Last = group.Last.ISO
	}
	if group.Why != headline.Why {
		short.Why = line(group.Why, groupWhyLength)
	}
	return short
}

func lines(texts []string, limit int) []string {
	var all []string
	for _, text := range texts[:min(limit, len(texts))] {
		all = append(all, line(text, 2*groupWhyLength))
	}
	return all
}

// fit leaves out the least useful until the summary is small enough.
func (s *TraceSummary) fit(budget int) {
	for _, leave := range []func(){
		func() { s.Notes = nil },
		func() { s.eachGroup(func(g *GroupLine) { g.Why = "" }) },
		func() { s.Next = s.Next[:min(1, len(s.Next))] },
		func() { s.Missing = s.Missing[:min(1, len(s.Missing))] },
		func() { s.Copies = nil },
		func() { s.eachNext(func(c *Called) { c.Why = "" }) },
		func() { s.Flags = s.Flags[:min(1, len(s.Flags))] },
		func() { s.Evidence = "" },
		func() { s.Why = line(s.Why, whyLength*2/3) },
		func() { s.Missing = nil },
		func() { s.Next = nil },
		func() { s.Why = line(s.Why, groupWhyLength) },
		func() { s.eachGroup(func(g *GroupLine) { g.Evidence = "" }) },
		func() { s.eachGroup(func(g *GroupLine) { g.Group = line(g.Group, groupWhyLength/2) }) },
		func() { s.Looked, s.Flags = line(s.Looked, groupWhyLength), nil },
		func() { s.shorten() },
	} {
		if sized(s) <= budget {
			return
		}
		leave()
	}
}

// shorten cuts names that are longer than any that people give.
func (s *TraceSummary) shorten() {
	if s.Message == nil {
		return
	}
	s.Message.Keys = s.Message.Keys[:min(1, len(s.Message.Keys))]
	for i := range s.Message.Keys {
		s.Message.Keys[i] = line(s.Message.Keys[i], groupWhyLength/2)
	}
	s.Message.Tag = line(s.Message.Tag, groupWhyLength/2)
	s.eachGroup(func(g *GroupLine) { g.Last = "" })
}

func (s *TraceSummary) eachGroup(change func(*GroupLine)) {
	for i := range s.Groups {
		change(&s.Groups[i])
	}
}

func (s *TraceSummary) eachNext(change func(*Called)) {
	for i := range s.Next {
		change(&s.Next[i])
	}
}

// Events is the summary with the steps of the message that the verdict is about.
func (r *TraceReport) Events() *TraceSummary {
	s := r.Summary()
	if len(r.Lives) == 0 {
		return s
	}
	s.Omitted = "detail=raw has evidence, positions and the vendors' answers."
	s.Events = eventLines(r.Lives[worstOf(r.Lives)].Events)
	return s
}

// Raw is the summary with the whole report.
func (r *TraceReport) Raw() *TraceSummary {
	s := r.Summary()
	s.Omitted, s.Report = "", r
	return s
}
