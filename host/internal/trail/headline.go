package trail

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/mqtrail/mqtrail/host/internal/verdict"
	"github.com/mqtrail/mqtrail/sdk"
	"github.com/mqtrail/mqtrail/sdk/trail"
)

// worst orders verdicts about messages by how much they matter to who asks where a message is, the worst first.
var worst = []verdict.Name{
	verdict.DeadLettered, verdict.RetriesExhausted, verdict.SendFailed, verdict.TxRolledBack, verdict.AckTimeout, verdict.NotConsumed,
	verdict.ProducedOnly, verdict.NoSubscribers, verdict.PartlyConsumed, verdict.DelayOverdue, verdict.TxPending, verdict.QueryFailed,
	verdict.Retrying, verdict.InFlight, verdict.Delayed, verdict.ConsumedTwice, verdict.Unknown, verdict.Filtered, verdict.OffsetPassed,
	verdict.Recalled, verdict.OutOfWindow, verdict.NotFound, verdict.ConsumedRetried, verdict.Consumed,
}

// severity is a place in that order; a verdict that is not in it is the worst: nobody may miss it.
func severity(name verdict.Name) int { return slices.Index(worst, name) }

// headline is the verdict of the worst life.
func headline(lives []Life) verdict.Verdict {
	at := worstOf(lives)
	headline := lives[at].Result.Verdict
	if len(lives) > 1 {
		headline.Why = fmt.Sprintf("%d messages fit; the worst of them: %s", len(lives), headline.Why)
	}
	return headline
}

// worstOf is the index of the worst life, the newest of them.
func worstOf(lives []Life) int {
	at := 0
	for i := range lives {
		if severity(lives[i].Result.Verdict.Verdict) < severity(lives[at].Result.Verdict.Verdict) {
			at = i
		}
	}
	return at
}

// judged is the verdict about the search of one topic that found nothing.
func (l *looking) judged(found *trail.FindAnswer, findProblem *sdk.Problem, traced *trail.TraceAnswer, traceProblem *sdk.Problem) verdict.Verdict {
	judged := verdict.Case{
		Now: l.q.trail.now().UnixMilli(), Connection: l.a.connection.Name, Instance: l.place.instance.ID, Topic: l.place.topic.ID,
		System: l.place.instance.System, Window: l.q.window.in(l.place, l.q.trail.now()).neutral(), RetentionMS: l.place.retention(),
		MessageAsked: found != nil, MessageOffered: !notOffered(findProblem),
		TraceOffered: l.q.traced(l.a, l.place.instance.System, traceProblem), SubscriptionsOffered: true,
		Calls: l.calls, Incomplete: l.incomplete,
	}
	switch l.q.want.kind {
	case asID:
		judged.MessageID = l.q.want.text
	case asKey:
		judged.Key = l.q.want.text
	}
	switch {
	case found == nil:
	case found.Window == (trail.Window{}): // the vendor needs none
		judged.Window = found.Window
	default: // perhaps a narrower one
		judged.Window.FromMS = max(judged.Window.FromMS, found.Window.FromMS)
		if found.Window.ToMS != 0 {
			judged.Window.ToMS = min(judged.Window.ToMS, found.Window.ToMS)
		}
	}
	if traced != nil {
		judged.Trace = &traced.Trace
	}
	if findProblem != nil && !notOffered(findProblem) {
		judged.Failures = append(judged.Failures, l.a.failed(verbFind, findProblem))
	}
	if traceProblem != nil && !notOffered(traceProblem) {
		judged.Failures = append(judged.Failures, l.a.failed(verbTrace, traceProblem))
	}
	return l.q.trail.judge(judged).Verdict
}

// traced: the vendor has traces of such messages.
func (q *tracing) traced(a *asker, system trail.System, problem *sdk.Problem) bool {
	return a.offers(verbTrace) == nil && !notOffered(problem) && system != trail.Kafka
}

// gravity orders verdicts about searches: the first that one place has is that of the whole search.
var gravity = []verdict.Name{verdict.QueryFailed, verdict.Unknown, verdict.OutOfWindow, verdict.NotFound}

