package render

import (
	"fmt"
	"slices"
	"strings"

	"github.com/mqtrail/mqtrail/host/internal/trail"
)

// afterword says how far an answer reaches: the window, what may be missing, where nobody could look.
func (p *paper) afterword(window trail.Span, incomplete []string, looked []trail.Looked, notes []string) {
	p.incomplete(incomplete)
	p.looked(looked)
	if window != (trail.Span{}) {
		p.blank()
		p.line(p.window(window))
	}
	p.list("Notes", notes)
}

func (p *paper) window(span trail.Span) string {
	sentence := "Window: "
	switch {
	case span.From != "" && span.To != "":
		sentence += p.show(span.From) + " to " + p.show(span.To) + "."
	case span.From != "":
		sentence += "from " + p.show(span.From) + "."
	case span.To != "":
		sentence += "until " + p.show(span.To) + "."
	default:
		sentence += "open."
	}
	if span.Note != "" {
		sentence += " " + p.show(span.Note)
	}
	return sentence
}

// looked lists the places, but for those where all went well and the message was found: places of a connection that
// came to the same are one line.
func (p *paper) looked(places []trail.Looked) {
	type kind struct {
		connection string
		outcome    trail.Outcome
		detail     string
	}
	var kinds []kind
	alike := map[kind][]trail.Looked{}
	for _, place := range places {
		if place.Outcome == trail.Found && (place.Detail == "" || p.said(place.Detail)) {
			continue
		}
		key := kind{place.Connection, place.Outcome, place.Detail}
		if alike[key] == nil {
			kinds = append(kinds, key)
		}
		alike[key] = append(alike[key], place)
	}
	var lines []string
	for _, key := range kinds {
		sentence := p.places(alike[key])
		if key.detail != "" && !p.said(key.detail) {
			sentence += p.marks().dash + p.detail(key.outcome, key.detail)
		}
		lines = append(lines, sentence)
	}
	for _, key := range kinds {
		p.news(key.detail)
	}
	p.items("Where was looked", lines)
}

// longest is how much is said, in columns, of a place where all went well.
const longest = 240

// detail is what is said of a place: whole where something failed.
func (p *paper) detail(outcome trail.Outcome, detail string) string {
	shown := p.show(detail)
	if clipped := p.clip(shown, longest); clipped != shown && (outcome == trail.Found || outcome == trail.NotFound) {
		return clipped + " (-o json has all of it)"
	}
	return shown
}

// places says what looking in one or more places of a connection came to.
func (p *paper) places(places []trail.Looked) string {
	first := places[0]
	topics := 0
	for _, place := range places {
		topics += place.Topics
	}
	first.Topics = topics
	where := p.orUnknown(first.Connection)
	switch {
	case len(places) > 1:
		return fmt.Sprintf("%s, %d instances: %s", where, len(places), p.outcome(first))
	case first.Instance != "":
		where += " " + p.show(first.Instance)
	}
	return where + ": " + p.outcome(first)
}

func (p *paper) outcome(place trail.Looked) string {
	switch place.Outcome {
	case trail.Found:
		return "found"
	case trail.NotFound:
		if place.Topics > 0 {
			return "not found in " + counted(place.Topics, "topic")
		}
		return "not found"
	case trail.Failed:
		return "could not look"
	case trail.NotOffered:
		return "the vendor cannot tell"
	case trail.NotLooked:
		return "not looked"
	default:
		return p.orUnknown(string(place.Outcome))
	}
}

// counted is a number of things.
func counted(count int, what string) string {
	if count == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", count, what)
}

// mostNames is how many names stand before what is said of all of them.
const mostNames = 3

// incomplete says what may be missing: what is said of several places alike, once.
func (p *paper) incomplete(sentences []string) {
	var order []string
	about := map[string][]string{}
	for _, sentence := range sentences {
		name, rest, found := strings.Cut(sentence, ": ")
		if !found {
			name, rest = "", sentence
		}
		if about[rest] == nil {
			order = append(order, rest)
		}
		about[rest] = append(about[rest], name)
	}
	var lines []string
	for _, rest := range order {
		names := slices.DeleteFunc(about[rest], func(name string) bool { return name == "" })
		if count := len(names); count > mostNames {
			names = append(names[:mostNames:mostNames], fmt.Sprintf("%d more", count-mostNames))
		}
		p.news(rest)
		if len(names) > 0 {
			rest = strings.Join(names, "; ") + ": " + rest
		}
		lines = append(lines, rest)
	}
	p.items("Something may be missing", lines)
}
