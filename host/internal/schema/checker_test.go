package schema_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/mqtrail/mqtrail/host/internal/schema"
	"github.com/mqtrail/mqtrail/sdk"
)

func strict(t testing.TB, text string) *schema.Checker {
	t.Helper()
	checker, err := schema.CompileStrict(json.RawMessage(text))
	if err != nil {
		t.Fatal(err)
	}
	return checker
}

// lines are faults as a person reads them.
func lines(faults []sdk.Fault) []string {
	var all []string
	for _, fault := range faults {
		all = append(all, fault.Pointer+": "+fault.Message)
	}
	return all
}

// property is the schema of an object with one property p.
func property(text string) string {
	return `{"type":"object","properties":{"p":` + text + `}}`
}

func TestCheck(t *testing.T) {
	for name, test := range map[string]struct {
		schema   string
		document string
		want     []string
	}{
		"fine": {
			schema:   property(`{"type":"integer","minimum":1}`),
			document: `{"p":1}`,
		},
		"every fault at once, sorted": {
			schema: `{"type":"object","required":["topic","id"],"properties":{
				"topic":{"type":"string"},"id":{"type":"string"},"size":{"type":"integer","maximum":9},"zone":{"enum":["a","b"]}}}`,
			document: `{"zone":"c","size":10,"other":1}`,
			want: []string{
				"/id: required, and not given",
				"/other: unknown argument. Known: id, size, topic, zone",
				"/size: want at most 9, got 10",
				"/topic: required, and not given",
				`/zone: "c" is not allowed; want one of a, b`,
			},
		},
		"unknown name with another spelling": {
			schema:   `{"properties":{"instanceId":{},"endTime":{}}}`,
			document: `{"instance_id":"x"}`,
			want:     []string{"/instance_id: unknown argument; did you mean instanceId? Known: endTime, instanceId"},
		},
		"unknown name where none is known": {
			schema:   `{"properties":{}}`,
			document: `{"a":1}`,
			want:     []string{"/a: unknown argument; none is known here"},
		},
		"unknown name further in": {
			schema:   property(`{"type":"array","items":{"properties":{"name":{}}}}`),
			document: `{"p":[{"name":1},{"nmae":2}]}`,
			want:     []string{"/p/1/nmae: unknown argument; did you mean name? Known: name"},
		},
		"required with description and example": {
			schema:   `{"properties":{"messageId":{"description":"Message id.","examples":["AC11"]}},"required":["messageId"]}`,
			document: `{}`,
			want:     []string{`/messageId: required, and not given (Message id. Example: "AC11")`},
		},
		"type: text for integer":       {schema: property(`{"type":"integer"}`), document: `{"p":"ten"}`, want: []string{`/p: want an integer, got the string "ten"`}},
		"type: quoted integer":         {schema: property(`{"type":"integer"}`), document: `{"p":"10"}`, want: []string{`/p: want an integer, got the string "10"; leave out the quotes`}},
		"type: quoted boolean":         {schema: property(`{"type":"boolean"}`), document: `{"p":"true"}`, want: []string{`/p: want true or false, got the string "true"; leave out the quotes`}},
		"type: number for text":        {schema: property(`{"type":"string"}`), document: `{"p":51}`, want: []string{`/p: want a string, got the number 51; put it in quotes`}},
		"type: fraction for integer":   {schema: property(`{"type":"integer"}`), document: `{"p":1.5}`, want: []string{`/p: want an integer, got the number 1.5`}},
		"type: a list of types":        {schema: property(`{"type":["null","string","integer"]}`), document: `{"p":[1]}`, want: []string{`/p: want an integer, a string or null, got an array`}},
		"type: null":                   {schema: property(`{"type":"object"}`), document: `{"p":null}`, want: []string{`/p: want an object, got null`}},
		"type: the whole document":     {schema: `{"type":"object"}`, document: `[1]`, want: []string{`: want an object, got an array`}},
		"enum with the nearest":        {schema: property(`{"enum":["read","write","destructive"]}`), document: `{"p":"reed"}`, want: []string{`/p: "reed" is not allowed; want one of read, write, destructive; did you mean read?`}},
		"enum of one":                  {schema: property(`{"enum":["read"]}`), document: `{"p":"xyzzy"}`, want: []string{`/p: "xyzzy" is not allowed; want read`}},
		"enum of numbers":              {schema: property(`{"enum":[1,2,null]}`), document: `{"p":3}`, want: []string{`/p: 3 is not allowed; want one of 1, 2, null`}},
		"const":                        {schema: property(`{"const":"v2"}`), document: `{"p":"v1"}`, want: []string{`/p: "v1" is not allowed; want "v2"`}},
		"pattern with description":     {schema: property(`{"pattern":"^[0-9]$","description":"One digit."}`), document: `{"p":"51"}`, want: []string{`/p: "51" does not match ^[0-9]$ (One digit.)`}},
		"pattern without description":  {schema: property(`{"pattern":"^[0-9]$"}`), document: `{"p":"x"}`, want: []string{`/p: "x" does not match ^[0-9]$`}},
		"minimum":                      {schema: property(`{"minimum":1}`), document: `{"p":0}`, want: []string{`/p: want at least 1, got 0`}},
		"exclusive minimum":            {schema: property(`{"exclusiveMinimum":0}`), document: `{"p":0}`, want: []string{`/p: want more than 0, got 0`}},
		"exclusive maximum":            {schema: property(`{"exclusiveMaximum":0.5}`), document: `{"p":0.5}`, want: []string{`/p: want less than 0.5, got 0.5`}},
		"multiple":                     {schema: property(`{"multipleOf":5}`), document: `{"p":7}`, want: []string{`/p: want a multiple of 5, got 7`}},
		"too short":                    {schema: property(`{"minLength":2}`), document: `{"p":"é"}`, want: []string{`/p: has 1 character; want at least 2`}},
		"too long":                     {schema: property(`{"maxLength":2}`), document: `{"p":"abc"}`, want: []string{`/p: has 3 characters; want at most 2`}},
		"too few items":                {schema: property(`{"minItems":1}`), document: `{"p":[]}`, want: []string{`/p: has 0 items; want at least 1`}},
		"too many items":               {schema: property(`{"maxItems":1}`), document: `{"p":[1,2]}`, want: []string{`/p: has 2 items; want at most 1`}},
		"too few properties":           {schema: property(`{"minProperties":1}`), document: `{"p":{}}`, want: []string{`/p: has 0 arguments; want at least 1`}},
		"too many properties":          {schema: property(`{"maxProperties":1}`), document: `{"p":{"a":1,"b":2}}`, want: []string{`/p: has 2 arguments; want at most 1`}},
		"equal items":                  {schema: property(`{"uniqueItems":true}`), document: `{"p":[1,2,1.0]}`, want: []string{`/p: items 0 and 2 are equal; want each once`}},
		"contains":                     {schema: property(`{"contains":{"const":1}}`), document: `{"p":[2]}`, want: []string{`/p: no item is of the kind that is wanted`}},
		"contains too few":             {schema: property(`{"contains":{"const":1},"minContains":2}`), document: `{"p":[1]}`, want: []string{`/p: has 1 fitting item; want at least 2`}},
		"contains too many":            {schema: property(`{"contains":{"const":1},"maxContains":1}`), document: `{"p":[1,1]}`, want: []string{`/p: has 2 fitting items; want at most 1`}},
		"refused outright":             {schema: property(`false`), document: `{"p":1}`, want: []string{`/p: not allowed here`}},
		"not":                          {schema: property(`{"not":{"const":1},"description":"Anything but one."}`), document: `{"p":1}`, want: []string{`/p: is what the schema rules out (Anything but one.)`}},
		"format of an older draft":     {schema: `{"$schema":"http://json-schema.org/draft-07/schema#","properties":{"p":{"format":"ipv4"}}}`, document: `{"p":"x"}`, want: []string{`/p: "x" is no ipv4`}},
		"format is no rule in 2020-12": {schema: property(`{"format":"ipv4"}`), document: `{"p":"x"}`},
		"property names": {
			schema:   `{"properties":{"a":{"propertyNames":{"pattern":"^[a-z]+$"}},"b":{}}}`,
			document: `{"a":{"X1":1},"b":{}}`,
			want:     []string{`/a/X1: is no name that is allowed here; want one that matches ^[a-z]+$`},
		},
		"dependent required": {
			schema:   `{"properties":{"start":{},"end":{"description":"The end."}},"dependentRequired":{"start":["end"]}}`,
			document: `{"start":1}`,
			want:     []string{`/end: required together with start, and not given (The end.)`},
		},
		"dependencies of an older draft": {
			schema:   `{"$schema":"http://json-schema.org/draft-07/schema#","properties":{"start":{},"end":{}},"dependencies":{"start":["end"]}}`,
			document: `{"start":1}`,
			want:     []string{`/end: required together with start, and not given`},
		},
		"if, then": {
			schema:   `{"properties":{"kind":{},"id":{}},"if":{"properties":{"kind":{"const":"one"}},"required":["kind"]},"then":{"required":["id"]}}`,
			document: `{"kind":"one"}`,
			want:     []string{`/id: required, and not given`},
		},
		"any of types": {
			schema:   property(`{"anyOf":[{"type":"string"},{"type":"integer"}]}`),
			document: `{"p":true}`,
			want:     []string{`/p: want a string or an integer, got true; put it in quotes`},
		},
		"any of, one form of the right type": {
			schema:   property(`{"anyOf":[{"type":"string"},{"type":"object","properties":{"name":{}},"required":["name"]}]}`),
			document: `{"p":{"nmae":1}}`,
			want: []string{
				"/p/name: required, and not given",
				"/p/nmae: unknown argument; did you mean name? Known: name",
			},
		},
		"any of, summed up": {
			schema:   property(`{"anyOf":[{"type":"string","pattern":"^a"},{"type":"string","maxLength":1},{"type":"object"}]}`),
			document: `{"p":"bb"}`,
			want:     []string{`/p: fits none of 3 forms: (1) "bb" does not match ^a; (2) has 2 characters; want at most 1; (3) want an object, got the string "bb"`},
		},
		"one of, none": {
			schema:   `{"properties":{"p":{},"q":{}},"oneOf":[{"required":["p"]},{"required":["q"]}]}`,
			document: `{}`,
			want:     []string{`: fits none of 2 forms: (1) /p required, and not given; (2) /q required, and not given`},
		},
		"one of, two": {
			schema:   `{"properties":{"p":{},"q":{}},"oneOf":[{"required":["p"]},{"required":["q"]}]}`,
			document: `{"p":1,"q":1}`,
			want:     []string{`: fits form 1 and form 2 at once; want exactly one`},
		},
		"reference": {
			schema:   `{"$defs":{"id":{"type":"integer"}},"properties":{"p":{"$ref":"#/$defs/id"}}}`,
			document: `{"p":"x"}`,
			want:     []string{`/p: want an integer, got the string "x"`},
		},
		"names with slashes and tildes": {
			schema:   `{"properties":{"a/b~c":{"type":"integer"}}}`,
			document: `{"a/b~c":"x"}`,
			want:     []string{`/a~1b~0c: want an integer, got the string "x"`},
		},
		"not JSON":           {schema: `{}`, document: "{\n  \"a\": }", want: []string{`: not JSON: line 2, column 8: invalid character '}' looking for beginning of value`}},
		"empty":              {schema: `{}`, document: " \n", want: []string{`: empty; want JSON`}},
		"cut off":            {schema: `{}`, document: `{"a":`, want: []string{`: not JSON: line 1, column 5: unexpected end of JSON input`}},
		"not UTF-8":          {schema: `{}`, document: "\"\xff\"", want: []string{`: not JSON: its text is not UTF-8`}},
		"trailing data":      {schema: `{}`, document: `{} {}`, want: []string{`: not JSON: line 1, column 4: invalid character '{' after top-level value`}},
		"given twice":        {schema: `{}`, document: `{"a":{"b":1,"b":2}}`, want: []string{`/a/b: given twice; want it once`}},
		"given twice, again": {schema: `{}`, document: `{"a":1,"\u0061":2}`, want: []string{`/a: given twice; want it once`}},
		"a number too large": {schema: property(`{"minimum":1}`), document: `{"p":1e1000001}`, want: []string{`/p: the number is out of range; want at most 400 digits and an exponent within ±400`}},
		"a number too small": {schema: property(`{"minimum":1}`), document: `{"p":1e-99999999999999999999}`, want: []string{`/p: the number is out of range; want at most 400 digits and an exponent within ±400`}},
		"too deep":           {schema: `{}`, document: strings.Repeat("[", 101) + strings.Repeat("]", 101), want: []string{`: nested deeper than 100 levels`}},
		"too many values":    {schema: `{}`, document: "[" + strings.Repeat("0,", 200_000) + "0]", want: []string{`: has more than 200000 values`}},
		"too large":          {schema: `{}`, document: `"` + strings.Repeat("x", 8<<20) + `"`, want: []string{`: has 8388610 bytes; want at most 8388608`}},
		"control characters and length": {
			schema:   property(`{"enum":["a"]}`),
			document: `{"p":"\u001b[31m\u202e` + strings.Repeat("x", 100) + `"}`,
			want:     []string{`/p: "[31m` + strings.Repeat("x", 56) + `…" is not allowed; want a`},
		},
		"control characters in a name": {
			schema:   `{"properties":{}}`,
			document: `{"\u001b]0;x\u0007\n":1}`,
			want:     []string{`/]0;x: unknown argument; none is known here`},
		},
	} {
		t.Run(name, func(t *testing.T) {
			got := lines(strict(t, test.schema).Check(json.RawMessage(test.document)))
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("faults (-want +got):\n%s", diff)
			}
		})
	}
}

