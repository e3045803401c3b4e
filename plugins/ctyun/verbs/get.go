package verbs

import (
	"cmp"
	"context"
	"slices"

	"github.com/mqtrail/mqtrail/sdk"
	"github.com/mqtrail/mqtrail/sdk/rocketmq"
	"github.com/mqtrail/mqtrail/sdk/trail"
)

// getRocketMQ gets a message by id. A producer's id is looked up first, unless an earlier answer told the broker's.
func (s *session) getRocketMQ(ctx context.Context, r trail.GetRequest) (*trail.GetAnswer, error) {
	s.neverOfMessages()
	if r.MessageID == "" {
		if r.Partition != nil || r.Offset != nil {
			return nil, trail.NotOffered("CTyun's RocketMQ cannot be asked for a place in a queue.").WithHint("Give the message's id.")
		}
		return nil, sdk.InvalidArgument("message_id", "give the message's id.")
	}
	decoded, err := parseID(r.MessageID)
	if err != nil {
		return nil, err
	}
	messages, err := s.getByID(ctx, decoded, r, extent{r.BodyOffset, r.BodyLimit})
	if err != nil {
		return nil, err
	}
	answer := &trail.GetAnswer{}
	slices.SortStableFunc(messages, func(a, b trail.Message) int { return cmp.Compare(age(a), age(b)) })
	if len(messages) > 0 {
		answer.Message = &messages[0]
		if len(messages) > 1 {
			s.note("%d messages have this id: a message that was sent again, or a dead letter's resend, keeps it. This is the oldest.", len(messages))
		}
	}
	answer.Gathered = s.done()
	return answer, nil
}

func (s *session) getByID(ctx context.Context, decoded *rocketmq.Decoded, r trail.GetRequest, part extent) ([]trail.Message, error) {
	known := s.known(r.Instance, r.MessageID)
	of, _ := rocketmq.ParseGroupTopic(r.Topic)
	switch {
	case of.Role == rocketmq.RoleDeadLetter && known.offset != "":
		return s.deadByID(ctx, r.Instance, of.Group, known.offset, part)
	case known.offset != "" && known.unique != "":
		return s.byOffsetID(ctx, known.offset, r.Instance, r.Topic, part)
	default:
		request := trail.FindRequest{Instance: r.Instance, Topic: r.Topic, MessageID: r.MessageID, Window: r.Window}
		return s.byID(ctx, decoded, request, part)
	}
}
