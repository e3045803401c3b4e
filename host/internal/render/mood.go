package render

import (
	"github.com/jedib0t/go-pretty/v6/text"

	"github.com/mqtrail/mqtrail/host/internal/verdict"
	model "github.com/mqtrail/mqtrail/sdk/trail"
)

// mood is what a reader should feel about something. The zero mood is that nobody knows.
type mood int

const (
	unsure  mood = iota
	good         // it went as it should
	bad          // it went wrong
	waiting      // it has not ended
	neutral      // a fact that is neither
)

// marks are the signs of a kind of terminal.
type marks struct {
	moods                         map[mood]string
	rail, again, dot, dash, arrow string
	more                          string
}

var (
	drawn = marks{
		moods: map[mood]string{unsure: "?", good: "✓", bad: "✗", waiting: "…", neutral: "•"},
		rail:  "│", again: "⋮", dot: " · ", dash: " — ", arrow: " → ", more: "…",
	}
	typed = marks{
		moods: map[mood]string{unsure: "??", good: "ok", bad: "XX", waiting: "..", neutral: "--"},
		rail:  "|", again: ":", dot: ", ", dash: " - ", arrow: " -> ", more: "...",
	}
)

func (o Options) marks() marks {
	if o.ASCII {
		return typed
	}
	return drawn
}

// mark is a mood's sign; in colour when asked.
func (o Options) mark(m mood) string { return o.paint(m, o.marks().moods[m]) }

func (o Options) paint(m mood, line string) string {
	if !o.Color {
		return line
	}
	color := map[mood]text.Color{unsure: text.FgMagenta, good: text.FgGreen, bad: text.FgRed, waiting: text.FgYellow}[m]
	return escape(line, color)
}

func (o Options) bold(line string) string {
	if !o.Color {
		return line
	}
	return escape(line, text.Bold)
}

// escape colours a text whatever the library thinks of this process's own terminal.
func escape(line string, color text.Color) string {
	if color == 0 {
		return line
	}
	return color.EscapeSeq() + line + text.EscapeReset
}

// moodOf is a verdict's. What is not proven never looks like success.
func moodOf(v verdict.Verdict) mood {
	switch v.Verdict {
	case verdict.Consumed, verdict.ConsumedRetried, verdict.ReplicationOK:
		if v.Confidence == verdict.Proven || v.Verdict == verdict.ReplicationOK && v.Confidence == verdict.Inferred {
			return good
		}
		return unsure
	case verdict.SendFailed, verdict.DelayOverdue, verdict.NoSubscribers, verdict.PartlyConsumed, verdict.ProducedOnly,
		verdict.DeadLettered, verdict.RetriesExhausted, verdict.AckTimeout, verdict.NotConsumed, verdict.ConsumedTwice,
		verdict.NotSyncing, verdict.Stale, verdict.TargetAhead, verdict.ReplicationLagging, verdict.NotFound, verdict.QueryFailed:
		return bad
	case verdict.TxPending, verdict.Delayed, verdict.Retrying, verdict.InFlight:
		return waiting
	case verdict.Recalled, verdict.TxRolledBack, verdict.Filtered:
		return neutral
	default:
		return unsure
	}
}

// moodOfStep is a step's. A delivery without an end is nobody's success.
func moodOfStep(s step) mood {
	switch {
	case s.stage == model.StageDeadLettered || s.stage == model.StageFailed, s.outcome == model.Failed:
		return bad
	case s.stage == model.StageDelivered:
		return unsure
	case s.told:
		return neutral
	}
	switch s.stage {
	case model.StageDelaySet, model.StageDelayFired, model.StageFromDLQ:
		return neutral
	case model.StageTxEnd, model.StageRecalled:
		if s.outcome == model.OK {
			return neutral
		}
	case model.StageProduced, model.StageStored, model.StageConsumed:
		if s.outcome == model.OK {
			return good
		}
	}
	return unsure // a stage that nobody knows, too
}
