package emulator

import (
	"time"

	"github.com/mqtrail/mqtrail/sdk/sandbox"
)

func (c *cloud) progressOperations() map[string]operation {
	return map[string]operation{"GetConsumerGroupLag": c.getLag, "GetConsumeTimespan": c.getTimespan, "ResetConsumeOffset": c.resetOffset}
}

// lag is what a group has not consumed yet.
type lag struct {
	Ready    int          `json:"readyCount"`
	Inflight int          `json:"inflightCount"`
	Delay    int64        `json:"deliveryDuration"` // seconds that the oldest of them has waited
	Last     milliseconds `json:"lastConsumeTimestamp"`
}

// add makes the lag of several topics.
func (l *lag) add(other lag) {
	l.Ready += other.Ready
	l.Inflight += other.Inflight
	l.Delay = max(l.Delay, other.Delay)
	if other.Last.After(l.Last.Time) {
		l.Last = other.Last
	}
}

// waiting are the messages of a topic that the subscription has not come to, oldest first.
func (s *subscription) waiting(t *topic, now time.Time) []*message {
	var ready []*message
	for _, m := range t.messages {
		if !s.local && m.deliverable(now) && m.available().After(s.position) && s.wants(m) {
			ready = append(ready, m)
		}
	}
	return ready
}

func (s *subscription) lag(t *topic, now time.Time) lag {
	ready := s.waiting(t, now)
	found := lag{Ready: len(ready), Inflight: s.inflight(t, now), Last: milliseconds{s.last}}
	for _, m := range ready {
		found.Delay = max(found.Delay, int64(now.Sub(m.available())/time.Second))
	}
	return found
}

// inflight counts the messages that were delivered and not acknowledged yet.
func (s *subscription) inflight(t *topic, now time.Time) int {
	count := 0
	for _, m := range t.messages {
		for _, st := range m.struggles {
			if last, ok := st.last(now); ok && st.group.ID == s.group && now.Before(last.Add(st.held())) {
				count++
			}
		}
	}
	return count
}

// consumed is the time of the newest message that the subscription has come past; none when there is no such message.
func (s *subscription) consumed(t *topic, now time.Time) time.Time {
	var newest time.Time
	for _, m := range t.messages {
		if !s.local && m.deliverable(now) && !m.available().After(s.position) && m.stored.After(newest) {
			newest = m.stored
		}
	}
	return newest
}

func (c *cloud) getLag(call *sandbox.Call) (any, error) {
	i, g, err := c.groupOf(call)
	if err != nil {
		return nil, err
	}
	wanted := call.Text("topicName")
	if wanted != "" {
		if _, err := i.topic(wanted); err != nil {
			return nil, err
		}
	}
	var total lag
	topics := map[string]lag{}
	for _, s := range g.subscriptions {
		t, err := i.topic(s.topic)
		if err != nil || wanted != "" && wanted != s.topic { // a subscription may outlive its topic
			continue
		}
		topics[s.topic] = s.lag(t, c.now())
		total.add(topics[s.topic])
	}
	return map[string]any{
		"consumerGroupId": g.ID, "instanceId": g.Instance, "regionId": region, "topicName": wanted,
		"topicLagMap": topics, "totalLag": total, "liteTopicLagMap": map[string]any{},
	}, nil
}

// subscriptionOf is the subscription that a call is about, and its topic.
func (c *cloud) subscriptionOf(call *sandbox.Call) (*subscription, *topic, error) {
	i, g, err := c.groupOf(call)
	if err != nil {
		return nil, nil, err
	}
	t, err := i.topic(call.Text("topicName"))
	if err != nil {
		return nil, nil, err
	}
	s, err := g.subscription(t.Name)
	return s, t, err
}

func (c *cloud) getTimespan(call *sandbox.Call) (any, error) {
	s, t, err := c.subscriptionOf(call)
	if err != nil {
		return nil, err
	}
	var oldest, newest time.Time
	for _, m := range t.messages {
		if !m.deliverable(c.now()) {
			continue // it is not in the topic yet
		}
		if oldest.IsZero() || m.stored.Before(oldest) {
			oldest = m.stored
		}
		if m.stored.After(newest) {
			newest = m.stored
		}
	}
	return map[string]any{
		"consumerGroupId": call.Text("consumerGroupId"), "instanceId": t.Instance, "topicName": t.Name,
		"minTimestamp": milliseconds{oldest}, "maxTimestamp": milliseconds{newest}, "consumeTimestamp": milliseconds{s.consumed(t, c.now())},
	}, nil
}

// resetOffset moves a group. The sandbox's consumers do not come back for what a reset makes ready again: it stays
// ready, to be seen.
func (c *cloud) resetOffset(call *sandbox.Call) (any, error) {
	s, _, err := c.subscriptionOf(call)
	if err != nil {
		return nil, err
	}
	switch call.Text("resetType") {
	case "LATEST_OFFSET":
		s.position = c.now()
	case "SPECIFIED_TIME":
		if call.Text("resetTime") == "" {
			return nil, missing("resetTime")
		}
		to, err := parseTime("resetTime", call.Text("resetTime"))
		if err != nil {
			return nil, err
		}
		s.position = to.Add(-time.Nanosecond) // a message of that very time is consumed again
	default:
		return nil, missing("resetType")
	}
	return nil, nil
}
