package emulator

import (
	"fmt"

	"github.com/mqtrail/mqtrail/sdk/sandbox"
)

// clientQuota throttles a user, a client, or all of them.
type clientQuota struct {
	User          string `json:"user"`
	Client        string `json:"client"`
	UserDefault   bool   `json:"user-default"`
	ClientDefault bool   `json:"client-default"`
	Producer      int64  `json:"producer-byte-rate"`
	Consumer      int64  `json:"consumer-byte-rate"`
}

func (q *clientQuota) key() string {
	return fmt.Sprintf("%q %q %t %t", q.User, q.Client, q.UserDefault, q.ClientDefault)
}

// topicQuota throttles a topic.
type topicQuota struct {
	Topic    string `json:"topic"`
	Producer int64  `json:"producer-byte-rate"`
	Consumer int64  `json:"consumer-byte-rate"`
}

func (q *topicQuota) key() string { return q.Topic }

// kafkaQuotas are the operations on quotas. What a quota that exists, or does not, is answered with is assumed.
func kafkaQuotas() map[string]handler {
	return map[string]handler{
		"CreateKafkaUserClientQuotaTask": func(c *call) *sandbox.Answer { return changeClientQuota(c, false) },
		"UpdateKafkaUserClientQuotaTask": func(c *call) *sandbox.Answer { return changeClientQuota(c, true) },
		"DeleteKafkaUserClientQuotaTask": deleteClientQuota,
		"ShowKafkaUserClientQuota": func(c *call) *sandbox.Answer {
			return ok(object{"quotas": page(c, c.instance.Kafka.ClientQuotas), "count": len(c.instance.Kafka.ClientQuotas)})
		},
		"CreateKafkaTopicQuota": func(c *call) *sandbox.Answer { return changeTopicQuota(c, false) },
		"ModifyKafkaTopicQuota": func(c *call) *sandbox.Answer { return changeTopicQuota(c, true) },
		"DeleteKafkaTopicQuota": deleteTopicQuota,
		"ShowKafkaTopicQuota":   listTopicQuotas,
	}
}

func changeClientQuota(c *call, exists bool) *sandbox.Answer {
	k := c.instance.Kafka
	wanted := &clientQuota{
		User: c.Text("user"), Client: c.Text("client"), UserDefault: given[bool](c, "user_default"), ClientDefault: given[bool](c, "client_default"),
		Producer: c.whole("producer_byte_rate", 0), Consumer: c.whole("consumer_byte_rate", 0),
	}
	known, found := lookUp(k.ClientQuotas, wanted.key())
	switch {
	case found != exists:
		return invalid("user", "whether there is a quota of this user and client does not fit the call")
	case found:
		*known = *wanted
	default:
		k.ClientQuotas = append(k.ClientQuotas, wanted)
	}
	return ok(object{"job_id": c.instance.job(c, "modifyUserClientQuota")})
}

func deleteClientQuota(c *call) *sandbox.Answer {
	wanted := &clientQuota{
		User: c.Text("user"), Client: c.Text("client"), UserDefault: given[bool](c, "user_default"), ClientDefault: given[bool](c, "client_default"),
	}
	rest, known := without(c.instance.Kafka.ClientQuotas, wanted.key())
	if !known {
		return unknown("quota of", wanted.User+wanted.Client)
	}
	c.instance.Kafka.ClientQuotas = rest
	return ok(object{"job_id": c.instance.job(c, "deleteUserClientQuota")})
}

func changeTopicQuota(c *call, exists bool) *sandbox.Answer {
	k := c.instance.Kafka
	wanted := &topicQuota{Topic: c.Text("topic"), Producer: c.whole("producer-byte-rate", 0), Consumer: c.whole("consumer-byte-rate", 0)}
	if _, known := lookUp(k.Topics, wanted.Topic); !known {
		return unknownTopic()
	}
	known, found := lookUp(k.TopicQuotas, wanted.Topic)
	switch {
	case found != exists:
		return invalid("topic", "whether there is a quota of this topic does not fit the call")
	case found:
		*known = *wanted
	default:
		k.TopicQuotas = append(k.TopicQuotas, wanted)
	}
	return ok(object{"job_id": c.instance.job(c, "modifyTopicQuota")})
}

func deleteTopicQuota(c *call) *sandbox.Answer {
	rest, known := without(c.instance.Kafka.TopicQuotas, c.Text("topic"))
	if !known {
		return unknown("quota of", c.Text("topic"))
	}
	c.instance.Kafka.TopicQuotas = rest
	return ok(object{"job_id": c.instance.job(c, "deleteTopicQuota")})
}

func listTopicQuotas(c *call) *sandbox.Answer {
	found := []*topicQuota{}
	for _, one := range c.instance.Kafka.TopicQuotas {
		if contains(one.Topic, c.Text("keyword")) {
			found = append(found, one)
		}
	}
	return ok(object{"quotas": page(c, found), "count": len(found)})
}
