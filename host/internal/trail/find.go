package trail

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/mqtrail/mqtrail/sdk"
	"github.com/mqtrail/mqtrail/sdk/trail"
)

// finding is one question for messages.
type finding struct {
	trail  *Trail
	query  FindQuery
	window window
	limit  int
	steps  *steps
	evidence

	mutex  sync.Mutex
	narrow []string // vendors' narrower windows
}

// Find lists messages. The error is a *sdk.Problem: the question cannot be understood, or names something that does
// not exist.
func (t *Trail) Find(ctx context.Context, query FindQuery) (*FindReport, error) {
	f := &finding{trail: t, query: query, steps: &steps{tell: query.Progress}}
	connections, problem := t.connections(query.Scope)
	if problem != nil {
		return nil, problem
	}
	if f.limit, problem = limitOf(query.Limit, defaultLimit, maxLimit); problem != nil {
		return nil, problem
	}
	askers := t.askers(connections, query.Raw)
	if query.Cursor != "" {
		return f.resume(ctx, askers)
	}
	var want *wanted
	if query.MessageID != "" {
		if want, problem = parseWanted(query.MessageID, asID, t.now()); problem != nil {
			problem.Pointer = "/message_id"
			return nil, problem
		}
	}
	if f.window, problem = t.window(query.Range, want); problem != nil {
		return nil, problem
	}
	return f.begin(ctx, askers)
}

// limitOf is how many are asked for; 0 is the default.
func limitOf(asked, usual, most int) (int, *sdk.Problem) {
	switch {
	case asked < 0 || asked > most:
		return 0, sdk.InvalidArgument("limit", "%d is not from 1 to %d.", asked, most)
	case asked == 0:
		return usual, nil
	default:
		return asked, nil
	}
}

// question tells this question from others that a cursor may be of.
func (f *finding) question() string {
	q := f.query
	return questionOf("find", q.Scope, q.Range, q.MessageID, q.Key, q.Contains, q.DeadLettersOf)
}

// begin looks everywhere in scope.
func (f *finding) begin(ctx context.Context, askers []*asker) (*FindReport, error) {
	reach := reach{Scope: f.query.Scope, kind: trail.Topics}
	if f.query.DeadLettersOf != "" {
		reach.kind, reach.group = trail.Groups, f.query.DeadLettersOf
	}
	var messages []Located
	var rest []state
	surveys := f.trail.everywhere(ctx, askers, reach, func(surveys []*survey) {
		var streams []*stream[Located]
		for _, survey := range surveys {
			for _, spot := range survey.spots {
				streams = append(streams, f.streams(survey.asker, spot)...)
			}
		}
		messages, rest = f.merge(ctx, streams)
	})
	if ctx.Err() == context.Canceled {
		return nil, sdk.AsProblem(ctx.Err())
	}
	if problem := missing(surveys); problem != nil && len(messages) == 0 {
		return nil, problem
	}
	return f.report(spotsOf(surveys), messages, rest)
}

// streams are the places of one instance.
func (f *finding) streams(a *asker, spot *spot) []*stream[Located] {
	var streams []*stream[Located]
	for _, inside := range spot.inside {
		at := state{Connection: a.connection.Name, Instance: spot.instance.ID, System: string(spot.instance.System), Topic: inside.ID}
		if inside.Kind == trail.Groups { // its dead letters, of whatever topic
			at.Topic = f.query.Topic
		}
		streams = append(streams, f.stream(a, spot, at))
	}
	return streams
}

func (f *finding) stream(a *asker, spot *spot, at state) *stream[Located] {
	first := true
	return &stream[Located]{at: at, read: func(ctx context.Context, page string) ([]Located, string, *sdk.Problem) {
		ctx, cancel := f.trail.within(ctx, forRest)
		defer cancel()
		answer, problem := ask[trail.FindAnswer](ctx, a, verbFind, trail.FindRequest{
			Instance: at.Instance, System: trail.System(at.System), Topic: at.Topic, MessageID: f.query.MessageID, Key: f.query.Key,
			Contains: f.query.Contains, DeadLettersOf: f.query.DeadLettersOf, Window: f.window.neutral(), Limit: f.limit, Cursor: page, Raw: f.query.Raw,
		})
		if first {
			f.steps.step(a.where(spot.instance))
		}
		if problem != nil {
			spot.fail(problem)
			f.keep(a.failed(verbFind, problem))
			return nil, "", problem
		}
		f.took(a, spot, at, answer, first)
		first = false
		located := make([]Located, len(answer.Messages))
		for i, message := range answer.Messages {
			located[i] = Located{Connection: at.Connection, Message: message}
		}
		return located, answer.Next, nil
	}}
}

