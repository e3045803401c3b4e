package verbs

import (
	"context"

	"golang.org/x/sync/errgroup"

	"github.com/mqtrail/mqtrail/sdk/rocketmq"
	"github.com/mqtrail/mqtrail/sdk/trail"
)

// maxGroups bounds the groups whose consumers one verb asks for, and the topics whose lag.
const maxGroups = 50

// rocketSubscriptionsNotOffered is what DMS for RocketMQ never tells of subscriptions.
var rocketSubscriptionsNotOffered = []string{"expression and consistent of a group that is offline"}

// rocketGroupsOf tells a topic's groups: their names and settings, then the consumers of those that are online.
func (i *inquiry) rocketGroupsOf(ctx context.Context, request trail.SubscriptionsRequest) (*trail.SubscriptionsAnswer, error) {
	answer := &trail.SubscriptionsAnswer{Subscriptions: []trail.Subscription{}}
	var settings map[string]rocketGroup
	both, parallel := errgroup.WithContext(ctx)
	both.Go(func() error { return i.groupNames(parallel, request.Topic, &answer.Subscriptions) })
	both.Go(func() error {
		var err error
		if settings, err = i.groupSettings(parallel); err != nil {
			i.lacks("The groups' settings could not be had: %s", reason(err))
		}
		return nil
	})
	if err := both.Wait(); err != nil {
		return nil, err
	}
	asked := 0
	all := errgroup.Group{}
	all.SetLimit(atOnce)
	for at := range answer.Subscriptions {
		one := &answer.Subscriptions[at]
		group := settings[one.Group]
		one.Mode, one.Online = group.mode(), group.Online
		if one.Online != nil && !*one.Online {
			continue // it has no consumers to ask for
		}
		if asked++; asked > maxGroups {
			i.lacks("The filters of %d groups at most are asked for: those of %s are not known.", maxGroups, one.Group)
			continue
		}
		all.Go(func() error {
			found, err := i.connections(ctx, one.Group)
			if err != nil {
				i.lacks("The consumers of %s could not be had, nor what they subscribe to: %s", one.Group, reason(err))
				return nil
			}
			found.complete(one)
			return nil
		})
	}
	err := all.Wait()
	answer.Gathered = i.gathered(rocketSubscriptionsNotOffered)
	return answer, err
}

// groupNames are the groups that consume a topic.
func (i *inquiry) groupNames(ctx context.Context, topic string, into *[]trail.Subscription) error {
	next, err := pages(0, pageSize, func(from int64) (page, error) {
		var found struct {
			Groups []string `json:"groups"`
			Total  number   `json:"total"`
		}
		reply, err := i.do(ctx, "rocketmq/list_group_of_topic", map[string]any{"topic": topic, "limit": pageSize, "offset": from}, &found)
		if err != nil {
			return page{}, err
		}
		for index, group := range found.Groups {
			*into = append(*into, trail.Subscription{Group: group, Topic: topic, Evidence: reply.Evidence(at("groups", index))})
		}
		return page{len(found.Groups), found.Total}, nil
	}, func() bool { return false })
	if next > 0 {
		i.lacks("%d groups of %s were read, and there are more.", next, topic)
	}
	return err
}

// rocketTopicsOf tells a group's topics.
func (i *inquiry) rocketTopicsOf(ctx context.Context, request trail.SubscriptionsRequest) (*trail.SubscriptionsAnswer, error) {
	answer := &trail.SubscriptionsAnswer{Subscriptions: []trail.Subscription{}}
	group := i.about(ctx, request.Group)
	names, evidence, err := i.topicsOf(ctx, request.Group)
	if waited := group.wait(); err == nil {
		err = waited
	}
	if err != nil {
		return nil, err
	}
	for index, topic := range names {
		if request.Topic != "" && topic != request.Topic {
			continue
		}
		one := trail.Subscription{Group: request.Group, Topic: topic, Mode: group.settings.mode(), Online: group.settings.Online, Evidence: evidence[index]}
		if group.consumers != nil {
			group.consumers.complete(&one)
		}
		answer.Subscriptions = append(answer.Subscriptions, one)
	}
	answer.Gathered = i.gathered(rocketSubscriptionsNotOffered)
	return answer, nil
}

// topicsOf are the names of the topics that a group consumes, without those that brokers keep for it.
func (i *inquiry) topicsOf(ctx context.Context, group string) (names []string, evidence []trail.Evidence, err error) {
	next, err := pages(0, pageSize, func(from int64) (page, error) {
		var found struct {
			Topics []string `json:"topics"`
			Total  number   `json:"total"`
		}
		reply, err := i.do(ctx, "rocketmq/show_consumer_list", map[string]any{"group": group, "limit": pageSize, "offset": from}, &found)
		if err != nil {
			return page{}, err
		}
		for index, topic := range found.Topics {
			if _, own := rocketmq.ParseGroupTopic(topic); !own {
				names, evidence = append(names, topic), append(evidence, reply.Evidence(at("topics", index)))
			}
		}
		return page{len(found.Topics), found.Total}, nil
	}, func() bool { return false })
	if next > 0 {
		i.lacks("%d topics of %s were read, and there are more.", next, group)
	}
	return names, evidence, err
}
