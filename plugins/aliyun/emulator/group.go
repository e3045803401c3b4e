package emulator

import (
	"strings"

	"github.com/mqtrail/mqtrail/sdk/sandbox"
)

const (
	concurrently = "Concurrently"
	orderly      = "Orderly"
	clustering   = "CLUSTERING"
)

// group is a consumer group.
type group struct {
	Instance      string      `json:"instanceId"`
	Region        string      `json:"regionId"`
	ID            string      `json:"consumerGroupId"`
	Order         string      `json:"deliveryOrderType"`
	Model         string      `json:"messageModel"`
	Exclusive     bool        `json:"exclusive"`
	MaxReceiveTPS int64       `json:"maxReceiveTps"`
	Remark        string      `json:"remark"`
	Status        string      `json:"status"`
	Topic         string      `json:"topicName"` // of lite topics
	Retry         retryPolicy `json:"consumeRetryPolicy"`
	Created       stamp       `json:"createTime"`
	Updated       stamp       `json:"updateTime"`

	clients       []*client
	subscriptions []*subscription
}

// retryPolicy is what happens to a message that a group failed on.
type retryPolicy struct {
	Policy   string `json:"retryPolicy"`
	Max      int    `json:"maxRetryTimes"`
	Interval *int   `json:"fixedIntervalRetryTime"` // seconds
	DeadTo   string `json:"deadLetterTargetTopic"`
}

// usualRetry is the policy of a group that names none of its numbers.
func usualRetry() retryPolicy { return retryPolicy{Policy: "DefaultRetryPolicy", Max: 16} }

// client is a connected consumer.
type client struct {
	ID       string `json:"clientId"`
	Host     string `json:"hostname"`
	Address  string `json:"egressIp"`
	Language string `json:"language"`
	Version  string `json:"version"`
	Model    string `json:"messageModel"`
}

func (c *cloud) groupOperations() map[string]operation {
	return map[string]operation{
		"ListConsumerGroups": c.listGroups, "GetConsumerGroup": c.getGroup, "CreateConsumerGroup": c.createGroup,
		"UpdateConsumerGroup": c.updateGroup, "DeleteConsumerGroup": c.deleteGroup,
		"ListConsumerConnections": c.listConnections, "GetConsumerStack": c.getStack,
	}
}

// groupOf is the consumer group that a call is about, and its instance.
func (c *cloud) groupOf(call *sandbox.Call) (*instance, *group, error) {
	i, err := c.instanceOf(call)
	if err != nil {
		return nil, nil, err
	}
	g, err := i.group(call.Text("consumerGroupId"))
	return i, g, err
}

func (i *instance) group(id string) (*group, error) {
	if found, ok := find(i.groups, func(g *group) bool { return g.ID == id }); ok {
		return found, nil
	}
	return nil, notFound("ConsumerGroup", "consumerGroupId")
}

func (c *cloud) listGroups(call *sandbox.Call) (any, error) {
	i, err := c.instanceOf(call)
	if err != nil {
		return nil, err
	}
	return paged(call, without(i.groups, func(g *group) bool { return !strings.Contains(g.ID, call.Text("filter")) }))
}

func (c *cloud) getGroup(call *sandbox.Call) (any, error) {
	_, g, err := c.groupOf(call)
	return g, err
}

// groupWish is what a call says of a group.
type groupWish struct {
	ConsumerGroupID string

	ConsumeRetryPolicy                                 *retryPolicy
	DeliveryOrderType, MessageModel, Remark, TopicName *string
	Exclusive                                          *bool
	MaxReceiveTPS                                      *int64
}

func (w groupWish) change(g *group) {
	if w.ConsumeRetryPolicy != nil {
		policy := *w.ConsumeRetryPolicy
		if policy.Max == 0 {
			policy.Max = g.Retry.Max
		}
		g.Retry = policy
	}
	set(&g.Order, w.DeliveryOrderType)
	set(&g.Model, w.MessageModel)
	set(&g.Remark, w.Remark)
	set(&g.Topic, w.TopicName)
	set(&g.Exclusive, w.Exclusive)
	set(&g.MaxReceiveTPS, w.MaxReceiveTPS)
}

func (c *cloud) createGroup(call *sandbox.Call) (any, error) {
	i, err := c.instanceOf(call)
	if err != nil {
		return nil, err
	}
	wish, err := arguments[groupWish](call)
	if err != nil {
		return nil, err
	}
	made := &group{
		Instance: i.id, Region: region, ID: wish.ConsumerGroupID, Model: clustering, MaxReceiveTPS: 1000, Status: "RUNNING",
		Retry: usualRetry(), Created: stamp{c.now()}, Updated: stamp{c.now()},
	}
	_, err = i.group(made.ID)
	switch {
	case err == nil:
		return nil, existed("ConsumerGroup", "consumerGroupId")
	case !validName(made.ID):
		return nil, invalid("consumerGroupId", nameRule)
	case len(i.groups) >= maxEach:
		return nil, full("consumerGroupId")
	}
	wish.change(made)
	i.groups = append(i.groups, made)
	return true, nil
}

func (c *cloud) updateGroup(call *sandbox.Call) (any, error) {
	_, g, err := c.groupOf(call)
	if err != nil {
		return nil, err
	}
	wish, err := arguments[groupWish](call)
	if err != nil {
		return nil, err
	}
	wish.change(g)
	g.Updated = stamp{c.now()}
	return true, nil
}

func (c *cloud) deleteGroup(call *sandbox.Call) (any, error) {
	i, g, err := c.groupOf(call)
	if err != nil {
		return nil, err
	}
	i.groups = without(i.groups, func(other *group) bool { return other == g })
	return true, nil
}

func (c *cloud) listConnections(call *sandbox.Call) (any, error) {
	_, g, err := c.groupOf(call)
	if err != nil {
		return nil, err
	}
	return map[string]any{"consumerGroupId": g.ID, "instanceId": g.Instance, "regionId": region, "connections": append([]*client{}, g.clients...)}, nil
}

// client is the connected consumer of a name. The code for one that is not connected is assumed.
func (g *group) client(id string) (*client, error) {
	if found, ok := find(g.clients, func(c *client) bool { return c.ID == id }); ok {
		return found, nil
	}
	return nil, notFound("Client", "clientId")
}

// getStack shows a consumer that waits for messages.
func (c *cloud) getStack(call *sandbox.Call) (any, error) {
	_, g, err := c.groupOf(call)
	if err != nil {
		return nil, err
	}
	if _, err := g.client(call.Text("clientId")); err != nil {
		return nil, err
	}
	waiting := []string{
		"jdk.internal.misc.Unsafe.park(Native Method)",
		"java.util.concurrent.locks.LockSupport.park(LockSupport.java:341)",
		"java.util.concurrent.LinkedBlockingQueue.take(LinkedBlockingQueue.java:435)",
		"java.util.concurrent.ThreadPoolExecutor.getTask(ThreadPoolExecutor.java:1062)",
		"java.lang.Thread.run(Thread.java:840)",
	}
	return map[string]any{"consumerGroupId": g.ID, "instanceId": g.Instance, "regionId": region, "stacks": []any{
		map[string]any{"thread": "MessageConsumption-0-41", "tracks": waiting},
		map[string]any{"thread": "MessageConsumption-0-42", "tracks": waiting},
	}}, nil
}
