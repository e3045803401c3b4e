package config_test

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/mqtrail/mqtrail/host/internal/config"
	"github.com/mqtrail/mqtrail/sdk"
)

// environment is a lookup in a map.
func environment(variables map[string]string) func(string) (string, bool) {
	return func(name string) (string, bool) {
		value, ok := variables[name]
		return value, ok
	}
}

// write writes mqtrail.yaml into the working folder, which is a new one, and returns its name.
func write(t testing.TB, text string) string {
	t.Helper()
	if err := os.WriteFile("mqtrail.yaml", []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return "mqtrail.yaml"
}

func load(t testing.TB, text string, variables map[string]string) (*config.Config, error) {
	t.Helper()
	return config.Load(write(t, text), environment(variables))
}

// faultsOf are the lines of the problem that err is.
func faultsOf(t testing.TB, err error) []string {
	t.Helper()
	var problem *sdk.Problem
	if !errors.As(err, &problem) {
		t.Fatalf("error %v; want a problem", err)
	}
	if problem.Code != sdk.CodeInvalidConfig || problem.Source != sdk.SourceCaller {
		t.Errorf("problem %s of %s; want %s of %s", problem.Code, problem.Source, sdk.CodeInvalidConfig, sdk.SourceCaller)
	}
	return lines(problem.Faults)
}

func lines(faults []sdk.Fault) []string {
	var all []string
	for _, fault := range faults {
		all = append(all, fault.Pointer+": "+fault.Message)
	}
	return all
}

func TestLoad(t *testing.T) {
	t.Chdir(t.TempDir())
	home := t.TempDir()
	t.Setenv("HOME", home)
	t.Setenv("USERPROFILE", home)
	got, err := load(t, `
# every key there is
connections:
  prod-hz:
    plugin: aliyun
    access: write
    config: {region: cn-hangzhou, account: 9223372036854775807, mask: 0xff, ratio: 0.10, list: [1, yes, true, ~], day: 2024-01-02}
    timeout: 1m30s
    calls_per_second: 2.5
    calls_at_once: 3
    toolsets: [messages, consumers]
  a.first_2:
    plugin: huawei
    config:
      access_key: "${AK}"
      mixed: pre-${AK}-$$5-$x-${EMPTY}
  bare:
    plugin: ctyun
    config:
plugin_dirs: [~/plugins, beside, "${DIR}/more"]
plugins:
  acme: {sha256: [`+strings.Repeat("Ab", 32)+`]}
`, map[string]string{"AK": "${not again}", "DIR": "named", "EMPTY": ""})
	if err != nil {
		t.Fatal(err)
	}
	here, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	want := &config.Config{
		Path: "mqtrail.yaml",
		Connections: []config.Connection{
			{
				Name: "prod-hz", Plugin: "aliyun", Access: sdk.AccessWrite, Timeout: 90 * time.Second, CallsPerSecond: 2.5, CallsAtOnce: 3,
				Toolsets: []string{"messages", "consumers"},
				Origin:   config.OriginFile,
				Settings: json.RawMessage(`{"region":"cn-hangzhou","account":9223372036854775807,"mask":255,"ratio":0.10,"list":[1,"yes",true,null],"day":"2024-01-02"}`),
			},
			{
				Name: "a.first_2", Plugin: "huawei", Access: sdk.AccessRead, Timeout: 30 * time.Second, CallsPerSecond: 20, CallsAtOnce: 8,
				Origin:   config.OriginFile,
				Settings: json.RawMessage(`{"access_key":"${not again}","mixed":"pre-${not again}-$5-$x-"}`),
			},
			{
				Name: "bare", Plugin: "ctyun", Access: sdk.AccessRead, Timeout: 30 * time.Second, CallsPerSecond: 20, CallsAtOnce: 8,
				Origin: config.OriginFile, Settings: json.RawMessage(`{}`),
			},
		},
		PluginDirs: []string{filepath.Join(home, "plugins"), filepath.Join(here, "beside"), filepath.Join(here, "named", "more")},
		Checksums:  map[string][]string{"acme": {strings.Repeat("ab", 32)}},
	}
	text2 := cmp.Transformer("text", func(raw json.RawMessage) string { return string(raw) })
	if diff := cmp.Diff(want, got, cmpopts.IgnoreUnexported(config.Config{}), text2); diff != "" {
		t.Errorf("configuration (-want +got):\n%s", diff)
	}
}

func TestLoadNothing(t *testing.T) {
	t.Chdir(t.TempDir())
	for _, text := range []string{"", "\n", "# nothing yet\n", "---\n", "~\n", "connections:\n", "connections: {}\nplugin_dirs:\nplugins:\n", "\ufeff"} {
		got, err := load(t, text, nil)
		if err != nil {
			t.Errorf("%q: %v", text, err)
			continue
		}
		if len(got.Connections)+len(got.PluginDirs)+len(got.Checksums) != 0 || got.Path != "mqtrail.yaml" {
			t.Errorf("%q became %+v", text, got)
		}
	}
}

func TestLoadRefuses(t *testing.T) {
	t.Chdir(t.TempDir())
	const known = "Known: access, calls_at_once, calls_per_second, config, plugin, timeout, toolsets"
	for name, test := range map[string]struct {
		text string
		want []string
	}{
		"every fault at once, in the file's order": {
			text: `connections:
  one:
    plugin: aliyun
    acess: read
    timeout: 11m
  two:
    acces: reed
    access: reed
    config: {key: "${UNSET}"}
  one: {}
conections: {}
plugin_dirs: ["~bob/x"]
`,
			want: []string{
				`mqtrail.yaml:4:5: connections.one.acess: unknown key; did you mean access? ` + known,
				`mqtrail.yaml:5:5: connections.one.timeout: want a time between 100ms and 10m0s, like 30s`,
				`mqtrail.yaml:6:3: connections.two.plugin: required, and not given (Name of the plugin that serves the connection. Example: "aliyun")`,
				`mqtrail.yaml:7:5: connections.two.acces: unknown key; did you mean access? ` + known,
				`mqtrail.yaml:8:5: connections.two.access: "reed" is not allowed; want one of read, write, destructive; did you mean read?`,
				`mqtrail.yaml:9:19: connections.two.config.key: the environment variable UNSET is not set`,
				`mqtrail.yaml:10:3: connections.one: two connections of this name, on line 2 and line 10`,
				`mqtrail.yaml:11:1: conections: unknown key; did you mean connections? Known: connections, plugin_dirs, plugins`,
				`mqtrail.yaml:12:15: plugin_dirs.0: begins with ~ and a name; want ~/ for your own home folder, or the whole path`,
			},
		},
		"a name of a connection": {
			text: "connections:\n  bad name: {plugin: a}\nplugins: {}\n",
			want: []string{`mqtrail.yaml:2:3: connections.bad name: is no name that is allowed here; want one that matches ^[A-Za-z0-9._-]{1,40}$ (A connection's name has letters, digits, hyphens, underscores and dots, 40 at most.)`},
		},
		"a name of a connection, too long": {
			text: "connections:\n  " + strings.Repeat("n", 41) + ": {plugin: a}\n",
			want: []string{`mqtrail.yaml:2:3: connections.` + strings.Repeat("n", 41) + `: is no name that is allowed here; want one that matches ^[A-Za-z0-9._-]{1,40}$ (A connection's name has letters, digits, hyphens, underscores and dots, 40 at most.)`},
		},
		"a wrong type":               {"connections: [a]\n", []string{`mqtrail.yaml:1:1: connections: want an object or null, got an array`}},
		"a number for a timeout":     {"connections: {a: {plugin: x, timeout: 30}}\n", []string{`mqtrail.yaml:1:30: connections.a.timeout: want a string, got the number 30; put it in quotes`}},
		"a wrong timeout":            {"connections: {a: {plugin: x, timeout: soon}}\n", []string{`mqtrail.yaml:1:30: connections.a.timeout: "soon" does not match ^([0-9]+(\.[0-9]+)?(ms|s|m))+$ (Longest time of one call, between 100ms and 10m; 30s when absent. Example: "30s")`}},
		"a limit of nothing":         {"connections: {a: {plugin: x, calls_per_second: 0, calls_at_once: 0}}\n", []string{`mqtrail.yaml:1:30: connections.a.calls_per_second: want more than 0, got 0`, `mqtrail.yaml:1:51: connections.a.calls_at_once: want at least 1, got 0`}},
		"a checksum":                 {"plugins: {acme: {sha256: [abc]}}\n", []string{`mqtrail.yaml:1:27: plugins.acme.sha256.0: "abc" does not match ^[0-9A-Fa-f]{64}$`}},
		"the root is a list":         {"- a\n", []string{`mqtrail.yaml:1:1: want an object or null, got an array`}},
		"the root is a text":         {"just text\n", []string{`mqtrail.yaml:1:1: want an object or null, got the string "just text"`}},
		"two documents":              {"connections:\n---\nconnections:\n", []string{`mqtrail.yaml:2:1: a second document begins here; want one`}},
		"a tab":                      {"connections:\n\ta: {}\n", []string{`mqtrail.yaml:2:1: not YAML: a tab; indent with spaces`}},
		"no YAML":                    {"connections: {\n", []string{`mqtrail.yaml:2:1: not YAML: did not find expected node content`}},
		"no YAML after a document":   {"connections:\n---\n}\n", []string{`mqtrail.yaml:3:1: not YAML: did not find expected node content`}},
		"no UTF-8":                   {"connections: \xff\n", []string{`mqtrail.yaml:1:1: not YAML: invalid leading UTF-8 octet (value: 255)`}},
		"a variable without quotes":  {"connections: {a: {plugin: x, config: {k: ${K}}}}\n", []string{`mqtrail.yaml:1:43: not YAML: did not find expected ',' or '}'; within { } and [ ], put ${NAME} in quotes`}},
		"a variable without an end":  {"connections:\n  a:\n    plugin: x\n    config:\n      k: a${K\n", []string{`mqtrail.yaml:5:10: connections.a.config.k: ${ has no closing }; write $$ for a dollar sign`}},
		"a variable without a name":  {"connections:\n  a:\n    plugin: x\n    config:\n      k: [\"${a-b}\"]\n", []string{`mqtrail.yaml:5:11: connections.a.config.k.0: what stands between ${ and } is not a variable's name, which has letters, digits and underscores; write $$ for a dollar sign`}},
		"no folder":                  {"plugin_dirs: [~]\n", []string{`mqtrail.yaml:1:15: plugin_dirs.0: want a string, got null`}},
		"an unset folder":            {"plugin_dirs:\n  - ${NONE}/x\n", []string{`mqtrail.yaml:2:5: plugin_dirs.0: the environment variable NONE is not set`}},
		"an empty folder":            {"plugin_dirs: ['${EMPTY}']\n", []string{`mqtrail.yaml:1:15: plugin_dirs.0: has 0 characters; want at least 1`}},
		"no variables elsewhere":     {"connections: {a: {plugin: '${PLUGIN}'}}\n", []string{`mqtrail.yaml:1:19: connections.a.plugin: "${PLUGIN}" does not match ^[a-z][a-z0-9]*$ (Name of the plugin that serves the connection. Example: "aliyun")`}},
		"a variable that is no text": {"plugin_dirs: ['${BINARY}']\n", []string{`mqtrail.yaml:1:15: plugin_dirs.0: the environment variable BINARY is not UTF-8 text`}},
		"a setting given twice":      {"connections:\n  a:\n    plugin: x\n    config:\n      k: 1\n      k: 2\n", []string{`mqtrail.yaml:6:7: connections.a.config.k: given twice, on line 5 and line 6`}},
		"a merge key":                {"connections:\n  a: &a {plugin: x}\n  b: {<<: *a}\n", []string{`mqtrail.yaml:3:3: connections.b.plugin: required, and not given (Name of the plugin that serves the connection. Example: "aliyun")`, `mqtrail.yaml:3:7: connections.b: merge keys (<<) are not supported; write the keys out`}},
		"a tag":                      {"connections: {a: {plugin: x, config: {k: !secret v}}}\n", []string{`mqtrail.yaml:1:42: connections.a.config.k: has a tag of its own; write the value without it`}},
		"a tag on a mapping":         {"connections: !x {}\n", []string{`mqtrail.yaml:1:14: connections: has a tag of its own; write the value without it`}},
		"a tag on a list":            {"plugin_dirs: !x []\n", []string{`mqtrail.yaml:1:14: plugin_dirs: has a tag of its own; write the value without it`}},
		"not a number":               {"connections: {a: {plugin: x, config: {k: .nan}}}\n", []string{`mqtrail.yaml:1:42: connections.a.config.k: is not a number that can be used; put a text in quotes`}},
		"an alias to nothing":        {"connections: {a: {plugin: x, config: {k: *hunter2}}}\n", []string{`mqtrail.yaml:1:42: not YAML: an alias to nothing; put a text that begins with * in quotes`}},
		"an alias to itself":         {"plugin_dirs: &a [*a]\n", []string{`mqtrail.yaml:1:18: is nested deeper than 32 levels`, `mqtrail.yaml:1:18: plugin_dirs.0: want a string, got an array`}},
		"a key that is a list":       {"? [a]\n: 1\n", []string{`mqtrail.yaml:1:3: has a key that is not a plain name`}},
		"aliases upon aliases":       {bomb(), []string{`mqtrail.yaml:5:28: has more than 20000 values once its aliases are written out`}},
		"one long text many times":   {"connections:\n  a:\n    plugin: x\n    config:\n      t: &t " + strings.Repeat("x", 500_000) + "\n      l: [*t, *t, *t, *t, *t, *t]\n", []string{`mqtrail.yaml:6:27: has more than 2097152 bytes once its aliases and variables are written out`}},
		"one long variable":          {"plugin_dirs: ['" + strings.Repeat("${LONG}", 100) + "']\n", []string{`mqtrail.yaml:1:15: plugin_dirs.0: becomes longer than 1048576 bytes once its variables are filled in`}},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := load(t, test.text, map[string]string{"EMPTY": "", "BINARY": "\xff", "PLUGIN": "x", "LONG": strings.Repeat("y", 50_000)})
			if err == nil {
				t.Fatal("accepted")
			}
			if diff := cmp.Diff(test.want, faultsOf(t, err)); diff != "" {
				t.Errorf("faults (-want +got):\n%s", diff)
			}
		})
	}
}

