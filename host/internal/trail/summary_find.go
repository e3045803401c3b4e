package trail

// FindSummary is a list of messages in few words, newest first.
type FindSummary struct {
	Messages []MessageLine `json:"messages"`
	Next     string        `json:"next_cursor,omitempty"`
	// Incomplete says why messages that exist may be missing.
	Incomplete []string `json:"incomplete,omitempty"`
	Window     *Span    `json:"window,omitempty"`
	Looked     string   `json:"looked,omitempty"`
	Notes      []string `json:"notes,omitempty"`
	// Omitted says how to get what is left out.
	Omitted string      `json:"omitted,omitempty"`
	Report  *FindReport `json:"report,omitempty"`
}

// Summary is the list with previews, which get shorter where twenty messages would take more than 6,000 bytes.
func (r *FindReport) Summary() *FindSummary {
	s := &FindSummary{
		Messages: []MessageLine{}, Next: r.Next, Incomplete: lines(r.Incomplete, 5), Window: &r.Window, Looked: lookedLine(r.Looked),
		Notes: lines(r.Notes, 3), Omitted: goOn(r.Next, "get_message has a body whole; trace_message tells what became of a message."),
	}
	for i := range r.Messages {
		short := messageLine(r.Messages[i].Connection, &r.Messages[i].Message)
		short.Preview = preview(r.Messages[i].Body)
		s.Messages = append(s.Messages, *short)
	}
	// A cursor over many places may be long, and previews need not pay for all of that.
	s.fit(findBudget*max(defaultLimit, len(s.Messages))/defaultLimit + max(0, len(s.Next)-findBudget/10))
	return s
}

// fit shortens previews, then leaves out what get_message tells, until the list is small enough.
func (s *FindSummary) fit(budget int) {
	each := func(change func(*MessageLine)) {
		for i := range s.Messages {
			change(&s.Messages[i])
		}
	}
	for _, leave := range []func(){
		func() { each(func(m *MessageLine) { m.Size = nil }) },
		func() { each(func(m *MessageLine) { m.Preview = line(m.Preview, previewLength*2/3) }) },
		func() { each(func(m *MessageLine) { m.Preview = line(m.Preview, previewLength/3) }) },
		func() { each(func(m *MessageLine) { m.Keys = m.Keys[:min(1, len(m.Keys))] }) },
		func() { each(func(m *MessageLine) { m.Preview = "" }) },
	} {
		if sized(s) <= budget {
			return
		}
		leave()
	}
}

// Raw is the list with the whole report.
func (r *FindReport) Raw() *FindSummary {
	s := r.Summary()
	s.Omitted, s.Report = "", r
	return s
}
