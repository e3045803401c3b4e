package render

import (
	"encoding/json"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/mqtrail/mqtrail/host/internal/trail"
	"github.com/mqtrail/mqtrail/host/internal/verdict"
)

// typedTools are the commands that do what mqtrail's tools do, with the argument that is no flag.
var typedTools = map[string][2]string{
	"trace_message": {"trace", "message"}, "get_message": {"message", "message_id"}, "find_messages": {"find", "key"},
	"consumer_lag": {"lag", "group"}, "replication_status": {"replication", "plan"}, "list_resources": {"list", "kind"},
	"decode_message_id": {"id", "id"},
}

// command is a call as it is typed: a command of mqtrail, or the call of a vendor's operation.
func (p *paper) command(next verdict.Next) string {
	typed, known := typedTools[next.Tool]
	words := []string{"mqtrail", "call", quoted(next.Tool)}
	if known {
		words = []string{"mqtrail", typed[0]}
		if main := argument(next.Arguments[typed[1]]); main != "" {
			if typed[0] == "list" {
				main += "s"
			}
			words = append(words, quoted(main))
		}
	}
	for _, name := range slices.SortedFunc(maps.Keys(next.Arguments), placesFirst) {
		value := argument(next.Arguments[name])
		switch {
		case known && name == typed[1]:
		case known && typed[0] == "find" && name == "message_id":
			words = append(words, "--id", quoted(value))
		case known || name == "connection":
			words = append(words, "--"+strings.ReplaceAll(Shown(name), "_", "-"), quoted(value))
		default:
			words = append(words, quoted(name+"="+value))
		}
	}
	if p.sandbox && typed[0] != "id" {
		words = append(words, "--sandbox")
	}
	return p.show(strings.Join(words, " "))
}

// placesFirst orders arguments from the large to the small, as people say where something is.
func placesFirst(a, b string) int {
	order := []string{"topic", "instance", "connection"}
	if at, other := slices.Index(order, a), slices.Index(order, b); at != other {
		return other - at
	}
	return strings.Compare(a, b)
}

// argument is a value as it is typed.
func argument(value any) string {
	if plain, is := value.(string); is || value == nil {
		return plain
	}
	encoded, err := json.Marshal(value)
	if err != nil {
		return "(not shown: " + err.Error() + ")"
	}
	return string(encoded)
}

var plainWord = regexp.MustCompile(`^[A-Za-z0-9_./:@+=,-]+$`)

// quoted is a word that a shell takes for nothing but a word: names are written by strangers.
func quoted(word string) string {
	if plainWord.MatchString(word) {
		return word
	}
	return "'" + strings.ReplaceAll(word, "'", `'\''`) + "'"
}

// typed writes a command; where it is wider than the terminal, so that it can be copied all the same.
func (p *paper) typed(prefix, command string) {
	room := p.width() - len(prefix) - 2
	lines := []string{command}
	if p.width() > 0 {
		lines = fold(command, max(room, 1))
	}
	whole := strings.Join(lines, " ") == command
	for i, line := range lines {
		if i > 0 {
			prefix = strings.Repeat(" ", len(prefix))
		}
		p.out.WriteString(prefix + line)
		if whole && i < len(lines)-1 {
			p.out.WriteString(" \\")
		}
		p.blank()
	}
}

// see is the command that shows one message of a report alone.
func (p *paper) see(query *trail.TraceQuery, life *trail.Life) string {
	next := verdict.Next{Tool: "trace_message", Arguments: map[string]any{"connection": life.Connection}}
	if m := life.Message; m != nil {
		next.Arguments["message"], next.Arguments["topic"] = idOf(m), m.Topic
		if m.ID == "" { // a place is one in an instance
			next.Arguments["instance"] = m.Instance
		}
	}
	next.Arguments["since"], next.Arguments["until"] = query.Since, query.Until
	maps.DeleteFunc(next.Arguments, func(_ string, value any) bool { return value == "" })
	return p.command(next)
}
