package verbs

import (
	"cmp"
	"context"
	"maps"
	"slices"

	"golang.org/x/sync/errgroup"

	"github.com/mqtrail/mqtrail/sdk/rocketmq"
	"github.com/mqtrail/mqtrail/sdk/trail"
)

// newest is how many messages the vendor finds by a key at most.
const newest = 64

// Messages in an answer.
const (
	usualLimit = 100
	mostFound  = 500
)

// FindMessages finds messages of a topic by id, by key or by time, or among the dead letters of a group.
func (v *Verbs) FindMessages(ctx context.Context, request trail.FindRequest) (*trail.FindAnswer, error) {
	if request.Partition != nil || request.Offset != nil || request.Contains != "" {
		return nil, trail.NotOffered("%s's RocketMQ finds messages by id, by key and by time, not by position or content.", vendorName).
			WithHint("Find by key, or list a short time and look at the bodies.")
	}
	if err := check(request.System, need{"instance", request.Instance}); err != nil {
		return nil, err
	}
	if request.Limit <= 0 {
		request.Limit = usualLimit
	}
	request.Limit = min(request.Limit, mostFound)
	s := &search{Verbs: v, request: request, calls: v.vendor.Begin(request.Raw)}
	if request.DeadLettersOf != "" {
		return s.deadLetters(ctx)
	}
	return s.run(ctx)
}

// search is one search in one topic.
type search struct {
	*Verbs
	told
	request trail.FindRequest
	calls   *trail.Calls
}

func (s *search) run(ctx context.Context) (*trail.FindAnswer, error) {
	if err := check(s.request.System, need{"topic", s.request.Topic}); err != nil {
		return nil, err
	}
	if s.request.MessageID != "" || s.request.Key != "" {
		return s.lookUp(ctx)
	}
	return s.byTime(ctx)
}

func (s *search) answer(messages []trail.Message, window trail.Window, next string) *trail.FindAnswer {
	slices.SortStableFunc(messages, func(a, b trail.Message) int { return cmp.Compare(bornMS(&b), bornMS(&a)) })
	return &trail.FindAnswer{
		Gathered: s.gathered(s.calls, append(neverTold(), "deliver_at", "transaction_id")),
		Messages: append([]trail.Message{}, messages...), Window: window, Next: next,
	}
}

func bornMS(m *trail.Message) int64 {
	if m.Born == nil {
		return 0
	}
	return m.Born.UnixMS
}

// lookUp finds by id or key. It asks for messages and for traces at once: a scheduled message before its time and an
// uncommitted one have a trace only, and a message that was sent while traces were off has none.
func (s *search) lookUp(ctx context.Context) (*trail.FindAnswer, error) {
	window, err := s.fit(s.request.Window, &s.told)
	if err != nil {
		return nil, err
	}
	arguments := map[string]any{"instanceId": s.request.Instance, "topicName": s.request.Topic}
	kind := "MESSAGE_ID"
	if s.request.MessageID != "" {
		arguments["messageId"] = s.request.MessageID
	} else {
		arguments["messageKey"], kind = s.request.Key, "MESSAGE_KEY"
	}
	traced := span(window, maps.Clone(arguments))
	traced["queryType"] = kind

	var messages, traces listed[message]
	var messagesErr, tracesErr error
	var both errgroup.Group
	both.Go(func() error {
		messages, messagesErr = list(ctx, s.calls, "list_messages", arguments, position{Size: newest}, newest, all[message])
		return nil
	})
	both.Go(func() error {
		traces, tracesErr = list(ctx, s.calls, "list_traces", traced, position{Size: usualPage}, mostFound, all[message])
		return nil
	})
	_ = both.Wait() // the errors are looked at one by one
	if noMessage(messagesErr) {
		messages, messagesErr = listed[message]{}, nil
	}
	if noMessage(tracesErr) {
		traces, tracesErr = listed[message]{}, nil
	}
	switch {
	case messagesErr != nil && tracesErr != nil:
		return nil, messagesErr
	case messagesErr != nil:
		s.failed("Which messages are stored", messagesErr)
	case tracesErr != nil:
		s.failed("Which messages have a trace alone, like scheduled and uncommitted ones,", tracesErr)
	}
	return s.merge(messages, traces, messagesErr == nil, tracesErr == nil, window), nil
}

