package gateway

import (
	"encoding/json"

	"github.com/mqtrail/mqtrail/host/internal/redact"
	"github.com/mqtrail/mqtrail/sdk"
)

// plan says what a call would do. It repeats no secret and is bounded: arguments are as many as the schema has.
func (g *Gateway) plan(w wish, target target) *sdk.Plan {
	plan := &sdk.Plan{
		Operation: w.operation.Name, Title: w.operation.Title, Description: w.operation.Description(), Request: w.operation.Request,
		Connection: w.connection.Name, Sandbox: w.connection.Sandbox(), Access: w.needs, Billable: w.operation.Billable,
		Arguments: g.options.Redactor.Bytes(shownArguments(w)), Target: g.options.Redactor.Text(w.operation.Target(w.arguments)),
		Known: []sdk.Fact{}, Consequences: []string{},
	}
	for _, found := range target {
		for _, fact := range found.facts {
			plan.Known = append(plan.Known, sdk.Fact{Name: fact.Name, Value: g.options.Redactor.Text(fact.Value)})
		}
	}
	if w.needs == sdk.AccessDestructive {
		plan.Consequences = append(plan.Consequences, "What it deletes, overwrites or interrupts cannot be brought back by mqtrail.")
	}
	if w.operation.Billable {
		plan.Consequences = append(plan.Consequences, "It costs money, from now on or at once.")
	}
	return plan
}

// shownArguments are the arguments without secrets, long values cut.
func shownArguments(w wish) json.RawMessage {
	given, ok := w.operation.Redacted(w.arguments, redact.Mark).(map[string]any)
	if !ok {
		return json.RawMessage(`{}`)
	}
	for name, value := range given {
		encoded, err := json.Marshal(value)
		switch {
		case err != nil:
			given[name] = redact.Mark
		case len(encoded) > maxFactValue:
			given[name] = cut(string(encoded))
		}
	}
	encoded, err := json.Marshal(given)
	if err != nil { // it was decoded from JSON
		panic(err)
	}
	return encoded
}
