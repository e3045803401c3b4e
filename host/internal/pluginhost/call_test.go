//go:build unix

package pluginhost

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/mqtrail/mqtrail/sdk"
	"github.com/mqtrail/mqtrail/sdk/protocol"
)

func TestInvoke(t *testing.T) {
	b := newBench(t, nil, "good")
	plugin := b.plugin("good")
	if status := plugin.Status(); status.State != StateFound || status.PID != 0 {
		t.Errorf("before the first call: %+v", status)
	}
	got := mustCall(t, plugin, "echo", fields{"text": "hi"})
	want := answer{Text: "hi", Label: "first", Serial: 1, PID: plugin.Status().PID}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("result (-want +got):\n%s", diff)
	}
	if status := plugin.Status(); status.State != StateRunning || status.Restarts != 0 || status.Problem != nil || status.Started.IsZero() {
		t.Errorf("after it: %+v", status)
	}
}

func TestConnectionsAreOpenedOnceAndReplaced(t *testing.T) {
	b := newBench(t, nil, "good")
	plugin := b.plugin("good")
	for range 3 {
		if got := mustCall(t, plugin, "echo", nil); got.Serial != 1 {
			t.Fatalf("opened %d times", got.Serial)
		}
	}
	plugin.Register(Connection{Name: "main", Settings: json.RawMessage(`{"label":"second"}`)})
	if got := mustCall(t, plugin, "echo", nil); got.Label != "second" || got.Serial != 2 {
		t.Errorf("after a second registration: %+v", got)
	}
	_, err := plugin.Invoke(t.Context(), Call{Connection: "other", Operation: "good_echo"})
	_ = wantProblem(t, err, sdk.CodeUnknownConnection, `"other"`)
	plugin.Register(Connection{Name: "wrong", Settings: json.RawMessage(`{"label":"bad"}`)})
	_, err = plugin.Invoke(t.Context(), Call{Connection: "wrong", Operation: "good_echo"})
	if problem := wantProblem(t, err, sdk.CodeInvalidConfig, "[secret]"); strings.Contains(problem.Message, "swordfish") {
		t.Errorf("a secret is in %v", problem)
	}
}

func TestCheck(t *testing.T) {
	b := newBench(t, nil, "good")
	plugin := b.plugin("good")
	if summary, err := plugin.Check(t.Context(), "main"); err != nil || summary != "all is well" {
		t.Errorf("Check: %q, %v", summary, err)
	}
	if err := plugin.CheckSettings(t.Context(), Connection{Name: "x", Settings: json.RawMessage(`{"label":"bad"}`)}); err != nil {
		t.Errorf("CheckSettings opens the connection: %v", err)
	}
	err := plugin.CheckSettings(t.Context(), Connection{Name: "x", Settings: json.RawMessage(`{"lable":"typo"}`)})
	_ = wantProblem(t, err, sdk.CodeInvalidConfig, "lable")
	err = plugin.CheckSettings(t.Context(), Connection{Name: "x", Sandbox: true})
	_ = wantProblem(t, err, sdk.CodeInvalidConfig, "no sandbox")
}

func TestProgress(t *testing.T) {
	b := newBench(t, nil, "good")
	plugin := b.plugin("good")
	var heard []string
	_, err := plugin.Invoke(t.Context(), Call{Connection: "main", Operation: "good_progress", Reads: true,
		Progress: func(done, total float64, text string) {
			heard = append(heard, fmt.Sprintf("%v of %v: %s", done, total, text))
		}})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"1 of 4: a quarter"}, heard); diff != "" {
		t.Errorf("progress (-want +got):\n%s", diff)
	}
}

func TestLargeResultsAndArguments(t *testing.T) {
	b := newBench(t, nil, "good")
	plugin := b.plugin("good")
	const ten = 10 << 20
	if got := mustCall(t, plugin, "large", fields{"bytes": ten}); len(got.Text) != ten || strings.Trim(got.Text, "y") != "" {
		t.Errorf("a result of %d bytes came as %d", ten, len(got.Text))
	}
	if got := mustCall(t, plugin, "measure", fields{"text": strings.Repeat("a", ten)}); got.Length != ten {
		t.Errorf("an argument of %d bytes came as %d", ten, got.Length)
	}
	_, err := call(t.Context(), plugin, "large", fields{"bytes": protocol.MaxResult + 1})
	_ = wantProblem(t, err, sdk.CodeAnswerTooLarge)
	_, err = call(t.Context(), plugin, "measure", fields{"text": strings.Repeat("a", protocol.MaxMessage)})
	_ = wantProblem(t, err, sdk.CodeInvalidArguments, "at most 16 MiB", "Nothing was sent")
}

