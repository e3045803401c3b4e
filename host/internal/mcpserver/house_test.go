package mcpserver

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/mark3labs/mcp-go/mcp"
	"github.com/rs/zerolog"

	"github.com/mqtrail/mqtrail/host/internal/config"
	"github.com/mqtrail/mqtrail/host/internal/gateway"
	"github.com/mqtrail/mqtrail/host/internal/operations"
	"github.com/mqtrail/mqtrail/host/internal/pluginhost"
	"github.com/mqtrail/mqtrail/host/internal/redact"
	"github.com/mqtrail/mqtrail/sdk"
	"github.com/mqtrail/mqtrail/sdk/protocol"
)

// house is a server in this process, of a plugin acme with these operations whose program cannot run: whatever
// starts it fails and is logged.
func house(t *testing.T, offered ...*protocol.Operation) *Server {
	t.Helper()
	return houseWith(t, []config.Connection{{
		Name: "main", Plugin: "acme", Access: sdk.AccessWrite, Settings: json.RawMessage("{}"),
		Timeout: time.Minute, CallsAtOnce: 1, Origin: config.OriginFile,
	}}, zerolog.Nop(), offered...)
}

func houseWith(t *testing.T, connections []config.Connection, logger zerolog.Logger, offered ...*protocol.Operation) *Server {
	t.Helper()
	return houseAt(t, nil, connections, logger, offered...)
}

// houseAt is houseWith with a clock.
func houseAt(t *testing.T, now func() time.Time, connections []config.Connection, logger zerolog.Logger, offered ...*protocol.Operation) *Server {
	t.Helper()
	return houseKeeping(t, Keep{}, now, connections, logger, offered...)
}

