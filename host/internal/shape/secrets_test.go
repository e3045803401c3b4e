package shape_test

import (
	"encoding/json"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/mqtrail/mqtrail/host/internal/schema"
	"github.com/mqtrail/mqtrail/host/internal/shape"
)

func TestRedact(t *testing.T) {
	secret, err := schema.SecretNames(json.RawMessage(`{"type":"object","properties":{
		"data":{"type":"object","properties":{
			"password":{"type":["string","null"],"x-sensitive":true},
			"keys":{"type":"array","items":{"type":"string","x-sensitive":true}},
			"login":{"type":"object","x-sensitive":true,"properties":{"user":{"type":"string"}}},
			"pin":{"type":"integer","x-sensitive":true},
			"name":{"type":"string"}}}}}`))
	if err != nil {
		t.Fatal(err)
	}
	for name, test := range map[string]struct{ answer, want string }{
		"text":     {`{"data": {"name": "n", "password": "p\"w"}}`, `{"data":{"name":"n","password":"[redacted]"}}`},
		"list":     {`{"data":{"keys":["a","b",""]}}`, `{"data":{"keys":["[redacted]","[redacted]",""]}}`},
		"object":   {`{"data":{"login":{"user":"u","n":1,"on":true}},"n":1}`, `{"data":{"login":{"user":"[redacted]","n":null,"on":null}},"n":1}`},
		"number":   {`{"data":{"pin":1234,"name":"1234"}}`, `{"data":{"pin":null,"name":"1234"}}`},
		"escaped":  {`{"pass\u0077ord":"x"}`, `{"pass\u0077ord":"[redacted]"}`},
		"anywhere": {`{"list":[[{"password":"x"},"password"]]}`, `{"list":[[{"password":"[redacted]"},"password"]]}`},
		"nothing":  {`{"data": {"password": "", "pin": null, "n": 1.0}}`, `{"data": {"password": "", "pin": null, "n": 1.0}}`},
		"deep":     {strings.Repeat(`{"a":[`, 3000) + `{"password":"x"}` + strings.Repeat(`]}`, 3000), strings.Repeat(`{"a":[`, 3000) + `{"password":"[redacted]"}` + strings.Repeat(`]}`, 3000)},
	} {
		got, err := shape.Redact(json.RawMessage(test.answer), secret)
		if err != nil || string(got) != test.want {
			t.Errorf("%s: %s, %v, want %s", name, got, err, test.want)
		}
	}
	if _, err := shape.Redact(json.RawMessage(`{"password":`), secret); err == nil {
		t.Error("what is no JSON came back as an answer")
	}
}

// No value under a secret name stays; all else does, byte for byte.
func TestRedactHoldsItsPromises(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rest := drawValue(3).Draw(t, "rest")
		answer := `{"rest":` + rest + `,"in":[{"hidden":"a-secret-of-the-test","seen":"x"},{"hidden":` + drawValue(2).Draw(t, "value") + `}]}`
		got, err := shape.Redact(json.RawMessage(answer), map[string]bool{"hidden": true})
		if err != nil {
			t.Fatal(err)
		}
		var value map[string]json.RawMessage
		if err := json.Unmarshal(got, &value); err != nil {
			t.Fatalf("%v: %s", err, got)
		}
		if strings.Contains(string(got), "a-secret-of-the-test") || !strings.Contains(rest, `"hidden"`) && string(value["rest"]) != rest {
			t.Fatalf("%s became %s", answer, got)
		}
	})
}
