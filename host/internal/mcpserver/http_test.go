package mcpserver

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/mark3labs/mcp-go/client/transport"
	"github.com/mark3labs/mcp-go/mcp"
)

const (
	anyPort = "127.0.0.1:0"
	secret  = "correct-horse-battery-staple"
)

// mcp-go's own client over HTTP, with each revision that is in use: the same tools and answers as over stdio, with the
// token.
func TestHTTPRevisions(t *testing.T) {
	w := serveHTTP(t, secret, "--http", anyPort, "--sandbox")
	for _, revision := range []string{mcp.ProtocolVersion20250618, mcp.ProtocolVersion20251125, mcp.ProtocolVersion20260728} {
		t.Run(revision, func(t *testing.T) {
			c := w.connect(revision, nil, transport.WithHTTPHeaders(map[string]string{"Authorization": "Bearer " + secret}))
			listed, err := c.ListTools(t.Context(), mcp.ListToolsRequest{})
			if err != nil || len(listed.Tools) < 9 || listed.Tools[0].Name != traceMessage {
				t.Fatalf("%+v, %v", listed, err)
			}
			calls := maps.Clone(documented)
			maps.Copy(calls, verbCalls)
			for tool, arguments := range calls {
				var request mcp.CallToolRequest
				request.Params.Name, request.Params.Arguments = tool, json.RawMessage(arguments)
				result, err := c.CallTool(t.Context(), request)
				if err != nil || result.IsError || len(result.RawStructuredContent) < 100 {
					t.Errorf("%s: got %+v, %v", tool, result, err)
				}
			}
		})
	}
	w.interrupt()
	w.ended()
	if strings.Contains(w.log(), secret) || strings.Count(w.log(), "\n") != 2 { // the sandbox, and where it listens
		t.Errorf("standard error:\n%s", w.log())
	}
}

// Who may not get in, and what is no request, is told so.
func TestHTTPRefusals(t *testing.T) {
	w := serveHTTP(t, secret, "--http", anyPort, "--http-hosts", "mqtrail.example.org", "--sandbox", "--log-level", "debug")
	host := strings.TrimSuffix(strings.TrimPrefix(w.url, "http://"), endpointPath)
	_, port, _ := strings.Cut(host, ":")
	bearer := []string{"Authorization", "Bearer " + secret}
	for _, test := range []struct {
		name, method, path string
		headers            []string
		status             int
		says               string
	}{
		{"no token", "POST", "", nil, 401, TokenVariable},
		{"wrong token", "POST", "", []string{"Authorization", "Bearer " + secret + "r"}, 401, TokenVariable},
		{"half a token", "POST", "", []string{"Authorization", "Bearer " + secret[:16]}, 401, TokenVariable},
		{"other scheme", "POST", "", []string{"Authorization", "Basic " + secret}, 401, TokenVariable},
		{"bare token", "POST", "", []string{"Authorization", secret}, 401, TokenVariable},
		{"foreign host", "POST", "", []string{"Host", "evil.example.net:" + port}, 403, "--http-hosts evil.example.net"},
		{"host that begins alike", "POST", "", []string{"Host", "localhost.evil.example.net"}, 403, "is no name of this server"},
		{"foreign address", "POST", "", []string{"Host", "192.0.2.7:" + port}, 403, "is no name of this server"},
		{"foreign origin", "POST", "", []string{"Origin", "https://evil.example.net"}, 403, "origin"},
		{"origin of another port", "POST", "", []string{"Origin", "http://127.0.0.1:1"}, 403, "origin"},
		{"origin of no address", "POST", "", []string{"Origin", "null"}, 403, "origin"},
		{"origin of another kind", "POST", "", []string{"Origin", "file://" + host}, 403, "origin"},
		{"own origin", "POST", "", []string{"Origin", "http://" + host}, 200, ""},
		{"localhost", "POST", "", []string{"Host", "localhost:" + port, "Origin", "http://localhost:" + port}, 200, ""},
		{"named host", "POST", "", []string{"Host", "mqtrail.example.org", "Origin", "https://mqtrail.example.org"}, 200, ""},
		{"lower case", "POST", "", []string{"Authorization", "bearer " + secret}, 200, ""},
		{"wrong path", "POST", "/", nil, 404, endpointPath},
		{"path of discovery", "GET", "/.well-known/oauth-protected-resource/mcp", nil, 404, endpointPath},
		{"path behind", "POST", "/mcp/", nil, 404, endpointPath},
		{"GET", "GET", "", nil, 405, "POST"},
		{"PUT", "PUT", "", nil, 405, "POST"},
		{"OPTIONS", "OPTIONS", "", []string{"Access-Control-Request-Method", "POST"}, 405, "POST"},
		{"takes no events", "POST", "", []string{"Accept", "application/json"}, 406, "text/event-stream"},
		{"no JSON by its type", "POST", "", []string{"Content-Type", "text/plain"}, 400, "content type"},
	} {
		t.Run(test.name, func(t *testing.T) {
			headers := slices.Clone(test.headers)
			if test.status != http.StatusUnauthorized && !slices.Contains(headers, "Authorization") {
				headers = append(headers, bearer...)
			}
			url := w.url
			if test.path != "" {
				url = "http://" + host + test.path
			}
			response := w.request(t.Context(), test.method, url, initialize, headers...)
			text, err := io.ReadAll(response.Body)
			if err != nil || response.StatusCode != test.status || !strings.Contains(string(text), test.says) {
				t.Errorf("answered %d %s, %v; want %d that says %q", response.StatusCode, text, err, test.status, test.says)
			}
			if test.status == 401 && !strings.HasPrefix(response.Header.Get("WWW-Authenticate"), "Bearer") {
				t.Errorf("headers %v", response.Header)
			}
			if response.Header.Get("Access-Control-Allow-Origin") != "" {
				t.Error("pages of others may read the answer")
			}
		})
	}
	long := `{"jsonrpc":"2.0","id":1,"method":"ping","params":{"x":"` + strings.Repeat("x", maxLine) + `"}}`
	if status, text, _ := w.post(long, bearer...); status != http.StatusRequestEntityTooLarge {
		t.Errorf("a long message: %d %.200s", status, text)
	}
	for name, body := range map[string]string{"no JSON": `GET /`, "cut short": `{"jsonrpc":"2.0","id":1`, "nothing": ``, "deep": strings.Repeat("[", 20_000) + strings.Repeat("]", 20_000)} {
		if status, text, _ := w.post(body, bearer...); status != http.StatusBadRequest || len(text) > 300 {
			t.Errorf("%s: %d %.200s", name, status, text)
		}
	}
	w.interrupt()
	w.ended()
	if strings.Contains(w.log(), secret) || !strings.Contains(w.log(), "mcp.request") {
		t.Errorf("the log has the token, or nothing:\n%s", w.log())
	}
}

