package verdict

import (
	"fmt"

	"github.com/mqtrail/mqtrail/sdk/trail"
)

// What is assumed of groups of which the vendor does not tell it.
const (
	// DefaultMaxAttempts is how often RocketMQ delivers a message before it becomes a dead letter: once, and 16 times
	// again.
	DefaultMaxAttempts = 17
	// longestBackoff is RocketMQ's longest wait between two attempts, in ms.
	longestBackoff = 2 * hour
	// consumeTimeout is how long RocketMQ's push consumers may handle a message, in ms, where the broker sets no
	// invisible time.
	consumeTimeout = 15 * minute
)

// lastKnown is how sure a verdict can be that rests on which delivery was the last.
func (g *group) lastKnown() Confidence {
	if g.orderDoubt() != "" {
		return Inferred
	}
	return g.lastWord()
}

// orderDoubt says why the last attempt that is told may not be the last; empty when it is.
func (g *group) orderDoubt() string {
	for i := range g.attempts {
		switch {
		case g.attempts[i].merged:
			return "Two attempts began at the same moment: they were taken for one that is told twice."
		case i > 0 && !g.attempts[i].surelyAfter(&g.attempts[i-1]):
			return "Only times of clocks that may differ tell the order of the attempts."
		}
	}
	return ""
}

func (g *group) lastAttempt() *attempt {
	if len(g.attempts) == 0 {
		return nil
	}
	return &g.attempts[len(g.attempts)-1]
}

// maxAttempts says whether the number is the vendor's or assumed.
func (g *group) maxAttempts() (number int64, told bool) {
	if g.state != nil && g.state.MaxAttempts != nil && *g.state.MaxAttempts > 0 {
		return *g.state.MaxAttempts, true
	}
	return DefaultMaxAttempts, false
}

// done is how many deliveries the group had: the trace may not show them all, but their number goes on.
func (g *group) done() int64 {
	done := int64(len(g.attempts))
	for _, a := range g.attempts {
		done = max(done, a.number)
	}
	return done
}

// gaveUp: a broadcasting group is never delivered to again.
func (g *group) gaveUp() *Verdict {
	last := g.lastAttempt()
	if last == nil || g.mode() != trail.Broadcasting {
		return nil
	}
	why := "A consumer of the broadcasting group got it" + at(last.begun.Time) + last.who() + "; a success does not show."
	if failed := g.lastFailed(); failed != nil {
		why = "A consumer of the broadcasting group failed" + at(failed.last()) + failed.who() + ", and such groups do not try again."
	}
	return found(Unknown, Unproven, why).on(last.evidence...).
		without("Which consumers of the group got it is not known.").then(g.consumerLag())
}

func (g *group) retrying() *Verdict {
	last := g.lastAttempt()
	if last == nil || last.failed() == nil {
		return nil
	}
	most, told := g.maxAttempts()
	if g.done() >= most {
		return nil
	}
	v := found(Retrying, g.lastKnown(), "").on(last.evidence...).without(g.orderDoubt(), g.traceDoubt())
	v.Why = fmt.Sprintf("Attempt %d of %d failed%s%s%s; it will be delivered again.", g.done(), most, at(last.last()), word(last), last.who())
	if !told {
		v.Confidence = Inferred
		v.without(assumedMax)
	}
	if g.mode() == "" {
		v.Confidence = Inferred
		v.without(modeUnknown)
	}
	if t := last.last(); t == nil || t.UnixMS+longestBackoff+DelayGrace < g.Now {
		v.Confidence = Inferred
		v.without("The next attempt should have been within " + span(longestBackoff) + ", and none shows.")
	}
	if online := g.online(); online != nil && !*online {
		v.Why += " No consumer of the group is connected."
	}
	return v.then(g.getMessage(g.known.ID, "", "The body may show what the handler cannot take.")...).then(g.consumerLag())
}

const modeUnknown = "Whether the group is broadcasting, where every consumer gets a message and none gets it again, is not told."

var assumedMax = fmt.Sprintf("How often the group is delivered to at most is not told: %d attempts are assumed.", DefaultMaxAttempts)

// word is the vendor's word for a failure.
func word(a *attempt) string {
	if failed := a.failed(); failed != nil {
		return quoted(failed.Raw)
	}
	return ""
}

func (g *group) exhausted() *Verdict {
	last := g.lastAttempt()
	if last == nil || last.failed() == nil {
		return nil
	}
	_, told := g.maxAttempts()
	v := found(RetriesExhausted, Inferred, fmt.Sprintf("All %d attempts failed, the last%s%s%s.", g.done(), at(last.last()), word(last), last.who()))
	v.on(g.attempts[0].evidence...).on(last.evidence...).without(g.traceDoubt())
	if !told {
		v.without(assumedMax)
	}
	if g.searchedDeadLetters() {
		v.Why += " The dead-letter queue was searched, and holds no copy."
	} else {
		v.without("The group's dead-letter queue was not searched.")
	}
	return v.then(g.deadLetters("The message should be there."))
}

func (g *group) searchedDeadLetters() bool {
	for _, name := range g.DeadLettersAsked {
		if name == g.name {
			return true
		}
	}
	return false
}

// atConsumer: the last delivery began, and its end does not show. When the broker will deliver again decides.
func (g *group) atConsumer() *Verdict {
	last := g.lastAttempt()
	if last == nil || !last.open() || last.begun.Time == nil {
		return nil
	}
	begun, visible := last.begun.Time, last.visible
	missing := ""
	if visible == nil {
		until := latest(begun) + consumeTimeout
		visible = &until
		missing = "How long the broker waits for the end is not told: " + span(consumeTimeout) + ", what consumers have by default, are assumed."
	}
	where := "Attempt " + fmt.Sprint(g.done()) + " began at " + iso(begun) + last.who()
	if g.Now <= *visible {
		confidence := g.lastKnown()
		if missing != "" || begun.ZoneSource == trail.ZoneAssumed || last.begun.EndUntold {
			confidence = Inferred
		}
		return found(InFlight, confidence, where+", and is not over.").on(last.evidence...).
			without(missing, endDoubt(last), g.orderDoubt(), g.traceDoubt(), zoneDoubt("delivery", begun)).then(g.traceAgain("Ask again after " + stamp(*visible) + "."))
	}
	return found(AckTimeout, Inferred, where+", and no end shows; the time for it was over at "+stamp(*visible)+".").
		on(last.evidence...).without(missing, g.traceDoubt(), zoneDoubt("delivery", begun)).
		then(g.stack(last.client)...).then(g.consumerLag())
}

// endDoubt says why a delivery that shows no end may be over; empty when it may not.
func endDoubt(a *attempt) string {
	if !a.begun.EndUntold {
		return ""
	}
	return "No status of the attempt is told: it may be over all the same."
}

// unclear: the trace shows the group, and nobody can say what that means.
func (g *group) unclear() *Verdict {
	last := g.lastAttempt()
	if last == nil {
		return nil
	}
	why := "How the attempt" + at(last.begun.Time) + " ended is not told."
	if len(g.raw) > 0 {
		why = "How the attempt" + at(last.begun.Time) + " ended is told in words that nobody documents."
	} else if last.open() {
		why = "An attempt began at a time that is not told, and no end shows."
	}
	return found(Unknown, Unproven, why).on(last.evidence...).then(g.consumerLag())
}