// took keeps what an answer says of itself.
func (f *finding) took(a *asker, spot *spot, at state, answer *trail.FindAnswer, first bool) {
	gathered := answer.Gathered
	gathered.Incomplete = nil
	for _, sentence := range answer.Incomplete {
		gathered.Incomplete = append(gathered.Incomplete, at.Topic+" of "+a.where(spot.instance)+": "+sentence)
	}
	if !f.query.Raw {
		gathered.Calls = failedCalls(gathered.Calls)
	}
	f.add(gathered)
	used := f.trail.narrowed(f.window, answer.Window)
	if used != "" {
		f.mutex.Lock()
		f.narrow = addNew(f.narrow, a.connection.Name+": "+used)
		f.mutex.Unlock()
	}
	spot.note(func() {
		if first {
			spot.searched++
		}
		spot.hits += len(answer.Messages)
		spot.gaps = addNew(spot.gaps, answer.Incomplete...)
	})
}

func (f *finding) keep(call trail.Call) { f.add(trail.Gathered{Calls: []trail.Call{call}}) }

func failedCalls(calls []trail.Call) []trail.Call {
	var failed []trail.Call
	for _, call := range calls {
		if call.Problem != nil {
			failed = append(failed, call)
		}
	}
	return failed
}

func (f *finding) merge(ctx context.Context, streams []*stream[Located]) ([]Located, []state) {
	f.steps.expect(len(streams))
	ctx, cancel := context.WithTimeout(ctx, 2*f.trail.options.Patience) // of all pages
	defer cancel()
	return merge(ctx, streams, f.limit, func(a, b Located) bool { return timeOf(&a.Message) > timeOf(&b.Message) })
}

// resume goes on where a cursor says.
func (f *finding) resume(ctx context.Context, askers []*asker) (*FindReport, error) {
	from, problem := readCursor(f.query.Cursor, f.question())
	if problem != nil {
		return nil, problem
	}
	f.window = window{
		from: time.UnixMilli(from.Window.FromMS), to: time.UnixMilli(from.Window.ToMS), notes: []string{"The window of the first answer."},
	}
	spots, streams, problem := resumed(askers, from, f.stream)
	if problem != nil {
		return nil, problem
	}
	messages, rest := f.merge(ctx, streams)
	if ctx.Err() == context.Canceled {
		return nil, sdk.AsProblem(ctx.Err())
	}
	return f.report(spots, messages, rest)
}

// resumed are the places of a cursor.
func resumed[T any](askers []*asker, from *cursor, open func(*asker, *spot, state) *stream[T]) ([]*spot, []*stream[T], *sdk.Problem) {
	var spots []*spot
	var streams []*stream[T]
	known := map[[2]string]*spot{}
	byName := map[string]*asker{}
	for _, asker := range askers {
		byName[asker.connection.Name] = asker
	}
	for _, at := range from.Places {
		asker := byName[at.Connection]
		if asker == nil {
			return nil, nil, sdk.InvalidArgument("cursor", "it goes on with the connection %q, which is not there.", line(at.Connection, 60))
		}
		key := [2]string{at.Connection, at.Instance}
		if known[key] == nil {
			known[key] = newSpot(asker.connection, trail.Resource{Kind: trail.Instances, ID: at.Instance, System: trail.System(at.System)})
			spots = append(spots, known[key])
		}
		streams = append(streams, open(asker, known[key], at))
	}
	return spots, streams, nil
}

func (f *finding) report(spots []*spot, messages []Located, rest []state) (*FindReport, error) {
	report := &FindReport{
		Query: f.query, Window: f.trail.span(f.window, f.narrow...), Messages: messages, Incomplete: f.incomplete,
		Looked: lookedAt(spots), Calls: f.calls, Notes: f.notes,
	}
	if report.Messages == nil {
		report.Messages = []Located{}
	}
	report.Incomplete = addNew(report.Incomplete, gapsOf(spots)...)
	if len(rest) == 0 {
		return report, nil
	}
	report.Next = cursor{Query: f.question(), Window: f.window.neutral(), Places: rest}.String()
	if report.Next == "" {
		report.Incomplete = append(report.Incomplete, fmt.Sprintf("There is more in %d topics, too many to go on with: name a topic or an instance.", len(rest)))
	}
	return report, nil
}

// gapsOf are the places where something may be missing.
func gapsOf(spots []*spot) []string {
	var gaps []string
	for _, spot := range spots {
		looked := spot.looked()
		where := looked.Connection
		if looked.Instance != "" {
			where += "/" + looked.Instance
		}
		switch {
		case len(spot.problems) > 0 && looked.Topics > 0:
			gaps = append(gaps, "Could not be asked whole: "+where+". "+looked.Detail)
		case len(spot.problems) > 0:
			gaps = append(gaps, "Could not be asked: "+where+". "+looked.Detail)
		case looked.Outcome == NotOffered, looked.Outcome == NotLooked, spot.left > 0:
			gaps = append(gaps, "Not looked in: "+where+". "+looked.Detail)
		}
	}
	return gaps
}
