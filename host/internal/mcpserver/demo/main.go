// Command demo holds a real session with mqtrail serve --sandbox, as an assistant's program would: it follows a message
// that somebody misses, and shows what is asked and what comes back.
package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/mark3labs/mcp-go/client"
	"github.com/mark3labs/mcp-go/client/transport"
	"github.com/mark3labs/mcp-go/mcp"
	"golang.org/x/term"
)

// patience bounds the whole session.
const patience = 2 * time.Minute

func main() {
	program := "bin/mqtrail"
	if len(os.Args) > 1 {
		program = os.Args[1]
	}
	colour := term.IsTerminal(int(os.Stdout.Fd())) && os.Getenv("NO_COLOR") == "" && os.Getenv("TERM") != "dumb"
	if err := run(program, filepath.Join(filepath.Dir(program), "trail.html"), os.Stdout, colour); err != nil {
		fmt.Fprintf(os.Stderr, "\nthe demo failed: %v\n", err)
		os.Exit(1)
	}
}

// run plays the demo with a program, and writes the picture of the trail to a file.
func run(program, picture string, out io.Writer, colour bool) error {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	s := &session{page: page{out: out, colour: colour}, program: program}
	if err := s.open(ctx); err != nil {
		return fmt.Errorf("starting %s serve --sandbox: %w%s", program, err, s.log.tail())
	}
	err := s.play(ctx)
	if closing := s.client.Close(); err == nil && closing != nil {
		err = fmt.Errorf("ending the server: %w", closing)
	}
	if err != nil {
		return fmt.Errorf("%w%s", err, s.log.tail())
	}
	if err := s.draw(ctx, picture); err != nil {
		return err
	}
	s.page.farewell(program, picture)
	return s.page.failed
}

// session is a client of a server process.
type session struct {
	page    page
	program string
	client  *client.Client
	server  *mcp.InitializeResult
	log     stderr
}

func (s *session) open(ctx context.Context) (err error) {
	s.client, err = client.NewStdioMCPClientWithOptions(s.program, nil, []string{"serve", "--sandbox"}, transport.WithCommandStderrWriter(&s.log))
	if err != nil {
		return err
	}
	var request mcp.InitializeRequest
	request.Params.ClientInfo = mcp.Implementation{Name: "mqtrail-demo", Version: "1"}
	if s.server, err = s.client.Initialize(ctx, request); err != nil {
		_ = s.client.Close() // the error is the first one
	}
	return err
}

// call is a tool call as describe_operation gives it for an example.
type call struct {
	Tool      string         `json:"tool"`
	Arguments map[string]any `json:"arguments"`
}

// documented asks the server for an operation's example call.
func (s *session) documented(ctx context.Context, operation string) (call, error) {
	answer, err := s.call(ctx, call{Tool: "describe_operation", Arguments: map[string]any{"operation": operation}})
	if err != nil {
		return call{}, err
	}
	var description struct {
		Example *call `json:"example"`
	}
	if answer.IsError {
		return call{}, fmt.Errorf("describe_operation %s: %s", operation, textOf(answer))
	}
	if err := exactly(answer.RawStructuredContent, &description); err != nil {
		return call{}, fmt.Errorf("describe_operation %s: %w", operation, err)
	}
	if description.Example == nil {
		return call{}, fmt.Errorf("describe_operation %s: it gives no example", operation)
	}
	return *description.Example, nil
}

func (s *session) call(ctx context.Context, asked call) (*mcp.CallToolResult, error) {
	var request mcp.CallToolRequest
	request.Params.Name, request.Params.Arguments = asked.Tool, asked.Arguments
	answer, err := s.client.CallTool(ctx, request)
	if err != nil {
		return nil, fmt.Errorf("calling %s: %w", asked.Tool, err)
	}
	return answer, nil
}

// ask calls a tool that must not fail.
func (s *session) ask(ctx context.Context, asked call) (*mcp.CallToolResult, error) {
	answer, err := s.call(ctx, asked)
	if err != nil {
		return nil, err
	}
	if answer.IsError {
		return nil, fmt.Errorf("calling %s: %s", asked.Tool, textOf(answer))
	}
	if !sameJSON(textOf(answer), answer.RawStructuredContent) {
		return nil, fmt.Errorf("calling %s: its text and its structured content differ", asked.Tool)
	}
	return answer, nil
}

func textOf(answer *mcp.CallToolResult) string {
	for _, content := range answer.Content {
		if text, ok := content.(mcp.TextContent); ok {
			return text.Text
		}
	}
	return ""
}

// exactly decodes JSON with numbers as they are written.
func exactly(raw json.RawMessage, target any) error {
	decoder := json.NewDecoder(bytes.NewReader(raw))
	decoder.UseNumber()
	return decoder.Decode(target)
}

// sameJSON reports whether two JSON texts differ in nothing but spaces and escapes.
func sameJSON(a string, b json.RawMessage) bool {
	var x, y any
	if exactly(json.RawMessage(a), &x) != nil || exactly(b, &y) != nil {
		return false
	}
	left, errLeft := json.Marshal(x)
	right, errRight := json.Marshal(y)
	return errLeft == nil && errRight == nil && bytes.Equal(left, right)
}

// stderr keeps what the server logs, to be shown when something fails.
type stderr struct {
	mutex sync.Mutex
	text  bytes.Buffer
}

// Write keeps the first part of the log.
func (s *stderr) Write(piece []byte) (int, error) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	if room := 16<<10 - s.text.Len(); room > 0 {
		s.text.Write(piece[:min(room, len(piece))])
	}
	return len(piece), nil
}

func (s *stderr) tail() string {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	if s.text.Len() == 0 {
		return ""
	}
	return "\nthe server wrote:\n" + s.text.String()
}
