package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
)

// The rounds of what takes tens of milliseconds.
const startRounds = 21

// startup measures from the start of a server to its list of tools.
func startup(ctx context.Context, w *workspace) ([]finding, error) {
	bare := untilListed(w.bareServer)
	cached := untilListed(func(ctx context.Context) *exec.Cmd { return w.shipped.command(ctx, w.shipped.home, "serve") })
	fresh := func(ctx context.Context) (float64, error) {
		home, err := os.MkdirTemp(w.dir, "fresh-*")
		if err != nil {
			return 0, err
		}
		return untilListed(func(ctx context.Context) *exec.Cmd { return w.shipped.command(ctx, home, "serve") })(ctx)
	}
	warm, err := turns(ctx, startRounds, bare, cached)
	if err != nil {
		return nil, err
	}
	cold, err := turns(ctx, startRounds/2, bare, fresh)
	if err != nil {
		return nil, err
	}
	note := fmt.Sprintf("Spawn, initialize, tools/list of the default tools; the 3 real plugins with %d operations, a connection each.", w.operations)
	return []finding{
		compare("start → tools/list, cached", warm[0], warm[1], "ms", times(2), note),
		compare("start → tools/list, nothing cached", cold[0], cold[1], "ms", times(6), "The same with an empty cache folder each time, and the manifests beside the programs, as make build installs them."),
	}, nil
}

// bareServer is the floor of servers.
func (w *workspace) bareServer(ctx context.Context) *exec.Cmd {
	command := exec.CommandContext(ctx, w.built("floor/mcp"))
	command.Env = environment(filepath.Join(w.dir, "built"))
	return command
}
