package trail

import (
	"context"
	"slices"
	"sync"

	"github.com/mqtrail/mqtrail/host/internal/verdict"
	"github.com/mqtrail/mqtrail/sdk"
	"github.com/mqtrail/mqtrail/sdk/trail"
)

// hit is a message that fits.
type hit struct {
	place place
	// message is the stored message; nil when only the trace knows it, or only its copies were found.
	message *trail.Message
	// outline is what the vendor's list of traces tells of a message that it has a trace of and nothing else.
	outline *trail.Message
	// asked: the vendor was asked for the stored message and answered. offered: it can be asked.
	asked, offered bool
	// trace is its trace, where it was asked for already, or why it failed.
	trace        *trail.TraceAnswer
	traceProblem *sdk.Problem
	findProblem  *sdk.Problem
	// copies are its dead-letter copies that were found with it.
	copies []trail.Message
	window trail.Window
	evidence
}

// told is all that is known of the message, from wherever.
func (h *hit) told() *trail.Message {
	switch {
	case h.message != nil:
		return h.message
	case h.trace != nil && h.trace.Trace.Message != nil:
		return h.trace.Trace.Message
	case h.outline != nil:
		return h.outline
	case len(h.copies) > 0:
		return &h.copies[0]
	default:
		return nil
	}
}

// search looks into every topic in scope at once.
func (q *tracing) search(ctx context.Context, a *asker, alone bool) *part {
	ctx, cancel := q.trail.within(ctx, forSearch)
	defer cancel()
	p := &part{survey: a.survey(ctx, reach{Scope: q.query.Scope, kind: trail.Topics}, alone)}
	topics := 0
	for _, spot := range p.survey.spots {
		topics += len(spot.inside)
	}
	q.steps.expect(topics)
	var mutex sync.Mutex
	var wait sync.WaitGroup
	took := func(looking *looking) {
		mutex.Lock()
		defer mutex.Unlock()
		p.add(looking)
	}
	for _, spot := range p.survey.spots {
		wait.Go(func() {
			if looking := q.anywhere(ctx, a, spot); looking != nil {
				took(looking)
				return
			}
			for _, topic := range spot.inside {
				wait.Go(func() {
					looking := &looking{q: q, a: a, spot: spot, place: place{spot.instance, topic}, both: topics <= few}
					looking.run(ctx)
					took(looking)
					q.steps.step(a.where(spot.instance))
				})
			}
		})
	}
	wait.Wait()
	return p
}

// anywhere asks for an id in all topics of an instance at once, which some vendors can. Where that finds nothing, or is
// refused, it comes to nothing: every topic is asked then, and tells what that means.
func (q *tracing) anywhere(ctx context.Context, a *asker, spot *spot) *looking {
	if q.want.kind != asID || len(spot.inside) < 2 {
		return nil
	}
	l := &looking{q: q, a: a, spot: spot, place: place{instance: spot.instance}}
	found, problem := ask[trail.FindAnswer](ctx, a, verbFind, l.request(asID, q.window.neutral()))
	if problem != nil || len(found.Messages) == 0 {
		return nil
	}
	l.found(found, nil, nil, nil)
	for _, h := range l.hits {
		h.place.topic = spot.topic(h.told())
	}
	l.tell(nil, nil, nil)
	for range spot.inside {
		q.steps.step(a.where(spot.instance))
	}
	return l
}

// add takes over what looking into one topic came to.
func (p *part) add(l *looking) {
	p.hits = append(p.hits, l.hits...)
	p.notes = addNew(p.notes, l.notes...)
	if l.used != "" {
		p.used = l.used
	}
	if len(l.hits) > 0 {
		return // their lives have the calls
	}
	if l.verdict.Verdict != "" {
		p.searches = append(p.searches, l.verdict)
	}
	for _, call := range l.calls {
		if call.Problem != nil || l.q.query.Raw {
			p.calls = append(p.calls, call)
		}
	}
}

// looking is the search in one topic.
type looking struct {
	q     *tracing
	a     *asker
	spot  *spot
	place place
	// both: a text that may be an id or a key is looked for as both.
	both bool

	hits []*hit
	used string
	// verdict is about the search, where it found nothing.
	verdict verdict.Verdict
	evidence
}

