// Package mcpserver is the gateway as a server of the Model Context Protocol. It is the only package that knows
// that protocol.
package mcpserver

import (
	"fmt"
	"log/slog"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/mark3labs/mcp-go/mcp"
	"github.com/mark3labs/mcp-go/server"
	"github.com/rs/zerolog"

	"github.com/mqtrail/mqtrail/host/internal/gateway"
	"github.com/mqtrail/mqtrail/host/internal/operations"
	"github.com/mqtrail/mqtrail/host/internal/trail"
	"github.com/mqtrail/mqtrail/sdk"
)

// Options say what to serve.
type Options struct {
	Gateway *gateway.Gateway
	// Toolsets are the groups whose operations are tools of their own, over connections whose owner names none: those
	// that read.
	Toolsets []string
	// Everywhere makes Toolsets those of all connections, with all that they allow.
	Everywhere bool
	// MaxTokens is the most that an operation's answer may take, in tokens of four bytes; 0 is no limit.
	MaxTokens int
	// Keep says where finished tools are kept; the zero value keeps none.
	Keep Keep
	// Version is the program's.
	Version string
	Logger  zerolog.Logger
}

// Server offers the gateway's operations as tools. It is safe for concurrent use.
type Server struct {
	gateway    *gateway.Gateway
	trail      *trail.Trail
	toolsets   []string
	everywhere bool
	maxTokens  int
	logger     zerolog.Logger
	protocol   *server.MCPServer
	// own are the names of the operations that are tools of their own.
	own map[string]bool
	// order is the place of mqtrail's own tools in a list.
	order map[string]int
	// newer are the operations that another version of the same request takes the place of.
	newer map[*operations.Operation]*operations.Operation
}

// cacheTime is how long a client of a stateless revision may keep a list, in milliseconds. Lists do not change
// while the process lives.
const cacheTime = 300_000

// New makes the server. It starts no plugin.
func New(options Options) (*Server, error) {
	s := &Server{
		gateway: options.Gateway, trail: trail.New(options.Gateway, trail.Options{}), toolsets: options.Toolsets, everywhere: options.Everywhere, maxTokens: options.MaxTokens,
		logger: options.Logger, own: map[string]bool{}, order: map[string]int{}, newer: options.Gateway.Catalogue().Newer(),
	}
	s.protocol = server.NewMCPServer("mqtrail", options.Version,
		server.WithTitle("mqtrail"),
		server.WithDescription("Where is my message? The message-queue APIs of several clouds as tools."),
		server.WithInstructions(instructions),
		server.WithToolCapabilities(false),
		server.WithResourceCapabilities(false, false),
		server.WithCompletions(),
		server.WithResourceCompletionProvider(completions{s}),
		server.WithPromptCapabilities(false),
		server.WithPromptCompletionProvider(promptCompletions{s}),
		server.WithToolFilter(s.arrange),
		server.WithCacheHints(cacheTime, mcp.CacheScopePrivate),
		server.WithLogger(slog.New(quiet{zerolog.NewSlogHandler(options.Logger)})),
	)
	s.offerOperations(options.Keep)
	// After the operations, so that none takes the place of one of these.
	for i, n := range s.natives() {
		s.order[n.name] = i
		tool, err := n.tool()
		if err != nil {
			return nil, fmt.Errorf("the tool %s: %w", n.name, err)
		}
		s.protocol.AddTool(tool, s.handler(n.handle))
	}
	s.addResources()
	s.addApp()
	s.addPrompts()
	return s, nil
}

// The reasons why an operation is no tool of its own.
const (
	noConnection = "no_connection"
	noAccess     = "access"
	noToolset    = "toolset"
	oldVersion   = "version"
)

// reasonNotOffered is why the operation is no tool of its own, or "". With noToolset and oldVersion it is callable.
func (s *Server) reasonNotOffered(operation *operations.Operation) string {
	switch {
	case len(s.gateway.ConnectionsOf(operation.Plugin)) == 0:
		return noConnection
	case len(s.allowed(operation)) == 0:
		return noAccess
	case len(s.offering(operation)) == 0:
		return noToolset
	case s.newer[operation] != nil && !slices.ContainsFunc(s.offering(operation), s.offersAll):
		return oldVersion
	default:
		return ""
	}
}

// toolsetsOf are the groups whose operations are tools of their own over the connection.
func (s *Server) toolsetsOf(connection *gateway.Connection) []string {
	if s.everywhere || connection.Toolsets == nil {
		return s.toolsets
	}
	return connection.Toolsets
}

// chosen reports whether somebody chose the groups of operations that are tools of their own over the connection. What
// nobody chose is offered only as far as it reads.
func (s *Server) chosen(connection *gateway.Connection) bool {
	return s.everywhere || connection.Toolsets != nil
}

// offersAll reports whether all operations are tools of their own over the connection.
func (s *Server) offersAll(connection *gateway.Connection) bool {
	return len(s.toolsetsOf(connection)) == len(sdk.Toolsets())
}

// offering are the connections over which the operation may be called and is a tool of its own.
func (s *Server) offering(operation *operations.Operation) []*gateway.Connection {
	reads := operation.Needs() == sdk.AccessRead && !operation.Billable
	return slices.DeleteFunc(s.allowed(operation), func(c *gateway.Connection) bool {
		return !slices.Contains(s.toolsetsOf(c), operation.Toolset) || !reads && !s.chosen(c)
	})
}

// allowed are the connections over which the operation may be called.
func (s *Server) allowed(operation *operations.Operation) []*gateway.Connection {
	return slices.DeleteFunc(s.gateway.ConnectionsOf(operation.Plugin), func(c *gateway.Connection) bool {
		return !c.Access.Allows(operation.Needs())
	})
}

// offerOperations makes tools of their own of the operations that are to be. One whose schema clients cannot read
// stays reachable through call_operation.
func (s *Server) offerOperations(keep Keep) {
	offered := slices.DeleteFunc(slices.Clone(s.gateway.Catalogue().All()), func(o *operations.Operation) bool { return s.reasonNotOffered(o) != "" })
	var ready []server.ServerTool
	for i, made := range s.tools(offered, s.keeper(keep)) {
		if made.err != nil {
			s.logger.Warn().Str("operation", offered[i].Name).Err(made.err).Msg("not offered as a tool of its own; call_operation reaches it")
			continue
		}
		s.own[offered[i].Name] = true
		ready = append(ready, server.ServerTool{Tool: made.tool, Handler: s.handler(s.operationHandler(offered[i]))})
	}
	s.protocol.AddTools(ready...)
}

// made is an operation's tool, or why it has none.
type made struct {
	tool mcp.Tool
	err  error
}

// tools are the operations' tools: those that were kept, else newly made. A client waits for them, so all processors
// make them.
func (s *Server) tools(offered []*operations.Operation, keeper *keeper) []made {
	kept := keeper.load()
	tools := make([]made, len(offered))
	var next, news atomic.Int64
	var making sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		making.Go(func() {
			for i := int(next.Add(1)) - 1; i < len(offered); i = int(next.Add(1)) - 1 {
				if tool, ok := kept[offered[i].Name]; ok {
					tools[i].tool = tool
					continue
				}
				if tools[i].tool, tools[i].err = s.operationTool(offered[i]); tools[i].err == nil {
					news.Add(1)
				}
			}
		})
	}
	making.Wait()
	if news.Load() > 0 {
		if err := keeper.store(tools); err != nil {
			s.logger.Warn().Err(err).Msg("the tools could not be kept; the next start makes them again")
		}
	}
	return tools
}
