package mcpserver

import (
	"context"
	"encoding/json"

	"github.com/mark3labs/mcp-go/mcp"

	"github.com/mqtrail/mqtrail/host/internal/render"
	"github.com/mqtrail/mqtrail/host/internal/shape"
	"github.com/mqtrail/mqtrail/host/internal/trail"
	"github.com/mqtrail/mqtrail/sdk"
)

// detailed says how much a neutral verb tells.
type detailed struct {
	Detail string `json:"detail"`
}

// How much a neutral verb tells: what is worth knowing, also the steps of a message, or all with the vendors' answers.
const (
	detailEvents = "events"
	detailRaw    = "raw"
)

func (d detailed) raw() bool { return d.Detail == detailRaw }

// told is what a neutral verb came to.
type told struct {
	// answer is a value for the assistant, one JSON object.
	answer any
	looked []trail.Looked
	// trace is the report that an app draws; nil of other verbs.
	trace *trail.TraceReport
}

// progress hears how many of the places have been asked.
type progress func(done, total int, text string)

// verb is a neutral verb as a tool that takes arguments of type A. Its schemas are JSON. shorter says how to ask for
// less, where an answer is too large.
type verb[A any] struct {
	name, title, description, input, output, shorter string
	tell                                             func(ctx context.Context, arguments A, heard progress) (*told, error)
}

// tool makes a tool of a verb.
func (v verb[A]) tool(s *Server) native {
	input := json.RawMessage(v.input)
	read := reader[A](v.name, input)
	return native{
		name: v.name, title: v.title, description: v.description, hints: hintsOf(sdk.AccessRead), input: input, output: json.RawMessage(v.output),
		handle: func(ctx context.Context, request mcp.CallToolRequest) *mcp.CallToolResult {
			arguments, err := read(request)
			if err != nil {
				return failure(sdk.AsProblem(err), nil)
			}
			told, err := v.tell(ctx, arguments, stepsOf(ctx, request))
			if err != nil {
				return failure(sdk.AsProblem(err), nil)
			}
			answer, err := encode(told.answer)
			if err == nil && s.maxTokens > 0 {
				answer, err = shape.Cut(answer, s.maxTokens, v.shorter)
			}
			if err != nil {
				return failure(sdk.AsProblem(err), nil)
			}
			return success(answer, told.meta(ctx))
		},
	}
}

// stepsOf tells the client how many of the places have been asked; nil when it does not want to know.
func stepsOf(ctx context.Context, request mcp.CallToolRequest) progress {
	report := progressOf(ctx, request)
	if report == nil {
		return nil
	}
	return func(done, total int, text string) { report(float64(done), float64(total), text) }
}

// meta says that answers are made up, and gives apps what they draw: it reaches the page and not the model.
func (t *told) meta(ctx context.Context) map[string]any {
	meta := map[string]any{}
	for _, looked := range t.looked {
		if looked.Sandbox {
			meta[metaSandbox] = true
		}
	}
	if t.trace != nil && showsApps(ctx) {
		meta[render.AppReport] = t.trace
	}
	return meta
}
