package verbs

import (
	"context"
	"fmt"
	"slices"

	"github.com/mqtrail/mqtrail/sdk/trail"
)

// What DMS for Kafka never tells of groups.
var (
	kafkaLagNotOffered = []string{
		"max_attempts and dead_letter_topic (Kafka has no redelivery)", "ready and in_flight", "delay_ms", "consumed_to, oldest and newest (positions are offsets, without times)",
		"consumers that assign partitions to themselves",
	}
	kafkaSubscriptionsNotOffered = []string{
		"groups whose consumers assign partitions to themselves and commit no offset", "expression (Kafka has no filters)", "mode", "consistent",
	}
)

// kafkaGroup is what ShowGroups tells.
type kafkaGroup struct {
	Group struct {
		State   string `json:"state"`
		Members []struct {
			ID         string `json:"member_id"`
			Client     string `json:"client_id"`
			Host       string `json:"host"`
			Assignment []struct {
				Topic      string   `json:"topic"`
				Partitions []number `json:"partitions"`
			} `json:"assignment"`
		} `json:"members"`
		Offsets []struct {
			Topic     string `json:"topic"`
			Partition number `json:"partition"`
			Lag       number `json:"lag"`
			Committed number `json:"message_current_offset"`
			End       number `json:"message_log_end_offset"`
		} `json:"group_message_offsets"`
	} `json:"group"`
}

func (i *inquiry) kafkaGroup(ctx context.Context, group string) (found kafkaGroup, reply *trail.Reply, err error) {
	reply, err = i.do(ctx, "kafka/show_groups", map[string]any{"group": group}, &found)
	return found, reply, err
}

// online is what the state says of the group's consumers; nil for a word that is not known.
func (g kafkaGroup) online() *bool {
	var connected bool
	switch g.Group.State {
	case "Stable", "PreparingRebalance", "CompletingRebalance":
		connected = true
	case "Empty", "Dead":
	default:
		if len(g.Group.Members) == 0 {
			return nil
		}
		connected = true
	}
	return &connected
}

// lagKafka tells state, members and positions with one call.
func (i *inquiry) lagKafka(ctx context.Context, request trail.LagRequest) (*trail.LagAnswer, error) {
	found, reply, err := i.kafkaGroup(ctx, request.Group)
	if err != nil {
		return nil, err
	}
	state := trail.GroupState{
		Group: request.Group, Online: found.online(), State: found.Group.State, Lags: found.lags(i, request.Topic, reply),
		Evidence: reply.Evidence("/group"),
	}
	for _, one := range found.Group.Members {
		state.Clients = append(state.Clients, trail.Client{ID: one.Client, Host: one.Host})
	}
	if state.Online != nil && !*state.Online {
		i.note("The group has no members. Consumers that assign partitions to themselves are none, and may run all the same.")
	}
	if request.Topic != "" && len(state.Lags) == 0 {
		i.note("The group has no committed offset on %s.", request.Topic)
	}
	return &trail.LagAnswer{Gathered: i.gathered(kafkaLagNotOffered), State: state}, nil
}

// lags are by topic, in the vendor's order.
func (g kafkaGroup) lags(i *inquiry, only string, reply *trail.Reply) []trail.Lag {
	var lags []trail.Lag
	for at, one := range g.Group.Offsets {
		if only != "" && one.Topic != only {
			continue
		}
		position := trail.PartitionLag{ // a position of -1 is none: the group has not come to any message
			Partition: one.Partition.value, Committed: one.Committed.pointer(), End: one.End.natural(), Messages: one.Lag.natural(),
			Client: g.reader(one.Topic, one.Partition.value),
		}
		known := slices.IndexFunc(lags, func(lag trail.Lag) bool { return lag.Topic == one.Topic })
		if known < 0 {
			known = len(lags)
			lags = append(lags, trail.Lag{Topic: one.Topic, Evidence: reply.Evidence(fmt.Sprintf("/group/group_message_offsets/%d", at))})
		}
		lags[known].Partitions = append(lags[known].Partitions, position)
	}
	for at := range lags {
		lags[at].Messages = i.sum(lags[at])
	}
	return lags
}

