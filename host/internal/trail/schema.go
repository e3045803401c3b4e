package trail

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
)

// The verbs that answers have schemas for.
const (
	VerbTrace       = "trace"
	VerbFind        = "find"
	VerbMessage     = "message"
	VerbLag         = "lag"
	VerbReplication = "replication"
	VerbList        = "list"
)

var summaries = map[string]reflect.Type{
	VerbTrace:       reflect.TypeFor[TraceSummary](),
	VerbFind:        reflect.TypeFor[FindSummary](),
	VerbMessage:     reflect.TypeFor[MessageSummary](),
	VerbLag:         reflect.TypeFor[LagSummary](),
	VerbReplication: reflect.TypeFor[ReplicationSummary](),
	VerbList:        reflect.TypeFor[ListSummary](),
}

// schemaDepth is how deep a schema goes; what lies deeper is an object of any kind.
const schemaDepth = 4

// OutputSchema is the JSON schema of a verb's summary, with whatever detail: an object, without references. It describes
// and never rejects: nothing is required, and everything may be null or more. A verb that there is not panics.
func OutputSchema(verb string) json.RawMessage {
	t, ok := summaries[verb]
	if !ok {
		panic(fmt.Sprintf("no verb %q", verb))
	}
	root := describe(t, 0)
	root["type"] = "object"
	encoded, err := json.Marshal(root)
	if err != nil { // maps and texts
		panic(err)
	}
	return encoded
}

// describe is the schema of a type, as small as it can be.
func describe(t reflect.Type, depth int) map[string]any {
	orNull := func(kind string) map[string]any { return map[string]any{"type": []string{kind, "null"}} }
	switch t.Kind() {
	case reflect.Pointer:
		return describe(t.Elem(), depth)
	case reflect.Bool:
		return orNull("boolean")
	case reflect.Int, reflect.Int64:
		return orNull("integer")
	case reflect.String:
		return orNull("string")
	case reflect.Slice:
		schema := orNull("array")
		schema["items"] = describe(t.Elem(), depth+1)
		return schema
	case reflect.Struct:
		schema := orNull("object")
		if depth < schemaDepth && !strings.HasSuffix(t.Name(), "Report") {
			schema["properties"] = properties(t, depth)
		}
		return schema
	default: // maps and anything
		return orNull("object")
	}
}

func properties(t reflect.Type, depth int) map[string]any {
	all := map[string]any{}
	for i := range t.NumField() {
		field := t.Field(i)
		if field.Anonymous {
			for name, schema := range properties(field.Type, depth) {
				all[name] = schema
			}
			continue
		}
		name, _, _ := strings.Cut(field.Tag.Get("json"), ",")
		all[name] = describe(field.Type, depth+1)
	}
	return all
}