// run asks for the message, and for its trace where the id is known, at once.
func (l *looking) run(ctx context.Context) {
	if l.spot.over.Load() {
		l.spot.note(func() { l.spot.left++ })
		return
	}
	want := l.q.want
	window := l.q.window.neutral()
	var found, keyed *trail.FindAnswer
	var traced *trail.TraceAnswer
	var findProblem, keyProblem, traceProblem *sdk.Problem
	var wait sync.WaitGroup
	wait.Go(func() {
		found, findProblem = ask[trail.FindAnswer](ctx, l.a, verbFind, l.request(want.kind, window))
	})
	if want.traceable() {
		wait.Go(func() {
			traced, traceProblem = ask[trail.TraceAnswer](ctx, l.a, verbTrace, trail.TraceRequest{
				Instance: l.place.instance.ID, System: l.place.instance.System, Topic: l.place.topic.ID,
				MessageID: want.text, Window: window, Raw: l.q.query.Raw,
			})
		})
	}
	if want.guessed && l.both {
		wait.Go(func() {
			wide := window
			if !l.q.window.given { // the window of an id says nothing of a key
				now := l.q.trail.now()
				wide = trail.Window{FromMS: now.Add(-defaultWindow).UnixMilli(), ToMS: now.UnixMilli()}
			}
			keyed, keyProblem = ask[trail.FindAnswer](ctx, l.a, verbFind, l.request(asKey, wide))
		})
	}
	wait.Wait()
	l.found(found, findProblem, traced, traceProblem)
	l.keyed(keyed, keyProblem)
	l.tell(findProblem, traceProblem, keyProblem)
	if len(l.hits) == 0 {
		l.verdict = l.judged(found, findProblem, traced, traceProblem)
	}
}

func (l *looking) request(as string, window trail.Window) trail.FindRequest {
	request := l.q.want.request(as, l.place, window)
	request.Raw = l.q.query.Raw
	return request
}

// found makes hits of what was found by id, key or position, and of a trace.
func (l *looking) found(found *trail.FindAnswer, findProblem *sdk.Problem, traced *trail.TraceAnswer, traceProblem *sdk.Problem) {
	base := func() *hit {
		h := &hit{
			place: l.place, window: l.q.window.neutral(), asked: found != nil, offered: !notOffered(findProblem), findProblem: findProblem,
		}
		if found != nil {
			h.add(withoutGaps(found.Gathered))
			h.window = found.Window
		}
		if traced != nil || traceProblem != nil {
			h.trace, h.traceProblem = traced, traceProblem
		}
		return h
	}
	if found != nil {
		l.add(found.Gathered)
		l.used = l.q.trail.narrowed(l.q.window, found.Window)
		l.hits = gather(found.Messages, base)
		if found.Next != "" {
			l.lack("More messages fit in " + l.place.topic.ID + " than were read.")
		}
	}
	if traced != nil {
		l.add(traced.Gathered)
		if traced.Trace.Found && len(l.hits) == 0 {
			l.hits = []*hit{base()}
			l.hits[0].add(trail.Gathered{Incomplete: l.incomplete})
		}
	}
}

// withoutGaps leaves out what else may be missing from a search: it says nothing of a message that was found.
func withoutGaps(gathered trail.Gathered) trail.Gathered {
	gathered.Incomplete = nil
	return gathered
}

// keyed makes hits of what was found by the text as a key.
func (l *looking) keyed(keyed *trail.FindAnswer, problem *sdk.Problem) {
	if problem != nil || keyed == nil || len(keyed.Messages) == 0 {
		return
	}
	for _, h := range gather(keyed.Messages, func() *hit {
		h := &hit{place: l.place, window: keyed.Window, asked: true, offered: true}
		h.add(withoutGaps(keyed.Gathered))
		return h
	}) {
		if h.message == nil || !slices.ContainsFunc(l.hits, func(other *hit) bool { return other.message != nil && other.message.ID == h.message.ID }) {
			l.hits = append(l.hits, h)
		}
	}
	l.add(trail.Gathered{Notes: []string{"The text looks like an id and was found as a business key."}})
}

// tell keeps at the spot what came of the topic.
func (l *looking) tell(findProblem, traceProblem, keyProblem *sdk.Problem) {
	// One of them is enough to look: a vendor may know ids by their traces only.
	traceable := l.q.want.traceable()
	blind := notOffered(findProblem) && (!traceable || notOffered(traceProblem))
	for _, problem := range []*sdk.Problem{findProblem, traceProblem, keyProblem} {
		if problem != nil && !notOffered(problem) {
			l.spot.fail(problem)
		}
	}
	l.spot.note(func() {
		s := l.spot
		s.hits += len(l.hits)
		s.gaps = addNew(s.gaps, l.incomplete...)
		switch {
		case blind:
			s.refusal = findProblem
		case findProblem == nil || traceable && traceProblem == nil:
			s.searched++
		}
		s.details = addNew(s.details, l.used)
	})
	if len(l.hits) > 0 && l.q.want.kind == asID {
		l.spot.over.Store(true) // an id is in one topic of an instance
	}
}
