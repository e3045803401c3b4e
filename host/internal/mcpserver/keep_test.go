package mcpserver

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/rs/zerolog"

	"github.com/mqtrail/mqtrail/host/internal/config"
	"github.com/mqtrail/mqtrail/sdk"
	"github.com/mqtrail/mqtrail/sdk/protocol"
)

// What was kept is used as long as everything that it was made of is the same.
func TestToolsAreKept(t *testing.T) {
	connections := []config.Connection{{Name: "main", Plugin: "acme", Access: sdk.AccessRead, CallsAtOnce: 1}}
	described := func(about string) []*protocol.Operation {
		good := operation("good", `{"type":"object","properties":{"a":{"type":"string","description":"It."}},"required":["a"]}`)
		good.Description = about
		return []*protocol.Operation{good, operation("bad", `{"type":"object","oneOf":[{}]}`)}
	}
	dir := t.TempDir()
	start := func(of, about string, connections []config.Connection) (description, log string) {
		t.Helper()
		var logged bytes.Buffer
		s := houseKeeping(t, Keep{Dir: dir, Of: of}, nil, connections, zerolog.New(&logged), described(about)...)
		tools := s.listed(t)
		if _, ok := tools["acme_bad"]; ok {
			t.Error("a tool that clients cannot read is offered")
		}
		return tools["acme_good"].Description, logged.String()
	}
	first, log := start("build 1", "The first.", connections)
	if first != "The first." || !bytes.Contains([]byte(log), []byte("acme_bad")) {
		t.Fatalf("%q, log %s", first, log)
	}
	if got, log := start("build 1", "Not looked at.", connections); got != first || !bytes.Contains([]byte(log), []byte("acme_bad")) {
		t.Errorf("the same build: %q, log %s", got, log)
	}
	if got, _ := start("build 2", "The second.", connections); got != "The second." {
		t.Errorf("another build: %q", got)
	}
	if got, _ := start("build 1", "The first again.", connections); got != "The first again." {
		t.Errorf("the build before: %q", got)
	}
	two := slices.Concat(connections, []config.Connection{{Name: "other", Plugin: "acme", Access: sdk.AccessRead, CallsAtOnce: 1}})
	if got, _ := start("build 1", "Of two connections.", two); got != "Of two connections." {
		t.Errorf("other connections: %q", got)
	}
	if got, _ := start("", "Not kept.", connections); got != "Not kept." {
		t.Errorf("a build that cannot be told: %q", got)
	}
	files, err := filepath.Glob(filepath.Join(dir, "*"))
	if err != nil || len(files) != 2 {
		t.Fatalf("want a file for each set of connections: %v, %v", files, err)
	}
	for _, file := range files {
		if err := os.WriteFile(file, []byte(`{"of":`), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if got, _ := start("build 1", "After the damage.", connections); got != "After the damage." {
		t.Errorf("a damaged file: %q", got)
	}
	if got, _ := start("build 1", "Not looked at.", connections); got != "After the damage." {
		t.Errorf("written anew: %q", got)
	}
}