// sum is the lag of a topic; nil when that of a partition is not known.
func (i *inquiry) sum(lag trail.Lag) *int64 {
	var total int64
	for _, one := range lag.Partitions {
		if one.Messages == nil {
			i.note("The vendor does not tell the lag of partition %d of %s.", one.Partition, lag.Topic)
			return nil
		}
		total += *one.Messages
	}
	return &total
}

// reader is the client that a partition is assigned to.
func (g kafkaGroup) reader(topic string, partition int64) string {
	for _, member := range g.Group.Members {
		for _, one := range member.Assignment {
			if one.Topic == topic && slices.Contains(one.Partitions, number{partition, true}) {
				return member.Client
			}
		}
	}
	return ""
}

// kafkaGroupsOf tells a topic's groups, as far as the vendor counts them among its subscribers.
func (i *inquiry) kafkaGroupsOf(ctx context.Context, request trail.SubscriptionsRequest) (*trail.SubscriptionsAnswer, error) {
	var found struct {
		Groups *[]string `json:"group_subscribed"`
	}
	reply, err := i.do(ctx, "kafka/show_instance_topic_detail", map[string]any{"topic": request.Topic}, &found)
	if err != nil {
		return nil, err
	}
	if found.Groups == nil {
		return nil, trail.NotOffered("The vendor's answer about topic %s names no subscribed groups: who should get its messages is not known.", request.Topic).
			WithHint("Ask consumer_lag of the groups that you expect.")
	}
	answer := &trail.SubscriptionsAnswer{Subscriptions: []trail.Subscription{}}
	for at, group := range *found.Groups {
		answer.Subscriptions = append(answer.Subscriptions, trail.Subscription{
			Group: group, Topic: request.Topic, Evidence: reply.Evidence(fmt.Sprintf("/group_subscribed/%d", at)),
		})
	}
	i.noteInvisible("the groups that the vendor calls subscribed, without saying whether they are connected")
	answer.Gathered = i.gathered(kafkaSubscriptionsNotOffered)
	return answer, nil
}

// kafkaTopicsOf tells the topics that a group has committed offsets on, or that its members are assigned.
func (i *inquiry) kafkaTopicsOf(ctx context.Context, request trail.SubscriptionsRequest) (*trail.SubscriptionsAnswer, error) {
	found, reply, err := i.kafkaGroup(ctx, request.Group)
	if err != nil {
		return nil, err
	}
	answer := &trail.SubscriptionsAnswer{Subscriptions: []trail.Subscription{}}
	add := func(topic, pointer string) {
		told := slices.ContainsFunc(answer.Subscriptions, func(s trail.Subscription) bool { return s.Topic == topic })
		if told || request.Topic != "" && topic != request.Topic {
			return
		}
		answer.Subscriptions = append(answer.Subscriptions, trail.Subscription{
			Group: request.Group, Topic: topic, Online: found.online(), Evidence: reply.Evidence(pointer),
		})
	}
	for at, one := range found.Group.Offsets {
		add(one.Topic, fmt.Sprintf("/group/group_message_offsets/%d", at))
	}
	for at, member := range found.Group.Members {
		for of, one := range member.Assignment {
			add(one.Topic, fmt.Sprintf("/group/members/%d/assignment/%d", at, of))
		}
	}
	i.noteInvisible("the topics where the group has a committed offset or an assigned partition")
	answer.Gathered = i.gathered(kafkaSubscriptionsNotOffered)
	return answer, nil
}

func (i *inquiry) noteInvisible(these string) {
	i.note("Kafka keeps no subscriptions: these are %s. Consumers that assign partitions to themselves are invisible, also when they should get the message.", these)
}
