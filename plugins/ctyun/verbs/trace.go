package verbs

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"strings"

	"github.com/mqtrail/mqtrail/sdk/rocketmq"
	"github.com/mqtrail/mqtrail/sdk/trail"
)

// maxGroups is how many groups one trace asks about.
const maxGroups = 32

// life is CTyun's trace of a message.
type life struct {
	Topic    text     `json:"topic"`
	Tags     text     `json:"tags"`
	Keys     text     `json:"keys"`
	Producer text     `json:"groupName"`
	Type     text     `json:"msgType"`
	MsgID    text     `json:"msgId"`
	Cost     text     `json:"costTime"`
	Status   *text    `json:"status"`
	Sent     text     `json:"pubTime"`
	Arrived  text     `json:"arrivedServerTime"`
	Client   text     `json:"clientHost"`
	Groups   []*doing `json:"subTraceList"`
}

// doing is what one group made of the message.
type doing struct {
	Group    text     `json:"groupName"`
	Attempts []*tried `json:"traceLogList"`
}

// tried is one attempt of a group.
type tried struct {
	MsgID  text  `json:"msgId"`
	Client text  `json:"clientHost"`
	Cost   text  `json:"costTime"`
	At     text  `json:"subTime"`
	Status *text `json:"status"`
}

// trace asks for the whole trace, and about each group, at once.
func (s *session) trace(ctx context.Context, r trail.TraceRequest) (*trail.TraceAnswer, error) {
	if _, err := parseID(r.MessageID); err != nil {
		return nil, err
	}
	groups := r.Groups
	if len(groups) > maxGroups {
		s.incomplete("%d groups were to be asked about; %d were.", len(groups), maxGroups)
		groups = groups[:maxGroups]
	}
	known := s.known(r.Instance, r.MessageID)
	var traced trail.Trace
	var traceErr error
	standings := make([]*trail.Standing, len(groups))
	tasks := []func(){func() { traced, traceErr = s.traced(ctx, r, known) }}
	for n, group := range groups {
		tasks = append(tasks, func() { standings[n] = s.standing(ctx, r, known, group) })
	}
	together(tasks...)
	switch {
	case lacks(traceErr) && len(groups) == 0:
		return nil, trail.NotOffered("CTyun's RocketMQ v2 has no trace of a message, only what it says of one group.").
			WithHint("Name the groups, or set region_id on the connection, so that v3 is asked.")
	case lacks(traceErr):
		s.notOffered("trace.events", "trace.message")
		s.note("CTyun's RocketMQ v2 has no trace of a message: this is what it says of each group.")
	case traceErr != nil:
		return nil, traceErr
	}
	for _, standing := range standings {
		if standing != nil {
			traced.Standings = append(traced.Standings, *standing)
		}
	}
	traced.ByGroup = true
	s.notOffered("events.receipt", "events.invisible_ms", "events.end")
	if traced.Events == nil {
		traced.Events = []trail.Event{}
	}
	return &trail.TraceAnswer{Trace: traced, Gathered: s.done()}, nil
}

// traced asks for the trace by the producer's id, by which clients record it; the documents name the broker's, which is
// asked for when nothing was found.
func (s *session) traced(ctx context.Context, r trail.TraceRequest, known identity) (trail.Trace, error) {
	var found trail.Trace
	for _, id := range []string{known.unique, known.offset} {
		if id == "" {
			continue
		}
		reply, err := s.rocketmq(ctx, "message_get_trace", map[string]any{"prodInstId": r.Instance, "msgId": id})
		if noSuchMessage(err) {
			continue
		}
		if err != nil {
			return found, err
		}
		answer, pointer, err := read[life](reply)
		if err != nil {
			return found, err
		}
		if found = s.told(&answer, r, known, reply, pointer); found.Found {
			return found, nil
		}
	}
	return found, nil
}

// told turns a trace into the model.
func (s *session) told(l *life, r trail.TraceRequest, known identity, reply *trail.Reply, pointer string) trail.Trace {
	if l.MsgID == "" && l.Sent == "" && l.Status == nil && len(l.Groups) == 0 {
		return trail.Trace{}
	}
	if _, system := rocketmq.ParseGroupTopic(r.Topic); !system && l.Topic != "" && r.Topic != "" && string(l.Topic) != r.Topic {
		s.note("The message was sent to topic %s, not to %s.", l.Topic, r.Topic)
		return trail.Trace{}
	}
	c := clockOf(string(l.Sent), known.bornMS)
	found := trail.Trace{Found: true, Message: s.tracedMessage(l, r, known, c, reply.Evidence(pointer))}
	found.Events = append(found.Events, s.sending(l, c, reply, pointer)...)
	for n, group := range l.Groups {
		if group != nil {
			found.Events = append(found.Events, s.attempts(group, c, reply, at(pointer, "subTraceList", n))...)
		}
	}
	trail.SortEvents(found.Events)
	if c.source == trail.ZoneAssumed {
		s.note("CTyun writes a trace's times without a zone: UTC+8 is assumed.")
	}
	return found
}

