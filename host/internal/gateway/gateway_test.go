package gateway_test

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/rs/zerolog"

	"github.com/mqtrail/mqtrail/host/internal/config"
	"github.com/mqtrail/mqtrail/host/internal/gateway"
	"github.com/mqtrail/mqtrail/host/internal/operations"
	"github.com/mqtrail/mqtrail/host/internal/pluginhost"
	"github.com/mqtrail/mqtrail/host/internal/redact"
	"github.com/mqtrail/mqtrail/sdk"
)

const secret = "a-secret-of-the-test"

var buildPlugin = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "mqtrail-gateway-*")
	if err != nil {
		return "", err
	}
	output, err := exec.Command("go", "build", "-o", filepath.Join(dir, "mqtrail-plugin-probe"), "./testdata/plugin").CombinedOutput()
	if err != nil {
		return dir, &buildError{string(output)}
	}
	return dir, nil
})

type buildError struct{ output string }

func (e *buildError) Error() string { return e.output }

func TestMain(m *testing.M) {
	code := m.Run()
	if dir, _ := buildPlugin(); dir != "" {
		_ = os.RemoveAll(dir)
	}
	os.Exit(code)
}

// lockedBuffer is a log that is read while it may be written.
type lockedBuffer struct {
	mutex sync.Mutex
	text  bytes.Buffer
}

func (b *lockedBuffer) Write(p []byte) (int, error) {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	return b.text.Write(p)
}

func (b *lockedBuffer) String() string {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	return b.text.String()
}

// open makes a gateway over the real plugin, with connections changed as a test needs them.
func open(t *testing.T, log *lockedBuffer, connections ...config.Connection) *gateway.Gateway {
	t.Helper()
	return openAt(t, log, nil, connections...)
}

// openAt is open with a clock.
func openAt(t *testing.T, log *lockedBuffer, now func() time.Time, connections ...config.Connection) *gateway.Gateway {
	t.Helper()
	dir, err := buildPlugin()
	if err != nil {
		t.Fatal(err)
	}
	redactor := &redact.Redactor{}
	redactor.Add(secret)
	logger := zerolog.New(log).Level(zerolog.InfoLevel)
	host := pluginhost.New(pluginhost.Options{Dirs: []string{dir}, Logger: logger, Redact: redactor.Text})
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		defer cancel()
		if err := host.Close(ctx); err != nil {
			t.Errorf("closing the host: %v", err)
		}
	})
	plugin, err := host.Plugin("probe")
	if err != nil {
		t.Fatal(err)
	}
	manifest, err := plugin.Manifest(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var opened []*gateway.Connection
	for _, connection := range connections {
		opened = append(opened, gateway.NewConnection(connection))
	}
	g, err := gateway.New(gateway.Options{
		Catalogue: operations.New(manifest), Connections: opened, Plugins: host,
		Redactor: redactor, Logger: logger, Now: now, Broken: map[string]error{"bad": sdk.Problemf(sdk.SourcePlugin, sdk.CodePluginStart, "bad does not start")},
	})
	if err != nil {
		t.Fatal(err)
	}
	return g
}

func connection(name string, change func(*config.Connection)) config.Connection {
	c := config.Connection{
		Name: name, Plugin: "probe", Access: sdk.AccessRead, Settings: json.RawMessage(`{"key":"` + secret + `"}`),
		Timeout: 20 * time.Second, CallsPerSecond: 1000, CallsAtOnce: 4, Origin: config.OriginFile,
	}
	if change != nil {
		change(&c)
	}
	return c
}

func problemOf(t *testing.T, err error, code string) *sdk.Problem {
	t.Helper()
	if err == nil {
		t.Fatalf("the call succeeded, want the problem %s", code)
	}
	problem := sdk.AsProblem(err)
	if problem.Code != code {
		t.Fatalf("the problem is %s, want %s: %v", problem.Code, code, problem)
	}
	return problem
}

func TestAnswerPassesUnchanged(t *testing.T) {
	g := open(t, &lockedBuffer{}, connection("one", nil))
	result, err := g.Call(t.Context(), gateway.Call{Operation: "probe_echo", Arguments: json.RawMessage(`{"text":"<é&>","number":9007199254740993}`)})
	if err != nil {
		t.Fatal(err)
	}
	if got, want := string(result.JSON), `{"text":"\u003cé\u0026\u003e","number":9007199254740993}`; got != want {
		t.Errorf("the answer is %s, want %s", got, want)
	}
	if result.Connection.Name != "one" || result.RequestID == "" {
		t.Errorf("the result names connection %q and request %q", result.Connection.Name, result.RequestID)
	}
}

func TestAccess(t *testing.T) {
	g := open(t, &lockedBuffer{},
		connection("reader", nil),
		connection("writer", func(c *config.Connection) { c.Access = sdk.AccessWrite }),
		connection("owner", func(c *config.Connection) { c.Access = sdk.AccessDestructive }))
	for _, test := range []struct {
		operation, connection string
		allowed               bool
	}{
		{"probe_leak", "reader", true},
		{"probe_change", "reader", false},
		{"probe_destroy", "reader", false},
		{"probe_change", "writer", true},
		{"probe_destroy", "writer", false},
		{"probe_destroy", "owner", true},
	} {
		_, err := g.Call(t.Context(), gateway.Call{
			Operation: test.operation, Connection: test.connection, Confirm: gateway.Confirm{Yes: true},
		})
		if test.allowed {
			if err != nil {
				t.Errorf("%s over %s: %v", test.operation, test.connection, err)
			}
			continue
		}
		problem := problemOf(t, err, sdk.CodeNotAllowed)
		if !strings.Contains(problem.Hint, "connections."+test.connection) {
			t.Errorf("the hint does not name the setting: %s", problem.Hint)
		}
	}
}

