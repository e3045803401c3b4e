package mcpserver

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/mark3labs/mcp-go/mcp"
)

const initialize = `{"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":{"name":"test","version":"1"}}}`

// All requests in one piece with the end of input right behind: every one is answered.
func TestPipelined(t *testing.T) {
	p := serve(t, "--sandbox")
	const calls = 150 // more than mcp-go's own queue and all workers
	lines := []string{initialize, `{"jsonrpc":"2.0","method":"notifications/initialized"}`, "", `{"jsonrpc":"2.0","id":1,"method":"tools/list"}`}
	for i := range calls {
		lines = append(lines, fmt.Sprintf(`{"jsonrpc":"2.0","id":%d,"method":"tools/call","params":{"name":"list_connections"}}`, 2+i))
	}
	if _, err := io.WriteString(p.in, strings.Join(lines, "\n")); err != nil { // the last line has no end
		t.Fatal(err)
	}
	if err := p.in.Close(); err != nil {
		t.Fatal(err)
	}
	answered := map[string]bool{}
	for range calls + 2 {
		m := p.next()
		if m.Error != nil || answered[string(m.ID)] {
			t.Fatalf("id %s: answered %v, error %v", m.ID, answered[string(m.ID)], m.Error)
		}
		answered[string(m.ID)] = true
	}
	if rest, err := io.ReadAll(p.out); len(rest) > 0 || err != nil {
		t.Errorf("then came %q, %v", rest, err)
	}
	if err := p.command.Wait(); err != nil {
		t.Errorf("the server ended with %v\n%s", err, p.stderr.String())
	}
}

// waiting starts a call that lasts until it is cancelled, and returns the file that the plugin then writes.
func waiting(t *testing.T, p *process) (mark string) {
	t.Helper()
	mark = filepath.Join(t.TempDir(), "mark")
	p.send(fmt.Sprintf(`{"jsonrpc":"2.0","id":"wait","method":"tools/call","params":{"name":"noisy_wait","arguments":{"mark":%q},"_meta":{"progressToken":"here"}}}`, mark))
	if m := p.next(); m.Method != "notifications/progress" || !strings.Contains(string(m.Params), `"here"`) {
		t.Fatalf("want progress of the call, got %+v", m)
	}
	return mark
}

func exists(path string) func() bool {
	return func() bool { _, err := os.Stat(path); return err == nil }
}

func TestCancelledReachesThePlugin(t *testing.T) {
	p := serve(t, "--config", noisyConfig(t, oneNoisy))
	p.send(initialize)
	p.answer("0")
	mark := waiting(t, p)
	p.send(`{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":"wait","reason":"enough"}}`)
	var result toolResult
	p.result(`"wait"`, &result)
	if !result.IsError || !strings.Contains(result.Content[0].Text, `"code":"cancelled"`) {
		t.Errorf("the cancelled call answered %+v", result)
	}
	eventually(t, "the plugin to hear of it", exists(mark))
	p.alive()
	p.end()
}

// The end of input is a clean end, also during a call.
func TestEndOfInputDuringCall(t *testing.T) {
	p := serve(t, "--config", noisyConfig(t, oneNoisy))
	mark := waiting(t, p)
	if err := p.in.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := io.ReadAll(p.out); err != nil {
		t.Error(err)
	}
	if err := p.command.Wait(); err != nil {
		t.Errorf("the server ended with %v\n%s", err, p.stderr.String())
	}
	if !exists(mark)() {
		t.Error("the plugin did not hear that the call was given up")
	}
}

// Standard output carries the protocol alone, whatever a plugin prints, and progress comes before the answer.
func TestStandardOutputIsPure(t *testing.T) {
	p := serve(t, "--log-level", "debug", "--config", noisyConfig(t, oneNoisy))
	p.send(initialize)
	p.answer("0")
	p.send(`{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"noisy_shout","arguments":{"text":"hark"},"_meta":{"progressToken":7}}}`)
	var result toolResult
	p.result("1", &result)
	if string(result.Structured) != `{"said":"hark"}` {
		t.Errorf("answered %s", result.Structured)
	}
	if len(p.notifications) == 0 {
		t.Error("no progress came before the answer")
	}
	for _, m := range p.notifications {
		want := `{"progressToken":7,"progress":1,"total":3,"message":"step"}`
		if m.Method != "notifications/progress" || string(m.Params) != want {
			t.Errorf("notification %s %s, want %s", m.Method, m.Params, want)
		}
	}
	p.end()
	for _, want := range []string{"stdout of the plugin: hark", "stderr of the plugin: hark", `"message":"mcp.request"`} {
		if !strings.Contains(p.stderr.String(), want) {
			t.Errorf("standard error has no %q:\n%s", want, p.stderr.String())
		}
	}
}

// At the default level the log is silent about what goes well.
func TestLogIsQuiet(t *testing.T) {
	p := serve(t, "--config", noisyConfig(t, oneNoisy))
	p.succeed("noisy_shout", `{"text":"hark"}`, &struct{}{})
	if result := p.call("noisy_shout", `{}`); !result.IsError {
		t.Error("a call without its argument was not refused")
	}
	p.end()
	if p.stderr.Len() > 0 {
		t.Errorf("standard error:\n%s", p.stderr.String())
	}
}

