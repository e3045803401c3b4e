package cli

import (
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/mqtrail/mqtrail/sdk/rocketmq"
)

func (a *app) idCommand() *cobra.Command {
	var near string
	command := &cobra.Command{
		Use:   "id MESSAGE-ID",
		Short: "Say what a RocketMQ message id holds; asks nobody",
		Long: "Read a RocketMQ message id: which kind it is, who made it and when, what it proves and what stays open.\n" +
			"It works on the text alone: no configuration, no plugin, no network.",
		Example: "  mqtrail id 050562443C7018B4AAC2996FB3DE0000 --near 1661857434591\n" +
			"  mqtrail id C0A847BC000020E600000000000045FE -o json --jq .commit_log_offset",
		Args:              positional(1, 1),
		ValidArgsFunction: cobra.NoFileCompletions,
		RunE: func(command *cobra.Command, arguments []string) error {
			var born time.Time
			if command.Flags().Changed("near") {
				var err error
				if born, err = rocketmq.ParseNear(near); err != nil {
					return err
				}
			}
			explained, err := rocketmq.Explain(arguments[0], born, time.Now())
			if err != nil {
				return err
			}
			if !a.plainText() {
				return a.showValue(command.Context(), explained)
			}
			return a.explain(explained)
		},
	}
	command.Flags().StringVar(&near, "near", "", "the message's born `time`, with its zone or in milliseconds: tells the month and the producer's zone")
	return command
}

// kindText names a kind of message id for people.
func kindText(kind rocketmq.Kind) string {
	switch kind {
	case rocketmq.KindOffsetIPv4, rocketmq.KindOffsetIPv6:
		return "offset id, made by a broker"
	case rocketmq.KindV1:
		return "unique id, made by a 5.x client"
	default:
		return "unique id, made by a 4.x client"
	}
}

func (a *app) explain(explained *rocketmq.Explanation) error {
	doubt := "certain"
	if !explained.Certain {
		doubt = "likely, not certain"
	}
	var text strings.Builder
	fmt.Fprintf(&text, "%s: %s (%s)\n\n", explained.ID, kindText(explained.Kind), doubt)
	writeReading(&text, explained.Reading)
	if other := explained.Other; other != nil {
		fmt.Fprintf(&text, "\nor: %s\n\n", kindText(other.Kind))
		writeReading(&text, *other)
	}
	text.WriteByte('\n')
	for _, reason := range explained.Reasons {
		fmt.Fprintf(&text, "- %s\n", reason)
	}
	_, err := fmt.Fprint(a.stdout, text.String())
	return err
}

// writeReading writes the fields that a reading has, a line each.
func writeReading(text *strings.Builder, reading rocketmq.Reading) {
	line := func(name, format string, values ...any) {
		fmt.Fprintf(text, "%-18s %s\n", name, fmt.Sprintf(format, values...))
	}
	if reading.CommitLogOffset != nil {
		line("broker", "%s, port %d", reading.BrokerHost, *reading.BrokerPort)
		line("commit-log offset", "%d", *reading.CommitLogOffset)
		return
	}
	line("producer", "%s%s", reading.ProducerHost, reading.ProducerMAC) // one of them is empty
	line("process id", "%d (lower 16 bits)", *reading.PID)
	if reading.ClassLoaderHash != "" {
		line("class loader", "%s", reading.ClassLoaderHash)
	}
	line("sequence", "%d", *reading.Sequence)
	for i, candidate := range reading.Candidates {
		name := "time"
		if i > 0 {
			name = "  or"
		}
		line(name, "%s (zone %s, step %d ms)", candidate.ISO, candidate.ZoneSource, candidate.ResolutionMS)
	}
}
