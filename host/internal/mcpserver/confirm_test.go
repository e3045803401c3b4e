package mcpserver

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/mark3labs/mcp-go/client"
	"github.com/mark3labs/mcp-go/client/transport"
	"github.com/mark3labs/mcp-go/mcp"
	"github.com/rs/zerolog"

	"github.com/mqtrail/mqtrail/host/internal/config"
	"github.com/mqtrail/mqtrail/sdk"
	"github.com/mqtrail/mqtrail/sdk/protocol"
)

const destructiveNoisy = "  noisy: {plugin: noisy, access: destructive, toolsets: [messages], calls_at_once: 1, config: {}}"

// user answers questions as a test wants it, and keeps them.
type user struct {
	answer func() (*mcp.ElicitationResult, error)
	asked  []mcp.ElicitationParams
}

func (u *user) Elicit(_ context.Context, request mcp.ElicitationRequest) (*mcp.ElicitationResult, error) {
	u.asked = append(u.asked, request.Params)
	return u.answer()
}

func answers(action mcp.ElicitationResponseAction, content any) func() (*mcp.ElicitationResult, error) {
	return func() (*mcp.ElicitationResult, error) {
		return &mcp.ElicitationResult{ElicitationResponse: mcp.ElicitationResponse{Action: action, Content: content}}, nil
	}
}

func types(name any) func() (*mcp.ElicitationResult, error) {
	return answers(mcp.ElicitationResponseActionAccept, map[string]any{"name": name})
}

// connect is mcp-go's client over a server with the noisy plugin; user is nil when the client cannot ask.
func connect(t *testing.T, revision string, u *user) *client.Client {
	t.Helper()
	options := []client.ClientOption{client.WithProtocolVersion(revision)}
	if u != nil {
		options = append(options, client.WithElicitationHandler(u))
	}
	stdio := transport.NewStdio(mqtrail(t), environment(t), "serve", "--config", noisyConfig(t, destructiveNoisy), "--log-level", "info")
	c := client.NewClient(stdio, options...)
	if err := c.Start(context.Background()); err != nil { // a test's own ends before its clean-up, and would kill the server
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := c.Close(); err != nil {
			t.Error(err)
		}
	})
	var hello mcp.InitializeRequest
	hello.Params.ClientInfo = mcp.Implementation{Name: "test", Version: "1"}
	if _, err := c.Initialize(t.Context(), hello); err != nil {
		t.Fatal(err)
	}
	return c
}

// erasure calls noisy_erase, which leaves marks.
type erasure struct {
	t    *testing.T
	c    *client.Client
	mark string
}

func (e erasure) call(tool string, arguments map[string]any) (*mcp.CallToolResult, string) {
	e.t.Helper()
	var request mcp.CallToolRequest
	request.Params.Name, request.Params.Arguments = tool, arguments
	result, err := e.c.CallTool(e.t.Context(), request)
	if err != nil {
		e.t.Fatalf("%s: %v", tool, err)
	}
	return result, result.Content[0].(mcp.TextContent).Text
}

func (e erasure) arguments(more ...string) map[string]any {
	arguments := map[string]any{"mark": e.mark, "name": "orders"}
	for i := 0; i < len(more); i += 2 {
		arguments[more[i]] = more[i+1]
	}
	return arguments
}

func (e erasure) wantCalled(times int) {
	e.t.Helper()
	marks, err := os.ReadFile(e.mark)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		e.t.Fatal(err)
	}
	if len(marks) != times {
		e.t.Errorf("called %d times, want %d", len(marks), times)
	}
}

