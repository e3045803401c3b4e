package trail

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/mqtrail/mqtrail/host/internal/verdict"
	"github.com/mqtrail/mqtrail/sdk"
	"github.com/mqtrail/mqtrail/sdk/rocketmq"
	"github.com/mqtrail/mqtrail/sdk/trail"
)

// following gathers everything about one message.
type following struct {
	q      *tracing
	a      *asker
	shared *shared
	*hit
	subscriptions answered[trail.SubscriptionsAnswer]

	mutex     sync.Mutex
	states    []trail.GroupState
	standings []trail.Standing
	searched  []string // groups whose dead letters were searched completely
	failures  []trail.Call
	getFailed *sdk.Problem
}

// follow gathers what is known of a message in two rounds.
func (q *tracing) follow(ctx context.Context, a *asker, shared *shared, h *hit) *following {
	f := &following{q: q, a: a, shared: shared, hit: h}
	f.first(ctx)
	f.second(ctx)
	return f
}

// topic is the one that the message was sent to.
func (f *following) topic() string {
	if f.message == nil && len(f.copies) > 0 {
		if origin := f.copies[0].OriginTopic; origin != "" {
			return origin
		}
	}
	if told := f.told(); told != nil && told.Topic != "" {
		return told.Topic
	}
	return f.place.topic.ID
}

// id is what traces go by; empty where there is none.
func (f *following) id() string {
	switch {
	case f.message != nil:
		return f.message.ID
	case f.outline != nil:
		return f.outline.ID
	case f.trace != nil && f.trace.Trace.Found:
		return f.q.want.text
	case len(f.copies) > 0:
		return originID(&f.copies[0])
	case f.q.want.traceable():
		return f.q.want.text
	default:
		return ""
	}
}

// originID is the unique id of a copy's origin: its own, unless the vendor gave the copy a new one and names the old.
func originID(copied *trail.Message) string {
	if copied.OriginID == "" {
		return copied.ID
	}
	if decoded, err := rocketmq.ParseID(copied.OriginID); err == nil {
		if _, broker := decoded.ID.(rocketmq.OffsetID); broker && copied.ID != "" {
			return copied.ID
		}
	}
	return copied.OriginID
}

// system is the kind of broker, as far as it is known.
func (f *following) system() trail.System {
	if told := f.told(); told != nil && told.System != "" {
		return told.System
	}
	return f.place.instance.System
}

// margin is by how much clocks may differ.
const margin = time.Hour

// around is when the message was born; the question's window where that is not known.
func (f *following) around() trail.Window {
	told := f.told()
	if told == nil || told.Born == nil && told.Stored == nil {
		return f.q.window.neutral()
	}
	first, last := cmp.Or(told.Born, told.Stored), cmp.Or(told.Stored, told.Born)
	if isCopy(told) { // its own times are those of the copying, or the origin's: either
		return trail.Window{FromMS: first.UnixMS - defaultWindow.Milliseconds(), ToMS: last.UnixMS + margin.Milliseconds()}
	}
	return trail.Window{FromMS: first.UnixMS - margin.Milliseconds(), ToMS: last.UnixMS + margin.Milliseconds()}
}

// since is from when the message was born to now.
func (f *following) since() trail.Window {
	return trail.Window{FromMS: f.around().FromMS, ToMS: f.q.trail.now().UnixMilli()}
}

// first asks at once for the trace, for who should get the message, and for the message where only its trace or its
// copies are known.
func (f *following) first(ctx context.Context) {
	var wait sync.WaitGroup
	topic, id, around := f.topic(), f.id(), f.around()
	wait.Go(func() { f.subscriptions = f.shared.subscriptionsOf(ctx, f.a, f.place.instance, topic) })
	if id != "" && !f.traced(id) {
		wait.Go(func() {
			f.trace, f.traceProblem = ask[trail.TraceAnswer](ctx, f.a, verbTrace, trail.TraceRequest{
				Instance: f.place.instance.ID, System: f.place.instance.System, Topic: topic, MessageID: id, Window: around, Raw: f.a.raw,
			})
		})
	}
	var origin answered[trail.FindAnswer]
	var got answered[trail.GetAnswer]
	switch {
	case f.message != nil:
	case len(f.copies) > 0:
		wait.Go(func() {
			origin.answer, origin.problem = ask[trail.FindAnswer](ctx, f.a, verbFind, trail.FindRequest{
				Instance: f.place.instance.ID, System: f.place.instance.System, Topic: topic, MessageID: id, Window: around, Limit: maxHits, Raw: f.a.raw,
			})
		})
	case !f.asked && id != "":
		wait.Go(func() {
			got.answer, got.problem = ask[trail.GetAnswer](ctx, f.a, verbGet, trail.GetRequest{
				Instance: f.place.instance.ID, System: f.place.instance.System, Topic: topic, MessageID: id, Window: around, BodyLimit: trail.PreviewBody, Raw: f.a.raw,
			})
		})
	}
	wait.Wait()
	f.takeOrigin(origin)
	f.takeMessage(got)
	if f.trace != nil {
		f.add(f.trace.Gathered)
	}
	if f.subscriptions.answer != nil {
		f.add(f.subscriptions.answer.Gathered)
	}
}

