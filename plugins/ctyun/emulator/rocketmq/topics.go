package rocketmq

import (
	"fmt"
	"slices"

	"time"

	"github.com/mqtrail/mqtrail/plugins/ctyun/emulator/given"
)

// topic is one topic, on the instance's one broker. Its messages are in the instance's log.
type topic struct {
	name, remark      string
	reads, writes     int // queues
	perm              int // 6 read and write, 4 read only, 2 write only
	ordered           bool
	first             []int64 // offset of the oldest message that each queue ever had
	system            bool    // of a consumer group: dead letters
	messageType, mode string
}

func newTopic(name string, queues int) *topic {
	return &topic{name: name, reads: queues, writes: queues, perm: 6, first: make([]int64, queues), messageType: "NORMAL", mode: "SINGLE_TAG"}
}

func (i *instance) topic(name string) *topic {
	at := slices.IndexFunc(i.topics, func(t *topic) bool { return t.name == name })
	if at < 0 {
		return nil
	}
	return i.topics[at]
}

func (s *Service) createTopic(in given.Arguments) (any, error) {
	i, err := s.instance(in.Text("prodInstId"))
	if err != nil {
		return nil, err
	}
	if err := knownBrokers(in.Texts("brokerNameList")); err != nil {
		return nil, err
	}
	name := in.Text("topicName")
	queues := int(max(in.Number("writeQueueNums", 0), in.Number("readQueueNums", 0)))
	switch {
	case i.topic(name) != nil:
		return nil, fmt.Errorf("topic %s already exists", name)
	case queues < 1 || queues > 128:
		return nil, fmt.Errorf("topic %s: 1 to 128 queues", name)
	}
	t := newTopic(name, queues)
	t.writes, t.reads = int(in.Number("writeQueueNums", 0)), int(in.Number("readQueueNums", 0))
	t.perm, t.ordered, t.remark = int(in.Number("perm", 6)), in.Switch("order"), in.Text("remark")
	i.topics = append(i.topics, t)
	return done(), nil
}

func (s *Service) deleteTopic(i *instance, in given.Arguments) (any, error) {
	name := in.Text("topicName")
	i.topics = slices.DeleteFunc(i.topics, func(t *topic) bool { return t.name == name })
	i.log.forget(name)
	for _, g := range i.groups {
		delete(g.filters, name)
		delete(g.positions, name)
	}
	return done(), nil
}

func (s *Service) updateTopic(i *instance, in given.Arguments) (any, error) {
	t := i.topic(in.Text("topic"))
	t.perm = int(in.Number("perm", int64(t.perm)))
	if in.Has("remark") {
		t.remark = in.Text("remark")
	}
	return done(), nil
}

func (s *Service) listTopics(i *instance, in given.Arguments) (any, error) {
	var rows []any
	for _, t := range i.topics {
		if t.system || in.Text("topicName") != "" && in.Text("topicName") != t.name {
			continue
		}
		rows = append(rows, map[string]any{
			"topicName": t.name, "readQueueNums": t.reads, "writeQueueNums": t.writes, "perm": t.perm, "topicFilterType": t.mode,
			"topicSysFlag": 0, "order": t.ordered, "remark": t.remark, "clusterName": i.name, "brokerName": broker, "brokerId": 0,
			"messageType": t.messageType,
		})
	}
	return listOf(rows), nil
}

func (s *Service) topicStatus(i *instance, in given.Arguments) (any, error) {
	t := i.topic(in.Text("topicName"))
	messages := i.log.of(t.name)
	var last int64
	for _, m := range messages {
		last = max(last, m.StoreTimestamp)
	}
	return data(map[string]any{"perm": t.perm, "totalCount": len(messages), "lastTimeStamp": last}), nil
}

func (s *Service) timeSpan(i *instance, in given.Arguments) (any, error) {
	name := in.Text("topicName")
	var oldest, newest int64
	for _, m := range i.log.of(name) {
		if oldest == 0 || m.StoreTimestamp < oldest {
			oldest = m.StoreTimestamp
		}
		newest = max(newest, m.StoreTimestamp)
	}
	return data(map[string]any{"tenantId": "1", "clusterName": i.name, "topicName": name, "minTimeStamp": oldest, "maxTimeStamp": newest}), nil
}

// topicSubscribers are the groups that should receive the topic's messages, online or not.
func (s *Service) topicSubscribers(i *instance, in given.Arguments) (any, error) {
	name := in.Text("topicName")
	subscribers := []any{}
	for _, g := range i.groups {
		if filter, ok := g.filters[name]; ok {
			subscribers = append(subscribers, map[string]string{"consumerGroup": g.name, "subString": filter})
		}
	}
	return data(map[string]any{"subscriptionDataList": subscribers, "topic": name, "prodInstId": i.id}), nil
}

// point is the rate of one minute.
type point struct {
	TPS     float64 `json:"tps"`
	Created int64   `json:"crtTime"`
}

// rates are those of the last ten minutes, from the times of events in Unix milliseconds.
func rates(now time.Time, events []int64) []point {
	const minutes = 10
	points := make([]point, minutes)
	for n := range points {
		until := now.Truncate(time.Minute).Add(time.Duration(n-minutes+1) * time.Minute).UnixMilli()
		points[n].Created = until
		for _, at := range events {
			if at > until-time.Minute.Milliseconds() && at <= until {
				points[n].TPS += 1.0 / 60
			}
		}
	}
	return points
}

func (s *Service) inputRate(i *instance, in given.Arguments) (any, error) {
	name := in.Text("topicName")
	var events []int64
	for _, m := range i.log.of(name) {
		events = append(events, m.StoreTimestamp)
	}
	return data(map[string]any{"prodInstId": i.id, "topicName": name, "tpsVoList": rates(s.now(), events)}), nil
}

// deadTopic is where the messages end that a group gave up on.
func deadTopic(group string) string { return "%DLQ%" + group }