func TestCheckKeepsEveryDigit(t *testing.T) {
	checker := strict(t, property(`{"type":"integer","maximum":9223372036854775807}`))
	if faults := checker.Check(json.RawMessage(`{"p":9223372036854775807}`)); faults != nil {
		t.Errorf("the largest 64-bit number is refused: %v", lines(faults))
	}
	want := []string{"/p: want at most 9223372036854775807, got 9223372036854775808"}
	if diff := cmp.Diff(want, lines(checker.Check(json.RawMessage(`{"p":9223372036854775808}`)))); diff != "" {
		t.Errorf("one more (-want +got):\n%s", diff)
	}
	distinct := strict(t, property(`{"uniqueItems":true}`))
	if faults := distinct.Check(json.RawMessage(`{"p":[9007199254740992,9007199254740993]}`)); faults != nil {
		t.Errorf("two numbers that one float stands for count as equal: %v", lines(faults))
	}
}

func TestCheckListsAreBounded(t *testing.T) {
	var properties, unknown []string
	for i := range 40 {
		properties = append(properties, fmt.Sprintf(`"name%02d":{}`, i))
	}
	for i := range 60 {
		unknown = append(unknown, fmt.Sprintf(`"ZZZZZZZZZZ%02d":1`, i))
	}
	checker := strict(t, `{"properties":{`+strings.Join(properties, ",")+`}}`)
	faults := checker.Check(json.RawMessage("{" + strings.Join(unknown, ",") + "}"))
	if len(faults) != 51 {
		t.Fatalf("%d faults; want 50 and one that counts the rest", len(faults))
	}
	if got, want := faults[50].Message, "and 10 more faults, not listed"; got != want {
		t.Errorf("the last fault is %q; want %q", got, want)
	}
	if first := faults[0].Message; !strings.HasSuffix(first, "name24 … and 15 more") {
		t.Errorf("the list of names is not cut: %q", first)
	}
}

