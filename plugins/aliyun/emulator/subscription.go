package emulator

import (
	"slices"
	"strings"
	"time"

	"github.com/mqtrail/mqtrail/sdk/sandbox"
)

// subscription is a group's wish for a topic's messages, and how far it has come.
type subscription struct {
	group, topic, filter, filterType string
	// position is up to when the group has consumed what the topic has to deliver.
	position time.Time
	// last is when it consumed something.
	last time.Time
	// silent consumers are of an old kind, which report nothing to traces.
	silent bool
	// local: the consumers keep their progress to themselves, as broadcasting ones do.
	local bool
}

func (c *cloud) subscriptionOperations() map[string]operation {
	return map[string]operation{
		"ListConsumerGroupSubscriptions": c.listGroupSubscriptions, "ListTopicSubscriptions": c.listTopicSubscriptions,
		"GetConsumerGroupSubscription": c.getGroupSubscription, "DeleteConsumerGroupSubscription": c.deleteSubscription,
	}
}

func (g *group) online() bool { return len(g.clients) > 0 }

// subscription is the group's to a topic. The code for a topic that it does not subscribe to is assumed.
func (g *group) subscription(topic string) (*subscription, error) {
	if found, ok := find(g.subscriptions, func(s *subscription) bool { return s.topic == topic }); ok {
		return found, nil
	}
	return nil, notFound("Subscription", "topicName")
}

// wants reports whether the filter lets a message through. SQL is not worked out: all pass.
func (s *subscription) wants(m *message) bool {
	if s.filterType != "TAG" || s.filter == "*" {
		return true
	}
	return slices.ContainsFunc(strings.Split(s.filter, "||"), func(tag string) bool { return strings.TrimSpace(tag) == m.tag })
}

// viewSubscription is what is told of a subscription.
func viewSubscription(i *instance, g *group, s *subscription) map[string]any {
	_, err := i.topic(s.topic)
	status := "OFFLINE"
	if g.online() {
		status = "ONLINE"
	}
	return map[string]any{
		"consumerGroupId": g.ID, "topicName": s.topic, "filterExpression": s.filter, "filterExpressionType": s.filterType,
		"messageModel": g.Model, "subscriptionStatus": status, "consistency": true, "topicCreated": err == nil,
	}
}

func (c *cloud) listGroupSubscriptions(call *sandbox.Call) (any, error) {
	i, g, err := c.groupOf(call)
	if err != nil {
		return nil, err
	}
	all := []any{}
	for _, s := range g.subscriptions {
		if wanted := call.Text("topicName"); wanted == "" || wanted == s.topic {
			all = append(all, viewSubscription(i, g, s))
		}
	}
	return all, nil
}

// listTopicSubscriptions tells of consistency as text, unlike listGroupSubscriptions.
func (c *cloud) listTopicSubscriptions(call *sandbox.Call) (any, error) {
	i, t, err := c.topicOf(call)
	if err != nil {
		return nil, err
	}
	all := []any{}
	for _, g := range i.groups {
		if s, err := g.subscription(t.Name); err == nil {
			all = append(all, merged(viewSubscription(i, g, s), map[string]any{"consistency": "true"}))
		}
	}
	return all, nil
}

// getGroupSubscription tells of the subscription once for every client, and once when there is none.
func (c *cloud) getGroupSubscription(call *sandbox.Call) (any, error) {
	i, g, err := c.groupOf(call)
	if err != nil {
		return nil, err
	}
	s, err := g.subscription(call.Text("topicName"))
	if err != nil {
		return nil, err
	}
	all := []any{}
	for _, client := range g.clients {
		all = append(all, map[string]any{"connectionDTO": client, "subscriptionDTO": viewSubscription(i, g, s)})
	}
	if len(all) == 0 {
		all = append(all, map[string]any{"connectionDTO": nil, "subscriptionDTO": viewSubscription(i, g, s)})
	}
	return all, nil
}

// deleteSubscription takes the exact filter: another one is another subscription.
func (c *cloud) deleteSubscription(call *sandbox.Call) (any, error) {
	_, g, err := c.groupOf(call)
	if err != nil {
		return nil, err
	}
	s, err := g.subscription(call.Text("topicName"))
	if err != nil {
		return nil, err
	}
	if s.filter != call.Text("filterExpression") || s.filterType != call.Text("filterType") {
		return nil, notFound("Subscription", "filterExpression")
	}
	g.subscriptions = without(g.subscriptions, func(other *subscription) bool { return other == s })
	return true, nil
}