func TestArgumentsJustBelowTheLimitAreSent(t *testing.T) {
	b := newBench(t, nil, "good")
	plugin := b.plugin("good")
	text := strings.Repeat("a", protocol.MaxMessage-200)
	if got := mustCall(t, plugin, "measure", fields{"text": text}); got.Length != len(text) {
		t.Errorf("an argument of %d bytes came as %d", len(text), got.Length)
	}
}

func TestSenselessAnswers(t *testing.T) {
	b := newBench(t, nil, "raw")
	plugin := b.plugin("raw")
	for operation, want := range map[string]struct{ code, text string }{
		"endless": {sdk.CodeInternal, "its answer has no end"},
		"garbage": {sdk.CodeInternal, "no JSON object"},
		"empty":   {sdk.CodeInternal, "no JSON object"},
		"problem": {sdk.CodeInternal, "did not say how"},
		"silent":  {sdk.CodeInternal, "did not say how"},
		"status":  {sdk.CodeInternal, "PermissionDenied: no [31mway, [secret]"},
		"unknown": {sdk.CodeInternal, "its answer has no end"},
		"flood":   {sdk.CodeAnswerTooLarge, "64 MiB"},
		"giant":   {sdk.CodeAnswerTooLarge, "16 MiB"},
	} {
		t.Run(operation, func(t *testing.T) {
			_, err := call(t.Context(), plugin, operation, nil)
			_ = wantProblem(t, err, want.code, want.text)
		})
	}
	mustCall(t, plugin, "fine", nil)
	if status := plugin.Status(); status.Restarts != 0 {
		t.Errorf("the process was lost: %+v", status)
	}
}

func TestCancellationReachesTheHandler(t *testing.T) {
	b := newBench(t, nil, "good")
	plugin := b.plugin("good")
	entered, left := filepath.Join(t.TempDir(), "entered"), filepath.Join(t.TempDir(), "left")
	ctx, cancel := context.WithCancel(t.Context())
	failed := make(chan error)
	go func() {
		_, err := call(ctx, plugin, "wait", fields{"entered": entered, "left": left})
		failed <- err
	}()
	eventually(t, "the handler has begun", func() bool { return fileExists(entered) })
	cancel()
	_ = wantProblem(t, <-failed, sdk.CodeCancelled)
	eventually(t, "the handler has been cancelled", func() bool { return fileExists(left) })
	mustCall(t, plugin, "echo", nil)
}

func TestDeadline(t *testing.T) {
	b := newBench(t, func(_ *Options, timing *timing) { timing.call = 300 * time.Millisecond }, "good")
	plugin := b.plugin("good")
	pid := mustCall(t, plugin, "echo", nil).PID
	dir := t.TempDir()
	stubborn := fields{"entered": filepath.Join(dir, "entered"), "stubborn": true}

	_, err := call(context.Background(), plugin, "wait", stubborn) // the host's own deadline
	_ = wantProblem(t, err, sdk.CodeTimeout, "good_wait")

	ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
	defer cancel()
	_, err = call(ctx, plugin, "wait_write", stubborn)
	problem := wantProblem(t, err, sdk.CodeOutcomeUnknown, "not known", "before calling again")
	if problem.Retryable {
		t.Error("a write with an unknown outcome is called retryable")
	}
	if got := mustCall(t, plugin, "echo", nil); got.PID != pid {
		t.Errorf("a healthy process was replaced")
	}
}

func TestManyCallers(t *testing.T) {
	b := newBench(t, nil, "good", "other")
	var callers sync.WaitGroup
	for i := range 32 {
		callers.Go(func() {
			plugin, err := b.Plugin([]string{"good", "other"}[i%2])
			if err != nil {
				t.Error(err)
				return
			}
			plugin.Register(Connection{Name: "main", Settings: json.RawMessage(`{"label":"first"}`)})
			for n := range 20 {
				text := fmt.Sprintf("%d/%d", i, n)
				if got, err := call(t.Context(), plugin, "echo", fields{"text": text}); err != nil || got.Text != text {
					t.Errorf("%s: %+v, %v", text, got, err)
				}
			}
		})
	}
	callers.Wait()
	for _, plugin := range b.Plugins() {
		if plugin.Status().Restarts != 0 {
			t.Errorf("%s was started more than once", plugin.Name())
		}
	}
}

