package mcpserver

import (
	"context"
	"log/slog"
)

// quiet is a log handler for mcp-go, which tells of every request at level info: the gateway has a line of its own
// for every call, so these are for debugging.
type quiet struct{ slog.Handler }

func demote(level slog.Level) slog.Level {
	if level == slog.LevelInfo {
		return slog.LevelDebug
	}
	return level
}

// Enabled reports whether a record of the level would be written.
func (q quiet) Enabled(ctx context.Context, level slog.Level) bool {
	return q.Handler.Enabled(ctx, demote(level))
}

// Handle writes the record.
func (q quiet) Handle(ctx context.Context, record slog.Record) error {
	record.Level = demote(record.Level)
	return q.Handler.Handle(ctx, record)
}

// WithAttrs is a handler with attributes.
func (q quiet) WithAttrs(attributes []slog.Attr) slog.Handler {
	return quiet{q.Handler.WithAttrs(attributes)}
}

// WithGroup is a handler of a group.
func (q quiet) WithGroup(name string) slog.Handler { return quiet{q.Handler.WithGroup(name)} }
