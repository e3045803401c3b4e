package mcpserver

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"runtime/debug"

	"github.com/mark3labs/mcp-go/mcp"
	"github.com/mark3labs/mcp-go/server"

	"github.com/mqtrail/mqtrail/host/internal/gateway"
	"github.com/mqtrail/mqtrail/sdk"
)

// The keys of a result's _meta.
const (
	metaConnection = "mqtrail/connection"
	metaRequestID  = "mqtrail/request_id"
	metaSandbox    = "mqtrail/sandbox"
	metaProblem    = "mqtrail/problem"
)

// handle answers one tool call. It returns no error: mcp-go would make it a fault of the protocol, which
// assistants do not get to see.
type handle func(ctx context.Context, request mcp.CallToolRequest) *mcp.CallToolResult

// handler makes a handle fit for mcp-go. A panic becomes a tool error that says nothing of the insides.
func (s *Server) handler(run handle) server.ToolHandlerFunc {
	return func(ctx context.Context, request mcp.CallToolRequest) (result *mcp.CallToolResult, _ error) {
		defer func() {
			cause := recover()
			if cause == nil {
				return
			}
			s.logger.Error().Str("tool", request.Params.Name).Interface("panic", cause).Bytes("stack", debug.Stack()).Msg("a tool panicked")
			result = failure(sdk.Problemf(sdk.SourcePlugin, sdk.CodeInternal, "The tool %s failed inside mqtrail; the log says where.", request.Params.Name).
				WithHint("Whether anything was sent is not known. Report it with the log of the server."), nil)
		}()
		return run(ctx, request), nil
	}
}

// success is an answer, one JSON object: as structured content, and the same as text, since clients show their
// model one or the other.
func success(answer json.RawMessage, meta map[string]any) *mcp.CallToolResult {
	result := &mcp.CallToolResult{
		Content:              []mcp.Content{mcp.NewTextContent(string(answer))},
		RawStructuredContent: answer,
	}
	result.Meta = &mcp.Meta{AdditionalFields: meta}
	return result
}

// failure is a problem as a tool error: a text that is complete for the assistant, whose last line is for acting
// on, and the problem itself in _meta for programs. It has no structured content: clients drop that of an error,
// or hold it to the output schema.
func failure(problem *sdk.Problem, meta map[string]any) *mcp.CallToolResult {
	acting := struct {
		Code         string     `json:"code"`
		Source       sdk.Source `json:"source"`
		Retryable    bool       `json:"retryable"`
		RetryAfterMS int64      `json:"retry_after_ms,omitempty"`
		RequestID    any        `json:"request_id,omitempty"`
	}{problem.Code, problem.Source, problem.Retryable, problem.RetryAfter.Milliseconds(), meta[metaRequestID]}
	line, err := encode(acting)
	if err != nil {
		line = []byte(problem.Code)
	}
	fields := map[string]any{metaProblem: problem}
	for key, value := range meta {
		fields[key] = value
	}
	result := &mcp.CallToolResult{
		Content: []mcp.Content{mcp.NewTextContent(fmt.Sprintf("%s\n\n%s", problem.Error(), line))},
		IsError: true,
	}
	result.Meta = &mcp.Meta{AdditionalFields: fields}
	return result
}

// metaOf says where an answer comes from. The answer itself is the vendor's and stays as it is.
func metaOf(result *gateway.Result) map[string]any {
	meta := map[string]any{metaRequestID: result.RequestID}
	if result.Connection == nil {
		return meta
	}
	meta[metaConnection] = result.Connection.Name
	if result.Connection.Sandbox() {
		meta[metaSandbox] = true
	}
	return meta
}

// encode is json.Marshal for readers: <, > and & stay as they are.
func encode(value any) (json.RawMessage, error) {
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(value); err != nil {
		return nil, err
	}
	return bytes.TrimSuffix(out.Bytes(), []byte("\n")), nil
}
