//go:build unix

package pluginhost

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"google.golang.org/protobuf/proto"

	"github.com/mqtrail/mqtrail/sdk/protocol"
)

func TestManifestIsCached(t *testing.T) {
	cache := filepath.Join(t.TempDir(), "cache")
	withCache := func(options *Options, _ *timing) { options.CacheDir = cache }

	first := newBench(t, withCache, "good")
	path := first.plugin("good").Path()
	manifest := manifestOf(t, first.plugin("good"))
	if manifest.Name != "good" || len(manifest.Operations) < 10 {
		t.Fatalf("manifest %v", manifest)
	}
	eventually(t, "the describing run has been stopped", func() bool { return len(first.processes()) == 0 })
	files, err := filepath.Glob(cache + "/*")
	if err != nil || len(files) != 1 {
		t.Fatalf("cache %v, %v", files, err)
	}
	if info, err := os.Stat(files[0]); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("cache file %v, %v", info, err)
	}

	again := func(t *testing.T) *bench {
		t.Helper()
		return newBench(t, func(options *Options, timing *timing) {
			withCache(options, timing)
			options.Dirs = []string{filepath.Dir(path)}
		})
	}
	t.Run("no process is started for it", func(t *testing.T) {
		b := again(t)
		if !proto.Equal(manifest, manifestOf(t, b.plugin("good"))) {
			t.Error("the cached manifest differs")
		}
		if b.plugin("good").Status().State != StateFound || b.ran() {
			t.Error("a process was started")
		}
	})
	t.Run("a damaged file is written anew", func(t *testing.T) {
		content, err := os.ReadFile(files[0])
		if err != nil {
			t.Fatal(err)
		}
		content[len(content)-3] ^= 1
		if err := os.WriteFile(files[0], content, 0o600); err != nil {
			t.Fatal(err)
		}
		b := again(t)
		if !proto.Equal(manifest, manifestOf(t, b.plugin("good"))) || !b.ran() {
			t.Error("a damaged cache was used")
		}
	})
	t.Run("another program is asked", func(t *testing.T) {
		later := time.Now().Add(time.Minute)
		if err := os.Chtimes(path, later, later); err != nil {
			t.Fatal(err)
		}
		b := again(t)
		manifestOf(t, b.plugin("good"))
		if !b.ran() {
			t.Error("the cache of another program was used")
		}
	})
}

// ran reports whether the host has started any process.
func (b *bench) ran() bool {
	for _, plugin := range b.plugins {
		plugin.mutex.Lock()
		tried := plugin.tried
		plugin.mutex.Unlock()
		if tried != (identity{}) {
			return true
		}
	}
	return false
}

func TestReplacedProgramIsAskedAgain(t *testing.T) {
	b := newBench(t, nil, "good")
	plugin := b.plugin("good")
	before := offerOf(t, plugin)
	if offerOf(t, plugin) != before {
		t.Error("the manifest is not kept")
	}
	later := time.Now().Add(time.Minute)
	if err := os.Chtimes(plugin.Path(), later, later); err != nil {
		t.Fatal(err)
	}
	if offerOf(t, plugin) == before {
		t.Error("the manifest of the program that was is still used")
	}
}

func TestRunningPluginsManifestWins(t *testing.T) {
	b := newBench(t, func(_ *Options, timing *timing) { timing.refresh = time.Millisecond }, "good")
	plugin := b.plugin("good")
	right := manifestOf(t, plugin)
	id, err := plugin.identity()
	if err != nil {
		t.Fatal(err)
	}
	wrong := proto.Clone(right).(*protocol.Manifest)
	wrong.Version = "of a build with the same size and time"
	plugin.remember(id, &Manifest{Manifest: wrong})
	plugin.keep(id, wrong)
	if err := plugin.Warm(t.Context()); err != nil {
		t.Fatal(err)
	}
	eventually(t, "the manifest is corrected", func() bool { return proto.Equal(right, manifestOf(t, plugin)) })
	eventually(t, "the cache is corrected", func() bool { return plugin.cached(id) != nil && plugin.cached(id).Version == right.Version })
}

func TestDescribingRunSeesNoSecrets(t *testing.T) {
	asked := map[string]bool{}
	b := newBench(t, func(options *Options, _ *timing) {
		options.Environ = func(name string) (string, bool) {
			asked[name] = true
			return "", false
		}
	}, "good")
	plugin := b.plugin("good")
	manifestOf(t, plugin)
	if asked["NAMED_BY_MANIFEST"] || !asked["PATH"] {
		t.Errorf("looked up %v", asked)
	}
	mustCall(t, plugin, "echo", nil)
	if !asked["NAMED_BY_MANIFEST"] {
		t.Error("the plugin was started without the variable that it names")
	}
}

func TestCheckManifest(t *testing.T) {
	plugin := New(Options{Dirs: []string{t.TempDir()}}).named("acme")
	valid := func() *protocol.Manifest {
		return &protocol.Manifest{Name: "acme", ConfigSchema: []byte(`{"type":"object"}`), Operations: []*protocol.Operation{
			{Name: "acme_get_topic", Access: "read", Toolset: "topics", InputSchema: []byte(`{}`), OutputSchema: []byte(`{}`)},
		}}
	}
	if err := plugin.check(valid()); err != nil {
		t.Fatalf("a valid manifest: %v", err)
	}
	for want, spoil := range map[string]func(*protocol.Manifest){
		"calls itself":              func(m *protocol.Manifest) { m.Name = "other" },
		"settings":                  func(m *protocol.Manifest) { m.ConfigSchema = nil },
		"environment variable":      func(m *protocol.Manifest) { m.Environment = []*protocol.EnvironmentVariable{{Name: "A=B"}} },
		"there twice":               func(m *protocol.Manifest) { m.Operations = append(m.Operations, m.Operations...) },
		"snake_case":                func(m *protocol.Manifest) { m.Operations[0].Name = "acme_Get" },
		"begins with acme_":         func(m *protocol.Manifest) { m.Operations[0].Name = "other_get" },
		"at most 40":                func(m *protocol.Manifest) { m.Operations[0].Name = "acme_" + strings.Repeat("x", 36) },
		"access":                    func(m *protocol.Manifest) { m.Operations[0].Access = "" },
		"toolset":                   func(m *protocol.Manifest) { m.Operations[0].Toolset = "tools" },
		"input schema":              func(m *protocol.Manifest) { m.Operations[0].InputSchema = []byte(`true`) },
		"output schema":             func(m *protocol.Manifest) { m.Operations[0].OutputSchema = []byte(`{`) },
		"example arguments":         func(m *protocol.Manifest) { m.Operations[0].ExampleArguments = []byte(`[]`) },
		`operation "": a name is s`: func(m *protocol.Manifest) { m.Operations = slices.Insert(m.Operations, 0, nil) },
	} {
		manifest := valid()
		spoil(manifest)
		if err := plugin.check(manifest); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("want %q, got %v", want, err)
		}
	}
}

// named makes a plugin without a program.
func (h *Host) named(name string) *Plugin { return newPlugin(h, name, "/nowhere/"+programPrefix+name) }
