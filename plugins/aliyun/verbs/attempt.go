package verbs

import (
	"cmp"
	"reflect"
	"slices"
	"strconv"

	"github.com/mqtrail/mqtrail/sdk/trail"
)

// attempt is one delivery to one consumer. The vendor may tell of it in several records, which have the same receipt.
type attempt struct {
	first    *consumption
	receipt  string
	evidence trail.Evidence
	// delivered is when it was handed out, ended when something else was done with it last.
	delivered, ended *trail.Time
	// invisible is for how long after delivered nobody else gets the message, in ms.
	invisible *int64
	// statuses are the words that were told, each once, with where.
	statuses []status
}

type status struct {
	word     string
	evidence trail.Evidence
}

// consumed tells what one group did.
func (l *life) consumed(info *consumerInfo, i int) {
	at := func(rest string) trail.Evidence { return l.reply.at("/consumerInfos/%d%s", i, rest) }
	l.raw("consumeStatus/"+info.ConsumerGroupID, info.ConsumeStatus)
	attempts := l.attempts(info, at)
	for n, a := range attempts {
		l.attempt(info.ConsumerGroupID, a, int64(n+1))
	}
	if len(info.Records) == 0 && info.ConsumeStatus != "" {
		l.outcome(trail.Event{Actor: trail.Actor{Group: info.ConsumerGroupID}}, status{info.ConsumeStatus, at("/consumeStatus")})
	}
	l.deadLettered(info, int64(len(attempts)), at)
}

// attempts are the group's deliveries, oldest first.
func (l *life) attempts(info *consumerInfo, at func(string) trail.Evidence) []*attempt {
	var all []*attempt
	for n, record := range info.Records {
		if record == nil {
			continue
		}
		if record.PopCk == "" && l.twice(info, n) {
			l.note("The trace tells a delivery to %s twice, in the same words: it counts once.", info.ConsumerGroupID)
			continue
		}
		here := "/records/" + strconv.Itoa(n)
		same := func(a *attempt) bool { return a.receipt != "" && a.receipt == record.PopCk }
		index := slices.IndexFunc(all, same)
		if index < 0 {
			index = len(all)
			all = append(all, &attempt{first: record, receipt: record.PopCk, evidence: at(here)})
		}
		evidence := at(here)
		if record.ConsumeStatus != "" {
			evidence = at(here + "/consumeStatus")
		}
		all[index].add(l.clock, record, evidence)
	}
	slices.SortStableFunc(all, func(a, b *attempt) int {
		if a.delivered == nil || b.delivered == nil {
			return 0
		}
		return cmp.Compare(a.delivered.UnixMS, b.delivered.UnixMS)
	})
	return all
}

// twice: an earlier record without a receipt says the same, with a time. Two deliveries to one consumer are not that
// alike.
func (l *life) twice(info *consumerInfo, n int) bool {
	record := info.Records[n]
	timed := slices.ContainsFunc(record.Operations, func(o *operation) bool { return o != nil && l.clock.at(o.OperateTime) != nil })
	return timed && slices.ContainsFunc(info.Records[:n], func(other *consumption) bool { return reflect.DeepEqual(other, record) })
}

// add takes in one record. ADD is the one operation that is documented: the message was handed out. Whatever else was
// done later ended the delivery, or put the next one off.
func (a *attempt) add(clock clock, record *consumption, evidence trail.Evidence) {
	if !slices.ContainsFunc(a.statuses, func(s status) bool { return s.word == record.ConsumeStatus }) {
		a.statuses = append(a.statuses, status{record.ConsumeStatus, evidence})
	}
	for _, o := range record.Operations {
		if o == nil {
			continue
		}
		time := clock.at(o.OperateTime)
		switch {
		case o.OperateType == "ADD" && (a.delivered == nil || time != nil && time.UnixMS < a.delivered.UnixMS):
			a.delivered = time
		case o.OperateType != "ADD" && (a.ended == nil || time != nil && time.UnixMS >= a.ended.UnixMS):
			a.ended = time
		}
		if o.InvisibleTime != nil && time != nil && a.delivered != nil {
			until := time.UnixMS + o.InvisibleTime.or(0) - a.delivered.UnixMS // a later operation may prolong it
			a.invisible = &until
		}
	}
}

