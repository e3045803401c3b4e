//go:build unix

package pluginhost

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/mqtrail/mqtrail/sdk"
)

func TestFailedStarts(t *testing.T) {
	for name, want := range map[string]struct {
		code  string
		texts []string
	}{
		"chatty":     {sdk.CodePluginStart, []string{`"hello, world"`, "instead of the handshake", "sdk.Serve first"}},
		"panicky":    {sdk.CodePluginStart, []string{"exit status 2", "panic: no courage to start"}},
		"quitter":    {sdk.CodePluginStart, []string{"exit status 3", "the licence has expired"}},
		"sleeper":    {sdk.CodePluginStart, []string{"not ready within"}},
		"mute":       {sdk.CodePluginStart, []string{"connection"}},
		"future":     {sdk.CodePluginProtocol, []string{"it speaks version 2", "this mqtrail speaks version 1"}},
		"ancient":    {sdk.CodePluginProtocol, []string{"netrpc instead of grpc"}},
		"alien":      {sdk.CodePluginProtocol, []string{"version 9 of go-plugin's handshake"}},
		"liar":       {sdk.CodePluginInvalid, []string{`"somebody"`}},
		"speechless": {sdk.CodePluginStart, []string{"did not describe itself within"}},
		"mad":        {sdk.CodePluginInvalid, []string{"beside myself"}},
		"illegal":    {sdk.CodePluginInvalid, []string{"oddities"}},
	} {
		t.Run(name, func(t *testing.T) {
			b := newBench(t, func(_ *Options, timing *timing) { timing.start = 2 * time.Second }, name)
			plugin := b.plugin(name)
			_, err := plugin.Manifest(t.Context())
			problem := wantProblem(t, err, want.code, want.texts...)
			if problem.Source != sdk.SourcePlugin {
				t.Errorf("source %s", problem.Source)
			}
			if want.code == sdk.CodePluginStart && !strings.Contains(problem.Message, plugin.Path()) {
				t.Errorf("the path is not in %v", problem)
			}
			if status := plugin.Status(); status.Problem == nil || status.Problem.Code != want.code {
				t.Errorf("status %+v", status)
			}
			eventually(t, "nothing is left running", func() bool { return len(b.processes()) == 0 })
		})
	}
}

func TestFailedStartsDisable(t *testing.T) {
	b := newBench(t, func(_ *Options, timing *timing) { timing.crashMax = 1 }, "quitter")
	plugin := b.plugin("quitter")
	for range 2 {
		_ = wantProblem(t, plugin.Warm(t.Context()), sdk.CodePluginStart)
	}
	_ = wantProblem(t, plugin.Warm(t.Context()), sdk.CodePluginDisabled, "licence has expired")
}

func TestProgramsThatAreNotRun(t *testing.T) {
	other := "linux/arm64"
	if runtime.GOARCH == "arm64" {
		other = "linux/amd64"
	}
	for name, test := range map[string]struct {
		prepare func(t *testing.T, path string)
		texts   []string
	}{
		"not executable":  {chmod(0o644), []string{"not executable", "chmod u+x"}},
		"writable by all": {chmod(0o757), []string{"everybody may write", "chmod o-w"}},
		"open folder": {func(t *testing.T, path string) {
			if err := os.Chmod(filepath.Dir(path), 0o777); err != nil {
				t.Fatal(err)
			}
		}, []string{"everybody may replace it", "chmod o-w"}},
		"no program": {write("What is this?"), []string{"does not know how to run it"}},
		"cut short":  {write("\x7fELF"), []string{"does not know how to run it", "cut short"}},
		"gone":       {func(t *testing.T, path string) { remove(t, path) }, []string{"no such file"}},
		"a pipe": {func(t *testing.T, path string) {
			remove(t, path)
			if err := exec.CommandContext(t.Context(), "mkfifo", "-m", "755", path).Run(); err != nil {
				t.Fatal(err)
			}
		}, []string{"no regular file"}},
		"for Windows":           {builtFor("windows/" + runtime.GOARCH), []string{"built for windows/" + runtime.GOARCH, "this is " + here}},
		"for macOS":             {builtFor("darwin/arm64"), []string{"built for darwin/arm64"}},
		"for another processor": {builtFor(other), []string{"built for " + other}},
	} {
		t.Run(name, func(t *testing.T) {
			b := newBench(t, func(options *Options, _ *timing) {
				path := filepath.Join(options.Dirs[0], programPrefix+"good")
				program, err := os.ReadFile(programs.misbehaving)
				if err != nil {
					t.Fatal(err)
				}
				if err := os.WriteFile(path, program, 0o755); err != nil {
					t.Fatal(err)
				}
			})
			plugin := b.plugin("good")
			test.prepare(t, plugin.Path())
			err := plugin.Warm(t.Context())
			_ = wantProblem(t, err, sdk.CodePluginInvalid, append(test.texts, plugin.Path())...)
			if plugin.Status().State != StateInvalid {
				t.Errorf("status %+v", plugin.Status())
			}
		})
	}
}