// bomb is a small file that would become large: ten lists, each of ten of the one before.
func bomb() string {
	text := "connections:\n  bomb:\n    plugin: x\n    config:\n      a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
	names := "0123456789"
	for i := 1; i < len(names); i++ {
		alias := "*a" + names[i-1:i]
		text += "      a" + names[i:i+1] + ": &a" + names[i:i+1] + " [" + strings.Repeat(alias+", ", 9) + alias + "]\n"
	}
	return text
}

func TestLoadRefusesALargeFile(t *testing.T) {
	t.Chdir(t.TempDir())
	_, err := load(t, "# "+strings.Repeat("x", 1<<20), nil)
	if err == nil || !strings.Contains(err.Error(), "it has more than 1048576 bytes") {
		t.Errorf("error %v", err)
	}
}

func TestLoadRefusesManyFaults(t *testing.T) {
	t.Chdir(t.TempDir())
	_, err := load(t, "connections: {a: {plugin: x, config: {k: ["+strings.Repeat("'${U}',", 150)+"]}}}", nil)
	faults := faultsOf(t, err)
	if len(faults) != 101 || !strings.HasSuffix(faults[100], "and 50 more faults, not listed") {
		t.Errorf("%d faults, the last: %s", len(faults), faults[len(faults)-1])
	}
}

