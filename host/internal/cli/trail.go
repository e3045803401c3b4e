package cli

import (
	"context"
	"fmt"
	"io"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/mqtrail/mqtrail/host/internal/render"
	"github.com/mqtrail/mqtrail/host/internal/trail"
	model "github.com/mqtrail/mqtrail/sdk/trail"
)

// registerScope adds the flags that narrow where a neutral verb looks.
func (a *app) registerScope(command *cobra.Command, scope *trail.Scope) {
	a.registerInstance(command, scope)
	command.Flags().StringVar(&scope.Topic, "topic", "", "look only in the topic with this `name`: faster, and asks the vendor less")
	a.completeFlag(command, "topic", model.Topics, scope)
}

// registerInstance adds the flags of a verb that does not go by topics.
func (a *app) registerInstance(command *cobra.Command, scope *trail.Scope) {
	a.registerConnection(command, &scope.Connection)
	command.Flags().StringVar(&scope.Instance, "instance", "", "look only in the instance with this `id` or name")
	a.completeFlag(command, "instance", model.Instances, scope)
}

func (a *app) registerConnection(command *cobra.Command, name *string) {
	command.Flags().StringVar(name, "connection", "", "look only over the connection with this `name`")
	a.completeConnections(command)
}

// registerRange adds the flags of a span of time.
func registerRange(set *pflag.FlagSet, span *trail.Range) {
	set.StringVar(&span.Since, "since", "", "begin of the `time` to look in: 2h (ago), yesterday 10:42, 2026-03-01 10:00, RFC 3339, milliseconds")
	set.StringVar(&span.Until, "until", "", "end of the `time` to look in, in the same forms (default: now)")
}

func registerRaw(set *pflag.FlagSet, raw *bool) {
	set.BoolVar(raw, "raw", false, "keep the vendors' own answers, in -o json and yaml")
}

// ask is a neutral verb with its query.
type ask[R any] func(ctx context.Context, t *trail.Trail, progress func(done, total int, text string)) (R, error)

// trailing runs a neutral verb and writes its report: as text by the verb's own view, else the value.
func trailing[R any](ctx context.Context, a *app, title string, run ask[R], view func(io.Writer, R, render.Options) error) error {
	report, err := asking(ctx, a, title, run)
	if err != nil {
		return err
	}
	if !a.plainText() {
		return a.showValue(ctx, report)
	}
	screen := a.screen()
	return view(a.stdout, report, render.Options{Color: screen.Colour, Width: screen.Width, Zone: time.Local})
}

// asking runs a neutral verb with a session and shows its progress.
func asking[R any](ctx context.Context, a *app, title string, run ask[R]) (none R, _ error) {
	if err := a.checkQuery(); err != nil { // before anything is asked
		return none, err
	}
	s, err := a.open(ctx)
	if err != nil {
		return none, err
	}
	defer s.close()
	a.sandboxNotice()
	bar := a.progress(title)
	defer bar.stop()
	return run(ctx, s.trail(), func(done, total int, text string) { bar.report(float64(done), float64(total), text) })
}

// trail asks the session's connections. Times are the machine's: TZ, or else its zone.
func (s *session) trail() *trail.Trail { return trail.New(s.gateway, trail.Options{Zone: time.Local}) }

// checkFormat refuses pictures of what cannot be drawn.
func (a *app) checkFormat(command *cobra.Command) error {
	if a.flags.output.Picture() && command.Name() != traceName {
		return usageError{fmt.Errorf("-o %s draws what mqtrail trace finds; %s writes text, json, yaml or table", a.flags.output, command.CommandPath())}
	}
	return nil
}
