package trail

import (
	"context"

	"github.com/mqtrail/mqtrail/sdk/trail"
)

// Names lists what there is of a kind, by connection and instance: what somebody may be about to type. Lists that were
// read within the last minute are used again; what cannot be asked before ctx ends is left out.
func (t *Trail) Names(ctx context.Context, kind trail.Kind, scope Scope) []Listed {
	connections, problem := t.connections(Scope{Connection: scope.Connection})
	if problem != nil {
		return nil
	}
	reach := reach{Scope: Scope{Instance: scope.Instance}, kind: kind}
	var names []Listed
	for _, survey := range t.surveys(ctx, t.askers(connections, false), reach, false) {
		for _, spot := range survey.spots {
			found := spot.inside
			if kind == trail.Instances && spot.instance.ID != "" {
				found = []trail.Resource{spot.instance}
			}
			for _, resource := range found {
				names = append(names, Listed{Connection: spot.connection.Name, Resource: resource})
			}
		}
	}
	return names
}