func (s *session) tracedMessage(l *life, r trail.TraceRequest, known identity, c clock, evidence trail.Evidence) *trail.Message {
	m := &trail.Message{
		System: trail.RocketMQ, Instance: r.Instance, Topic: string(l.Topic), ID: known.unique, BrokerID: known.offset, Tag: string(l.Tags),
		Keys: rocketmq.Properties{rocketmq.PropertyKeys: string(l.Keys)}.Keys(), BornHost: string(l.Client),
		Type: strings.ToLower(string(l.Type)), Evidence: evidence,
	}
	if m.Topic == "" {
		m.Topic = r.Topic
	}
	if l.Producer != "" { // an event's group is a consumer's
		m.Raw = map[string]string{"producer_group": string(l.Producer)}
	}
	m.Born, m.Stored = s.read(c, l.Sent), s.read(c, l.Arrived)
	switch decoded, err := rocketmq.ParseID(string(l.MsgID)); {
	case err != nil:
	case m.BrokerID == "" && isOffset(decoded):
		m.BrokerID = string(l.MsgID)
	case m.ID == "" && !isOffset(decoded):
		m.ID = string(l.MsgID)
	}
	return m
}

func isOffset(decoded *rocketmq.Decoded) bool {
	_, ok := decoded.ID.(rocketmq.OffsetID)
	return ok
}

// read is a time of a trace. One that cannot be read is named, and left out.
func (s *session) read(c clock, said text) *trail.Time {
	at, unreadable := c.time(said)
	if unreadable {
		s.incomplete("The trace has a time that cannot be read: %.40q.", said)
	}
	return at
}

// cost is how long something took: the unit is not documented.
func (s *session) cost(said text) *int64 {
	ms, err := strconv.ParseInt(strings.TrimSpace(string(said)), 10, 64)
	if err != nil {
		return nil
	}
	s.note("CTyun does not document the unit of costTime: milliseconds are assumed.")
	return &ms
}

// sending are the events of producer and broker.
func (s *session) sending(l *life, c clock, reply *trail.Reply, pointer string) []trail.Event {
	outcome, raw := outcomeOf(l.Status, sendingWords)
	var events []trail.Event
	if l.Status != nil || l.Sent != "" {
		events = append(events, trail.Event{
			Stage: trail.StageProduced, Time: s.read(c, l.Sent), DurationMS: s.cost(l.Cost), Outcome: outcome, Raw: raw,
			Actor: trail.Actor{Host: string(l.Client)}, Evidence: reply.Evidence(at(pointer, "status")),
		})
	}
	if arrived := s.read(c, l.Arrived); arrived != nil {
		events = append(events, trail.Event{
			Stage: trail.StageStored, Time: arrived, Outcome: trail.OK, Evidence: reply.Evidence(at(pointer, "arrivedServerTime")),
		})
	}
	return events
}

// attempts are a group's events. CTyun does not number them: they are in the order of their times.
func (s *session) attempts(group *doing, c clock, reply *trail.Reply, pointer string) []trail.Event {
	var events []trail.Event
	seen := map[tried]bool{}
	for n, one := range group.Attempts {
		if one == nil {
			continue
		}
		outcome, raw := outcomeOf(one.Status, consumingWords)
		same := *one
		word := text(raw)
		same.Status = nil
		same.MsgID += "/" + word // a status is a pointer, and pointers differ
		if seen[same] && one.At != "" {
			s.note("CTyun told an attempt of group %s twice, alike in client, time and cost: it counts once.", group.Group)
			continue
		}
		seen[same] = true
		events = append(events, trail.Event{
			Stage: stageOf(outcome), Time: s.read(c, one.At), DurationMS: s.cost(one.Cost), Outcome: outcome, Raw: raw,
			Actor: trail.Actor{Group: string(group.Group), Host: string(one.Client)}, Evidence: reply.Evidence(at(pointer, "traceLogList", n)),
		})
	}
	slices.SortStableFunc(events, func(a, b trail.Event) int {
		if a.Time == nil || b.Time == nil {
			return 0
		}
		return cmp.Compare(a.Time.UnixMS, b.Time.UnixMS)
	})
	for n := range events {
		events[n].Attempt, events[n].AttemptByTime = int64(n)+1, true
	}
	return events
}

// stageOf says as little as the outcome: of an attempt whose word nobody documents no more is known than that it was no
// success that CTyun documents.
func stageOf(outcome trail.Outcome) trail.Stage {
	if outcome == trail.OK {
		return trail.StageConsumed
	}
	return trail.StageFailed // an end was told, and its outcome says that it is unknown
}

// The words of a status. CTyun documents those of consuming; of sending none, so that only what cannot mean anything
// else counts.
var (
	sendingWords = map[string]trail.Outcome{
		"SEND_OK": trail.OK, "SUCCESS": trail.OK, "SEND_FAILED": trail.Failed, "FAILED": trail.Failed,
	}
	consumingWords = map[string]trail.Outcome{"CONSUME_SUCCESS": trail.OK, "RECONSUME_LATER": trail.Failed}
)

// noStatus is what stands for the word where a status is null: it was said that nothing is known.
const noStatus = "null"

func outcomeOf(status *text, words map[string]trail.Outcome) (outcome trail.Outcome, raw string) {
	if status == nil || *status == "" {
		return trail.Unknown, noStatus
	}
	if known, ok := words[strings.ToUpper(strings.TrimSpace(string(*status)))]; ok {
		return known, string(*status)
	}
	return trail.Unknown, string(*status)
}
