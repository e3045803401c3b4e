//go:build unix

package pluginhost

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"google.golang.org/protobuf/proto"
)

func TestShippedManifest(t *testing.T) {
	first := newBench(t, nil, "good")
	program := first.plugin("good").Path()
	if err := replace(program, ""); err != nil { // a file of its own: the tests' programs share one, and its time
		t.Fatal(err)
	}
	want := manifestOf(t, first.plugin("good"))
	path, err := first.plugin("good").Ship(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if path != program+".manifest" {
		t.Errorf("the manifest is at %s, want it beside %s", path, program)
	}
	again := func() *bench {
		return newBench(t, func(options *Options, _ *timing) {
			options.Dirs, options.CacheDir = []string{filepath.Dir(program)}, t.TempDir()
		})
	}

	t.Run("no process is started for it", func(t *testing.T) {
		b := again()
		if plugins := b.Plugins(); len(plugins) != 1 {
			t.Errorf("found %d plugins, want the program alone", len(plugins))
		}
		if !proto.Equal(want, manifestOf(t, b.plugin("good"))) || b.ran() {
			t.Error("the manifest beside the program was not used")
		}
	})
	t.Run("it is cached", func(t *testing.T) {
		cache := t.TempDir()
		withCache := func() *bench {
			return newBench(t, func(options *Options, _ *timing) {
				options.Dirs, options.CacheDir = []string{filepath.Dir(program)}, cache
			})
		}
		manifestOf(t, withCache().plugin("good"))
		if err := os.Rename(path, path+".away"); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() {
			if err := os.Rename(path+".away", path); err != nil {
				t.Error(err)
			}
		})
		b := withCache()
		if !proto.Equal(want, manifestOf(t, b.plugin("good"))) || b.ran() {
			t.Error("the next start did not find the manifest in the cache")
		}
	})
	for name, spoil := range map[string]func() error{
		"a newer program is asked": func() error {
			later := time.Now().Add(time.Hour)
			return os.Chtimes(program, later, later)
		},
		"a damaged file is not used": func() error {
			content, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			content[len(content)-3] ^= 1
			return os.WriteFile(path, content, 0o600)
		},
		"a program of another size is asked": func() error {
			if err := replace(program, "more"); err != nil {
				return err
			}
			early := time.Now().Add(-time.Hour)
			return os.Chtimes(program, early, early)
		},
	} {
		t.Run(name, func(t *testing.T) {
			early := time.Now().Add(-time.Hour)
			if err := os.Chtimes(program, early, early); err != nil {
				t.Fatal(err)
			}
			if _, err := first.plugin("good").Ship(t.Context()); err != nil {
				t.Fatal(err)
			}
			if err := spoil(); err != nil {
				t.Fatal(err)
			}
			b := again()
			manifestOf(t, b.plugin("good"))
			if !b.ran() {
				t.Error("the manifest beside the program was used")
			}
		})
	}
}

// replace puts a copy in a program's place, with something more at its end. A program that runs cannot be written to.
func replace(program, more string) error {
	content, err := os.ReadFile(program)
	if err != nil {
		return err
	}
	if err := os.WriteFile(program+".copy", append(content, more...), 0o700); err != nil {
		return err
	}
	return os.Rename(program+".copy", program)
}