// A client that can ask its user asks for the name, in each revision, and nothing else is needed.
func TestUserIsAsked(t *testing.T) {
	for _, revision := range []string{mcp.ProtocolVersion20250618, mcp.ProtocolVersion20251125, mcp.ProtocolVersion20260728} {
		t.Run(revision, func(t *testing.T) {
			u := &user{}
			e := erasure{t, connect(t, revision, u), filepath.Join(t.TempDir(), "mark")}
			for name, answer := range map[string]func() (*mcp.ElicitationResult, error){
				"a wrong name":   types("order"),
				"no name":        types(""),
				"no text":        types(7),
				"no content":     answers(mcp.ElicitationResponseActionAccept, nil),
				"other content":  answers(mcp.ElicitationResponseActionAccept, "orders"),
				"declined":       answers(mcp.ElicitationResponseActionDecline, map[string]any{"name": "orders"}),
				"cancelled":      answers(mcp.ElicitationResponseActionCancel, nil),
				"another action": answers("maybe", map[string]any{"name": "orders"}),
			} {
				u.answer = answer
				result, text := e.call("noisy_erase", e.arguments())
				if !result.IsError || !strings.Contains(text, sdk.CodeConfirmRefused) || !strings.Contains(text, "othing was called") {
					t.Errorf("%s: answered %s", name, text)
				}
			}
			e.wantCalled(0)
			u.answer, u.asked = types("orders"), nil
			result, text := e.call("noisy_erase", e.arguments())
			if result.IsError || text != `{"said":"erased orders"}` {
				t.Errorf("confirmed: %s", text)
			}
			e.wantCalled(1)
			if len(u.asked) != 1 {
				t.Fatalf("asked %d times", len(u.asked))
			}
			for _, want := range []string{"noisy_erase", "noisy", "orders", e.mark, "cannot be brought back"} {
				if !strings.Contains(u.asked[0].Message, want) {
					t.Errorf("the question does not say %q:\n%s", want, u.asked[0].Message)
				}
			}
			if schema, err := json.Marshal(u.asked[0].RequestedSchema); err != nil || !strings.Contains(string(schema), `"required":["name"]`) {
				t.Errorf("the form is %s, %v", schema, err)
			}
			// What only reads or writes asks nobody, and call_operation asks as the tool does.
			if result, text = e.call("noisy_change", map[string]any{}); result.IsError || len(u.asked) != 1 {
				t.Errorf("noisy_change asked, or failed: %s", text)
			}
			if result, text = e.call("call_operation", map[string]any{"operation": "noisy_erase", "arguments": e.arguments()}); result.IsError || len(u.asked) != 2 {
				t.Errorf("call_operation asked %d times: %s", len(u.asked)-1, text)
			}
			e.wantCalled(2)
		})
	}
}

// A client that says it asks, and fails to, confirms nothing.
func TestClientFailsToAsk(t *testing.T) {
	u := &user{answer: func() (*mcp.ElicitationResult, error) { return nil, errors.New("no window") }}
	e := erasure{t, connect(t, mcp.ProtocolVersion20251125, u), filepath.Join(t.TempDir(), "mark")}
	if result, text := e.call("noisy_erase", e.arguments()); !result.IsError || !strings.Contains(text, "was not confirmed") {
		t.Errorf("answered %s", text)
	}
	e.wantCalled(0)
}

// plannedCall is what a client gets that cannot ask.
type plannedCall struct {
	Executed bool
	Plan     *sdk.Plan
	Token    string `json:"confirm_token"`
	Next     string
}

func planIn(t *testing.T, text string) plannedCall {
	t.Helper()
	var p plannedCall
	if err := json.Unmarshal([]byte(text), &p); err != nil || p.Plan == nil || p.Token == "" || p.Executed {
		t.Fatalf("no plan: %v: %s", err, text)
	}
	return p
}

// Where the user cannot be asked the assistant gets the plan, and calls again with its token.
func TestPlanAndToken(t *testing.T) {
	for _, revision := range []string{mcp.ProtocolVersion20250618, mcp.ProtocolVersion20260728} {
		t.Run(revision, func(t *testing.T) {
			e := erasure{t, connect(t, revision, nil), filepath.Join(t.TempDir(), "mark")}
			result, text := e.call("noisy_erase", e.arguments("confirm_token", "")) // as assistants fill in what they leave out
			p := planIn(t, text)
			if result.IsError || p.Plan.Target != "orders" || p.Plan.Connection != "noisy" || p.Plan.Access != sdk.AccessDestructive {
				t.Errorf("the plan is %s", text)
			}
			if !strings.HasPrefix(p.Next, "Nothing was called yet.") || !strings.Contains(p.Next, "call noisy_erase again within 5 minutes") {
				t.Errorf("next: %s", p.Next)
			}
			for what, arguments := range map[string]map[string]any{
				"a changed argument": e.arguments("name", "payments", "confirm_token", p.Token),
				"a forged token":     e.arguments("confirm_token", forged(p.Token)),
			} {
				if result, text := e.call("noisy_erase", arguments); !result.IsError || !strings.Contains(text, sdk.CodeConfirmRefused) {
					t.Errorf("%s: answered %s", what, text)
				}
			}
			e.wantCalled(0)
			if result, text = e.call("noisy_erase", e.arguments("confirm_token", p.Token)); result.IsError || text != `{"said":"erased orders"}` {
				t.Errorf("confirmed: %s", text)
			}
			if result, text = e.call("noisy_erase", e.arguments("confirm_token", p.Token)); !result.IsError || !strings.Contains(text, "used already") {
				t.Errorf("used again: %s", text)
			}
			e.wantCalled(1)

			_, text = e.call("call_operation", map[string]any{"operation": "noisy_erase", "arguments": e.arguments()})
			p = planIn(t, text)
			result, text = e.call("call_operation", map[string]any{"operation": "noisy_erase", "arguments": e.arguments(), "confirm_token": p.Token})
			if result.IsError || text != `{"said":"erased orders"}` || !strings.Contains(p.Next, "call call_operation again") {
				t.Errorf("by call_operation: %s, %s", text, p.Next)
			}
			e.wantCalled(2)
		})
	}
}

