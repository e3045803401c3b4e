package pluginhost

import (
	"os"
	"path/filepath"
	"slices"
	"testing"

	"google.golang.org/protobuf/proto"

	"github.com/mqtrail/mqtrail/sdk/protocol"
)

func TestCacheLayout(t *testing.T) {
	manifest := &protocol.Manifest{
		Name: "acme", Sandbox: true, ConfigSchema: []byte(`{"type":"object"}`),
		Environment: []*protocol.EnvironmentVariable{{Name: "ACME_KEY", Secret: true}},
		Operations: []*protocol.Operation{
			{Name: "acme_one", Title: "One", Keywords: []string{"a", "b"}, InputSchema: []byte(`{"a":1}`), OutputSchema: []byte(`{"bb":22}`)},
			{Name: "acme_two", Modes: []*protocol.Mode{{Arguments: []string{"c"}}}, InputSchema: []byte(`{}`), OutputSchema: []byte(`{"d":null}`)},
		},
	}
	original := proto.CloneOf(manifest)
	name := filepath.Join(t.TempDir(), "acme.manifest")
	id := identity{Path: "/p", Size: 7, Modified: 9}
	if err := writeCache(name, 0o600, id, manifest); err != nil {
		t.Fatal(err)
	}
	if !proto.Equal(manifest, original) {
		t.Errorf("taking it apart changed the manifest: %v", manifest)
	}
	head, again, err := readCache(name)
	if err != nil || again == nil || head.identity != id {
		t.Fatalf("read again: %v, %v", head, err)
	}
	if brief := again.Brief().Operations[0]; brief.InputSchema != nil || brief.Keywords != nil || brief.Title != "One" {
		t.Errorf("what a start needs: %v", brief)
	}
	// A cache that is written anew, or removed, does not mix with the one in use.
	other := proto.CloneOf(manifest)
	other.Operations[1].InputSchema = []byte(`{"another":true}`)
	if err := writeCache(name, 0o600, id, other); err != nil {
		t.Fatal(err)
	}
	if whole, err := again.whole(); err != nil || !proto.Equal(whole, original) {
		t.Errorf("whole again: %v (%v)\nwant: %v", whole, err, original)
	}
}

// Whatever happens to the file, what is read is the manifest or nothing.
func TestDamagedCache(t *testing.T) {
	manifest := &protocol.Manifest{Name: "acme", Operations: []*protocol.Operation{
		{Name: "acme_one", InputSchema: []byte(`{"a":1}`), OutputSchema: []byte(`{"bb":22}`)},
	}}
	name := filepath.Join(t.TempDir(), "acme.manifest")
	if err := writeCache(name, 0o600, identity{}, manifest); err != nil {
		t.Fatal(err)
	}
	sound, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	read := func(data []byte) *protocol.Manifest {
		if err := os.WriteFile(name, data, 0o600); err != nil {
			t.Fatal(err)
		}
		_, found, err := readCache(name)
		if err != nil || found == nil {
			return nil
		}
		whole, err := found.whole()
		if err != nil {
			return nil
		}
		return whole
	}
	for i := range sound {
		if got := read(sound[:i]); got != nil {
			t.Errorf("cut after %d bytes it is read as %v", i, got)
		}
		damaged := slices.Clone(sound)
		damaged[i] ^= 1
		if got := read(damaged); got != nil && !proto.Equal(got, manifest) {
			t.Errorf("with byte %d wrong it is read as %v", i, got)
		}
	}
}
