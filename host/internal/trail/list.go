package trail

import (
	"context"
	"strings"

	"github.com/mqtrail/mqtrail/host/internal/schema"
	"github.com/mqtrail/mqtrail/sdk"
	"github.com/mqtrail/mqtrail/sdk/trail"
)

// listing is one question for resources.
type listing struct {
	trail *Trail
	query ListQuery
	kind  trail.Kind
	limit int
	evidence
}

// List lists resources: by connection, by instance, in the vendor's order. The error is a *sdk.Problem.
func (t *Trail) List(ctx context.Context, query ListQuery) (*ListReport, error) {
	l := &listing{trail: t, query: query}
	connections, problem := t.connections(query.Scope)
	if problem != nil {
		return nil, problem
	}
	if l.kind, problem = parseKind(query.Kind); problem != nil {
		return nil, problem
	}
	if l.limit, problem = limitOf(query.Limit, 5*defaultLimit, maxListed); problem != nil {
		return nil, problem
	}
	askers := t.askers(connections, query.Raw)
	if query.Cursor != "" {
		return l.resume(ctx, askers)
	}
	return l.begin(ctx, askers)
}

// parseKind reads a kind, in the singular or the plural.
func parseKind(text string) (trail.Kind, *sdk.Problem) {
	kinds := []string{string(trail.Instances), string(trail.Topics), string(trail.Groups)}
	wanted := strings.TrimSuffix(strings.ToLower(strings.TrimSpace(text)), "s")
	for _, kind := range kinds {
		if wanted == kind {
			return trail.Kind(kind), nil
		}
	}
	problem := sdk.InvalidArgument("kind", "%q is none of %s.", line(text, 40), strings.Join(kinds, ", "))
	if nearest := schema.Nearest(text, kinds); nearest != "" {
		problem = problem.WithHint("Did you mean %s?", nearest)
	}
	return "", problem
}

func (l *listing) question() string {
	return questionOf("list", l.query.Scope, l.kind, l.query.Contains)
}

func (l *listing) begin(ctx context.Context, askers []*asker) (*ListReport, error) {
	var listed []Listed
	var rest []state
	run := func(surveys []*survey) {
		var streams []*stream[Listed]
		for _, survey := range surveys {
			for _, spot := range survey.spots {
				if l.kind != trail.Instances && spot.instance.ID == "" {
					continue // it has no instance, or could not say which
				}
				at := state{Connection: survey.asker.connection.Name, Instance: spot.instance.ID, System: string(spot.instance.System)}
				streams = append(streams, l.stream(survey.asker, spot, at))
			}
		}
		listed, rest = l.merge(ctx, streams)
	}
	var surveys []*survey
	if l.kind == trail.Instances {
		for _, asker := range askers {
			surveys = append(surveys, &survey{asker: asker, spots: []*spot{newSpot(asker.connection, trail.Resource{})}})
		}
		run(surveys)
	} else {
		surveys = l.trail.everywhere(ctx, askers, reach{Scope: l.query.Scope, kind: trail.Instances}, run)
	}
	if ctx.Err() == context.Canceled {
		return nil, sdk.AsProblem(ctx.Err())
	}
	if problem := missing(surveys); problem != nil {
		return nil, problem
	}
	return l.report(spotsOf(surveys), listed, rest), nil
}

func (l *listing) resume(ctx context.Context, askers []*asker) (*ListReport, error) {
	from, problem := readCursor(l.query.Cursor, l.question())
	if problem != nil {
		return nil, problem
	}
	spots, streams, problem := resumed(askers, from, l.stream)
	if problem != nil {
		return nil, problem
	}
	listed, rest := l.merge(ctx, streams)
	if ctx.Err() == context.Canceled {
		return nil, sdk.AsProblem(ctx.Err())
	}
	return l.report(spots, listed, rest), nil
}

// merge tells one place after the other.
func (l *listing) merge(ctx context.Context, streams []*stream[Listed]) ([]Listed, []state) {
	ctx, cancel := context.WithTimeout(ctx, 2*l.trail.options.Patience) // of all pages
	defer cancel()
	return merge(ctx, streams, l.limit, func(Listed, Listed) bool { return false })
}

func (l *listing) stream(a *asker, spot *spot, at state) *stream[Listed] {
	return &stream[Listed]{at: at, read: func(ctx context.Context, page string) ([]Listed, string, *sdk.Problem) {
		ctx, cancel := l.trail.within(ctx, forRest)
		defer cancel()
		answer, problem := ask[trail.ResourcesAnswer](ctx, a, verbResources, trail.ResourcesRequest{
			Kind: l.kind, Instance: at.Instance, System: trail.System(at.System), Contains: l.query.Contains, Limit: l.limit, Cursor: page, Raw: l.query.Raw,
		})
		if problem != nil {
			spot.fail(problem)
			l.add(trail.Gathered{Calls: []trail.Call{a.failed(verbResources, problem)}})
			return nil, "", problem
		}
		gathered := answer.Gathered
		if !l.query.Raw {
			gathered.Calls = failedCalls(gathered.Calls)
		}
		l.add(gathered)
		spot.note(func() { spot.hits += len(answer.Resources) })
		listed := make([]Listed, len(answer.Resources))
		for i, resource := range answer.Resources {
			listed[i] = Listed{Connection: at.Connection, Resource: resource}
		}
		return listed, answer.Next, nil
	}}
}

func (l *listing) report(spots []*spot, listed []Listed, rest []state) *ListReport {
	report := &ListReport{
		Query: l.query, Resources: listed, Incomplete: addNew(l.incomplete, gapsOf(spots)...), Looked: lookedAt(spots), Calls: l.calls, Notes: l.notes,
	}
	if report.Resources == nil {
		report.Resources = []Listed{}
	}
	if len(rest) > 0 {
		if report.Next = (cursor{Query: l.question(), Places: rest}).String(); report.Next == "" {
			report.Incomplete = append(report.Incomplete, "There is more in too many places to go on with: name an instance.")
		}
	}
	return report
}
