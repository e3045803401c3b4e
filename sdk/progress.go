package sdk

import (
	"context"

	"github.com/rs/zerolog"
)

type contextKey int

const (
	progressKey contextKey = iota
	requestKey
)

// Progress tells the caller how far an operation is. total is 0 when unknown. It never blocks for long and
// may be called often: the SDK sends a few a second.
func Progress(ctx context.Context, done, total float64, text string) {
	if report, ok := ctx.Value(progressKey).(func(done, total float64, text string)); ok {
		report(done, total, text)
	}
}

// RequestID is the host's id of the running call, the same in host and plugin logs; "" outside a call.
func RequestID(ctx context.Context) string {
	id, _ := ctx.Value(requestKey).(string)
	return id
}

// Logger logs to the host, which keeps level and fields. Outside a call it discards.
func Logger(ctx context.Context) *zerolog.Logger {
	return zerolog.Ctx(ctx)
}
