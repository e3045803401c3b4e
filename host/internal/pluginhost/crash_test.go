//go:build unix

package pluginhost

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/mqtrail/mqtrail/sdk"
)

// once makes a file name: the misbehaving plugin does harm once per file.
func once(t *testing.T) string { return filepath.Join(t.TempDir(), "once") }

func TestPanicInAHandlerEndsOneCall(t *testing.T) {
	b := newBench(t, nil, "good")
	plugin := b.plugin("good")
	pid := mustCall(t, plugin, "echo", nil).PID
	_, err := call(t.Context(), plugin, "crash", fields{"how": "handler"})
	_ = wantProblem(t, err, sdk.CodeInternal, "a handler went wrong")
	if got := mustCall(t, plugin, "echo", nil); got.PID != pid {
		t.Error("the process was replaced")
	}
}

func TestCrashInACall(t *testing.T) {
	for how, texts := range map[string][]string{
		"exit":      {"exit status 7", "giving up"},
		"goroutine": {"exit status 2", "panic: a goroutine of the plugin went wrong", "main.crash"},
		"kill":      {"signal: killed"},
	} {
		t.Run(how, func(t *testing.T) {
			b := newBench(t, nil, "good")
			plugin := b.plugin("good")
			pid := mustCall(t, plugin, "echo", nil).PID

			got := mustCall(t, plugin, "crash", fields{"how": how, "once": once(t)})
			if got.Text != "survived" || got.PID == pid || got.Serial != 1 {
				t.Errorf("a read was not repeated on a new process: %+v", got)
			}
			_, err := call(t.Context(), plugin, "crash", fields{"how": how})
			_ = wantProblem(t, err, sdk.CodePluginCrashed, texts...)

			harmed := once(t)
			_, err = call(t.Context(), plugin, "crash_write", fields{"how": how, "once": harmed})
			_ = wantProblem(t, err, sdk.CodeOutcomeUnknown, append(texts, "was sent", "before calling again")...)
			if got := mustCall(t, plugin, "crash_write", fields{"how": how, "once": harmed}); got.Text != "survived" {
				t.Errorf("the write was repeated unasked, or not done: %+v", got)
			}
			if status := plugin.Status(); status.State != StateRunning || status.Restarts != 4 {
				t.Errorf("status %+v", status)
			}
		})
	}
}

