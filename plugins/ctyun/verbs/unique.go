package verbs

import (
	"context"
	"strings"
	"time"

	"github.com/mqtrail/mqtrail/sdk"
	"github.com/mqtrail/mqtrail/sdk/rocketmq"
	"github.com/mqtrail/mqtrail/sdk/trail"
)

// How far from the time in its id a message may have been stored: the clocks of producer and broker differ, and a send
// may be tried again.
const (
	storedBefore = 10 * time.Second
	storedAfter  = time.Minute
)

// findByID finds a message by the broker's id of it, which CTyun looks up, or by the producer's, which it does not.
func (s *session) findByID(ctx context.Context, r trail.FindRequest) (*trail.FindAnswer, error) {
	decoded, err := parseID(r.MessageID)
	if err != nil {
		return nil, err
	}
	messages, err := s.byID(ctx, decoded, r, preview)
	if err != nil {
		return nil, err
	}
	return s.found(place{}, messages, r.Limit), nil
}

func parseID(id string) (*rocketmq.Decoded, error) {
	decoded, err := rocketmq.ParseID(id)
	if err == nil {
		return decoded, nil
	}
	problem := *sdk.AsProblem(err)
	problem.Pointer = "/message_id"
	return nil, &problem
}

// byID asks in every way that the id allows, at once.
func (s *session) byID(ctx context.Context, decoded *rocketmq.Decoded, r trail.FindRequest, part extent) ([]trail.Message, error) {
	_, isOffset := decoded.ID.(rocketmq.OffsetID)
	isUnique := !isOffset || decoded.Other != nil && r.Topic != ""
	if isUnique && r.Topic == "" {
		return nil, trail.NotOffered("CTyun finds a message by the producer's id within one topic only.").WithHint("Name the topic, or give the broker's id of the message.")
	}
	var stored, sent []trail.Message
	var storedErr, sentErr error
	together(
		func() {
			if isOffset {
				stored, storedErr = s.byOffsetID(ctx, decoded.Text, r.Instance, r.Topic, part)
			}
		},
		func() {
			if isUnique {
				sent, sentErr = s.byUniqueID(ctx, decoded, r, part)
			}
		},
	)
	switch {
	case storedErr != nil:
		return nil, storedErr
	case sentErr != nil && !isOffset:
		return nil, sentErr
	case sentErr != nil:
		s.missed("Whether the id is a producer's", sentErr)
	}
	return distinct(stored, sent), nil
}

// byOffsetID is the message with the broker's id; none when CTyun has none.
func (s *session) byOffsetID(ctx context.Context, id, instance, topic string, part extent) ([]trail.Message, error) {
	reply, err := s.rocketmq(ctx, "message_query_by_msg_id", map[string]any{"prodInstId": instance, "msgId": id})
	if noSuchMessage(err) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return s.one(reply, instance, topic, part)
}

// one is the message of an answer that has one at most. CTyun does not look at the topic: one of another is not what was
// asked for, unless it is a dead letter that came from there.
func (s *session) one(reply *trail.Reply, instance, topic string, part extent) ([]trail.Message, error) {
	answer, pointer, err := read[row](reply)
	if err != nil || answer.MsgID == "" {
		return nil, err
	}
	m := s.message(&answer, instance, topic, part, reply.Evidence(pointer))
	if topic == "" || m.Topic == topic || m.DeadLetterGroup != "" && (m.OriginTopic == topic || m.OriginTopic == "") {
		return []trail.Message{m}, nil
	}
	s.note("The message lies in topic %s, not in %s.", m.Topic, topic)
	return nil, nil
}

// byUniqueID looks for the producer's id as if it were a key, for brokers index it like one, and among the messages
// stored when the id says that it was made. The documents promise neither.
func (s *session) byUniqueID(ctx context.Context, decoded *rocketmq.Decoded, r trail.FindRequest, part extent) ([]trail.Message, error) {
	windows := s.madeIn(decoded, r.Window)
	results := make([][]trail.Message, len(windows)+1)
	errs := make([]error, len(windows)+1)
	tasks := []func(){func() {
		results[0], errs[0] = s.rows(ctx, "message_query_by_key", map[string]any{"prodInstId": r.Instance, "topicName": r.Topic, "key": decoded.Text}, r, part)
	}}
	for n, window := range windows {
		tasks = append(tasks, func() {
			results[n+1], errs[n+1] = s.rows(ctx, "message_query_by_time", between(r.Instance, r.Topic, window), r, part)
		})
	}
	together(tasks...)
	var messages []trail.Message
	failed := 0
	for n, err := range errs {
		if err != nil {
			failed++
			s.missed("What one of the searches for the id would have found", err)
			continue
		}
		for _, m := range results[n] {
			if strings.EqualFold(m.ID, decoded.Text) {
				messages = append(messages, m)
			}
		}
	}
	if failed == len(errs) {
		return nil, errs[0]
	}
	if len(messages) == 0 {
		s.incomplete("CTyun has no search by a producer's id: it was looked for as a key, and in topic %s around the time that the id holds.", r.Topic)
	}
	return distinct(messages), nil
}

// madeIn are the short windows in which the message may have been stored, by the time in its id: the zone of the
// producer is not in it, so there may be two.
func (s *session) madeIn(decoded *rocketmq.Decoded, within trail.Window) []trail.Window {
	timed, ok := decoded.ID.(rocketmq.Timed)
	if !ok {
		timed, ok = decoded.Other.(rocketmq.Timed)
	}
	if !ok {
		return nil
	}
	latest := s.now()
	if within.ToMS > 0 {
		latest = time.UnixMilli(within.ToMS)
	}
	var windows []trail.Window
	for _, candidate := range rocketmq.TimesBefore(timed, latest.Add(storedBefore)) {
		window := trail.Window{FromMS: candidate.UnixMS - storedBefore.Milliseconds(), ToMS: candidate.UnixMS + storedAfter.Milliseconds()}
		if window.ToMS >= within.FromMS {
			windows = append(windows, window)
		}
	}
	return windows
}

// distinct drops messages that were found twice.
func distinct(lists ...[]trail.Message) []trail.Message {
	seen := map[string]bool{}
	kept := []trail.Message{}
	for _, messages := range lists {
		for _, m := range messages {
			if m.BrokerID != "" && seen[m.BrokerID] {
				continue
			}
			seen[m.BrokerID] = true
			kept = append(kept, m)
		}
	}
	return kept
}