// The state of a round trip confirms nothing without the name, not as an argument either, and comes back once.
func TestRoundTripState(t *testing.T) {
	p := serve(t, "--config", noisyConfig(t, destructiveNoisy))
	mark := filepath.Join(t.TempDir(), "mark")
	const canAsk = `"_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientInfo":{"name":"test","version":"1"},` +
		`"io.modelcontextprotocol/clientCapabilities":%s}`
	call := func(capabilities, more, name string) (result struct {
		toolResult
		Requests map[string]json.RawMessage `json:"inputRequests"`
		State    string                     `json:"requestState"`
	}) {
		t.Helper()
		p.send(fmt.Sprintf(`{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"noisy_erase","arguments":{"mark":%q,"name":%q%s,`+canAsk+`}}`,
			mark, name, more, capabilities))
		p.result("1", &result)
		return result
	}
	const asks, mute = `{"elicitation":{"form":{}}}`, `{"elicitation":{"url":{}}}`
	named := func(state, name string) string {
		return fmt.Sprintf(`},"requestState":%q,"inputResponses":{"confirm":{"action":"accept","content":{"name":%q}}}`, state, name)
	}
	first := call(asks, "}", "orders")
	if first.ResultType != "input_required" || first.State == "" || first.Requests["confirm"] == nil || strings.Contains(string(first.Requests["confirm"]), first.State) {
		t.Fatalf("asked with %+v", first)
	}
	for what, try := range map[string][3]string{
		"as a token":              {asks, fmt.Sprintf(`,"confirm_token":%q}`, first.State), "orders"},
		"as a token, not asking":  {mute, fmt.Sprintf(`,"confirm_token":%q}`, first.State), "orders"},
		"without an answer":       {asks, fmt.Sprintf(`},"requestState":%q`, call(asks, "}", "orders").State), "orders"},
		"with another argument":   {asks, named(call(asks, "}", "orders").State, "payments"), "payments"},
		"with a state of its own": {asks, named(forged(first.State), "orders"), "orders"},
	} {
		if result := call(try[0], try[1], try[2]); !result.IsError || !strings.Contains(result.Content[0].Text, sdk.CodeConfirmRefused) {
			t.Errorf("%s: %+v", what, result)
		}
	}
	state := call(asks, "}", "orders").State
	if result := call(asks, named(state, "orders"), "orders"); result.IsError || result.ResultType != "complete" {
		t.Errorf("confirmed: %+v", result)
	}
	if result := call(asks, named(state, "orders"), "orders"); !result.IsError || !strings.Contains(result.Content[0].Text, "used already") {
		t.Errorf("confirmed again: %+v", result)
	}
	erasure{t: t, mark: mark}.wantCalled(1)
	if result := call(mute, "}", "orders"); result.IsError || planIn(t, result.Content[0].Text).Token == "" {
		t.Errorf("a client that asks no forms: %+v", result)
	}
	p.end()
}

// A question is a request of the server's own: it is no answer to the client, and the end of input still finds the
// call that waits for it. The record has a plan and a call, once each.
func TestQuestionWhileTheCallWaits(t *testing.T) {
	p := serve(t, "--config", noisyConfig(t, destructiveNoisy), "--log-level", "info")
	mark := filepath.Join(t.TempDir(), "mark")
	p.send(strings.Replace(initialize, `"capabilities":{}`, `"capabilities":{"elicitation":{}}`, 1))
	p.answer("0")
	p.send(`{"jsonrpc":"2.0","method":"notifications/initialized"}`)
	ask := func(id string) string {
		t.Helper()
		p.send(fmt.Sprintf(`{"jsonrpc":"2.0","id":%s,"method":"tools/call","params":{"name":"noisy_erase","arguments":{"mark":%q,"name":"orders"}}}`, id, mark))
		m := p.next()
		if m.Method != "elicitation/create" {
			t.Fatalf("want a question, got %+v", m)
		}
		return string(m.ID)
	}
	question := ask("1")
	// The connection takes one call at a time, and the call that waits does not hold its place.
	if result := p.call("noisy_change", `{}`); result.IsError {
		t.Errorf("a call beside: %+v", result)
	}
	p.send(`{"jsonrpc":"2.0","id":` + question + `,"result":{"action":"accept","content":{"name":"orders"}}}`)
	var result toolResult
	p.result("1", &result)
	if result.IsError {
		t.Errorf("confirmed: %+v", result)
	}
	question = ask("2")
	p.send(`{"jsonrpc":"2.0","id":` + question + `,"error":{"code":-32601,"message":"no"}}`)
	p.result("2", &result)
	if !result.IsError {
		t.Errorf("refused: %+v", result)
	}
	erasure{t: t, mark: mark}.wantCalled(1)
	p.end()
	var record []string
	for line := range strings.Lines(p.stderr.String()) {
		var l struct{ Operation, Outcome, Confirmation string }
		if json.Unmarshal([]byte(line), &l) == nil && l.Operation == "noisy_erase" && l.Outcome != "" {
			record = append(record, l.Outcome+" "+l.Confirmation)
		}
	}
	if got, want := strings.Join(record, ", "), "confirmation_required plan, ok confirmed, confirmation_required plan, confirmation_refused refused"; got != want {
		t.Errorf("the record is %s, want %s", got, want)
	}
}

