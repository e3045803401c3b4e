package verbs

import (
	"context"
	"encoding/json"
	"slices"

	"github.com/mqtrail/mqtrail/sdk/trail"
)

// progress is a group's in one partition.
type progress struct {
	Topic     text   `json:"topicName"`
	Partition number `json:"partitionId"`
	Offsets   struct {
		End     number `json:"end"`
		Current number `json:"current"`
		Lag     number `json:"lag"`
	} `json:"offsets"`
}

// member is a connected consumer. The documents show its partitions as a map of topics; lists of pairs are taken too.
type member struct {
	ID         text            `json:"consumerId"`
	Client     text            `json:"clientId"`
	Host       text            `json:"host"`
	Partitions json.RawMessage `json:"topicPartitions"`
}

// subscriptionsOfKafka are the groups of a topic, or the topics of a group.
func (s *session) subscriptionsOfKafka(ctx context.Context, r trail.SubscriptionsRequest) (*trail.SubscriptionsAnswer, error) {
	var found []trail.Subscription
	var err error
	if r.Topic != "" {
		found, err = s.groupsOfTopic(ctx, r)
	} else {
		found, err = s.topicsOfGroup(ctx, r.Instance, r.Group)
	}
	if err != nil {
		return nil, err
	}
	s.notOffered("subscriptions.expression", "subscriptions.mode", "subscriptions.online", "subscriptions.consistent")
	return &trail.SubscriptionsAnswer{Subscriptions: found, Gathered: s.done()}, nil
}

func (s *session) groupsOfTopic(ctx context.Context, r trail.SubscriptionsRequest) ([]trail.Subscription, error) {
	reply, err := s.kafka(ctx, "topic_get_details", map[string]any{"prodInstId": r.Instance, "topicName": r.Topic})
	if err != nil {
		return nil, err
	}
	rows, pointer, err := read[[]*struct {
		Topic  text   `json:"topicName"`
		Groups []text `json:"groupSubscribed"`
	}](reply)
	if err != nil {
		return nil, err
	}
	found, told := []trail.Subscription{}, false
	for n, one := range rows {
		if one == nil || one.Topic != "" && string(one.Topic) != r.Topic {
			continue
		}
		told = told || one.Groups != nil
		for k, group := range one.Groups {
			if group != "" && (r.Group == "" || r.Group == string(group)) {
				found = append(found, trail.Subscription{Group: string(group), Topic: r.Topic, Evidence: reply.Evidence(at(pointer, n, "groupSubscribed", k))})
			}
		}
	}
	if !told {
		s.incomplete("CTyun's answer has no list of the topic's groups: whether there are any is unknown.")
	}
	return found, nil
}

func (s *session) topicsOfGroup(ctx context.Context, instance, group string) ([]trail.Subscription, error) {
	reply, err := s.kafka(ctx, "group_selected_topics", map[string]any{"prodInstId": instance, "groupName": group})
	if err != nil {
		return nil, err
	}
	topics, pointer, err := read[[]text](reply)
	if err != nil {
		return nil, err
	}
	found := []trail.Subscription{}
	for n, topic := range topics {
		if topic != "" {
			found = append(found, trail.Subscription{Group: group, Topic: string(topic), Evidence: reply.Evidence(at(pointer, n))})
		}
	}
	return found, nil
}

// lagOfKafka asks for the group's progress and its members at once. Without a topic the group's topics come first.
func (s *session) lagOfKafka(ctx context.Context, r trail.LagRequest) (*trail.LagAnswer, error) {
	topics := []string{r.Topic}
	if r.Topic == "" {
		subscribed, err := s.topicsOfGroup(ctx, r.Instance, r.Group)
		if err != nil {
			return nil, err
		}
		topics = topics[:0]
		for _, one := range subscribed {
			topics = append(topics, one.Topic)
		}
		slices.Sort(topics)
		if len(topics) > maxTopics {
			s.incomplete("%s has %d topics; the first %d were looked at.", r.Group, len(topics), maxTopics)
			topics = topics[:maxTopics]
		}
	}
	state := trail.GroupState{Group: r.Group}
	readers := map[string]map[int64]string{}
	lags, errs := make([]*trail.Lag, len(topics)), make([]error, len(topics))
	tasks := []func(){func() { readers = s.members(ctx, r, &state) }}
	for n, topic := range topics {
		tasks = append(tasks, func() { lags[n], errs[n] = s.progress(ctx, r, topic) })
	}
	together(tasks...)
	for n, lag := range lags {
		if errs[n] != nil {
			if r.Topic != "" {
				return nil, errs[n]
			}
			s.missed("How far "+r.Group+" is behind in "+topics[n], errs[n])
			continue
		}
		for k := range lag.Partitions {
			lag.Partitions[k].Client = readers[lag.Topic][lag.Partitions[k].Partition]
		}
		state.Lags = append(state.Lags, *lag)
	}
	if len(state.Lags) > 0 {
		state.Evidence = state.Lags[0].Evidence
	}
	s.notOffered("state.state", "state.mode", "state.max_attempts", "state.dead_letter_topic", "lags.ready", "lags.in_flight", "lags.delay_ms", "lags.consumed_to", "lags.oldest", "lags.newest")
	return &trail.LagAnswer{State: state, Gathered: s.done()}, nil
}

