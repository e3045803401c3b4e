package cli

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/mqtrail/mqtrail/host/internal/render"
	"github.com/mqtrail/mqtrail/host/internal/trail"
	model "github.com/mqtrail/mqtrail/sdk/trail"
)

func (a *app) findCommand() *cobra.Command {
	var query trail.FindQuery
	command := &cobra.Command{
		Use:   "find [KEY]",
		Short: "List messages by key, id, content or time",
		Long: "List messages, newest first, with the beginning of their bodies: by business key, by id, by a text in them where\n" +
			"the vendor can look for it, a group's dead letters, or all of a topic in a span of time.",
		Example: "  mqtrail find order-1003 --sandbox\n" +
			"  mqtrail find --topic orders --since 2h --limit 50\n" +
			"  mqtrail find --dead-letters-of billing --instance 70687660456281088 --since yesterday",
		Args:              positional(0, 1),
		ValidArgsFunction: cobra.NoFileCompletions,
		RunE: func(command *cobra.Command, arguments []string) error {
			if len(arguments) > 0 {
				query.Key = arguments[0]
			}
			ask := func(ctx context.Context, t *trail.Trail, progress func(done, total int, text string)) (*trail.FindReport, error) {
				query.Progress = progress
				return t.Find(ctx, query)
			}
			return trailing(command.Context(), a, "looking", ask, render.Find)
		},
	}
	a.registerScope(command, &query.Scope)
	registerRange(command.Flags(), &query.Range)
	command.Flags().StringVar(&query.MessageID, "id", "", "the message `id`")
	command.Flags().StringVar(&query.Contains, "contains", "", "a `text` in the body or key; Kafka only")
	command.Flags().StringVar(&query.DeadLettersOf, "dead-letters-of", "", "list the dead letters of this consumer `group`")
	a.completeFlag(command, "dead-letters-of", model.Groups, &query.Scope)
	command.Flags().IntVar(&query.Limit, "limit", 0, "the `number` of messages to list, at most 200 (default 20)")
	command.Flags().StringVar(&query.Cursor, "cursor", "", "go on where an earlier list ended: with its `next_cursor`")
	registerRaw(command.Flags(), &query.Raw)
	return command
}
