package config

import (
	"encoding/json"
	"maps"
	"reflect"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/mqtrail/mqtrail/host/internal/schema"
)

// TestSchemaAndTypesAgree holds that every key that the schema allows is read, and no other.
func TestSchemaAndTypesAgree(t *testing.T) {
	type node struct {
		Properties map[string]json.RawMessage `json:"properties"`
		Additional json.RawMessage            `json:"additionalProperties"`
	}
	decode := func(raw json.RawMessage) (n node) {
		t.Helper()
		if err := json.Unmarshal(raw, &n); err != nil {
			t.Fatal(err)
		}
		return n
	}
	if _, err := schema.Compile(fileSchema); err != nil { // which also holds it to the metaschema
		t.Error(err)
	}
	root := decode(fileSchema)
	for _, pair := range []struct {
		schema node
		read   reflect.Type
	}{
		{root, reflect.TypeFor[file]()},
		{decode(decode(root.Properties["connections"]).Additional), reflect.TypeFor[fileConnection]()},
		{decode(decode(root.Properties["plugins"]).Additional), reflect.TypeFor[filePlugin]()},
	} {
		var keys []string
		for i := range pair.read.NumField() {
			keys = append(keys, pair.read.Field(i).Tag.Get("json"))
		}
		slices.Sort(keys)
		if diff := cmp.Diff(slices.Sorted(maps.Keys(pair.schema.Properties)), keys); diff != "" {
			t.Errorf("%s (-schema +type):\n%s", pair.read, diff)
		}
	}
}