func TestSecretsAreRemoved(t *testing.T) {
	log := &lockedBuffer{}
	g := open(t, log, connection("one", nil))
	result, err := g.Call(t.Context(), gateway.Call{Operation: "probe_leak"})
	if err != nil {
		t.Fatal(err)
	}
	if got, want := string(result.JSON), `{"text":"the key is [redacted]"}`; got != want {
		t.Errorf("the answer is %s, want %s", got, want)
	}
	_, err = g.Call(t.Context(), gateway.Call{Operation: "probe_fail"})
	problem := problemOf(t, err, sdk.CodeVendorError)
	if strings.Contains(problem.Error(), secret) {
		t.Errorf("the problem repeats a secret: %v", problem)
	}
	if strings.Contains(log.String(), secret) {
		t.Errorf("the log repeats a secret:\n%s", log)
	}
}

func TestRecord(t *testing.T) {
	log := &lockedBuffer{}
	g := open(t, log, connection("one", nil))
	if _, err := g.Call(t.Context(), gateway.Call{Operation: "probe_echo", Arguments: json.RawMessage(`{"text":"private matter"}`)}); err != nil {
		t.Fatal(err)
	}
	_, err := g.Call(t.Context(), gateway.Call{Operation: "probe_echo"})
	_ = problemOf(t, err, sdk.CodeInvalidArguments)
	var lines []string
	for line := range strings.Lines(log.String()) {
		if strings.Contains(line, `"operation":"probe_echo"`) {
			lines = append(lines, line)
		}
	}
	if len(lines) != 2 || !strings.Contains(lines[0], `"outcome":"ok"`) || !strings.Contains(lines[1], `"outcome":"invalid_arguments"`) {
		t.Errorf("want one line of record per call, got:\n%s", strings.Join(lines, ""))
	}
	if strings.Contains(log.String(), "private matter") {
		t.Errorf("the record holds arguments:\n%s", log)
	}
}

func TestLookups(t *testing.T) {
	g := open(t, &lockedBuffer{}, connection("one", nil), connection("two", nil))
	for name, test := range map[string]struct {
		call gateway.Call
		code string
		says string
	}{
		"unknown operation":        {gateway.Call{Operation: "probe_ecko"}, sdk.CodeUnknownOperation, "probe_echo"},
		"broken plugin":            {gateway.Call{Operation: "bad_anything"}, sdk.CodePluginStart, "bad does not start"},
		"which connection":         {gateway.Call{Operation: "probe_leak"}, sdk.CodeUnknownConnection, "one, two"},
		"unknown connection":       {gateway.Call{Operation: "probe_leak", Connection: "onne"}, sdk.CodeUnknownConnection, "Did you mean one?"},
		"arguments no object":      {gateway.Call{Operation: "probe_leak", Connection: "one", Arguments: json.RawMessage(`7`)}, sdk.CodeInvalidArguments, "object"},
		"argument misspelt":        {gateway.Call{Operation: "probe_echo", Connection: "one", Arguments: json.RawMessage(`{"txt":"a"}`)}, sdk.CodeInvalidArguments, "did you mean text"},
		"argument of a wrong type": {gateway.Call{Operation: "probe_echo", Connection: "one", Arguments: json.RawMessage(`{"text":1}`)}, sdk.CodeInvalidArguments, "string"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := g.Call(t.Context(), test.call)
			if problem := problemOf(t, err, test.code); !strings.Contains(problem.Error(), test.says) {
				t.Errorf("the problem does not say %q: %v", test.says, problem)
			}
		})
	}
}

func TestTimeoutAndCancellation(t *testing.T) {
	g := open(t, &lockedBuffer{}, connection("hasty", func(c *config.Connection) { c.Timeout = 300 * time.Millisecond }), connection("patient", nil))
	_, err := g.Call(t.Context(), gateway.Call{Operation: "probe_wait", Connection: "hasty"})
	_ = problemOf(t, err, sdk.CodeTimeout)

	ctx, cancel := context.WithCancel(t.Context())
	var texts []string
	_, err = g.Call(ctx, gateway.Call{Operation: "probe_wait", Connection: "patient", Progress: func(_, _ float64, text string) {
		texts = append(texts, text)
		cancel() // once the plugin is known to be at work
	}})
	_ = problemOf(t, err, sdk.CodeCancelled)
	if len(texts) != 1 || texts[0] != "half way" {
		t.Errorf("progress was %q", texts)
	}
}

func TestLimits(t *testing.T) {
	g := open(t, &lockedBuffer{}, connection("one", func(c *config.Connection) { c.CallsAtOnce = 1 }))
	ctx, cancel := context.WithCancel(t.Context())
	running, ended := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(ended)
		_, _ = g.Call(ctx, gateway.Call{Operation: "probe_wait", Progress: func(float64, float64, string) { close(running) }}) // ends by cancel
	}()
	<-running
	short, stop := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer stop()
	_, err := g.Call(short, gateway.Call{Operation: "probe_leak"})
	problem := problemOf(t, err, sdk.CodeThrottled)
	if !problem.Retryable || !strings.Contains(problem.Error(), "calls_at_once") {
		t.Errorf("the problem does not say how to go on: %v", problem)
	}
	cancel()
	<-ended
	if _, err := g.Call(t.Context(), gateway.Call{Operation: "probe_leak"}); err != nil {
		t.Errorf("after the first call had ended: %v", err)
	}
}

func TestWarmingThatIsCutShortIsNoWarning(t *testing.T) {
	var log lockedBuffer
	g := open(t, &log, connection("one", nil), connection("two", nil))
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	g.Warm(ctx)
	if text := log.String(); strings.Contains(text, `"level":"warn"`) {
		t.Errorf("the end of serving is logged as a warning: %s", text)
	}
}
