package cli

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/mqtrail/mqtrail/host/internal/render"
	"github.com/mqtrail/mqtrail/host/internal/trail"
)

func (a *app) listCommand() *cobra.Command {
	var query trail.ListQuery
	command := &cobra.Command{
		Use:   "list instances|topics|groups",
		Short: "List instances, topics or consumer groups over all connections",
		Example: "  mqtrail list instances --sandbox\n" +
			"  mqtrail list topics --connection prod-hz --contains order\n" +
			"  mqtrail list groups --sandbox --connection ctyun -o json --jq '.resources[].id'",
		Args:      positional(1, 1),
		ValidArgs: []cobra.Completion{"instances", "topics", "groups"},
		RunE: func(command *cobra.Command, arguments []string) error {
			query.Kind = arguments[0]
			ask := func(ctx context.Context, t *trail.Trail, _ func(done, total int, text string)) (*trail.ListReport, error) {
				return t.List(ctx, query)
			}
			return trailing(command.Context(), a, "listing", ask, render.List)
		},
	}
	a.registerInstance(command, &query.Scope)
	command.Flags().StringVar(&query.Contains, "contains", "", "only those with this `text` in their id or name")
	command.Flags().IntVar(&query.Limit, "limit", 0, "the `number` to list, at most 1000 (default 100)")
	command.Flags().StringVar(&query.Cursor, "cursor", "", "go on where an earlier list ended: with its `next_cursor`")
	registerRaw(command.Flags(), &query.Raw)
	return command
}