// A session that has ended, or never was, is told so, and a request without one too.
func TestHTTPSessions(t *testing.T) {
	w := serveHTTP(t, "", "--http", anyPort, "--sandbox")
	const ping = `{"jsonrpc":"2.0","id":1,"method":"ping"}`
	session, other := w.session(), w.session()
	want := func(what string, status int, body string, headers ...string) {
		t.Helper()
		if got, text, _ := w.post(body, headers...); got != status {
			t.Errorf("%s: %d %s, want %d", what, got, text, status)
		}
	}
	want("a session", 200, ping, session...)
	want("no session", 400, ping)
	want("an unknown one", 404, ping, "Mcp-Session-Id", "mcp-session-6ba7b810-9dad-11d1-80b4-00c04fd430c8")
	want("an answer to no question", 400, `{"jsonrpc":"2.0","id":1,"result":{"action":"accept"}}`, session...)
	if response := w.request(t.Context(), http.MethodDelete, w.url, "", session...); response.StatusCode != http.StatusOK {
		t.Errorf("ending a session: %s", response.Status)
	}
	want("an ended session", 404, ping, session...)
	want("its notification", 404, `{"jsonrpc":"2.0","method":"notifications/initialized"}`, session...)
	want("its answer", 404, `{"jsonrpc":"2.0","id":1,"result":{"action":"accept"}}`, session...)
	want("another session", 200, ping, other...)
	want("another's notification", 202, `{"jsonrpc":"2.0","method":"notifications/initialized"}`, other...)
	for what, headers := range map[string][]string{"ended": session, "unknown": {"Mcp-Session-Id", "x"}} {
		if response := w.request(t.Context(), http.MethodDelete, w.url, "", headers...); response.StatusCode != http.StatusNotFound {
			t.Errorf("ending a session that is %s: %s", what, response.Status)
		}
	}
	// The stateless revision has none, and its subscription, which here is to nothing, ends at once.
	discover := `{"jsonrpc":"2.0","id":1,"method":"server/discover","params":{` + fmt.Sprintf(envelope, "2026-07-28") + `}}`
	want("the stateless revision", 200, discover, stateless("server/discover", "")...)
	want("a method unlike its header", 400, discover, stateless("tools/list", "")...)
	want("no header", 400, discover)
	want("a revision of the future", 400, strings.Replace(discover, "2026-07-28", "2030-01-01", 1), "Mcp-Protocol-Version", "2030-01-01", "Mcp-Method", "server/discover")
	listen := `{"jsonrpc":"2.0","id":2,"method":"subscriptions/listen","params":{"notifications":{"toolsListChanged":true},` + fmt.Sprintf(envelope, "2026-07-28") + `}}`
	want("a subscription", 200, listen, stateless("subscriptions/listen", "")...)
	w.interrupt()
	w.ended()
}

