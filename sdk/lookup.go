package sdk

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/mqtrail/mqtrail/sdk/protocol"
)

// Lookup is an operation that tells something about the target of another, for the person who is to confirm that
// one.
type Lookup struct {
	// Operation reads, and is of the same product.
	Operation string `json:"operation"`
	// Arguments of it: a text that begins with a slash is the JSON pointer of one of the call's arguments, anything
	// else the value itself.
	Arguments map[string]json.RawMessage `json:"arguments"`
	// Facts are what to tell of the answer: the JSON pointer of each value by what it is, in a few plain words. On
	// the way * stands for every item of a list: /data/*/name tells all names.
	Facts map[string]string `json:"facts"`
	// Changing are the facts that change by themselves, like a lag. Any other fact that changes between plan and
	// call means that the target is no longer what was confirmed.
	Changing []string `json:"changing,omitempty"`
}

// MaxLookups is how many look-ups an operation has at most: a person waits for them.
const MaxLookups = 8

// pointers are the JSON pointers of the call's arguments that the lookup takes.
func (l Lookup) pointers() []string {
	var pointers []string
	for _, value := range l.Arguments {
		var text string
		if json.Unmarshal(value, &text) == nil && strings.HasPrefix(text, "/") {
			pointers = append(pointers, text)
		}
	}
	return pointers
}

// argumentOf is the name of the argument that a JSON pointer leads to or into.
func argumentOf(pointer string) (name string, ok bool) {
	rest, ok := strings.CutPrefix(pointer, "/")
	name, _, _ = strings.Cut(rest, "/")
	return strings.NewReplacer("~1", "/", "~0", "~").Replace(name), ok && name != ""
}

func (l Lookup) encode(plugin string) (*protocol.Lookup, error) {
	arguments, err := json.Marshal(l.Arguments)
	if err != nil {
		return nil, fmt.Errorf("lookup %s: %w", l.Operation, err)
	}
	if l.Arguments == nil {
		arguments = []byte("{}")
	}
	if len(l.Facts) == 0 {
		return nil, fmt.Errorf("lookup %s: it tells no facts", l.Operation)
	}
	encoded := &protocol.Lookup{Operation: plugin + "_" + l.Operation, Arguments: arguments}
	for _, name := range slices.Sorted(maps.Keys(l.Facts)) {
		if !strings.HasPrefix(l.Facts[name], "/") {
			return nil, fmt.Errorf("lookup %s: %q is no JSON pointer; want one, like /data/status", l.Operation, l.Facts[name])
		}
		encoded.Facts = append(encoded.Facts, &protocol.Fact{Name: name, Pointer: l.Facts[name], Changing: slices.Contains(l.Changing, name)})
	}
	for _, name := range l.Changing {
		if _, ok := l.Facts[name]; !ok {
			return nil, fmt.Errorf("lookup %s: changing: %q is no fact", l.Operation, name)
		}
	}
	return encoded, nil
}

// checkLookups holds that what is looked up is there and reads.
func checkLookups(operations []*protocol.Operation) error {
	byName := make(map[string]*protocol.Operation, len(operations))
	for _, operation := range operations {
		byName[operation.Name] = operation
	}
	for _, operation := range operations {
		if len(operation.Lookups) > MaxLookups {
			return fmt.Errorf("operation %s: lookup: there are %d; at most %d", operation.Name, len(operation.Lookups), MaxLookups)
		}
		for _, lookup := range operation.Lookups {
			found := byName[lookup.Operation]
			switch {
			case found == nil:
				return fmt.Errorf("operation %s: lookup: there is no operation %s", operation.Name, lookup.Operation)
			case Access(found.Access) != AccessRead || found.Billable || len(found.Escalations) > 0:
				return fmt.Errorf("operation %s: lookup: %s does more than read", operation.Name, lookup.Operation)
			}
		}
	}
	return nil
}
