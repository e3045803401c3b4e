package trail

import (
	"context"
	"slices"

	"github.com/mqtrail/mqtrail/sdk/trail"
)

// byGroup: the vendor may say of a single group how it stands to the message. One that has no trace at all may do so.
func (f *following) byGroup() bool {
	if f.trace != nil {
		return f.trace.Trace.ByGroup
	}
	return notOffered(f.traceProblem) && f.system() != trail.Kafka
}

// silent are the groups that the trace does not show.
func (f *following) silent(groups []string) []string {
	return slices.DeleteFunc(slices.Clone(groups), func(group string) bool {
		return slices.ContainsFunc(f.events(), func(e trail.Event) bool { return e.Actor.Group == group })
	})
}

// askStandings asks how groups stand to the message, and adds the answer to the trace: what the trace told already stays
// as it is.
func (f *following) askStandings(ctx context.Context, topic, id string, groups []string) {
	told, problem := ask[trail.TraceAnswer](ctx, f.a, verbTrace, trail.TraceRequest{
		Instance: f.place.instance.ID, System: f.place.instance.System, Topic: topic, MessageID: id, Groups: groups, Window: f.around(), Raw: f.a.raw,
	})
	if problem != nil {
		f.open(verbTrace, problem, "What the vendor says of the groups is not known: ")
		return
	}
	f.add(told.Gathered)
	f.standings = told.Trace.Standings
}