func TestCrashBetweenCalls(t *testing.T) {
	b := newBench(t, nil, "good")
	plugin := b.plugin("good")
	pid := mustCall(t, plugin, "echo", nil).PID
	folder := plugin.current.Load().folder.path
	if err := syscall.Kill(pid, syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	eventually(t, "the crash is noticed without a call", func() bool { return plugin.Status().State == StateRestarting })
	eventually(t, "its folder is removed", func() bool { return !fileExists(folder) })
	if status := plugin.Status(); status.PID != 0 || status.Problem == nil || status.Problem.Code != sdk.CodePluginCrashed {
		t.Errorf("status %+v", status)
	}
	if got := mustCall(t, plugin, "crash_write", fields{"how": "exit", "once": os.DevNull}); got.PID == pid {
		t.Error("the process was not replaced")
	}
}

func TestCrashLosesEveryCallInFlight(t *testing.T) {
	b := newBench(t, nil, "good")
	plugin := b.plugin("good")
	pid := mustCall(t, plugin, "echo", nil).PID
	dir := t.TempDir()
	release := filepath.Join(dir, "release")
	var callers sync.WaitGroup
	for _, name := range []string{"a", "b", "c", "d"} {
		callers.Go(func() {
			got, err := call(t.Context(), plugin, "wait", fields{"entered": filepath.Join(dir, name), "release": release})
			if err != nil || got.Text != "released" || got.PID == pid {
				t.Errorf("%s: %+v, %v", name, got, err)
			}
		})
	}
	eventually(t, "all calls are in flight", func() bool {
		entered, err := filepath.Glob(filepath.Join(dir, "?"))
		return err == nil && len(entered) == 4
	})
	if err := syscall.Kill(pid, syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(release, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	callers.Wait()
}

func TestHungProcessIsKilled(t *testing.T) {
	b := newBench(t, nil, "good")
	plugin := b.plugin("good")
	pid := mustCall(t, plugin, "echo", nil).PID

	got := mustCall(t, plugin, "crash", fields{"how": "stop", "once": once(t)})
	if got.Text != "survived" || got.PID == pid {
		t.Errorf("a read was not repeated on a new process: %+v", got)
	}
	_, err := call(t.Context(), plugin, "crash_write", fields{"how": "stop"})
	_ = wantProblem(t, err, sdk.CodeOutcomeUnknown, "no longer answered")
	_, err = call(t.Context(), plugin, "crash", fields{"how": "stop"})
	_ = wantProblem(t, err, sdk.CodePluginHung, "no longer answered", "was killed")
}

func TestBrokenConnectionEndsTheProcess(t *testing.T) {
	b := newBench(t, func(_ *Options, timing *timing) { timing.exit = 100 * time.Millisecond }, "raw")
	plugin := b.plugin("raw")
	pid := func() int { return plugin.Status().PID }
	mustCall(t, plugin, "fine", nil)
	first := pid()
	_, err := call(t.Context(), plugin, "leave", nil)
	_ = wantProblem(t, err, sdk.CodePluginCrashed, "closed its connection")
	mustCall(t, plugin, "fine", nil)
	if exists(first) || pid() == first {
		t.Error("a process that cannot be reached is left")
	}
}

func TestShortDeadlineUncoversAHungProcess(t *testing.T) {
	b := newBench(t, func(_ *Options, timing *timing) { timing.probe = time.Hour }, "good")
	plugin := b.plugin("good")
	pid := mustCall(t, plugin, "echo", nil).PID
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	_, err := call(ctx, plugin, "crash", fields{"how": "stop"})
	_ = wantProblem(t, err, sdk.CodeTimeout)
	eventually(t, "the hung process is killed", func() bool { return !exists(pid) })
	mustCall(t, plugin, "echo", nil)
}

func TestCrashLoopDisables(t *testing.T) {
	b := newBench(t, func(_ *Options, timing *timing) { timing.crashMax = 2 }, "good")
	plugin := b.plugin("good")
	for range 3 {
		pid := mustCall(t, plugin, "echo", nil).PID
		if err := syscall.Kill(pid, syscall.SIGKILL); err != nil {
			t.Fatal(err)
		}
		eventually(t, "the crash is noticed", func() bool { return plugin.Status().PID == 0 })
	}
	if status := plugin.Status(); status.State != StateDisabled {
		t.Errorf("status %+v", status)
	}
	_, err := call(t.Context(), plugin, "echo", nil)
	_ = wantProblem(t, err, sdk.CodePluginDisabled, "more than 2 times", "signal: killed", "tried again after")

	later := time.Now().Add(time.Second)
	if err := os.Chtimes(plugin.Path(), later, later); err != nil { // as if it had been replaced
		t.Fatal(err)
	}
	mustCall(t, plugin, "echo", nil)
}

func TestChildrenHoldUpNothing(t *testing.T) {
	for name, session := range map[string]bool{"in the group": false, "in a session of its own": true} {
		t.Run(name, func(t *testing.T) {
			b := newBench(t, nil, "good")
			plugin := b.plugin("good")
			child := breed(t, plugin, session)
			got := mustCall(t, plugin, "crash", fields{"how": "exit", "once": once(t)})
			if got.Text != "survived" {
				t.Errorf("%+v", got)
			}
			if !session {
				eventually(t, "the child has ended with its group", func() bool { return !exists(child) })
			}
			child = breed(t, plugin, session)
			b.close()
			if !session {
				eventually(t, "the child has ended with its group", func() bool { return !exists(child) })
			}
		})
	}
}

// breed has the plugin start a child. The test ends it where the host cannot: in a session of its own.
func breed(t *testing.T, plugin *Plugin, session bool) int {
	t.Helper()
	child := mustCall(t, plugin, "breed", fields{"session": session}).PID
	t.Cleanup(func() { _ = syscall.Kill(child, syscall.SIGKILL) })
	return child
}

func TestCloseDrains(t *testing.T) {
	b := newBench(t, nil, "good")
	plugin := b.plugin("good")
	dir := t.TempDir()
	entered, release := filepath.Join(dir, "entered"), filepath.Join(dir, "release")
	finished := make(chan error)
	go func() {
		_, err := call(t.Context(), plugin, "wait_write", fields{"entered": entered, "release": release})
		finished <- err
	}()
	eventually(t, "the call is in flight", func() bool { return fileExists(entered) })
	closed := make(chan error)
	go func() { closed <- b.Close(t.Context()) }()
	eventually(t, "no more calls are let in", func() bool {
		_, err := call(t.Context(), plugin, "echo", nil)
		return err != nil && strings.Contains(err.Error(), "stopping")
	})
	if err := os.WriteFile(release, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := <-finished; err != nil {
		t.Errorf("the call in flight was cut: %v", err)
	}
	if err := <-closed; err != nil {
		t.Errorf("Close: %v", err)
	}
}

func TestCloseCutsWhatDoesNotEnd(t *testing.T) {
	for _, operation := range []string{"wait", "wait_write"} {
		t.Run(operation, func(t *testing.T) {
			b := newBench(t, nil, "good")
			plugin := b.plugin("good")
			entered := filepath.Join(t.TempDir(), "entered")
			finished := make(chan error)
			go func() {
				_, err := call(context.Background(), plugin, operation, fields{"entered": entered, "stubborn": true})
				finished <- err
			}()
			eventually(t, "the call is in flight", func() bool { return fileExists(entered) })
			ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
			defer cancel()
			running := b.processes()
			if err := b.Close(ctx); err == nil || !strings.Contains(err.Error(), "1 calls were still in flight") {
				t.Errorf("Close: %v", err)
			}
			code := map[string]string{"wait": sdk.CodeCancelled, "wait_write": sdk.CodeOutcomeUnknown}[operation]
			_ = wantProblem(t, <-finished, code, "mqtrail stopped the plugin")
			for _, g := range running {
				b.vanished(g)
			}
		})
	}
}

func TestCloseKillsAHungProcess(t *testing.T) {
	b := newBench(t, func(_ *Options, timing *timing) { timing.stop = 100 * time.Millisecond }, "good")
	plugin := b.plugin("good")
	pid := mustCall(t, plugin, "echo", nil).PID
	if err := syscall.Kill(pid, syscall.SIGSTOP); err != nil {
		t.Fatal(err)
	}
	b.close()
	if exists(pid) {
		t.Error("the hung process is left")
	}
	_, err := call(t.Context(), plugin, "echo", nil)
	_ = wantProblem(t, err, sdk.CodeCancelled, "stopping")
}

func TestCloseDuringAStart(t *testing.T) {
	b := newBench(t, nil, "sleeper")
	plugin := b.plugin("sleeper")
	failed := make(chan error)
	go func() { failed <- plugin.Warm(context.Background()) }()
	eventually(t, "the process runs", func() bool {
		running := b.processes()
		return len(running) == 1 && running[0].process.ran()
	})
	running := b.processes()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Millisecond)
	defer cancel()
	if err := b.Close(ctx); err == nil {
		t.Error("Close cut a call and did not say so")
	}
	_ = wantProblem(t, <-failed, sdk.CodeCancelled)
	for _, g := range running {
		b.vanished(g)
	}
}
