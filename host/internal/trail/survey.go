package trail

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/mqtrail/mqtrail/host/internal/gateway"
	"github.com/mqtrail/mqtrail/host/internal/schema"
	"github.com/mqtrail/mqtrail/sdk"
	"github.com/mqtrail/mqtrail/sdk/trail"
)

// survey is where to look on one connection.
type survey struct {
	asker *asker
	reach reach
	spots []*spot
	// instances and inside are the names that there are, where the one that was asked for is not: of instances, and of
	// topics or groups.
	instances, inside []string
	// surveyed: all names were seen, so that what is not among them does not exist.
	surveyed bool
	// direct: nothing was listed, since the asker named everything.
	direct bool
}

// connections are those in scope. Those of a broken plugin are among them: asking one tells why it is broken.
func (t *Trail) connections(scope Scope) ([]*gateway.Connection, *sdk.Problem) {
	all := append(t.gateway.Connections(), t.gateway.Lost()...)
	if len(all) == 0 {
		return nil, sdk.Problemf(sdk.SourceCaller, sdk.CodeUnknownConnection, "No connection is configured.").
			WithHint("Name one in mqtrail.yaml, set a vendor's usual environment variables (mqtrail plugins lists them), or try --sandbox.")
	}
	if scope.Connection == "" {
		return all, nil
	}
	names := make([]string, len(all))
	for i, connection := range all {
		if names[i] = connection.Name; connection.Name == scope.Connection {
			return []*gateway.Connection{connection}, nil
		}
	}
	return nil, unknownName(sdk.CodeUnknownConnection, "connection", scope.Connection, names)
}

// maxNames are listed in a problem.
const maxNames = 8

// unknownName is the problem of a name that nothing has.
func unknownName(code, kind, name string, names []string) *sdk.Problem {
	slices.Sort(names)
	names = slices.Compact(names)
	problem := sdk.Problemf(sdk.SourceCaller, code, "There is no %s %q.", kind, line(name, 100))
	problem.Pointer = "/" + kind
	switch nearest := schema.Nearest(name, names); {
	case nearest != "":
		return problem.WithHint("Did you mean %s?", nearest)
	case len(names) == 0:
		return problem.WithHint("There is none at all.")
	case len(names) > maxNames:
		return problem.WithHint("There are %s and %d more.", strings.Join(names[:maxNames], ", "), len(names)-maxNames)
	default:
		return problem.WithHint("There is %s.", strings.Join(names, ", "))
	}
}

// reach is what a survey is to find: instances, or their topics or groups.
type reach struct {
	Scope
	// kind is Instances, Topics or Groups; group is the one that is wanted, if one is.
	kind  trail.Kind
	group string
}

// wanted is the topic or group that was named.
func (r reach) wanted() string {
	switch r.kind {
	case trail.Topics:
		return r.Topic
	case trail.Groups:
		return r.group
	default:
		return r.Instance
	}
}

// within is a resource of an instance, of which only the name is known.
func (r reach) within(instance trail.Resource) []trail.Resource {
	if r.kind == trail.Instances {
		return nil
	}
	return []trail.Resource{{Kind: r.kind, ID: r.wanted(), Instance: instance.ID}}
}

// survey finds out where to look. A connection that cannot tell is a spot that failed.
func (a *asker) survey(ctx context.Context, reach reach, alone bool) *survey {
	s := &survey{asker: a, reach: reach}
	if alone && reach.Instance != "" && reach.wanted() != "" {
		s.direct = true
		only := newSpot(a.connection, trail.Resource{Kind: trail.Instances, ID: reach.Instance})
		only.inside = reach.within(only.instance)
		s.spots = []*spot{only}
		return s
	}
	whole := newSpot(a.connection, trail.Resource{})
	instances := a.list(ctx, trail.Instances, trail.Resource{})
	if instances.problem != nil {
		whole.fail(instances.problem)
		s.spots = []*spot{whole}
		return s
	}
	s.surveyed = len(instances.gaps) == 0
	for _, instance := range instances.resources {
		switch {
		case reach.Instance != "" && !named(instance, reach.Instance):
			s.instances = append(s.instances, namesOf(instance)...)
		case len(s.spots) >= maxInstances:
			whole.gaps = addNew(whole.gaps, fmt.Sprintf("More than %d instances: the others were not looked in.", maxInstances))
		default:
			s.spots = append(s.spots, newSpot(a.connection, instance))
		}
	}
	whole.gaps = addNew(whole.gaps, instances.gaps...)
	if reach.kind != trail.Instances {
		s.enter(ctx)
	}
	if len(s.spots) == 0 || len(whole.gaps) > 0 {
		if len(instances.resources) == 0 {
			whole.details = append(whole.details, "It has no instance.")
		}
		s.spots = append(s.spots, whole)
	}
	return s
}

func named(resource trail.Resource, name string) bool {
	return resource.ID == name || resource.Name == name
}

func namesOf(resource trail.Resource) []string {
	return addNew(nil, resource.ID, resource.Name)
}

var mostOf = map[trail.Kind]int{trail.Topics: maxTopics, trail.Groups: maxGroups}

