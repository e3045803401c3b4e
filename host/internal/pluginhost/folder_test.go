//go:build unix

package pluginhost

import (
	"bufio"
	"encoding/json"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"testing"
	"time"

	"github.com/mqtrail/mqtrail/sdk/protocol"
)

func TestFoldersOfDeadHostsAreSwept(t *testing.T) {
	// A folder of its own under /tmp: the sweep must find nothing but what is made here, and addresses be short.
	base, err := os.MkdirTemp("/tmp", "sweep")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := os.RemoveAll(base); err != nil {
			t.Error(err)
		}
	})
	t.Setenv("XDG_RUNTIME_DIR", base)

	living, err := newFolder()
	if err != nil {
		t.Fatal(err)
	}
	addSocket(t, living.path)
	dead := makeFolder(t, base, protocol.SocketDirPrefix+"123-456", 0o700)
	addSocket(t, dead)
	shared := makeFolder(t, base, protocol.SocketDirPrefix+"123-457", 0o755)
	named := makeFolder(t, base, protocol.SocketDirPrefix+"work-copy", 0o700)
	used := makeFolder(t, base, protocol.SocketDirPrefix+"123-458", 0o700)
	if err := os.WriteFile(filepath.Join(used, "precious"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	age(t, living.path, dead, shared, named, used)
	young := makeFolder(t, base, protocol.SocketDirPrefix+"123-459", 0o700)

	sweepFolders()
	if fileExists(dead) {
		t.Error("the folder of a dead host is left")
	}
	for _, path := range []string{living.path, filepath.Join(living.path, "plugin-dir1"), shared, named, used, filepath.Join(used, "precious"), young} {
		if !fileExists(path) {
			t.Errorf("%s was removed", path)
		}
	}
	if err := living.remove(); err != nil || fileExists(living.path) {
		t.Errorf("removing a folder: %v", err)
	}
}

func makeFolder(t *testing.T, base, name string, mode os.FileMode) string {
	t.Helper()
	path := filepath.Join(base, name)
	if err := os.Mkdir(path, mode); err != nil {
		t.Fatal(err)
	}
	return path
}

func addSocket(t *testing.T, path string) {
	t.Helper()
	dir := makeFolder(t, path, "plugin-dir1", 0o700)
	listener, err := (&net.ListenConfig{}).Listen(t.Context(), "unix", filepath.Join(dir, "plugin1"))
	if err != nil {
		t.Fatal(err)
	}
	listener.(*net.UnixListener).SetUnlinkOnClose(false)
	if err := listener.Close(); err != nil {
		t.Fatal(err)
	}
}

func age(t *testing.T, paths ...string) {
	t.Helper()
	old := time.Now().Add(-time.Hour)
	for _, path := range paths {
		if err := os.Chtimes(path, old, old); err != nil {
			t.Fatal(err)
		}
	}
}

func TestKilledHostLeavesNothing(t *testing.T) {
	base, err := os.MkdirTemp("/tmp", "killed")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := os.RemoveAll(base); err != nil {
			t.Error(err)
		}
	})
	plugins := t.TempDir()
	place(t, plugins, programs.misbehaving, "good")
	host := exec.CommandContext(t.Context(), programs.host, plugins, "good_breed")
	host.Env = append(os.Environ(), "XDG_RUNTIME_DIR="+base)
	output, err := host.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := host.Start(); err != nil {
		t.Fatal(err)
	}
	line, err := bufio.NewReader(output).ReadBytes('\n')
	if err != nil {
		t.Fatal(err)
	}
	var started struct {
		Plugin int
		Result struct{ PID int }
	}
	if err := json.Unmarshal(line, &started); err != nil {
		t.Fatal(err)
	}
	if !exists(started.Plugin) || !exists(started.Result.PID) || len(listing(t, base)) == 0 {
		t.Fatalf("nothing was started: %s, %v", line, listing(t, base))
	}
	if err := host.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	if err := host.Wait(); err == nil {
		t.Fatal("the host was not killed")
	}
	eventually(t, "the plugin has ended", func() bool { return !exists(started.Plugin) })
	eventually(t, "the plugin's child has ended", func() bool { return !exists(started.Result.PID) })
	eventually(t, "its folders are removed", func() bool { return len(listing(t, base)) == 0 })
}

func listing(t *testing.T, dir string) []os.DirEntry {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	return entries
}

// A host that has started nothing costs nothing.
func TestIdleHostHasNoGoroutines(t *testing.T) {
	before := runtime.NumGoroutine()
	b := newBench(t, nil, "good")
	if after := runtime.NumGoroutine(); after > before {
		t.Errorf("%d goroutines more", after-before)
	}
	mustCall(t, b.plugin("good"), "echo", nil)
	b.close()
	eventually(t, "a closed host has no goroutines", func() bool { return runtime.NumGoroutine() <= before })
}
