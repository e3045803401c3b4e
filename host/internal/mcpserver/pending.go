package mcpserver

import (
	"context"
	"sync"
	"time"
)

// pending counts the requests that are not answered yet.
type pending struct {
	mutex   sync.Mutex
	count   int
	changed chan struct{} // holds one
}

func newPending() *pending { return &pending{changed: make(chan struct{}, 1)} }

func (p *pending) add() { p.change(1) }

func (p *pending) answered() { p.change(-1) }

func (p *pending) change(by int) {
	p.mutex.Lock()
	p.count += by
	p.mutex.Unlock()
	select {
	case p.changed <- struct{}{}:
	default:
	}
}

func (p *pending) none() bool {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	return p.count <= 0
}

// wait returns when nothing is pending, at the end of ctx, or after a time.
func (p *pending) wait(ctx context.Context, atMost time.Duration) {
	timer := time.NewTimer(atMost)
	defer timer.Stop()
	for !p.none() {
		select {
		case <-p.changed:
		case <-timer.C:
			return
		case <-ctx.Done():
			return
		}
	}
}
