package gateway

import (
	"context"
	"time"

	"golang.org/x/time/rate"

	"github.com/mqtrail/mqtrail/host/internal/config"
	"github.com/mqtrail/mqtrail/sdk"
)

// Connection is one account at one vendor, as far as its owner allows its use.
type Connection struct {
	config.Connection
	limits *limits
}

// NewConnection makes a configured connection usable.
func NewConnection(configured config.Connection) *Connection {
	return &Connection{Connection: configured, limits: newLimits(configured.CallsPerSecond, configured.CallsAtOnce)}
}

// Sandbox reports whether the connection goes to the plugin's emulator.
func (c *Connection) Sandbox() bool { return c.Origin == config.OriginSandbox }

// limits hold a connection to a number of calls a second and of calls at once, so that an eager assistant does
// not use up what the account's other users need.
type limits struct {
	rate  *rate.Limiter
	slots chan struct{}
}

// newLimits makes limits; 0 calls a second means no limit: a sandbox has no other users.
func newLimits(perSecond float64, atOnce int) *limits {
	limit := rate.Limit(perSecond)
	if perSecond == 0 {
		limit = rate.Inf
	}
	return &limits{rate: rate.NewLimiter(limit, max(1, int(perSecond))), slots: make(chan struct{}, atOnce)}
}

// enter waits for a turn, no longer than the call's deadline, and returns how to give the turn back.
func (l *limits) enter(ctx context.Context, connection string) (release func(), err error) {
	select {
	case l.slots <- struct{}{}:
	case <-ctx.Done():
		return nil, l.tooBusy(ctx, connection)
	}
	if err := l.rate.Wait(ctx); err != nil {
		<-l.slots
		return nil, l.tooBusy(ctx, connection)
	}
	return func() { <-l.slots }, nil
}

func (l *limits) tooBusy(ctx context.Context, connection string) error {
	if ctx.Err() == context.Canceled {
		return ctx.Err()
	}
	problem := sdk.Problemf(sdk.SourceCaller, sdk.CodeThrottled, "The connection %s is at its limit of %g calls a second and %d at once; nothing was sent.",
		connection, float64(l.rate.Limit()), cap(l.slots)).
		WithHint("Call less often, or raise calls_per_second and calls_at_once under connections.%s in mqtrail.yaml.", connection)
	problem.Retryable, problem.RetryAfter = true, time.Second
	return problem
}
