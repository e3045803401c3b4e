package mcpserver

import (
	"context"

	"github.com/mark3labs/mcp-go/mcp"
)

// outputKey is the context's key of the notifier that leads to the client of a request.
type outputKey struct{}

// notifier writes a notification to a client at once: mcp-go's own way has a queue, which a response overtakes.
type notifier interface {
	notify(method string, params any)
}

// progressOf tells the client how far a call is; nil when it did not ask. The protocol wants numbers that grow.
func progressOf(ctx context.Context, request mcp.CallToolRequest) func(done, total float64, text string) {
	client, ok := ctx.Value(outputKey{}).(notifier)
	if !ok || request.Params.Meta == nil || request.Params.Meta.ProgressToken == nil {
		return nil
	}
	last := -1.0
	return func(done, total float64, text string) {
		if done <= last {
			return
		}
		last = done
		client.notify(string(mcp.MethodNotificationProgress), mcp.ProgressNotificationParams{
			ProgressToken: request.Params.Meta.ProgressToken, Progress: done, Total: total, Message: text,
		})
	}
}
