package pluginhost

import "sync"

// gate counts the calls under way and, once closed, lets no more in.
type gate struct {
	mutex  sync.Mutex
	inside int
	empty  chan struct{} // made by close; closed when the last call has left
}

func (g *gate) enter() bool {
	g.mutex.Lock()
	defer g.mutex.Unlock()
	if g.empty != nil {
		return false
	}
	g.inside++
	return true
}

func (g *gate) leave() {
	g.mutex.Lock()
	defer g.mutex.Unlock()
	g.inside--
	if g.inside == 0 && g.empty != nil {
		close(g.empty)
	}
}

// close lets no more calls in; the channel is closed once all have left.
func (g *gate) close() <-chan struct{} {
	g.mutex.Lock()
	defer g.mutex.Unlock()
	if g.empty == nil {
		g.empty = make(chan struct{})
		if g.inside == 0 {
			close(g.empty)
		}
	}
	return g.empty
}

func (g *gate) count() int {
	g.mutex.Lock()
	defer g.mutex.Unlock()
	return g.inside
}
