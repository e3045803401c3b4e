package trail

import (
	"cmp"
	"context"
	"slices"
	"sync"

	"github.com/mqtrail/mqtrail/host/internal/verdict"
	"github.com/mqtrail/mqtrail/sdk"
	"github.com/mqtrail/mqtrail/sdk/trail"
)

// tracing is one question for a message.
type tracing struct {
	trail  *Trail
	query  TraceQuery
	want   *wanted
	window window
	steps  *steps
}

// Trace tells where a message is. The error is a *sdk.Problem: the question cannot be understood, or names something
// that does not exist. That a message is not found is an answer.
func (t *Trail) Trace(ctx context.Context, query TraceQuery) (*TraceReport, error) {
	q, askers, problem := t.tracing(query)
	if problem != nil {
		return nil, problem
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	parts := make([]*part, len(askers))
	var wait sync.WaitGroup
	for i, asker := range askers {
		wait.Go(func() { parts[i] = q.connection(ctx, asker, len(askers) == 1) })
	}
	wait.Wait()
	if ctx.Err() == context.Canceled {
		return nil, sdk.AsProblem(ctx.Err())
	}
	return q.report(parts)
}

func (t *Trail) tracing(query TraceQuery) (*tracing, []*asker, *sdk.Problem) {
	want, problem := parseWanted(query.Message, query.As, t.now())
	if problem != nil {
		return nil, nil, problem
	}
	if want.topic != "" && query.Topic == "" {
		query.Topic = want.topic
	}
	if want.kind == asPosition && query.Topic == "" {
		return nil, nil, sdk.InvalidArgument("topic", "a position is one of a topic, and none is named.").
			WithHint("Say which topic, or, if %q is a business key, say that it is one (as: key).", line(want.text, 60))
	}
	window, problem := t.window(query.Range, want)
	if problem != nil {
		return nil, nil, problem
	}
	connections, problem := t.connections(query.Scope)
	if problem != nil {
		return nil, nil, problem
	}
	q := &tracing{trail: t, query: query, want: want, window: window, steps: &steps{tell: query.Progress}}
	return q, t.askers(connections, query.Raw), nil
}

// part is what one connection came to.
type part struct {
	survey *survey
	hits   []*hit
	lives  []Life
	// more is how many hits were not followed.
	more  int
	calls []trail.Call
	notes []string
	// used is the narrowest window that was asked for.
	used string
	// searches are the verdicts about the topics in which nothing was found.
	searches []verdict.Verdict
}

// connection looks on one connection and follows what it found there.
func (q *tracing) connection(ctx context.Context, a *asker, alone bool) *part {
	p := q.search(ctx, a, alone)
	if p.survey.direct && len(p.hits) == 0 {
		p = q.search(ctx, a, false) // see what there is: perhaps the instance was called by its name
	}
	ctx, cancel := q.trail.within(ctx, forRest)
	defer cancel()
	p.hits = united(p.hits)
	newest(p.hits)
	followed := make([]*following, min(maxLives, len(p.hits)))
	p.more = len(p.hits) - len(followed)
	shared := newShared()
	var wait sync.WaitGroup
	for i := range followed {
		wait.Go(func() { followed[i] = q.follow(ctx, a, shared, p.hits[i]) })
	}
	wait.Wait()
	for _, f := range q.fold(ctx, a, shared, followed) {
		p.lives = append(p.lives, f.life())
	}
	return p
}

// newest sorts hits by time, the newest first, those without one last.
func newest(hits []*hit) {
	slices.SortStableFunc(hits, func(a, b *hit) int {
		return cmp.Compare(timeOf(b.told()), timeOf(a.told()))
	})
}

// timeOf is when a message was stored, or else born, in ms; 0 when that is not known.
func timeOf(message *trail.Message) int64 {
	switch {
	case message == nil:
		return 0
	case message.Stored != nil:
		return message.Stored.UnixMS
	case message.Born != nil:
		return message.Born.UnixMS
	default:
		return 0
	}
}

func (q *tracing) report(parts []*part) (*TraceReport, error) {
	report := &TraceReport{Query: q.query, Notes: q.want.notes()}
	surveys := make([]*survey, len(parts))
	var narrower []string
	hits, more := 0, 0
	for i, part := range parts {
		surveys[i] = part.survey
		report.Lives = append(report.Lives, part.lives...)
		report.Calls = append(report.Calls, part.calls...)
		report.Notes = addNew(report.Notes, part.notes...)
		if part.used != "" {
			narrower = addNew(narrower, part.survey.asker.connection.Name+": "+part.used)
		}
		hits, more = hits+len(part.hits), more+part.more
	}
	if hits == 0 {
		if problem := missing(surveys); problem != nil {
			return nil, problem
		}
	}
	report.Looked = lookedAt(spotsOf(surveys))
	slices.SortStableFunc(report.Lives, func(a, b Life) int { return cmp.Compare(timeOf(b.Message), timeOf(a.Message)) })
	report.More = more + max(0, len(report.Lives)-maxLives)
	report.Lives = report.Lives[:min(maxLives, len(report.Lives))]
	report.Window = q.trail.span(q.window, narrower...)
	if len(report.Lives) > 0 {
		report.Verdict = headline(report.Lives)
	} else {
		report.Verdict = q.nothing(parts, report)
	}
	return report, nil
}
