package schema

// place says what a keyword's value holds.
type place int

const (
	holdsData    place = iota // no schemas: default, const, examples
	holdsSchema               // one schema; in older drafts at times a list
	holdsSchemas              // a list of schemas
	holdsNamed                // schemas by name
)

// placeOf tells where schemas are within a schema. Elsewhere a key that looks like a keyword is data.
func placeOf(keyword string) place {
	switch keyword {
	case "additionalItems", "additionalProperties", "contains", "contentSchema", "else", "if", "items", "not",
		"propertyNames", "then", "unevaluatedItems", "unevaluatedProperties":
		return holdsSchema
	case "allOf", "anyOf", "oneOf", "prefixItems":
		return holdsSchemas
	case "$defs", "definitions", "dependencies", "dependentSchemas", "patternProperties", "properties":
		return holdsNamed
	default:
		return holdsData
	}
}

// sameValue reports whether a keyword's schemas speak of the very value that the schema around them speaks of.
func sameValue(keyword string) bool {
	switch keyword {
	case "allOf", "anyOf", "dependencies", "dependentSchemas", "else", "if", "not", "oneOf", "then":
		return true
	default:
		return false
	}
}

// children calls visit with every schema that a keyword holds.
func children(keyword string, value any, visit func(name string, child map[string]any)) {
	switch held := value.(type) {
	case []any:
		if place := placeOf(keyword); place == holdsSchema || place == holdsSchemas {
			for _, item := range held {
				if child, ok := item.(map[string]any); ok {
					visit("", child)
				}
			}
		}
	case map[string]any:
		switch placeOf(keyword) {
		case holdsSchema:
			visit("", held)
		case holdsNamed:
			for name, item := range held {
				if child, ok := item.(map[string]any); ok {
					visit(name, child)
				}
			}
		}
	}
}
