// Package trail answers "where is my message?" over all connections: it asks each for what its vendor can tell, in
// parallel, and hands the evidence to package verdict.
package trail

import (
	"context"
	"sync"
	"time"

	"github.com/mqtrail/mqtrail/host/internal/gateway"
	"github.com/mqtrail/mqtrail/host/internal/verdict"
)

// Trail asks connections and gathers what they tell. It is safe for concurrent use.
type Trail struct {
	gateway    *gateway.Gateway
	options    Options
	remembered *memory
	offered    sync.Map // of *sdk.Problem, by operation; nil for one that is there
	judge      func(verdict.Case) verdict.Result
}

// Options are what a trail is made of.
type Options struct {
	// Zone is the asker's zone: for times without one, and for spans in answers. nil is the system's.
	Zone *time.Location
	// Now is the clock; nil is the system's.
	Now func() time.Time
	// Patience is how long one connection may look, and then again how long it may follow what it found; 0 is 20 s.
	// A deadline of the asker's shortens it.
	Patience time.Duration
}

// New makes a trail over a gateway's connections.
func New(g *gateway.Gateway, options Options) *Trail {
	if options.Zone == nil {
		options.Zone = time.Local
	}
	if options.Now == nil {
		options.Now = time.Now
	}
	if options.Patience <= 0 {
		options.Patience = patience
	}
	return &Trail{gateway: g, options: options, remembered: newMemory(options.Now), judge: verdict.Judge}
}

// now is the moment in the asker's zone.
func (t *Trail) now() time.Time { return t.options.Now().In(t.options.Zone) }

// within bounds one connection's part: by its patience, and by a share of what time the asker leaves, so that there
// is time to tell what the others found.
func (t *Trail) within(ctx context.Context, tenths int) (context.Context, context.CancelFunc) {
	limit := t.options.Patience
	if deadline, ok := ctx.Deadline(); ok {
		limit = min(limit, time.Until(deadline)*time.Duration(tenths)/10)
	}
	return context.WithTimeout(ctx, limit)
}

// The tenths of the time left that a part may take.
const (
	forSearch = 6
	forRest   = 9
)
