package cli_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/testscript"

	"github.com/mqtrail/mqtrail/host/internal/built"
	"github.com/mqtrail/mqtrail/sdk"
)

func TestMain(m *testing.M) { os.Exit(built.Main(m)) }

func TestScripts(t *testing.T) {
	dir := built.Dir(t)
	testscript.Run(t, testscript.Params{
		Dir: "testdata/script",
		Setup: func(env *testscript.Env) error {
			env.Setenv("PATH", dir+string(os.PathListSeparator)+env.Getenv("PATH"))
			home := filepath.Join(env.WorkDir, "home")
			env.Setenv("HOME", home)
			env.Setenv("XDG_CACHE_HOME", filepath.Join(home, ".cache"))
			env.Setenv("XDG_CONFIG_HOME", filepath.Join(home, ".config"))
			env.Setenv("GORACE", "halt_on_error=1")
			return os.MkdirAll(home, 0o755)
		},
		Cmds: map[string]func(ts *testscript.TestScript, neg bool, args []string){
			"vendor":       vendorCommand,
			"requests":     requestsCommand,
			"status":       statusCommand,
			"vendorconfig": vendorConfigCommand,
			"answers":      answersCommand,
		},
	})
}

// vendorCommand starts a vendor that misbehaves in one way and puts its address into $VENDOR.
func vendorCommand(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 || behaviours[args[0]] == nil {
		ts.Fatalf("usage: vendor BEHAVIOUR")
	}
	v := &misbehaving{behave: behaviours[args[0]], released: make(chan struct{})}
	server := httptest.NewServer(v)
	ts.Defer(func() {
		close(v.released)
		server.Close()
	})
	ts.Setenv("VENDOR", server.URL)
	vendors.Store(server.URL, v)
}

var vendors sync.Map // URL → *misbehaving

// requestsCommand checks how many requests the vendor got, of one method or of any: requests N [METHOD].
func requestsCommand(ts *testscript.TestScript, neg bool, args []string) {
	v, ok := vendors.Load(ts.Getenv("VENDOR"))
	if neg || !ok || len(args) < 1 || len(args) > 2 {
		ts.Fatalf("usage: requests N [METHOD], after vendor")
	}
	if got := fmt.Sprint(v.(*misbehaving).count(strings.Join(args[1:], ""))); got != args[0] {
		ts.Fatalf("the vendor got %s requests, want %s", got, args[0])
	}
}

// statusCommand runs a program and checks its exit status: status N PROGRAM ARGUMENT...
func statusCommand(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: status N PROGRAM ARGUMENT...")
	}
	err := ts.Exec(args[1], args[2:]...)
	got := 0
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		got = exit.ExitCode()
	} else {
		ts.Check(err)
	}
	if fmt.Sprint(got) != args[0] {
		ts.Fatalf("exit status %d, want %s", got, args[0])
	}
}

// vendorConfigCommand writes a configuration whose connections all go to $VENDOR.
func vendorConfigCommand(ts *testscript.TestScript, _ bool, _ []string) {
	const text = `connections:
  aliyun:
    plugin: aliyun
    config: {endpoint: "${VENDOR}", access_key_id: ak, access_key_secret: secret-key-of-the-test, security_token: security-token-of-the-test}
  huawei:
    plugin: huawei
    config: {endpoint: "${VENDOR}", project_id: p, access_key: ak, secret_key: secret-key-of-the-test, security_token: security-token-of-the-test}
  ctyun:
    plugin: ctyun
    config: {endpoint: "${VENDOR}", access_key: ak, secret_key: secret-key-of-the-test}
`
	ts.Check(os.WriteFile(ts.MkAbs("mqtrail.yaml"), []byte(text), 0o600))
}

// answersCommand compares the answers of a batch with what is wanted: answers GOT WANT, where WANT has a line per
// answer with its id and "result" or the problem's code.
func answersCommand(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: answers GOT WANT")
	}
	var got strings.Builder
	for line := range strings.Lines(ts.ReadFile(args[0])) {
		var answer struct {
			ID      json.RawMessage
			Result  json.RawMessage
			Problem *sdk.Problem
		}
		ts.Check(json.Unmarshal([]byte(line), &answer))
		outcome := "result"
		if answer.Problem != nil {
			outcome = answer.Problem.Code
		}
		fmt.Fprintln(&got, string(answer.ID), outcome)
	}
	if diff := cmp.Diff(ts.ReadFile(args[1]), got.String()); diff != "" {
		ts.Fatalf("the answers differ:\n%s", diff)
	}
}

