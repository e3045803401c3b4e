package pluginhost

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	goplugin "github.com/hashicorp/go-plugin"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/health/grpc_health_v1"
	"google.golang.org/grpc/status"
)

// health asks a plugin every few seconds whether it is well, as long as calls are in flight. A process that is
// stopped or stuck takes calls and never answers: nothing else would tell.
type health struct {
	calls atomic.Int64

	mutex   sync.Mutex
	timer   *time.Timer // made with the first call
	probing sync.Mutex
}

func (h *health) enter(g *generation) {
	if h.calls.Add(1) == 1 {
		h.wake(g, g.plugin.host.timing.probe)
	}
}

func (h *health) leave() { h.calls.Add(-1) }

// suspect asks at once: a call was not answered in time.
func (h *health) suspect(g *generation) { h.wake(g, 0) }

func (h *health) wake(g *generation, after time.Duration) {
	h.mutex.Lock()
	defer h.mutex.Unlock()
	if h.timer == nil {
		h.timer = time.AfterFunc(after, func() { h.look(g) })
		return
	}
	h.timer.Reset(after)
}

// look asks, and asks again later while calls are in flight.
func (h *health) look(g *generation) {
	if !h.probing.TryLock() {
		return
	}
	defer h.probing.Unlock()
	if !g.alive() {
		return
	}
	if !g.well() && g.alive() {
		g.end(hung)
		g.process.kill()
		return
	}
	if h.calls.Load() > 0 {
		h.wake(g, g.plugin.host.timing.probe)
	}
}

// well reports whether the process answers. It is asked twice: a host that was itself stopped for a while finds its
// clock run out before it has read the answer.
func (g *generation) well() bool {
	for range 2 {
		ctx, cancel := context.WithTimeout(g.plugin.host.context, g.plugin.host.timing.answer)
		err := g.ask(ctx)
		cancel()
		if status.Code(err) != codes.DeadlineExceeded {
			return true
		}
	}
	return false
}

// ask asks how the process is. That it answers is enough, whatever it says; the error says that it does not.
func (g *generation) ask(ctx context.Context) error {
	_, err := grpc_health_v1.NewHealthClient(g.conn.Load()).Check(ctx, &grpc_health_v1.HealthCheckRequest{Service: goplugin.GRPCServiceName})
	switch status.Code(err) {
	case codes.DeadlineExceeded, codes.Canceled, codes.Unavailable:
		return err
	default:
		return nil
	}
}
