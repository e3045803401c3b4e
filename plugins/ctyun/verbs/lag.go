package verbs

import (
	"cmp"
	"context"
	"encoding/json"
	"maps"
	"slices"
	"strconv"

	"github.com/mqtrail/mqtrail/sdk/rocketmq"
	"github.com/mqtrail/mqtrail/sdk/trail"
)

// maxTopics is how many topics of a group are looked at, when none was named.
const maxTopics = 32

// backlog is a group's on a topic, on one broker. How long messages wait, notConsumeMsgTime, is in a unit that nobody
// documents: it is not read.
type backlog struct {
	Behind number `json:"diff"`
	NotAck number `json:"notAckMsgNum"`
	Topic  text   `json:"topicName"`
}

// connected are the consumers of a group.
type connected struct {
	Group *struct {
		Clients []*struct {
			ID       text `json:"clientId"`
			Address  text `json:"clientAddr"`
			Language text `json:"language"`
			Version  text `json:"version"`
		} `json:"connectionSet"`
		Model text `json:"messageModel"`
	} `json:"group"`
}

// lag asks for a group's backlog, the times of the topic's messages, who is connected and how the group is set up, at
// once. Only for a group that is behind in the topic that was named, its consumers are asked for their positions then.
// Without a topic the group's topics are asked for first.
func (s *session) lag(ctx context.Context, r trail.LagRequest) (*trail.LagAnswer, error) {
	state := trail.GroupState{Group: r.Group, DeadLetterTopic: rocketmq.DeadLetterTopic(r.Group)}
	var topics map[string]bool
	var lags []trail.Lag
	var lagErr error
	together(
		func() { s.connections(ctx, r, &state) },
		func() { topics = s.setting(ctx, r, &state) },
		func() {
			if r.Topic != "" {
				lags, lagErr = s.lagsOn(ctx, r, r.Topic)
			}
		},
	)
	if lagErr != nil {
		return nil, lagErr
	}
	if r.Topic == "" {
		if lags, lagErr = s.lagsOnAll(ctx, r, topics); lagErr != nil {
			return nil, lagErr
		}
	} else if at := slices.IndexFunc(lags, func(one trail.Lag) bool { return one.Topic == r.Topic }); at >= 0 && behind(lags[at]) {
		lags[at].Partitions = s.positions(ctx, r, state.Clients)
	}
	state.Lags = lags
	if len(lags) > 0 {
		state.Evidence = lags[0].Evidence
	}
	s.notOffered("lags.partitions.end", "lags.partitions.messages", "lags.ready", "lags.consumed_to", "lags.delay_ms", "state.state")
	return &trail.LagAnswer{State: state, Gathered: s.done()}, nil
}

// behind reports whether messages wait, or may.
func behind(lag trail.Lag) bool { return lag.Messages == nil || *lag.Messages != 0 }

// connections tells who is connected. v2 does not.
func (s *session) connections(ctx context.Context, r trail.LagRequest, state *trail.GroupState) {
	reply, err := s.rocketmq(ctx, "consumer_connection", map[string]any{"prodInstId": r.Instance, "groupName": r.Group})
	switch {
	case lacks(err):
		s.notOffered("state.online", "state.clients", "state.mode")
		return
	case nobodyOnline(err):
		state.Online = is(false)
		return
	case err != nil:
		s.missed("Whether a consumer of "+r.Group+" is connected", err)
		return
	}
	answer, _, err := read[connected](reply)
	if err != nil {
		s.missed("Whether a consumer of "+r.Group+" is connected", err)
		return
	}
	if answer.Group == nil {
		s.incomplete("CTyun's answer does not say who is connected for %s.", r.Group)
		return
	}
	online := len(answer.Group.Clients) > 0
	state.Online, state.Mode = &online, modeOf(answer.Group.Model)
	if !online {
		state.Mode = "" // nobody is there to have one
	}
	for _, c := range answer.Group.Clients {
		if c != nil {
			state.Clients = append(state.Clients, trail.Client{ID: string(c.ID), Host: string(c.Address), Language: string(c.Language), Version: string(c.Version)})
		}
	}
}

func modeOf(word text) trail.Mode {
	switch word {
	case "CLUSTERING":
		return trail.Clustering
	case "BROADCASTING":
		return trail.Broadcasting
	default:
		return trail.Mode(word)
	}
}

// setting tells how often the group tries, and which topics its settings name. The list has a row a broker.
func (s *session) setting(ctx context.Context, r trail.LagRequest, state *trail.GroupState) map[string]bool {
	topics := map[string]bool{}
	reply, err := s.rocketmq(ctx, "group_list", map[string]any{"prodInstId": r.Instance})
	if err != nil {
		s.missed("How often "+r.Group+" tries a message", err)
		return topics
	}
	answer, _, err := read[list[groupRow]](reply)
	if err != nil {
		s.missed("How often "+r.Group+" tries a message", err)
		return topics
	}
	for _, one := range answer.Rows {
		if one == nil || string(one.Name) != r.Group {
			continue
		}
		if one.Retries.told && state.MaxAttempts == nil {
			attempts := one.Retries.value + 1 // the first attempt is no retry
			state.MaxAttempts = &attempts
		}
		for topic := range one.Topics {
			topics[topic] = true
		}
	}
	return topics
}

