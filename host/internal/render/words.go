package render

import (
	"cmp"
	"slices"
	"strings"

	"github.com/mqtrail/mqtrail/host/internal/trail"
	"github.com/mqtrail/mqtrail/host/internal/verdict"
)

// meanings are the verdicts in plain words. Who reads them at night should not have to look them up.
var meanings = map[verdict.Name]string{
	verdict.QueryFailed:        "a call that is needed to tell failed",
	verdict.NotFound:           "there is no such message where was looked",
	verdict.OutOfWindow:        "older than what was searched, or than what is kept",
	verdict.Unknown:            "nothing was told that decides it",
	verdict.SendFailed:         "the producer could not send it",
	verdict.Recalled:           "the producer took it back",
	verdict.TxRolledBack:       "the producer took its transaction back: nobody gets it",
	verdict.TxPending:          "its transaction is open: nobody gets it yet",
	verdict.Delayed:            "it is held until its delivery time",
	verdict.DelayOverdue:       "its delivery time has passed, and nobody got it",
	verdict.NoSubscribers:      "stored, and no group subscribes to its topic",
	verdict.PartlyConsumed:     "some groups had it, others did not",
	verdict.ProducedOnly:       "stored, and no group had it",
	verdict.DeadLettered:       "a group gave it up",
	verdict.RetriesExhausted:   "a group failed as often as it may",
	verdict.AckTimeout:         "a consumer got it and never said how it ended",
	verdict.NotConsumed:        "a group has not come to it",
	verdict.Retrying:           "a group failed on it and will get it again",
	verdict.InFlight:           "a consumer is at it",
	verdict.ConsumedTwice:      "a group consumed it more than once",
	verdict.OffsetPassed:       "passed by, which does not prove that it was consumed",
	verdict.Filtered:           "a group's filter keeps it out",
	verdict.ConsumedRetried:    "consumed, after failures",
	verdict.Consumed:           "consumed by all who should",
	verdict.NotSyncing:         "progress is not carried over",
	verdict.Stale:              "progress was carried over too long ago",
	verdict.TargetAhead:        "a switch now may lose messages",
	verdict.ReplicationLagging: "a switch now repeats much",
	verdict.ReplicationOK:      "a switch now repeats little",
}

// doubts say what a confidence means that is no proof.
var doubts = map[verdict.Confidence]string{
	verdict.Inferred: "inferred: it follows from what the vendor told, and may be wrong.",
	verdict.Unproven: "unknown: what the vendor told decides nothing.",
}

// verdictWords are a verdict with its meaning.
func (p *paper) verdictWords(name verdict.Name) string {
	words := p.orUnknown(string(name))
	if meaning := meanings[name]; meaning != "" {
		words += p.marks().dash + meaning
	}
	return words
}

// doubt says once what each confidence means that is no proof.
func (p *paper) doubt(confidences ...verdict.Confidence) {
	for _, sure := range []verdict.Confidence{verdict.Inferred, verdict.Unproven} {
		if slices.Contains(confidences, sure) && p.news(doubts[sure]) {
			p.line(doubts[sure])
		}
	}
}

// news reports whether a text was not written yet, and takes it for written.
func (p *paper) news(sentence string) bool {
	if sentence == "" || p.said(sentence) {
		return false
	}
	p.told += sentence + "\x00"
	return true
}

func (p *paper) said(sentence string) bool {
	return len(sentence) >= shortest && strings.Contains(p.told, sentence)
}

// shortest is how long a text is at least that is no part of another by chance.
const shortest = 16

// urgency is the order of moods for a reader: what went wrong first.
var urgency = []mood{bad, waiting, unsure, neutral, good}

// groupsOf are a life's groups, those that need somebody first.
func groupsOf(life *trail.Life) []verdict.Group {
	return slices.SortedStableFunc(slices.Values(life.Result.Groups), func(a, b verdict.Group) int {
		return cmp.Compare(slices.Index(urgency, moodOf(a.Verdict)), slices.Index(urgency, moodOf(b.Verdict)))
	})
}
