// Package schema is JSON Schema (draft 2020-12) for the host: it checks documents with faults that people and
// assistants can act on, and makes a plugin's schemas fit for clients.
package schema

import (
	"encoding/json"
	"errors"
	"fmt"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/mqtrail/mqtrail/sdk"
)

// The name of a schema within its own compiler. Under the second, the compiler takes it for one of the standard's own
// and does not hold it to the metaschema, which costs more than all else.
const (
	location    = "mqtrail:///schema"
	ownLocation = "https://json-schema.org/mqtrail"
)

// Checker checks documents against one schema. It is safe for concurrent use.
type Checker struct {
	compiled *jsonschema.Schema
	// raw is the schema as a JSON value: descriptions, examples and x- words are read from here.
	raw any
	// secret are the names of all properties whose values are not to be shown.
	secret map[string]bool
}

// Compile reads a schema as it is written. It loads nothing from disk or network: a reference to anything outside
// the schema is an error.
func Compile(raw json.RawMessage) (*Checker, error) {
	value, fault := parse(raw)
	if fault != nil {
		return nil, fmt.Errorf("the schema cannot be read: %s: %s", fault.Pointer, fault.Message)
	}
	return compile(location, value)
}

// CompileOwn is Compile for a schema of mqtrail's own, which its tests compile with Compile.
func CompileOwn(raw json.RawMessage) (*Checker, error) {
	value, fault := parse(raw)
	if fault != nil {
		return nil, fmt.Errorf("the schema cannot be read: %s: %s", fault.Pointer, fault.Message)
	}
	return compile(ownLocation, value)
}

// CompileStrict is Compile for a schema that allows only what it names: an object whose properties are listed,
// at any depth, has no others, unless the schema speaks of additionalProperties itself.
func CompileStrict(raw json.RawMessage) (*Checker, error) {
	value, fault := parse(raw)
	if fault != nil {
		return nil, fmt.Errorf("the schema cannot be read: %s: %s", fault.Pointer, fault.Message)
	}
	if root, ok := value.(map[string]any); ok {
		strictness{root}.apply(root)
	}
	return compile(location, value)
}

func compile(location string, value any) (*Checker, error) {
	compiler := jsonschema.NewCompiler()
	compiler.DefaultDraft(jsonschema.Draft2020)
	compiler.UseLoader(nothingElse{})
	compiler.UseRegexpEngine(newPattern)
	if err := compiler.AddResource(location, value); err != nil {
		return nil, fmt.Errorf("the schema cannot be read: %w", err)
	}
	compiled, err := compiler.Compile(location)
	if err != nil {
		return nil, fmt.Errorf("the schema is no good: %w", err)
	}
	return &Checker{compiled: compiled, raw: value, secret: secretNames(value)}, nil
}

// nothingElse keeps the compiler from reading files and calling servers.
type nothingElse struct{}

func (nothingElse) Load(address string) (any, error) {
	return nil, fmt.Errorf("%s is outside the schema; a reference leads into the schema itself, like #/$defs/name", address)
}

// View is how faults speak of a document.
type View struct {
	// Noun is what a name in the document is called: "argument" when empty.
	Noun string
	// Hide reports that the value at a path must not be shown, besides the secrets that the schema marks.
	Hide func(path []string) bool
}

// Check returns every fault of the document, sorted by pointer; nil when it is fine. A document that is no JSON,
// names something twice or is over a bound has that one fault. Values of properties that are marked x-secret or
// x-sensitive are never shown.
func (c *Checker) Check(document json.RawMessage) []sdk.Fault {
	return c.CheckAs(document, View{})
}

// CheckAs is Check with other words.
func (c *Checker) CheckAs(document json.RawMessage, view View) []sdk.Fault {
	value, fault := parse(document)
	if fault != nil {
		return []sdk.Fault{*fault}
	}
	err := c.compiled.Validate(value)
	if err == nil {
		return nil
	}
	var invalid *jsonschema.ValidationError
	if !errors.As(err, &invalid) {
		return []sdk.Fault{{Message: "cannot be checked: " + err.Error()}}
	}
	if view.Noun == "" {
		view.Noun = "argument"
	}
	report := report{checker: c, document: value, view: view}
	report.collect(invalid, false)
	return report.faults()
}