// houseKeeping is houseAt that keeps its tools.
func houseKeeping(t *testing.T, keep Keep, now func() time.Time, connections []config.Connection, logger zerolog.Logger, offered ...*protocol.Operation) *Server {
	t.Helper()
	dir := t.TempDir()
	if err := os.WriteFile(executable(filepath.Join(dir, "mqtrail-plugin-acme")), []byte("no program"), 0o700); err != nil {
		t.Fatal(err)
	}
	plugins := pluginhost.New(pluginhost.Options{Dirs: []string{dir}, Logger: logger})
	t.Cleanup(func() { _ = plugins.Close(t.Context()) }) // nothing runs
	var opened []*gateway.Connection
	for _, connection := range connections {
		opened = append(opened, gateway.NewConnection(connection))
	}
	catalogue := operations.New(&pluginhost.Manifest{Manifest: &protocol.Manifest{Name: "acme", Operations: offered}})
	g, err := gateway.New(gateway.Options{
		Catalogue: catalogue, Connections: opened, Plugins: plugins, Redactor: &redact.Redactor{}, Logger: logger, Now: now,
	})
	if err != nil {
		t.Fatal(err)
	}
	s, err := New(Options{Gateway: g, Toolsets: []string{"messages"}, Keep: keep, Version: "1", Logger: logger})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// operation is one with this input schema.
func operation(name, input string) *protocol.Operation {
	return &protocol.Operation{
		Name: "acme_" + name, VendorName: name, Title: "Title", Description: "What it does.", Access: "read", Toolset: "messages",
		InputSchema: []byte(input), OutputSchema: []byte(`{"type":"object"}`),
	}
}

func (s *Server) listed(t *testing.T) map[string]tool {
	t.Helper()
	answer, err := json.Marshal(s.protocol.HandleMessage(t.Context(), json.RawMessage(`{"jsonrpc":"2.0","id":1,"method":"tools/list"}`)))
	if err != nil {
		t.Fatal(err)
	}
	var listed struct{ Result struct{ Tools []tool } }
	if err := json.Unmarshal(answer, &listed); err != nil {
		t.Fatal(err)
	}
	tools := map[string]tool{}
	for _, tool := range listed.Result.Tools {
		tools[tool.Name] = tool
	}
	return tools
}

// Listing hundreds of operations starts no plugin and logs nothing.
func TestListStartsNoPlugin(t *testing.T) {
	var log bytes.Buffer
	var many []*protocol.Operation
	for i := range 500 {
		many = append(many, operation(fmt.Sprintf("op_%d", i), `{"type":"object","properties":{"a":{"type":"string","description":"It."}}}`))
	}
	s := houseWith(t, []config.Connection{{Name: "main", Plugin: "acme", Access: sdk.AccessRead, CallsAtOnce: 1}}, zerolog.New(&log), many...)
	if got, want := len(s.listed(t)), 500+len(s.natives()); got != want {
		t.Errorf("%d tools, want %d", got, want)
	}
	for line := range strings.Lines(log.String()) {
		if !strings.Contains(line, `"level":"debug"`) {
			t.Errorf("logged: %s", line)
		}
	}
}

// A schema that would upset a client keeps one operation out of the list, and only that.
func TestUnsuitableSchemasAreNotOffered(t *testing.T) {
	var log bytes.Buffer
	s := houseWith(t, []config.Connection{
		{Name: "one", Plugin: "acme", Access: sdk.AccessRead, CallsAtOnce: 1},
		{Name: "two", Plugin: "acme", Access: sdk.AccessRead, CallsAtOnce: 1},
	}, zerolog.New(&log),
		operation("fine", `{"type":"object","additionalProperties":false,"properties":{"a":{"const":1,"type":"integer","default":1}}}`),
		operation("refers", `{"type":"object","properties":{"a":{"$ref":"#/$defs/x"}},"$defs":{"x":{"type":"string"}}}`),
		operation("chooses", `{"type":"object","oneOf":[{"required":["a"]}],"properties":{"a":{"type":"string"}}}`),
		operation("list", `{"type":"array"}`),
		operation("own", `{"type":"object","properties":{"connection":{"type":"string"}}}`),
	)
	tools := s.listed(t)
	if len(tools) != len(s.natives())+1 {
		t.Errorf("%d tools, want mqtrail's own and acme_fine", len(tools))
	}
	want := `{"type":"object","properties":{"connection":{"description":"Account to ask.","enum":["one","two"],"type":"string"},` +
		`"a":{"enum":[1],"type":"integer"}},"required":["connection"]}`
	if got := string(tools["acme_fine"].Input); got != want {
		t.Errorf("input schema %s, want %s", got, want)
	}
	for _, name := range []string{"acme_refers", "acme_chooses", "acme_list", "acme_own"} {
		if !strings.Contains(log.String(), name) {
			t.Errorf("the log does not say why %s is not offered:\n%s", name, log.String())
		}
	}
}

// A tool that is too long for its budget loses what is missed least.
func TestLongToolIsFitted(t *testing.T) {
	long := strings.Repeat("x", 250)
	o := operation("long", `{"type":"object","properties":{
		"free":{"type":"string","description":"`+long+`"},
		"mode":{"type":"string","description":"In a mode. `+long+`","pattern":"^a+$","examples":["aa"]},
		"must":{"type":"string","description":"Needed. `+long+`","pattern":"^b+$","examples":["bb"]}},
		"required":["must"]}`)
	o.Modes = []*protocol.Mode{{Arguments: []string{"mode"}}}
	got := house(t, o).listed(t)["acme_long"]
	want := tool{
		Name: "acme_long", Title: "Title", Description: "What it does.",
		Input: json.RawMessage(`{"type":"object","properties":{"must":{"description":"Needed.","type":"string"},` +
			`"free":{"description":"` + long + `","type":"string"},"mode":{"description":"In a mode.","type":"string"}},"required":["must"]}`),
	}
	if got.Description != want.Description || string(got.Input) != string(want.Input) {
		t.Errorf("got %s %s", got.Description, got.Input)
	}
	// Longer still: the free argument goes, and the tool says so.
	o.InputSchema = []byte(strings.Replace(string(o.InputSchema), long, strings.Repeat(long, 4), 1))
	got = house(t, o).listed(t)["acme_long"]
	if strings.Contains(string(got.Input), `"free"`) || !strings.Contains(string(got.Input), "In a mode.") ||
		got.Description != "What it does. More arguments (1): describe_operation." {
		t.Errorf("got %s %s", got.Description, got.Input)
	}
}

// A panic reaches the assistant as a tool error that tells nothing of the insides.
func TestPanicIsAToolError(t *testing.T) {
	var log bytes.Buffer
	s := house(t)
	s.logger = zerolog.New(&log)
	handler := s.handler(func(context.Context, mcp.CallToolRequest) *mcp.CallToolResult { panic("the insides") })
	var request mcp.CallToolRequest
	request.Params.Name = "broken"
	result, err := handler(t.Context(), request)
	if err != nil || result == nil || !result.IsError {
		t.Fatalf("got %+v, %v", result, err)
	}
	text := result.Content[0].(mcp.TextContent).Text
	if !strings.Contains(text, `"code":"internal"`) || strings.Contains(text, "insides") {
		t.Errorf("the assistant reads: %s", text)
	}
	if !strings.Contains(log.String(), "the insides") {
		t.Errorf("the log says: %s", log.String())
	}
}
