package cli

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/mqtrail/mqtrail/host/internal/render"
	"github.com/mqtrail/mqtrail/host/internal/trail"
)

func (a *app) replicationCommand() *cobra.Command {
	var query trail.ReplicationQuery
	command := &cobra.Command{
		Use:   "replication [PLAN-ID]",
		Short: "Is a switch to the other site safe now? What it would repeat or lose",
		Long: "How the plans that copy between instances stand, each group of them, and what a switch now would deliver again\n" +
			"or skip. The numbers compare how far consumers are; they are not how much data a loss of the source would lose.",
		Example: "  mqtrail replication --sandbox\n" +
			"  mqtrail replication 1300000016 --connection prod-hz --filter orders -o json",
		Args:              positional(0, 1),
		ValidArgsFunction: cobra.NoFileCompletions,
		RunE: func(command *cobra.Command, arguments []string) error {
			if len(arguments) > 0 {
				query.Plan = arguments[0]
			}
			ask := func(ctx context.Context, t *trail.Trail, _ func(done, total int, text string)) (*trail.ReplicationReport, error) {
				return t.Replication(ctx, query)
			}
			return trailing(command.Context(), a, "asking", ask, render.Replication)
		},
	}
	a.registerConnection(command, &query.Connection)
	command.Flags().StringVar(&query.Filter, "filter", "", "only topics and groups with this `text` in their names")
	registerRaw(command.Flags(), &query.Raw)
	return command
}
