package trail

import (
	"context"
	"encoding/json"
	"strings"
	"sync"

	"github.com/mqtrail/mqtrail/host/internal/gateway"
	"github.com/mqtrail/mqtrail/sdk"
	"github.com/mqtrail/mqtrail/sdk/trail"
)

// The verbs of plugins.
const (
	verbFind          = "find_messages"
	verbGet           = "get_message"
	verbTrace         = "trace_message"
	verbSubscriptions = "list_subscriptions"
	verbLag           = "consumer_lag"
	verbReplication   = "replication_status"
	verbResources     = "list_resources"
)

// asker asks one connection for one question.
type asker struct {
	trail      *Trail
	connection *gateway.Connection
	slots      chan struct{}
	raw        bool
}

func (t *Trail) asker(connection *gateway.Connection, raw bool) *asker {
	return &asker{trail: t, connection: connection, slots: make(chan struct{}, callsAtOnce), raw: raw}
}

// askers ask several connections.
func (t *Trail) askers(connections []*gateway.Connection, raw bool) []*asker {
	askers := make([]*asker, len(connections))
	for i, connection := range connections {
		askers[i] = t.asker(connection, raw)
	}
	return askers
}

func (a *asker) operation(verb string) string {
	return a.connection.Plugin + "_" + trail.Product + "_" + verb
}

// offers is nil when the plugin has the verb.
func (a *asker) offers(verb string) *sdk.Problem {
	name := a.operation(verb)
	known, ok := a.trail.offered.Load(name)
	if !ok {
		var problem *sdk.Problem
		if _, err := a.trail.gateway.Lookup(name); err != nil {
			problem = sdk.AsProblem(err)
			if problem.Code == sdk.CodeUnknownOperation {
				problem = trail.NotOffered("The plugin %s cannot answer %s.", a.connection.Plugin, strings.ReplaceAll(verb, "_", " "))
			}
		}
		known, _ = a.trail.offered.LoadOrStore(name, problem)
	}
	return known.(*sdk.Problem) // nothing else is stored
}

// ask runs one verb of a connection, when it is its turn.
func ask[Answer any](ctx context.Context, a *asker, verb string, request any) (*Answer, *sdk.Problem) {
	if problem := a.offers(verb); problem != nil {
		return nil, problem
	}
	select {
	case a.slots <- struct{}{}:
		defer func() { <-a.slots }()
	case <-ctx.Done():
		return nil, sdk.AsProblem(ctx.Err())
	}
	arguments, err := json.Marshal(request)
	if err != nil {
		return nil, sdk.AsProblem(err)
	}
	result, err := a.trail.gateway.Call(ctx, gateway.Call{Operation: a.operation(verb), Connection: a.connection.Name, Arguments: arguments})
	if err != nil {
		problem := sdk.AsProblem(err)
		if problem.Code == sdk.CodeNotFound {
			a.trail.remembered.forget(a.connection.Name)
		}
		return nil, problem
	}
	answer := new(Answer)
	if err := json.Unmarshal(result.JSON, answer); err != nil {
		return nil, sdk.Problemf(sdk.SourcePlugin, sdk.CodeInvalidAnswer, "The answer of %s cannot be read: %v", a.operation(verb), err)
	}
	return answer, nil
}

// evidence gathers what answers say of how they came to be. It is safe for concurrent use.
type evidence struct {
	mutex             sync.Mutex
	calls             []trail.Call
	incomplete, notes []string
}

func (e *evidence) add(gathered trail.Gathered) {
	e.mutex.Lock()
	defer e.mutex.Unlock()
	e.calls = append(e.calls, gathered.Calls...)
	e.incomplete = addNew(e.incomplete, gathered.Incomplete...)
	e.notes = addNew(e.notes, gathered.Notes...)
}

// lack says why something that exists may be missing.
func (e *evidence) lack(sentence string) { e.add(trail.Gathered{Incomplete: []string{sentence}}) }

// failed keeps a verb that failed as a call.
func (a *asker) failed(verb string, problem *sdk.Problem) trail.Call {
	return trail.Call{Operation: a.operation(verb), RequestID: problem.VendorRequestID, Problem: &trail.Failure{
		Code: problem.Code, Message: problem.Message, VendorCode: problem.VendorCode, Retryable: problem.Retryable, Hint: problem.Hint,
	}}
}

// notOffered: the vendor cannot tell, which is no failure.
func notOffered(problem *sdk.Problem) bool {
	return problem != nil && problem.Code == sdk.CodeNotOffered
}

// steps tells how many of the places have been looked in.
type steps struct {
	mutex       sync.Mutex
	done, total int
	tell        func(done, total int, text string)
}

func (s *steps) expect(places int) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	s.total += places
}

func (s *steps) step(text string) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	s.done++
	if s.tell != nil {
		s.tell(s.done, s.total, text)
	}
}
