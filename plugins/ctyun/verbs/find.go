package verbs

import (
	"context"
	"time"

	"github.com/mqtrail/mqtrail/sdk"
	"github.com/mqtrail/mqtrail/sdk/rocketmq"
	"github.com/mqtrail/mqtrail/sdk/trail"
)

// How far back a search goes that was given no beginning.
const (
	backByTime = time.Hour // every body of the window is answered: there is neither a page nor a limit
	backOfDead = 7 * 24 * time.Hour
)

func (s *session) findRocketMQ(ctx context.Context, r trail.FindRequest) (*trail.FindAnswer, error) {
	if of, ok := rocketmq.ParseGroupTopic(r.Topic); ok && of.Role == rocketmq.RoleDeadLetter && r.DeadLettersOf == "" {
		r.DeadLettersOf = of.Group
	}
	s.neverOfMessages()
	switch {
	case r.Contains != "":
		return nil, trail.NotOffered("CTyun's RocketMQ cannot search bodies for a text.").WithHint("Search by key, or by time and look through the bodies.")
	case r.Partition != nil || r.Offset != nil:
		return nil, trail.NotOffered("CTyun's RocketMQ cannot be asked for a place in a queue.").WithHint("Give an id, a key or a window.")
	case r.DeadLettersOf != "":
		return s.findDead(ctx, r)
	case r.MessageID != "":
		return s.findByID(ctx, r)
	case r.Topic == "":
		return nil, sdk.InvalidArgument("topic", "CTyun searches one topic at a time.").WithHint("List the resources of kind topic.")
	case r.Key != "":
		return s.findByKey(ctx, r)
	default:
		return s.findByTime(ctx, r)
	}
}

// findByKey asks for all messages with a key. CTyun knows no window here, so that of the answer is open.
func (s *session) findByKey(ctx context.Context, r trail.FindRequest) (*trail.FindAnswer, error) {
	at, err := placeOf(r.Cursor, trail.Window{})
	if err != nil {
		return nil, err
	}
	messages, err := s.rows(ctx, "message_query_by_key", map[string]any{"prodInstId": r.Instance, "topicName": r.Topic, "key": r.Key}, r, preview)
	if err != nil {
		return nil, err
	}
	return s.found(at, messages, r.Limit), nil
}

func (s *session) findByTime(ctx context.Context, r trail.FindRequest) (*trail.FindAnswer, error) {
	at, err := placeOf(r.Cursor, r.Window)
	if err != nil {
		return nil, err
	}
	at.window = s.span(at.window, backByTime)
	if err := inverted(at.window); err != nil {
		return nil, err
	}
	messages, err := s.rows(ctx, "message_query_by_time", between(r.Instance, r.Topic, at.window), r, preview)
	if err != nil {
		return nil, err
	}
	return s.found(at, messages, r.Limit), nil
}

func between(instance, topic string, window trail.Window) map[string]any {
	return map[string]any{"prodInstId": instance, "topicName": topic, "beginTime": window.FromMS, "endTime": window.ToMS}
}

func (s *session) found(at place, messages []trail.Message, limit int) *trail.FindAnswer {
	part, next := at.page(messages, limit)
	return &trail.FindAnswer{Messages: part, Next: next, Window: at.window, Gathered: s.done()}
}

// list is CTyun's way to answer rows without pages.
type list[R any] struct {
	Total number `json:"total"`
	Rows  []*R   `json:"rows"`
}

// rows asks for messages that come as a list.
func (s *session) rows(ctx context.Context, name string, arguments map[string]any, r trail.FindRequest, part extent) ([]trail.Message, error) {
	reply, err := s.rocketmq(ctx, name, arguments)
	if err != nil {
		return nil, err
	}
	answer, pointer, err := read[list[row]](reply)
	if err != nil {
		return nil, err
	}
	var messages []trail.Message
	for n, one := range answer.Rows {
		if one != nil {
			messages = append(messages, s.message(one, r.Instance, r.Topic, part, reply.Evidence(at(pointer, "rows", n))))
		}
	}
	if answer.Total.told && answer.Total.value > int64(len(messages)) {
		s.incomplete("CTyun counts %d messages and answered %d.", answer.Total.value, len(messages))
	}
	return messages, nil
}
