// Package operations is the catalogue: every operation of every plugin, found by name or by words, with its
// arguments checked.
package operations

import (
	"encoding/json"
	"sync"

	"github.com/mqtrail/mqtrail/host/internal/schema"
	"github.com/mqtrail/mqtrail/sdk"
	"github.com/mqtrail/mqtrail/sdk/protocol"
)

// Operation is one operation of one plugin.
type Operation struct {
	*protocol.Operation
	// Plugin is the name of the plugin that runs it.
	Plugin string

	compile func() (*schema.Checker, error)
	secrets func() (map[string]bool, error)
}

func newOperation(plugin string, described *protocol.Operation) *Operation {
	return &Operation{
		Operation: described,
		Plugin:    plugin,
		// Compiled when first called: a host with hundreds of operations calls a few.
		compile: sync.OnceValues(func() (*schema.Checker, error) { return schema.CompileStrict(described.InputSchema) }),
		secrets: sync.OnceValues(func() (map[string]bool, error) { return schema.SecretNames(described.OutputSchema) }),
	}
}

// Check finds every fault of a call's arguments; nil when there is none.
func (o *Operation) Check(arguments json.RawMessage) error {
	checker, err := o.compile()
	if err != nil {
		return sdk.Problemf(sdk.SourcePlugin, sdk.CodePluginInvalid, "The input schema of %s does not compile: %v", o.Name, err)
	}
	faults := checker.Check(arguments)
	if len(faults) == 0 {
		faults = schema.CheckModes(o.modes(), arguments)
	}
	if len(faults) == 0 {
		return nil
	}
	problem := sdk.Problemf(sdk.SourceCaller, sdk.CodeInvalidArguments, "The arguments of %s are not valid; nothing was sent.", o.Name).
		WithHint("See the operation with: mqtrail describe %s (tool describe_operation)", o.Name)
	problem.Faults = faults
	if len(faults) == 1 {
		problem.Pointer = faults[0].Pointer
	}
	return problem
}

// Redacted is the arguments as a value, with mark in the place of secrets; nil when they cannot be read.
func (o *Operation) Redacted(arguments json.RawMessage, mark string) any {
	checker, err := o.compile()
	if err != nil {
		return nil
	}
	return checker.Redacted(arguments, mark)
}

func (o *Operation) modes() [][]string {
	modes := make([][]string, len(o.Modes))
	for i, mode := range o.Modes {
		modes[i] = mode.Arguments
	}
	return modes
}

// Input is the input schema as clients see it.
func (o *Operation) Input() (json.RawMessage, error) { return schema.Publish(o.InputSchema) }

// Output is the output schema as clients see it.
func (o *Operation) Output() (json.RawMessage, error) { return schema.Publish(o.OutputSchema) }
