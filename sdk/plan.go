package sdk

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"
	"unicode"
)

// Plan is what a call would do that needs a confirmation, for the person who is to give it. The host makes it.
type Plan struct {
	// Operation, Title, Description and Request are the operation's.
	Operation   string `json:"operation"`
	Title       string `json:"title"`
	Description string `json:"description,omitempty"`
	Request     string `json:"request,omitempty"`
	Connection  string `json:"connection"`
	// Sandbox connections have made-up data.
	Sandbox bool `json:"sandbox"`
	// Access is what the call needs with these arguments.
	Access Access `json:"access"`
	// Billable calls cost money.
	Billable bool `json:"billable"`
	// Arguments are one JSON object, without secrets, long values cut.
	Arguments json.RawMessage `json:"arguments"`
	// Target is the name of what the call acts on; a person types it to confirm.
	Target string `json:"target"`
	// Known is what was looked up about the target.
	Known []Fact `json:"known"`
	// Consequences are what cannot be undone and what costs money, in sentences.
	Consequences []string `json:"consequences"`
	// Token confirms exactly this call, once. Whoever shows the plan decides who gets it.
	Token string `json:"-"`
	// ValidFor is how long the token is good for.
	ValidFor time.Duration `json:"-"`
}

// Fact is one thing that is known about a target.
type Fact struct {
	Name string `json:"name"`
	// Value is text; "unknown" when it could not be looked up.
	Value string `json:"value"`
}

// onOneLine keeps a value from looking like lines of the plan, or like other than it is.
func onOneLine(r rune) rune {
	if unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || r == '\u2028' || r == '\u2029' {
		return ' '
	}
	return r
}

// String is the plan as lines for people.
func (p *Plan) String() string {
	var text strings.Builder
	line := func(name, value string) {
		if value != "" {
			fmt.Fprintf(&text, "  %-11s %s\n", name, strings.Map(onOneLine, value))
		}
	}
	line("would call", p.Operation+" ("+p.Title+")")
	line("request", p.Request)
	line("over", p.Connection+map[bool]string{true: ", a sandbox"}[p.Sandbox])
	line("on", p.Target)
	line("arguments", string(p.Arguments))
	for i, fact := range p.Known {
		line(map[bool]string{true: "known"}[i == 0], fact.Name+": "+fact.Value)
	}
	line("about it", p.Description)
	for _, consequence := range p.Consequences {
		line("mind", consequence)
	}
	return strings.TrimSuffix(text.String(), "\n")
}
