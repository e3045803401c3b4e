package cli

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/mqtrail/mqtrail/host/internal/render"
	"github.com/mqtrail/mqtrail/host/internal/trail"
)

func (a *app) messageCommand() *cobra.Command {
	var query trail.MessageQuery
	var partition, offset int64
	command := &cobra.Command{
		Use:   "message [MESSAGE-ID]",
		Short: "Show one message with its body",
		Long: "Show one message with its headers and its body: by id, or by partition and offset where there are no ids.\n" +
			"The body is somebody else's data: control and invisible characters are taken out, binary is shown as base64.",
		Example: "  mqtrail message 050562443C7018B4AAC2996FB3DE0000 --sandbox --topic test\n" +
			"  mqtrail message --connection kafka-north --instance d0b7e2c4-3c5a-4d53-9a3e-6f1c2f1b7a10 --topic orders --partition 0 --offset 12\n" +
			"  mqtrail message 050562443C7018B4AAC2996FB3DE0000 --sandbox --topic test -o json --jq .message.body.data",
		Args:              positional(0, 1),
		ValidArgsFunction: cobra.NoFileCompletions,
		RunE: func(command *cobra.Command, arguments []string) error {
			if len(arguments) > 0 {
				query.MessageID = arguments[0]
			}
			if command.Flags().Changed("partition") {
				query.Partition = &partition
			}
			if command.Flags().Changed("offset") {
				query.Offset = &offset
			}
			ask := func(ctx context.Context, t *trail.Trail, _ func(done, total int, text string)) (*trail.MessageReport, error) {
				return t.Message(ctx, query)
			}
			return trailing(command.Context(), a, "getting the message", ask, render.Message)
		},
	}
	a.registerScope(command, &query.Scope)
	registerRange(command.Flags(), &query.Range)
	command.Flags().Int64Var(&partition, "partition", 0, "`number` of the partition or queue, from 0")
	command.Flags().Int64Var(&offset, "offset", 0, "`position` in the partition, from 0")
	command.Flags().Int64Var(&query.BodyOffset, "body-offset", 0, "first `byte` of the body to show")
	command.Flags().Int64Var(&query.BodyLimit, "body-limit", 0, "the most `bytes` of the body to show, at most 65536 (default 2048)")
	registerRaw(command.Flags(), &query.Raw)
	return command
}