// A token that has expired is refused before anything starts: the plugin of this server cannot run.
func TestTokenExpires(t *testing.T) {
	destructive := operation("destroy", `{"type":"object","properties":{"name":{"type":"string","description":"It."}},"required":["name"]}`)
	destructive.Access = "destructive"
	now := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	s := houseAt(t, func() time.Time { return now }, []config.Connection{{
		Name: "main", Plugin: "acme", Access: sdk.AccessDestructive, Toolsets: []string{"messages"}, Timeout: time.Minute, CallsAtOnce: 1,
	}}, zerolog.Nop(), destructive)
	call := func(more string) (result toolResult) {
		t.Helper()
		answer, err := json.Marshal(s.protocol.HandleMessage(t.Context(), json.RawMessage(
			`{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"acme_destroy","arguments":{"name":"orders"`+more+`}}}`)))
		if err != nil {
			t.Fatal(err)
		}
		var m struct{ Result *toolResult }
		m.Result = &result
		if err := json.Unmarshal(answer, &m); err != nil {
			t.Fatal(err)
		}
		return result
	}
	token := planIn(t, call("").Content[0].Text).Token
	now = now.Add(5*time.Minute - time.Second)
	if text := call(`,"confirm_token":"` + token + `"`).Content[0].Text; !strings.Contains(text, sdk.CodePluginInvalid) {
		t.Errorf("in time, the call is tried: %s", text)
	}
	token = planIn(t, call("").Content[0].Text).Token
	now = now.Add(5 * time.Minute)
	if text := call(`,"confirm_token":"` + token + `"`).Content[0].Text; !strings.Contains(text, "older than 5 minutes") {
		t.Errorf("too late: %s", text)
	}
}

// Only a tool whose calls may need it takes a token, however little room its arguments leave.
func TestTokenArgument(t *testing.T) {
	wide := `{"type":"object","properties":{"a":{"type":"string","description":"` + strings.Repeat("x", 2*toolBudget) + `"}}}`
	var offered []*protocol.Operation
	for name, change := range map[string]func(*protocol.Operation){
		"read":    func(*protocol.Operation) {},
		"write":   func(o *protocol.Operation) { o.Access = "write" },
		"destroy": func(o *protocol.Operation) { o.Access = "destructive" },
		"buy":     func(o *protocol.Operation) { o.Access, o.Billable = "write", true },
		"escalate": func(o *protocol.Operation) {
			o.Escalations = []*protocol.Escalation{{Pointer: "/a", Access: "destructive"}}
		},
	} {
		o := operation(name, wide)
		change(o)
		offered = append(offered, o)
	}
	for access, want := range map[sdk.Access]string{
		sdk.AccessRead:        "",
		sdk.AccessWrite:       "acme_buy call_operation",
		sdk.AccessDestructive: "acme_buy acme_destroy acme_escalate call_operation",
	} {
		s := houseWith(t, []config.Connection{{Name: "main", Plugin: "acme", Access: access, Toolsets: []string{"messages"}, CallsAtOnce: 1}}, zerolog.Nop(), offered...)
		var got []string
		for name, tool := range s.listed(t) {
			if strings.Contains(string(tool.Input), `"confirm_token"`) {
				got = append(got, name)
			}
			if name == "acme_escalate" && string(tool.Annotations["destructiveHint"]) != "true" {
				t.Errorf("%s: what may destroy does not say so", name)
			}
		}
		slices.Sort(got)
		if strings.Join(got, " ") != want {
			t.Errorf("%s: %q take a token, want %s", access, got, want)
		}
	}
}

// forged is a token with its first letter changed.
func forged(token string) string {
	if token[0] == 'A' {
		return "B" + token[1:]
	}
	return "A" + token[1:]
}
