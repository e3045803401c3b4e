package sdk

import (
	"encoding/json"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"
)

// schemaOf is the reflected schema as a map, for looking into.
func schemaOf[V any](t *testing.T, docs Docs) map[string]any {
	t.Helper()
	raw, err := reflectSchema[V](docs)
	if err != nil {
		t.Fatal(err)
	}
	return decoded(t, raw)
}

func decoded(t *testing.T, raw json.RawMessage) map[string]any {
	t.Helper()
	var schema map[string]any
	if err := json.Unmarshal(raw, &schema); err != nil {
		t.Fatalf("%v: %s", err, raw)
	}
	return schema
}

// dig goes down into a schema by keys.
func dig(schema map[string]any, keys ...string) map[string]any {
	for _, key := range keys {
		schema, _ = schema[key].(map[string]any)
	}
	return schema
}

type credentials struct {
	Key      string `json:"key"`
	Password string `json:"password,omitempty" mqtrail:"secret"`
}

type proxy struct {
	Host     string `json:"host"`
	Password string `json:"password" mqtrail:"secret"`
}

type nested struct {
	Settings
	*credentials
	Region  string           `json:"region" jsonschema:"description=Where it is.,enum=north,enum=south"`
	Token   string           `json:"token,omitempty" mqtrail:"secret"`
	Default proxy            `json:"default"`
	Pointer *proxy           `json:"pointer,omitempty"`
	List    []proxy          `json:"list,omitempty"`
	ByName  map[string]proxy `json:"by_name,omitempty"`
	Hidden  string           `json:"-" mqtrail:"secret"`
	Whole   proxy            `json:"whole" mqtrail:"secret"`
	Bare    string           `mqtrail:"secret"`
}

func TestReflectSchema(t *testing.T) {
	type in struct {
		Topic   string          `json:"topic" jsonschema:"description=The topic."`
		Limit   int64           `json:"limit,omitempty"`
		Offset  uint64          `json:"offset,omitempty"`
		Exact   json.Number     `json:"exact,omitempty"`
		When    time.Time       `json:"when,omitzero"`
		Raw     json.RawMessage `json:"raw,omitempty"`
		Any     any             `json:"any,omitempty"`
		Bytes   []byte          `json:"bytes,omitempty"`
		Pointer *bool           `json:"pointer,omitempty"`
	}
	anything := map[string]any{"type": []any{"object", "array", "string", "number", "boolean", "null"}}
	want := map[string]any{
		"type":     "object",
		"required": []any{"topic"},
		"properties": map[string]any{
			"topic":   map[string]any{"type": "string", "description": "The topic."},
			"limit":   map[string]any{"type": "integer"},
			"offset":  map[string]any{"type": "integer"},
			"exact":   map[string]any{"type": "number"},
			"when":    map[string]any{"type": "string", "format": "date-time"},
			"raw":     anything,
			"any":     anything,
			"bytes":   map[string]any{"type": "string", "contentEncoding": "base64"},
			"pointer": map[string]any{"type": "boolean"},
		},
	}
	for name, got := range map[string]map[string]any{
		"a struct": schemaOf[in](t, Docs{}), "a pointer to it": schemaOf[*in](t, Docs{}), "a pointer to that": schemaOf[**in](t, Docs{}),
	} {
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

func TestReflectSchemaHasNoReferences(t *testing.T) {
	raw, err := reflectSchema[nested](Docs{})
	if err != nil {
		t.Fatal(err)
	}
	for _, word := range []string{"$ref", "$defs", "$schema", "$id"} {
		if strings.Contains(string(raw), word) {
			t.Errorf("%s in %s", word, raw)
		}
	}
}

func TestReflectSchemaMarksSecrets(t *testing.T) {
	schema := schemaOf[nested](t, Docs{})
	for _, path := range []string{
		"token", "password", "Bare", "whole",
		"default.properties.password", "pointer.properties.password",
		"list.items.properties.password", "by_name.additionalProperties.properties.password",
	} {
		if property := dig(schema, append([]string{"properties"}, strings.Split(path, ".")...)...); property["x-secret"] != true {
			t.Errorf("%s is not marked: %v", path, property)
		}
	}
	for _, path := range []string{"region", "key", "endpoint", "default", "default.properties.host"} {
		property := dig(schema, append([]string{"properties"}, strings.Split(path, ".")...)...)
		if property == nil || property["x-secret"] != nil {
			t.Errorf("%s is marked or missing: %v", path, property)
		}
	}
}

type ring struct {
	Next *ring  `json:"next,omitempty"`
	Name string `json:"name"`
}

func TestReflectSchemaRefuses(t *testing.T) {
	type throughList struct {
		Rings []ring `json:"rings"`
	}
	type channel struct {
		C chan int `json:"c"`
	}
	for name, test := range map[string]struct {
		reflect func(Docs) (json.RawMessage, error)
		want    string
	}{
		"a text":                        {reflectSchema[string], "reflected from a struct"},
		"a map":                         {reflectSchema[map[string]int], "reflected from a struct"},
		"a list":                        {reflectSchema[[]nested], "reflected from a struct"},
		"a type within itself":          {reflectSchema[ring], "ring lies within itself"},
		"a type within itself, further": {reflectOutput[throughList], "ring lies within itself"},
		"a type that JSON cannot hold":  {reflectSchema[channel], "unsupported type"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := test.reflect(Docs{})
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("error %v; want one with %q", err, test.want)
			}
		})
	}
}

