package emulator

import (
	"slices"
	"strings"

	"github.com/mqtrail/mqtrail/sdk/sandbox"
)

// The types of topics and of their messages.
const (
	normal      = "NORMAL"
	fifo        = "FIFO"
	delay       = "DELAY"
	transaction = "TRANSACTION"
	lite        = "LITE"
)

// topic is one topic and its messages, in the order in which they were stored.
type topic struct {
	Instance       string `json:"instanceId"`
	Region         string `json:"regionId"`
	Name           string `json:"topicName"`
	Type           string `json:"messageType"`
	Remark         string `json:"remark"`
	Status         string `json:"status"`
	MaxSendTPS     int64  `json:"maxSendTps"`
	LiteExpiration *int64 `json:"liteTopicExpiration"`
	Created        stamp  `json:"createTime"`
	Updated        stamp  `json:"updateTime"`

	messages []*message
}

func (c *cloud) topicOperations() map[string]operation {
	return map[string]operation{
		"ListTopics": c.listTopics, "GetTopic": c.getTopic, "CreateTopic": c.createTopic, "UpdateTopic": c.updateTopic, "DeleteTopic": c.deleteTopic,
	}
}

// topicOf is the topic that a call is about, and its instance.
func (c *cloud) topicOf(call *sandbox.Call) (*instance, *topic, error) {
	i, err := c.instanceOf(call)
	if err != nil {
		return nil, nil, err
	}
	t, err := i.topic(call.Text("topicName"))
	return i, t, err
}

func (i *instance) topic(name string) (*topic, error) {
	if found, ok := find(i.topics, func(t *topic) bool { return t.Name == name }); ok {
		return found, nil
	}
	return nil, notFound("Topic", "topicName")
}

func (c *cloud) listTopics(call *sandbox.Call) (any, error) {
	i, err := c.instanceOf(call)
	if err != nil {
		return nil, err
	}
	wish, err := arguments[struct{ MessageTypes []string }](call)
	if err != nil {
		return nil, err
	}
	return paged(call, without(i.topics, func(t *topic) bool {
		return !strings.Contains(t.Name, call.Text("filter")) || len(wish.MessageTypes) > 0 && !slices.Contains(wish.MessageTypes, t.Type)
	}))
}

func (c *cloud) getTopic(call *sandbox.Call) (any, error) {
	_, t, err := c.topicOf(call)
	return t, err
}

func (c *cloud) createTopic(call *sandbox.Call) (any, error) {
	i, err := c.instanceOf(call)
	if err != nil {
		return nil, err
	}
	made := &topic{Instance: i.id, Region: region, Status: "RUNNING", MaxSendTPS: 1000, Created: stamp{c.now()}, Updated: stamp{c.now()}}
	wish, err := arguments[topicWish](call)
	if err != nil {
		return nil, err
	}
	made.Name, made.Type = wish.TopicName, wish.MessageType
	_, err = i.topic(made.Name)
	switch {
	case err == nil:
		return nil, existed("Topic", "topicName")
	case !validName(made.Name):
		return nil, invalid("topicName", nameRule)
	case !slices.Contains([]string{normal, fifo, delay, transaction, lite}, made.Type):
		return nil, invalid("messageType", "it is none of the types.")
	case len(i.topics) >= maxTopics:
		return nil, full("topicName")
	}
	wish.change(made)
	i.topics = append(i.topics, made)
	return true, nil
}

// topicWish is what a call says of a topic.
type topicWish struct {
	TopicName, MessageType string

	Remark              *string
	MaxSendTPS          *int64
	LiteTopicExpiration *int64
}

func (w topicWish) change(t *topic) {
	set(&t.Remark, w.Remark)
	set(&t.MaxSendTPS, w.MaxSendTPS)
	if w.LiteTopicExpiration != nil {
		t.LiteExpiration = w.LiteTopicExpiration
	}
}

func (c *cloud) updateTopic(call *sandbox.Call) (any, error) {
	_, t, err := c.topicOf(call)
	if err != nil {
		return nil, err
	}
	wish, err := arguments[topicWish](call)
	if err != nil {
		return nil, err
	}
	wish.change(t)
	t.Updated = stamp{c.now()}
	return true, nil
}

// deleteTopic deletes a topic, with its messages and all subscriptions to it.
func (c *cloud) deleteTopic(call *sandbox.Call) (any, error) {
	i, t, err := c.topicOf(call)
	if err != nil {
		return nil, err
	}
	i.topics = without(i.topics, func(other *topic) bool { return other == t })
	for _, g := range i.groups {
		g.subscriptions = without(g.subscriptions, func(s *subscription) bool { return s.topic == t.Name })
	}
	return true, nil
}

// nameRule is what names of topics and groups are made of.
const nameRule = "1 to 60 letters, digits, _ - and % make a name."

func validName(name string) bool {
	return len(name) >= 1 && len(name) <= 60 && !strings.ContainsFunc(name, func(r rune) bool {
		return (r < '0' || r > '9') && (r < 'A' || r > 'Z') && (r < 'a' || r > 'z') && !strings.ContainsRune("_-%", r)
	})
}
