package sdk

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
	"google.golang.org/protobuf/testing/protocmp"

	"github.com/mqtrail/mqtrail/sdk/protocol"
)

type pingIn struct {
	Host string `json:"host" jsonschema:"description=Whom to ask."`
	Size int64  `json:"size,omitempty"`
}

type pingOut struct {
	Reply string `json:"reply"`
	Size  int64  `json:"size"`
}

type connected struct{ prefix string }

func ping(_ context.Context, connection *connected, in pingIn) (pingOut, error) {
	if in.Host == "down" {
		return pingOut{}, errors.New("is down")
	}
	return pingOut{Reply: connection.prefix + in.Host, Size: in.Size}, nil
}

type plainSettings struct {
	Settings
	Key string `json:"key" mqtrail:"secret"`
}

func acme(operations ...Operation[*connected]) Plugin[plainSettings, *connected] {
	return Plugin[plainSettings, *connected]{
		Name: "acme", Title: "Acme", Version: "2.1.0",
		Environment: []Variable{{Name: "ACME_KEY", Description: "The key.", Secret: true, Required: true}},
		Open:        func(context.Context, plainSettings) (*connected, error) { return &connected{}, nil },
		Operations:  operations,
	}
}

func TestManifest(t *testing.T) {
	manifest, err := acme(Op("ping_host", "Asks a host.", ping, Writes(), Toolset("diagnosis"), Keywords("alive"), Keywords("up"))).manifest()
	if err != nil {
		t.Fatal(err)
	}
	want := &protocol.Manifest{
		Name: "acme", Title: "Acme", Version: "2.1.0", SdkVersion: Version,
		Environment: []*protocol.EnvironmentVariable{{Name: "ACME_KEY", Description: "The key.", Secret: true, Required: true}},
		ConfigSchema: []byte(`{"properties":{"endpoint":{"type":"string","format":"uri","description":"Base URL to call instead of the vendor's public endpoint: a private link or a test server."},` +
			`"key":{"type":"string","x-secret":true}},"type":"object","required":["key"]}`),
		Operations: []*protocol.Operation{{
			Name: "acme_ping_host", VendorName: "ping_host", Title: "Ping host", Description: "Asks a host.", Access: "write", Toolset: "diagnosis",
			Keywords:     []string{"alive", "up"},
			InputSchema:  []byte(`{"properties":{"host":{"type":"string","description":"Whom to ask."},"size":{"type":"integer"}},"type":"object","required":["host"]}`),
			OutputSchema: []byte(`{"properties":{"reply":{"type":["string","null"]},"size":{"type":["integer","null"]}},"type":"object"}`),
		}},
	}
	if diff := cmp.Diff(want, manifest, protocmp.Transform()); diff != "" {
		t.Errorf("manifest (-want +got):\n%s", diff)
	}
	plain := acme()
	plain.Version = ""
	if manifest, err = plain.manifest(); err != nil || manifest.Version != Version {
		t.Errorf("a plugin without a version: %v, %v", manifest, err)
	}
}