// nothing is the verdict about a search that found nothing: it is not found only where every place was looked in
// completely.
func (q *tracing) nothing(parts []*part, report *TraceReport) verdict.Verdict {
	all := []verdict.Verdict{}
	for _, part := range parts {
		all = append(all, unseen(part)...) // what was not looked in says more than what was
		all = append(all, part.searches...)
	}
	slices.SortStableFunc(all, func(a, b verdict.Verdict) int {
		return cmp.Compare(slices.Index(gravity, a.Verdict), slices.Index(gravity, b.Verdict))
	})
	if len(all) == 0 { // connections without a topic
		all = append(all, verdict.Verdict{Verdict: verdict.NotFound, Confidence: verdict.Inferred, Why: "There is no topic to look in."})
	}
	whole := verdict.Verdict{Verdict: all[0].Verdict, Confidence: all[0].Confidence}
	var whys []string
	for _, one := range all {
		if one.Verdict != whole.Verdict {
			continue
		}
		if one.Verdict == verdict.Unknown && len(one.Missing) > 0 && len(all) > 1 {
			whys = addNew(whys, one.Missing...) // the same of many topics
		} else {
			whys = addNew(whys, one.Why)
			whole.Missing = addNew(whole.Missing, one.Missing...)
		}
		whole.Evidence = append(whole.Evidence, one.Evidence...)
		if one.Confidence != verdict.Proven && whole.Confidence != verdict.Unproven {
			whole.Confidence = one.Confidence
		}
	}
	whole.Missing = whole.Missing[:min(len(whole.Missing), 4)]
	whole.Evidence = whole.Evidence[:min(len(whole.Evidence), 8)]
	whole.Why = q.why(whole.Verdict, whys, all, report)
	whole.Next = q.next(whole.Verdict, all)
	return whole
}

// unseen are the verdicts of what was not looked in at all.
func unseen(p *part) []verdict.Verdict {
	var all []verdict.Verdict
	for _, spot := range p.survey.spots {
		looked := spot.looked()
		where := looked.Connection
		if looked.Instance != "" {
			where += "/" + looked.Instance
		}
		switch {
		case looked.Outcome == Failed:
			all = append(all, verdict.Verdict{Verdict: verdict.QueryFailed, Confidence: verdict.Proven, Why: where + ": " + looked.Detail})
		case looked.Outcome == NotOffered, looked.Outcome == NotLooked, !spot.complete():
			all = append(all, verdict.Verdict{Verdict: verdict.Unknown, Confidence: verdict.Unproven, Why: where + ": " + looked.Detail})
		}
	}
	return all
}

// maxWhys of places are repeated in a headline.
const maxWhys = 2

func (q *tracing) why(name verdict.Name, whys []string, all []verdict.Verdict, report *TraceReport) string {
	topics, places := 0, 0
	for _, looked := range report.Looked {
		topics += looked.Topics
		if looked.Topics > 0 {
			places++
		}
	}
	if len(all) == 1 && len(report.Looked) == 1 { // it speaks of the one place already
		return whys[0]
	}
	text := fmt.Sprintf("Not found in %d topics of %d places, from %s to %s.", topics, places, report.Window.From, report.Window.To)
	switch name {
	case verdict.NotFound:
		return text + " All were searched completely."
	case verdict.QueryFailed:
		text += " Not all could be asked:"
	case verdict.Unknown:
		text += " That proves nothing:"
	case verdict.OutOfWindow:
		text += " It cannot be there:"
	}
	shown := whys[:min(len(whys), maxWhys)]
	for i := range shown {
		shown[i] = line(shown[i], maxReason)
	}
	text += " " + strings.Join(shown, " ")
	if len(whys) > len(shown) {
		text += fmt.Sprintf(" And %d more like that.", len(whys)-len(shown))
	}
	return text
}

// maxNextCalls of places are repeated in a headline.
const maxNextCalls = 3

// next are the calls to make after a search that found nothing.
func (q *tracing) next(name verdict.Name, all []verdict.Verdict) []verdict.Next {
	var next []verdict.Next
	if q.want.guessed {
		next = append(next, verdict.Next{Tool: "trace_message", Arguments: map[string]any{"message": q.want.text, "as": asKey}, Why: "If the text is a business key that looks like an id."})
	}
	for _, one := range all {
		if one.Verdict != name {
			continue
		}
		for _, call := range one.Next {
			known := slices.ContainsFunc(next, func(other verdict.Next) bool { return other.Tool == call.Tool })
			if !known && len(next) < maxNextCalls {
				next = append(next, call)
			}
		}
	}
	if len(next) == 0 {
		next = append(next, verdict.Next{Tool: "list_resources", Arguments: map[string]any{"kind": string(trail.Topics)}, Why: "See which topics there are, and name one."})
	}
	return next
}
