package gateway

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"math/big"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/mqtrail/mqtrail/host/internal/schema"
	"github.com/mqtrail/mqtrail/sdk"
	"github.com/mqtrail/mqtrail/sdk/protocol"
)

// The bounds of looking up a target.
const (
	lookupTime   = 5 * time.Second
	maxLookedUp  = 1 << 20 // bytes of an answer
	maxFactValue = 200     // bytes of a value as it is shown
)

// everyItem stands for every item of a list in the pointer of a fact.
const everyItem = "*"

// target is what the look-ups of a call say, in the operation's order.
type target []found

// found is what one look-up says.
type found struct {
	// known is false when nothing could be found out. A target that does not exist is known.
	known bool
	facts []sdk.Fact
	// lasting are the values that must not change, as they came.
	lasting [][]byte
}

// known are the look-ups that succeeded.
func (t target) known() (mask uint8) {
	for i, found := range t {
		if found.known {
			mask |= 1 << i
		}
	}
	return mask
}

// covers reports whether all of these look-ups succeeded.
func (t target) covers(mask uint8) bool { return mask&^t.known() == 0 }

// lookUp asks what is known about a call's target, all questions at once. What fails is unknown, and blocks nothing.
func (g *Gateway) lookUp(ctx context.Context, w wish) target {
	ctx, cancel := context.WithTimeout(ctx, lookupTime)
	defer cancel()
	lookups := w.operation.Lookups()[:min(sdk.MaxLookups, len(w.operation.Lookups()))] // a bit each in a token
	target := make(target, len(lookups))
	var wait sync.WaitGroup
	for i, lookup := range lookups {
		wait.Go(func() { target[i] = g.lookUpOne(ctx, w, lookup) })
	}
	wait.Wait()
	return target
}

func (g *Gateway) lookUpOne(ctx context.Context, w wish, lookup *protocol.Lookup) found {
	answer, err := g.ask(ctx, w, lookup)
	if err != nil {
		return withoutAnswer(lookup, sdk.AsProblem(err))
	}
	result := found{known: true}
	for _, fact := range lookup.Facts {
		value := valueAt(answer, schema.Path(fact.Pointer))
		result.facts = append(result.facts, sdk.Fact{Name: fact.Name, Value: shown(value)})
		if !fact.Changing {
			result.lasting = append(result.lasting, []byte(fact.Name), canonical(value))
		}
	}
	return result
}

// ask runs the look-up as a call of its own: it is checked, limited, redacted and recorded as any.
func (g *Gateway) ask(ctx context.Context, w wish, lookup *protocol.Lookup) (json.RawMessage, error) {
	operation, err := g.options.Catalogue.Lookup(lookup.Operation)
	if err != nil {
		return nil, err
	}
	arguments, err := lookupArguments(lookup.Arguments, w.arguments)
	if err != nil {
		return nil, err
	}
	if operation.Plugin != w.operation.Plugin || operation.NeedsFor(arguments) != sdk.AccessRead || operation.Billable {
		return nil, sdk.Problemf(sdk.SourcePlugin, sdk.CodePluginInvalid, "%s does more than read, so nothing is looked up with it.", operation.Name)
	}
	result, err := g.Call(ctx, Call{Operation: operation.Name, Connection: w.connection.Name, Arguments: arguments, lookupOf: w.requestID})
	if err != nil {
		return nil, err
	}
	if len(result.JSON) > maxLookedUp {
		return nil, sdk.Problemf(sdk.SourceVendor, sdk.CodeAnswerTooLarge, "The answer has %d bytes.", len(result.JSON))
	}
	return result.JSON, nil
}

