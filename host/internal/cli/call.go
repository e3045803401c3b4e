package cli

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/mqtrail/mqtrail/host/internal/gateway"
)

func (a *app) callCommand() *cobra.Command {
	var connection, arguments string
	var yes bool
	var shape shapeFlags
	command := &cobra.Command{
		Use:   "call OPERATION [NAME=VALUE ...]",
		Short: "Run one operation and write the vendor's answer",
		Long: "Run one operation and write the vendor's answer to standard output, nothing around it.\n" +
			"Arguments are NAME=VALUE pairs, typed by the operation's schema, or one JSON object with --args; both may be\n" +
			"given, and a pair wins. An argument that the operation does not have is refused; nothing is sent then.\n" +
			"A call that destroys something or costs money is confirmed: at a terminal by typing the name of what it acts on,\n" +
			"elsewhere with --yes.",
		Example: "  mqtrail call ctyun_rocketmq_message_query_by_key --sandbox prodInstId=70687660456281088 topicName=test key=test_key\n" +
			"  mqtrail call aliyun_rocketmq_get_trace --connection prod-hz --args @call.json -o json\n" +
			"  mqtrail call huawei_kafka_show_instance_messages --sandbox --args - --jq '.messages[].message_offset' < call.json",
		Args:              positional(1, -1),
		ValidArgsFunction: a.completeCall,
		RunE: func(command *cobra.Command, positional []string) error {
			return a.call(command.Context(), positional[0], connection, arguments, positional[1:], yes, shape.shape())
		},
	}
	command.Flags().StringVar(&connection, "connection", "", "`name` of the connection; needed where the plugin has several")
	command.Flags().StringVar(&arguments, "args", "", "arguments as one `JSON` object, @FILE, or - for standard input")
	a.registerYes(command, &yes)
	shape.register(command.Flags())
	a.completeConnections(command)
	return command
}

func (a *app) call(ctx context.Context, operation, connection, arguments string, pairs []string, yes bool, shape gateway.Shape) error {
	if err := a.checkQuery(); err != nil { // before anything is sent
		return err
	}
	s, err := a.open(ctx)
	if err != nil {
		return err
	}
	defer s.close()
	found, err := s.gateway.Lookup(operation)
	if err != nil {
		return err
	}
	object, err := a.arguments(found, arguments, pairs)
	if err != nil {
		return err
	}
	a.sandboxNotice()
	bar := a.progress(found.Title)
	call := gateway.Call{
		Operation: operation, Connection: connection, Arguments: object, Progress: bar.report, Shape: shape,
		Confirm: gateway.Confirm{Yes: yes, Ask: a.canAsk()},
	}
	result, err := s.gateway.Call(ctx, call)
	bar.stop()
	if plan := planOf(err); plan != nil && call.Confirm.Ask {
		if call.Confirm, err = askForName(ctx, plan, a.stdin, a.stderr); err != nil {
			return err
		}
		bar = a.progress(found.Title)
		call.Progress = bar.report
		result, err = s.gateway.Call(ctx, call)
		bar.stop()
	}
	if err != nil {
		return err
	}
	return a.show(ctx, result.JSON)
}
