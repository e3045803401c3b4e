// Package host_test guards how the rooms of the program lean on one another.
package host_test

import (
	"fmt"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const module = "github.com/mqtrail/mqtrail/"

// floors are the rooms of the host, from the ground up. A room imports rooms of lower floors alone.
var floors = [][]string{
	{"host/internal/schema", "host/internal/redact", "host/internal/built"},
	{"host/internal/config", "host/internal/verdict", "host/internal/shape"},
	{"host/internal/operations", "host/internal/pluginhost"},
	{"host/internal/gateway"},
	{"host/internal/trail"},
	{"host/internal/render"},
	{"host/internal/mcpserver"},
	{"host/internal/cli"},
	{"host/cmd/mqtrail", "host/internal/bench"},
}

// guarded are the libraries that few rooms may know. The bench has bare ones to measure against.
var guarded = map[string][]string{
	"github.com/mark3labs/mcp-go":    {"host/internal/mcpserver", "host/internal/bench"},
	"github.com/hashicorp/go-plugin": {"host/internal/pluginhost", "host/internal/bench", "sdk"},
}

// graph is what every package imports: packages of the module by their folders, others by their paths.
type graph map[string][]string

// faults are the arrows that point the wrong way, and the rooms with names that say nothing.
func (g graph) faults() []string {
	var faults []string
	for _, from := range slices.Sorted(maps.Keys(g)) {
		if base := path.Base(from); slices.Contains([]string{"util", "utils", "common", "helper", "helpers"}, base) {
			faults = append(faults, fmt.Sprintf("%s: %s says nothing; name what it holds", from, base))
		}
		if inside(from, "host") && floor(from) < 0 {
			faults = append(faults, from+": is on no floor; give it one")
		}
		for _, to := range g[from] {
			if reason := wrong(from, to); reason != "" {
				faults = append(faults, fmt.Sprintf("%s imports %s: %s", from, to, reason))
			}
		}
		if strings.HasSuffix(from, "/emulator") && slices.Contains(g.reach(from), "sdk/rest") {
			faults = append(faults, from+" reaches sdk/rest: what verifies requests shares nothing with what signs them")
		}
	}
	return faults
}

// wrong says why one package may not import another; "" when it may.
func wrong(from, to string) string {
	for library, rooms := range guarded {
		if inside(to, library) && !knows(from, rooms) {
			return "only " + strings.Join(rooms, ", ") + " may"
		}
	}
	switch {
	case inside(from, "sdk") && (inside(to, "host") || inside(to, "schemas") || inside(to, "plugins")):
		return "the sdk stands alone"
	case inside(from, "schemas") && !external(to):
		return "schemas are data"
	case inside(from, "plugins") && inside(to, "host"):
		return "a plugin knows the sdk and schemas, not the host"
	case inside(from, "plugins") && inside(to, "plugins") && !inside(to, plugin(from)):
		return "a plugin knows no other"
	case strings.HasSuffix(from, "/emulator") && to == plugin(from):
		return "an emulator shares nothing with its plugin"
	case inside(from, "host") && (inside(to, "plugins") || inside(to, "schemas")):
		return "the host knows no vendor"
	case inside(from, "host") && inside(to, "host") && room(from) != room(to) && floor(to) >= floor(from):
		return "arrows point down"
	default:
		return ""
	}
}

// knows reports whether a package belongs to one of the rooms. Of sdk, the package itself alone does.
func knows(from string, rooms []string) bool {
	return slices.ContainsFunc(rooms, func(room string) bool {
		return from == room || room != "sdk" && inside(from, room)
	})
}

func inside(name, folder string) bool {
	return name == folder || strings.HasPrefix(name, folder+"/")
}

// external reports whether an import leads out of the module.
func external(name string) bool {
	return !slices.ContainsFunc([]string{"host", "sdk", "plugins", "schemas"}, func(folder string) bool { return inside(name, folder) })
}

// plugin is the folder of the plugin that a package belongs to.
func plugin(name string) string {
	parts := strings.SplitN(name, "/", 3)
	return path.Join(parts[:min(2, len(parts))]...)
}

func floor(name string) int {
	return slices.IndexFunc(floors, func(rooms []string) bool {
		return slices.ContainsFunc(rooms, func(room string) bool { return inside(name, room) })
	})
}

func room(name string) string {
	for _, candidate := range slices.Concat(floors...) {
		if inside(name, candidate) {
			return candidate
		}
	}
	return name
}

// reach is everything that a package imports, and what that imports.
func (g graph) reach(from string) []string {
	var reached []string
	open := slices.Clone(g[from])
	for len(open) > 0 {
		next := open[0]
		open = open[1:]
		if !slices.Contains(reached, next) {
			reached = append(reached, next)
			open = append(open, g[next]...)
		}
	}
	return reached
}

// readGraph reads the imports of every file but tests, whatever platform it is for.
func readGraph(t *testing.T, root string) graph {
	t.Helper()
	found := graph{}
	err := filepath.WalkDir(root, func(name string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() {
			return skipped(root, name, entry.Name())
		}
		if !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") {
			return nil
		}
		return found.addFile(root, name)
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// skipped leaves out what is no package of this module.
func skipped(root, name, base string) error {
	if name == root {
		return nil
	}
	_, err := os.Stat(filepath.Join(name, "go.mod"))
	if err == nil || base == "testdata" || base == "vendor" || strings.HasPrefix(base, ".") || strings.HasPrefix(base, "_") {
		return filepath.SkipDir
	}
	return nil
}

func (g graph) addFile(root, name string) error {
	file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.ImportsOnly)
	if err != nil {
		return err
	}
	relative, err := filepath.Rel(root, filepath.Dir(name))
	if err != nil {
		return err
	}
	from := filepath.ToSlash(relative)
	if _, seen := g[from]; !seen {
		g[from] = nil
	}
	for _, spec := range file.Imports {
		to, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			return err
		}
		if to = strings.TrimPrefix(to, module); !slices.Contains(g[from], to) {
			g[from] = append(g[from], to)
		}
	}
	return nil
}

func TestRooms(t *testing.T) {
	found := readGraph(t, "..")
	for _, arrow := range [][2]string{ // without these the test would look at nothing
		{"host/cmd/mqtrail", "host/internal/cli"}, {"host/internal/gateway", "host/internal/pluginhost"},
		{"host/internal/pluginhost", "github.com/hashicorp/go-plugin"}, {"sdk", "sdk/protocol"}, {"plugins/aliyun", "schemas"},
	} {
		if !slices.Contains(found[arrow[0]], arrow[1]) {
			t.Errorf("the arrow from %s to %s is not seen", arrow[0], arrow[1])
		}
	}
	for _, fault := range found.faults() {
		t.Error(fault)
	}
}

// TestRoomsSeeABrokenArrow holds that the guard sees what it is there for.
func TestRoomsSeeABrokenArrow(t *testing.T) {
	for name, test := range map[string]struct {
		graph graph
		want  []string
	}{
		"all is well": {graph: graph{
			"host/cmd/mqtrail":          {"host/internal/cli", "os"},
			"host/internal/cli":         {"host/internal/mcpserver", "host/internal/trail", "host/internal/config"},
			"host/internal/mcpserver":   {"host/internal/gateway", "github.com/mark3labs/mcp-go/mcp", "host/internal/mcpserver/tools"},
			"host/internal/trail":       {"host/internal/gateway", "host/internal/verdict", "sdk/trail"},
			"host/internal/pluginhost":  {"github.com/hashicorp/go-plugin", "sdk/protocol"},
			"host/internal/bench/floor": {"github.com/hashicorp/go-plugin", "github.com/mark3labs/mcp-go/server"},
			"sdk":                       {"github.com/hashicorp/go-plugin/runner", "sdk/protocol"},
			"plugins/acme":              {"sdk", "sdk/rest", "schemas", "plugins/acme/emulator"},
			"plugins/acme/emulator":     {"sdk/sandbox", "schemas"},
			"sdk/sandbox":               {"sdk"},
			"schemas":                   {"embed"},
		}},
		"up":                           {graph{"host/internal/gateway": {"host/internal/cli"}}, []string{"host/internal/gateway imports host/internal/cli: arrows point down"}},
		"sideways":                     {graph{"host/internal/operations": {"host/internal/pluginhost"}}, []string{"host/internal/operations imports host/internal/pluginhost: arrows point down"}},
		"up, from within":              {graph{"host/internal/gateway/deep": {"host/internal/trail/deep"}}, []string{"host/internal/gateway/deep imports host/internal/trail/deep: arrows point down"}},
		"a new room":                   {graph{"host/internal/attic": nil}, []string{"host/internal/attic: is on no floor; give it one"}},
		"MCP elsewhere":                {graph{"host/internal/cli": {"github.com/mark3labs/mcp-go/mcp"}}, []string{"host/internal/cli imports github.com/mark3labs/mcp-go/mcp: only host/internal/mcpserver, host/internal/bench may"}},
		"MCP in a room with its name":  {graph{"host/internal/mcpservers": {"github.com/mark3labs/mcp-go/mcp"}}, []string{"host/internal/mcpservers: is on no floor; give it one", "host/internal/mcpservers imports github.com/mark3labs/mcp-go/mcp: only host/internal/mcpserver, host/internal/bench may"}},
		"go-plugin elsewhere":          {graph{"host/internal/gateway": {"github.com/hashicorp/go-plugin"}}, []string{"host/internal/gateway imports github.com/hashicorp/go-plugin: only host/internal/pluginhost, host/internal/bench, sdk may"}},
		"go-plugin below the sdk":      {graph{"sdk/rest": {"github.com/hashicorp/go-plugin"}}, []string{"sdk/rest imports github.com/hashicorp/go-plugin: only host/internal/pluginhost, host/internal/bench, sdk may"}},
		"go-plugin in a plugin":        {graph{"plugins/acme": {"github.com/hashicorp/go-plugin"}}, []string{"plugins/acme imports github.com/hashicorp/go-plugin: only host/internal/pluginhost, host/internal/bench, sdk may"}},
		"a plugin knows the host":      {graph{"plugins/acme": {"host/internal/schema"}}, []string{"plugins/acme imports host/internal/schema: a plugin knows the sdk and schemas, not the host"}},
		"a plugin knows another":       {graph{"plugins/acme": {"plugins/other/emulator"}}, []string{"plugins/acme imports plugins/other/emulator: a plugin knows no other"}},
		"the host knows a plugin":      {graph{"host/internal/cli": {"plugins/acme/emulator"}}, []string{"host/internal/cli imports plugins/acme/emulator: the host knows no vendor"}},
		"the host knows schemas":       {graph{"host/internal/operations": {"schemas"}}, []string{"host/internal/operations imports schemas: the host knows no vendor"}},
		"the sdk knows the host":       {graph{"sdk/plugintest": {"host/internal/schema"}}, []string{"sdk/plugintest imports host/internal/schema: the sdk stands alone"}},
		"the sdk knows schemas":        {graph{"sdk/rest": {"schemas"}}, []string{"sdk/rest imports schemas: the sdk stands alone"}},
		"the sdk knows a plugin":       {graph{"sdk": {"plugins/acme/emulator"}}, []string{"sdk imports plugins/acme/emulator: the sdk stands alone"}},
		"schemas know the sdk":         {graph{"schemas": {"sdk"}}, []string{"schemas imports sdk: schemas are data"}},
		"an emulator signs":            {graph{"plugins/acme/emulator": {"sdk/rest"}}, []string{"plugins/acme/emulator reaches sdk/rest: what verifies requests shares nothing with what signs them"}},
		"an emulator signs, by a way":  {graph{"plugins/acme/emulator": {"sdk/sandbox"}, "sdk/sandbox": {"sdk/rest"}}, []string{"plugins/acme/emulator reaches sdk/rest: what verifies requests shares nothing with what signs them"}},
		"an emulator knows its plugin": {graph{"plugins/acme/emulator": {"plugins/acme"}}, []string{"plugins/acme/emulator imports plugins/acme: an emulator shares nothing with its plugin"}},
		"a name that says nothing":     {graph{"sdk/util": nil, "plugins/acme/helpers": nil, "sdk/common": nil}, []string{"plugins/acme/helpers: helpers says nothing; name what it holds", "sdk/common: common says nothing; name what it holds", "sdk/util: util says nothing; name what it holds"}},
	} {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(test.want, test.graph.faults()); diff != "" {
				t.Errorf("faults (-want +got):\n%s", diff)
			}
		})
	}
}

// TestReadGraph holds that files for other platforms count, and tests, other modules and testdata do not.
func TestReadGraph(t *testing.T) {
	root := t.TempDir()
	for name, text := range map[string]string{
		"a/one.go":           "package a\n\nimport \"os\"\nimport \"" + module + "b\"\n",
		"a/two_windows.go":   "package a\n\nimport \"io\"\n",
		"a/three.go":         "//go:build never\n\npackage a\n\nimport \"fmt\"\nimport \"os\"\n",
		"a/four_test.go":     "package a\n\nimport \"testing\"\n",
		"a/testdata/five.go": "package five\n\nimport \"net\"\n",
		"other/go.mod":       "module other\n",
		"other/six.go":       "package six\n",
		".hidden/seven.go":   "package seven\n",
		"b/eight.go":         "package b\n",
	} {
		file := filepath.Join(root, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want := graph{"a": {"os", "b", "fmt", "io"}, "b": nil}
	if diff := cmp.Diff(want, readGraph(t, root)); diff != "" {
		t.Errorf("graph (-want +got):\n%s", diff)
	}
}
