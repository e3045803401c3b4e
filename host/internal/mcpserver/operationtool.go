package mcpserver

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"

	"github.com/mark3labs/mcp-go/mcp"

	"github.com/mqtrail/mqtrail/host/internal/gateway"
	"github.com/mqtrail/mqtrail/host/internal/operations"
	"github.com/mqtrail/mqtrail/sdk"
)

// operationTool is the operation as a tool of its own.
func (s *Server) operationTool(operation *operations.Operation) (mcp.Tool, error) {
	published, err := operation.Input()
	if err != nil {
		return mcp.Tool{}, err
	}
	input, err := readToolSchema(published)
	if err != nil {
		return mcp.Tool{}, fmt.Errorf("its input schema: %w", err)
	}
	if all := s.gateway.ConnectionsOf(operation.Plugin); len(all) > 1 {
		if input.has(connectionArgument) {
			return mcp.Tool{}, fmt.Errorf("it has an argument %s of its own, and %s has several connections", connectionArgument, operation.Plugin)
		}
		input.add(connectionArgument, connectionSchema(s.offering(operation), "Account to ask."))
	}
	if s.mayConfirm(operation) {
		if input.has(confirmArgument) {
			return mcp.Tool{}, fmt.Errorf("it has an argument %s of its own", confirmArgument)
		}
		input.addOptional(confirmArgument, confirmSchema())
	}
	output, err := operation.Output()
	if err != nil {
		return mcp.Tool{}, err
	}
	text, fitted, err := input.fit(operation)
	if err != nil {
		return mcp.Tool{}, err
	}
	return newTool(operation.Name, operation.Title, text, hintsOf(operation.MostNeeds()), fitted, outputSchema(output)), nil
}

// operationHandler calls the operation with the arguments as their bytes came.
func (s *Server) operationHandler(operation *operations.Operation) handle {
	return func(ctx context.Context, request mcp.CallToolRequest) *mcp.CallToolResult {
		call := gateway.Call{Operation: operation.Name, Arguments: rawArguments(request)}
		if !hasOwnConnectionArgument(operation) {
			var err error
			if call.Connection, call.Arguments, err = cutConnection(call.Arguments); err != nil {
				return failure(sdk.AsProblem(err), nil)
			}
		}
		if s.mayConfirm(operation) {
			var err error
			if call.Confirm.Token, call.Arguments, err = cutToken(call.Arguments); err != nil {
				return failure(sdk.AsProblem(err), nil)
			}
		}
		return s.call(ctx, request, call)
	}
}

// hasOwnConnectionArgument reports whether connection is an argument of the vendor's.
func hasOwnConnectionArgument(operation *operations.Operation) bool {
	var input struct {
		Properties map[string]json.RawMessage `json:"properties"`
	}
	if json.Unmarshal(operation.InputSchema(), &input) != nil {
		return false // the gateway says what is wrong with it
	}
	_, own := input.Properties[connectionArgument]
	return own
}

// outputBudget is what a tool's output schema may take with its words, in bytes. Clients hold answers to its types; what
// the fields mean is told whole by describe_operation.
const outputBudget = 1000

// outputSchema is a published output schema as every client can read it: one whose root is no object, or that
// refers to parts of itself, would make some clients reject the whole list. A large one keeps its types alone.
func outputSchema(published json.RawMessage) json.RawMessage {
	var root map[string]any
	if unmarshalExact(published, &root) != nil || root["type"] != "object" || bytes.Contains(published, []byte(`"$ref"`)) {
		return json.RawMessage(`{"type":"object"}`)
	}
	if len(published) <= outputBudget {
		return published
	}
	walk(root, func(schema map[string]any) { remove(schema, "description", "title", "examples") })
	bare, err := encode(root)
	if err != nil { // it was decoded from JSON
		return published
	}
	return bare
}
