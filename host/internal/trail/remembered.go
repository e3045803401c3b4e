package trail

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/mqtrail/mqtrail/sdk"
	"github.com/mqtrail/mqtrail/sdk/trail"
)

// memory keeps lists of resources for a minute, so that a second question is fast. Who asks for a list that is being
// read waits for it.
type memory struct {
	now   func() time.Time
	mutex sync.Mutex
	lists map[listKey]*list
}

type listKey struct {
	connection string
	kind       trail.Kind
	instance   string
}

// list is what one connection has of one kind.
type list struct {
	ready     chan struct{} // closed when the rest may be read
	at        time.Time
	resources []trail.Resource
	// gaps say why the list may lack something.
	gaps    []string
	problem *sdk.Problem
}

func newMemory(now func() time.Time) *memory { return &memory{now: now, lists: map[listKey]*list{}} }

// forget drops what is known of a connection: something of it turned out not to exist.
func (m *memory) forget(connection string) {
	m.mutex.Lock()
	defer m.mutex.Unlock()
	for key := range m.lists {
		if key.connection == connection {
			delete(m.lists, key)
		}
	}
}

// get is the remembered list, or else what read reads. A failure is not remembered.
func (m *memory) get(ctx context.Context, key listKey, read func() *list) *list {
	for {
		known, mine := m.entry(key)
		if mine {
			result := read()
			known.resources, known.gaps, known.problem, known.at = result.resources, result.gaps, result.problem, m.now()
			if known.problem != nil {
				m.drop(key, known)
			}
			close(known.ready)
			return known
		}
		select {
		case <-known.ready:
		case <-ctx.Done():
			return &list{problem: sdk.AsProblem(ctx.Err())}
		}
		// One whose own asker went away or ran out of time says nothing to this one.
		if known.problem == nil || known.problem.Code != sdk.CodeCancelled && known.problem.Code != sdk.CodeTimeout {
			return known
		}
	}
}

// entry is the list that is there or being read; mine when the caller is to read it.
func (m *memory) entry(key listKey) (known *list, mine bool) {
	m.mutex.Lock()
	defer m.mutex.Unlock()
	for other, list := range m.lists {
		if list.old(m.now()) {
			delete(m.lists, other)
		}
	}
	if known, ok := m.lists[key]; ok {
		return known, false
	}
	known = &list{ready: make(chan struct{})}
	m.lists[key] = known
	return known, true
}

func (l *list) old(now time.Time) bool {
	select {
	case <-l.ready:
		return now.Sub(l.at) > remember
	default:
		return false
	}
}

func (m *memory) drop(key listKey, dropped *list) {
	m.mutex.Lock()
	defer m.mutex.Unlock()
	if m.lists[key] == dropped {
		delete(m.lists, key)
	}
}

// list is what the connection has of a kind: its instances, or an instance's topics or groups.
func (a *asker) list(ctx context.Context, kind trail.Kind, instance trail.Resource) *list {
	key := listKey{a.connection.Name, kind, instance.ID}
	return a.trail.remembered.get(ctx, key, func() *list { return a.read(ctx, kind, instance) })
}

func (a *asker) read(ctx context.Context, kind trail.Kind, instance trail.Resource) *list {
	result := &list{}
	request := trail.ResourcesRequest{Kind: kind, Instance: instance.ID, System: instance.System, Limit: pageSize}
	for range maxPages {
		answer, problem := ask[trail.ResourcesAnswer](ctx, a, verbResources, request)
		if problem != nil {
			return &list{problem: problem}
		}
		result.resources = append(result.resources, answer.Resources...)
		result.gaps = addNew(result.gaps, answer.Incomplete...)
		if request.Cursor = answer.Next; answer.Next == "" {
			return result
		}
	}
	result.gaps = append(result.gaps, fmt.Sprintf("The list of %ss of %s has more than the %d that were read.", kind, a.where(instance), len(result.resources)))
	return result
}

// where names an instance, or the connection alone.
func (a *asker) where(instance trail.Resource) string {
	if instance.ID == "" {
		return a.connection.Name
	}
	return a.connection.Name + "/" + instance.ID
}