// attempt tells of a delivery and of its end. A delivery that was handed out and of which nothing more is told has not
// ended.
func (l *life) attempt(group string, a *attempt, number int64) {
	event := trail.Event{
		Actor: trail.Actor{Group: group, Client: a.first.UserName, Host: a.first.ClientHost}, Attempt: number, AttemptByTime: true, Receipt: a.receipt,
	}
	if a.delivered != nil {
		delivered := event
		delivered.Stage, delivered.Time, delivered.InvisibleMS = trail.StageDelivered, a.delivered, a.invisible
		delivered.Outcome, delivered.Evidence, delivered.EndUntold = trail.OK, a.evidence, len(a.told()) == 0
		l.event(delivered)
	}
	event.Time, event.DurationMS = a.ended, between(a.delivered, a.ended)
	for _, s := range a.told() {
		l.outcome(event, s)
	}
}

// told are the statuses that say how the delivery ended. One that was not told says so only when something else was done
// after the message was handed out; beside others it says nothing.
func (a *attempt) told() []status {
	words := slices.DeleteFunc(slices.Clone(a.statuses), func(s status) bool { return s.word == "" })
	if len(words) == 0 && (a.delivered == nil || a.ended != nil) {
		return a.statuses
	}
	return words
}

// outcome tells how a delivery ended; the event says the rest. Success is only what the vendor calls so: an end that was
// not told, or told in a word that nobody documents, is no success, and its outcome is unknown.
func (l *life) outcome(event trail.Event, s status) {
	event.Stage, event.Outcome, event.Raw, event.Evidence = trail.StageFailed, outcomeOf(s.word), s.word, s.evidence
	if event.Outcome == trail.OK {
		event.Stage = trail.StageConsumed
	}
	l.event(event)
}

// between is how long it took, of whole seconds; nil when either end is not known, or the clocks disagree.
func between(from, to *trail.Time) *int64 {
	if from == nil || to == nil || to.UnixMS < from.UnixMS {
		return nil
	}
	took := to.UnixMS - from.UnixMS
	return &took
}

// died is where the vendor says that the group gave up: on the group, or on one of its deliveries. at is when, and the
// pointer is empty when it says so nowhere.
func (i *consumerInfo) died() (at, pointer string) {
	for n, record := range i.Records {
		if record == nil {
			continue
		}
		for m, o := range record.Operations {
			if o != nil && o.DeadMessage.yes() {
				return o.OperateTime, "/records/" + strconv.Itoa(n) + "/operations/" + strconv.Itoa(m)
			}
		}
	}
	if i.DeadMessage.yes() {
		return "", "/deadMessage"
	}
	return "", ""
}

func (i *consumerInfo) dead() bool {
	_, pointer := i.died()
	return pointer != ""
}

func (l *life) deadLettered(info *consumerInfo, attempts int64, at func(string) trail.Evidence) {
	letter := info.DeadLetterInfo
	when, pointer := info.died()
	event := trail.Event{Stage: trail.StageDeadLettered, Actor: trail.Actor{Group: info.ConsumerGroupID}, Outcome: trail.OK, Attempt: attempts}
	if letter != nil && (letter.MessageID != "" || letter.TopicName != "") {
		when, pointer = cmp.Or(letter.ToDlqTime, when), "/deadLetterInfo"
		event.Topic, event.MessageID = letter.TopicName, letter.MessageID
	}
	if pointer == "" {
		return
	}
	event.Time, event.Evidence = l.clock.at(when), at(pointer)
	if outcomeOf(info.ConsumeStatus) == trail.OK {
		l.note("The trace calls the message consumed by %s and a dead letter of it.", info.ConsumerGroupID)
	}
	l.event(event)
}
