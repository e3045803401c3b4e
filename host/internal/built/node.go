package built

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// NodeModules brings a folder's node_modules to what the lock file says. It needs the network the first time.
func NodeModules(t *testing.T, dir string) {
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
