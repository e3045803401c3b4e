package cli

import (
	"context"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"github.com/mqtrail/mqtrail/host/internal/render"
	"github.com/mqtrail/mqtrail/host/internal/trail"
	"github.com/mqtrail/mqtrail/host/internal/verdict"
	"github.com/mqtrail/mqtrail/sdk"
)

const traceName = "trace"

func (a *app) traceCommand() *cobra.Command {
	var query trail.TraceQuery
	var ascii bool
	command := &cobra.Command{
		Use:   traceName + " MESSAGE-ID|KEY|PARTITION:OFFSET",
		Short: "Where is my message? Who produced it, which groups got it, where it stopped",
		Long: "Find a message by its id or a business key, over all connections at once, and say what became of it: a verdict\n" +
			"for each consumer group, how sure it is, and what it rests on. What is not known is said to be unknown.\n" +
			"Give --topic and --instance where you know them: the search is faster and asks the vendor less.",
		Example: "  mqtrail trace order-1003 --sandbox\n" +
			"  mqtrail trace 050562443C7018B4AAC2996FB3DE0000 --connection prod-hz --topic orders --since 'yesterday 10:42'\n" +
			"  mqtrail trace order-1003 --sandbox -o html > trail.html\n" +
			"  mqtrail trace order-1003 --sandbox -o json --jq '.lives[].result.groups[] | {group, verdict}'",
		Args:              positional(1, 1),
		ValidArgsFunction: cobra.NoFileCompletions,
		RunE: func(command *cobra.Command, arguments []string) error {
			query.Message = arguments[0]
			var answer *trail.TraceReport
			ask := func(ctx context.Context, t *trail.Trail, progress func(done, total int, text string)) (_ *trail.TraceReport, err error) {
				query.Progress = progress
				answer, err = t.Trace(ctx, query)
				return answer, err
			}
			if a.flags.output.Picture() {
				if err := a.draw(command.Context(), ask); err != nil {
					return err
				}
				return unanswered(answer)
			}
			view := func(w io.Writer, report *trail.TraceReport, options render.Options) error {
				options.ASCII = ascii
				return render.Trace(w, report, options)
			}
			if err := trailing(command.Context(), a, "looking", ask, view); err != nil {
				return err
			}
			return unanswered(answer)
		},
	}
	a.registerScope(command, &query.Scope)
	registerRange(command.Flags(), &query.Range)
	command.Flags().StringVar(&query.As, "as", "", "read the argument as this `kind`: id, key or position (default: told by its form)")
	mustComplete(command, "as", cobra.FixedCompletions([]cobra.Completion{"id", "key", "position"}, cobra.ShellCompDirectiveNoFileComp))
	registerRaw(command.Flags(), &query.Raw)
	command.Flags().BoolVar(&ascii, "ascii", false, "draw with ASCII characters alone")
	return command
}

// unanswered is the problem of a trace that could not be told because calls failed: its report is written like any
// other, and scripts see it by the exit status.
func unanswered(report *trail.TraceReport) error {
	if report == nil || report.Verdict.Verdict != verdict.QueryFailed {
		return nil
	}
	return sdk.Problemf(sdk.SourceVendor, sdk.CodeVendorError, "Where the message is could not be told: %s", report.Verdict.Why)
}

// draw writes a trace as a picture.
func (a *app) draw(ctx context.Context, run ask[*trail.TraceReport]) error {
	if a.flags.jq != "" {
		return usageError{fmt.Errorf("--jq selects from a value, and -o %s is a picture; leave one of them out", a.flags.output)}
	}
	report, err := asking(ctx, a, "looking", run)
	if err != nil {
		return err
	}
	picture := []byte(render.Mermaid(report))
	if a.flags.output == render.HTMLFormat {
		if picture, err = render.HTML(report); err != nil {
			return err
		}
	}
	_, err = a.stdout.Write(picture)
	return err
}
