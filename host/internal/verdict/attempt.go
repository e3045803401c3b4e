package verdict

import (
	"cmp"
	"slices"

	"github.com/mqtrail/mqtrail/sdk/trail"
)

// attempt is one delivery of the message to a group, with its end where the trace shows one.
type attempt struct {
	number          int64 // 0 when the vendor does not count
	byTime          bool  // the number only follows the times
	merged          bool  // two deliveries of one moment were taken for one that is told twice
	receipt, client string
	host            string
	begun           *trail.Event  // the first sign of the delivery
	ends            []trail.Event // reported ends, in their order
	// visible is when the broker delivers again at the latest, in ms; nil when that is not known.
	visible  *int64
	evidence []trail.Evidence
}

func (a *attempt) succeeded() *trail.Event { return a.end(trail.StageConsumed, trail.OK) }

func (a *attempt) failed() *trail.Event {
	if a.succeeded() != nil {
		return nil
	}
	return a.end(trail.StageFailed, trail.Failed)
}

// open: nobody reported an end, not even one that cannot be understood.
func (a *attempt) open() bool { return len(a.ends) == 0 }

func (a *attempt) end(stage trail.Stage, outcome trail.Outcome) *trail.Event {
	for i := range a.ends {
		if a.ends[i].Stage == stage && a.ends[i].Outcome == outcome {
			return &a.ends[i]
		}
	}
	return nil
}

// attemptsOf joins a group's events, in their order, to deliveries. The same receipt is the same delivery; without
// receipts it is the same number at the same client; without numbers an end belongs to the delivery before it, and
// what is told twice in the same words is counted once.
func attemptsOf(events []trail.Event) []attempt {
	var attempts []attempt
	for _, e := range events {
		if e.Stage != trail.StageDelivered && e.Stage != trail.StageConsumed && e.Stage != trail.StageFailed {
			continue
		}
		i := len(attempts) - 1
		for i >= 0 && !attempts[i].has(e) { // an end belongs to the latest delivery that it can belong to
			i--
		}
		if i < 0 {
			attempts = append(attempts, attempt{})
			i = len(attempts) - 1
		}
		attempts[i].add(e)
	}
	if counted(attempts) {
		slices.SortStableFunc(attempts, func(a, b attempt) int { return cmp.Compare(a.number, b.number) })
	}
	return attempts
}

// counted: the vendor numbers the deliveries. Else their order is only that of different clocks.
func counted(attempts []attempt) bool {
	return !slices.ContainsFunc(attempts, func(a attempt) bool { return a.number == 0 })
}

// has says whether an event belongs to the delivery.
func (a *attempt) has(e trail.Event) bool {
	switch {
	case e.Receipt != "" && a.receipt != "":
		return e.Receipt == a.receipt
	case e.Actor.Client != "" && a.client != "" && e.Actor.Client != a.client:
		return false
	case e.Attempt > 0 && a.number > 0:
		return e.Attempt == a.number
	case e.Stage == trail.StageDelivered:
		return a.begun.Stage == e.Stage && sameTime(a.begun.Time, e.Time)
	case a.open():
		return true
	}
	last := a.ends[len(a.ends)-1]
	return last.Stage == e.Stage && last.Outcome == e.Outcome && sameTime(last.Time, e.Time)
}

func sameTime(a, b *trail.Time) bool {
	return a == nil && b == nil || a != nil && b != nil && a.UnixMS == b.UnixMS
}

func (a *attempt) add(e trail.Event) {
	if a.begun == nil {
		a.begun = &e
	}
	a.number, a.byTime = cmp.Or(a.number, max(e.Attempt, 0)), a.byTime || e.AttemptByTime
	a.receipt = cmp.Or(a.receipt, e.Receipt)
	a.client, a.host = cmp.Or(a.client, e.Actor.Client), cmp.Or(a.host, e.Actor.Host)
	if again := a.begun != &e && e.Stage == trail.StageDelivered; again && a.receipt == "" && a.number == 0 {
		a.merged = true
	}
	if e.Stage != trail.StageDelivered {
		a.ends = append(a.ends, e)
	} else if e.InvisibleMS != nil && e.Time != nil {
		until := latest(e.Time) + *e.InvisibleMS // a consumer may ask for more time: the last word counts
		a.visible = &until
	}
	if !slices.Contains(a.evidence, e.Evidence) {
		a.evidence = append(a.evidence, e.Evidence)
	}
}

// last is the last time that is known of the delivery.
func (a *attempt) last() *trail.Time {
	if a.open() {
		return a.begun.Time
	}
	e := a.ends[len(a.ends)-1]
	if e.End != nil {
		return e.End
	}
	return e.Time
}

// surelyAfter: this delivery came after another, by the vendor's count or by one client's clock.
func (a *attempt) surelyAfter(b *attempt) bool {
	if a.number > 0 && b.number > 0 && !a.byTime && !b.byTime {
		return a.number > b.number
	}
	one := a.client == b.client && a.host == b.host && a.client+a.host != ""
	return one && a.last() != nil && b.last() != nil && surelyBefore(b.last(), a.last())
}