func TestCheckStrictness(t *testing.T) {
	for name, test := range map[string]struct {
		schema, document string
		want             []string
	}{
		"an object that lists nothing is open":       {schema: `{"type":"object"}`, document: `{"a":1}`},
		"additionalProperties true stays":            {schema: `{"properties":{"a":{}},"additionalProperties":true}`, document: `{"b":1}`},
		"additionalProperties with a schema stays":   {schema: `{"properties":{"a":{}},"additionalProperties":{"type":"integer"}}`, document: `{"b":1}`},
		"a map's values are closed":                  {schema: `{"additionalProperties":{"properties":{"a":{}}}}`, document: `{"x":{"b":1}}`, want: []string{"/x/b: unknown argument. Known: a"}},
		"a list's items are closed":                  {schema: property(`{"prefixItems":[{"properties":{"a":{}}}]}`), document: `{"p":[{"b":1}]}`, want: []string{"/p/0/b: unknown argument. Known: a"}},
		"parts of allOf know one another's names":    {schema: `{"properties":{"a":{}},"allOf":[{"properties":{"b":{}}}]}`, document: `{"a":1,"b":1}`},
		"what no part of allOf knows is unknown":     {schema: `{"properties":{"a":{}},"allOf":[{"properties":{"b":{}}}]}`, document: `{"c":1}`, want: []string{"/c: unknown argument. Known: a, b"}},
		"an if with properties still means the same": {schema: `{"properties":{"k":{},"v":{}},"if":{"properties":{"k":{"const":1}},"required":["k"]},"then":{"required":["v"]}}`, document: `{"k":1,"v":1}`},
		"a definition is closed where it is used":    {schema: `{"$defs":{"d":{"properties":{"a":{}}}},"properties":{"p":{"$ref":"#/$defs/d"}}}`, document: `{"p":{"b":1}}`, want: []string{"/p/b: unknown argument. Known: a"}},
		"values within a definition are closed":      {schema: `{"$defs":{"d":{"properties":{"a":{"properties":{"x":{}}}}}},"properties":{"p":{"$ref":"#/$defs/d"}}}`, document: `{"p":{"a":{"y":1}}}`, want: []string{"/p/a/y: unknown argument. Known: x"}},
		"a definition of itself":                     {schema: `{"properties":{"p":{"$ref":"#"},"a":{}}}`, document: `{"p":{"p":{"b":1}}}`, want: []string{"/p/p/b: unknown argument. Known: a, p"}},
		"data that looks like a schema is data":      {schema: `{"properties":{"p":{"enum":[{"properties":{"a":1}}]}}}`, document: `{"p":{"properties":{"a":1}}}`},
		"a failing part does not make names unknown": {schema: `{"properties":{"a":{}},"allOf":[{"properties":{"b":{"type":"integer"}}}]}`, document: `{"b":"x"}`, want: []string{`/b: want an integer, got the string "x"`}},
		"names of two alternatives":                  {schema: `{"anyOf":[{"properties":{"a":{}},"required":["a"]},{"properties":{"b":{},"c":{}},"required":["b","c"]}]}`, document: `{"a":1,"b":1}`, want: []string{"/b: not allowed together with the rest of what is given"}},
	} {
		t.Run(name, func(t *testing.T) {
			got := lines(strict(t, test.schema).Check(json.RawMessage(test.document)))
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("faults (-want +got):\n%s", diff)
			}
		})
	}
}