// The number of sessions and of requests is bounded, and silent sessions end by themselves.
func TestHTTPBounds(t *testing.T) {
	s := house(t)
	front := s.newFront(&guard{local: true}, bounds{requests: 1, sessions: 2, idle: time.Second})
	defer front.close()
	web := httptest.NewServer(front)
	defer web.Close()
	w := &website{t: t, url: web.URL + endpointPath}
	ping := func(session []string) int {
		status, _, _ := w.post(`{"jsonrpc":"2.0","id":1,"method":"ping"}`, session...)
		return status
	}
	first, second := w.session(), w.session()
	if ping(first) != 200 {
		t.Error("the first session is not there")
	}
	third := w.session()
	if got := []int{ping(first), ping(second), ping(third)}; !slices.Equal(got, []int{200, 404, 200}) {
		t.Errorf("the session that was silent for longest did not make room: %v", got)
	}
	eventually(t, "silent sessions to end", func() bool {
		front.sessions.mutex.Lock()
		defer front.sessions.mutex.Unlock()
		return len(front.sessions.used) == 0
	})
	if ping(first) != 404 {
		t.Error("a session of the past is there")
	}
	front.slots <- struct{}{}
	if status, text, header := w.post(initialize); status != http.StatusServiceUnavailable || header.Get("Retry-After") == "" {
		t.Errorf("a request too many: %d %s", status, text)
	}
	<-front.slots
	w.session()
}

// Progress comes before the answer, all of it, in the call that it belongs to, however many there are at once: of one
// session, of several, and of none.
func TestHTTPProgress(t *testing.T) {
	w := serveHTTP(t, "", "--http", anyPort, "--config", noisyConfig(t, "  noisy: {plugin: noisy, calls_per_second: 1000, config: {}}"))
	modern := `,` + strings.Replace(fmt.Sprintf(envelope, "2026-07-28"), `"_meta":{`, `"_meta":{"progressToken":%d,`, 1)
	ways := map[string]struct {
		headers []string
		meta    string
	}{
		"session": {w.session(), `,"_meta":{"progressToken":%d}`}, "another": {w.session(), `,"_meta":{"progressToken":%d}`},
		"stateless": {stateless("tools/call", "noisy_shout"), modern},
	}
	var calls sync.WaitGroup
	for name, way := range ways {
		for caller := range 4 {
			calls.Go(func() {
				for i := range 25 {
					token := 100*caller + i
					body := fmt.Sprintf(`{"jsonrpc":"2.0","id":%d,"method":"tools/call","params":{"name":"noisy_shout","arguments":{"text":"hark"}`+way.meta+`}}`, token, token)
					status, text, header := w.post(body, way.headers...)
					want := fmt.Sprintf(`{"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":%d,"progress":1,"total":3,"message":"step"}}`, token)
					events := strings.Split(strings.TrimSpace(text), "\n\n")
					if status != 200 || header.Get("Content-Type") != "text/event-stream" || len(events) != 2 ||
						events[0] != "event: message\ndata: "+want || !strings.HasPrefix(events[1], fmt.Sprintf("event: message\ndata: {\"jsonrpc\":\"2.0\",\"id\":%d,\"result\":{", token)) {
						t.Errorf("%s: %d %s", name, status, text)
						return
					}
				}
			})
		}
	}
	calls.Wait()
	status, text, header := w.post(`{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"noisy_shout","arguments":{"text":"hark"}}}`, ways["session"].headers...)
	if status != 200 || header.Get("Content-Type") != "application/json" || strings.Contains(text, "progress") {
		t.Errorf("progress that nobody asked for: %d %s", status, text)
	}
	w.interrupt()
	w.ended()
}

