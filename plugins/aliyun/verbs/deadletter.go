package verbs

import (
	"context"

	"github.com/mqtrail/mqtrail/sdk/trail"
)

// deadLetters searches the topic that a group's dead letters go to; for a message's copies, the message's own trace
// names them.
func (s *search) deadLetters(ctx context.Context) (*trail.FindAnswer, error) {
	if s.request.MessageID != "" && s.request.Topic != "" {
		return s.copies(ctx)
	}
	group, err := ask[*group](ctx, s.calls, "get_consumer_group", map[string]any{
		"instanceId": s.request.Instance, "consumerGroupId": s.request.DeadLettersOf,
	})
	if err != nil {
		return nil, err
	}
	topic := group.data.deadLetterTopic()
	if topic == "" {
		s.note("The group has no dead-letter topic: what it fails on for good is dropped.")
		return s.answer(nil, trail.Window{}, ""), nil
	}
	if s.request.MessageID != "" {
		return nil, trail.NotOffered("%s finds the dead-letter copies of a message by the message's own trace, which needs its topic.", vendorName).
			WithHint("Give the topic that the message was sent to, or list the dead letters without a message.")
	}
	s.request.Topic = topic
	s.note("The dead letters of %s go to the topic %s, which other groups may share; the trace of a copy names its original.", s.request.DeadLettersOf, topic)
	return s.run(ctx)
}

// copies are the dead-letter copies of one message. A list of dead letters does not name the originals, but the
// original's trace names the copy.
func (s *search) copies(ctx context.Context) (*trail.FindAnswer, error) {
	trace, err := ask[*trace](ctx, s.calls, "get_trace", map[string]any{
		"instanceId": s.request.Instance, "topicName": s.request.Topic, "messageId": s.request.MessageID,
	})
	if err != nil && !noMessage(err) {
		return nil, err
	}
	var found []trail.Message
	for n, info := range trace.data.consumers() {
		if info == nil || info.ConsumerGroupID != s.request.DeadLettersOf {
			continue
		}
		letter := info.DeadLetterInfo
		if letter == nil || letter.MessageID == "" {
			if info.dead() {
				s.lacks("The group gave up on the message, and the trace names no copy.")
			}
			continue
		}
		found = append(found, s.letter(ctx, letter, trace.at("/consumerInfos/%d/deadLetterInfo", n)))
	}
	return s.answer(found, trail.Window{}, ""), nil
}

// letter is a copy as it is stored; as the original's trace tells of it when it cannot be got.
func (s *search) letter(ctx context.Context, letter *deadLetter, evidence trail.Evidence) trail.Message {
	model := trail.Message{
		System: trail.RocketMQ, ID: letter.MessageID, Instance: s.request.Instance, Topic: letter.TopicName,
		Stored: assumedClock().at(letter.ToDlqTime), Evidence: evidence,
	}
	stored, err := ask[*message](ctx, s.calls, "get_message_detail", map[string]any{
		"instanceId": s.request.Instance, "topicName": letter.TopicName, "messageId": letter.MessageID,
	})
	switch {
	case err != nil && !noMessage(err):
		s.failed("What the dead letter holds", err)
	case err != nil || stored.data == nil:
		s.note("The dead letter is no longer kept.")
	default:
		model = s.model(entry[message]{*stored.data, stored.at("")})
		model.Topic = letter.TopicName
	}
	model.DeadLetterGroup, model.OriginTopic, model.OriginID = s.request.DeadLettersOf, s.request.Topic, s.request.MessageID
	return model
}
