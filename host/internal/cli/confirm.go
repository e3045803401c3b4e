package cli

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"github.com/mqtrail/mqtrail/host/internal/gateway"
	"github.com/mqtrail/mqtrail/host/internal/render"
	"github.com/mqtrail/mqtrail/sdk"
)

// maxTyped bounds what is read at the prompt, in bytes.
const maxTyped = 4 << 10

func (a *app) registerYes(command *cobra.Command, yes *bool) {
	command.Flags().BoolVar(yes, "yes", false, "confirm what destroys something or costs money, within --access, without being asked")
}

// canAsk reports whether a person sees a question and can answer it: a pipe's text is never taken for an answer.
func (a *app) canAsk() bool {
	file, ok := a.stdin.(*os.File)
	return ok && term.IsTerminal(int(file.Fd())) && a.terminalErr()
}

// planOf is the plan that waits for a confirmation, or nil.
func planOf(err error) *sdk.Plan {
	if problem := problemOf(err); problem != nil && problem.Plan != nil && problem.Plan.Token != "" {
		return problem.Plan
	}
	return nil
}

// askForName shows the plan and reads the target's name. An empty line and the end of input decline; the gateway
// judges the name.
func askForName(ctx context.Context, plan *sdk.Plan, in io.Reader, out io.Writer) (gateway.Confirm, error) {
	for line := range strings.SplitSeq(plan.String(), "\n") {
		fmt.Fprintln(out, render.Plain(line))
	}
	fmt.Fprintf(out, "Type %s to go on, or press Enter to leave it: ", render.Plain(plan.Target))
	typed := make(chan string, 1)
	go func() { // not waited for: a read of a terminal cannot be interrupted
		line, _ := bufio.NewReader(io.LimitReader(in, maxTyped)).ReadString('\n') // what cannot be read was not typed
		typed <- line
	}()
	select {
	case <-ctx.Done():
		return gateway.Confirm{}, ctx.Err()
	case name := <-typed:
		return gateway.Confirm{Ask: true, Token: plan.Token, Name: name}, nil
	}
}
