package verdict

import (
	"fmt"
	"slices"

	"github.com/mqtrail/mqtrail/sdk/trail"
)

// groupRules are asked in this order; the first that knows speaks.
var groupRules = []func(*group) *Verdict{
	// What the vendor says happened.
	(*group).deadLettered,
	(*group).consumedTwice,
	(*group).consumed,
	// How the last delivery ended, or that it did not.
	(*group).gaveUp,
	(*group).retrying,
	(*group).exhausted,
	(*group).atConsumer,
	(*group).unclear,
	// No delivery shows.
	(*group).filtered,
	(*group).broadcast,
	(*group).reached,
}

func (g *group) judge() {
	for _, rule := range groupRules {
		if g.verdict = rule(g); g.verdict != nil {
			break
		}
	}
	if expected := g.expected(); expected != nil && !*expected && len(g.attempts) > 0 {
		g.verdict.Why += " The group does not subscribe to the topic now."
	}
}

func (g *group) deadLettered() *Verdict {
	self := g.known.DeadLetterGroup == g.name
	if len(g.deaths) == 0 && len(g.copies) == 0 && !self {
		return nil
	}
	v := found(DeadLettered, Proven, "The group gave it up: it is in the dead-letter queue"+g.tries()+".")
	switch {
	case self && g.known.OriginID != "":
		v.Why = "It is itself a dead letter of the group: the copy of " + g.known.OriginID + "."
		v.then(g.trace(g.known.OriginID, g.known.OriginTopic, "The trace of the original shows why the group gave it up."))
	case self:
		v.Why = "It is itself a dead letter of the group."
		v.without("Which message it is a copy of is not told.")
	case len(g.deaths) > 0:
		death := g.deaths[0]
		v.Why = "The group gave it up" + at(death.Time) + ": it is in the dead-letter queue" + g.tries() + "."
		if !slices.ContainsFunc(g.deaths, func(e trail.Event) bool { return e.Outcome == trail.OK }) && len(g.copies) == 0 {
			v.Confidence = Inferred
			v.without("Whether dead-lettering worked is not told.")
		}
		v.then(g.getMessage(death.MessageID, death.Topic, "The dead letter holds what the group could not handle.")...)
	}
	if self {
		v.on(g.known.Evidence)
	}
	for _, death := range g.deaths {
		v.on(death.Evidence)
	}
	for _, copied := range g.copies {
		v.on(copied.Evidence)
	}
	if failed := g.lastFailed(); failed != nil {
		v.on(failed.evidence...)
	}
	return v.then(g.deadLetters("See what else the group gave up."))
}

// tries is how many failed deliveries show, as part of a sentence.
func (g *group) tries() string {
	if n := len(g.failures()); n > 0 {
		return " after " + plural(n, "failed attempt")
	}
	return ""
}

func plural(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

func (g *group) successes() []*attempt {
	return g.attemptsWith(func(a *attempt) bool { return a.succeeded() != nil })
}

func (g *group) failures() []*attempt {
	return g.attemptsWith(func(a *attempt) bool { return a.failed() != nil })
}

func (g *group) attemptsWith(is func(*attempt) bool) []*attempt {
	var those []*attempt
	for i := range g.attempts {
		if is(&g.attempts[i]) {
			those = append(those, &g.attempts[i])
		}
	}
	return those
}

func (g *group) lastFailed() *attempt {
	failures := g.failures()
	if len(failures) == 0 {
		return nil
	}
	return failures[len(failures)-1]
}

// consumedTwice: each message goes to one consumer of a clustering group, once.
func (g *group) consumedTwice() *Verdict {
	successes := g.successes()
	if len(successes) < 2 || g.mode() == trail.Broadcasting {
		return nil
	}
	first, last := successes[0], successes[len(successes)-1]
	v := found(ConsumedTwice, Proven, fmt.Sprintf("%d attempts succeeded, the first%s%s, the last%s%s.", len(successes),
		at(first.last()), first.who(), at(last.last()), last.who()))
	if g.mode() == "" {
		v.Confidence = Inferred
		v.without(modeUnknown)
	}
	for _, a := range successes {
		v.on(a.evidence...)
	}
	return v
}

func (a *attempt) who() string { return by(trail.Actor{Client: a.client, Host: a.host}) }

// consumed needs a success that was reported. A position past the message is none.
func (g *group) consumed() *Verdict {
	successes := g.successes()
	if len(successes) == 0 {
		return nil
	}
	success := successes[0]
	when := at(success.last()) + success.who()
	if len(successes) > 1 { // broadcasting
		return found(Consumed, Proven, fmt.Sprintf("%d consumers of the broadcasting group succeeded, the first%s.", len(successes), when)).
			on(success.evidence...).without("Whether every consumer of the group got it is not known.")
	}
	before := g.attemptsWith(func(a *attempt) bool { return a.failed() != nil && success.surelyAfter(a) })
	last := g.lastFailed()
	switch {
	case len(before) > 0 && g.mode() != trail.Broadcasting:
		v := found(ConsumedRetried, Proven, "Succeeded"+when+", after "+plural(len(before), "failed attempt")+".").
			on(before[len(before)-1].evidence...).on(success.evidence...)
		again := slices.ContainsFunc(before, func(a *attempt) bool { return a.client != "" && a.client == success.client })
		if g.mode() == "" && !again {
			v.Confidence = Inferred
			v.without(modeUnknown)
		}
		return v
	case last != nil:
		return found(Consumed, Proven, "Succeeded"+when+". Another attempt failed"+at(last.last())+last.who()+".").
			on(success.evidence...).on(last.evidence...)
	case success.number > 1:
		return found(Consumed, Proven, fmt.Sprintf("Succeeded%s, on attempt %d.", when, success.number)).on(success.evidence...)
	}
	return found(Consumed, Proven, "Succeeded"+when+".").on(success.evidence...)
}
