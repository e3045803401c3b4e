package main

import (
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/mark3labs/mcp-go/mcp"
)

const (
	width = 92 // columns
	// perToken is how many bytes count as a token of a language model.
	perToken = 4
)

// The colours of a terminal.
const (
	bold   = "1"
	faint  = "2"
	red    = "31"
	green  = "32"
	yellow = "33"
)

// page is what the demo prints.
type page struct {
	out    io.Writer
	colour bool
	failed error // the first error of writing
}

func (p *page) line(format string, args ...any) {
	if _, err := fmt.Fprintf(p.out, format+"\n", args...); err != nil && p.failed == nil {
		p.failed = err
	}
}

// paint colours a text on a terminal.
func (p *page) paint(colour, text string) string {
	if !p.colour {
		return text
	}
	return "\x1b[" + colour + "m" + text + "\x1b[0m"
}

func (p *page) heading(text string) {
	p.line("\n%s\n%s", p.paint(bold, text), strings.Repeat("─", utf8.RuneCountInString(text)))
}

func (p *page) welcome(program string, server *mcp.InitializeResult) {
	p.line("A real MCP session with %s serve --sandbox: no account, no network. Each vendor's", program)
	p.line("plugin starts an emulator on this machine and calls it over HTTP, signed, as it would the cloud.")
	p.heading("Connect")
	p.line("%s %s, protocol %s", server.ServerInfo.Name, server.ServerInfo.Version, server.ProtocolVersion)
}

// tools lists mqtrail's own tools, and counts the vendors'.
func (p *page) tools(tools []mcp.Tool) {
	p.heading(fmt.Sprintf("tools/list: %d tools", len(tools)))
	vendors := map[string]int{}
	for _, tool := range tools {
		switch vendor, _, _ := strings.Cut(tool.Name, "_"); vendor {
		case "aliyun", "huawei", "ctyun":
			vendors[vendor]++
		default:
			p.line("%-20s %s", tool.Name, shorten(tool.Title, width-21))
		}
	}
	for _, vendor := range slices.Sorted(maps.Keys(vendors)) {
		p.line("%-20s %s", vendor+"_…", p.paint(faint, fmt.Sprintf("%d operations that read messages", vendors[vendor])))
	}
}

// exchange is one question of the story, with what its answer cost.
func (p *page) exchange(why string, asked call, bytes int, took time.Duration) {
	p.line("\n%s", p.paint(bold, why))
	p.question(asked)
	p.line("%s", p.paint(faint, fmt.Sprintf("answered in %d ms, about %d tokens", took.Milliseconds(), bytes/perToken)))
}

func (p *page) question(asked call) {
	p.line("→ tools/call %s", asked.Tool)
	for _, name := range slices.Sorted(maps.Keys(asked.Arguments)) {
		value, err := json.Marshal(asked.Arguments[name])
		if err != nil {
			value = []byte(err.Error())
		}
		p.line("    %s", shorten(name+" = "+string(value), width-4))
	}
}

// signs and their colours say at a glance how a group fared.
func (p *page) sign(verdict, confidence string) string {
	switch {
	case confidence == "unknown":
		return p.paint(yellow, "?")
	case strings.HasPrefix(verdict, "CONSUMED") && verdict != "CONSUMED_TWICE" && confidence == "proven":
		return p.paint(green, "✓")
	default:
		return p.paint(red, "✗")
	}
}

func (p *page) verdict(found trace) {
	p.line("← %s %s (%s)", p.sign(found.Verdict, found.Confidence), p.paint(bold, found.Verdict), found.Confidence)
	p.wrapped("  " + found.Why)
	for _, group := range found.Groups {
		p.line("    %s %-12s %-16s attempts: %d", p.sign(group.Verdict, cmp.Or(group.Confidence, found.Confidence)), group.Group, group.Verdict, group.Attempts)
	}
}

func (p *page) quote(text string) { p.line("← %s", shorten(text, width-2)) }

func (p *page) lags(groups []groupLag) {
	for _, group := range groups {
		online, waiting := "whether a consumer is connected is unknown", "how much waits is unknown"
		if group.Online != nil {
			online = map[bool]string{true: "a consumer is connected", false: "no consumer is connected"}[*group.Online]
		}
		if group.Messages != nil {
			waiting = fmt.Sprintf("%d messages wait", *group.Messages)
		}
		p.line("← %s: %s, %s", group.Group, online, waiting)
	}
}

// brief is an operation of a vendor in two lines: its name, and how its answer begins.
func (p *page) brief(name string, answer json.RawMessage, took time.Duration) {
	p.line("→ %s (%d bytes, %d ms)", name, len(answer), took.Milliseconds())
	p.line("  %s", p.paint(faint, shorten(string(answer), width-2)))
}

func (p *page) refusal(asked call, text string) {
	p.heading("What an assistant is told when it misspells an argument")
	p.question(asked)
	for line := range strings.SplitSeq(text, "\n") {
		p.wrapped(line)
	}
}

// command is a command as it is typed.
func (p *page) command(program string, arguments []string) {
	p.line("%s\n", p.paint(bold, "$ "+program+" "+strings.Join(arguments, " ")))
}

// wrapped prints a line whole, on as many lines as it needs.
func (p *page) wrapped(text string) {
	indent := text[:len(text)-len(strings.TrimLeft(text, " "))]
	current := ""
	for _, word := range words(text, width-2-len(indent)) {
		switch {
		case current == "":
			current = indent + word
		case utf8.RuneCountInString(current)+1+utf8.RuneCountInString(word) > width-2:
			p.line("  %s", current)
			current = indent + "  " + word
		default:
			current += " " + word
		}
	}
	p.line("  %s", current)
}

// words are the words of a text, those that are longer than a line in pieces.
func words(text string, most int) []string {
	var all []string
	for _, word := range strings.Fields(text) {
		for piece := range slices.Chunk([]rune(word), most) {
			all = append(all, string(piece))
		}
	}
	return all
}

func (p *page) farewell(program, picture string) {
	p.heading("Go on")
	p.line("the picture           %s: open it in a browser", picture)
	p.line("more messages         %s trace order-7103 --sandbox   (README.md lists them)", program)
	p.line("with your assistant   give it the command: %s serve --sandbox", program)
	p.line("with your account     %s connections, and README.md", program)
}

// shorten cuts a text that is longer than a line and says so.
func shorten(text string, most int) string {
	if utf8.RuneCountInString(text) <= most {
		return text
	}
	return string([]rune(text)[:most-1]) + "…"
}
