package trail

import (
	"context"
	"sync"

	"github.com/mqtrail/mqtrail/sdk"
	"github.com/mqtrail/mqtrail/sdk/trail"
)

// answered is what asking came to.
type answered[Answer any] struct {
	answer  *Answer
	problem *sdk.Problem
}

// memo asks once for each key, however many want to know at once.
type memo[Answer any] struct {
	mutex sync.Mutex
	known map[string]func() answered[Answer]
}

func (m *memo[Answer]) get(key string, ask func() (*Answer, *sdk.Problem)) answered[Answer] {
	m.mutex.Lock()
	known, ok := m.known[key]
	if !ok {
		known = sync.OnceValue(func() answered[Answer] {
			answer, problem := ask()
			return answered[Answer]{answer, problem}
		})
		if m.known == nil {
			m.known = map[string]func() answered[Answer]{}
		}
		m.known[key] = known
	}
	m.mutex.Unlock()
	return known()
}

// shared is what the messages of one topic have in common: it is asked once for a question.
type shared struct {
	subscriptions memo[trail.SubscriptionsAnswer]
	lags          memo[trail.LagAnswer]
}

func newShared() *shared { return &shared{} }

func (s *shared) subscriptionsOf(ctx context.Context, a *asker, instance trail.Resource, topic string) answered[trail.SubscriptionsAnswer] {
	return s.subscriptions.get(instance.ID+"\x00"+topic, func() (*trail.SubscriptionsAnswer, *sdk.Problem) {
		return ask[trail.SubscriptionsAnswer](ctx, a, verbSubscriptions, trail.SubscriptionsRequest{
			Instance: instance.ID, System: instance.System, Topic: topic, Raw: a.raw,
		})
	})
}

func (s *shared) lagOf(ctx context.Context, a *asker, instance trail.Resource, group, topic string) answered[trail.LagAnswer] {
	return s.lags.get(instance.ID+"\x00"+group+"\x00"+topic, func() (*trail.LagAnswer, *sdk.Problem) {
		return ask[trail.LagAnswer](ctx, a, verbLag, trail.LagRequest{
			Instance: instance.ID, System: instance.System, Group: group, Topic: topic, Raw: a.raw,
		})
	})
}
