package sandbox

import (
	"bytes"
	"encoding/json"
	"slices"
)

// schema is the part of a JSON schema that an example is made from.
type schema struct {
	Type       any               `json:"type"`
	Examples   []json.RawMessage `json:"examples"`
	Enum       []json.RawMessage `json:"enum"`
	Properties map[string]schema `json:"properties"`
	Items      *schema           `json:"items"`
}

// maxDepth bounds an example of a schema that nests deeply.
const maxDepth = 12

// Example makes a value that fits an output schema: its examples where it has some, else the plainest value of
// the type. It says nothing about a real resource.
func Example(output json.RawMessage) (json.RawMessage, error) {
	var root schema
	if err := json.Unmarshal(output, &root); err != nil {
		return nil, err
	}
	return json.Marshal(root.example(maxDepth))
}

func (s schema) example(depth int) any {
	kinds := s.kinds()
	switch {
	case depth == 0:
		return nil
	case len(s.Examples) > 0 && fits(s.Examples[0], kinds):
		return s.Examples[0]
	case len(s.Enum) > 0:
		return s.Enum[0]
	}
	switch plainest(kinds) {
	case "object":
		object := map[string]any{}
		for name, property := range s.Properties {
			object[name] = property.example(depth - 1)
		}
		return object
	case "array":
		if s.Items == nil {
			return []any{}
		}
		return []any{s.Items.example(depth - 1)}
	case "string":
		return ""
	case "integer", "number":
		return 0
	case "boolean":
		return false
	default:
		return nil
	}
}

// kinds are the types that the schema allows; an object when only properties tell, none when any is allowed.
func (s schema) kinds() []string {
	switch value := s.Type.(type) {
	case string:
		return []string{value}
	case []any:
		kinds := make([]string, len(value))
		for i := range value {
			kinds[i], _ = value[i].(string)
		}
		return kinds
	}
	if len(s.Properties) > 0 {
		return []string{"object"}
	}
	return nil
}

// plainest is the first type that is not null; "" when there is none.
func plainest(kinds []string) string {
	if i := slices.IndexFunc(kinds, func(kind string) bool { return kind != "null" }); i >= 0 {
		return kinds[i]
	}
	return ""
}

// fits reports whether a documented example has one of the types: documents write "10000000xx" for an integer.
func fits(example json.RawMessage, kinds []string) bool {
	kind := kindOf(example)
	return len(kinds) == 0 || slices.Contains(kinds, kind) || kind == "integer" && slices.Contains(kinds, "number")
}

func kindOf(value json.RawMessage) string {
	switch value[0] {
	case '"':
		return "string"
	case '{':
		return "object"
	case '[':
		return "array"
	case 't', 'f':
		return "boolean"
	case 'n':
		return "null"
	}
	if bytes.ContainsAny(value, ".eE") {
		return "number"
	}
	return "integer"
}
