package verbs

import (
	"context"

	"github.com/mqtrail/mqtrail/sdk/trail"
)

// GetMessage gets one message by its id.
func (v *Verbs) GetMessage(ctx context.Context, request trail.GetRequest) (*trail.GetAnswer, error) {
	if request.MessageID == "" && (request.Partition != nil || request.Offset != nil) {
		return nil, trail.NotOffered("%s's RocketMQ gets messages by id, not by queue and offset.", vendorName).
			WithHint("Find the message by key or time, and get it by its id.")
	}
	if err := check(request.System, need{"instance", request.Instance}, need{"topic", request.Topic}, need{"message_id", request.MessageID}); err != nil {
		return nil, err
	}
	calls, say := v.vendor.Begin(request.Raw), &told{}
	found, err := ask[*message](ctx, calls, "get_message_detail", map[string]any{
		"instanceId": request.Instance, "topicName": request.Topic, "messageId": request.MessageID,
	})
	answered := &trail.GetAnswer{}
	switch {
	case err != nil && !noMessage(err):
		return nil, err
	case err != nil || found.data == nil || found.data.MessageID == "":
		say.note("A scheduled message before its time and an uncommitted one cannot be got, but have a trace; messages are kept for about 3 days.")
	default:
		model := found.data.model(request.Instance, request.Topic, found.at(""))
		found.data.withBody(&model, request.BodyOffset, request.BodyLimit)
		answered.Message = &model
	}
	answered.Gathered = say.gathered(calls, append(neverTold(), "deliver_at", "transaction_id"))
	return answered, nil
}
