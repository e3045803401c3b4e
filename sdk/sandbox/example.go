package sandbox

import (
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
	kind := s.kind()
	switch {
	case depth == 0:
		return nil
	case len(s.Examples) > 0 && fits(s.Examples[0], kind):
		return s.Examples[0]
	case len(s.Enum) > 0:
		return s.Enum[0]
	}
	switch kind {
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

// kind is the first type that is not null; an object when only properties tell.
func (s schema) kind() string {
	switch value := s.Type.(type) {
	case string:
		return value
	case []any:
		if i := slices.IndexFunc(value, func(v any) bool { return v != "null" }); i >= 0 {
			kind, _ := value[i].(string)
			return kind
		}
	}
	if len(s.Properties) > 0 {
		return "object"
	}
	return ""
}

// fits reports whether a documented example has the type at all: documents write "10000000xx" for an integer.
func fits(example json.RawMessage, kind string) bool {
	var value any
	if json.Unmarshal(example, &value) != nil {
		return false
	}
	switch value.(type) {
	case string:
		return kind == "string" || kind == ""
	case float64:
		return kind == "integer" || kind == "number" || kind == ""
	case bool:
		return kind == "boolean" || kind == ""
	case []any:
		return kind == "array" || kind == ""
	case map[string]any:
		return kind == "object" || kind == ""
	default:
		return false
	}
}