type misbehaving struct {
	behave   func(v *misbehaving, w http.ResponseWriter, r *http.Request)
	released chan struct{}
	mutex    sync.Mutex
	requests []string
}

func (v *misbehaving) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	v.mutex.Lock()
	v.requests = append(v.requests, r.Method+" "+r.URL.EscapedPath())
	v.mutex.Unlock()
	w.Header().Set("Content-Type", "application/json")
	v.behave(v, w, r)
}

// count is how many requests there were with a method; "" is any.
func (v *misbehaving) count(method string) int {
	v.mutex.Lock()
	defer v.mutex.Unlock()
	count := 0
	for _, request := range v.requests {
		if strings.HasPrefix(request, method) {
			count++
		}
	}
	return count
}

func answer(status int, body string) func(*misbehaving, http.ResponseWriter, *http.Request) {
	return func(_ *misbehaving, w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(status)
		_, _ = w.Write([]byte(body))
	}
}

var behaviours = map[string]func(*misbehaving, http.ResponseWriter, *http.Request){
	"html": func(_ *misbehaving, w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		w.WriteHeader(http.StatusBadGateway)
		_, _ = w.Write([]byte("<html><h1>502 Bad Gateway</h1>\x1b[31m"))
	},
	"truncated": func(_ *misbehaving, w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Length", "1000")
		_, _ = w.Write([]byte(`{"success": tr`))
	},
	"cut":       answer(http.StatusOK, `{"success": tr`),
	"empty":     answer(http.StatusOK, ""),
	"failure":   answer(http.StatusOK, `{"requestId":"REQ-1","success":false,"code":"Topic.NotFound","message":"no such topic","data":null,"httpStatusCode":404}`),
	"status900": answer(http.StatusOK, `{"statusCode":"900","message":"query failed","returnObj":{},"error":"ROCKETMQ_1201"}`),
	"throttled": func(_ *misbehaving, w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Retry-After", "7")
		answer(http.StatusTooManyRequests, `{"error_code":"APIGW.0308","error_msg":"too many requests","request_id":"REQ-2"}`)(nil, w, nil)
	},
	"redirect": func(_ *misbehaving, w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Location", "https://elsewhere.example.com/")
		w.WriteHeader(http.StatusFound)
	},
	"huge": func(_ *misbehaving, w http.ResponseWriter, _ *http.Request) {
		_, _ = w.Write([]byte(`{"messages":["`))
		piece := []byte(strings.Repeat("x", 1<<20))
		for range 20 {
			if _, err := w.Write(piece); err != nil {
				return
			}
		}
		_, _ = w.Write([]byte(`"]}`))
	},
	"silent": func(v *misbehaving, _ http.ResponseWriter, r *http.Request) {
		select {
		case <-r.Context().Done():
		case <-v.released:
		case <-time.After(time.Minute):
		}
	},
	// Repeats the credentials that it was sent, as Huawei's gateway does with the canonical request.
	"echo": func(_ *misbehaving, w http.ResponseWriter, r *http.Request) {
		w.WriteHeader(http.StatusUnauthorized)
		_ = json.NewEncoder(w).Encode(map[string]string{
			"error_code": "APIGW.0301", "error_msg": "Incorrect IAM authentication: " + fmt.Sprint(r.Header), "request_id": "REQ-3",
		})
	},
	"account": answer(http.StatusOK, `{"success":true,"data":{"username":"u","password":"pass-of-the-account"}}`),
	"long": func(_ *misbehaving, w http.ResponseWriter, _ *http.Request) {
		elements := strings.Repeat(`{"topicName":"orders","offset":9007199254740993},`, 2000)
		_, _ = fmt.Fprintf(w, `{"success":true,"data":{"total":2000,"list":[%s]}}`, strings.TrimSuffix(elements, ","))
	},
	"path": func(_ *misbehaving, w http.ResponseWriter, r *http.Request) {
		_ = json.NewEncoder(w).Encode(map[string]any{"success": true, "code": "200", "data": map[string]string{"path": r.URL.EscapedPath(), "query": r.URL.RawQuery}})
	},
}