func TestCompileIsNotStrict(t *testing.T) {
	checker, err := schema.Compile(json.RawMessage(`{"properties":{"a":{"type":"integer"}}}`))
	if err != nil {
		t.Fatal(err)
	}
	if faults := checker.Check(json.RawMessage(`{"a":1,"b":1}`)); faults != nil {
		t.Errorf("a schema taken as written refuses what it does not name: %v", lines(faults))
	}
}

func TestCompileRefuses(t *testing.T) {
	for name, test := range map[string]struct{ schema, want string }{
		"not JSON":               {`{`, "the schema cannot be read"},
		"a key given twice":      {`{"type":"object","type":"array"}`, "given twice"},
		"a wrong keyword":        {`{"type":"strnig"}`, "the schema is no good"},
		"a pattern that is none": {`{"pattern":"("}`, "the schema is no good"},
		"a number out of range":  {`{"minimum":1e9999999}`, "out of range"},
		"a file":                 {`{"$ref":"file:///etc/hostname"}`, "outside the schema"},
		"a neighbour":            {`{"$ref":"other.json"}`, "outside the schema"},
		"a server":               {`{"$ref":"https://example.com/schema.json"}`, "outside the schema"},
		"a server's metaschema":  {`{"$schema":"https://example.com/schema.json"}`, "outside the schema"},
		"nothing there":          {`{"$ref":"#/$defs/none"}`, "the schema is no good"},
		"neither object nor yes": {`"x"`, "the schema is no good"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := schema.Compile(json.RawMessage(test.schema))
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("error %v; want one with %q", err, test.want)
			}
		})
	}
}