// traced reports whether the trace of this id was asked for already. That of a copy is none of its origin.
func (f *following) traced(id string) bool {
	if f.trace == nil && f.traceProblem == nil || f.message == nil && len(f.copies) > 0 {
		return false
	}
	return id == f.q.want.text
}

func (f *following) takeOrigin(found answered[trail.FindAnswer]) {
	if found.problem != nil {
		f.getFailed = found.problem
		return
	}
	if found.answer == nil {
		return
	}
	f.add(found.answer.Gathered)
	for i := range found.answer.Messages {
		message := &found.answer.Messages[i]
		if !isCopy(message) && originOf(message, &f.copies[0]) {
			f.message = message
			f.notes = append(f.notes, "A dead-letter copy was found; the verdict is about the message that it is a copy of.")
			return
		}
	}
	f.notes = append(f.notes, "Only a dead-letter copy is there; the message that it is a copy of was not found.")
}

func (f *following) takeMessage(got answered[trail.GetAnswer]) {
	switch {
	case got.problem != nil:
		f.getFailed = got.problem
	case got.answer != nil:
		f.add(got.answer.Gathered)
		f.asked, f.offered, f.message = true, true, got.answer.Message
	}
}

// suspects are the groups that the trace does not show to have consumed the message.
func (f *following) suspects() []string {
	var groups []string
	good := map[string]bool{}
	if f.subscriptions.answer != nil {
		for _, subscription := range f.subscriptions.answer.Subscriptions {
			groups = addNew(groups, subscription.Group)
		}
	}
	for _, event := range f.events() {
		group := event.Actor.Group
		groups = addNew(groups, group)
		switch event.Stage {
		case trail.StageConsumed:
			good[group] = true
		case trail.StageFailed, trail.StageDeadLettered:
			good[group] = false
		}
	}
	for i := range f.copies {
		groups = addNew(groups, f.copies[i].DeadLetterGroup)
	}
	return slices.DeleteFunc(groups, func(group string) bool { return good[group] })
}

func (f *following) events() []trail.Event {
	if f.trace == nil {
		return nil
	}
	return f.trace.Trace.Events
}

// second asks at once how the suspected groups stand, for their dead letters, and of those that the trace does not show
// for what the vendor says of them.
func (f *following) second(ctx context.Context) {
	suspects, topic, id, since := f.suspects(), f.topic(), f.id(), f.since()
	if len(suspects) > maxLifeGroups {
		f.lack(fmt.Sprintf("%d groups may not have consumed it; the first %d were asked about.", len(suspects), maxLifeGroups))
		suspects = suspects[:maxLifeGroups]
	}
	var wait sync.WaitGroup
	if silent := f.silent(suspects); len(silent) > 0 && id != "" && f.byGroup() {
		wait.Go(func() { f.askStandings(ctx, topic, id, silent) })
	}
	for _, group := range suspects {
		wait.Go(func() { f.takeLag(group, f.shared.lagOf(ctx, f.a, f.place.instance, group, topic)) })
		if id == "" || f.system() == trail.Kafka {
			continue
		}
		wait.Go(func() {
			found, problem := ask[trail.FindAnswer](ctx, f.a, verbFind, trail.FindRequest{
				Instance: f.place.instance.ID, System: f.place.instance.System, Topic: topic, DeadLettersOf: group, MessageID: id, Window: since, Limit: maxHits, Raw: f.a.raw,
			})
			f.takeDead(group, found, problem)
		})
	}
	wait.Wait()
	slices.SortFunc(f.states, func(a, b trail.GroupState) int { return cmp.Compare(a.Group, b.Group) })
	slices.Sort(f.searched)
}

