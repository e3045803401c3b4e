package cli

import (
	"context"
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
	maxTokens := tokensFlag(defaultMaxTokens)
	command := &cobra.Command{
		Use:   "serve",
		Short: "Serve the operations to an assistant over MCP (standard input and output)",
		Long: "Serve the Model Context Protocol over standard input and output, for assistants that start the program.\n" +
			"Standard output carries the protocol alone; logs go to standard error. The operations of --toolsets are tools\n" +
			"of their own, over connections for which mqtrail.yaml names no toolsets; find_operations, describe_operation and\n" +
			"call_operation reach all of them. An answer that is larger than --max-tokens is cut, and says how to get the rest.",
		Example: "  mqtrail serve --sandbox\n  mqtrail serve --toolsets all --access write\n" +
			"  {\"mcpServers\": {\"mqtrail\": {\"command\": \"mqtrail\", \"args\": [\"serve\"]}}}",
		Args: positional(0, 0),
		RunE: func(command *cobra.Command, _ []string) error {
			chosen, err := chooseToolsets(toolsets)
			if err != nil {
				return usageError{err}
			}
			return a.serve(command, mcpserver.Options{
				Toolsets: chosen, Everywhere: command.Flags().Changed("toolsets"), MaxTokens: int(maxTokens),
			})
		},
	}
	command.Flags().StringSliceVar(&toolsets, "toolsets", defaultToolsets, "operations that are tools of their own: `LIST` of "+strings.Join(sdk.Toolsets(), ", ")+", or all")
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

func (a *app) serve(command *cobra.Command, options mcpserver.Options) error {
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
	server, err := mcpserver.New(options)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(command.Context())
	var warming sync.WaitGroup
	defer warming.Wait() // before the session closes: no plugin is started behind its back
	defer cancel()
	warming.Go(func() { s.warm(ctx) })
	return server.ServeStdio(ctx, a.stdin, a.stdout)
}

// warmAfter is how long plugins wait to be started, so that the client's first answers have the machine to
// themselves.
const warmAfter = 300 * time.Millisecond

// warm starts the plugins a little after the server, unless ctx ends before.
func (s *session) warm(ctx context.Context) {
	select {
	case <-ctx.Done():
	case <-time.After(warmAfter):
		debug.SetGCPercent(serveGC) // which collects at once
		s.gateway.Warm(ctx)
	}
}
