package operations

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/mqtrail/mqtrail/sdk"
	"github.com/mqtrail/mqtrail/sdk/protocol"
)

func escalation(pointer, access string, values ...string) *protocol.Escalation {
	e := &protocol.Escalation{Pointer: pointer, Access: access}
	for _, value := range values {
		e.Values = append(e.Values, []byte(value))
	}
	return e
}

func TestNeedsFor(t *testing.T) {
	escalations := []*protocol.Escalation{
		escalation("/action", "destructive", `"delete"`),
		escalation("/offset", "destructive", `-1`),
		escalation("/force", "write"),
		escalation("/items/kind", "destructive", `"topic"`, `true`),
	}
	for arguments, want := range map[string]sdk.Access{
		`{}`:                              sdk.AccessRead,
		`{"action":"restart"}`:            sdk.AccessRead,
		`{"action":"delete"}`:             sdk.AccessDestructive,
		`{"action":" DELETE "}`:           sdk.AccessDestructive,
		`{"action":["restart","Delete"]}`: sdk.AccessDestructive,
		`{"action":null}`:                 sdk.AccessRead,
		`{"offset":0}`:                    sdk.AccessRead,
		`{"offset":-1}`:                   sdk.AccessDestructive,
		`{"offset":"-1"}`:                 sdk.AccessDestructive,
		`{"offset":-1.0}`:                 sdk.AccessDestructive,
		`{"offset":-10e-1}`:               sdk.AccessDestructive,
		`{"offset":-1E999999999}`:         sdk.AccessRead,
		`{"offset":"-1p0"}`:               sdk.AccessRead,
		`{"force":false}`:                 sdk.AccessWrite,
		`{"force":null}`:                  sdk.AccessWrite,
		`{"force":1,"action":"delete"}`:   sdk.AccessDestructive,
		`{"items":[{"kind":"group"},{"kind":"topic"}]}`: sdk.AccessDestructive,
		`{"items":{"kind":true}}`:                       sdk.AccessDestructive,
		`{"items":{"kind":"true"}}`:                     sdk.AccessDestructive,
		`{"items":"kind"}`:                              sdk.AccessRead,
		`not JSON`:                                      sdk.AccessDestructive,
	} {
		o := operationOf(&protocol.Operation{Access: "read", Escalations: escalations})
		if got := o.NeedsFor(json.RawMessage(arguments)); got != want {
			t.Errorf("%s needs %s, want %s", arguments, got, want)
		}
	}
	o := operationOf(&protocol.Operation{Access: "destructive", Escalations: []*protocol.Escalation{escalation("/force", "write")}})
	if got := o.NeedsFor(json.RawMessage(`{"force":true}`)); got != sdk.AccessDestructive {
		t.Errorf("an escalation took access away: %s", got)
	}
}

func TestWhatMayNeedConfirmation(t *testing.T) {
	for _, test := range []struct {
		operation *protocol.Operation
		may       bool
		reading   bool // whether a call that only reads is confirmed
	}{
		{&protocol.Operation{Access: "read"}, false, false},
		{&protocol.Operation{Access: "write"}, false, false},
		{&protocol.Operation{Access: "destructive"}, true, false},
		{&protocol.Operation{Access: "write", Billable: true}, true, true},
		{&protocol.Operation{Access: "read", Escalations: []*protocol.Escalation{escalation("/a", "write")}}, false, false},
		{&protocol.Operation{Access: "read", Escalations: []*protocol.Escalation{escalation("/a", "write"), escalation("/b", "destructive")}}, true, false},
	} {
		o := operationOf(test.operation)
		if got := o.MayNeedConfirmation(); got != test.may {
			t.Errorf("%v: may need a confirmation: %v", test.operation, got)
		}
		if got := o.NeedsConfirmation(sdk.AccessRead); got != test.reading {
			t.Errorf("%v: a call that reads needs a confirmation: %v", test.operation, got)
		}
	}
}

func TestTarget(t *testing.T) {
	const input = `{"type":"object","properties":{"instance":{"type":"string","x-name":"instance_id"},"topic":{},"topics":{},"action":{},
		"filter":{"type":"object"},"password":{"x-sensitive":true}},"required":["instance","topic","password"]}`
	for _, test := range []struct{ request, target, arguments, want string }{
		{"DELETE /instances/{instance_id}/topics/{topic}", "", `{"instance":"i","topic":" t "}`, "t"},
		{"DELETE /{project_id}/instances/{instance_id}", "", `{"instance":"i","topic":"t"}`, "i"},
		{"DELETE /instances/{instance_id}/{project_id}", "", `{"instance":"i","topic":"t"}`, "i"}, // filled from a setting
		{"POST /instances/{instance_id}/topics/delete", "", `{"instance":"i","topics":["a","b"]}`, "a,b"},
		{"POST /instances/{instance_id}/topics/delete", "", `{"instance":"i","topics":[]}`, "i"},
		{"POST /topics/action", "", `{"action":"delete","topics":["a"],"instance":"i"}`, "a"},
		{"POST /topic/delete", "", `{"instance":"i","topic":7,"password":"p"}`, "7"},
		{"POST /topic/delete", "/filter/name", `{"filter":{"name":"n"},"topic":"t"}`, "n"},
		{"POST /topic/delete", "/filter/name", `{"topic":"t"}`, "acme_op"},
		{"", "", `{"password":"p"}`, "acme_op"},
		{"", "", `7`, "acme_op"},
	} {
		o := operationOf(&protocol.Operation{Name: "acme_op", Request: test.request, Target: test.target, InputSchema: []byte(input)})
		if diff := cmp.Diff(test.want, o.Target(json.RawMessage(test.arguments))); diff != "" {
			t.Errorf("%s %s %s (-want +got):\n%s", test.request, test.target, test.arguments, diff)
		}
	}
}

// operationOf is a described operation that has its bulk.
func operationOf(described *protocol.Operation) *Operation {
	return newOperation("acme", described, func() (*protocol.Operation, error) { return described, nil })
}
