package mcpserver

import (
	"context"
	"encoding/json"
	"fmt"
	"sync"

	"github.com/mark3labs/mcp-go/mcp"

	"github.com/mqtrail/mqtrail/host/internal/schema"
	"github.com/mqtrail/mqtrail/sdk"
)

// native is a tool of mqtrail itself, which is there whatever the plugins offer.
type native struct {
	name, title, description string
	hints                    hints
	// input and output are JSON schemas.
	input, output any
	handle        handle
}

func (n native) tool() (mcp.Tool, error) {
	input, err := encodeSchema(n.input)
	if err != nil {
		return mcp.Tool{}, err
	}
	output, err := encodeSchema(n.output)
	if err != nil {
		return mcp.Tool{}, err
	}
	return newTool(n.name, n.title, n.description, n.hints, input, output), nil
}

// encodeSchema leaves a schema that is written as JSON as it is.
func encodeSchema(schema any) (json.RawMessage, error) {
	if written, ok := schema.(json.RawMessage); ok {
		return written, nil
	}
	return encode(schema)
}

// natives are mqtrail's own tools, in the order in which clients get them.
func (s *Server) natives() []native {
	return append(s.verbs(), s.decodeMessageID(), s.listConnections(), s.findOperations(), s.describeOperation(), s.callOperation())
}

// local are the hints of a tool that only looks at what mqtrail knows.
var local = hints{readOnly: true, idempotent: true}

// hints are what a tool says of its effects.
type hints struct{ readOnly, destructive, idempotent, openWorld bool }

// hintsOf are the hints of a tool that calls a vendor.
func hintsOf(access sdk.Access) hints {
	reads := access == sdk.AccessRead
	return hints{readOnly: reads, destructive: access == sdk.AccessDestructive, idempotent: reads, openWorld: true}
}

func newTool(name, title, description string, h hints, input, output json.RawMessage) mcp.Tool {
	return mcp.Tool{
		Name: name, Title: title, Description: description, RawInputSchema: input, RawOutputSchema: output,
		Annotations: mcp.ToolAnnotation{
			Title: title, ReadOnlyHint: &h.readOnly, DestructiveHint: &h.destructive,
			IdempotentHint: &h.idempotent, OpenWorldHint: &h.openWorld,
		},
	}
}

// answered is the handle of a native tool that takes arguments of type A, checked against its input schema, and
// answers a value.
func answered[A any](name string, input any, answer func(arguments A) (any, error)) handle {
	read := reader[A](name, input)
	return func(_ context.Context, request mcp.CallToolRequest) *mcp.CallToolResult {
		arguments, err := read(request)
		if err != nil {
			return failure(sdk.AsProblem(err), nil)
		}
		value, err := answer(arguments)
		if err != nil {
			return failure(sdk.AsProblem(err), nil)
		}
		encoded, err := encode(value)
		if err != nil {
			return failure(sdk.AsProblem(err), nil)
		}
		return success(encoded, nil)
	}
}

// reader reads the arguments of a native tool, all faults at once, as the gateway does for operations.
func reader[A any](name string, input any) func(mcp.CallToolRequest) (A, error) {
	compile := sync.OnceValues(func() (*schema.Checker, error) {
		encoded, err := encode(input)
		if err != nil {
			return nil, err
		}
		return schema.CompileStrict(encoded)
	})
	return func(request mcp.CallToolRequest) (arguments A, err error) {
		checker, err := compile()
		if err != nil {
			return arguments, fmt.Errorf("the input schema of %s: %w", name, err)
		}
		raw := rawArguments(request)
		if faults := checker.Check(raw); len(faults) > 0 {
			problem := sdk.Problemf(sdk.SourceCaller, sdk.CodeInvalidArguments, "The arguments of %s are not valid.", name)
			problem.Faults = faults
			return arguments, problem
		}
		return arguments, json.Unmarshal(raw, &arguments)
	}
}

// rawArguments are a call's arguments as their bytes came, so that no number passes through a float.
func rawArguments(request mcp.CallToolRequest) json.RawMessage {
	raw := request.Params.RawArguments
	if len(raw) == 0 || string(raw) == "null" {
		return json.RawMessage("{}")
	}
	return raw
}

// object is the schema of an object with these properties.
func object(properties map[string]any, required ...string) map[string]any {
	schema := map[string]any{"type": "object", "properties": properties}
	if len(required) > 0 {
		schema["required"] = required
	}
	return schema
}

// described is a schema of a type with words about it.
func described(kind, description string) map[string]any {
	return map[string]any{"type": kind, "description": description}
}

// oneOf is described for a string of a closed set, whose values may say enough.
func oneOf[T ~string](values []T, description string) map[string]any {
	schema := map[string]any{"type": "string", "enum": values}
	if description != "" {
		schema["description"] = description
	}
	return schema
}

// listOf is a schema of a list.
func listOf(items any, description string) map[string]any {
	return map[string]any{"type": "array", "items": items, "description": description}
}
