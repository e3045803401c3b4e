package schemas_test

import (
	"encoding/json"
	"path"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/mqtrail/mqtrail/sdk"
)

// part is as much of a schema as pointers lead through.
type part struct {
	Type       json.RawMessage `json:"type"`
	Properties map[string]part `json:"properties"`
	Items      *part           `json:"items"`
	Required   []string        `json:"required"`
	From       string          `json:"x-from"`
}

// has follows a pointer; a number or * is an item of a list.
func (p part) has(pointer string) bool {
	for name := range strings.SplitSeq(strings.TrimPrefix(pointer, "/"), "/") {
		_, err := strconv.Atoi(name)
		if p.Items != nil && (name == "*" || err == nil) {
			p = *p.Items
			continue
		}
		next, ok := p.Properties[name]
		if !ok {
			return false
		}
		p = next
	}
	return true
}

// at is the part that a pointer leads to; the zero part, of any type, when it leads nowhere known.
func (p part) at(pointer string) part {
	for name := range strings.SplitSeq(strings.TrimPrefix(pointer, "/"), "/") {
		next, ok := p.Properties[name]
		if !ok && p.Items != nil {
			next = *p.Items
		}
		p = next
	}
	return p
}

// types are the types of a part's values; none when it may have any.
func (p part) types() []string {
	var one string
	var several []string
	if json.Unmarshal(p.Type, &one) == nil {
		return []string{one}
	}
	if json.Unmarshal(p.Type, &several) != nil {
		return nil // no type: any
	}
	return several
}

// takes reports whether it takes every value of the other's types.
func (p part) takes(types []string) bool {
	mine := p.types()
	return len(mine) == 0 || len(types) > 0 && !slices.ContainsFunc(types, func(kind string) bool { return !slices.Contains(mine, kind) })
}

// maxLookups keeps a plan quick to make and quick to read.
const maxLookups = 3

// unknowable are the operations whose target cannot be looked up, and why.
var unknowable = map[string]string{
	"aliyun/rocketmq/execute_migration_step": "the vendor tells of migrations and their steps by a type that the call does not give",
	"aliyun/rocketmq/finish_migration_stage": "the vendor tells of migrations and their steps by a type that the call does not give",
	"ctyun/rocketmq/v1_spu_unsubscribe_inst": "the call names subscriptions, and how they belong to instances is not documented",
	"ctyun/rocketmq/v1_spu_inst_create_inst": creates,
	"ctyun/rocketmq/create_post_pay_order":   creates,
	"ctyun/kafka/create_post_pay_order":      creates,
	"aliyun/rocketmq/create_instance":        creates,
	"huawei/kafka/create_instance_by_engine": creates,
	"huawei/kafka/create_post_paid_instance": creates,
	"huawei/rocketmq/create_by_engine":       creates,
	"huawei/rocketmq/create_post_paid":       creates,
}

const creates = "nothing is there yet, and the vendor tells no price for these arguments"

// Whatever is confirmed is looked up first, unless it is known why it cannot be.
func TestWhatIsConfirmedIsLookedUp(t *testing.T) {
	left := map[string]bool{}
	for name := range unknowable {
		left[name] = true
	}
	for _, o := range read(t) {
		name := strings.TrimSuffix(o.path, ".json")
		_, exempt := unknowable[name]
		delete(left, name)
		switch confirmed := o.isConfirmed(); {
		case confirmed && len(o.Lookup) == 0 && !exempt:
			t.Errorf("%s is confirmed by a person, and nothing is looked up for the plan; add a lookup", name)
		case len(o.Lookup) > 0 && (exempt || !confirmed):
			t.Errorf("%s has a lookup that nobody expects", name)
		case len(o.Lookup) > maxLookups:
			t.Errorf("%s has %d lookups; at most %d", name, len(o.Lookup), maxLookups)
		}
	}
	for name := range left {
		t.Errorf("%s is excused, and not there", name)
	}
}

// isConfirmed reports whether there are calls that a person confirms.
func (o operation) isConfirmed() bool {
	destroys := func(e sdk.Escalation) bool { return e.Access == sdk.AccessDestructive }
	return o.Access == sdk.AccessDestructive || o.Billable || slices.ContainsFunc(o.Escalations, destroys)
}

// What is looked up before a call is confirmed can be looked up: by an operation of the same product that takes these
// arguments and answers these facts.
func TestLookups(t *testing.T) {
	all := map[string]operation{}
	for _, o := range read(t) {
		all[strings.TrimSuffix(o.path, ".json")] = o
	}
	for name, o := range all {
		for _, lookup := range o.Lookup {
			asked, ok := all[path.Dir(name)+"/"+lookup.Operation]
			if !ok {
				t.Errorf("%s looks up with %s, which is not there", name, lookup.Operation)
				continue
			}
			input, output := partOf(t, asked.Input), partOf(t, asked.Output)
			for argument, value := range lookup.Arguments {
				if !input.has(argument) {
					t.Errorf("%s: %s has no argument %s", name, lookup.Operation, argument)
				} else if types := typesGiven(partOf(t, o.Input), value); !input.Properties[argument].takes(types) {
					t.Errorf("%s: %s takes no %v as its argument %s", name, lookup.Operation, types, argument)
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
}

// typesGiven are the types that an argument of a lookup has: those of the call's own argument that it points to, or
// that of the value itself.
func typesGiven(input part, value json.RawMessage) []string {
	var text string
	switch {
	case json.Unmarshal(value, &text) == nil && strings.HasPrefix(text, "/"):
		return input.at(text).types()
	case json.Unmarshal(value, &text) == nil:
		return []string{"string"}
	case json.Unmarshal(value, new(int64)) == nil:
		return []string{"integer"}
	default:
		return nil
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
