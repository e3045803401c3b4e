package verbs

import (
	"context"
	"strings"
	"time"

	"github.com/mqtrail/mqtrail/sdk/rocketmq"
	"github.com/mqtrail/mqtrail/sdk/trail"
)

// findDead lists a group's dead letters, or those that are copies of one message.
func (s *session) findDead(ctx context.Context, r trail.FindRequest) (*trail.FindAnswer, error) {
	r.Topic = rocketmq.DeadLetterTopic(r.DeadLettersOf)
	at, err := placeOf(r.Cursor, r.Window)
	if err != nil {
		return nil, err
	}
	if r.MessageID == "" {
		at.window = s.span(at.window, backOfDead)
	} else if at.window, err = s.copiesIn(r); err != nil {
		return nil, err
	}
	if err := inverted(at.window); err != nil {
		return nil, err
	}
	var byTime, byID []trail.Message
	var timeErr, idErr error
	together(
		func() { byTime, timeErr = s.deadBetween(ctx, r, at.window) },
		func() {
			// An id of the broker's may be the dead letter's own; one of the producer's cannot.
			if decoded, err := parseID(r.MessageID); err == nil && isOffset(decoded) {
				byID, idErr = s.deadByID(ctx, r.Instance, r.DeadLettersOf, r.MessageID, preview)
			}
		},
	)
	if timeErr != nil {
		return nil, timeErr
	}
	if idErr != nil {
		s.missed("Whether the id is a dead letter's own", idErr)
	}
	messages := distinct(byID, byTime)
	if r.MessageID != "" {
		messages = s.copiesOf(r, messages)
	}
	if r.Key != "" {
		messages = withKey(messages, r.Key)
	}
	return s.found(at, messages, r.Limit), nil
}

func (s *session) deadBetween(ctx context.Context, r trail.FindRequest, window trail.Window) ([]trail.Message, error) {
	return s.rows(ctx, "dlq_get_by_time", map[string]any{
		"prodInstId": r.Instance, "groupName": r.DeadLettersOf, "beginTime": window.FromMS, "endTime": window.ToMS,
	}, r, preview)
}

// deadByID is a dead letter by its own id; none when there is none.
func (s *session) deadByID(ctx context.Context, instance, group, id string, part extent) ([]trail.Message, error) {
	reply, err := s.rocketmq(ctx, "dlq_get_by_id", map[string]any{"prodInstId": instance, "groupName": group, "msgId": id})
	if noSuchMessage(err) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return s.one(reply, instance, rocketmq.DeadLetterTopic(group), part)
}

// copiesIn is when a message may have become a dead letter: from when it was sent until now, for copies are made later
// than the window in which the message itself lies.
func (s *session) copiesIn(r trail.FindRequest) (trail.Window, error) {
	decoded, err := parseID(r.MessageID)
	if err != nil {
		return trail.Window{}, err
	}
	now := s.now()
	window := trail.Window{FromMS: r.Window.FromMS, ToMS: now.UnixMilli()}
	if known := s.known(r.Instance, r.MessageID); known.bornMS > 0 && window.FromMS <= 0 {
		window.FromMS = known.bornMS - time.Minute.Milliseconds()
	}
	if timed, ok := decoded.ID.(rocketmq.Timed); ok && window.FromMS <= 0 {
		for _, candidate := range rocketmq.TimesBefore(timed, now) {
			if from := candidate.UnixMS - time.Minute.Milliseconds(); window.FromMS <= 0 || from < window.FromMS {
				window.FromMS = from
			}
		}
	}
	return s.span(window, backOfDead), nil
}

// copiesOf keeps the copies of a message, told by the id of the origin or by the unique id that both have, and a dead
// letter that has the id itself.
func (s *session) copiesOf(r trail.FindRequest, messages []trail.Message) []trail.Message {
	known := s.known(r.Instance, r.MessageID)
	is := func(id string) bool {
		return id != "" && (strings.EqualFold(id, r.MessageID) || strings.EqualFold(id, known.offset) || strings.EqualFold(id, known.unique))
	}
	kept := []trail.Message{}
	for _, m := range messages {
		if is(m.OriginID) || is(m.ID) || is(m.BrokerID) {
			kept = append(kept, m)
		}
	}
	return kept
}

func withKey(messages []trail.Message, key string) []trail.Message {
	kept := []trail.Message{}
	for _, m := range messages {
		for _, one := range m.Keys {
			if one == key {
				kept = append(kept, m)
				break
			}
		}
	}
	return kept
}
