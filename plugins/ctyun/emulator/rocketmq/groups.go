package rocketmq

import (
	"fmt"
	"slices"
	"strings"

	"github.com/mqtrail/mqtrail/plugins/ctyun/emulator/given"
)

// group is a consumer group, on the instance's one broker.
type group struct {
	name, remark string
	enabled      bool
	broadcast    bool
	maxRetries   int
	startsAt     int // 1 client decides, 2 first message, 3 latest
	// filters are the tags that it takes, by topic; "*" for all.
	filters map[string]string
	// positions are its offsets, by topic and queue.
	positions map[string][]int64
	clients   []client
}

// client is a consumer that is online.
type client struct {
	ID       string `json:"clientId"`
	Address  string `json:"clientAddr"`
	Language string `json:"language"`
	Version  int    `json:"version"`
}

func (i *instance) group(name string) *group {
	at := slices.IndexFunc(i.groups, func(g *group) bool { return g.name == name })
	if at < 0 {
		return nil
	}
	return i.groups[at]
}

// config is what group.create is given.
type config struct {
	Name       string `json:"groupName"`
	Enabled    *bool  `json:"consumeEnable"`
	Broadcast  bool   `json:"consumeBroadcastEnable"`
	StartsAt   int    `json:"firstConsumeMechanism"`
	MaxRetries *int   `json:"retryMaxTimes"`
}

func (s *Service) createGroup(in given.Arguments) (any, error) {
	i, err := s.instance(in.Text("prodInstId"))
	if err != nil {
		return nil, err
	}
	if err := knownBrokers(in.Texts("brokerNameList")); err != nil {
		return nil, err
	}
	var c config
	if err := in.Value("subscriptionGroupConfig", &c); err != nil {
		return nil, err
	}
	switch {
	case c.Name == "":
		return nil, fmt.Errorf("subscriptionGroupConfig.groupName is required")
	case i.group(c.Name) != nil:
		return nil, fmt.Errorf("group %s already exists", c.Name)
	}
	g := i.addGroup(c.Name)
	g.broadcast, g.startsAt, g.remark = c.Broadcast, max(c.StartsAt, 1), in.Text("remark")
	if c.Enabled != nil {
		g.enabled = *c.Enabled
	}
	if c.MaxRetries != nil {
		g.maxRetries = *c.MaxRetries
	}
	return done(), nil
}

// addGroup adds a group with the usual settings, and the topic of its dead letters.
func (i *instance) addGroup(name string) *group {
	g := &group{name: name, enabled: true, maxRetries: 16, startsAt: 1, filters: map[string]string{}, positions: map[string][]int64{}}
	i.groups = append(i.groups, g)
	if i.topic(deadTopic(name)) == nil {
		dead := newTopic(deadTopic(name), 1)
		dead.system = true
		i.topics = append(i.topics, dead)
	}
	return g
}

func (s *Service) deleteGroup(i *instance, in given.Arguments) (any, error) {
	name := in.Text("groupName")
	if online := len(i.group(name).clients); online > 0 {
		return nil, fmt.Errorf("group %s has %d clients online", name, online)
	}
	i.groups = slices.DeleteFunc(i.groups, func(g *group) bool { return g.name == name })
	i.topics = slices.DeleteFunc(i.topics, func(t *topic) bool { return t.name == deadTopic(name) })
	i.log.forget(deadTopic(name))
	return done(), nil
}

func (s *Service) updateGroup(i *instance, in given.Arguments) (any, error) {
	g := i.group(in.Text("groupName"))
	g.enabled, g.broadcast = in.Switch("consumeEnable"), in.Switch("consumeBroadcastEnable")
	g.maxRetries = int(in.Number("retryMaxTimes", int64(g.maxRetries)))
	if in.Has("remark") {
		g.remark = in.Text("remark")
	}
	return done(), nil
}

func (s *Service) permitGroup(i *instance, in given.Arguments) (any, error) {
	i.group(in.Text("groupName")).enabled = in.Switch("enable")
	return done(), nil
}

