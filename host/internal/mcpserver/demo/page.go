package main

import (
	"bytes"
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
	width       = 92 // columns
	answerLines = 18 // of one answer
)

// page is what the demo prints.
type page struct {
	out    io.Writer
	failed error // the first error of writing
}

func (p *page) line(format string, args ...any) {
	if _, err := fmt.Fprintf(p.out, format+"\n", args...); err != nil && p.failed == nil {
		p.failed = err
	}
}

func (p *page) heading(text string) {
	p.line("\n%s\n%s", text, strings.Repeat("─", utf8.RuneCountInString(text)))
}

func (p *page) welcome(program string, server *mcp.InitializeResult) {
	p.line("A real MCP session with %s serve --sandbox: no account, no network. Each vendor's", program)
	p.line("plugin starts an emulator on this machine and calls it over HTTP, signed, as it would the cloud.")
	p.line("The answers are the vendors' own samples, unchanged: some name other things than were asked for.")
	p.heading("Connect")
	p.line("%s %s, protocol %s", server.ServerInfo.Name, server.ServerInfo.Version, server.ProtocolVersion)
}

func (p *page) tools(tools []mcp.Tool) {
	p.heading(fmt.Sprintf("tools/list: %d tools", len(tools)))
	for _, tool := range tools {
		p.line("%-40s %s", tool.Name, shorten(tool.Title, width-41))
	}
}

func (p *page) exchange(number int, asked call, answer *mcp.CallToolResult, took time.Duration) error {
	p.heading(fmt.Sprintf("%d. %s", number, asked.Title))
	p.question(asked)
	where := ""
	if answer.Meta != nil {
		where = fmt.Sprintf(", connection %v", answer.Meta.AdditionalFields["mqtrail/connection"])
		if answer.Meta.AdditionalFields["mqtrail/sandbox"] == true {
			where += ", sandbox"
		}
	}
	p.line("answer (%d bytes, %d ms%s):", len(answer.RawStructuredContent), took.Milliseconds(), where)
	return p.answer(answer.RawStructuredContent)
}

func (p *page) question(asked call) {
	p.line("tools/call %s", asked.Tool)
	p.arguments("", asked.Arguments)
}

// arguments prints one argument a line, those within another (call_operation's) with its name in front.
func (p *page) arguments(prefix string, arguments map[string]any) {
	for _, name := range slices.Sorted(maps.Keys(arguments)) {
		if within, ok := arguments[name].(map[string]any); ok {
			p.arguments(prefix+name+".", within)
			continue
		}
		value, err := json.Marshal(arguments[name])
		if err != nil {
			value = []byte(err.Error())
		}
		p.line("  %s", shorten(prefix+name+" = "+string(value), width-2))
	}
}

// answer prints the beginning of an answer and says how much is left out.
func (p *page) answer(answer json.RawMessage) error {
	var indented bytes.Buffer
	if err := json.Indent(&indented, answer, "", "  "); err != nil {
		return fmt.Errorf("the answer is no JSON: %w", err)
	}
	lines := strings.Split(indented.String(), "\n")
	shown := lines
	if len(lines) > answerLines+1 {
		shown = lines[:answerLines]
	}
	for _, line := range shown {
		p.line("  %s", shorten(line, width-2))
	}
	if left := len(lines) - len(shown); left > 0 {
		p.line("  … and %d more lines", left)
	}
	return nil
}

func (p *page) refusal(asked call, wrong, text string) {
	p.heading("What an assistant is told when it misspells an argument")
	p.line("tools/call %s with %s", asked.Tool, wrong)
	for line := range strings.SplitSeq(text, "\n") {
		p.wrapped(line)
	}
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

func (p *page) farewell(program string) {
	p.heading("Go on")
	p.line("the same by hand      %s call ctyun_rocketmq_message_query_by_key --sandbox \\", program)
	p.line("                        prodInstId=70687660456281088 topicName=test key=test_key")
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
