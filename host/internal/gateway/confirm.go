package gateway

import (
	"context"
	"encoding/json"
	"strings"

	"github.com/mqtrail/mqtrail/host/internal/operations"
	"github.com/mqtrail/mqtrail/sdk"
)

// Confirm says how a call stands that may need a confirmation. The zero value confirms nothing: a call that needs
// a confirmation is then planned, and its problem has the plan with a token.
type Confirm struct {
	// Yes takes the responsibility without a plan: the owner said so beforehand.
	Yes bool
	// Ask says that the caller will ask a person to type the target's name. The plan's token is then good only
	// together with Name.
	Ask bool
	// Token is that of the plan; it is good for one call.
	Token string
	// Name is what the person typed; empty when the person declined.
	Name string
}

// The ways in which a call was confirmed, for the record.
const (
	byYes   = "yes"
	byToken = "token"
	byName  = "name"
)

// The values of confirmation in the record.
const (
	planned   = "plan"
	confirmed = "confirmed"
	refused   = "refused"
)

// wish is a call whose arguments are valid and allowed.
type wish struct {
	operation  *operations.Operation
	connection *Connection
	arguments  json.RawMessage
	needs      sdk.Access
	requestID  string
}

// confirm is nil when the call may go on: it needs no confirmation, or has a good one.
func (g *Gateway) confirm(ctx context.Context, w wish, how Confirm, result *Result) error {
	needed := w.operation.NeedsConfirmation(w.needs)
	switch {
	case needed && how.Yes:
		result.confirmation, result.confirmedBy = confirmed, byYes
		return nil
	case how.Token != "" && !how.Yes: // one that is not needed is looked at too: it was given for another call
		result.confirmation = refused
		by, err := g.redeem(ctx, w, how)
		if err == nil {
			result.confirmation, result.confirmedBy = confirmed, by
		}
		return err
	case needed:
		result.confirmation = planned
		return g.planned(ctx, w, how.Ask)
	default:
		return nil
	}
}

// planned is the problem that carries the plan.
func (g *Gateway) planned(ctx context.Context, w wish, ask bool) error {
	target := g.lookUp(ctx, w)
	plan := g.plan(w, target)
	plan.Token, plan.ValidFor = g.seals.issue(w, ask, target), tokenLife
	problem := sdk.Problemf(sdk.SourceCaller, sdk.CodeConfirmRequired, "%s needs a confirmation; nothing was called yet. The plan:", w.operation.Name).
		WithHint("Confirm it with --yes, or at a terminal by typing the name %s.", plan.Target)
	problem.Plan = plan
	return problem
}

// redeem checks a token against the call and the target as it is now, and uses it up. A token that only came too
// early or too late for a look-up stays good.
func (g *Gateway) redeem(ctx context.Context, w wish, how Confirm) (by string, err error) {
	token, err := g.seals.open(how.Token)
	if err != nil {
		return "", err
	}
	if token.call != g.seals.call(w) {
		return "", refusal("This is not the call that was planned: its operation, connection or arguments differ. Nothing was called.")
	}
	if token.ask {
		if err := typed(how.Name, w.operation.Target(w.arguments)); err != nil {
			g.seals.use(token) // one try: a name is typed, not guessed
			return "", err
		}
	}
	target := g.lookUp(ctx, w)
	if !target.covers(token.known) {
		problem := refusal("Whether the target is still as planned could not be looked up. Nothing was called.").
			WithHint("Try again with the same confirmation, or make a new plan.")
		problem.Retryable = true
		return "", problem
	}
	if token.state != g.seals.state(target, token.known) {
		g.seals.use(token)
		return "", refusal("The target has changed since the plan was made. Nothing was called.")
	}
	if !g.seals.use(token) {
		return "", refusal("This confirmation was used already; each is good for one call. Nothing was called.")
	}
	if token.ask {
		return byName, nil
	}
	return byToken, nil
}

func typed(name, target string) error {
	switch name = strings.TrimSpace(name); name {
	case target:
		return nil
	case "":
		return refusal("The plan was not confirmed. Nothing was called.").WithHint("Leave it, unless someone asks for it again.")
	default:
		return refusal("%.200q was typed, and the name is %q. Nothing was called.", name, target)
	}
}

func refusal(format string, args ...any) *sdk.Problem {
	return sdk.Problemf(sdk.SourceCaller, sdk.CodeConfirmRefused, format, args...).
		WithHint("Make a new plan: call it again without a confirmation.")
}
