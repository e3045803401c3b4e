package mcpserver

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/mqtrail/mqtrail/host/internal/operations"
)

// toolBudget is what a tool should cost every conversation, in bytes of name, description and input schema: 200
// tokens of four bytes.
const toolBudget = 800

// toolSchema is the input schema of an operation's tool. Its properties keep the order of the operation's, required
// ones first.
type toolSchema struct {
	order      []string
	properties map[string]map[string]any
	required   []string
}

// readToolSchema reads a published schema and leaves out the words that clients strip or stumble over. A schema
// that would still upset a client is an error.
func readToolSchema(published json.RawMessage) (*toolSchema, error) {
	if bytes.Contains(published, []byte(`"$ref"`)) {
		return nil, errors.New("it refers to parts of itself with $ref, which some clients do not follow")
	}
	var root struct {
		Type       string          `json:"type"`
		Properties json.RawMessage `json:"properties"`
		Required   []string        `json:"required"`
		OneOf      any             `json:"oneOf"`
		AnyOf      any             `json:"anyOf"`
		AllOf      any             `json:"allOf"`
	}
	if err := json.Unmarshal(published, &root); err != nil {
		return nil, err
	}
	if root.Type != "object" || root.OneOf != nil || root.AnyOf != nil || root.AllOf != nil {
		return nil, errors.New("its root is not a plain object, which some clients require")
	}
	t := &toolSchema{properties: map[string]map[string]any{}, required: root.Required}
	if len(root.Properties) == 0 {
		return t, nil
	}
	if err := unmarshalExact(root.Properties, &t.properties); err != nil {
		return nil, err
	}
	members, err := membersOf(root.Properties)
	if err != nil {
		return nil, err
	}
	for _, m := range members {
		t.order = append(t.order, m.name)
	}
	t.each(func(schema map[string]any) {
		remove(schema, "additionalProperties", "unevaluatedProperties", "default")
		if value, ok := schema["const"]; ok {
			delete(schema, "const")
			schema["enum"] = []any{value}
		}
	})
	slices.SortStableFunc(t.order, func(a, b string) int { return rank(t.requires(a)) - rank(t.requires(b)) })
	return t, nil
}

func rank(required bool) int {
	if required {
		return 0
	}
	return 1
}

func (t *toolSchema) has(name string) bool { return t.properties[name] != nil }

func (t *toolSchema) requires(name string) bool { return slices.Contains(t.required, name) }

// add adds a required property, in front.
func (t *toolSchema) add(name string, schema map[string]any) {
	t.order = append([]string{name}, t.order...)
	t.properties[name] = schema
	t.required = append([]string{name}, t.required...)
}

// fit leaves out what an assistant misses least until the tool is within its budget, and returns the tool's
// description and input schema. What is left out is still taken, and the gateway checks all rules anyway and says
// what a value should be.
func (t *toolSchema) fit(operation *operations.Operation) (text string, input json.RawMessage, err error) {
	if text = operation.Description; text == "" {
		text = operation.Title
	}
	unlisted := 0
	for _, leaveOut := range t.reductions(operation, &unlisted) {
		whole := text + more(unlisted)
		input, err = t.encode()
		if err != nil || len(operation.Name)+len(whole)+len(input) <= toolBudget {
			return whole, input, err
		}
		leaveOut()
	}
	input, err = t.encode()
	return text + more(unlisted), input, err
}

// more says that a tool takes arguments that it does not list.
func more(unlisted int) string {
	if unlisted == 0 {
		return ""
	}
	return fmt.Sprintf(" More arguments (%d): describe_operation.", unlisted)
}

// reductions are the ways to make the tool smaller, what is missed least first: examples; rules; all but the first
// sentence about an argument; arguments that a call may leave out, the longest first; at last the words about those
// of modes.
func (t *toolSchema) reductions(operation *operations.Operation, unlisted *int) []func() {
	ways := []func(){
		func() { t.each(func(schema map[string]any) { remove(schema, "examples") }) },
		func() { t.each(func(schema map[string]any) { remove(schema, rules...) }) },
		func() { t.each(shorten) },
	}
	free, inModes := t.optional(operation)
	for _, name := range free {
		ways = append(ways, func() {
			delete(t.properties, name)
			t.order = slices.DeleteFunc(t.order, func(other string) bool { return other == name })
			*unlisted++
		})
	}
	for _, name := range inModes {
		ways = append(ways, func() { remove(t.properties[name], "description") })
	}
	return ways
}

// rules are the keywords that an assistant is told of again when it breaks them.
var rules = []string{"pattern", "format", "minLength", "maxLength", "minItems", "maxItems", "minimum", "maximum", "uniqueItems"}

func shorten(schema map[string]any) {
	if description, ok := schema["description"].(string); ok {
		schema["description"] = firstSentence(description)
	}
}

// optional are the arguments that a call may leave out, those with the longest descriptions first: the free ones,
// and those of modes.
func (t *toolSchema) optional(operation *operations.Operation) (free, inModes []string) {
	modes := slices.Concat(modesOf(operation)...)
	for _, name := range t.order {
		switch {
		case t.requires(name):
		case slices.Contains(modes, name):
			inModes = append(inModes, name)
		default:
			free = append(free, name)
		}
	}
	length := func(name string) int { text, _ := t.properties[name]["description"].(string); return len(text) }
	longest := func(a, b string) int { return length(b) - length(a) }
	slices.SortStableFunc(free, longest)
	slices.SortStableFunc(inModes, longest)
	return free, inModes
}

// each calls change for the schema of every property and everything within.
func (t *toolSchema) each(change func(map[string]any)) {
	for _, schema := range t.properties {
		walk(schema, change)
	}
}

// walk calls change for a schema and every schema in it.
func walk(node any, change func(map[string]any)) {
	switch node := node.(type) {
	case []any:
		for _, item := range node {
			walk(item, change)
		}
	case map[string]any:
		change(node)
		for _, keyword := range []string{"items", "prefixItems", "anyOf", "oneOf", "allOf", "not"} {
			walk(node[keyword], change)
		}
		named, _ := node["properties"].(map[string]any)
		for _, schema := range named {
			walk(schema, change)
		}
	}
}

func remove(schema map[string]any, keywords ...string) {
	for _, keyword := range keywords {
		delete(schema, keyword)
	}
}

func (t *toolSchema) encode() (json.RawMessage, error) {
	var out strings.Builder
	out.WriteString(`{"type":"object","properties":{`)
	for i, name := range t.order {
		key, err := encode(name)
		if err != nil {
			return nil, err
		}
		schema, err := encode(t.properties[name])
		if err != nil {
			return nil, err
		}
		if i > 0 {
			out.WriteByte(',')
		}
		fmt.Fprintf(&out, "%s:%s", key, schema)
	}
	out.WriteByte('}')
	if len(t.required) > 0 {
		required, err := encode(t.required)
		if err != nil {
			return nil, err
		}
		fmt.Fprintf(&out, `,"required":%s`, required)
	}
	out.WriteByte('}')
	return json.RawMessage(out.String()), nil
}
