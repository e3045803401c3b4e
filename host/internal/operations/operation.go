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
	brief
	// Plugin is the name of the plugin that runs it.
	Plugin string

	// read gets the bulk when it is first needed: a host with hundreds of operations calls a few.
	read func() (*protocol.Operation, error)
	once sync.Once
	bulk bulk
}

// brief is what every start needs of every operation.
type brief struct {
	Name, VendorName, Product, Title, Request, Access, Toolset string

	Aliases     []string
	Billable    bool
	escalations []*protocol.Escalation
	target      string
}

// bulk is what whoever calls or describes an operation needs.
type bulk struct {
	*protocol.Operation
	err     error
	compile func() (*schema.Checker, error)
	secrets func() (map[string]bool, error)
}

func newOperation(plugin string, described *protocol.Operation, read func() (*protocol.Operation, error)) *Operation {
	return &Operation{
		brief: brief{
			Name: described.Name, VendorName: described.VendorName, Product: described.Product, Title: described.Title,
			Request: described.Request, Access: described.Access, Toolset: described.Toolset, Aliases: described.Aliases,
			Billable: described.Billable, escalations: described.Escalations, target: described.Target,
		},
		Plugin: plugin,
		read:   read,
	}
}

// whole is the operation with its bulk. One that cannot be read has an empty bulk and an error, with which Check refuses
// every call.
func (o *Operation) whole() *bulk {
	o.once.Do(func() {
		described, err := o.read()
		if err != nil {
			described = &protocol.Operation{}
			err = sdk.Problemf(sdk.SourcePlugin, sdk.CodePluginInvalid, "What %s takes and answers cannot be read any more: %v", o.Name, err).
				WithHint("Start mqtrail again: the plugin is then asked anew.")
		}
		o.bulk = bulk{
			Operation: described, err: err,
			compile: sync.OnceValues(func() (*schema.Checker, error) { return schema.CompileStrict(described.InputSchema) }),
			secrets: sync.OnceValues(func() (map[string]bool, error) { return schema.SecretNames(described.OutputSchema) }),
		}
	})
	return &o.bulk
}

// Description says what the operation does.
func (o *Operation) Description() string { return o.whole().Description }

// ExampleArguments are arguments of a call that works in the sandbox; nil when none are known.
func (o *Operation) ExampleArguments() json.RawMessage { return o.whole().ExampleArguments }

// Lookups say what to look up about the target before a call is confirmed.
func (o *Operation) Lookups() []*protocol.Lookup { return o.whole().Lookups }

// InputSchema is the input schema as the plugin has it.
func (o *Operation) InputSchema() json.RawMessage { return o.whole().InputSchema }

// Check finds every fault of a call's arguments; nil when there is none.
func (o *Operation) Check(arguments json.RawMessage) error {
	if err := o.whole().err; err != nil {
		return err
	}
	checker, err := o.whole().compile()
	if err != nil {
		return sdk.Problemf(sdk.SourcePlugin, sdk.CodePluginInvalid, "The input schema of %s does not compile: %v", o.Name, err)
	}
	faults := checker.Check(arguments)
	if len(faults) == 0 {
		faults = schema.CheckModes(o.OneSetOf(), arguments)
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
	checker, err := o.whole().compile()
	if err != nil {
		return nil
	}
	return checker.Redacted(arguments, mark)
}

// OneSetOf are the sets of arguments of which a call gives one whole; nil when there are none.
func (o *Operation) OneSetOf() [][]string {
	var sets [][]string
	for _, mode := range o.whole().Modes {
		sets = append(sets, mode.Arguments)
	}
	return sets
}

// Input is the input schema as clients see it.
func (o *Operation) Input() (json.RawMessage, error) { return o.published(o.whole().InputSchema) }

// Output is the output schema as clients see it.
func (o *Operation) Output() (json.RawMessage, error) { return o.published(o.whole().OutputSchema) }

func (o *Operation) published(of json.RawMessage) (json.RawMessage, error) {
	if err := o.whole().err; err != nil {
		return nil, err
	}
	return schema.Publish(of)
}