// enter lists every instance's topics or groups at once, and keeps as many as may be looked at.
func (s *survey) enter(ctx context.Context) {
	lists := make([]*list, len(s.spots))
	var wait sync.WaitGroup
	for i, spot := range s.spots {
		if spot.instance.Usable != nil && !*spot.instance.Usable {
			spot.gaps = append(spot.gaps, "The instance cannot be asked now: "+line(cmp.Or(spot.instance.Status, "not usable"), 60)+".")
			continue
		}
		wait.Go(func() { lists[i] = s.asker.list(ctx, s.reach.kind, spot.instance) })
	}
	wait.Wait()
	room := mostOf[s.reach.kind]
	found := false
	for i, spot := range s.spots {
		switch {
		case lists[i] == nil: // not usable
		case lists[i].problem != nil:
			s.surveyed = false
			s.unlisted(spot, lists[i].problem)
		default:
			room -= s.keep(spot, lists[i], room)
		}
		found = found || len(spot.inside) > 0
	}
	if found && s.reach.wanted() != "" { // the others have no such thing
		s.spots = slices.DeleteFunc(s.spots, func(spot *spot) bool { return len(spot.inside) == 0 && spot.silent() })
		s.inside = nil
	}
}

// silent: there is nothing to tell of the spot.
func (s *spot) silent() bool { return len(s.problems)+len(s.gaps) == 0 }

// unlisted looks at least into what was named, where the vendor has no list.
func (s *survey) unlisted(spot *spot, problem *sdk.Problem) {
	if s.reach.wanted() == "" || !notOffered(problem) {
		spot.fail(problem)
		return
	}
	spot.inside = s.reach.within(spot.instance)
}

// keep chooses what to look at, and returns how much of the room it takes.
func (s *survey) keep(spot *spot, listed *list, room int) int {
	wanted := s.reach.wanted()
	for _, resource := range listed.resources {
		switch {
		case wanted != "" && !named(resource, wanted):
			s.inside = append(s.inside, resource.ID)
		case wanted == "" && s.reach.kind == trail.Topics && systemTopic(resource.ID):
		case len(spot.inside) == room:
			spot.left++
		default:
			spot.inside = append(spot.inside, resource)
		}
	}
	if len(listed.gaps) > 0 {
		s.surveyed = false
		if wanted == "" {
			spot.gaps = addNew(spot.gaps, listed.gaps...)
		} else if len(spot.inside) == 0 {
			spot.inside = s.reach.within(spot.instance)
		}
	}
	switch {
	case spot.left > 0:
		spot.gaps = append(spot.gaps, fmt.Sprintf("At most %d %ss of a connection are looked at; name one.", mostOf[s.reach.kind], s.reach.kind))
	case wanted == "" && len(spot.inside) == 0:
		spot.details = append(spot.details, fmt.Sprintf("It has no %s.", s.reach.kind))
	}
	return len(spot.inside)
}

// systemTopic: the broker's own topics hold copies and bookkeeping.
func systemTopic(name string) bool {
	lower := strings.ToLower(name)
	for _, prefix := range []string{"%retry%", "%dlq%", "rmq_sys_", "__", "schedule_topic_", "tbw102", "self_test_topic", "offset_moved_event", "benchmarktest"} {
		if strings.HasPrefix(lower, prefix) {
			return true
		}
	}
	return false
}

// everywhere runs a search where it is to look, on all connections at once. Where the asker named everything nothing
// is listed first; if nothing is found so, what there is is listed: perhaps the instance was called by its name.
func (t *Trail) everywhere(ctx context.Context, askers []*asker, reach reach, search func([]*survey)) []*survey {
	surveys := t.surveys(ctx, askers, reach, len(askers) == 1)
	search(surveys)
	if surveys[0].direct && !slices.ContainsFunc(surveys[0].spots, (*spot).hit) {
		surveys = t.surveys(ctx, askers, reach, false)
		search(surveys)
	}
	return surveys
}

func (t *Trail) surveys(ctx context.Context, askers []*asker, reach reach, alone bool) []*survey {
	found := make([]*survey, len(askers))
	var wait sync.WaitGroup
	for i, asker := range askers {
		wait.Go(func() {
			bounded, cancel := t.within(ctx, forSearch)
			defer cancel()
			found[i] = asker.survey(bounded, reach, alone)
		})
	}
	wait.Wait()
	return found
}

// spotsOf are the places of surveys, as an answer tells of them.
func spotsOf(surveys []*survey) []*spot {
	var spots []*spot
	for _, survey := range surveys {
		spots = append(spots, survey.spots...)
	}
	return spots
}

func lookedAt(spots []*spot) []Looked {
	looked := make([]Looked, len(spots))
	for i, spot := range spots {
		looked[i] = spot.looked()
	}
	return looked
}

// missing is the problem of an instance, topic or group that is nowhere; nil when it is somewhere, or may be.
func missing(surveys []*survey) *sdk.Problem {
	var instances, inside []string
	matched := false
	for _, survey := range surveys {
		if !survey.surveyed {
			return nil
		}
		for _, spot := range survey.spots {
			if len(spot.inside) > 0 {
				return nil
			}
			matched = matched || spot.instance.ID != ""
		}
		instances, inside = append(instances, survey.instances...), append(inside, survey.inside...)
	}
	reach := surveys[0].reach
	switch {
	case reach.Instance != "" && !matched:
		return unknownName(sdk.CodeNotFound, "instance", reach.Instance, instances)
	case reach.kind != trail.Instances && reach.wanted() != "":
		return unknownName(sdk.CodeNotFound, string(reach.kind), reach.wanted(), inside)
	default:
		return nil
	}
}
