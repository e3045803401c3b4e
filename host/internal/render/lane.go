package render

import (
	"cmp"
	"slices"

	"github.com/mqtrail/mqtrail/host/internal/trail"
	"github.com/mqtrail/mqtrail/host/internal/verdict"
	model "github.com/mqtrail/mqtrail/sdk/trail"
)

// laneKind is who acts in a lane.
type laneKind int

const (
	producerLane laneKind = iota
	brokerLane
	groupLane
	deadLane
)

// lane is everything that one actor did with a message, in order.
type lane struct {
	kind  laneKind
	name  string // the group's, or the address of the producer or broker; empty when not told
	group *verdict.Group
	steps []step
}

// lanesOf are a life's actors: the producer, the broker, each group, each dead-letter queue. Groups of which nothing
// is traced have a lane too, an empty one.
func lanesOf(life *trail.Life) []lane {
	found := lanes{}
	found.tell(life)
	for _, group := range groupsOf(life) {
		found.at(groupLane, group.Group).group = &group
	}
	for i, event := range life.Events {
		found.add(i, event)
	}
	for _, copied := range life.Copies {
		found.copied(copied)
	}
	slices.SortStableFunc(found.all, func(a, b *lane) int { return cmp.Compare(a.kind, b.kind) })
	sorted := make([]lane, len(found.all))
	for i, lane := range found.all {
		sorted[i] = *lane
	}
	return sorted
}

type lanes struct{ all []*lane }

func (l *lanes) at(kind laneKind, name string) *lane {
	for _, lane := range l.all {
		// There is one producer and one broker, though only some of their steps say where they were.
		if lane.kind == kind && (lane.name == name || kind == producerLane || kind == brokerLane) {
			lane.name = cmp.Or(lane.name, name)
			return lane
		}
	}
	made := &lane{kind: kind, name: name}
	l.all = append(l.all, made)
	return made
}

// tell adds what the message itself says of its birth and storing, where the trace does not.
func (l *lanes) tell(life *trail.Life) {
	message := life.Message
	if message == nil {
		return
	}
	producer, broker := l.at(producerLane, message.BornHost), l.at(brokerLane, cmp.Or(message.StoredHost, message.Broker))
	if message.Born != nil && !traced(life.Events, model.StageProduced) {
		producer.steps = append(producer.steps, step{index: -2, stage: model.StageProduced, start: message.Born, outcome: model.Unknown, told: true})
	}
	if message.Stored != nil && !traced(life.Events, model.StageStored) {
		broker.steps = append(broker.steps, step{index: sentAt(life.Events), stage: model.StageStored, start: message.Stored, outcome: model.OK, told: true})
	}
}

// sentAt is the index of the event after which a message can have been stored.
func sentAt(events []model.Event) int {
	last := -1
	for i, event := range events {
		if event.Stage == model.StageProduced {
			last = i
		}
	}
	return last
}

func traced(events []model.Event, stage model.Stage) bool {
	return slices.ContainsFunc(events, func(e model.Event) bool { return e.Stage == stage })
}

func (l *lanes) add(index int, event model.Event) {
	made := stepOf(index, event)
	switch event.Stage {
	case model.StageProduced:
		lane := l.at(producerLane, event.Actor.Host)
		lane.steps = append(lane.steps, made)
	case model.StageDeadLettered, model.StageFromDLQ:
		lane := l.at(deadLane, event.Actor.Group)
		lane.steps = append(lane.steps, made)
	case model.StageTxEnd, model.StageStored, model.StageDelaySet, model.StageDelayFired, model.StageRecalled:
		lane := l.at(brokerLane, event.Actor.Host)
		lane.steps = append(lane.steps, made)
	default:
		l.consumed(event, made)
	}
}

// consumed adds a step of a consumer. The end of a delivery joins its beginning.
func (l *lanes) consumed(event model.Event, made step) {
	if event.Actor.Group == "" && event.Stage != model.StageDelivered && event.Stage != model.StageConsumed && event.Stage != model.StageFailed {
		lane := l.at(brokerLane, "") // a stage that nobody knows
		lane.steps = append(lane.steps, made)
		return
	}
	lane := l.at(groupLane, event.Actor.Group)
	for i := range lane.steps {
		switch other := &lane.steps[i]; {
		case other.endsWith(made):
			other.join(made)
			return
		case made.endsWith(*other): // clocks that differ put the end first
			made.join(*other)
			made.index = other.index
			*other = made
			return
		}
	}
	lane.steps = append(lane.steps, made)
}

// copied adds a copy in a dead-letter queue that no event tells of.
func (l *lanes) copied(message model.Message) {
	lane := l.at(deadLane, message.DeadLetterGroup)
	id := cmp.Or(message.ID, message.BrokerID)
	if slices.ContainsFunc(lane.steps, func(s step) bool { return id != "" && s.messageID == id }) {
		return
	}
	lane.steps = append(lane.steps, step{
		index: len(lane.steps), stage: model.StageDeadLettered, start: message.Stored, outcome: model.OK,
		topic: message.Topic, messageID: id, told: true,
	})
}