func (s *Service) listGroups(i *instance, _ given.Arguments) (any, error) {
	var rows []any
	for _, g := range i.groups {
		rows = append(rows, map[string]any{
			"groupName": g.name, "consumeEnable": g.enabled, "consumeFromMinEnable": g.startsAt == 2, "consumeBroadcastEnable": g.broadcast,
			"retryQueueNums": 1, "retryMaxTimes": g.maxRetries, "brokerId": 0, "whichBrokerWhenConsumeSlowly": 1,
			"notifyConsumerIdsChangedEnable": true, "pullMechanism": 1, "firstConsumeMechanism": g.startsAt, "subscribeMap": g.filters,
			"remark": g.remark, "namesrvAddr": "192.168.71.187:8100", "clusterName": i.name, "brokerName": broker, "type": "PUSH",
			"allowdAllTopics": true,
		})
	}
	return listOf(rows), nil
}

// subscription is what a client says that it takes of a topic.
type subscription struct {
	Topic      string   `json:"topic"`
	SubString  string   `json:"subString"`
	TagsSet    []string `json:"tagsSet"`
	SubVersion int64    `json:"subVersion"`
}

// subscriptions are those of the clients that are online: none is known of a group without one.
func (g *group) subscriptions() map[string]subscription {
	table := map[string]subscription{}
	if len(g.clients) == 0 {
		return table
	}
	for topic, filter := range g.filters {
		table[topic] = subscription{Topic: topic, SubString: filter, TagsSet: tagsOf(filter), SubVersion: 1}
	}
	return table
}

func (s *Service) groupSubscriptions(i *instance, in given.Arguments) (any, error) {
	g := i.group(in.Text("groupName"))
	return data(map[string]any{"prodInstId": i.id, "groupName": g.name, "subscriptionDataMap": g.subscriptions()}), nil
}

func (s *Service) connections(i *instance, in given.Arguments) (any, error) {
	g := i.group(in.Text("groupName"))
	model := "CLUSTERING"
	if g.broadcast {
		model = "BROADCASTING"
	}
	return data(map[string]any{"group": map[string]any{
		"connectionSet": append([]client{}, g.clients...), "subscriptionTable": g.subscriptions(), "consumeType": "CONSUME_PASSIVELY",
		"messageModel": model, "consumeFromWhere": "CONSUME_FROM_LAST_OFFSET",
	}}), nil
}

// online is the client of that id; an error when it is not there.
func (g *group) online(id string) (client, error) {
	at := slices.IndexFunc(g.clients, func(c client) bool { return c.ID == id })
	if at < 0 {
		return client{}, fmt.Errorf("client %s of group %s is not online", id, g.name)
	}
	return g.clients[at], nil
}

func (s *Service) clientStatus(i *instance, in given.Arguments) (any, error) {
	g := i.group(in.Text("groupName"))
	if _, err := g.online(in.Text("clientId")); err != nil {
		return nil, err
	}
	queues, topics, subscriptions := map[string]any{}, map[string]any{}, []subscription{}
	for name, sub := range g.subscriptions() {
		subscriptions = append(subscriptions, sub)
		for queue, offset := range g.positions[name] {
			queues[fmt.Sprintf("MessageQueue [topic=%s, brokerName=%s, queueId=%d]", name, broker, queue)] =
				map[string]any{"commitOffset": offset, "cachedMsgCount": 0, "locked": false, "droped": false}
		}
		topics[name] = map[string]any{"pullRT": 0, "pullTPS": 0, "consumeRT": 35, "consumeOKTPS": 0, "consumeFailedTPS": 0, "consumeFailedMsgs": 0}
	}
	slices.SortFunc(subscriptions, func(a, b subscription) int { return strings.Compare(a.Topic, b.Topic) })
	return data(map[string]any{
		"properties":      map[string]string{"consumerGroup": g.name, "PROP_CLIENT_VERSION": "V4_9_6", "PROP_THREADPOOL_CORE_SIZE": "20"},
		"subscriptionSet": subscriptions, "mqTable": queues, "statusTable": topics, "jstack": nil,
	}), nil
}
