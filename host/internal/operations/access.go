package operations

import (
	"encoding/json"
	"math/big"
	"slices"
	"strconv"
	"strings"

	"github.com/mqtrail/mqtrail/host/internal/schema"
	"github.com/mqtrail/mqtrail/sdk"
	"github.com/mqtrail/mqtrail/sdk/protocol"
)

// Needs is the least access that a call of the operation needs.
func (o *Operation) Needs() sdk.Access { return sdk.Access(o.Access) }

// MostNeeds is the most access that a call may need, by its arguments.
func (o *Operation) MostNeeds() sdk.Access {
	most := o.Needs()
	for _, escalation := range o.escalations {
		most = higher(most, sdk.Access(escalation.Access))
	}
	return most
}

// NeedsFor is the access that a call with these arguments needs: the operation's own, or the highest that one of
// the arguments raises it to. Arguments that cannot be read need the most.
func (o *Operation) NeedsFor(arguments json.RawMessage) sdk.Access {
	if len(o.escalations) == 0 {
		return o.Needs()
	}
	given, err := decode(arguments)
	if err != nil {
		return o.MostNeeds()
	}
	needs := o.Needs()
	for _, escalation := range o.escalations {
		if applies(escalation, given) {
			needs = higher(needs, sdk.Access(escalation.Access))
		}
	}
	return needs
}

// MayNeedConfirmation reports whether there are calls that a person has to confirm.
func (o *Operation) MayNeedConfirmation() bool {
	return o.Billable || o.MostNeeds() == sdk.AccessDestructive
}

// NeedsConfirmation reports whether a person has to confirm a call that needs this access: one that destroys, or
// costs money.
func (o *Operation) NeedsConfirmation(needs sdk.Access) bool {
	return o.Billable || needs == sdk.AccessDestructive
}

func higher(a, b sdk.Access) sdk.Access {
	if a.Allows(b) {
		return a
	}
	return b
}

func applies(escalation *protocol.Escalation, arguments any) bool {
	values := valuesAt(arguments, schema.Path(escalation.Pointer))
	if len(escalation.Values) == 0 {
		return len(values) > 0
	}
	for _, raw := range escalation.Values {
		value, err := decode(raw)
		if err != nil {
			return true // the plugin's fault, and not to the caller's advantage
		}
		same := func(given any) bool { return alike(given, value) }
		if slices.ContainsFunc(values, same) {
			return true
		}
	}
	return false
}

// valuesAt are the values that a path leads to. Lists, on the way and at its end, are gone through.
func valuesAt(value any, path []string) []any {
	if list, ok := value.([]any); ok {
		var all []any
		for _, item := range list {
			all = append(all, valuesAt(item, path)...)
		}
		return all
	}
	if len(path) == 0 {
		return []any{value}
	}
	object, ok := value.(map[string]any)
	if !ok {
		return nil
	}
	member, ok := object[path[0]]
	if !ok {
		return nil
	}
	return valuesAt(member, path[1:])
}

// alike compares as a lenient vendor would: the case and the outer spaces of a text do not count, and a number or a
// truth may be written as a text.
func alike(a, b any) bool { return plain(a) == plain(b) }

func plain(value any) string {
	var text string
	switch value := value.(type) {
	case string:
		text = strings.ToLower(strings.TrimSpace(value))
	case json.Number:
		text = strings.ToLower(value.String())
	default:
		encoded, err := json.Marshal(value)
		if err != nil { // it was decoded from JSON
			panic(err)
		}
		return string(encoded)
	}
	if number, ok := number(text); ok {
		return number.RatString()
	}
	return text
}

// number reads a decimal number that is not costly to write out: 1e999999 is no number that anyone compares.
func number(text string) (*big.Rat, bool) {
	digits, exponent, ok := strings.Cut(text, "e")
	if ok {
		if power, err := strconv.Atoi(exponent); err != nil || power < -30 || power > 30 {
			return nil, false
		}
	}
	if strings.Trim(digits, "+-.0123456789") != "" || len(text) > 100 {
		return nil, false
	}
	return new(big.Rat).SetString(text)
}
