package sandbox

import (
	"bytes"
	"io/fs"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/mqtrail/mqtrail/schemas"
	"github.com/mqtrail/mqtrail/sdk"
)

func TestExample(t *testing.T) {
	tests := []struct{ name, schema, want string }{
		{"its own examples", `{"type":"object","properties":{"a":{"type":"string","examples":["x","y"]},"b":{"type":["integer","null"],"examples":[9007199254740993]}}}`,
			`{"a":"x","b":9007199254740993}`},
		{"the plainest values", `{"type":"object","properties":{"a":{"type":"string"},"b":{"type":["null","integer"]},"c":{"type":"number"},"d":{"type":"boolean"},"e":{},"f":{"type":"null"}}}`,
			`{"a":"","b":0,"c":0,"d":false,"e":null,"f":null}`},
		{"an enum's first", `{"type":"object","properties":{"a":{"enum":["ON","OFF"]}}}`, `{"a":"ON"}`},
		{"lists", `{"type":"object","properties":{"a":{"type":"array","items":{"type":"object","properties":{"b":{"type":"string","examples":["x"]}}}},"c":{"type":"array"}}}`,
			`{"a":[{"b":"x"}],"c":[]}`},
		{"an object without a type", `{"properties":{"a":{"properties":{"b":{"type":"string"}}}}}`, `{"a":{"b":""}}`},
		{"an example of another type is passed over", `{"type":"object","properties":{"a":{"type":"integer","examples":["10000000xx"]},"b":{"type":"integer","examples":[1.5]}}}`, `{"a":0,"b":0}`},
		{"the later types count too", `{"type":"object","properties":{"a":{"type":["integer","string","null"],"examples":["10000000xx"]}}}`, `{"a":"10000000xx"}`},
		{"an example of null", `{"type":"object","properties":{"a":{"type":["string","null"],"examples":[null]}}}`, `{"a":null}`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got, err := Example([]byte(test.schema))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, string(got)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if err := output(t, []byte(test.schema)).Validate(decoded(t, got)); err != nil {
				t.Error(err)
			}
		})
	}
	if _, err := Example([]byte(`{`)); err == nil {
		t.Error("an example was made of a broken schema")
	}
}

// Every operation that is there has an example that its own output schema accepts.
func TestExampleOfEveryOperation(t *testing.T) {
	for _, files := range []fs.FS{schemas.Aliyun, schemas.Huawei, schemas.CTyun} {
		names, err := sdk.FileNames(files)
		if err != nil {
			t.Fatal(err)
		}
		if len(names) == 0 {
			t.Error("a vendor without operations")
		}
		for _, name := range names {
			file, err := sdk.ReadFile(files, name)
			if err != nil {
				t.Error(err)
				continue
			}
			made, err := Example(file.Output)
			if err != nil {
				t.Errorf("%s: %v", name, err)
				continue
			}
			if err := output(t, file.Output).Validate(decoded(t, made)); err != nil {
				t.Errorf("%s: %v\n%s", name, err, made)
			}
		}
	}
}

func output(t *testing.T, schema []byte) *jsonschema.Schema {
	t.Helper()
	compiled, err := compileInput(&sdk.File{Input: schema})
	if err != nil {
		t.Fatal(err)
	}
	return compiled
}

func decoded(t *testing.T, data []byte) any {
	t.Helper()
	value, err := jsonschema.UnmarshalJSON(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	return value
}
