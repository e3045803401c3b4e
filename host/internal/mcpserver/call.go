package mcpserver

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"github.com/mark3labs/mcp-go/mcp"

	"github.com/mqtrail/mqtrail/host/internal/gateway"
	"github.com/mqtrail/mqtrail/sdk"
)

const callOperation = "call_operation"

type callArguments struct {
	Operation  string          `json:"operation"`
	Connection string          `json:"connection"`
	Arguments  json.RawMessage `json:"arguments"`
	Select     string          `json:"select"`
	Token      string          `json:"confirm_token"`
}

func (s *Server) callOperation() native {
	access := s.mostAccess()
	properties := map[string]any{
		"operation": described("string", "Name, as find_operations gives it, or the vendor's own."),
		"arguments": described("object", "The operation's arguments, as describe_operation lists them."),
		"select":    described("string", "A jq expression that picks what you need of a large answer: .data.list[].id"),
	}
	if connections := s.gateway.Connections(); len(connections) > 0 {
		properties[connectionArgument] = connectionSchema(connections, "Needed where the vendor has several.")
	}
	if slices.ContainsFunc(s.gateway.Catalogue().All(), s.mayConfirm) {
		properties[confirmArgument] = confirmSchema()
	}
	input := object(properties, "operation")
	read := reader[callArguments](callOperation, input)
	return native{
		name: callOperation, title: "Call an operation", hints: hintsOf(access), input: input,
		description: fmt.Sprintf("Call any operation of any vendor, under the same checks as its own tool. What it can do here: %s.", access),
		output:      map[string]any{"type": "object", "description": "The vendor's answer, or what select picks of it; describe_operation with answer: true gives its schema."},
		handle: func(ctx context.Context, request mcp.CallToolRequest) *mcp.CallToolResult {
			arguments, err := read(request)
			if err != nil {
				return failure(sdk.AsProblem(err), nil)
			}
			return s.call(ctx, request, gateway.Call{
				Operation: arguments.Operation, Connection: arguments.Connection, Arguments: arguments.Arguments,
				Confirm: gateway.Confirm{Token: arguments.Token}, Shape: gateway.Shape{Select: arguments.Select},
			})
		},
	}
}

// call sends a call through the gateway, with progress where the client asked for it. One that needs a confirmation
// is planned, and called when it is confirmed.
func (s *Server) call(ctx context.Context, request mcp.CallToolRequest, call gateway.Call) *mcp.CallToolResult {
	call.Progress = progressOf(ctx, request)
	call.Shape.MaxTokens = s.maxTokens
	way := wayToAsk(ctx)
	call.Confirm.Ask = way != cannotAsk
	if way == byRoundTrip && request.Params.RequestState != "" {
		call.Confirm.Token, call.Confirm.Name = request.Params.RequestState, typedName(answerOf(request))
	}
	result, err := s.gateway.Call(ctx, call)
	plan := planOf(err)
	if plan != nil && way == byRequest {
		call.Confirm.Token, call.Confirm.Name = plan.Token, s.ask(ctx, plan)
		result, err = s.gateway.Call(ctx, call)
		plan = nil
	}
	switch {
	case plan != nil && way == byRoundTrip:
		return question(plan)
	case plan != nil:
		return planned(request.Params.Name, plan, metaOf(result))
	case err != nil:
		return failure(sdk.AsProblem(err), metaOf(result))
	}
	return success(result.JSON, metaOf(result))
}

// mostAccess is the most that any connection allows.
func (s *Server) mostAccess() sdk.Access {
	most := sdk.AccessRead
	for _, connection := range s.gateway.Connections() {
		if connection.Access.Allows(most) {
			most = connection.Access
		}
	}
	return most
}
