package sdk

import (
	"context"

	"github.com/rs/zerolog"
)

// call is what the context of a running call carries.
type call struct {
	id       string
	progress func(done, total float64, text string)
	// logger is made when it is first asked for: most calls log nothing.
	logger func() *zerolog.Logger
}

type callKey struct{}

// callOf is the running call, or nil outside of one.
func callOf(ctx context.Context) *call {
	running, _ := ctx.Value(callKey{}).(*call)
	return running
}

// Progress tells the caller how far an operation is. total is 0 when unknown. It never blocks for long and
// may be called often: the SDK sends a few a second.
func Progress(ctx context.Context, done, total float64, text string) {
	if running := callOf(ctx); running != nil && running.progress != nil {
		running.progress(done, total, text)
	}
}

// RequestID is the host's id of the running call, the same in host and plugin logs; "" outside a call.
func RequestID(ctx context.Context) string {
	if running := callOf(ctx); running != nil {
		return running.id
	}
	return ""
}

// Logger logs to the host, which keeps level and fields. Outside a call it discards.
func Logger(ctx context.Context) *zerolog.Logger {
	if running := callOf(ctx); running != nil {
		return running.logger()
	}
	return zerolog.Ctx(ctx)
}
