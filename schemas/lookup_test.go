package schemas_test

import (
	"encoding/json"
	"path"
	"strings"
	"testing"
)

// part is as much of a schema as pointers lead through.
type part struct {
	Properties map[string]part `json:"properties"`
	Required   []string        `json:"required"`
	From       string          `json:"x-from"`
}

func (p part) has(pointer string) bool {
	for name := range strings.SplitSeq(strings.TrimPrefix(pointer, "/"), "/") {
		next, ok := p.Properties[name]
		if !ok {
			return false
		}
		p = next
	}
	return true
}

// What is looked up before a call is confirmed can be looked up: by an operation of the same product that takes these
// arguments and answers these facts.
func TestLookups(t *testing.T) {
	all := map[string]operation{}
	for _, o := range read(t) {
		all[o.vendor+"/"+strings.TrimSuffix(o.path, ".json")] = o
	}
	lookups := 0
	for name, o := range all {
		for _, lookup := range o.Lookup {
			lookups++
			asked, ok := all[path.Dir(name)+"/"+lookup.Operation]
			if !ok {
				t.Errorf("%s looks up with %s, which is not there", name, lookup.Operation)
				continue
			}
			input, output := partOf(t, asked.Input), partOf(t, asked.Output)
			for argument := range lookup.Arguments {
				if !input.has(argument) {
					t.Errorf("%s: %s has no argument %s", name, lookup.Operation, argument)
				}
			}
			for _, argument := range input.Required {
				if _, given := lookup.Arguments[argument]; !given && input.Properties[argument].From == "" {
					t.Errorf("%s: %s needs the argument %s", name, lookup.Operation, argument)
				}
			}
			for fact, pointer := range lookup.Facts {
				if !output.has(pointer) {
					t.Errorf("%s: %s answers no %s at %s", name, lookup.Operation, fact, pointer)
				}
			}
		}
	}
	if lookups == 0 {
		t.Error("nothing is looked up")
	}
}

func partOf(t *testing.T, schema json.RawMessage) part {
	t.Helper()
	var p part
	if err := json.Unmarshal(schema, &p); err != nil {
		t.Fatal(err)
	}
	return p
}
