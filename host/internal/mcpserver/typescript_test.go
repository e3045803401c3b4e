//go:build clients

package mcpserver

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// The official TypeScript clients, old and new, with each revision that they speak, over both transports.
func TestTypeScriptClients(t *testing.T) {
	dir := filepath.Join("testdata", "typescript")
	install(t, dir)
	mark := filepath.Join(t.TempDir(), "mark")
	command := exec.CommandContext(t.Context(), "node", "test.mjs", mqtrail(t), noisyConfig(t, oneNoisy), mark)
	command.Dir, command.Env = dir, environment(t)
	var log bytes.Buffer
	command.Stderr = &log
	out, err := command.Output()
	if err != nil {
		t.Fatalf("node test.mjs: %v\n%s%s", err, out, log.String())
	}
	type report struct {
		Client, Revision, Over string
		Tools, Verbs           int
		App                    string
		Called                 []string
		Cancelled              bool
	}
	var got []string
	for line := range bytes.Lines(out) {
		var r report
		if err := json.Unmarshal(line, &r); err != nil {
			t.Fatalf("%v: %s", err, line)
		}
		if r.Tools < 9 || len(r.Called) < 5 || r.Verbs != 6 || r.App != appURI || !r.Cancelled {
			t.Errorf("%s", line)
		}
		got = append(got, r.Client+" "+r.Revision+" "+r.Over)
	}
	var want []string
	for _, client := range []string{"sdk 1 2025-11-25", "client 2 2025-06-18", "client 2 2025-11-25", "client 2 2026-07-28"} {
		want = append(want, client+" stdio", client+" http")
	}
	if len(got) != len(want) {
		t.Fatalf("ran %q, want %q", got, want)
	}
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("ran %q, want %q", got[i], want[i])
		}
	}
}

// install brings node_modules to what the lock file says. It needs the network the first time.
func install(t *testing.T, dir string) {
	t.Helper()
	for _, program := range []string{"node", "npm"} {
		if _, err := exec.LookPath(program); err != nil {
			t.Fatalf("%s is not installed: these tests need Node 20 or newer with npm", program)
		}
	}
	lock, err := os.ReadFile(filepath.Join(dir, "package-lock.json"))
	if err != nil {
		t.Fatal(err)
	}
	installed := filepath.Join(dir, "node_modules", ".installed") // the lock file that the folder was made from
	if have, err := os.ReadFile(installed); err == nil && bytes.Equal(have, lock) {
		return
	}
	command := exec.CommandContext(t.Context(), "npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts", "--loglevel=error")
	command.Dir = dir
	if text, err := command.CombinedOutput(); err != nil {
		t.Fatalf("npm ci in %s: %v\n%s", dir, err, text)
	}
	if err := os.WriteFile(installed, lock, 0o600); err != nil {
		t.Fatal(err)
	}
}
