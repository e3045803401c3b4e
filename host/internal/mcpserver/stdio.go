package mcpserver

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"time"

	"github.com/mark3labs/mcp-go/mcp"
	"github.com/mark3labs/mcp-go/server"
	"github.com/rs/zerolog"
)

// mcp-go runs tool calls on a pool of workers. A full queue would run calls on the loop that reads, where no
// cancellation gets through, so both are larger than what the gateway lets through at once.
const (
	workers = 64
	queue   = 10_000
)

// patience is how long, at the end of input, answers to what was asked before are waited for. A client that is gone
// ends the process sooner.
const patience = 5 * time.Second

// ServeStdio serves one client until the input or ctx ends. Both are a clean end: nil. Calls in flight are
// cancelled; at the end of input they have a few seconds to finish.
func (s *Server) ServeStdio(ctx context.Context, in io.Reader, out io.Writer) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	asked := newPending()
	writer := &output{writer: out, asked: asked, stop: cancel}
	reader := newInput(ctx, in, writer, asked)
	stdio := server.NewStdioServer(s.protocol)
	stdio.SetErrorLogger(slog.NewLogLogger(zerolog.NewSlogHandler(s.logger), slog.LevelWarn))
	server.WithWorkerPoolSize(workers)(stdio)
	server.WithQueueSize(queue)(stdio)
	err := stdio.Listen(context.WithValue(ctx, outputKey{}, writer), reader, writer)
	if failure := writer.failure(); failure != nil {
		return fmt.Errorf("writing to the client: %w", failure)
	}
	if err != nil && ctx.Err() == nil {
		return fmt.Errorf("reading from the client: %w", err)
	}
	return nil
}

type outputKey struct{}

// progressOf tells the client how far a call is; nil when it did not ask. The protocol wants numbers that grow.
func progressOf(ctx context.Context, request mcp.CallToolRequest) func(done, total float64, text string) {
	writer, ok := ctx.Value(outputKey{}).(*output)
	if !ok || request.Params.Meta == nil || request.Params.Meta.ProgressToken == nil {
		return nil
	}
	last := -1.0
	return func(done, total float64, text string) {
		if done <= last {
			return
		}
		last = done
		// Written at once, and not through mcp-go's queue, which a response overtakes.
		writer.notify(string(mcp.MethodNotificationProgress), mcp.ProgressNotificationParams{
			ProgressToken: request.Params.Meta.ProgressToken, Progress: done, Total: total, Message: text,
		})
	}
}