func TestReflectSchemaOfNamesakes(t *testing.T) {
	type outer struct {
		Own Settings `json:"own"` // package sdk's
	}
	type Settings struct {
		Region string `json:"region"`
		Outer  outer  `json:"outer"`
	}
	schema := schemaOf[Settings](t, Docs{})
	if dig(schema, "properties", "region") == nil || dig(schema, "properties", "outer", "properties", "own", "properties", "endpoint") == nil {
		t.Errorf("a type within it of the same name took the root's place: %v", schema)
	}
}

func TestReflectOutputNeverRejects(t *testing.T) {
	type item struct {
		State string `json:"state" jsonschema:"enum=up,enum=down"`
	}
	type out struct {
		Items []item          `json:"items"`
		Count int             `json:"count"`
		ByID  map[string]item `json:"by_id"`
		One   item            `json:"one"`
	}
	raw, err := reflectOutput[out](Docs{})
	if err != nil {
		t.Fatal(err)
	}
	schema := decoded(t, raw)
	state := map[string]any{"type": []any{"string", "null"}, "examples": []any{"up", "down"}}
	object := map[string]any{"type": []any{"object", "null"}, "properties": map[string]any{"state": state}}
	want := map[string]any{
		"type": "object",
		"properties": map[string]any{
			"items": map[string]any{"type": []any{"array", "null"}, "items": object},
			"count": map[string]any{"type": []any{"integer", "null"}},
			"by_id": map[string]any{"type": []any{"object", "null"}, "additionalProperties": object},
			"one":   object,
		},
	}
	if diff := cmp.Diff(want, schema); diff != "" {
		t.Errorf("schema (-want +got):\n%s", diff)
	}
}

func TestReadDocs(t *testing.T) {
	docs, err := ReadDocs(fstest.MapFS{
		"a.go": {Data: []byte(`package main

// Config is what it needs.
// On two lines.
type Config struct {
	// Region is where
	// it is.
	Region string
	Zone string // Zone behind it.
	// A and B share this.
	A, B int
	Silent bool
}

// A group of types.
type (
	// In is in the group.
	In struct {
		// Limit bounds it.
		Limit int
	}
	// Name is no struct.
	Name string
	Quiet struct{}
)
`)},
		"b.go":     {Data: []byte("package main\n\n// Other is in another file.\ntype Other struct{}\n")},
		"note.txt": {Data: []byte("not Go")},
	}, "main")
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]string{
		"Config": "Config is what it needs. On two lines.", "Config.Region": "Region is where it is.", "Config.Zone": "Zone behind it.",
		"Config.A": "A and B share this.", "Config.B": "A and B share this.", "Config.Silent": "",
		"In": "In is in the group.", "In.Limit": "Limit bounds it.", "Quiet": "", "Other": "Other is in another file.",
	}
	if diff := cmp.Diff(want, docs.texts); diff != "" {
		t.Errorf("docs (-want +got):\n%s", diff)
	}
}

func TestReadDocsNamesABrokenFile(t *testing.T) {
	_, err := ReadDocs(fstest.MapFS{"broken.go": {Data: []byte("package main\ntype {")}}, "main")
	if err == nil || !strings.Contains(err.Error(), "broken.go") {
		t.Errorf("error %v; want one that names the file", err)
	}
	if docs, err := ReadDocs(nil, "main"); err != nil || len(docs.texts) != 0 {
		t.Errorf("no source: %v, %v", docs, err)
	}
}

const here = "github.com/mqtrail/mqtrail/sdk"

// TestDocComments holds that the doc comments of the plugin's package describe its types, that a tag wins over
// them, and that they do not describe a namesake of another package.
func TestDocComments(t *testing.T) {
	docs, err := ReadDocs(fstest.MapFS{"settings.go": {Data: []byte(`package acme

// A proxy stands between.
type proxy struct {
	// Host of it.
	Host string
	Password string // Password for it.
}

type nested struct {
	// Region is not what the tag says.
	Region string
	// Default proxy.
	Default proxy
}
`)}}, here)
	if err != nil {
		t.Fatal(err)
	}
	own := schemaOf[nested](t, docs)
	for path, want := range map[string]string{
		"default": "Default proxy.", "default.properties.host": "Host of it.", "default.properties.password": "Password for it.",
		"list.items": "A proxy stands between.", "region": "Where it is.",
	} {
		property := dig(own, append([]string{"properties"}, strings.Split(path, ".")...)...)
		if got, _ := property["description"].(string); got != want {
			t.Errorf("%s is described as %q; want %q", path, got, want)
		}
	}
	docs.home = "example.com/another"
	if raw, err := reflectSchema[nested](docs); err != nil || strings.Contains(string(raw), "stands between") {
		t.Errorf("another package's comments: %v: %s", err, raw)
	}
}
