package mcpserver

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"github.com/mark3labs/mcp-go/mcp"
	"github.com/mark3labs/mcp-go/server"

	"github.com/mqtrail/mqtrail/host/internal/gateway"
	"github.com/mqtrail/mqtrail/host/internal/operations"
	"github.com/mqtrail/mqtrail/sdk"
)

// confirmArgument is the argument that carries a plan's token. It is the host's, not the vendor's.
const confirmArgument = "confirm_token"

func confirmSchema() map[string]any {
	return described("string", "From the plan that the first call answers.")
}

// mayConfirm reports whether there are calls of the operation, over some connection, that have to be confirmed.
func (s *Server) mayConfirm(operation *operations.Operation) bool {
	if !operation.MayNeedConfirmation() {
		return false
	}
	least := operation.MostNeeds()
	if operation.Billable {
		least = operation.Needs()
	}
	return slices.ContainsFunc(s.gateway.ConnectionsOf(operation.Plugin), func(c *gateway.Connection) bool {
		return c.Access.Allows(least)
	})
}

// cutToken takes the token out of a call's arguments. An empty one is none: assistants fill in what they leave out.
func cutToken(arguments json.RawMessage) (token string, rest json.RawMessage, err error) {
	given, rest, err := cutArgument(arguments, confirmArgument)
	if err != nil || given == nil {
		return "", rest, err
	}
	if err := json.Unmarshal(given, &token); err != nil {
		return "", nil, sdk.InvalidArgument(confirmArgument, "want the text that the plan has; nothing was sent")
	}
	return token, rest, nil
}

// way is how a client's user can be asked.
type way int

const (
	cannotAsk   way = iota
	byRequest       // the server asks while the call waits
	byRoundTrip     // the client asks, and calls again with the answer
)

func wayToAsk(ctx context.Context) way {
	capabilities, stateless := capabilitiesOf(ctx)
	switch {
	case !asksForms(capabilities):
		return cannotAsk
	case stateless:
		return byRoundTrip
	default:
		return byRequest
	}
}

// asksForms reports whether a client puts questions to its user. One that names no kind of question asks forms.
func asksForms(capabilities mcp.ClientCapabilities) bool {
	asks := capabilities.Elicitation
	return asks != nil && (asks.Form != nil || asks.URL == nil)
}

// planOf is the plan that waits for a confirmation, or nil. A plugin can send a plan of its own making, but no token.
func planOf(err error) *sdk.Plan {
	var problem *sdk.Problem
	if errors.As(err, &problem) && problem.Plan != nil && problem.Plan.Token != "" {
		return problem.Plan
	}
	return nil
}

// planned answers a plan to an assistant whose client cannot ask. It is no error: nothing went wrong, and some clients
// end their work at an error before the assistant has read it.
func planned(tool string, plan *sdk.Plan, meta map[string]any) *mcp.CallToolResult {
	answer, err := encode(struct {
		Executed bool      `json:"executed"`
		Plan     *sdk.Plan `json:"plan"`
		Token    string    `json:"confirm_token"`
		Next     string    `json:"next"`
	}{false, plan, plan.Token, fmt.Sprintf("Nothing was called yet. Show the plan to the user. Only when the user agrees: call %s again within %.0f minutes, "+
		"with the same arguments and this confirm_token.", tool, plan.ValidFor.Minutes())})
	if err != nil {
		return failure(sdk.AsProblem(err), meta)
	}
	return success(answer, meta)
}

// The names in a question.
const (
	questionID = "confirm"
	nameField  = "name"
)

// form asks the user for the target's name.
func form(plan *sdk.Plan) mcp.ElicitationParams {
	name := described("string", fmt.Sprintf("Type %s to go on.", plan.Target))
	name["title"] = "Name"
	return mcp.ElicitationParams{
		Message:         fmt.Sprintf("An assistant wants to do this:\n%s\nIt is done only when you type the name: %s", plan, plan.Target),
		RequestedSchema: object(map[string]any{nameField: name}, nameField),
	}
}

// question lets the client ask and call again. The state that comes back is the plan's token, which is sealed and
// worth nothing without the name.
func question(plan *sdk.Plan) *mcp.CallToolResult {
	return server.NewInputRequestBuilder(plan.Token).Elicit(questionID, form(plan)).ToolResult()
}

// answerOf is what the client's user answered; nil when nobody did.
func answerOf(request mcp.CallToolRequest) *mcp.ElicitationResult {
	return server.ElicitationResponse(request.Params.InputResponses, questionID)
}

// ask puts the question while the call waits, for revisions without round trips. It is asked here and not by mcp-go,
// which would run the whole call again, and make a fault of the protocol of a client that fails to ask.
func (s *Server) ask(ctx context.Context, plan *sdk.Plan) (name string) {
	ctx, cancel := context.WithTimeout(ctx, plan.ValidFor)
	defer cancel()
	answer, err := s.protocol.RequestElicitation(ctx, mcp.ElicitationRequest{
		Request: mcp.Request{Method: string(mcp.MethodElicitationCreate)}, Params: form(plan),
	})
	if err != nil {
		s.logger.Warn().Err(err).Str("operation", plan.Operation).Msg("the client did not ask its user to confirm")
		return ""
	}
	return typedName(answer)
}

// typedName is the name in an answer; "" when the user declined.
func typedName(answer *mcp.ElicitationResult) string {
	if answer == nil || answer.Action != mcp.ElicitationResponseActionAccept {
		return ""
	}
	fields, _ := answer.Content.(map[string]any)
	name, _ := fields[nameField].(string)
	return name
}
