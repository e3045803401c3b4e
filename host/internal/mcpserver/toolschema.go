package mcpserver

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

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
	// encoded are the properties that have not changed since they were encoded: fit encodes again and again.
	encoded map[string]json.RawMessage
	// unlisted counts the arguments left out; bare means that words about others are.
	unlisted int
	bare     bool
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
	t := &toolSchema{properties: map[string]map[string]any{}, required: root.Required, encoded: map[string]json.RawMessage{}}
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
	t.each(func(schema map[string]any) bool {
		removed := remove(schema, "additionalProperties", "unevaluatedProperties", "default")
		if value, ok := schema["const"]; ok {
			delete(schema, "const")
			schema["enum"] = []any{value}
			return true
		}
		return removed
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

// addOptional adds a property that a call may leave out, behind the others.
func (t *toolSchema) addOptional(name string, schema map[string]any) {
	t.order = append(t.order, name)
	t.properties[name] = schema
}

// fit leaves out what an assistant misses least until the tool is within its budget, and returns the tool's
// description and input schema. What is left out is still taken, and the gateway checks all rules anyway and says
// what a value should be. A tool with many required arguments may stay over its budget.
func (t *toolSchema) fit(operation *operations.Operation) (text string, input json.RawMessage, err error) {
	text = operation.Description()
	if text == "" {
		text = operation.Title
	}
	for ways := t.reductions(operation); ; ways = ways[1:] {
		fitted := text + t.pointer()
		pieces, err := t.pieces()
		if err != nil {
			return "", nil, err
		}
		size := len(operation.Name) + len(fitted)
		for _, piece := range pieces {
			size += len(piece)
		}
		if size <= toolBudget || len(ways) == 0 {
			return fitted, slices.Concat(pieces...), nil
		}
		ways[0]()
	}
}

// pointer says where to read of what the tool leaves out that its arguments need.
func (t *toolSchema) pointer() string {
	switch {
	case t.unlisted > 0:
		return fmt.Sprintf(" More arguments (%d): describe_operation.", t.unlisted)
	case t.bare:
		return " The arguments: describe_operation."
	default:
		return ""
	}
}

// reductions are the ways to make the tool smaller, what is missed least first: examples; rules; all but the first
// sentence about an argument; arguments that a call may leave out; the words about those of modes; the words within
// arguments that are objects; the words about required ones; the insides of objects.
func (t *toolSchema) reductions(operation *operations.Operation) []func() {
	ways := []func(){
		func() { t.each(func(schema map[string]any) bool { return remove(schema, "examples") }) },
		func() { t.each(func(schema map[string]any) bool { return remove(schema, rules...) }) },
		func() { t.each(shorten) },
	}
	required, inModes, free := t.kinds(operation)
	for _, name := range free {
		ways = append(ways, func() { t.unlist(name) })
	}
	for _, name := range inModes {
		ways = append(ways, func() { t.strip(name, "description") })
	}
	ways = append(ways, t.stripInsides)
	for _, name := range required {
		ways = append(ways, func() { t.strip(name, "description") })
	}
	for _, name := range required {
		ways = append(ways, func() { t.strip(name, "properties", "required", "items") })
	}
	return ways
}

// rules are the keywords that an assistant is told of again when it breaks them.
var rules = []string{"pattern", "format", "minLength", "maxLength", "minItems", "maxItems", "minimum", "maximum", "uniqueItems"}

func shorten(schema map[string]any) bool {
	description, _ := schema["description"].(string)
	short := firstSentence(description)
	if short == description {
		return false
	}
	schema["description"] = short
	return true
}

// unlist leaves out an argument.
func (t *toolSchema) unlist(name string) {
	delete(t.properties, name)
	t.order = slices.DeleteFunc(t.order, func(other string) bool { return other == name })
	t.unlisted++
}

// strip leaves out what is said about an argument.
func (t *toolSchema) strip(name string, keywords ...string) {
	remove(t.properties[name], keywords...)
	delete(t.encoded, name)
	t.bare = true
}

// stripInsides leaves out what is said about the parts of arguments.
func (t *toolSchema) stripInsides() {
	clear(t.encoded)
	for _, property := range t.properties {
		description := property["description"]
		walk(property, func(schema map[string]any) {
			if _, has := schema["description"]; has {
				delete(schema, "description")
				t.bare = true
			}
		})
		if description != nil {
			property["description"] = description
		}
	}
}

// kinds are the required arguments, those of modes and the free ones, each with the dispensable first: whose values
// are listed, then whose descriptions are longest. The arguments connection and
// confirm_token are the host's and stay as they are.
func (t *toolSchema) kinds(operation *operations.Operation) (required, inModes, free []string) {
	modes := slices.Concat(operation.OneSetOf()...)
	names := slices.Clone(t.order)
	slices.SortStableFunc(names, func(a, b string) int {
		pa, pb := t.properties[a], t.properties[b]
		if ea, eb := pa["enum"] != nil, pb["enum"] != nil; ea != eb {
			return rank(ea) - rank(eb)
		}
		return describedBytes(pb) - describedBytes(pa)
	})
	for _, name := range names {
		switch {
		case name == connectionArgument, name == confirmArgument:
		case t.requires(name):
			required = append(required, name)
		case slices.Contains(modes, name):
			inModes = append(inModes, name)
		default:
			free = append(free, name)
		}
	}
	return required, inModes, free
}

func describedBytes(schema map[string]any) int {
	text, _ := schema["description"].(string)
	return len(text)
}

// each calls change for the schema of every property and everything within. It reports what it changed.
func (t *toolSchema) each(change func(map[string]any) bool) {
	for name, property := range t.properties {
		walk(property, func(schema map[string]any) {
			if change(schema) {
				delete(t.encoded, name)
			}
		})
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

// remove reports whether there was something to remove.
func remove(schema map[string]any, keywords ...string) bool {
	before := len(schema)
	for _, keyword := range keywords {
		delete(schema, keyword)
	}
	return len(schema) < before
}

// pieces are the schema's text, in pieces: its size is asked for more often than the whole.
func (t *toolSchema) pieces() ([][]byte, error) {
	pieces := append(make([][]byte, 0, 2*len(t.order)+4), []byte(`{"type":"object","properties":{`))
	for i, name := range t.order {
		if t.encoded[name] == nil {
			member, err := encode(map[string]any{name: t.properties[name]})
			if err != nil {
				return nil, err
			}
			t.encoded[name] = member[1 : len(member)-1]
		}
		if i > 0 {
			pieces = append(pieces, []byte(","))
		}
		pieces = append(pieces, t.encoded[name])
	}
	pieces = append(pieces, []byte("}"))
	if len(t.required) > 0 {
		required, err := encode(t.required)
		if err != nil {
			return nil, err
		}
		pieces = append(pieces, []byte(`,"required":`), required)
	}
	return append(pieces, []byte("}")), nil
}
