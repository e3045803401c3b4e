package cli

import (
	"context"
	"errors"
	"fmt"
	"os"
	"runtime/debug"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/spf13/cobra"

	"github.com/mqtrail/mqtrail/host/internal/mcpserver"
	"github.com/mqtrail/mqtrail/sdk"
)

// defaultToolsets are the operations that are tools of their own unless told otherwise; the others are reached
// through find_operations and call_operation.
var defaultToolsets = []string{"messages"}

func (a *app) serveCommand() *cobra.Command {
	var toolsets []string
	var web mcpserver.HTTP
	maxTokens := tokensFlag(defaultMaxTokens)
	command := &cobra.Command{
		Use:   "serve",
		Short: "Serve assistants over MCP (standard input and output, or HTTP)",
		Long: "Serve the Model Context Protocol over standard input and output, for assistants that start the program.\n" +
			"Standard output carries the protocol alone; logs go to standard error. The tools are trace_message and the other\n" +
			"questions that mqtrail asks all vendors alike, and the vendors' operations that read messages; --toolsets, or\n" +
			"toolsets under a connection in mqtrail.yaml, makes others tools of their own; find_operations, describe_operation\n" +
			"and call_operation reach all of them. An answer larger than --max-tokens is cut, and says how to get the rest.\n\n" +
			"With --http, any number of assistants connect to http://ADDR/mcp until an interrupt ends the program. Where other\n" +
			"machines get in, and everywhere when it is set, they have to show the token that the environment variable\n" +
			mcpserver.TokenVariable + " holds. Host and Origin of a request have to be this server's. There is no encryption: in a\n" +
			"network, put a proxy that speaks HTTPS in front, and name it with --http-hosts.",
		Example: "  mqtrail serve --sandbox\n  mqtrail serve --toolsets all --access write\n" +
			"  mqtrail serve --sandbox --http 127.0.0.1:8080\n" +
			"  " + mcpserver.TokenVariable + "=$(openssl rand -hex 32) mqtrail serve --http :8080 --http-hosts mqtrail.example.org\n" +
			"  {\"mcpServers\": {\"mqtrail\": {\"command\": \"mqtrail\", \"args\": [\"serve\"]}}}",
		Args: positional(0, 0),
		RunE: func(command *cobra.Command, _ []string) error {
			chosen, err := chooseToolsets(toolsets)
			if err != nil {
				return usageError{err}
			}
			options := mcpserver.Options{Toolsets: chosen, Everywhere: command.Flags().Changed("toolsets"), MaxTokens: int(maxTokens)}
			if command.Flags().Changed("http") {
				return a.serveHTTP(command, options, web)
			}
			if len(web.Hosts) > 0 {
				return usageError{errors.New("--http-hosts goes with --http")}
			}
			return a.serve(command, options, func(ctx context.Context, server *mcpserver.Server) error {
				return server.ServeStdio(ctx, a.stdin, a.stdout)
			})
		},
	}
	command.Flags().StringSliceVar(&toolsets, "toolsets", defaultToolsets, "operations that are tools of their own: `LIST` of "+strings.Join(sdk.Toolsets(), ", ")+", or all")
	command.Flags().StringVar(&web.Address, "http", "", "serve over HTTP at `ADDR`, like 127.0.0.1:8080 or :8080")
	command.Flags().StringSliceVar(&web.Hosts, "http-hosts", nil, "`NAMES` by which clients reach --http besides its address, like that of a proxy")
	command.Flags().Var(&maxTokens, "max-tokens", "most that an operation's answer may take, in `tokens` of four bytes; 0 is no limit")
	return command
}

func chooseToolsets(names []string) ([]string, error) {
	if slices.Contains(names, "all") {
		return sdk.Toolsets(), nil
	}
	for _, name := range names {
		if !slices.Contains(sdk.Toolsets(), name) {
			return nil, fmt.Errorf("--toolsets: %q is none of %s, all", name, strings.Join(sdk.Toolsets(), ", "))
		}
	}
	return names, nil
}

// serveHTTP takes the address before anything is started: what is wrong with it shows at once.
func (a *app) serveHTTP(command *cobra.Command, options mcpserver.Options, web mcpserver.HTTP) error {
	web.Token, _ = a.lookup(mcpserver.TokenVariable)
	endpoint, err := web.Listen(command.Context())
	if err != nil {
		return err
	}
	defer endpoint.Close() // serving has done so; this is for when it does not come to that
	return a.serve(command, options, func(ctx context.Context, server *mcpserver.Server) error {
		fmt.Fprintf(a.stderr, "mqtrail: serving MCP at %s; an interrupt ends it\n", endpoint.URL())
		return server.ServeHTTP(ctx, endpoint)
	})
}

func (a *app) serve(command *cobra.Command, options mcpserver.Options, run func(context.Context, *mcpserver.Server) error) error {
	// The protocol keeps the real streams. Everything else that would read or write them, a library or a plugin
	// process, finds an empty input and standard error.
	empty, err := os.Open(os.DevNull)
	if err != nil {
		return err
	}
	os.Stdin, os.Stdout = empty, os.Stderr
	s, err := a.open(command.Context())
	if err != nil {
		return err
	}
	defer s.close()
	a.sandboxNotice()
	options.Gateway, options.Version, options.Logger = s.gateway, sdk.Version, s.logger
	options.Keep = mcpserver.Keep{Dir: a.cacheDir(), Of: s.builds()}
	server, err := mcpserver.New(options)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(command.Context())
	var warming sync.WaitGroup
	defer warming.Wait() // before the session closes: no plugin is started behind its back
	defer cancel()
	warming.Go(func() { s.warm(ctx) })
	return run(ctx, server)
}

// warmAfter is how long plugins wait to be started, so that the client's first answers have the machine to
// themselves.
const warmAfter = 300 * time.Millisecond

// warm starts the plugins a little after the server, unless ctx ends before.
func (s *session) warm(ctx context.Context) {
	select {
	case <-ctx.Done():
	case <-time.After(warmAfter):
		debug.FreeOSMemory() // what only the start needed
		s.gateway.Warm(ctx)
	}
}

// builds tells the builds of the program and of the plugins from all others; empty when one cannot be told.
func (s *session) builds() string {
	program, err := os.Executable()
	if err != nil {
		return ""
	}
	info, err := os.Stat(program)
	if err != nil {
		return ""
	}
	builds := fmt.Sprintf("%s %d %d", program, info.Size(), info.ModTime().UnixNano())
	for _, manifest := range s.manifests {
		if manifest.Build() == "" {
			return ""
		}
		builds += "\n" + manifest.Build()
	}
	return builds
}
