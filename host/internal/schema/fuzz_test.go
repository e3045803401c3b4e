package schema_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/mqtrail/mqtrail/host/internal/schema"
	"github.com/mqtrail/mqtrail/sdk"
)

// fuzzSchemas are the schemas that FuzzCheck checks against: every keyword that has a message.
var fuzzSchemas = []string{
	`{"type":"object","required":["id"],"additionalProperties":false,"properties":{
		"id":{"type":"integer","minimum":1,"maximum":9223372036854775807},
		"topic":{"type":"string","minLength":1,"maxLength":8,"pattern":"^[a-z]+$","description":"A topic."},
		"access":{"enum":["read","write",1,null]},
		"tags":{"type":"array","uniqueItems":true,"minItems":1,"maxItems":3,"items":{"type":["string","null"]}},
		"ratio":{"multipleOf":0.25,"exclusiveMinimum":0},
		"any":{"anyOf":[{"type":"string"},{"type":"object","required":["a"]},{"const":7}]},
		"one":{"oneOf":[{"minimum":5},{"maximum":10}]},
		"secret":{"x-secret":true,"pattern":"^$"}},
		"dependentRequired":{"topic":["access"]}}`,
	`{"allOf":[{"properties":{"a":{"type":"integer"}}},{"properties":{"b":{}}}],"unevaluatedProperties":false,"maxProperties":2}`,
	`{"$defs":{"n":{"type":"object","properties":{"n":{"$ref":"#/$defs/n"},"v":{"type":"boolean"}}}},"$ref":"#/$defs/n"}`,
	`{"propertyNames":{"pattern":"^[a-z]*$"},"additionalProperties":{"type":"array","contains":{"const":1},"not":{"maxItems":1}}}`,
}

// FuzzCheck holds that nothing panics, that exactly what encoding/json and the validator accept is accepted, and
// that faults can be printed.
func FuzzCheck(f *testing.F) {
	for _, seed := range []string{
		`{"id":1,"topic":"abc","access":"read","tags":["a",null],"ratio":0.5,"any":{"a":1},"one":7,"secret":""}`,
		`{"id":"1","topic":"ABC","accesss":"reed","tags":["a","a"],"ratio":0.3,"any":true,"one":3,"secret":"hunter2"}`,
		`{"":""}`, `{"id":9223372036854775808}`, `{"id":1e2}`, `{"id":1.0}`, `{"a":1,"b":2}`, `{"a":"x","c":3}`, `{"n":{"n":{"v":1}}}`,
		`{"ABC":[1,1],"d":[2]}`, `[]`, `nul`, `"\ud800"`, `{"a":1}{`, `{"a":1,"a":2}`, "\"\xff\"", `1e999`, `-0`, "{\"\\u001b\":1}",
	} {
		f.Add(seed)
	}
	checkers := make([]*schema.Checker, len(fuzzSchemas))
	references := make([]*jsonschema.Schema, len(fuzzSchemas))
	for i, text := range fuzzSchemas {
		var err error
		if checkers[i], err = schema.Compile(json.RawMessage(text)); err != nil {
			f.Fatal(err)
		}
		references[i] = reference(f, text)
	}
	f.Fuzz(func(t *testing.T, document string) {
		for i, checker := range checkers {
			faults := checker.Check(json.RawMessage(document))
			if ours, theirs := faults == nil, accepts(references[i], document); ours != theirs && !beyondJSON(faults) {
				t.Fatalf("schema %d: accepted %v, by the validator %v: %v", i, ours, theirs, lines(faults))
			}
			for _, line := range lines(faults) {
				if !utf8.ValidString(line) || strings.ContainsFunc(line, unicode.IsControl) {
					t.Fatalf("a fault that cannot be printed: %q", line)
				}
			}
			if !slices.IsSorted(pointers(faults)) {
				t.Fatalf("faults are not sorted: %v", lines(faults))
			}
		}
	})
}

func pointers(faults []sdk.Fault) []string {
	var all []string
	for _, fault := range faults {
		if strings.HasSuffix(fault.Message, "more faults, not listed") {
			break
		}
		all = append(all, fault.Pointer)
	}
	return all
}

// beyondJSON tells the faults of documents that encoding/json reads: they are refused on purpose.
func beyondJSON(faults []sdk.Fault) bool {
	return len(faults) == 1 && slices.ContainsFunc([]string{"given twice", "out of range", "nested deeper", "UTF-8", "more than 200000 values"}, func(text string) bool {
		return strings.Contains(faults[0].Message, text)
	})
}

func reference(t testing.TB, text string) *jsonschema.Schema {
	t.Helper()
	value, err := jsonschema.UnmarshalJSON(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	compiler := jsonschema.NewCompiler()
	if err := compiler.AddResource("test:///schema", value); err != nil {
		t.Fatal(err)
	}
	compiled, err := compiler.Compile("test:///schema")
	if err != nil {
		t.Fatal(err)
	}
	return compiled
}

// accepts asks encoding/json and the validator. A number that the validator cannot hold is none that it accepts.
func accepts(reference *jsonschema.Schema, document string) (accepted bool) {
	decoder := json.NewDecoder(bytes.NewReader([]byte(document)))
	decoder.UseNumber()
	var value any
	if err := decoder.Decode(&value); err != nil {
		return false
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return false
	}
	defer func() {
		if recover() != nil {
			accepted = false
		}
	}()
	return reference.Validate(value) == nil
}
