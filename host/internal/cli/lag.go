package cli

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/mqtrail/mqtrail/host/internal/render"
	"github.com/mqtrail/mqtrail/host/internal/trail"
	model "github.com/mqtrail/mqtrail/sdk/trail"
)

func (a *app) lagCommand() *cobra.Command {
	var query trail.LagQuery
	command := &cobra.Command{
		Use:   "lag [GROUP]",
		Short: "How far consumer groups are behind, and who is online",
		Long: "How consumer groups stand: messages waiting, how long, connected consumers. Without a group: all groups of the\n" +
			"topic, the instance or the connection, the worst first. A number that a vendor does not tell is shown as\n" +
			"unknown, never as zero.",
		Example: "  mqtrail lag --sandbox\n" +
			"  mqtrail lag billing --sandbox --connection aliyun --topic orders\n" +
			"  mqtrail lag --sandbox -o json --jq '.groups[] | select(.online == false) | .group'",
		Args:              positional(0, 1),
		ValidArgsFunction: a.completeArgument(model.Groups, &query.Scope),
		RunE: func(command *cobra.Command, arguments []string) error {
			if len(arguments) > 0 {
				query.Group = arguments[0]
			}
			ask := func(ctx context.Context, t *trail.Trail, progress func(done, total int, text string)) (*trail.LagReport, error) {
				query.Progress = progress
				return t.Lag(ctx, query)
			}
			return trailing(command.Context(), a, "asking", ask, render.Lag)
		},
	}
	a.registerScope(command, &query.Scope)
	registerRaw(command.Flags(), &query.Raw)
	return command
}
