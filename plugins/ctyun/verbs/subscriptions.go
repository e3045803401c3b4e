package verbs

import (
	"cmp"
	"context"
	"encoding/json"
	"slices"

	"github.com/mqtrail/mqtrail/sdk/trail"
)

// subscribers are the groups of a topic.
type subscribers struct {
	Rows []*struct {
		Group  text `json:"consumerGroup"`
		Filter text `json:"subString"`
	} `json:"subscriptionDataList"`
}

// subscribed are the topics of a group, as its connected consumers have it.
type subscribed struct {
	Topics map[string]json.RawMessage `json:"subscriptionDataMap"`
}

func (s *session) subscriptions(ctx context.Context, r trail.SubscriptionsRequest) (*trail.SubscriptionsAnswer, error) {
	var found []trail.Subscription
	var err error
	if r.Topic != "" {
		found, err = s.subscribersOf(ctx, r)
	} else {
		found, err = s.topicsOf(ctx, r)
	}
	if err != nil {
		return nil, err
	}
	s.notOffered("subscriptions.expression_type", "subscriptions.mode", "subscriptions.consistent")
	return &trail.SubscriptionsAnswer{Subscriptions: found, Gathered: s.done()}, nil
}

// subscribersOf are the groups that should get a topic's messages, connected or not.
func (s *session) subscribersOf(ctx context.Context, r trail.SubscriptionsRequest) ([]trail.Subscription, error) {
	reply, err := s.rocketmq(ctx, "topic_sub_detail", map[string]any{"prodInstId": r.Instance, "topicName": r.Topic})
	if err != nil {
		return nil, err
	}
	answer, pointer, err := read[subscribers](reply)
	if err != nil {
		return nil, err
	}
	s.notOffered("subscriptions.online")
	found := []trail.Subscription{}
	for n, one := range answer.Rows {
		if one == nil || one.Group == "" {
			s.incomplete("CTyun's list of the topic's groups has one without a name.")
			continue
		}
		if r.Group != "" && r.Group != string(one.Group) {
			continue
		}
		found = append(found, trail.Subscription{
			Group: string(one.Group), Topic: r.Topic, Expression: string(one.Filter),
			Evidence: reply.Evidence(at(pointer, "subscriptionDataList", n)),
		})
	}
	if answer.Rows == nil {
		// v2's answer is not documented, and another shape must not read like no subscribers.
		s.incomplete("CTyun's answer has no list of the topic's groups: whether there are any is unknown.")
	}
	return found, nil
}

// topicsOf are the topics of a group. CTyun knows those of connected consumers only.
func (s *session) topicsOf(ctx context.Context, r trail.SubscriptionsRequest) ([]trail.Subscription, error) {
	found, reply, err := s.reported(ctx, r.Instance, r.Group)
	if err != nil {
		return nil, err
	}
	if len(found) == 0 {
		s.incomplete("CTyun tells a group's topics while its consumers are connected, and none is: what %s subscribes to is unknown.", r.Group)
	}
	for n := range found {
		found[n].Online = is(true) // only connected consumers report
		found[n].Evidence = reply.Evidence(found[n].Evidence.Pointer)
	}
	return found, nil
}

// reported are the subscriptions that a group's connected consumers report, by topic.
func (s *session) reported(ctx context.Context, instance, group string) ([]trail.Subscription, *trail.Reply, error) {
	reply, err := s.rocketmq(ctx, "group_sub_detail", map[string]any{"prodInstId": instance, "groupName": group})
	if err != nil {
		return nil, nil, err
	}
	answer, pointer, err := read[subscribed](reply)
	if err != nil {
		return nil, nil, err
	}
	found := []trail.Subscription{}
	for topic, raw := range answer.Topics {
		var detail struct {
			Filter text `json:"subString"`
		}
		_ = json.Unmarshal(raw, &detail) // its shape is not documented: without a filter the topic still counts
		found = append(found, trail.Subscription{
			Group: group, Topic: topic, Expression: string(detail.Filter), Evidence: trail.Evidence{Pointer: at(pointer, "subscriptionDataMap", topic)},
		})
	}
	slices.SortFunc(found, func(a, b trail.Subscription) int { return cmp.Compare(a.Topic, b.Topic) })
	return found, reply, nil
}
