package emulator

import (
	"fmt"
	"time"

	"github.com/mqtrail/mqtrail/sdk/sandbox"
)

// roma is what an instance of ROMA Connect's MQS holds: topics that belong to applications.
type roma struct {
	Topics   []*romaTopic  `json:"topics"`
	Messages []romaMessage `json:"messages"`

	made int
}

// romaTopic is a topic and its partitions.
type romaTopic struct {
	Name        string       `json:"name"`
	Description string       `json:"description"`
	AppID       string       `json:"app_id"`
	AppName     string       `json:"app_name"`
	Sensitive   string       `json:"sensitive_word"`
	Partitions  int          `json:"partitions"`
	Replication int64        `json:"replication"`
	Retention   int64        `json:"retention"` // hours
	Synchronous bool         `json:"synchronous"`
	Flush       bool         `json:"flush"`
	Policies    []romaPolicy `json:"policies"`

	messages []*romaMessage
}

// romaPolicy is what an application may do with a topic.
type romaPolicy struct {
	Owner   bool   `json:"owner"`
	AppID   string `json:"app_id,omitempty"`
	AppName string `json:"app_name"`
	Access  string `json:"access_policy"`
	Tag     string `json:"tag"`
}

// romaMessage is a message; of the data, too.
type romaMessage struct {
	Topic     string `json:"topic"`
	Partition int    `json:"partition"`
	Key       string `json:"key"`
	Tag       string `json:"tag"`
	Value     string `json:"value"`
	Age       age    `json:"age"`

	id     string
	offset int64
	at     int64
}

func (t *romaTopic) key() string { return t.Name }

func (r *roma) begin(now time.Time) error {
	for _, one := range r.Messages {
		topic, known := lookUp(r.Topics, one.Topic)
		if !known || one.Partition >= topic.Partitions {
			return fmt.Errorf("a message is in partition %d of %s, which is nowhere", one.Partition, one.Topic)
		}
		one.at = one.Age.milliseconds(now)
		r.store(topic, one)
	}
	return nil
}

func (r *roma) store(topic *romaTopic, one romaMessage) {
	r.made++
	one.id, one.offset = fmt.Sprintf("ID-roma-%08d", r.made), 0
	for _, other := range topic.messages {
		if other.Partition == one.Partition {
			one.offset = other.offset + 1
		}
	}
	topic.messages = append(topic.messages, &one)
}

func (t *romaTopic) view() object {
	return object{
		"name": t.Name, "description": t.Description, "app_id": t.AppID, "app_name": t.AppName, "sensitive_word": t.Sensitive,
		"partition": t.Partitions, "replication": t.Replication, "retention_time": t.Retention, "sync_replication": t.Synchronous,
		"sync_message_flush": t.Flush, "permissions": []string{"all"}, "policiesOnly": false, "external_configs": object{}, "topic_type": 0,
	}
}

func romaHandlers() map[string]handler {
	return map[string]handler{
		"ListMqsInstance": listROMAInstances, "ShowMqsInstance": showInstance,
		"ListMqsInstanceTopics": listROMATopics, "CreateMqsInstanceTopic": createROMATopic, "UpdateMqsInstanceTopic": updateROMATopics,
		"DeleteMqsInstanceTopic": func(c *call) *sandbox.Answer { return deleteROMATopics(c, []string{c.Text("name")}) },
		"BatchDeleteMqsInstanceTopic": func(c *call) *sandbox.Answer {
			return deleteROMATopics(c, given[[]string](c, "topics"))
		},
		"ExportMqsInstanceTopic": exportROMATopics, "ImportMqsInstanceTopic": importROMATopics,
		"ShowMqsInstanceTopicAccessPolicy": showROMAPolicies, "UpdateTopicAccessPolicy": updateROMAPolicies,
		"ShowMqsInstanceMessages": queryROMAMessages, "ResetMessages": resendROMAMessage,
	}
}

func listROMAInstances(c *call) *sandbox.Answer {
	return ok(object{"instances": views(c.shop.instances, (*instance).view), "instance_num": len(c.shop.instances)})
}
