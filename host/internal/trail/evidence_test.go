package trail_test

import (
	"bytes"
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/mqtrail/mqtrail/host/internal/built"
	"github.com/mqtrail/mqtrail/host/internal/config"
	"github.com/mqtrail/mqtrail/host/internal/trail"
	"github.com/mqtrail/mqtrail/host/internal/verdict"
)

// exhibit is a place in a vendor's answer that a report points at.
type exhibit struct{ operation, request, pointer string }

// exhibits are everything that a report points at, with the names of what rests on it, and the vendors' answers that are
// in it, by operation and request.
type exhibits struct {
	pointed map[exhibit][]string
	answers map[exhibit]any
}

func exhibitsOf(t *testing.T, report any) exhibits {
	t.Helper()
	encoded, err := json.Marshal(report)
	if err != nil {
		t.Fatal(err)
	}
	decoder := json.NewDecoder(bytes.NewReader(encoded))
	decoder.UseNumber()
	var whole any
	if err := decoder.Decode(&whole); err != nil {
		t.Fatal(err)
	}
	all := exhibits{map[exhibit][]string{}, map[exhibit]any{}}
	all.gather(whole)
	return all
}

func (e exhibits) gather(value any) {
	switch value := value.(type) {
	case []any:
		for _, item := range value {
			e.gather(item)
		}
	case map[string]any:
		operation, _ := value["operation"].(string)
		request, _ := value["request_id"].(string)
		at := exhibit{operation: operation, request: request}
		if answer, ok := value["answer"]; ok && operation != "" {
			e.answers[at] = answer
			return // what is in it is the vendor's
		}
		if pointer, ok := value["json_pointer"].(string); ok && operation != "" {
			at.pointer = pointer
			e.pointed[at] = append(e.pointed[at], "")
		}
		if rests, ok := value["evidence"].(map[string]any); ok {
			e.names(value, rests)
		}
		for _, member := range value {
			e.gather(member)
		}
	}
}

// names keeps what a message, a resource or a plan is called by: it has to be in what it rests on.
func (e exhibits) names(value, rests map[string]any) {
	at := exhibit{operation: rests["operation"].(string), pointer: rests["json_pointer"].(string)}
	at.request, _ = rests["request_id"].(string)
	for _, field := range []string{"id", "broker_id"} {
		if name, _ := value[field].(string); name != "" {
			e.pointed[at] = append(e.pointed[at], name)
			return
		}
	}
	if _, ok := value["expression"]; ok { // a subscription
		e.pointed[at] = append(e.pointed[at], value["group"].(string))
	}
}

// check holds every pointer to what it points at.
func (e exhibits) check(t *testing.T) {
	t.Helper()
	for at, names := range e.pointed {
		answer, told := e.answers[exhibit{operation: at.operation, request: at.request}]
		value, ok := resolve(answer, at.pointer)
		if !told || !ok || value == nil {
			t.Errorf("%s %q: nothing is there (the answer is there: %t)", at.operation, at.pointer, told)
			continue
		}
		text, err := json.Marshal(value)
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range names {
			if !strings.Contains(string(text), name) {
				t.Errorf("%s %q: %s is not there: %.300s", at.operation, at.pointer, name, text)
			}
		}
	}
}

// resolve follows a JSON pointer.
func resolve(value any, pointer string) (any, bool) {
	if pointer == "" {
		return value, true
	}
	for name := range strings.SplitSeq(strings.TrimPrefix(pointer, "/"), "/") {
		name = strings.NewReplacer("~1", "/", "~0", "~").Replace(name)
		switch inside := value.(type) {
		case map[string]any:
			member, ok := inside[name]
			if !ok {
				return nil, false
			}
			value = member
		case []any:
			at, err := strconv.Atoi(name)
			if err != nil || at < 0 || at >= len(inside) {
				return nil, false
			}
			value = inside[at]
		default:
			return nil, false
		}
	}
	return value, true
}

// Everything that a report about the sandbox rests on is in the vendors' own answers, where it says.
func TestEvidence(t *testing.T) {
	o := openTrail(t, built.Dir(t), trail.Options{}, config.Sandbox)
	for _, f := range every() {
		t.Run("trace "+f.connection+" "+f.message, func(t *testing.T) {
			query := f.query()
			query.Raw = true
			all := exhibitsOf(t, trace(t, o, query))
			if len(all.pointed) == 0 {
				t.Error("it rests on nothing")
			}
			all.check(t)
		})
	}
	for name, ask := range map[string]func() (any, error){
		"find": func() (any, error) {
			return o.Find(t.Context(), trail.FindQuery{Raw: true, Limit: 200})
		},
		"find dead letters": func() (any, error) {
			return o.Find(t.Context(), trail.FindQuery{DeadLettersOf: "warehouse", Scope: trail.Scope{Connection: "huawei"}, Raw: true})
		},
		"lag":         func() (any, error) { return o.Lag(t.Context(), trail.LagQuery{Raw: true}) },
		"replication": func() (any, error) { return o.Replication(t.Context(), trail.ReplicationQuery{Raw: true}) },
		"instances":   func() (any, error) { return o.List(t.Context(), trail.ListQuery{Kind: "instance", Raw: true}) },
		"topics": func() (any, error) {
			return o.List(t.Context(), trail.ListQuery{Kind: "topic", Limit: 1000, Raw: true})
		},
		"groups": func() (any, error) {
			return o.List(t.Context(), trail.ListQuery{Kind: "group", Limit: 1000, Raw: true})
		},
	} {
		t.Run(name, func(t *testing.T) {
			report, err := ask()
			if err != nil {
				t.Fatal(err)
			}
			all := exhibitsOf(t, report)
			if len(all.pointed) == 0 {
				t.Error("it rests on nothing")
			}
			all.check(t)
		})
	}
	for _, f := range every() {
		report := trace(t, o, f.query())
		if len(report.Lives) != 1 || report.Lives[0].Message == nil {
			continue // TestSandbox tells
		}
		m := report.Lives[0].Message
		query := trail.MessageQuery{Scope: trail.Scope{Connection: f.connection, Instance: m.Instance, Topic: m.Topic}, MessageID: m.ID, Raw: true}
		if m.ID == "" {
			query.Partition, query.Offset = m.Partition, m.Offset
		}
		got, err := o.Message(t.Context(), query)
		if err != nil {
			if unstored := []verdict.Name{
				verdict.SendFailed, verdict.TxRolledBack, verdict.TxPending, verdict.Delayed, verdict.DelayOverdue, verdict.Recalled,
			}; !slices.Contains(unstored, f.headline) {
				t.Errorf("message %s of %s: %v", f.message, f.connection, err)
			}
			continue
		}
		t.Run("message "+f.connection+" "+f.message, func(t *testing.T) { exhibitsOf(t, got).check(t) })
	}
}
