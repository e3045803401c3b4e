package rest

import (
	"context"
	"encoding/json"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/mqtrail/mqtrail/sdk"
)

// Servers that misbehave over a real connection: what a read makes of it, and what a write does.
func TestHostileServers(t *testing.T) {
	tests := []struct {
		name    string
		handler http.HandlerFunc
		// patience is the call's deadline when the case is about it.
		patience time.Duration
		read     outcome
		write    outcome
	}{
		{
			name:    "a gateway's page instead of an answer",
			handler: page(502, "text/html", "<html>\n<h1>502 Bad Gateway</h1>"),
			read:    outcome{sdk.CodeVendorError, attempts, `something that is not JSON ("text/html", 31 bytes), beginning "<html> <h1>502 Bad Gateway</h1>"`},
			write:   outcome{sdk.CodeOutcomeUnknown, 1, "502 Bad Gateway"},
		},
		{
			name:    "a page with status 200",
			handler: page(200, "text/html", "<html>sign in</html>"),
			read:    outcome{sdk.CodeInvalidAnswer, 1, "sign in"},
			write:   outcome{sdk.CodeOutcomeUnknown, 1, "sign in"},
		},
		{
			name: "fewer bytes than announced",
			handler: func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Content-Length", "100")
				_, _ = io.WriteString(w, `{"total":1,"rows":[{`)
			},
			read:  outcome{sdk.CodeInvalidAnswer, attempts, "broke off after 20 bytes"},
			write: outcome{sdk.CodeOutcomeUnknown, 1, "broke off after 20 bytes"},
		},
		{
			name: "JSON that stops, with the connection",
			handler: hijacked(func(connection net.Conn) {
				_, _ = io.WriteString(connection, "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n{\"total\":1,")
			}),
			read:  outcome{sdk.CodeInvalidAnswer, 1, "not JSON"},
			write: outcome{sdk.CodeOutcomeUnknown, 1, "not JSON"},
		},
		{
			name:    "a connection that closes without a word",
			handler: hijacked(func(net.Conn) {}),
			read:    outcome{sdk.CodeUnreachable, attempts, "could not be reached"},
			write:   outcome{sdk.CodeOutcomeUnknown, 1, "whether it took effect is not known"},
		},
		{
			name:    "an answer that is no HTTP",
			handler: hijacked(func(connection net.Conn) { _, _ = io.WriteString(connection, "SSH-2.0-OpenSSH\r\n\r\n") }),
			read:    outcome{sdk.CodeUnreachable, attempts, "malformed HTTP"},
			write:   outcome{sdk.CodeOutcomeUnknown, 1, "malformed HTTP"},
		},
		{
			name: "throttling beyond the deadline",
			handler: func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Retry-After", "3600")
				w.WriteHeader(http.StatusTooManyRequests)
				_, _ = io.WriteString(w, `{"message":"slow down"}`)
			},
			patience: time.Minute,
			read:     outcome{sdk.CodeThrottled, 1, "retry after 1h0m0s"},
			write:    outcome{sdk.CodeThrottled, 1, "slow down"},
		},
		{
			name: "a redirect",
			handler: func(w http.ResponseWriter, r *http.Request) {
				http.Redirect(w, r, "/elsewhere", http.StatusFound)
			},
			read:  outcome{sdk.CodeInvalidAnswer, 1, `redirects to "/elsewhere"`},
			write: outcome{sdk.CodeOutcomeUnknown, 1, "redirects"},
		},
		{
			name: "20 MB",
			handler: func(w http.ResponseWriter, _ *http.Request) {
				_, _ = io.WriteString(w, `{"rows":"`+strings.Repeat("x", 20<<20)+`"}`)
			},
			read:  outcome{sdk.CodeAnswerTooLarge, 1, "larger than 16 MiB"},
			write: outcome{sdk.CodeOutcomeUnknown, 1, "larger than 16 MiB"},
		},
		{
			name:     "silence",
			handler:  func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() },
			patience: 2 * time.Second,
			read:     outcome{sdk.CodeTimeout, 1, "within the call's deadline"},
			write:    outcome{sdk.CodeOutcomeUnknown, 1, "within the call's deadline"},
		},
		{
			name: "silence after the first bytes",
			handler: func(w http.ResponseWriter, r *http.Request) {
				_, _ = io.WriteString(w, `{"rows":[`)
				_ = http.NewResponseController(w).Flush() // a failure shows as a wrong outcome
				<-r.Context().Done()
			},
			patience: 2 * time.Second,
			read:     outcome{sdk.CodeTimeout, 1, "HTTP 200, 9 bytes"},
			write:    outcome{sdk.CodeOutcomeUnknown, 1, "HTTP 200, 9 bytes"},
		},
		{
			name:    "nothing, with status 500",
			handler: page(500, "", ""),
			read:    outcome{sdk.CodeVendorError, 1, "HTTP 500 with nothing in it"},
			write:   outcome{sdk.CodeOutcomeUnknown, 1, "HTTP 500 with nothing in it"},
		},
		{
			name:    "an error as JSON",
			handler: page(404, "application/json", `{"message":"no such thing"}`),
			read:    outcome{sdk.CodeNotFound, 1, "no such thing"},
			write:   outcome{sdk.CodeNotFound, 1, "no such thing"},
		},
	}
	for _, test := range tests {
		for text, want := range map[string]outcome{reading: test.read, writing: test.write} {
			file := parse(t, text)
			t.Run(test.name+"/"+string(file.Access), func(t *testing.T) {
				t.Parallel()
				patience := test.patience
				if patience == 0 {
					patience = time.Minute
				}
				got := meet(t, file, test.handler, patience)
				if got.Code != want.code || got.requests != want.requests || !strings.Contains(got.Error(), want.says) {
					t.Errorf("after %d requests: %s: %v\nwant %d, %s, saying %q", got.requests, got.Code, got.Problem, want.requests, want.code, want.says)
				}
				if got.Hint == "" && got.HTTPStatus == 0 && got.Code != sdk.CodeTimeout {
					t.Errorf("nothing says what to do next: %+v", got.Problem)
				}
			})
		}
	}
}

