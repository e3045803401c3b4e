package sandbox

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/mqtrail/mqtrail/sdk"
)

const everywhere = `{
	"operation": "Everywhere", "title": "t", "description": "d", "access": "write", "toolset": "messages",
	"request": "POST /things/{id}",
	"input": {"type": "object", "properties": {
		"id":      {"type": ["string", "integer"], "x-in": "path"},
		"text":    {"type": "string", "x-in": "query", "x-name": "wire.text", "maxLength": 5},
		"count":   {"type": "integer", "x-in": "query", "maximum": 9223372036854775807},
		"ratio":   {"type": "number", "x-in": "query"},
		"on":      {"type": "boolean", "x-in": "query"},
		"list":    {"type": "array", "items": {"type": "string"}, "x-in": "query"},
		"object":  {"type": "object", "x-in": "query"},
		"limited": {"type": "integer", "x-in": "header", "x-name": "X-Limited", "minimum": 1, "maximum": 10},
		"body":    {"x-in": "body"},
		"needed":  {"type": "integer", "x-in": "body", "x-name": "wireNeeded", "minimum": 1}
	}, "required": ["id", "needed"]},
	"output": {"type": "object", "properties": {"made": {"type": ["string", "null"], "examples": ["up"]}}},
	"example": {"arguments": {"id": "7", "needed": 1}, "answer": {"big": 9007199254740993, "a": 1.10}}
}`

func files(text string) fstest.MapFS {
	return fstest.MapFS{"product/everywhere.json": {Data: []byte(text)}}
}

func everywhereFile(t *testing.T) *sdk.File {
	t.Helper()
	file, err := sdk.ReadFile(files(everywhere), "product/everywhere.json")
	if err != nil {
		t.Fatal(err)
	}
	return file
}

func TestDecode(t *testing.T) {
	tests := []struct {
		name, query, header, body string
		want                      map[string]string
	}{
		{"the least", "", "", `{"wireNeeded":1}`, map[string]string{"id": `"7"`, "needed": "1"}},
		{"text", "wire.text=a%2Bb+%E8%AE%A2", "", `{"wireNeeded":1}`, map[string]string{"id": `"7"`, "needed": "1", "text": `"a+b 订"`}},
		{"an empty text is given", "wire.text=", "", `{"wireNeeded":1}`, map[string]string{"id": `"7"`, "needed": "1", "text": `""`}},
		{"numbers keep their digits", "count=9007199254740993&ratio=1.10", "", `{"wireNeeded":9007199254740993}`,
			map[string]string{"id": `"7"`, "needed": "9007199254740993", "count": "9007199254740993", "ratio": "1.10"}},
		{"the other types", "on=true&list=a,b&object=%7B%22a%22%3A1%7D", "3", `{"wireNeeded":1,"body":[null]}`,
			map[string]string{"id": `"7"`, "needed": "1", "on": "true", "list": `["a","b"]`, "object": `{"a":1}`, "limited": "3", "body": "[null]"}},
		{"an empty list", "list=", "", `{"wireNeeded":1}`, map[string]string{"id": `"7"`, "needed": "1", "list": "[]"}},
		{"what nobody declared is ignored", "nope=1", "", `{"wireNeeded":1,"needed":5,"nope":1}`, map[string]string{"id": `"7"`, "needed": "1"}},
	}
	file := everywhereFile(t)
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			request := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/things/7?"+test.query, nil)
			request.Header.Set("X-Limited", test.header)
			arguments, fault := decode(file, map[string]string{"id": "7"}, request, []byte(test.body))
			if fault != nil {
				t.Fatalf("fault %+v", fault)
			}
			got := map[string]string{}
			for name, value := range arguments {
				got[name] = string(value)
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestTypedRefuses(t *testing.T) {
	tests := []struct {
		text  string
		types []string
	}{
		{"", []string{"integer"}},
		{"1e3", []string{"integer"}},
		{"10.0", []string{"integer"}},
		{"+5", []string{"integer"}},
		{"007", []string{"integer"}},
		{"9223372036854775808", []string{"integer"}},
		{"x", []string{"integer", "number", "boolean", "null"}},
		{"NaN", []string{"number"}},
		{"0x10", []string{"number"}},
		{"+1.5", []string{"number"}},
		{"True", []string{"boolean"}},
		{"1", []string{"boolean"}},
		{"{", []string{"object"}},
	}
	for _, test := range tests {
		if value, ok := typed(test.text, test.types); ok {
			t.Errorf("typed(%q, %v) = %s", test.text, test.types, value)
		}
	}
}

// FuzzTyped: whatever a text is taken for is JSON, and a string is taken for itself.
func FuzzTyped(f *testing.F) {
	for _, seed := range []string{"", "7", "-0", "+5", "007", "1e3", "true", "a,b", `{"a":1}`, "null", "Inf", "\xff", "订单"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		for _, kind := range []string{"string", "integer", "number", "boolean", "array", "object", "null"} {
			value, ok := typed(text, []string{kind})
			if ok && !json.Valid(value) {
				t.Fatalf("%q as %s is %s", text, kind, value)
			}
			if kind == "string" && !ok {
				t.Fatalf("%q is no string", text)
			}
		}
	})
}