func TestSecretsAreNeverShown(t *testing.T) {
	const secret = "hunter2"
	for name, test := range map[string]struct{ schema, document string }{
		"type":                {property(`{"type":"integer","x-secret":true}`), `{"p":"hunter2"}`},
		"enum":                {property(`{"enum":["a"],"x-sensitive":true}`), `{"p":"hunter2"}`},
		"enum near":           {property(`{"enum":["hunter3"],"x-sensitive":true}`), `{"p":"hunter2"}`},
		"const":               {property(`{"const":"a","x-secret":true}`), `{"p":"hunter2"}`},
		"pattern":             {property(`{"pattern":"^$","x-secret":true}`), `{"p":"hunter2"}`},
		"within":              {property(`{"x-secret":true,"properties":{"q":{"type":"integer"}}}`), `{"p":{"q":"hunter2"}}`},
		"items":               {property(`{"type":"array","items":{"type":"integer","x-secret":true}}`), `{"p":["hunter2"]}`},
		"choice":              {property(`{"x-secret":true,"anyOf":[{"type":"integer"},{"pattern":"^$"}]}`), `{"p":"hunter2"}`},
		"choice, two forms":   {property(`{"x-secret":true,"anyOf":[{"maxLength":1},{"pattern":"^$"}]}`), `{"p":"hunter2"}`},
		"reference":           {`{"$defs":{"s":{"x-secret":true}},"properties":{"p":{"$ref":"#/$defs/s","type":"integer"}}}`, `{"p":"hunter2"}`},
		"referred":            {`{"$defs":{"s":{"type":"integer"}},"properties":{"p":{"$ref":"#/$defs/s","x-secret":true}}}`, `{"p":"hunter2"}`},
		"marked in one part":  {`{"allOf":[{"properties":{"p":{"x-secret":true}}},{"properties":{"p":{"type":"integer"}}}]}`, `{"p":"hunter2"}`},
		"the document itself": {`{"type":"integer","x-secret":true}`, `"hunter2"`},
		"older format":        {`{"$schema":"http://json-schema.org/draft-07/schema#","properties":{"p":{"format":"ipv4","x-secret":true}}}`, `{"p":"hunter2"}`},
	} {
		t.Run(name, func(t *testing.T) {
			faults := strict(t, test.schema).Check(json.RawMessage(test.document))
			if len(faults) == 0 {
				t.Fatal("no fault")
			}
			if text := strings.Join(lines(faults), "\n"); strings.Contains(text, secret) {
				t.Errorf("the secret is shown: %s", text)
			}
		})
	}
}

