package config_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/mqtrail/mqtrail/host/internal/config"
	"github.com/mqtrail/mqtrail/host/internal/schema"
	"github.com/mqtrail/mqtrail/sdk"
)

// TestSchemaIsForEditors holds that the schema stands alone and describes every key.
func TestSchemaIsForEditors(t *testing.T) {
	if _, err := schema.Compile(config.Schema()); err != nil {
		t.Fatal(err)
	}
	type node struct {
		Description          string          `json:"description"`
		Properties           map[string]node `json:"properties"`
		AdditionalProperties json.RawMessage `json:"additionalProperties"`
	}
	var check func(name string, raw json.RawMessage)
	var checkNode func(name string, n node)
	checkNode = func(name string, n node) {
		for key, property := range n.Properties {
			if property.Description == "" {
				t.Errorf("%s.%s has no description", name, key)
			}
			checkNode(name+"."+key, property)
		}
		if strings.HasPrefix(string(n.AdditionalProperties), "{") {
			check(name+".*", n.AdditionalProperties)
		}
	}
	check = func(name string, raw json.RawMessage) {
		var n node
		if err := json.Unmarshal(raw, &n); err != nil {
			t.Fatal(err)
		}
		checkNode(name, n)
	}
	check("", config.Schema())
}

// FuzzLoad holds that nothing panics, and that a file is either refused with places or makes a configuration whose
// settings are JSON objects.
func FuzzLoad(f *testing.F) {
	for _, seed := range []string{
		settingsFile, bomb(), "", "a: *a", "&a [*a]", "? {}\n: 1", "connections: &c {a: {plugin: x, config: {k: ${V}, l: '${V'}}}", "--- 1\n--- 2",
		"connections: {a: {plugin: x, timeout: 1s, calls_at_once: 2.0, calls_per_second: 1e2}}", "a: !!binary aGk=", "a: !!int x", "plugin_dirs: [~, '~', ~/x]",
		"connections: {1: {plugin: x}, 1.0: {plugin: y}, true: {plugin: z}}", "connections: {a: {plugin: x, config: {n: [0o17, 0x1f, 1_000, .5, 1., +1, -0, 1e400]}}}",
		"connections: {\"a\\u0000\": {plugin: x}}", "%YAML 1.2\n---\nconnections:", "connections: {a: {plugin: x, config: {<<: {a: 1}}}}", "\xef\xbb\xbfa: 1", "\xff\xfea\x00",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		path := filepath.Join(t.TempDir(), "mqtrail.yaml")
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		loaded, err := config.Load(path, environment(map[string]string{"V": "value"}))
		if err != nil {
			for _, line := range faultsOf(t, err) {
				if !strings.HasPrefix(line, path+":") {
					t.Fatalf("a fault without its place: %s", line)
				}
			}
			return
		}
		for _, connection := range loaded.Connections {
			var settings map[string]json.RawMessage
			if err := json.Unmarshal(connection.Settings, &settings); err != nil || settings == nil {
				t.Fatalf("the settings of %q are no object: %s", connection.Name, connection.Settings)
			}
			if !connection.Access.Valid() || connection.Timeout <= 0 || connection.CallsAtOnce < 1 || connection.CallsPerSecond <= 0 || connection.Plugin == "" {
				t.Fatalf("a connection that cannot be used: %+v", connection)
			}
		}
	})
}

// TestToolsets holds that a connection may have every group of operations, all, and none.
func TestToolsets(t *testing.T) {
	t.Chdir(t.TempDir())
	for written, want := range map[string][]string{
		"":                nil,
		"toolsets: []":    {},
		"toolsets: [all]": sdk.Toolsets(),
		"toolsets: [" + strings.Join(sdk.Toolsets(), ", ") + "]": sdk.Toolsets(),
	} {
		got, err := load(t, "connections:\n  a:\n    plugin: aliyun\n    "+written+"\n", nil)
		if err != nil {
			t.Fatalf("%s: %v", written, err)
		}
		if diff := cmp.Diff(want, got.Connections[0].Toolsets); diff != "" {
			t.Errorf("%s (-want +got):\n%s", written, diff)
		}
	}
	_, err := load(t, "connections:\n  a: {plugin: aliyun, toolsets: [mesages]}\n", nil)
	if faults := faultsOf(t, err); len(faults) != 1 || !strings.Contains(faults[0], "messages") {
		t.Errorf("a group that does not exist: %q", faults)
	}
}