func TestManifestRefuses(t *testing.T) {
	named := func(name string) Operation[*connected] { return Op(name, "Asks.", ping) }
	fact := map[string]string{"size": "/size"}
	looks := func(lookups ...Lookup) Operation[*connected] {
		return Op("ping", "Asks.", ping, func(i *Info) { i.Lookup = lookups })
	}
	escalated := func(i *Info) { i.Escalations = []Escalation{{Pointer: "/size", Access: AccessWrite}} }
	unhappy := named("ping")
	unhappy.Describe = func(Docs) (Info, error) { return Info{}, errors.New("no idea") }
	renamed := func(name string) Plugin[plainSettings, *connected] {
		plugin := acme()
		plugin.Name = name
		return plugin
	}
	closed := acme()
	closed.Open = nil
	for name, test := range map[string]struct {
		plugin Plugin[plainSettings, *connected]
		want   string
	}{
		"no name":                     {renamed(""), `plugin name ""`},
		"a name with an underscore":   {renamed("ac_me"), `plugin name "ac_me"`},
		"a name in capitals":          {renamed("Acme"), `plugin name "Acme"`},
		"no way to open":              {closed, "no Open"},
		"an operation twice":          {acme(named("ping"), named("ping")), "acme_ping is there twice"},
		"an operation without a name": {acme(named("_")), "snake_case"},
		"a name too long":             {acme(named(strings.Repeat("p", 36))), "at most 40 characters"},
		"a toolset that is none":      {acme(Op("ping", "Asks.", ping, Toolset("toys"))), `toolset "toys" is none of`},
		"an access that is none":      {acme(Op("ping", "Asks.", ping, func(i *Info) { i.Access = "reed" })), `access "reed" is none of`},
		"no description":              {acme(unhappy), "acme_ping: no idea"},
		"a lookup of nothing":         {acme(looks(Lookup{Operation: "pong", Facts: fact})), "lookup: there is no operation acme_pong"},
		"a lookup that writes":        {acme(looks(Lookup{Operation: "set", Facts: fact}), Op("set", "Sets.", ping, Writes())), "acme_set does more than read"},
		"a lookup that may write":     {acme(looks(Lookup{Operation: "set", Facts: fact}), Op("set", "Sets.", ping, escalated)), "acme_set does more than read"},
		"a lookup without facts":      {acme(looks(Lookup{Operation: "ping"})), "tells no facts"},
		"a fact without a place":      {acme(looks(Lookup{Operation: "ping", Facts: map[string]string{"size": "data"}})), `"data" is no JSON pointer`},
		"a change of no fact":         {acme(looks(Lookup{Operation: "ping", Facts: fact, Changing: []string{"lag"}})), `changing: "lag" is no fact`},
		"too many lookups":            {acme(looks(slices.Repeat([]Lookup{{Operation: "ping", Facts: fact}}, MaxLookups+1)...)), "at most 8"},
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := test.plugin.manifest(); err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("error %v; want one with %q", err, test.want)
			}
		})
	}
}

func TestManifestOfWhatIsConfirmed(t *testing.T) {
	manifest, err := acme(Op("ping", "Asks.", ping), Op("erase", "Erases.", ping, Destructive(), func(i *Info) {
		i.Target, i.Billable = "/host", true
		i.Escalations = []Escalation{{Pointer: "/size", Values: []json.RawMessage{json.RawMessage("-1")}, Access: AccessDestructive}}
		i.Lookup = []Lookup{{
			Operation: "ping", Arguments: map[string]json.RawMessage{"host": json.RawMessage(`"/host"`)},
			Facts: map[string]string{"size": "/size", "reply": "/reply"}, Changing: []string{"reply"},
		}, {Operation: "ping", Facts: map[string]string{"size": "/size"}}}
	})).manifest()
	if err != nil {
		t.Fatal(err)
	}
	got := &protocol.Operation{
		Access: manifest.Operations[1].Access, Billable: manifest.Operations[1].Billable, Target: manifest.Operations[1].Target,
		Escalations: manifest.Operations[1].Escalations, Lookups: manifest.Operations[1].Lookups,
	}
	want := &protocol.Operation{
		Access: "destructive", Billable: true, Target: "/host",
		Escalations: []*protocol.Escalation{{Pointer: "/size", Values: [][]byte{[]byte("-1")}, Access: "destructive"}},
		Lookups: []*protocol.Lookup{
			{Operation: "acme_ping", Arguments: []byte(`{"host":"/host"}`), Facts: []*protocol.Fact{{Name: "reply", Pointer: "/reply", Changing: true}, {Name: "size", Pointer: "/size"}}},
			{Operation: "acme_ping", Arguments: []byte(`{}`), Facts: []*protocol.Fact{{Name: "size", Pointer: "/size"}}},
		},
	}
	if diff := cmp.Diff(want, got, protocmp.Transform()); diff != "" {
		t.Errorf("operation (-want +got):\n%s", diff)
	}
}

