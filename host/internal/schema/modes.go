package schema

import (
	"encoding/json"
	"slices"
	"strings"

	"github.com/mqtrail/mqtrail/sdk"
)

// CheckModes holds a call to alternative sets of arguments: it gives one whole set and nothing of the others.
// Arguments that are in no set are free. The document is a JSON object that has been checked otherwise; of one
// that is no object it says so.
func CheckModes(modes [][]string, document json.RawMessage) []sdk.Fault {
	if len(modes) == 0 {
		return nil
	}
	value, fault := parse(document)
	if fault != nil {
		return []sdk.Fault{*fault}
	}
	object, ok := value.(map[string]any)
	if !ok {
		return []sdk.Fault{{Message: "want an object, got " + showTyped(value)}}
	}
	return choice{modes: modes, given: givenOf(modes, object)}.faults()
}

// givenOf are the arguments that are given and in some set, in the order of the sets.
func givenOf(modes [][]string, object map[string]any) []string {
	var given []string
	for _, name := range slices.Concat(modes...) {
		if _, ok := object[name]; ok && !slices.Contains(given, name) {
			given = append(given, name)
		}
	}
	return given
}

type choice struct {
	modes [][]string
	given []string
}

// faults proposes what makes a whole set; where there are several ways, all of them.
func (c choice) faults() []sdk.Fault {
	meant := c.meant()
	missing, excess := c.changes(meant[0])
	switch {
	case len(missing)+len(excess) == 0:
		return nil
	case len(c.given) == 0:
		return []sdk.Fault{{Message: "one set of arguments is required, and none is given. " + c.advice()}}
	case len(meant) > 1 || len(missing) > 0 && len(excess) > 0:
		return []sdk.Fault{{Message: all(c.given) + ": not one whole set; " + c.remedies(meant) + ". " + c.advice()}}
	case len(missing) > 0:
		return each(missing, "required together with "+all(c.given)+", and not given. "+c.advice())
	default:
		return each(excess, "leave it out: it does not go together with "+all(meant[0])+". "+c.advice())
	}
}

// meant are the sets that the caller may have meant: those that hold all that is given and lack the least; else
// those that are given whole; else those that the fewest changes lead to.
func (c choice) meant() [][]string {
	lack := c.fewest(func(missing, excess int) (int, bool) { return missing, excess == 0 })
	whole := c.fewest(func(missing, _ int) (int, bool) { return 0, missing == 0 })
	near := c.fewest(func(missing, excess int) (int, bool) { return missing + excess, true })
	switch {
	case len(lack) > 0:
		return lack
	case len(whole) > 0:
		return whole
	default:
		return near
	}
}

// fewest are the sets that fit and have the lowest cost.
func (c choice) fewest(cost func(missing, excess int) (cost int, fits bool)) [][]string {
	var found [][]string
	least := 0
	for _, mode := range c.modes {
		missing, excess := c.changes(mode)
		switch cost, fits := cost(len(missing), len(excess)); {
		case !fits:
		case found == nil || cost < least:
			found, least = [][]string{mode}, cost
		case cost == least:
			found = append(found, mode)
		}
	}
	return found
}

func (c choice) changes(mode []string) (missing, excess []string) {
	return without(mode, c.given), without(c.given, mode)
}

func (c choice) remedies(modes [][]string) string {
	ways := make([]string, len(modes))
	for i, mode := range modes {
		missing, excess := c.changes(mode)
		var steps []string
		if len(excess) > 0 {
			steps = append(steps, "leave out "+all(excess))
		}
		if len(missing) > 0 {
			steps = append(steps, "add "+all(missing))
		}
		ways[i] = strings.Join(steps, " and ")
	}
	return strings.Join(ways, "; or ")
}

func (c choice) advice() string {
	sets := make([]string, len(c.modes))
	for i, mode := range c.modes {
		sets[i] = all(mode)
	}
	return "Give one whole set and nothing of the others: " + strings.Join(sets, "; or ")
}

func each(names []string, message string) []sdk.Fault {
	names = slices.Sorted(slices.Values(names))
	faults := make([]sdk.Fault, len(names))
	for i, name := range names {
		faults[i] = sdk.Fault{Pointer: Pointer([]string{name}), Message: message}
	}
	return faults
}

func without(names, others []string) []string {
	return slices.DeleteFunc(slices.Clone(names), func(name string) bool { return slices.Contains(others, name) })
}
