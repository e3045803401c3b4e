package sdk

import (
	"context"
	"encoding/json"
	"fmt"
	"regexp"
)

// Info is what the manifest says of an operation.
type Info struct {
	// VendorName is the vendor's own name of the operation: people search for it.
	VendorName string
	// Product groups a plugin's operations; empty when the plugin has one product.
	Product     string
	Title       string
	Description string
	// Request is the method and path template; empty when there is none.
	Request  string
	Access   Access
	Toolset  string
	Keywords []string
	Aliases  []string
	// Input and Output are JSON schemas (2020-12) of objects.
	Input, Output json.RawMessage
	// ExampleArguments are arguments of a call that works in the sandbox; nil when none are known.
	ExampleArguments json.RawMessage
	// Billable operations cost money.
	Billable bool
	// Escalations are arguments that make a call need more access.
	Escalations []Escalation
	// Target is the JSON pointer of the argument that names what the call acts on, where the path does not say it.
	Target string
	// Lookup says what to look up about the target before a call is confirmed. Its operations are named as
	// [Operation.Name] is.
	Lookup []Lookup
	// Modes are alternative sets of arguments: a call gives one whole set and nothing of the others.
	Modes [][]string
}

// Escalation says that a call needs more access when an argument has one of some values: the same operation may
// create or delete.
type Escalation struct {
	// Pointer is the argument's JSON pointer, like /action. A list on the way is gone through, item by item.
	Pointer string `json:"pointer"`
	// Values are JSON; none means whatever the value is. Case and spaces of a text do not count, and a number may
	// be written as a text: a vendor may read it so, and a call that is confirmed once too often does no harm.
	Values []json.RawMessage `json:"values,omitempty"`
	Access Access            `json:"access"`
}

// Operation is one thing that can be done with an open connection of type T.
type Operation[T any] struct {
	// Name is the tool's name without the plugin's: <product>_<operation>, snake_case.
	Name string
	// Describe tells the manifest's part, only when the host asks for it. docs are the plugin's doc comments.
	Describe func(docs Docs) (Info, error)
	// Invoke runs the operation. Arguments are one JSON object that the host has checked against the input
	// schema; the result is one JSON object. Errors should be a *Problem.
	Invoke func(ctx context.Context, connection T, arguments json.RawMessage) (json.RawMessage, error)

	// encodes says that Invoke's result comes from encoding/json, and need not be looked through again.
	encodes bool
}

// Operations makes an operation a source of operations, of itself alone.
func (o Operation[T]) Operations() []Operation[T] { return []Operation[T]{o} }

// OperationSource is anything that yields operations: a typed function, a folder of files.
type OperationSource[T any] interface {
	Operations() []Operation[T]
}

// Operations gathers operations from their sources.
func Operations[T any](sources ...OperationSource[T]) []Operation[T] {
	var all []Operation[T]
	for _, source := range sources {
		all = append(all, source.Operations()...)
	}
	return all
}

// MaxName is the longest tool name, in bytes: clients put their server's name before it and allow 60 for both.
const MaxName = 40

var (
	snakeCase = regexp.MustCompile(`^[a-z][a-z0-9]*(_[a-z0-9]+)*$`)
	// Without underscores, so that the plugin of an operation can be told from its name.
	pluginName = regexp.MustCompile(`^[a-z][a-z0-9]*$`)
)

// checkName reports what is wrong with a tool's whole name.
func checkName(name string) error {
	switch {
	case !snakeCase.MatchString(name):
		return fmt.Errorf("operation %q: a name is snake_case: lower-case letters, digits and single underscores", name)
	case len(name) > MaxName:
		return fmt.Errorf("operation %q: a name has at most %d characters, this one has %d", name, MaxName, len(name))
	default:
		return nil
	}
}