func TestSecrets(t *testing.T) {
	checker := strict(t, `{"properties":{
		"region":{}, "key":{"x-secret":true}, "pin":{"x-sensitive":true},
		"more":{"properties":{"keys":{"type":"array","items":{"x-secret":true}}}}}}`)
	got := checker.Secrets(json.RawMessage(`{"region":"north","key":"k1","pin":1234,"more":{"keys":["k2","k1",""]}}`))
	if diff := cmp.Diff([]string{"1234", "k1", "k2"}, got); diff != "" {
		t.Errorf("secrets (-want +got):\n%s", diff)
	}
}

func TestCheckAs(t *testing.T) {
	checker := strict(t, `{"properties":{"a":{"type":"integer"},"b":{"type":"integer"}}}`)
	got := lines(checker.CheckAs(json.RawMessage(`{"a":"one","b":"two","c":1}`), schema.View{
		Noun: "key",
		Hide: func(path []string) bool { return path[0] == "a" },
	}))
	want := []string{
		`/a: want an integer, got a string`,
		`/b: want an integer, got the string "two"`,
		`/c: unknown key. Known: a, b`,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("faults (-want +got):\n%s", diff)
	}
}

func TestCheckerIsSafeForConcurrentUse(t *testing.T) {
	checker := strict(t, property(`{"anyOf":[{"type":"integer"},{"type":"string","maxLength":1}]}`))
	want := lines(checker.Check(json.RawMessage(`{"p":"xx"}`)))
	var group sync.WaitGroup
	for range 8 {
		group.Go(func() {
			for range 50 {
				if diff := cmp.Diff(want, lines(checker.Check(json.RawMessage(`{"p":"xx"}`)))); diff != "" {
					t.Error(diff)
					return
				}
			}
		})
	}
	group.Wait()
}

func TestRedacted(t *testing.T) {
	checker := strict(t, `{"type":"object","properties":{"pin":{"type":"string","x-sensitive":true},"list":{"type":"array","items":{"type":"object",
		"properties":{"key":{"x-secret":true}}}},"number":{"type":"integer"}}}`)
	got, err := json.Marshal(checker.Redacted(json.RawMessage(`{"pin":["a","b"],"list":[{"key":{"a":1},"name":"n"}],"number":9007199254740993,"key":null}`), "-"))
	if err != nil {
		t.Fatal(err)
	}
	if want := `{"key":"-","list":[{"key":"-","name":"n"}],"number":9007199254740993,"pin":"-"}`; string(got) != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if got := strict(t, `{"x-secret":true}`).Redacted(json.RawMessage(`7`), "-"); got != "-" {
		t.Errorf("of a document that is a secret: %v", got)
	}
	if got := checker.Redacted(json.RawMessage(`{`), "-"); got != nil {
		t.Errorf("of no JSON: %v", got)
	}
}
