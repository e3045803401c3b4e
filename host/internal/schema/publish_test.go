package schema_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/mqtrail/mqtrail/host/internal/schema"
)

func TestPublish(t *testing.T) {
	for name, test := range map[string]struct{ schema, want string }{
		"x- words go, at every depth": {
			`{"x-a":1,"type":"object","properties":{"p":{"x-in":"path","items":{"x-name":"q","type":"string"}}},"anyOf":[{"x-b":2,"required":["p"]}]}`,
			`{"type":"object","properties":{"p":{"items":{"type":"string"}}},"anyOf":[{"required":["p"]}]}`,
		},
		"a property named x-something stays": {
			`{"properties":{"x-trace":{"x-in":"header","type":"string"}},"required":["x-trace"]}`,
			`{"properties":{"x-trace":{"type":"string"}},"required":["x-trace"]}`,
		},
		"names and patterns are no keywords": {
			`{"$defs":{"x-d":{"x-a":1}},"patternProperties":{"x-p":{"x-a":1}},"dependentSchemas":{"x-q":{"x-a":1}}}`,
			`{"$defs":{"x-d":{}},"patternProperties":{"x-p":{}},"dependentSchemas":{"x-q":{}}}`,
		},
		"data stays as it is":             {`{"default":{"x-a":1,"$id":2},"enum":[{"x-a":1}],"const":{"x-a":1},"examples":[{"x-a":1}]}`, `{"default":{"x-a":1,"$id":2},"enum":[{"x-a":1}],"const":{"x-a":1},"examples":[{"x-a":1}]}`},
		"$schema and $id go":              {`{"$schema":"https://json-schema.org/draft/2020-12/schema","$id":"a","properties":{"$id":{"$id":"b"}}}`, `{"properties":{"$id":{}}}`},
		"the order of keys stays":         {`{"z":1,"type":"object","properties":{"b":{},"a":{}},"a":2}`, `{"z":1,"type":"object","properties":{"b":{},"a":{}},"a":2}`},
		"numbers keep their digits":       {`{"maximum":9223372036854775807,"minimum":1.50}`, `{"maximum":9223372036854775807,"minimum":1.50}`},
		"compact":                         {"{\n  \"type\" : \"object\"\n}\n", `{"type":"object"}`},
		"true and false are schemas":      {`{"properties":{"a":true},"additionalProperties":false,"allOf":[true]}`, `{"properties":{"a":true},"additionalProperties":false,"allOf":[true]}`},
		"a list of items, older draft":    {`{"items":[{"x-a":1},{}]}`, `{"items":[{},{}]}`},
		"signs of markup stay readable":   {`{"properties":{"a<b&c":{}},"description":"<b>"}`, `{"properties":{"a<b&c":{}},"description":"<b>"}`},
		"texts with brackets and quotes":  {`{"x-a":"}]\\\",","b":"{[\\\\","c":["]"]}`, `{"b":"{[\\\\","c":["]"]}`},
		"an x- word with an escape":       {`{"\u0078-a":1,"b":"\u00e9"}`, `{"b":"\u00e9"}`},
		"empty lists":                     {`{"allOf":[],"items":{},"enum":[]}`, `{"allOf":[],"items":{},"enum":[]}`},
		"a first and a last x- word":      {`{"x-a":1,"b":1,"x-c":1}`, `{"b":1}`},
		"nothing but x- words":            {`{"x-a":1,"x-b":{"x-c":1}}`, `{}`},
		"a name with a quote":             {`{"properties":{"a\"b":{}}}`, `{"properties":{"a\"b":{}}}`},
		"dependencies of an older draft":  {`{"dependencies":{"a":["x-b"],"c":{"x-a":1}}}`, `{"dependencies":{"a":["x-b"],"c":{}}}`},
		"a keyword with an odd value":     {`{"properties":1,"allOf":"x","items":null}`, `{"properties":1,"allOf":"x","items":null}`},
		"the whole is no object":          {`true`, `true`},
		"text that looks like an x- word": {`{"description":"x-in: path","title":"\"x-a\":1"}`, `{"description":"x-in: path","title":"\"x-a\":1"}`},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := schema.Publish(json.RawMessage(test.schema))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, string(got)); diff != "" {
				t.Errorf("published (-want +got):\n%s", diff)
			}
		})
	}
}

func TestPublishRefuses(t *testing.T) {
	for _, text := range []string{``, `{`, `{} {}`, "{\"a\":\"\xff\"}", strings.Repeat(`{"not":`, 200) + "{}" + strings.Repeat("}", 200)} {
		if published, err := schema.Publish(json.RawMessage(text)); err == nil {
			t.Errorf("%.20q became %s", text, published)
		}
	}
}

// FuzzPublish holds that what is published is JSON again, changes no more when it is published again, and still
// accepts what the original accepts.
func FuzzPublish(f *testing.F) {
	f.Add(`{"x-a":1,"properties":{"x-b":{"x-c":1,"type":"string"}},"items":[{"x-d":1}]}`, `{"x-b":"y"}`)
	f.Add(`{"$id":"x","allOf":[true,{"not":{"x-a":{}}}]}`, `1`)
	f.Fuzz(func(t *testing.T, text, document string) {
		published, err := schema.Publish(json.RawMessage(text))
		if err != nil {
			return
		}
		again, err := schema.Publish(published)
		if err != nil {
			t.Fatalf("published %s is no schema: %v", published, err)
		}
		if diff := cmp.Diff(string(published), string(again)); diff != "" {
			t.Fatalf("published twice (-once +twice):\n%s", diff)
		}
		if strings.Contains(text, "$") {
			return // a reference may have led to what is not published
		}
		before, err := schema.Compile(json.RawMessage(text))
		if err != nil {
			return
		}
		after, err := schema.Compile(published)
		if err != nil {
			t.Fatalf("published %s does not compile: %v", published, err)
		}
		if one, two := before.Check(json.RawMessage(document)), after.Check(json.RawMessage(document)); (one == nil) != (two == nil) {
			t.Fatalf("%s: before %v, after %v", document, one, two)
		}
	})
}