// lookupArguments puts the call's arguments where the template points to them. What the call does not give is left
// out.
func lookupArguments(template, given json.RawMessage) (json.RawMessage, error) {
	var arguments map[string]json.RawMessage
	if err := json.Unmarshal(template, &arguments); err != nil {
		return nil, fmt.Errorf("the arguments of a look-up: %w", err)
	}
	for name, value := range arguments {
		var text string
		if json.Unmarshal(value, &text) != nil || !strings.HasPrefix(text, "/") {
			continue
		}
		if arguments[name] = valueAt(given, schema.Path(text)); arguments[name] == nil {
			delete(arguments, name)
		}
	}
	return json.Marshal(arguments)
}

// withoutAnswer is what is known when a look-up failed: that the target does not exist, or nothing.
func withoutAnswer(lookup *protocol.Lookup, problem *sdk.Problem) found {
	value := "unknown (" + problem.Code + ")"
	result := found{}
	if problem.Code == sdk.CodeNotFound {
		value = "not found"
		result.known, result.lasting = true, [][]byte{[]byte(value)}
	}
	for _, fact := range lookup.Facts {
		result.facts = append(result.facts, sdk.Fact{Name: fact.Name, Value: value})
	}
	return result
}

// valueAt is the value that a path leads to, its bytes as they came; nil when it leads nowhere. The name * leads to
// every item of a list: what is there of each is a list again.
func valueAt(document json.RawMessage, path []string) json.RawMessage {
	for i, name := range path {
		document = bytes.TrimSpace(document)
		switch {
		case bytes.HasPrefix(document, []byte("{")):
			var members map[string]json.RawMessage
			if json.Unmarshal(document, &members) != nil {
				return nil
			}
			document = members[name]
		case bytes.HasPrefix(document, []byte("[")):
			var items []json.RawMessage
			if json.Unmarshal(document, &items) != nil {
				return nil
			}
			if name == everyItem {
				return eachAt(items, path[i+1:])
			}
			at, err := strconv.Atoi(name)
			if err != nil || at < 0 || at >= len(items) {
				return nil
			}
			document = items[at]
		default:
			return nil
		}
	}
	return document
}

// eachAt is the list of the values that a path leads to in each item; null where it leads nowhere.
func eachAt(items []json.RawMessage, path []string) json.RawMessage {
	values := make([][]byte, len(items))
	for i, item := range items {
		if values[i] = valueAt(item, path); values[i] == nil {
			values[i] = []byte("null")
		}
	}
	return slices.Concat([]byte("["), bytes.Join(values, []byte(",")), []byte("]"))
}

// shown is a value for people: short, and how many there are where that is too long.
func shown(value json.RawMessage) string {
	var text string
	var items []json.RawMessage
	switch {
	case len(value) == 0 || string(value) == "null":
		return "unknown"
	case string(value) == `""`:
		return "none"
	case json.Unmarshal(value, &text) == nil:
		return cut(text)
	case json.Unmarshal(value, &items) == nil:
		return shownList(value, items)
	default:
		return cut(string(value))
	}
}

func shownList(value json.RawMessage, items []json.RawMessage) string {
	sum, counts := total(items)
	switch {
	case len(items) == 0:
		return "none"
	case len(items) == 1:
		return cut(string(value))
	case counts && len(value) > maxFactValue:
		return fmt.Sprintf("%d items, %s in all", len(items), sum)
	case counts:
		return fmt.Sprintf("%s, %s in all", value, sum)
	case len(value) > maxFactValue:
		return fmt.Sprintf("%d items", len(items))
	default:
		return string(value)
	}
}

// total adds the items up; false when one of them is no whole number.
func total(items []json.RawMessage) (*big.Int, bool) {
	sum := new(big.Int)
	for _, item := range items {
		number, ok := new(big.Int).SetString(string(bytes.TrimSpace(item)), 10)
		if !ok {
			return nil, false
		}
		sum.Add(sum, number)
	}
	return sum, true
}

// cut shortens a text at a letter's end and says that it did.
func cut(text string) string {
	if len(text) <= maxFactValue {
		return text
	}
	return strings.ToValidUTF8(text[:maxFactValue], "") + fmt.Sprintf("… (%d bytes)", len(text))
}