// merge joins what both sides know, and says which side it was.
func (s *search) merge(messages, traces listed[message], messagesAsked, tracesAsked bool, window trail.Window) *trail.FindAnswer {
	s.limits(messages, traces)
	wholly := messagesAsked && messages.next == nil && messages.read < newest
	known := map[string]bool{}
	var found []trail.Message
	for _, side := range []listed[message]{messages, traces} {
		for _, one := range side.entries {
			if known[one.of.MessageID] {
				continue
			}
			known[one.of.MessageID] = true
			model := s.model(one)
			model.TraceOnly = wholly && one.of.StoreTime == "" && one.of.Body == nil
			found = append(found, model)
		}
	}
	if tracesAsked && traces.next == nil {
		s.untraced(found, traces, window)
	}
	if s.request.MessageID != "" && len(found) == 0 {
		s.offsetID()
	}
	wished := s.request.Window
	if s.request.Key != "" && wished != (trail.Window{}) {
		inside := slices.DeleteFunc(slices.Clone(found), func(m trail.Message) bool { return !holds(wished, m.Born) })
		if left := len(found) - len(inside); left > 0 {
			s.note("%d more with this key were born outside the window.", left)
		}
		found = inside
	}
	if len(found) > s.request.Limit {
		s.lacks("%d messages fit, and the newest %d are told.", len(found), s.request.Limit)
		slices.SortStableFunc(found, func(a, b trail.Message) int { return cmp.Compare(bornMS(&b), bornMS(&a)) })
		found = found[:s.request.Limit]
	}
	return s.answer(found, window, "")
}

// limits says where one of the sides may know more.
func (s *search) limits(messages, traces listed[message]) {
	if s.request.Key != "" && (messages.read >= newest || messages.next != nil) {
		s.lacks("%s finds the newest %d messages of a key, and found as many: there may be older ones.", vendorName, newest)
	}
	if traces.next != nil {
		s.lacks("%d of %d traces were read.", traces.read, traces.total)
	}
}

// untraced notes the messages that should have a trace and have none.
func (s *search) untraced(found []trail.Message, traces listed[message], window trail.Window) {
	traced := map[string]bool{}
	for _, one := range traces.entries {
		traced[one.of.MessageID] = true
	}
	without := 0
	for _, m := range found {
		if !traced[m.ID] && holds(window, m.Born) {
			without++
		}
	}
	if without > 0 {
		s.note("%d of the messages have no trace: traces were off, or the producer's client sends none.", without)
	}
}

func (s *search) offsetID() {
	if decoded, err := rocketmq.ParseID(s.request.MessageID); err == nil && decoded.Certain {
		if _, ok := decoded.ID.(rocketmq.OffsetID); ok {
			s.note("The id is a broker's; %s knows messages by the id that the producer's client made.", vendorName)
		}
	}
}

// model is a message with a preview of its body.
func (s *search) model(one entry[message]) trail.Message {
	model := one.of.model(s.request.Instance, s.request.Topic, one.evidence)
	if one.of.Body != nil {
		one.of.withBody(&model, 0, trail.PreviewBody)
	}
	model.DeadLetterGroup = s.request.DeadLettersOf
	return model
}

// byTime lists the messages of a time.
func (s *search) byTime(ctx context.Context) (*trail.FindAnswer, error) {
	from, err := begin(s.request.Cursor, min(max(s.request.Limit, smallestPage), usualPage))
	if err != nil {
		return nil, err
	}
	window := trail.Window{FromMS: from.FromMS, ToMS: from.ToMS}
	if s.request.Cursor == "" {
		if window, err = s.fit(s.request.Window, &s.told); err != nil {
			return nil, err
		}
		from.FromMS, from.ToMS = window.FromMS, window.ToMS
	}
	found, err := list(ctx, s.calls, "list_messages", span(window, map[string]any{
		"instanceId": s.request.Instance, "topicName": s.request.Topic,
	}), from, s.request.Limit, all[message])
	if err != nil {
		return nil, err
	}
	var messages []trail.Message
	for _, one := range found.entries {
		messages = append(messages, s.model(one))
	}
	next := ""
	if found.next != nil {
		next = found.next.cursor()
	}
	s.note("A list by time lacks scheduled messages before their time and uncommitted ones: look those up by id or key.")
	return s.answer(messages, window, next), nil
}
