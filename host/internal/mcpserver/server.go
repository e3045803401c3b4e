// Package mcpserver is the gateway as a server of the Model Context Protocol. It is the only package that knows
// that protocol.
package mcpserver

import (
	"fmt"
	"log/slog"
	"slices"

	"github.com/mark3labs/mcp-go/mcp"
	"github.com/mark3labs/mcp-go/server"
	"github.com/rs/zerolog"

	"github.com/mqtrail/mqtrail/host/internal/gateway"
	"github.com/mqtrail/mqtrail/host/internal/operations"
)

// Options say what to serve.
type Options struct {
	Gateway *gateway.Gateway
	// Toolsets are the groups whose operations are tools of their own.
	Toolsets []string
	// Version is the program's.
	Version string
	Logger  zerolog.Logger
}

// Server offers the gateway's operations as tools. It is safe for concurrent use.
type Server struct {
	gateway  *gateway.Gateway
	toolsets []string
	logger   zerolog.Logger
	protocol *server.MCPServer
	// own are the names of the operations that are tools of their own.
	own map[string]bool
}

// cacheTime is how long a client of a stateless revision may keep a list, in milliseconds. Lists do not change
// while the process lives.
const cacheTime = 300_000

// New makes the server. It starts no plugin.
func New(options Options) (*Server, error) {
	s := &Server{gateway: options.Gateway, toolsets: options.Toolsets, logger: options.Logger, own: map[string]bool{}}
	s.protocol = server.NewMCPServer("mqtrail", options.Version,
		server.WithTitle("mqtrail"),
		server.WithDescription("Where is my message? The message-queue APIs of several clouds as tools."),
		server.WithInstructions(instructions),
		server.WithToolCapabilities(false),
		server.WithResourceCapabilities(false, false),
		server.WithCompletions(),
		server.WithResourceCompletionProvider(completions{s}),
		server.WithCacheHints(cacheTime, mcp.CacheScopePrivate),
		server.WithLogger(slog.New(quiet{zerolog.NewSlogHandler(options.Logger)})),
	)
	for _, operation := range s.gateway.Catalogue().All() {
		if s.reasonNotOffered(operation) == "" {
			s.offer(operation)
		}
	}
	// After the operations, so that none takes the place of one of these.
	for _, n := range s.natives() {
		tool, err := n.tool()
		if err != nil {
			return nil, fmt.Errorf("the tool %s: %w", n.name, err)
		}
		s.protocol.AddTool(tool, s.handler(n.handle))
	}
	s.addResources()
	return s, nil
}

// The reasons why an operation is no tool of its own.
const (
	noConnection = "no_connection"
	noAccess     = "access"
	noToolset    = "toolset"
)

// reasonNotOffered is why the operation is no tool of its own, or "". Only noToolset leaves it callable.
func (s *Server) reasonNotOffered(operation *operations.Operation) string {
	switch {
	case len(s.gateway.ConnectionsOf(operation.Plugin)) == 0:
		return noConnection
	case len(s.allowed(operation)) == 0:
		return noAccess
	case !slices.Contains(s.toolsets, operation.Toolset):
		return noToolset
	default:
		return ""
	}
}

// allowed are the connections over which the operation may be called.
func (s *Server) allowed(operation *operations.Operation) []*gateway.Connection {
	return slices.DeleteFunc(s.gateway.ConnectionsOf(operation.Plugin), func(c *gateway.Connection) bool {
		return !c.Access.Allows(operation.Needs())
	})
}

// offer makes the operation a tool of its own. One whose schema clients cannot read stays reachable through
// call_operation.
func (s *Server) offer(operation *operations.Operation) {
	tool, err := s.operationTool(operation)
	if err != nil {
		s.logger.Warn().Str("operation", operation.Name).Err(err).Msg("not offered as a tool of its own; call_operation reaches it")
		return
	}
	s.own[operation.Name] = true
	s.protocol.AddTool(tool, s.handler(s.operationHandler(operation)))
}
