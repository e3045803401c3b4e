package mcpserver

import (
	"context"
	"slices"

	"github.com/mark3labs/mcp-go/mcp"
	"github.com/mark3labs/mcp-go/server"

	"github.com/mqtrail/mqtrail/host/internal/render"
)

// The page that draws a trail inside a host of MCP Apps.
const (
	appURI       = "ui://mqtrail/trail.html"
	appMIME      = "text/html;profile=mcp-app"
	appExtension = "io.modelcontextprotocol/ui"
)

func (s *Server) addApp() {
	s.protocol.AddResource(
		mcp.NewResource(appURI, "trail", mcp.WithResourceTitle("A message's trail"), mcp.WithMIMEType(appMIME),
			mcp.WithResourceDescription("Draws what trace_message answers, inside a host of MCP Apps. It needs no network.")),
		func(context.Context, mcp.ReadResourceRequest) ([]mcp.ResourceContents, error) {
			return []mcp.ResourceContents{mcp.TextResourceContents{
				URI: appURI, MIMEType: appMIME, Text: string(render.App()),
				Meta: map[string]any{"ui": map[string]any{"prefersBorder": true}},
			}}, nil
		})
}

// capabilitiesOf are what a request's client can do: by its handshake, or by the request itself in revisions that have
// none.
func capabilitiesOf(ctx context.Context) (capabilities mcp.ClientCapabilities, stateless bool) {
	if info := server.RequestProtocolInfoFromContext(ctx); info != nil && info.Modern {
		if info.ClientCapabilities != nil {
			capabilities = *info.ClientCapabilities
		}
		return capabilities, true
	}
	if session, ok := server.ClientSessionFromContext(ctx).(server.SessionWithClientInfo); ok {
		capabilities = session.GetClientCapabilities()
	}
	return capabilities, false
}

// showsApps reports whether the client says that it shows pages of our kind.
func showsApps(ctx context.Context) bool {
	capabilities, _ := capabilitiesOf(ctx)
	extension, _ := capabilities.Extensions[appExtension].(map[string]any)
	types, _ := extension["mimeTypes"].([]any)
	return slices.Contains(types, any(appMIME))
}

// withApp is the tool with its page, under the key of the standard and the older one.
func withApp(tool mcp.Tool) mcp.Tool {
	tool.Meta = &mcp.Meta{AdditionalFields: map[string]any{
		"ui": map[string]any{"resourceUri": appURI}, "ui/resourceUri": appURI,
	}}
	return tool
}

// arrange puts mqtrail's own tools first, in their order, and gives clients that show apps the page of a trace.
func (s *Server) arrange(ctx context.Context, tools []mcp.Tool) []mcp.Tool {
	place := func(tool mcp.Tool) int {
		if at, ok := s.order[tool.Name]; ok {
			return at
		}
		return len(s.order)
	}
	slices.SortStableFunc(tools, func(a, b mcp.Tool) int { return place(a) - place(b) })
	for i, tool := range tools {
		if tool.Name == traceMessage && showsApps(ctx) {
			tools[i] = withApp(tool)
		}
	}
	return tools
}