// lagsOnAll looks at every topic that the group's connected consumers report or its settings name.
func (s *session) lagsOnAll(ctx context.Context, r trail.LagRequest, topics map[string]bool) ([]trail.Lag, error) {
	reported, _, err := s.reported(ctx, r.Instance, r.Group)
	if err != nil {
		return nil, err
	}
	for _, one := range reported {
		topics[one.Topic] = true
	}
	names := slices.Sorted(maps.Keys(topics))
	names = slices.DeleteFunc(names, func(name string) bool { _, system := rocketmq.ParseGroupTopic(name); return system })
	switch {
	case len(names) == 0:
		s.incomplete("CTyun tells a group's topics while its consumers are connected, and none is: name a topic to see how far %s is behind in it.", r.Group)
	case len(names) > maxTopics:
		s.incomplete("%s has %d topics; the first %d were looked at.", r.Group, len(names), maxTopics)
		names = names[:maxTopics]
	}
	results := make([][]trail.Lag, len(names))
	var tasks []func()
	for n, name := range names {
		tasks = append(tasks, func() {
			lags, err := s.lagsOn(ctx, r, name)
			if err != nil {
				s.missed("How far "+r.Group+" is behind in "+name, err)
				return
			}
			results[n] = lags
		})
	}
	together(tasks...)
	return slices.Concat(results...), nil
}

// lagsOn is a group's backlog in a topic. CTyun has a row a broker.
func (s *session) lagsOn(ctx context.Context, r trail.LagRequest, topic string) ([]trail.Lag, error) {
	var lags []trail.Lag
	var lagErr error
	var oldest, newest *trail.Time
	together(
		func() { lags, lagErr = s.backlogs(ctx, r, topic) },
		func() { oldest, newest = s.times(ctx, r.Instance, topic) },
	)
	if lagErr != nil {
		return nil, lagErr
	}
	for n := range lags {
		if lags[n].Topic == topic {
			lags[n].Oldest, lags[n].Newest = oldest, newest
		}
	}
	return lags, nil
}

func (s *session) backlogs(ctx context.Context, r trail.LagRequest, topic string) ([]trail.Lag, error) {
	reply, err := s.rocketmq(ctx, "consumer_accumulate", map[string]any{"prodInstId": r.Instance, "groupName": r.Group, "topicName": topic})
	if err != nil {
		return nil, err
	}
	answer, pointer, err := read[list[backlog]](reply)
	if err != nil {
		return nil, err
	}
	waiting, atConsumers := map[string][]number{}, map[string][]number{}
	first := map[string]int{}
	for n, one := range answer.Rows {
		if one == nil {
			continue
		}
		name := cmp.Or(string(one.Topic), topic)
		if _, seen := first[name]; !seen {
			first[name] = n
		}
		waiting[name], atConsumers[name] = append(waiting[name], one.Behind), append(atConsumers[name], one.NotAck)
	}
	var lags []trail.Lag
	for _, name := range slices.Sorted(maps.Keys(first)) {
		lags = append(lags, trail.Lag{
			Topic: name, Messages: sum(waiting[name]), InFlight: sum(atConsumers[name]), Evidence: reply.Evidence(at(pointer, "rows", first[name])),
		})
		if lags[len(lags)-1].Messages == nil {
			s.incomplete("CTyun did not tell the backlog of %s in %s on every broker.", r.Group, name)
		}
	}
	if len(lags) == 0 {
		s.incomplete("CTyun has no backlog of %s in %s: the group may never have consumed there.", r.Group, topic)
	}
	return lags, nil
}

// times are those of a topic's oldest and newest message.
func (s *session) times(ctx context.Context, instance, topic string) (oldest, newest *trail.Time) {
	reply, err := s.rocketmq(ctx, "consumer_time_span", map[string]any{"prodInstId": instance, "topicName": topic})
	if err != nil {
		s.missed("From when to when topic "+topic+" has messages", err)
		return nil, nil
	}
	answer, _, err := read[struct {
		Oldest number `json:"minTimeStamp"`
		Newest number `json:"maxTimeStamp"`
	}](reply)
	if err != nil {
		s.missed("From when to when topic "+topic+" has messages", err)
		return nil, nil
	}
	return milliseconds(answer.Oldest), milliseconds(answer.Newest)
}

// milliseconds is a time whose unit is assumed: only what has as many digits as milliseconds have is taken.
func milliseconds(n number) *trail.Time {
	if len(strconv.FormatInt(n.value, 10)) != 13 {
		return nil
	}
	return trail.AtMS(n.value)
}

// groupRow is a group in CTyun's list.
type groupRow struct {
	Name      text                       `json:"groupName"`
	Enabled   *bool                      `json:"consumeEnable"`
	Broadcast *bool                      `json:"consumeBroadcastEnable"`
	Retries   number                     `json:"retryMaxTimes"`
	Type      text                       `json:"type"`
	Topics    map[string]json.RawMessage `json:"subscribeMap"`
}
