// Package cli is the command line: a file per command.
package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime/debug"
	"syscall"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"github.com/mqtrail/mqtrail/host/internal/render"
	"github.com/mqtrail/mqtrail/sdk"
)

// CollectAt is the garbage collector's goal, in per cent of the memory in use. Little is in use: a start makes a few
// megabytes that stay, and collecting meanwhile finds nothing and costs a fifth of it; and with many callers, collecting
// often costs a tenth of the calls.
const CollectAt = 400

// app is what the commands share: the three streams, the environment, and the global flags.
type app struct {
	stdin  io.Reader
	stdout io.Writer
	stderr io.Writer
	lookup func(name string) (string, bool)
	flags  flags
}

// Main runs the program with the arguments after its name and returns its exit status.
func Main(arguments []string) int {
	debug.SetGCPercent(CollectAt)
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	// A closed pipe is an error of a write, which ends the command and its plugins in good order, and not a
	// signal, which would end the program at once.
	ignoreBrokenPipes()
	a := &app{stdin: os.Stdin, stdout: os.Stdout, stderr: os.Stderr, lookup: os.LookupEnv}
	root := a.root()
	root.SetArgs(arguments)
	return a.finish(ctx, root.ExecuteContext(ctx))
}

func (a *app) root() *cobra.Command {
	root := &cobra.Command{
		Use:   "mqtrail",
		Short: "Where is my message? One answer across the message queues of three clouds",
		Long: "mqtrail finds a message in the queues of Alibaba Cloud, Huawei Cloud and CTyun and says what became of it. It calls\n" +
			"their APIs through plugins: as tools for assistants (mqtrail serve) and as commands. Try it without an account: --sandbox.",
		Example: "  mqtrail trace order-1003 --sandbox\n" +
			"  mqtrail lag --sandbox\n" +
			"  mqtrail operations trace\n" +
			"  mqtrail describe aliyun_rocketmq_get_trace\n" +
			"  mqtrail call ctyun_rocketmq_message_query_by_key --sandbox prodInstId=70687660456281088 topicName=test key=test_key\n" +
			"  mqtrail serve --sandbox",
		SilenceErrors:     true,
		SilenceUsage:      true,
		Args:              cobra.NoArgs,
		RunE:              func(command *cobra.Command, _ []string) error { return command.Help() },
		PersistentPreRunE: func(command *cobra.Command, _ []string) error { return a.checkFormat(command) },
	}
	root.SetIn(a.stdin)
	root.SetOut(a.stdout)
	root.SetErr(a.stderr)
	root.SetFlagErrorFunc(func(_ *cobra.Command, err error) error { return usageError{err} })
	a.flags.register(root.PersistentFlags())
	root.AddCommand(
		a.traceCommand(), a.findCommand(), a.messageCommand(), a.lagCommand(), a.replicationCommand(), a.listCommand(),
		a.serveCommand(), a.operationsCommand(), a.describeCommand(), a.callCommand(), a.batchCommand(),
		a.connectionsCommand(), a.pluginsCommand(), a.doctorCommand(), a.idCommand(), a.versionCommand(),
	)
	return root
}

// screen is standard output as a result goes to it.
func (a *app) screen() render.Screen {
	screen := render.Screen{Writer: a.stdout}
	if file, ok := a.stdout.(*os.File); ok && term.IsTerminal(int(file.Fd())) {
		screen.Terminal = true
		screen.Colour = a.wantsColour()
		screen.Width, _, _ = term.GetSize(int(file.Fd())) // 0 when unknown
	}
	return screen
}

// wantsColour follows no-color.org and terminals that show none.
func (a *app) wantsColour() bool {
	noColour, _ := a.lookup("NO_COLOR")
	terminal, _ := a.lookup("TERM")
	return noColour == "" && terminal != "dumb"
}

// terminalErr reports whether a person sees standard error.
func (a *app) terminalErr() bool {
	file, ok := a.stderr.(*os.File)
	return ok && term.IsTerminal(int(file.Fd()))
}

// usageError is a command line that cannot be read.
type usageError struct{ error }

func (u usageError) Unwrap() error { return u.error }

// positional checks how many positional arguments a command got; most may be -1 for any number.
func positional(least, most int) cobra.PositionalArgs {
	return func(command *cobra.Command, arguments []string) error {
		switch {
		case len(arguments) < least:
			return usageError{fmt.Errorf("an argument is missing: mqtrail %s", command.Use)}
		case most >= 0 && len(arguments) > most:
			return usageError{fmt.Errorf("%q is too much: mqtrail %s", arguments[most], command.Use)}
		default:
			return nil
		}
	}
}

var errPipeClosed = errors.New("the reader of the output has left")

// problemOf is the problem in an error, or nil.
func problemOf(err error) *sdk.Problem {
	var problem *sdk.Problem
	if errors.As(err, &problem) {
		return problem
	}
	return nil
}