// No line of a client ends the server.
func TestMalformedInput(t *testing.T) {
	p := serve(t, "--sandbox")
	for _, test := range []struct {
		name, line, id string
		code           int
	}{
		{"no JSON", `GET / HTTP/1.1`, "null", -32700},
		{"cut short", `{"jsonrpc":"2.0","id":1,"method":"ping"`, "null", -32700},
		{"control characters", "\x00\x01\x02", "null", -32700},
		{"batch", `[{"jsonrpc":"2.0","id":1,"method":"ping"}]`, "null", -32700},
		{"empty batch", `[]`, "null", -32700},
		{"text", `"ping"`, "null", -32700},
		{"no version", `{"id":1,"method":"ping"}`, "1", -32600},
		{"wrong version", `{"jsonrpc":"1.0","id":1,"method":"ping"}`, "1", -32600},
		{"unknown method", `{"jsonrpc":"2.0","id":1,"method":"tools/cal"}`, "1", -32601},
		{"parameters of another kind", `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":5}`, "1", -32600},
		{"unknown tool", `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"find_operation"}}`, "1", -32602},
		{"unknown resource", `{"jsonrpc":"2.0","id":1,"method":"resources/read","params":{"uri":"mqtrail://nothing"}}`, "1", -32002},
		{"very deep", `{"jsonrpc":"2.0","id":1,"method":"ping","params":` + strings.Repeat("[", 20_000) + strings.Repeat("]", 20_000) + `}`, "null", -32700},
		{"too long", `{"jsonrpc":"2.0","id":1,"method":"ping","params":{"x":"` + strings.Repeat("x", maxLine) + `"}}`, "null", -32600},
	} {
		p.send("", "  ", test.line)
		m := p.next()
		if m.Error == nil || m.Error.Code != test.code || string(m.ID) != test.id {
			t.Errorf("%s: answered %+v, want error %d to %s", test.name, m, test.code, test.id)
			continue
		}
		if len(m.Error.Message) > 300 {
			t.Errorf("%s: a message of %d bytes", test.name, len(m.Error.Message))
		}
	}
	// Of these nothing is said: they are no requests.
	p.send(`{"jsonrpc":"2.0","id":1,"result":{}}`, `{"jsonrpc":"2.0","method":"notifications/unheard_of"}`,
		`{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":99}}`)
	// Just below the bound a line is read.
	p.send(`{"jsonrpc":"2.0","id":"long","method":"ping","params":{"x":"` + strings.Repeat("x", maxLine-200) + `"}}`)
	p.result(`"long"`, &struct{}{})
	p.alive()
	p.end()
}

// Progress is written at once and never goes back, as the protocol wants it.
func TestProgress(t *testing.T) {
	var out bytes.Buffer
	ctx := context.WithValue(t.Context(), outputKey{}, &output{writer: &out, asked: newPending()})
	var request mcp.CallToolRequest
	if progressOf(ctx, request) != nil {
		t.Error("progress goes out that nobody asked for")
	}
	request.Params.Meta = &mcp.Meta{ProgressToken: "p"}
	report := progressOf(ctx, request)
	for _, done := range []float64{0, 1, 1, 0.5, 2} {
		report(done, 2, "")
	}
	var got []string
	for line := range strings.Lines(out.String()) {
		var m message
		if err := json.Unmarshal([]byte(line), &m); err != nil {
			t.Fatal(err)
		}
		got = append(got, string(m.Params))
	}
	want := []string{
		`{"progressToken":"p","progress":0,"total":2}`, `{"progressToken":"p","progress":1,"total":2}`, `{"progressToken":"p","progress":2,"total":2}`,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("progress (-want +got):\n%s", diff)
	}
}

func TestServeStdioEndsWithContext(t *testing.T) {
	in, _ := io.Pipe() // never ends
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := house(t).ServeStdio(ctx, in, io.Discard); err != nil {
		t.Error(err)
	}
}

// brokenPipe is the output of a client that is gone.
type brokenPipe struct{}

func (brokenPipe) Write([]byte) (int, error) { return 0, syscall.EPIPE }

func TestServeStdioEndsWithClient(t *testing.T) {
	in, writer := io.Pipe() // never ends
	go func() { _, _ = io.WriteString(writer, initialize+"\n") }()
	if err := house(t).ServeStdio(t.Context(), in, brokenPipe{}); !errors.Is(err, syscall.EPIPE) {
		t.Errorf("got %v, want a broken pipe", err)
	}
}

// What mcp-go gets of any input is whole lines, bounded, and all of those that fit.
func FuzzInput(f *testing.F) {
	f.Add([]byte("{}\n\n \r\nlast"), 3)
	f.Add([]byte(`{"jsonrpc":"2.0","id":1,"method":"ping"}`), 1)
	f.Add([]byte(nil), 5)
	f.Fuzz(func(t *testing.T, text []byte, step int) {
		checkInput(t, text, 1+max(step, -step)%4096)
	})
}

// Lines that are longer than the buffer of the reader.
func TestLongLines(t *testing.T) {
	long := bytes.Repeat([]byte("x"), 200<<10)
	checkInput(t, slices.Concat(long, []byte("\n{}\n\n"), long, long, []byte("\r\n"), long), 1000)
}

func checkInput(t *testing.T, text []byte, step int) {
	t.Helper()
	asked := newPending()
	i := newInput(ended(), bytes.NewReader(text), &output{writer: io.Discard, asked: asked, stop: func() {}}, asked)
	var want []byte
	for line := range bytes.SplitSeq(text, []byte("\n")) {
		if line = bytes.TrimSpace(line); len(line) > 0 {
			want = append(append(want, line...), '\n')
		}
	}
	var got []byte
	buffer := make([]byte, step)
	for {
		n, err := i.Read(buffer)
		got = append(got, buffer[:n]...)
		if err != nil {
			break
		}
	}
	if !bytes.Equal(got, want) {
		t.Errorf("read %q, want %q", got, want)
	}
}

// ended is a context of a client that is gone: nobody waits for answers.
func ended() context.Context {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	return ctx
}
