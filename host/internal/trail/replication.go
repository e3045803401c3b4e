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

const caveat = "These numbers compare consumer progress at the two ends. They do not say how much data a loss of the source would lose, " +
	"except where data_behind_ms is given."

// Replication tells how plans stand. The error is a *sdk.Problem: there is no such plan.
func (t *Trail) Replication(ctx context.Context, query ReplicationQuery) (*ReplicationReport, error) {
	connections, problem := t.connections(Scope{Connection: query.Connection})
	if problem != nil {
		return nil, problem
	}
	report := &ReplicationReport{Query: query, Caveat: caveat, Plans: []Plan{}}
	spots := make([]*spot, len(connections))
	answers := make([]*trail.ReplicationAnswer, len(connections))
	var wait sync.WaitGroup
	for i, connection := range connections {
		spots[i] = newSpot(connection, trail.Resource{})
		a := t.asker(connection, query.Raw)
		wait.Go(func() { answers[i] = a.replication(ctx, spots[i], query) })
	}
	wait.Wait()
	if ctx.Err() == context.Canceled {
		return nil, sdk.AsProblem(ctx.Err())
	}
	for i, answer := range answers {
		report.Looked = append(report.Looked, spots[i].looked())
		if answer != nil {
			report.take(connections[i].Name, answer, t.now().UnixMilli())
		}
	}
	if query.Plan != "" && len(report.Plans) == 0 {
		if problem := t.unknownPlan(ctx, query, spots); problem != nil {
			return nil, problem
		}
	}
	slices.SortStableFunc(report.Plans, func(a, b Plan) int {
		return cmp.Or(cmp.Compare(a.Connection, b.Connection), cmp.Compare(a.ID, b.ID))
	})
	return report, nil
}

func (a *asker) replication(ctx context.Context, spot *spot, query ReplicationQuery) *trail.ReplicationAnswer {
	ctx, cancel := a.trail.within(ctx, forRest)
	defer cancel()
	answer, problem := ask[trail.ReplicationAnswer](ctx, a, verbReplication, trail.ReplicationRequest{Plan: query.Plan, Filter: query.Filter, Raw: query.Raw})
	switch {
	case problem == nil:
		spot.note(func() {
			spot.hits += len(answer.Plans)
			spot.gaps = addNew(spot.gaps, answer.Incomplete...)
		})
		return answer
	case problem.Code == sdk.CodeNotFound && query.Plan != "":
		spot.note(func() {}) // another connection's, or nobody's
	default:
		spot.fail(problem)
	}
	return nil
}

func (r *ReplicationReport) take(connection string, answer *trail.ReplicationAnswer, now int64) {
	for _, plan := range answer.Plans {
		result := verdict.JudgeReplication(plan, now, 0)
		for _, next := range result.Next { // a plan's id alone is not enough where there are several connections
			next.Arguments["connection"] = connection
		}
		r.Plans = append(r.Plans, Plan{Connection: connection, ReplicationPlan: plan, Result: result})
	}
	r.Calls = append(r.Calls, answer.Calls...)
	r.Notes = addNew(addNew(r.Notes, answer.Notes...), answer.Incomplete...)
}

// unknownPlan is the problem of a plan that is nowhere, with the nearest that is; nil where it may be somewhere.
func (t *Trail) unknownPlan(ctx context.Context, query ReplicationQuery, spots []*spot) *sdk.Problem {
	if slices.ContainsFunc(spots, func(s *spot) bool { return len(s.problems) > 0 || len(s.gaps) > 0 }) {
		return nil
	}
	every, err := t.Replication(ctx, ReplicationQuery{Connection: query.Connection})
	if err != nil {
		return sdk.AsProblem(err)
	}
	var names []string
	for _, plan := range every.Plans {
		names = addNew(names, plan.ID, plan.Name)
	}
	return unknownName(sdk.CodeNotFound, "plan", query.Plan, names)
}
