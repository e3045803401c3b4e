package cli

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"syscall"

	"github.com/mqtrail/mqtrail/host/internal/render"
	"github.com/mqtrail/mqtrail/sdk"
)

// The exit statuses.
const (
	statusDone        = 0
	statusFailed      = 1   // the operation failed
	statusUsage       = 2   // bad usage or arguments; nothing was sent
	statusFault       = 3   // the host or a plugin is at fault
	statusNotAllowed  = 4   // the connection's owner does not allow it, or nobody confirmed it
	statusInterrupted = 130 // an interrupt ended the command, as shells say it
)

// finish reports an error and returns the exit status.
func (a *app) finish(ctx context.Context, err error) int {
	switch {
	case err == nil, errors.Is(err, errPipeClosed), errors.Is(err, syscall.EPIPE):
		return statusDone
	case ctx.Err() != nil:
		return statusInterrupted
	}
	var wrong usageError
	if errors.As(err, &wrong) || isCobraUsage(err) {
		fmt.Fprintf(a.stderr, "mqtrail: %v\nSee: mqtrail --help\n", err)
		return statusUsage
	}
	problem := sdk.AsProblem(err)
	if problemOf(err) == nil {
		problem = sdk.Problemf(sdk.SourcePlugin, sdk.CodeInternal, "%v", err)
	}
	a.report(problem)
	return statusOf(problem)
}

// isCobraUsage recognises the one usage error that cobra returns without a hook: an unknown command.
func isCobraUsage(err error) bool {
	return strings.HasPrefix(err.Error(), "unknown command ")
}

// report writes a problem to standard error: as JSON with -o json, else as text.
func (a *app) report(problem *sdk.Problem) {
	if a.flags.output == render.JSON {
		encoded, err := json.Marshal(problem)
		if err == nil {
			fmt.Fprintf(a.stderr, "%s\n", encoded)
			return
		}
	}
	text := problem.Error()
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		lines[i] = render.Plain(line)
	}
	fmt.Fprintf(a.stderr, "mqtrail: %s\n", strings.Join(lines, "\n"))
}

func statusOf(problem *sdk.Problem) int {
	switch problem.Code {
	case sdk.CodeNotAllowed, sdk.CodeConfirmRequired, sdk.CodeConfirmRefused:
		return statusNotAllowed
	case sdk.CodeInvalidArguments, sdk.CodeInvalidConfig, sdk.CodeUnknownOperation, sdk.CodeUnknownConnection:
		return statusUsage
	}
	if problem.Source == sdk.SourcePlugin {
		return statusFault
	}
	return statusFailed
}