// progress is a group's in the partitions of a topic. Kafka writes -1 for a position that was never committed.
func (s *session) progress(ctx context.Context, r trail.LagRequest, topic string) (*trail.Lag, error) {
	reply, err := s.kafka(ctx, "consumer_group_status", map[string]any{"prodInstId": r.Instance, "groupName": r.Group, "topicName": topic})
	if err != nil {
		return nil, err
	}
	rows, pointer, err := read[[]*progress](reply)
	if err != nil {
		return nil, err
	}
	lag := &trail.Lag{Topic: topic, Evidence: reply.Evidence(pointer)}
	var behind []number
	for _, one := range rows {
		if one == nil || !one.Partition.told || one.Topic != "" && string(one.Topic) != topic {
			continue
		}
		part := trail.PartitionLag{Partition: one.Partition.value, End: one.Offsets.End.pointer(), Messages: one.Offsets.Lag.pointer()}
		if one.Offsets.Current.value >= 0 {
			part.Committed = one.Offsets.Current.pointer()
		} else {
			s.note("%s never committed a position in partition %d of %s.", r.Group, one.Partition.value, topic)
		}
		behind = append(behind, one.Offsets.Lag)
		lag.Partitions = append(lag.Partitions, part)
	}
	lag.Messages = sum(behind)
	switch {
	case len(rows) == 0:
		s.incomplete("CTyun has no position of %s in %s: the group may never have consumed there.", r.Group, topic)
	case lag.Messages == nil:
		s.incomplete("CTyun did not tell the backlog of %s in every partition of %s.", r.Group, topic)
	}
	return lag, nil
}

// members tells who is connected, and who reads which partition.
func (s *session) members(ctx context.Context, r trail.LagRequest, state *trail.GroupState) map[string]map[int64]string {
	readers := map[string]map[int64]string{}
	reply, err := s.kafka(ctx, "consumer_group_instances", map[string]any{"prodInstId": r.Instance, "groupName": r.Group})
	if err != nil {
		s.missed("Whether a consumer of "+r.Group+" is connected", err)
		return readers
	}
	rows, _, err := read[[]*member](reply)
	if err != nil {
		s.missed("Whether a consumer of "+r.Group+" is connected", err)
		return readers
	}
	online := false
	for _, one := range rows {
		if one == nil {
			continue
		}
		online = true
		state.Clients = append(state.Clients, trail.Client{ID: string(one.Client), Host: string(one.Host)})
		for topic, partitions := range assigned(one.Partitions) {
			if readers[topic] == nil {
				readers[topic] = map[int64]string{}
			}
			for _, partition := range partitions {
				readers[topic][partition.value] = string(one.Client)
			}
		}
	}
	state.Online = &online
	return readers
}

// assigned are a member's partitions by topic; none when they come in a shape that nobody knows.
func assigned(raw json.RawMessage) map[string][]number {
	var byTopic map[string][]number
	if json.Unmarshal(raw, &byTopic) == nil {
		return byTopic
	}
	var pairs []struct {
		Topic     string `json:"topic"`
		Partition number `json:"partition"`
	}
	if json.Unmarshal(raw, &pairs) != nil {
		return nil
	}
	byTopic = map[string][]number{}
	for _, pair := range pairs {
		byTopic[pair.Topic] = append(byTopic[pair.Topic], pair.Partition)
	}
	return byTopic
}
