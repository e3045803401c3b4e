//go:build linux

package cli_test

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/mqtrail/mqtrail/host/internal/built"
)

const conversationLine = `{"id":%d,"operation":"ctyun_rocketmq_message_query_by_key","arguments":{"prodInstId":"70687660456281088","topicName":"test","key":"test_key"}}` + "\n"

// patience bounds a wait for something that must happen.
const patience = 30 * time.Second

// conversation is a running mqtrail batch whose programs nobody else runs.
type conversation struct {
	dir     string
	process *exec.Cmd
	in      io.WriteCloser
	out     io.ReadCloser
	answers *bufio.Reader
}

func converse(t *testing.T) *conversation {
	t.Helper()
	dir := t.TempDir()
	for _, name := range append([]string{"mqtrail"}, pluginNames()...) {
		if err := os.Link(filepath.Join(built.Dir(t), name), filepath.Join(dir, name)); err != nil {
			t.Fatal(err)
		}
	}
	return start(t, filepath.Join(dir, "mqtrail"))
}

func start(t *testing.T, program string) *conversation {
	t.Helper()
	c := &conversation{dir: filepath.Dir(program), process: exec.Command(program, "batch", "--sandbox")}
	c.process.Env = append(os.Environ(), "HOME="+c.dir, "XDG_CACHE_HOME="+c.dir)
	var err error
	if c.in, err = c.process.StdinPipe(); err != nil {
		t.Fatal(err)
	}
	if c.out, err = c.process.StdoutPipe(); err != nil {
		t.Fatal(err)
	}
	c.answers = bufio.NewReader(c.out)
	if err := c.process.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.process.Process.Kill() }) // it has ended, unless the test failed
	return c
}

func pluginNames() []string {
	var names []string
	for _, name := range built.Plugins {
		names = append(names, "mqtrail-plugin-"+name)
	}
	return names
}

// ask writes one line and waits for its answer: it must come before the input ends.
func (c *conversation) ask(t *testing.T, id int) {
	t.Helper()
	if _, err := fmt.Fprintf(c.in, conversationLine, id); err != nil {
		t.Fatal(err)
	}
	answer, err := c.answers.ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	if want := fmt.Sprintf(`{"id":%d,"result":`, id); !strings.HasPrefix(answer, want) {
		t.Fatalf("the answer is %.100s, want %s", answer, want)
	}
}

// ends waits for the process and checks its exit status and that nothing of it is left.
func (c *conversation) ends(t *testing.T, status int) {
	t.Helper()
	done := make(chan error, 1)
	go func() { done <- c.process.Wait() }()
	select {
	case err := <-done:
		got := 0
		var exit *exec.ExitError
		if errors.As(err, &exit) {
			got = exit.ExitCode()
		}
		if got != status {
			t.Errorf("exit status %d, want %d", got, status)
		}
	case <-time.After(patience):
		t.Fatal("the process does not end")
	}
	if left := c.running(t); len(left) > 0 {
		t.Errorf("still running: %v", left)
	}
}

// running are the processes whose program is in the conversation's folder.
func (c *conversation) running(t *testing.T) []string {
	t.Helper()
	links, err := filepath.Glob("/proc/[0-9]*/exe")
	if err != nil {
		t.Fatal(err)
	}
	var found []string
	for _, link := range links {
		if program, err := os.Readlink(link); err == nil && filepath.Dir(program) == c.dir {
			found = append(found, program)
		}
	}
	return found
}

func TestBatchAnswersWhileTheInputIsOpen(t *testing.T) {
	c := converse(t)
	for id := range 3 {
		c.ask(t, id)
	}
	if err := c.in.Close(); err != nil {
		t.Fatal(err)
	}
	c.ends(t, 0)
}

func TestBatchEndsWhenItsReaderLeaves(t *testing.T) {
	c := converse(t)
	c.ask(t, 1)
	if err := c.out.Close(); err != nil {
		t.Fatal(err)
	}
	for { // until the process has noticed and closed its end
		if _, err := fmt.Fprintf(c.in, conversationLine, 2); err != nil {
			break
		}
	}
	c.ends(t, 0)
}

func TestBatchEndsOnInterrupt(t *testing.T) {
	c := converse(t)
	c.ask(t, 1)
	if err := c.process.Process.Signal(syscall.SIGINT); err != nil {
		t.Fatal(err)
	}
	c.ends(t, 130)
}

// A killed host takes its plugins with it, and they remove their sockets.
func TestKilledHostLeavesNothing(t *testing.T) {
	c := converse(t)
	c.ask(t, 1)
	if err := c.process.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = c.process.Wait() // killed
	ticker := time.NewTicker(10 * time.Millisecond)
	defer ticker.Stop()
	for deadline := time.Now().Add(patience); len(c.running(t)) > 0; <-ticker.C {
		if time.Now().After(deadline) {
			t.Fatalf("still running: %v", c.running(t))
		}
	}
}

// The memory of a long batch does not grow with its length.
func TestBatchIsFlatInMemory(t *testing.T) {
	c := start(t, built.Release(t))
	peak := func() int {
		status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", c.process.Process.Pid))
		if err != nil {
			t.Fatal(err)
		}
		var kilobytes int
		for line := range strings.Lines(string(status)) {
			if _, err := fmt.Sscanf(line, "VmHWM: %d kB", &kilobytes); err == nil {
				return kilobytes
			}
		}
		t.Fatal("no VmHWM in /proc")
		return 0
	}
	feed := func(lines int) {
		go func() {
			for range lines {
				if _, err := io.WriteString(c.in, "a line that cannot be read, so that only the way through batch counts\n"); err != nil {
					return
				}
			}
		}()
		for range lines {
			if _, err := c.answers.ReadString('\n'); err != nil {
				t.Error(err)
				return
			}
		}
	}
	feed(20_000)
	before := peak()
	feed(200_000)
	if after := peak(); after > before+before/4 {
		t.Errorf("peak memory grew from %d kB to %d kB", before, after)
	}
	if err := c.in.Close(); err != nil {
		t.Fatal(err)
	}
	c.ends(t, 0)
}
