package trail

import (
	"cmp"
	"context"
	"slices"
	"sync"

	"github.com/mqtrail/mqtrail/sdk"
	"github.com/mqtrail/mqtrail/sdk/trail"
)

// lagging is one question for how groups stand.
type lagging struct {
	trail *Trail
	query LagQuery
	steps *steps

	mutex  sync.Mutex
	groups []GroupLag
	evidence
}

// Lag tells how groups stand. The error is a *sdk.Problem: the question names something that does not exist. A group
// of which nothing could be learned is in the answer.
func (t *Trail) Lag(ctx context.Context, query LagQuery) (*LagReport, error) {
	l := &lagging{trail: t, query: query, steps: &steps{tell: query.Progress}}
	connections, problem := t.connections(query.Scope)
	if problem != nil {
		return nil, problem
	}
	askers := t.askers(connections, query.Raw)
	reach := reach{Scope: query.Scope, kind: trail.Groups, group: query.Group}
	if query.Group == "" && query.Topic != "" {
		reach.kind = trail.Topics
	}
	surveys := t.everywhere(ctx, askers, reach, func(surveys []*survey) { l.look(ctx, surveys) })
	if ctx.Err() == context.Canceled {
		return nil, sdk.AsProblem(ctx.Err())
	}
	if problem := missing(surveys); problem != nil {
		return nil, problem
	}
	return l.report(spotsOf(surveys)), nil
}

// look asks for every group at once; of a topic, for who subscribes to it first.
func (l *lagging) look(ctx context.Context, surveys []*survey) {
	l.groups = nil // of a first look that found nothing
	var wait sync.WaitGroup
	for _, survey := range surveys {
		for _, spot := range survey.spots {
			wait.Go(func() {
				ctx, cancel := l.trail.within(ctx, forRest)
				defer cancel()
				l.instance(ctx, survey.asker, spot)
			})
		}
	}
	wait.Wait()
}

func (l *lagging) instance(ctx context.Context, a *asker, spot *spot) {
	groups := spot.inside
	if len(groups) > 0 && groups[0].Kind == trail.Topics {
		groups = l.subscribed(ctx, a, spot, groups[0].ID)
	}
	l.steps.expect(len(groups))
	var wait sync.WaitGroup
	for _, group := range groups {
		wait.Go(func() {
			l.group(ctx, a, spot, group.ID)
			l.steps.step(a.where(spot.instance))
		})
	}
	wait.Wait()
}

// subscribed are the groups of a topic.
func (l *lagging) subscribed(ctx context.Context, a *asker, spot *spot, topic string) []trail.Resource {
	answer, problem := ask[trail.SubscriptionsAnswer](ctx, a, verbSubscriptions, trail.SubscriptionsRequest{
		Instance: spot.instance.ID, System: spot.instance.System, Topic: topic, Raw: l.query.Raw,
	})
	if problem != nil {
		spot.fail(problem)
		return nil
	}
	l.take(answer.Gathered)
	var groups []trail.Resource
	for _, subscription := range answer.Subscriptions {
		known := slices.ContainsFunc(groups, func(other trail.Resource) bool { return other.ID == subscription.Group })
		if !known {
			groups = append(groups, trail.Resource{Kind: trail.Groups, ID: subscription.Group})
		}
	}
	spot.note(func() {
		spot.searched++
		if len(groups) == 0 {
			spot.details = addNew(spot.details, "No group subscribes to "+topic+".")
		}
		if spot.left = max(0, len(groups)-maxGroups); spot.left > 0 {
			spot.gaps = addNew(spot.gaps, "It has more groups than are asked about for one answer; name one.")
		}
	})
	return groups[:min(maxGroups, len(groups))]
}

func (l *lagging) group(ctx context.Context, a *asker, spot *spot, group string) {
	answer, problem := ask[trail.LagAnswer](ctx, a, verbLag, trail.LagRequest{
		Instance: spot.instance.ID, System: spot.instance.System, Group: group, Topic: l.query.Topic, Raw: l.query.Raw,
	})
	lag := GroupLag{Connection: a.connection.Name, Instance: spot.instance.ID}
	if problem != nil {
		spot.fail(problem)
		l.take(trail.Gathered{Calls: []trail.Call{a.failed(verbLag, problem)}})
		lag.Group, lag.Problem = group, reason(problem)
	} else {
		l.take(answer.Gathered)
		lag.GroupState = answer.State
		lag.Group = cmp.Or(lag.Group, group)
		spot.note(func() {
			spot.searched++
			spot.hits++
		})
	}
	l.mutex.Lock()
	defer l.mutex.Unlock()
	l.groups = append(l.groups, lag)
}

// take keeps the calls that failed; all when their answers are wanted, or only one group was asked about.
func (l *lagging) take(gathered trail.Gathered) {
	if !l.query.Raw && l.query.Group == "" {
		gathered.Calls = failedCalls(gathered.Calls)
	}
	l.add(gathered)
}

func (l *lagging) report(spots []*spot) *LagReport {
	groups := l.groups
	if groups == nil {
		groups = []GroupLag{}
	}
	slices.SortFunc(groups, worseLag)
	report := &LagReport{
		Query: l.query, Groups: groups, Incomplete: addNew(l.incomplete, gapsOf(spots)...), Looked: lookedAt(spots), Calls: l.calls, Notes: l.notes,
	}
	for i := range report.Looked { // what was counted are groups
		report.Looked[i].Topics = 0
	}
	return report
}

// worseLag orders those of which nothing is known before all, then by how many messages wait, then by how long.
func worseLag(a, b GroupLag) int {
	return cmp.Or(
		cmp.Compare(knownLag(a), knownLag(b)),
		-cmp.Compare(waiting(a), waiting(b)),
		-cmp.Compare(delay(a), delay(b)),
		cmp.Compare(a.Connection, b.Connection),
		cmp.Compare(a.Instance, b.Instance),
		cmp.Compare(a.Group, b.Group),
	)
}

// knownLag is 0 when nothing is known, 1 when something is missing, 2 when every number was told.
func knownLag(lag GroupLag) int {
	if lag.Problem != "" {
		return 0
	}
	known, told := 2, false
	for _, topic := range lag.Lags {
		if topic.Messages == nil && topic.DelayMS == nil {
			known = 1
			continue
		}
		told = true
	}
	if !told {
		return 0
	}
	return known
}

// waiting is how many messages wait, as far as that was told.
func waiting(lag GroupLag) int64 {
	var sum int64
	for _, topic := range lag.Lags {
		if topic.Messages != nil {
			sum += *topic.Messages
		}
	}
	return sum
}

// delay is how long the oldest of them has waited, in ms.
func delay(lag GroupLag) int64 {
	var longest int64
	for _, topic := range lag.Lags {
		if topic.DelayMS != nil {
			longest = max(longest, *topic.DelayMS)
		}
	}
	return longest
}