// Calls are cancelled by a notification of their session alone, or by closing the request, and reach the plugin.
func TestHTTPCancellation(t *testing.T) {
	w := serveHTTP(t, "", "--http", anyPort, "--config", noisyConfig(t, "  noisy: {plugin: noisy, calls_at_once: 8, config: {}}"))
	start := func(headers []string, meta string) (mark string, rest *bufio.Reader, hangUp func()) {
		mark = filepath.Join(t.TempDir(), "mark")
		body := fmt.Sprintf(`{"jsonrpc":"2.0","id":7,"method":"tools/call","params":{"name":"noisy_wait","arguments":{"mark":%q},%s}}`, mark, meta)
		ctx, hangUp := context.WithCancel(t.Context())
		response := w.request(ctx, http.MethodPost, w.url, body, headers...)
		lines := bufio.NewReader(response.Body)
		for range 3 { // an event: that the call has begun
			if line, err := lines.ReadString('\n'); err != nil {
				t.Fatalf("%q, %v\n%s", line, err, w.log())
			}
		}
		return mark, lines, hangUp
	}
	const cancel = `{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":7%s}}`
	legacy := `"_meta":{"progressToken":7}`
	modern := strings.Replace(fmt.Sprintf(envelope, "2026-07-28"), `"_meta":{`, `"_meta":{"progressToken":7,`, 1)
	one, two := w.session(), w.session()
	firstMark, first, _ := start(one, legacy)
	secondMark, _, hangUpSecond := start(two, legacy)
	thirdMark, _, hangUpThird := start(stateless("tools/call", "noisy_wait"), modern)
	// The stateless client has no session by which the server would know whose request 7 is meant.
	if status, text, _ := w.post(fmt.Sprintf(cancel, `,`+fmt.Sprintf(envelope, "2026-07-28")), stateless("notifications/cancelled", "")...); status != http.StatusAccepted {
		t.Errorf("a stateless cancellation: %d %s", status, text)
	}
	if status, text, _ := w.post(fmt.Sprintf(cancel, ""), one...); status != http.StatusAccepted {
		t.Errorf("a cancellation: %d %s", status, text)
	}
	eventually(t, "the plugin to hear of it", exists(firstMark))
	if rest, err := io.ReadAll(first); err != nil || !strings.Contains(string(rest), `\"code\":\"cancelled\"`) {
		t.Errorf("the cancelled call answered %s, %v", rest, err)
	}
	if exists(secondMark)() || exists(thirdMark)() {
		t.Error("other clients' calls were cancelled with it")
	}
	hangUpSecond()
	eventually(t, "the plugin to hear that the client is gone", exists(secondMark))
	if exists(thirdMark)() {
		t.Error("another client's call was given up with it")
	}
	hangUpThird()
	eventually(t, "the plugin to hear that the stateless client is gone", exists(thirdMark))
	w.interrupt()
	w.ended()
}

// An interrupt lets calls in flight finish for a while, then gives them up; the end is clean.
func TestHTTPInterruptDuringCall(t *testing.T) {
	w := serveHTTP(t, "", "--http", anyPort, "--config", noisyConfig(t, oneNoisy))
	mark := filepath.Join(t.TempDir(), "mark")
	body := fmt.Sprintf(`{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"noisy_wait","arguments":{"mark":%q},"_meta":{"progressToken":1}}}`, mark)
	response := w.request(t.Context(), http.MethodPost, w.url, body, w.session()...)
	if line, err := bufio.NewReader(response.Body).ReadString('\n'); err != nil {
		t.Fatalf("%q, %v", line, err)
	}
	w.interrupt()
	w.ended()
	if !exists(mark)() {
		t.Error("the plugin did not hear that the call was given up")
	}
}

// Two clients at once are each asked about their own call, and a plan's token is good once.
func TestHTTPUsersAreAsked(t *testing.T) {
	w := serveHTTP(t, "", "--http", anyPort, "--config", noisyConfig(t, "  noisy: {plugin: noisy, access: destructive, toolsets: [messages], config: {}}"))
	var calls sync.WaitGroup
	for _, revision := range []string{mcp.ProtocolVersion20250618, mcp.ProtocolVersion20251125, mcp.ProtocolVersion20260728} {
		for client := range 2 {
			target := fmt.Sprintf("topic-%d-%s", client, revision)
			u := &user{answer: types(target)}
			e := erasure{t, w.connect(revision, u), filepath.Join(t.TempDir(), "mark")}
			calls.Go(func() {
				for range 5 {
					if result, text := e.call("noisy_erase", e.arguments("name", target)); result.IsError || !strings.Contains(text, target) {
						t.Errorf("%s: %s", target, text)
						return
					}
				}
				e.wantCalled(5)
				for _, asked := range u.asked {
					if !strings.Contains(asked.Message, target) {
						t.Errorf("%s was asked: %s", target, asked.Message)
					}
				}
			})
		}
	}
	calls.Wait()
	e := erasure{t, w.connect(mcp.ProtocolVersion20251125, nil), filepath.Join(t.TempDir(), "mark")}
	_, text := e.call("noisy_erase", e.arguments())
	var plan struct {
		Token string `json:"confirm_token"`
	}
	if err := json.Unmarshal([]byte(text), &plan); err != nil || plan.Token == "" {
		t.Fatalf("%v: %s", err, text)
	}
	for want := range 2 { // nothing, then an error
		if result, text := e.call("noisy_erase", e.arguments(confirmArgument, plan.Token)); result.IsError != (want == 1) {
			t.Errorf("use %d of the token: %s", want, text)
		}
	}
	e.wantCalled(1)
	w.interrupt()
	w.ended()
}
