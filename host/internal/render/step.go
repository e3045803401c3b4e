package render

import (
	"cmp"
	"fmt"
	"strings"

	model "github.com/mqtrail/mqtrail/sdk/trail"
)

// fewest is how many steps in a row must be alike before those in the middle are counted only.
const fewest = 4

// step is one line of a lane: an event, or a delivery with its end.
type step struct {
	index     int // of its first event
	stage     model.Stage
	start     *model.Time
	end       *model.Time
	took      *int64
	outcome   model.Outcome
	attempt   int64
	receipt   string
	client    string
	topic     string
	messageID string
	raw       string
	told      bool // the message says so, no event of the trace
	paired    bool // the delivery's beginning and end are both here
}

func stepOf(index int, event model.Event) step {
	client := event.Actor.Client
	if event.Actor.Host != "" && event.Actor.Host != client {
		client = strings.TrimPrefix(client+" at "+event.Actor.Host, " at ")
	}
	return step{
		index: index, stage: event.Stage, start: event.Time, end: event.End, took: event.DurationMS, outcome: event.Outcome,
		attempt: event.Attempt, receipt: event.Receipt, client: client, topic: event.Topic, messageID: event.MessageID, raw: event.Raw,
	}
}

// endsWith reports whether another step is the end of this delivery.
func (s *step) endsWith(end step) bool {
	if s.stage != model.StageDelivered || s.paired || end.paired || end.stage != model.StageConsumed && end.stage != model.StageFailed {
		return false
	}
	if s.receipt != "" && end.receipt != "" {
		return s.receipt == end.receipt
	}
	return s.attempt > 0 && s.attempt == end.attempt
}

func (s *step) join(end step) {
	s.stage, s.outcome, s.paired = end.stage, end.outcome, true
	s.end = cmp.Or(end.end, end.start)
	s.took = cmp.Or(end.took, s.took)
	if s.took == nil && s.start != nil && s.end != nil && s.end.UnixMS >= s.start.UnixMS {
		gap := s.end.UnixMS - s.start.UnixMS
		if max(s.start.ResolutionMS, s.end.ResolutionMS) <= 1 {
			s.took = &gap
		}
	}
	s.raw = cmp.Or(end.raw, s.raw)
	s.client = cmp.Or(s.client, end.client)
}

// backwards reports whether a delivery ended before it began, by clocks that differ.
func (s step) backwards() bool {
	return s.paired && s.start != nil && s.end != nil && s.end.UnixMS < s.start.UnixMS
}

// words say what happened, without the vendor's words.
func (s step) words() string {
	words := s.plainWords()
	if s.attempt > 0 {
		words = fmt.Sprintf("attempt %d %s", s.attempt, words)
	}
	return words
}

func (s step) plainWords() string {
	failed, certain := s.outcome == model.Failed, s.outcome == model.OK
	switch s.stage {
	case model.StageProduced:
		switch {
		case s.told:
			return "made, by the message's own word"
		case failed:
			return "sending failed"
		case certain:
			return "sent"
		}
		return "sent, outcome unknown"
	case model.StageTxEnd:
		return "transaction ended" + suffix(failed, certain)
	case model.StageStored:
		if s.told {
			return "stored, by the message's own word"
		}
		return "stored" + suffix(failed, certain)
	case model.StageDelaySet:
		return "held until its delivery time" + suffix(failed, true)
	case model.StageDelayFired:
		return "delivery time came" + suffix(failed, true)
	case model.StageRecalled:
		return "recalled" + suffix(failed, certain)
	case model.StageDelivered:
		return "delivered, no end known" + suffix(failed, true)
	case model.StageConsumed:
		return "consumed" + suffix(failed, certain)
	case model.StageFailed:
		return "failed"
	case model.StageDeadLettered:
		if s.told {
			return "a copy lies in the dead-letter queue"
		}
		return "dead-lettered" + suffix(failed, true)
	case model.StageFromDLQ:
		return "a copy of or for a dead-letter queue"
	default:
		return Shown(string(s.stage)) + suffix(failed, certain)
	}
}

func suffix(failed, certain bool) string {
	switch {
	case failed:
		return ": failed"
	case certain:
		return ""
	default:
		return ", outcome unknown"
	}
}

// alike reports whether two steps differ in nothing but when, where and how long.
func (s step) alike(t step) bool {
	return s.stage == t.stage && s.outcome == t.outcome && s.raw == t.raw && s.topic == t.topic && s.messageID == t.messageID &&
		s.told == t.told && s.backwards() == t.backwards() && (s.attempt > 0) == (t.attempt > 0)
}

// run is some steps in a row that are alike: the first, the last, and how many between are only counted.
type run struct {
	first  step
	last   *step
	hidden int
}

// runs collapses what repeats.
func runs(steps []step) []run {
	var out []run
	for i := 0; i < len(steps); {
		end := i + 1
		for end < len(steps) && steps[i].alike(steps[end]) {
			end++
		}
		if end-i >= fewest {
			out = append(out, run{first: steps[i], last: &steps[end-1], hidden: end - i - 2})
			i = end
			continue
		}
		for ; i < end; i++ {
			out = append(out, run{first: steps[i]})
		}
	}
	return out
}
