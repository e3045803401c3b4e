package cli_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/mqtrail/mqtrail/host/internal/built"
)

// The plugin that CONTRIBUTING.md shows, as a module of its own outside this one: built, found and called.
func TestThirdPartyPlugin(t *testing.T) {
	source := contributingPlugin(t)
	if lines := strings.Count(source, "\n"); lines > 60 {
		t.Errorf("the least plugin has %d lines; at most 60", lines)
	}
	module := t.TempDir()
	write(t, module, "main.go", source)
	write(t, module, "schemas/things/get_thing.json", `{
		"operation": "GetThing", "title": "Get a thing", "description": "One thing by its id.",
		"request": "GET /things/{id}", "access": "read", "toolset": "messages",
		"input": {"type": "object", "properties": {"id": {"type": "string", "x-in": "path", "description": "Its id."}}, "required": ["id"]},
		"output": {"type": "object", "properties": {"size": {"type": ["integer", "null"]}}}
	}`)
	write(t, module, "go.mod", thirdPartyModule(t))
	write(t, module, "go.sum", read(t, filepath.Join(built.Root(), "go.sum")))
	plugins := t.TempDir()
	command(t, module, "go", "build", "-mod=mod", "-o", filepath.Join(plugins, "mqtrail-plugin-acme"), ".")

	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprintf(w, `{"path":%q,"size":9007199254740993}`, r.URL.EscapedPath())
	}))
	defer server.Close()
	home := t.TempDir()
	write(t, home, "mqtrail.yaml", fmt.Sprintf(`
connections:
  acme:
    plugin: acme
    config: {endpoint: %q, token: token-of-the-test}
plugin_dirs: [%q]
`, server.URL, plugins))

	if got, want := mqtrail(t, home, "call", "acme_ping", "-o", "json", "name=reader"), `{"greeting":"hello reader"}`+"\n"; got != want {
		t.Errorf("acme_ping answered %s, want %s", got, want)
	}
	if got, want := mqtrail(t, home, "call", "acme_things_get_thing", "-o", "json", "id=a/b"), `{"path":"/things/a%2Fb","size":9007199254740993}`+"\n"; got != want {
		t.Errorf("acme_things_get_thing answered %s, want %s", got, want)
	}
	if got := mqtrail(t, home, "describe", "acme_ping"); !strings.Contains(got, "Whom to greet.") {
		t.Errorf("describe acme_ping does not describe its argument:\n%s", got)
	}
	if got := mqtrail(t, home, "plugins"); !strings.Contains(got, "Acme Cloud") {
		t.Errorf("plugins does not list the plugin:\n%s", got)
	}
}

// contributingPlugin is the Go program of CONTRIBUTING.md.
func contributingPlugin(t *testing.T) string {
	t.Helper()
	text := read(t, filepath.Join(built.Root(), "CONTRIBUTING.md"))
	found := regexp.MustCompile("(?s)```go\n(package main\n.*?)```").FindStringSubmatch(text)
	if found == nil {
		t.Fatal("CONTRIBUTING.md shows no plugin")
	}
	return found[1]
}

// thirdPartyModule is a go.mod that needs what this module needs, from the same versions.
func thirdPartyModule(t *testing.T) string {
	t.Helper()
	text := read(t, filepath.Join(built.Root(), "go.mod"))
	start := strings.Index(text, "require (")
	end := strings.Index(text, "\ntool (")
	if start < 0 || end < start {
		t.Fatal("go.mod has no require block before its tools")
	}
	return "module acme.example/plugin\n\ngo 1.26.0\n\nrequire github.com/mqtrail/mqtrail v0.0.0\n\n" +
		"replace github.com/mqtrail/mqtrail => " + built.Root() + "\n\n" + text[start:end]
}

// mqtrail runs the program in a home of its own and returns its standard output.
func mqtrail(t *testing.T, home string, arguments ...string) string {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	run := exec.CommandContext(ctx, filepath.Join(built.Dir(t), "mqtrail"), arguments...)
	run.Dir = home
	run.Env = append(os.Environ(), "HOME="+home, "XDG_CACHE_HOME="+filepath.Join(home, "cache"), "XDG_CONFIG_HOME="+filepath.Join(home, "config"))
	var stderr strings.Builder
	run.Stderr = &stderr
	output, err := run.Output()
	if err != nil {
		t.Fatalf("mqtrail %s: %v\n%s", strings.Join(arguments, " "), err, stderr.String())
	}
	return string(output)
}

func command(t *testing.T, dir, name string, arguments ...string) {
	t.Helper()
	run := exec.CommandContext(t.Context(), name, arguments...)
	run.Dir = dir
	if output, err := run.CombinedOutput(); err != nil {
		t.Fatalf("%s %s: %v\n%s", name, strings.Join(arguments, " "), err, output)
	}
}

func read(t *testing.T, path string) string {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func write(t *testing.T, dir, name, text string) {
	t.Helper()
	path := filepath.Join(dir, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}