func TestLoadUnreadable(t *testing.T) {
	t.Chdir(t.TempDir())
	if _, err := config.Load("none.yaml", environment(nil)); err == nil || !strings.Contains(err.Error(), "none.yaml cannot be read") {
		t.Errorf("a file that is not there: %v", err)
	}
	if _, err := config.Load(".", environment(nil)); err == nil || !strings.Contains(err.Error(), "cannot be read") {
		t.Errorf("a folder: %v", err)
	}
}

// TestFaultsShowNoSecret holds that whatever is wrong about a secret, the message does not have it.
func TestFaultsShowNoSecret(t *testing.T) {
	t.Chdir(t.TempDir())
	for _, text := range []string{
		"connections: {a: {plugin: x, config: hunter2}}",
		"connections: {a: {plugin: x, config: [hunter2]}}",
		"connections: {a: {plugin: x, config: {k: *hunter2}}}",
		"connections: {a: {plugin: x, config: {k: !hunter2 x}}}",
		"connections: {a: {plugin: x, config: {k: !!int hunter2}}}",
		"connections: {a: {plugin: x, config: {k: 'hunter2${'}}}",
		"connections: {a: {plugin: x, config: {k: 'hunter2${X}'}}}",
		"connections: {a: {plugin: x, config: {k: '${hunter2 }'}}}",
		"connections: {a: {plugin: x, config: {k: 'hunter2}}}",
		"connections: {a: {plugin: x, config: {k: @hunter2}}}",
		"connections: {a: {plugin: x, config: {k: %hunter2}}}",
		"connections:\n  a:\n    plugin: x\n    config:\n      k: a: hunter2",
		"connections: {a: {plugin: x, secret: hunter2}}",
	} {
		_, err := load(t, text, nil)
		if err == nil {
			t.Errorf("accepted: %s", text)
			continue
		}
		if strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%s\nshows the secret: %v", text, err)
		}
	}
}
