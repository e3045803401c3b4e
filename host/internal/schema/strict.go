package schema

import (
	"slices"
	"strings"
)

// strictness closes the objects of a schema.
type strictness struct {
	root map[string]any
}

// apply closes the schema of one value and the schemas of all values within.
//
// Where a schema is put together of parts (allOf, anyOf, $ref ...), a part that were closed by itself would
// refuse what the other parts name. There unevaluatedProperties closes the whole.
func (s strictness) apply(schema map[string]any) {
	switch {
	case speaksOfOthers(schema):
	case !s.composed(schema):
		if _, ok := schema["properties"]; ok {
			schema["additionalProperties"] = false
		}
	case s.listsProperties(schema, nil):
		schema["unevaluatedProperties"] = false
	}
	s.within(schema)
}

// within closes what lies inside the value that the schema speaks of.
func (s strictness) within(schema map[string]any) {
	for keyword, value := range schema {
		children(keyword, value, func(_ string, child map[string]any) {
			if sameValue(keyword) || keyword == "$defs" || keyword == "definitions" {
				s.within(child)
				return
			}
			s.apply(child)
		})
	}
}

func speaksOfOthers(schema map[string]any) bool {
	_, additional := schema["additionalProperties"]
	_, unevaluated := schema["unevaluatedProperties"]
	return additional || unevaluated
}

func (s strictness) composed(schema map[string]any) bool {
	for keyword := range schema {
		if sameValue(keyword) || keyword == "$ref" {
			return true
		}
	}
	return false
}

// listsProperties reports whether the schema or a part of it lists properties. A definition that refers to
// itself is looked at once.
func (s strictness) listsProperties(schema map[string]any, seen []string) bool {
	if _, ok := schema["properties"]; ok {
		return true
	}
	if target, name := referred(s.root, schema); target != nil && !slices.Contains(seen, name) && s.listsProperties(target, append(seen, name)) {
		return true
	}
	found := false
	for keyword, value := range schema {
		if sameValue(keyword) && keyword != "not" {
			children(keyword, value, func(_ string, child map[string]any) {
				found = found || s.listsProperties(child, seen)
			})
		}
	}
	return found
}

// referred is the schema that $ref leads to, with the reference; nil when there is none.
func referred(root any, schema map[string]any) (map[string]any, string) {
	reference, _ := schema["$ref"].(string)
	pointer, ok := strings.CutPrefix(reference, "#")
	if !ok || pointer != "" && pointer[0] != '/' {
		return nil, ""
	}
	value, ok := at(root, Path(pointer))
	if !ok {
		return nil, ""
	}
	target, _ := value.(map[string]any)
	return target, reference
}
