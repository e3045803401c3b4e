package schema

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestSecretNames(t *testing.T) {
	for text, want := range map[string]map[string]bool{
		`{"type":"object","properties":{"a":{"type":"string"}}}`:                                                                         nil,
		`{"properties":{"a":{"x-sensitive":true},"b":{"items":{"x-secret":true}},"c":{"properties":{"d":{"x-sensitive":true},"e":{}}}}}`: {"a": true, "b": true, "d": true},
		`{"properties":{"x-sensitive":{"type":"string"}}}`:                                                                               {},
		`{"properties":{"a":{"$ref":"#/$defs/key"}},"$defs":{"key":{"type":"string","x-secret":true}}}`:                                  {"a": true},
		`{"properties":{"a":{"type":"string","x-sensitive":false}}}`:                                                                     {},
	} {
		got, err := SecretNames(json.RawMessage(text))
		if diff := cmp.Diff(want, got); diff != "" || err != nil {
			t.Errorf("%s: %v (-want +got):\n%s", text, err, diff)
		}
	}
	if _, err := SecretNames(json.RawMessage(`{"x-sensitive":`)); err == nil {
		t.Error("what is no JSON has names")
	}
}