func TestEnvironmentAndInput(t *testing.T) {
	input, writer, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := writer.WriteString("a line of the host's\n"); err != nil {
		t.Fatal(err)
	}
	saved := os.Stdin
	os.Stdin = input
	t.Cleanup(func() {
		os.Stdin = saved
		_, _ = input.Close(), writer.Close() // pipes of this test
	})
	environ := map[string]string{
		"PATH": "/bin", "HOME": "/home/me", "https_proxy": "http://proxy:1", "TZ": "Asia/Shanghai", "SSL_CERT_FILE": "/ca.pem",
		"NAMED_BY_MANIFEST": "value", "SECRET_OF_THE_HOST": "value", "LD_PRELOAD": "x.so", "GOMEMLIMIT": "1TiB",
	}
	b := newBench(t, func(options *Options, _ *timing) {
		options.Environ = func(name string) (string, bool) {
			value, ok := environ[name]
			return value, ok
		}
	}, "good")
	got := mustCall(t, b.plugin("good"), "look", nil)
	if got.Stdin != "" {
		t.Errorf("the plugin read %q of the host's input", got.Stdin)
	}
	if !got.Group {
		t.Error("the plugin does not lead a group of its own")
	}
	for _, name := range []string{"SECRET_OF_THE_HOST", "LD_PRELOAD"} {
		if slices.ContainsFunc(got.Environ, func(v string) bool { return strings.HasPrefix(v, name+"=") }) {
			t.Errorf("the plugin sees %s", name)
		}
	}
	got.Environ = slices.DeleteFunc(got.Environ, func(v string) bool { // go-plugin's own, which differ from run to run
		return strings.HasPrefix(v, "PLUGIN_") || strings.HasPrefix(v, protocol.CookieKey)
	})
	slices.Sort(got.Environ)
	want := []string{
		fmt.Sprintf("GOMAXPROCS=%d", max(1, runtime.GOMAXPROCS(0)/2)), "GOMEMLIMIT=40MiB", "HOME=/home/me", "MQTRAIL_LOG_LEVEL=trace", "NAMED_BY_MANIFEST=value", "PATH=/bin", "SSL_CERT_FILE=/ca.pem",
		"TZ=Asia/Shanghai", "https_proxy=http://proxy:1",
	}
	if diff := cmp.Diff(want, got.Environ); diff != "" {
		t.Errorf("environment (-want +got):\n%s", diff)
	}
}

// The way to a plugin leads over no proxy, whatever the host's variables say.
func TestProxyOfTheHostIsNotAsked(t *testing.T) {
	for _, name := range []string{"HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy", "ALL_PROXY"} {
		t.Setenv(name, "http://127.0.0.1:1")
	}
	b := newBench(t, nil, "good")
	mustCall(t, b.plugin("good"), "echo", nil)
}

func TestLongTemporaryFolder(t *testing.T) {
	long := filepath.Join(t.TempDir(), strings.Repeat("t", 120))
	if err := os.Mkdir(long, 0o700); err != nil {
		t.Fatal(err)
	}
	t.Setenv("TMPDIR", long)
	t.Setenv("XDG_RUNTIME_DIR", long)
	b := newBench(t, nil, "good")
	got := mustCall(t, b.plugin("good"), "look", nil)
	if !slices.Contains(got.Environ, "TMPDIR="+long) {
		t.Errorf("the plugin's TMPDIR is not the host's: %v", got.Environ)
	}
	folder := b.plugin("good").current.Load().folder.path
	if info, err := os.Stat(folder); err != nil || info.Mode().Perm() != 0o700 {
		t.Errorf("folder %s: %v, %v", folder, info, err)
	}
	if !strings.HasPrefix(filepath.Base(folder), protocol.SocketDirPrefix) {
		t.Errorf("plugins cannot tell %s from other folders", folder)
	}
}
