//go:build clients

package mcpserver

import (
	"bytes"
	"encoding/json"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/mqtrail/mqtrail/host/internal/built"
)

// The official TypeScript clients, old and new, with each revision that they speak, over both transports.
func TestTypeScriptClients(t *testing.T) {
	dir := filepath.Join("testdata", "typescript")
	built.NodeModules(t, dir)
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