func (f *following) takeLag(group string, lag answered[trail.LagAnswer]) {
	if lag.problem != nil {
		f.open(verbLag, lag.problem, "How the group "+group+" stands is not known: ")
		return
	}
	f.add(lag.answer.Gathered)
	f.mutex.Lock()
	defer f.mutex.Unlock()
	f.states = append(f.states, lag.answer.State)
}

func (f *following) takeDead(group string, found *trail.FindAnswer, problem *sdk.Problem) {
	if problem != nil {
		f.open(verbFind, problem, "Whether it is among the dead letters of "+group+" is not known: ")
		return
	}
	f.add(found.Gathered)
	f.mutex.Lock()
	defer f.mutex.Unlock()
	if len(found.Incomplete) == 0 && found.Next == "" {
		f.searched = append(f.searched, group)
	}
	for _, copied := range found.Messages {
		if copied.DeadLetterGroup == "" {
			copied.DeadLetterGroup = group
		}
		if !slices.ContainsFunc(f.copies, func(known trail.Message) bool { return sameCopy(known, copied) }) {
			f.copies = append(f.copies, copied)
		}
	}
}

func sameCopy(a, b trail.Message) bool {
	if a.BrokerID != "" && b.BrokerID != "" {
		return a.BrokerID == b.BrokerID
	}
	return a.ID == b.ID && a.DeadLetterGroup == b.DeadLetterGroup
}

// life is the message with everything that was gathered, judged.
func (f *following) life() Life {
	judged := f.judged()
	life := Life{
		Connection: f.a.connection.Name, Plugin: f.a.connection.Plugin, Result: f.q.trail.judge(judged),
		Message: f.told(), Events: f.events(), Subscriptions: judged.Subscriptions, States: f.states, Copies: f.copies,
		Calls: f.calls, Notes: f.notes,
	}
	life.Calls = append(life.Calls, f.failures...)
	return life
}

func (f *following) judged() verdict.Case {
	f.fail()
	instance := f.place.instance
	judged := verdict.Case{
		Now: f.q.trail.now().UnixMilli(), Connection: f.a.connection.Name, Instance: instance.ID, Topic: f.topic(), System: f.system(),
		MessageID: f.id(), Calls: f.calls,
		Window: f.window, RetentionMS: f.place.retention(),
		Message: f.message, MessageAsked: f.asked, MessageOffered: f.offered,
		TraceOffered: f.q.traced(f.a, f.system(), f.traceProblem), SubscriptionsOffered: !notOffered(f.subscriptions.problem),
		States: f.states, DeadLetters: f.copies, DeadLettersAsked: f.searched, Failures: f.failures, Incomplete: f.incomplete,
	}
	if f.q.want.kind == asKey {
		judged.Key = f.q.want.text
	}
	judged.Trace = f.toldTrace()
	if answer := f.subscriptions.answer; answer != nil {
		if judged.Subscriptions = answer.Subscriptions; judged.Subscriptions == nil {
			judged.Subscriptions = []trail.Subscription{}
		}
	}
	return judged
}

// toldTrace is the trace with what the vendor says of single groups; nil where it told neither.
func (f *following) toldTrace() *trail.Trace {
	var told trail.Trace
	switch {
	case f.trace != nil:
		told = f.trace.Trace
	case len(f.standings) > 0:
		told.ByGroup = true
	default:
		return nil
	}
	told.Standings = f.standings
	return &told
}

// fail sorts the verbs that failed: what is needed to speak, and what only leaves something open.
func (f *following) fail() {
	if f.traceProblem != nil && !notOffered(f.traceProblem) {
		f.failures = append(f.failures, f.a.failed(verbTrace, f.traceProblem))
	}
	known := f.message != nil || f.trace != nil && f.trace.Trace.Found
	for _, one := range []struct {
		verb    string
		problem *sdk.Problem
	}{{verbFind, f.findProblem}, {verbGet, f.getFailed}} {
		switch {
		case one.problem == nil || notOffered(one.problem):
		case known:
			f.open(one.verb, one.problem, "The stored message is not known: ")
		default:
			f.failures = append(f.failures, f.a.failed(one.verb, one.problem))
		}
	}
	if f.subscriptions.problem != nil {
		f.open(verbSubscriptions, f.subscriptions.problem, "Which groups should get it is not known: ")
	}
}

// open keeps a verb that failed and what it leaves open; what the vendor cannot tell is no failure.
func (f *following) open(verb string, problem *sdk.Problem, what string) {
	if notOffered(problem) {
		return
	}
	f.add(trail.Gathered{Calls: []trail.Call{f.a.failed(verb, problem)}, Incomplete: []string{what + reason(problem)}})
}
