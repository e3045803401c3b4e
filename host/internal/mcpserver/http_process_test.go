package mcpserver

import (
	"bufio"
	"bytes"
	"context"
	"io"
	"net/http"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"sync"
	"testing"

	"github.com/mark3labs/mcp-go/client"
	"github.com/mark3labs/mcp-go/client/transport"
	"github.com/mark3labs/mcp-go/mcp"
)

// website is a running mqtrail serve --http.
type website struct {
	t       *testing.T
	command *exec.Cmd
	url     string
	out     bytes.Buffer

	mutex sync.Mutex
	err   bytes.Buffer
	read  chan struct{} // closed at the end of standard error
}

var servingAt = regexp.MustCompile(`serving MCP at (http://\S+/mcp);`)

// serveHTTP starts the server and waits until it says where it listens. A token of "" is none.
func serveHTTP(t *testing.T, token string, arguments ...string) *website {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), lifetime)
	w := &website{t: t, command: exec.CommandContext(ctx, mqtrail(t), append([]string{"serve"}, arguments...)...), read: make(chan struct{})}
	w.command.Env = append(environment(t), TokenVariable+"="+token)
	w.command.Dir = t.TempDir()
	w.command.Stdout = &w.out
	standardError, err := w.command.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := w.command.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		cancel()
		_ = w.command.Wait()
	})
	lines := bufio.NewReader(standardError)
	for w.url == "" {
		line, err := lines.ReadString('\n')
		w.err.WriteString(line)
		if err != nil {
			t.Fatalf("the server did not say where it listens: %v\n%s", err, w.err.String())
		}
		if found := servingAt.FindStringSubmatch(line); found != nil {
			w.url = found[1]
		}
	}
	go func() {
		defer close(w.read)
		for {
			line, err := lines.ReadString('\n')
			w.mutex.Lock()
			w.err.WriteString(line)
			w.mutex.Unlock()
			if err != nil {
				return
			}
		}
	}()
	return w
}

// log is standard error so far.
func (w *website) log() string {
	w.mutex.Lock()
	defer w.mutex.Unlock()
	return w.err.String()
}

// interrupt asks the server to end.
func (w *website) interrupt() {
	w.t.Helper()
	if err := w.command.Process.Signal(os.Interrupt); err != nil {
		w.t.Fatal(err)
	}
}

// ended waits for an end, which must be clean, with nothing on standard output.
func (w *website) ended() {
	w.t.Helper()
	<-w.read
	if err := w.command.Wait(); err != nil {
		w.t.Errorf("the server ended with %v\n%s", err, w.log())
	}
	if w.out.Len() > 0 {
		w.t.Errorf("standard output has %q", w.out.String())
	}
}

// connect is mcp-go's client; user is nil when it cannot ask.
func (w *website) connect(revision string, u *user, options ...transport.StreamableHTTPCOption) *client.Client {
	w.t.Helper()
	web, err := transport.NewStreamableHTTP(w.url, options...)
	if err != nil {
		w.t.Fatal(err)
	}
	with := []client.ClientOption{client.WithProtocolVersion(revision)}
	if u != nil {
		with = append(with, client.WithElicitationHandler(u))
	}
	c := client.NewClient(web, with...)
	if err := c.Start(context.Background()); err != nil {
		w.t.Fatal(err)
	}
	w.t.Cleanup(func() { _ = c.Close() }) // the server may have ended before
	var hello mcp.InitializeRequest
	hello.Params.ClientInfo = mcp.Implementation{Name: "test", Version: "1"}
	if _, err := c.Initialize(w.t.Context(), hello); err != nil || c.ProtocolVersion() != revision {
		w.t.Fatalf("initialize: %v, revision %s\n%s", err, c.ProtocolVersion(), w.log())
	}
	return c
}

// hasty is the HTTP client of requests by hand. It keeps no connection, for the server to end at once.
var hasty = &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}

// request is one request by hand. Headers come in pairs; Host is the request's.
func (w *website) request(ctx context.Context, method, url, body string, headers ...string) *http.Response {
	w.t.Helper()
	r, err := http.NewRequestWithContext(ctx, method, url, strings.NewReader(body))
	if err != nil {
		w.t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
		if headers[i] == "Host" {
			r.Host = headers[i+1]
		}
	}
	response, err := hasty.Do(r)
	if err != nil {
		w.t.Fatal(err)
	}
	w.t.Cleanup(func() { _ = response.Body.Close() })
	return response
}

// post posts a message, and is the status and the answer.
func (w *website) post(body string, headers ...string) (int, string, http.Header) {
	w.t.Helper()
	response := w.request(w.t.Context(), http.MethodPost, w.url, body, headers...)
	text, err := io.ReadAll(response.Body)
	if err != nil {
		w.t.Fatal(err)
	}
	return response.StatusCode, string(text), response.Header
}

// session begins a session by hand, and is the headers of its requests.
func (w *website) session() []string {
	w.t.Helper()
	status, text, header := w.post(initialize)
	id := header.Get("Mcp-Session-Id")
	if status != http.StatusOK || id == "" || !strings.Contains(text, `"2025-11-25"`) {
		w.t.Fatalf("initialize: %d %q %s", status, id, text)
	}
	return []string{"Mcp-Session-Id", id, "Mcp-Protocol-Version", "2025-11-25"}
}

// stateless are the headers of revision 2026-07-28 for a request.
func stateless(method, name string) []string {
	headers := []string{"Mcp-Protocol-Version", "2026-07-28", "Mcp-Method", method}
	if name != "" {
		headers = append(headers, "Mcp-Name", name)
	}
	return headers
}
