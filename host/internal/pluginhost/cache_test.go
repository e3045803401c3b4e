package pluginhost

import (
	"testing"

	"google.golang.org/protobuf/proto"

	"github.com/mqtrail/mqtrail/sdk/protocol"
)

func TestCacheLayout(t *testing.T) {
	manifest := &protocol.Manifest{
		Name: "acme", Sandbox: true, ConfigSchema: []byte(`{"type":"object"}`),
		Environment: []*protocol.EnvironmentVariable{{Name: "ACME_KEY", Secret: true}},
		Operations: []*protocol.Operation{
			{Name: "acme_one", Keywords: []string{"a", "b"}, InputSchema: []byte(`{"a":1}`), OutputSchema: []byte(`{"bb":22}`)},
			{Name: "acme_two", Modes: []*protocol.Mode{{Arguments: []string{"c"}}}, InputSchema: []byte(`{}`), OutputSchema: []byte(`{"d":null}`)},
		},
	}
	original := proto.CloneOf(manifest)
	var head cacheHead
	body, err := head.body(manifest)
	if err != nil {
		t.Fatal(err)
	}
	if !proto.Equal(manifest, original) {
		t.Errorf("taking it apart changed the manifest: %v", manifest)
	}
	if again := head.manifest(body); !proto.Equal(again, original) {
		t.Errorf("put together again: %v\nwant: %v", again, original)
	}
	for name, wrong := range map[string]cacheHead{
		"a manifest beyond the end": {Manifest: len(body) + 1, Schemas: head.Schemas},
		"a negative manifest":       {Manifest: -1, Schemas: head.Schemas},
		"too few schemas":           {Manifest: head.Manifest, Schemas: head.Schemas[:2]},
		"a schema beyond the end":   {Manifest: head.Manifest, Schemas: []int{7, 9, 2, 1000}},
		"a negative schema":         {Manifest: head.Manifest, Schemas: []int{7, -9, 2, 10}},
	} {
		if got := wrong.manifest(body); got != nil {
			t.Errorf("%s: put together as %v", name, got)
		}
	}
}
