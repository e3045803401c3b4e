package verbs

import (
	"context"
	"sync"

	"github.com/mqtrail/mqtrail/sdk/trail"
)

// rocketGroup are a group's settings.
type rocketGroup struct {
	Name      string `json:"name"`
	Broadcast *bool  `json:"broadcast"`
	Retries   number `json:"retry_max_time"`
	Online    *bool  `json:"group_online"`
}

func (g rocketGroup) mode() trail.Mode {
	switch {
	case g.Broadcast == nil:
		return ""
	case *g.Broadcast:
		return trail.Broadcasting
	default:
		return trail.Clustering
	}
}

// maxAttempts counts the first delivery, which the vendor's number of redeliveries does not.
func (g rocketGroup) maxAttempts() *int64 {
	if !g.Retries.known {
		return nil
	}
	most := g.Retries.value + 1
	return &most
}

// groupSettings are those of the instance's groups, by name.
func (i *inquiry) groupSettings(ctx context.Context) (map[string]rocketGroup, error) {
	settings := map[string]rocketGroup{}
	next, err := pages(0, pageSize, func(from int64) (page, error) {
		var found struct {
			Groups []rocketGroup `json:"groups"`
			Total  number        `json:"total"`
		}
		if _, err := i.do(ctx, "rocketmq/list_instance_groups", map[string]any{"limit": pageSize, "offset": from}, &found); err != nil {
			return page{}, err
		}
		for _, one := range found.Groups {
			settings[one.Name] = one
		}
		return page{len(found.Groups), found.Total}, nil
	}, func() bool { return false })
	if next > 0 {
		i.note("The instance has more groups than the %d whose settings were read: others lack mode.", next)
	}
	return settings, err
}

// groupAsked is what is known of one group: its settings, and its consumers unless they could not be had.
type groupAsked struct {
	both      sync.WaitGroup
	settings  rocketGroup
	evidence  trail.Evidence
	consumers *connections
	err       error
}

// about asks for a group's settings and consumers, in the background. They may be read after wait.
func (i *inquiry) about(ctx context.Context, group string) *groupAsked {
	asked := &groupAsked{}
	asked.both.Go(func() {
		var reply *trail.Reply
		if reply, asked.err = i.do(ctx, "rocketmq/show_group", map[string]any{"group": group}, &asked.settings); asked.err == nil {
			asked.evidence = reply.Evidence("")
		}
	})
	asked.both.Go(func() {
		var err error
		if asked.consumers, err = i.connections(ctx, group); err != nil {
			i.lacks("The consumers of %s could not be had: %s", group, reason(err))
		}
	})
	return asked
}

// wait waits until both are there, and returns why the settings are not.
func (g *groupAsked) wait() error {
	g.both.Wait()
	return g.err
}
