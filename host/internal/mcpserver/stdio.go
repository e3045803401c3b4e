package mcpserver

import (
	"context"
	"fmt"
	"io"
	"time"

	"github.com/mark3labs/mcp-go/server"
)

// mcp-go runs tool calls on a pool of workers. A full queue would run calls on the loop that reads, where no
// cancellation gets through, so both are larger than what the gateway lets through at once.
const (
	workers = 64
	queue   = 10_000
)

// patience is how long, at the end of input and of serving over HTTP, answers to what was asked before are waited for. A
// client that is gone ends the process sooner.
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
	stdio.SetErrorLogger(s.standardLog())
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
