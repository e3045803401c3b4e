package rocketmq

import (
	"fmt"
	"maps"
	"slices"

	"github.com/mqtrail/mqtrail/plugins/ctyun/emulator/given"
)

// dead are the dead letters of a group.
func (i *instance) dead(in given.Arguments) []*message {
	return i.log.of(deadTopic(in.Text("groupName") + in.Text("groupId")))
}

func (i *instance) deadOf(in given.Arguments) (*message, error) {
	id := in.Text("msgId")
	letters := i.dead(in)
	at := slices.IndexFunc(letters, func(m *message) bool { return m.MsgID == id })
	if at < 0 {
		return nil, fmt.Errorf("dead letter %s does not exist", id)
	}
	return letters[at], nil
}

func (s *Service) deadLetter(i *instance, in given.Arguments) (any, error) {
	m, err := i.deadOf(in)
	if err != nil {
		return nil, err
	}
	return data(m), nil
}

func (s *Service) deadLetters(i *instance, in given.Arguments) (any, error) {
	return listOf(within(i.dead(in), in)), nil
}

// resend stores a dead letter once more in the topic that it came from; the dead letter stays where it is.
func (s *Service) resend(i *instance, in given.Arguments) (any, error) {
	dead, err := i.deadOf(in)
	if err != nil {
		return nil, err
	}
	origin := i.topic(dead.Properties["REAL_TOPIC"])
	if origin == nil {
		return nil, fmt.Errorf("topic %s does not exist", dead.Properties["REAL_TOPIC"])
	}
	properties := maps.Clone(dead.Properties)
	delete(properties, "REAL_TOPIC")
	delete(properties, "RETRY_TOPIC")
	i.store(origin, &message{BornTimestamp: s.now().UnixMilli(), BornHost: dead.BornHost, Properties: properties, Body: dead.Body}, s.now())
	return done(), nil
}

// bury stores a message that a group gave up on among its dead letters.
func (i *instance) bury(g *group, m *message) {
	properties := maps.Clone(m.Properties)
	properties["REAL_TOPIC"], properties["ORIGIN_MESSAGE_ID"], properties["RETRY_TOPIC"] = m.Topic, m.MsgID, "%RETRY%"+g.name
	last := m.of(g.name)
	i.store(i.topic(deadTopic(g.name)), &message{
		BornTimestamp: m.BornTimestamp, BornHost: m.BornHost, ReconsumeTimes: g.maxRetries, Properties: properties, Body: m.Body,
	}, last[len(last)-1].at)
}