func chmod(mode os.FileMode) func(*testing.T, string) {
	return func(t *testing.T, path string) {
		if err := os.Chmod(path, mode); err != nil {
			t.Fatal(err)
		}
	}
}

func remove(t *testing.T, path string) {
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
}

func write(text string) func(*testing.T, string) {
	return func(t *testing.T, path string) {
		remove(t, path)
		if err := os.WriteFile(path, []byte(text), 0o755); err != nil {
			t.Fatal(err)
		}
	}
}

// builtFor puts a real program for another platform in the place.
func builtFor(platform string) func(*testing.T, string) {
	return func(t *testing.T, path string) {
		system, processor, _ := strings.Cut(platform, "/")
		source := filepath.Join(t.TempDir(), "main.go")
		if err := os.WriteFile(source, []byte("package main\n\nfunc main() {}\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		remove(t, path)
		build := exec.CommandContext(t.Context(), "go", "build", "-o", path, source)
		build.Env = append(os.Environ(), "GOOS="+system, "GOARCH="+processor, "CGO_ENABLED=0")
		if output, err := build.CombinedOutput(); err != nil {
			t.Fatalf("%v: %s", err, output)
		}
		chmod(0o755)(t, path)
	}
}

func TestChecksum(t *testing.T) {
	program, err := os.ReadFile(programs.misbehaving)
	if err != nil {
		t.Fatal(err)
	}
	sum := sha256.Sum256(program)
	actual, other := hex.EncodeToString(sum[:]), strings.Repeat("0", 64)
	t.Run("wrong", func(t *testing.T) {
		b := newBench(t, func(options *Options, _ *timing) { options.Checksums = map[string][]string{"good": {other}} }, "good")
		plugin := b.plugin("good")
		for range 2 { // the same answer every time
			_ = wantProblem(t, plugin.Warm(t.Context()), sdk.CodePluginInvalid, actual, other, "plugins.good.sha256")
		}
	})
	t.Run("none allowed", func(t *testing.T) {
		b := newBench(t, func(options *Options, _ *timing) { options.Checksums = map[string][]string{"good": nil} }, "good")
		_ = wantProblem(t, b.plugin("good").Warm(t.Context()), sdk.CodePluginInvalid, actual, "allowed is none")
	})
	t.Run("one of several", func(t *testing.T) {
		b := newBench(t, func(options *Options, _ *timing) {
			options.Checksums = map[string][]string{"good": {other, strings.ToUpper(actual)}, "unknown": {other}}
		}, "good")
		mustCall(t, b.plugin("good"), "echo", nil)
	})
}

func TestStartIsShared(t *testing.T) {
	b := newBench(t, nil, "good", "other")
	var callers sync.WaitGroup
	for i := range 16 {
		callers.Go(func() {
			plugin, err := b.Plugin([]string{"good", "other"}[i%2])
			if err == nil {
				err = plugin.Warm(t.Context())
			}
			if err != nil {
				t.Error(err)
			}
		})
	}
	callers.Wait()
	for _, plugin := range b.Plugins() {
		if status := plugin.Status(); status.State != StateRunning || status.Restarts != 0 {
			t.Errorf("%s: %+v", plugin.Name(), status)
		}
	}
}

func TestImpatientCallerDoesNotEndAStart(t *testing.T) {
	b := newBench(t, nil, "good")
	plugin := b.plugin("good")
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_ = wantProblem(t, plugin.Warm(ctx), sdk.CodeCancelled)
	eventually(t, "the process runs all the same", func() bool { return plugin.Status().State == StateRunning })
}

func TestSearch(t *testing.T) {
	first, second := t.TempDir(), t.TempDir()
	place(t, first, programs.misbehaving, "aliyun")
	place(t, second, programs.misbehaving, "aliyun")
	place(t, second, programs.misbehaving, "huawei")
	for _, name := range []string{"mqtrail-plugin-", "mqtrail-plugin-a.bak", "mqtrail-plugin-A", "mqtrail-plugin-x.exe", "mqtrail", "notes.txt"} {
		if err := os.WriteFile(filepath.Join(second, name), nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Mkdir(filepath.Join(second, "mqtrail-plugin-folder"), 0o700); err != nil {
		t.Fatal(err)
	}
	host := New(Options{Dirs: []string{first, filepath.Join(first, "none"), second}})
	t.Cleanup(func() {
		if err := host.Close(context.Background()); err != nil {
			t.Error(err)
		}
	})
	var found []string
	for _, plugin := range host.Plugins() {
		found = append(found, plugin.Name()+" "+plugin.Path())
	}
	want := fmt.Sprintf("[aliyun %s/mqtrail-plugin-aliyun huawei %s/mqtrail-plugin-huawei]", first, second)
	if got := fmt.Sprint(found); got != want {
		t.Errorf("found %s, want %s", got, want)
	}
	_, err := host.Plugin("huawai")
	_ = wantProblem(t, err, sdk.CodePluginNotFound, "Did you mean huawei?", first, second)
	_, err = host.Plugin("rabbit")
	_ = wantProblem(t, err, sdk.CodePluginNotFound, "Found: aliyun, huawei", "plugin_dirs")
}