// TestManifestHasDocComments holds that a plugin's embedded sources describe its settings and its arguments.
func TestManifestHasDocComments(t *testing.T) {
	plugin := acme(Op("ping", "Asks.", ping))
	plugin.Source = fstest.MapFS{"main.go": {Data: []byte("package acme\n\ntype plainSettings struct {\n\t// Key of the account.\n\tKey string\n}\n\ntype pingIn struct {\n\tSize int64 // Bytes to send.\n}\n")}}
	manifest, err := plugin.manifest()
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(manifest.ConfigSchema), `"Key of the account."`) {
		t.Errorf("settings: %s", manifest.ConfigSchema)
	}
	if input := manifest.Operations[0].InputSchema; !strings.Contains(string(input), `"Bytes to send."`) {
		t.Errorf("arguments: %s", input)
	}
	plugin.Source = fstest.MapFS{"main.go": {Data: []byte("packag acme")}}
	if _, err := plugin.manifest(); err == nil || !strings.Contains(err.Error(), "reading doc comments: main.go") {
		t.Errorf("with a broken source: %v", err)
	}
}

// TestManifestDemandsAnEndpoint holds that no plugin can be written that private links and tests cannot reach.
func TestManifestDemandsAnEndpoint(t *testing.T) {
	type without struct {
		Region string `json:"region"`
	}
	plugin := Plugin[without, *connected]{Name: "acme", Open: func(context.Context, without) (*connected, error) { return nil, nil }}
	if _, err := plugin.manifest(); err == nil || !strings.Contains(err.Error(), "embed sdk.Settings") {
		t.Errorf("error %v; want one that says how to have an endpoint", err)
	}
}

func TestOpInvoke(t *testing.T) {
	operation := Op("ping", "Asks.", ping)
	for name, test := range map[string]struct{ arguments, want, code string }{
		"fine":               {arguments: `{"host":"h","size":9223372036854775807}`, want: `{"reply":"re: h","size":9223372036854775807}`},
		"nothing":            {arguments: ``, want: `{"reply":"re: ","size":0}`},
		"an unknown name":    {arguments: `{"hsot":"h"}`, code: CodeInvalidArguments},
		"a wrong type":       {arguments: `{"host":1}`, code: CodeInvalidArguments},
		"too large a number": {arguments: `{"size":9223372036854775808}`, code: CodeInvalidArguments},
		"no object":          {arguments: `[]`, code: CodeInvalidArguments},
		"null":               {arguments: `null`, code: CodeInvalidArguments},
		"something behind":   {arguments: `{"host":"h"} 1`, code: CodeInvalidArguments},
		"the function fails": {arguments: `{"host":"down"}`, code: CodeInternal},
	} {
		t.Run(name, func(t *testing.T) {
			result, err := operation.Invoke(t.Context(), &connected{prefix: "re: "}, json.RawMessage(test.arguments))
			if test.code != "" {
				if err == nil || AsProblem(err).Code != test.code {
					t.Errorf("result %s, error %v; want the code %s", result, err, test.code)
				}
				return
			}
			if err != nil || string(result) != test.want {
				t.Errorf("result %s, error %v; want %s", result, err, test.want)
			}
		})
	}
}

func TestOperations(t *testing.T) {
	all := Operations[*connected](Op("one", "One.", ping), Op("two", "Two.", ping))
	if len(all) != 2 || all[0].Name != "one" || all[1].Name != "two" {
		t.Errorf("operations: %v", all)
	}
}

func TestAccess(t *testing.T) {
	for _, test := range []struct {
		have, need Access
		want       bool
	}{
		{AccessRead, AccessRead, true}, {AccessRead, AccessWrite, false}, {AccessWrite, AccessRead, true}, {AccessWrite, AccessDestructive, false},
		{AccessDestructive, AccessWrite, true}, {"", AccessRead, false}, {"reed", AccessRead, false}, {AccessDestructive, "", false},
	} {
		if got := test.have.Allows(test.need); got != test.want {
			t.Errorf("%q allows %q: %v; want %v", test.have, test.need, got, test.want)
		}
	}
}
