package config_test

import (
	"encoding/json"
	"os"
	"runtime"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/mqtrail/mqtrail/host/internal/config"
	"github.com/mqtrail/mqtrail/sdk"
	"github.com/mqtrail/mqtrail/sdk/protocol"
)

const settingsSchema = `{
	"type": "object",
	"required": ["region", "secret_key"],
	"properties": {
		"endpoint": {"type": "string"},
		"region": {"type": "string", "enum": ["cn-north-4", "cn-south-1"]},
		"secret_key": {"type": "string", "x-secret": true, "maxLength": 3},
		"retries": {"type": "integer"},
		"proxy": {"type": "object", "properties": {"port": {"type": "integer"}, "password": {"type": "string", "x-secret": true}}}
	}}`

const settingsFile = `connections:
  good:
    plugin: huawei
    config: {region: cn-north-4, secret_key: k2, proxy: {password: "${PASSWORD}"}}
  bad:
    plugin: huawei
    config:
      regoin: cn-north-4
      region: "${REGION}"
      retries: three
      secret_key: hunter2
      proxy:
        port: "80"
  none:
    plugin: huawei
`

func TestCheckSettings(t *testing.T) {
	t.Chdir(t.TempDir())
	loaded, err := load(t, settingsFile, map[string]string{"PASSWORD": "pw", "REGION": "hunter3"})
	if err != nil {
		t.Fatal(err)
	}
	for connection, want := range map[string][]string{
		"good": nil,
		"bad": {
			`mqtrail.yaml:8:7: connections.bad.config.regoin: unknown setting; did you mean region? Known: endpoint, proxy, region, retries, secret_key`,
			`mqtrail.yaml:9:7: connections.bad.config.region: the value (not shown) is not allowed; want one of cn-north-4, cn-south-1`,
			`mqtrail.yaml:10:7: connections.bad.config.retries: want an integer, got the string "three"`,
			`mqtrail.yaml:11:7: connections.bad.config.secret_key: has 7 characters; want at most 3`,
			`mqtrail.yaml:13:9: connections.bad.config.proxy.port: want an integer, got the string "80"; leave out the quotes`,
		},
		"none": {
			`mqtrail.yaml:14:3: connections.none.config.region: required, and not given`,
			`mqtrail.yaml:14:3: connections.none.config.secret_key: required, and not given`,
		},
		"nobody": {`: there is no connection nobody`},
	} {
		got := lines(loaded.CheckSettings(connection, json.RawMessage(settingsSchema)))
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", connection, diff)
		}
	}
	broken := lines(loaded.CheckSettings("good", json.RawMessage(`{"type":"strnig"}`)))
	if len(broken) != 1 || !strings.Contains(broken[0], "the settings of plugin huawei cannot be checked") {
		t.Errorf("with a schema that is no good: %v", broken)
	}
}

func TestCheckSettingsWithoutAFile(t *testing.T) {
	manifests := []*protocol.Manifest{{Name: "acme", Sandbox: true}}
	made := &config.Config{Connections: config.Sandbox(manifests)}
	want := []string{`/region: required, and not given`, `/secret_key: required, and not given`}
	if diff := cmp.Diff(want, lines(made.CheckSettings("acme", json.RawMessage(settingsSchema)))); diff != "" {
		t.Errorf("faults (-want +got):\n%s", diff)
	}
}

func TestFault(t *testing.T) {
	t.Chdir(t.TempDir())
	loaded, err := load(t, settingsFile, map[string]string{"PASSWORD": "pw", "REGION": "r"})
	if err != nil {
		t.Fatal(err)
	}
	got := loaded.Fault("bad", "plugin", "there is no such plugin")
	if diff := cmp.Diff([]string{"mqtrail.yaml:6:5: connections.bad.plugin: there is no such plugin"}, lines([]sdk.Fault{got})); diff != "" {
		t.Errorf("fault (-want +got):\n%s", diff)
	}
}

func TestSecrets(t *testing.T) {
	t.Chdir(t.TempDir())
	loaded, err := load(t, settingsFile, map[string]string{"PASSWORD": "pw", "REGION": "r"})
	if err != nil {
		t.Fatal(err)
	}
	for name, test := range map[string]struct {
		connection, schema string
		want               []string
	}{
		"marked":                   {"good", settingsSchema, []string{"k2", "pw"}},
		"none":                     {"none", settingsSchema, nil},
		"nobody":                   {"nobody", settingsSchema, nil},
		"all, as nothing is known": {"good", `{"type":`, []string{"cn-north-4", "k2", "pw"}},
	} {
		if diff := cmp.Diff(test.want, loaded.Secrets(test.connection, json.RawMessage(test.schema))); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

func TestWarnings(t *testing.T) {
	t.Chdir(t.TempDir())
	const written = "connections: {a: {plugin: x, config: {secret_key: k}}}\n"
	for name, test := range map[string]struct {
		text string
		mode os.FileMode
		warn bool
	}{
		"a secret that others can read":   {written, 0o644, true},
		"a secret that a group can read":  {written, 0o640, true},
		"a secret of one's own":           {written, 0o600, false},
		"a secret from the environment":   {"connections: {a: {plugin: x, config: {secret_key: '${K}'}}}\n", 0o644, false},
		"a secret further in":             {"connections: {a: {plugin: x, config: {proxy: {password: k}}}}\n", 0o644, true},
		"nothing secret":                  {"connections: {a: {plugin: x, config: {region: north}}}\n", 0o644, false},
		"a secret that is not there":      {"connections: {a: {plugin: x, config: {secret_key: ''}}}\n", 0o644, false},
		"a name with the word, no secret": {"connections: {secret: {plugin: x}}\n", 0o644, false},
	} {
		path := write(t, test.text)
		if err := os.Chmod(path, test.mode); err != nil {
			t.Fatal(err)
		}
		loaded, err := config.Load(path, environment(map[string]string{"K": "v"}))
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		warnings := loaded.Warnings()
		switch want := test.warn && runtime.GOOS != "windows"; {
		case want != (len(warnings) == 1):
			t.Errorf("%s: warnings %q", name, warnings)
		case want && !strings.Contains(warnings[0], "chmod 600 mqtrail.yaml"):
			t.Errorf("%s: the warning does not say what to do: %q", name, warnings[0])
		}
	}
}
