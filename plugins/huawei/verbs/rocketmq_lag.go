package verbs

import (
	"context"
	"slices"

	"golang.org/x/sync/errgroup"

	"github.com/mqtrail/mqtrail/sdk/rocketmq"
	"github.com/mqtrail/mqtrail/sdk/trail"
)

// rocketLagNotOffered is what DMS for RocketMQ never tells of how groups stand.
var rocketLagNotOffered = []string{"ready and in_flight", "delay_ms", "oldest and newest", "state (only online)", "client of a queue"}

// queueProgress is a queue in an answer about a group's lag.
type queueProgress struct {
	ID       number `json:"id"`
	Lag      number `json:"lag"`
	End      number `json:"broker_offset"`
	Position number `json:"consumer_offset"`
	Consumed number `json:"last_message_time"`
}

// topicLag asks how far a group is in a topic.
func (i *inquiry) topicLag(ctx context.Context, group, topic string) (trail.Lag, error) {
	var found struct {
		Lag     number `json:"lag"`
		Brokers []struct {
			Name   string          `json:"broker_name"`
			Queues []queueProgress `json:"queues"`
		} `json:"brokers"`
	}
	reply, err := i.do(ctx, "rocketmq/show_consumer_list", map[string]any{"group": group, "topic": topic, "limit": pageSize}, &found)
	if err != nil {
		return trail.Lag{}, err
	}
	lag := trail.Lag{Topic: topic, Messages: found.Lag.natural(), Evidence: reply.Evidence("")}
	for _, broker := range found.Brokers {
		for _, queue := range broker.Queues {
			lag.Partitions = append(lag.Partitions, trail.PartitionLag{
				Partition: queue.ID.value, Broker: broker.Name, Committed: queue.Position.natural(), End: queue.End.natural(),
				Messages: queue.Lag.natural(), ConsumedTo: trail.AtMS(queue.Consumed.value),
			})
		}
	}
	lag.ConsumedTo = consumedTo(lag.Partitions)
	return lag, nil
}

// consumedTo is the moment up to which the group has surely come in all queues: the earliest of those that lag, or the
// latest where none does. nil where it is not told of a queue whether it lags: that of an idle queue would say nothing.
func consumedTo(queues []trail.PartitionLag) (moment *trail.Time) {
	lags := false
	for _, queue := range queues {
		behind, told := behind(queue)
		if !told {
			return nil
		}
		lags = lags || behind
	}
	for _, queue := range queues {
		behind, _ := behind(queue)
		switch at := queue.ConsumedTo; {
		case lags && !behind:
		case at == nil && lags:
			return nil
		case at == nil:
		case moment == nil || lags == (at.UnixMS < moment.UnixMS):
			moment = at
		}
	}
	return moment
}

// behind reports whether messages of the queue wait, by the vendor's number or by its offsets.
func behind(queue trail.PartitionLag) (yes, told bool) {
	switch {
	case queue.Messages != nil:
		return *queue.Messages > 0, true
	case queue.Committed != nil && queue.End != nil:
		return *queue.End > *queue.Committed, true
	default:
		return false, false
	}
}

// lagRocketMQ tells a group's settings, consumers and lag, in one topic or in all.
func (i *inquiry) lagRocketMQ(ctx context.Context, request trail.LagRequest) (*trail.LagAnswer, error) {
	group := i.about(ctx, request.Group)
	lags, err := i.lags(ctx, request.Group, request.Topic)
	if waited := group.wait(); waited != nil {
		err = waited
	}
	if err != nil {
		return nil, err
	}
	state := trail.GroupState{
		Group: request.Group, Online: group.settings.Online, Mode: group.settings.mode(), MaxAttempts: group.settings.maxAttempts(),
		DeadLetterTopic: rocketmq.DeadLetterTopic(request.Group), Lags: lags, Evidence: group.evidence,
	}
	if found := group.consumers; found != nil {
		state.Clients = found.clients()
		if found.Online != nil {
			state.Online, state.Evidence = found.Online, found.evidence
		}
	}
	if state.Mode == trail.Broadcasting {
		i.note("The group is a broadcasting one: each consumer keeps its own progress, and the broker knows none of it.")
	}
	return &trail.LagAnswer{Gathered: i.gathered(rocketLagNotOffered), State: state}, nil
}

func (i *inquiry) lags(ctx context.Context, group, topic string) ([]trail.Lag, error) {
	topics := []string{topic}
	if topic == "" {
		var err error
		if topics, _, err = i.topicsOf(ctx, group); err != nil {
			return nil, err
		}
	}
	if len(topics) > maxGroups {
		i.lacks("%s reads %d topics: the lag in %d was asked for.", group, len(topics), maxGroups)
		topics = topics[:maxGroups]
	}
	lags := make([]trail.Lag, len(topics))
	all := errgroup.Group{}
	all.SetLimit(atOnce)
	for at, name := range topics {
		all.Go(func() (err error) {
			if lags[at], err = i.topicLag(ctx, group, name); err != nil && topic == "" {
				i.lacks("The lag of %s in %s could not be had: %s", group, name, reason(err))
				err = nil
			}
			return err
		})
	}
	if err := all.Wait(); err != nil {
		return nil, err
	}
	return slices.DeleteFunc(lags, func(lag trail.Lag) bool { return lag.Topic == "" }), nil
}