func TestEmptyAnswerToARead(t *testing.T) {
	got := meet(t, parse(t, reading), page(200, "application/json", ""), time.Minute)
	if got.Code != sdk.CodeInvalidAnswer || got.requests != 1 || !strings.Contains(got.Message, "nothing in it") {
		t.Errorf("after %d requests: %v", got.requests, got.Problem)
	}
}

func TestTimedOutReadMayBeRepeated(t *testing.T) {
	t.Parallel()
	got := meet(t, parse(t, reading), func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }, 2*time.Second)
	if !got.Retryable {
		t.Errorf("a read that timed out had no effect: %+v", got.Problem)
	}
}

func TestCancelledCall(t *testing.T) {
	for _, test := range []struct{ text, code string }{{reading, sdk.CodeCancelled}, {writing, sdk.CodeOutcomeUnknown}} {
		ctx, cancel := context.WithCancel(t.Context())
		server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
			_, _ = io.Copy(io.Discard, r.Body) // read, so that the server notices when the client leaves
			cancel()
			<-r.Context().Done()
		}))
		client := &Client{Endpoint: server.URL}
		_, err := client.Do(ctx, parse(t, test.text), json.RawMessage(`{"id":"a"}`))
		server.Close()
		if problem := asProblem(t, err); problem.Code != test.code {
			t.Errorf("want %s, got %v", test.code, problem)
		}
	}
}

func TestNobodyListens(t *testing.T) {
	listener, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := listener.Addr().String()
	if err := listener.Close(); err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{reading, writing} {
		client := &Client{Endpoint: "http://" + address}
		_, err := client.Do(t.Context(), parse(t, text), json.RawMessage(`{"id":"a"}`))
		problem := asProblem(t, err)
		if problem.Code != sdk.CodeUnreachable || !problem.Retryable || !strings.Contains(problem.Message, address) {
			t.Errorf("got %+v", problem)
		}
	}
}

func TestUntrustedCertificate(t *testing.T) {
	server := httptest.NewUnstartedServer(page(200, "application/json", "{}"))
	server.Config.ErrorLog = log.New(io.Discard, "", 0) // the refused handshake is the test
	server.StartTLS()
	defer server.Close()
	client := &Client{Endpoint: server.URL}
	_, err := client.Do(t.Context(), parse(t, writing), json.RawMessage(`{"id":"a"}`))
	if problem := asProblem(t, err); problem.Code != sdk.CodeUnreachable || problem.Retryable || !strings.Contains(problem.Message, "certificate") {
		t.Errorf("got %+v", problem)
	}
}

type outcome struct {
	code     string
	requests int
	says     string
}

type met struct {
	*sdk.Problem
	requests int
}

// meet runs one call that has to fail against a server, and counts what the server saw.
func meet(t *testing.T, file *sdk.File, handler http.HandlerFunc, patience time.Duration) met {
	t.Helper()
	var requests atomic.Int32
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		requests.Add(1)
		_, _ = io.Copy(io.Discard, r.Body) // read, so that the server notices when the client leaves
		handler(w, r)
	}))
	defer server.Close()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	client := &Client{Endpoint: server.URL}
	_, err := client.Do(ctx, file, json.RawMessage(`{"id":"a"}`))
	return met{asProblem(t, err), int(requests.Load())}
}

func page(status int, contentType, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", contentType)
		w.Header().Set("Content-Length", strconv.Itoa(len(body)))
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}
}

// hijacked writes to the bare connection and closes it.
func hijacked(write func(net.Conn)) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		connection, buffered, err := http.NewResponseController(w).Hijack()
		if err != nil || buffered.Reader.Buffered() > 0 {
			panic(http.ErrAbortHandler)
		}
		write(connection)
		_ = connection.Close()
	}
}
