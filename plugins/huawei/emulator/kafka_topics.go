package emulator

import (
	"net/http"
	"slices"

	"github.com/mqtrail/mqtrail/sdk/sandbox"
)

// maxPartitions is the instance's, of all topics together.
const maxPartitions = 300

// kafkaTopic is a topic and its partitions.
type kafkaTopic struct {
	Name        string `json:"name"`
	Description string `json:"description"`
	Age         age    `json:"age"`
	// Starts are the first offsets that the partitions still keep.
	Starts      []int64  `json:"starts"`
	Replication int64    `json:"replication"`
	Retention   int64    `json:"retention"` // hours
	Synchronous bool     `json:"synchronous"`
	Flush       bool     `json:"flush"`
	Policies    []policy `json:"policies"`

	created    int64
	partitions []*partition
}

// policy is what a user may do with a topic.
type policy struct {
	Owner  bool   `json:"owner"`
	User   string `json:"user_name"`
	Access string `json:"access_policy"`
}

func (t *kafkaTopic) key() string { return t.Name }

func (t *kafkaTopic) view() object {
	return object{
		"name": t.Name, "topic_desc": t.Description, "partition": len(t.partitions), "replication": t.Replication,
		"retention_time": t.Retention, "sync_replication": t.Synchronous, "sync_message_flush": t.Flush, "policiesOnly": false,
		"topic_type": 0, "external_configs": object{}, "created_at": t.created,
		"topic_other_configs": []config{{Name: "max.message.bytes", Value: "10485760", Default: "10485760", Valid: "[0~10485760]", Kind: "dynamic", Type: "int"}},
	}
}

// kafkaTopics are the operations on topics.
func kafkaTopics() map[string]handler {
	return map[string]handler{
		"CreateInstanceTopic": createKafkaTopic, "ListInstanceTopics": listKafkaTopics, "UpdateInstanceTopic": updateKafkaTopics,
		"BatchDeleteInstanceTopic": deleteKafkaTopics,
		"ShowInstanceTopicDetail":  withKafkaTopic("topic", showKafkaTopic),
		"ShowKafkaTopicDetail":     withKafkaTopic("topic", showKafkaReplicas),
		"ListTopicPartitions":      withKafkaTopic("topic", listPartitions),
		"ListTopicProducers":       withKafkaTopic("topic", listProducers),
		"CreatePartition":          withKafkaTopic("topic", createPartitions),
		"ShowTopicAccessPolicy":    withKafkaTopic("topic_name", showKafkaPolicies),
		"UpdateTopicAccessPolicy":  updateKafkaPolicies, "ShowKafkaTopicPartitionDiskusage": showDiskUsage,
	}
}

func withKafkaTopic(argument string, handle func(*call, *kafkaTopic) *sandbox.Answer) handler {
	return func(c *call) *sandbox.Answer {
		topic, known := lookUp(c.instance.Kafka.Topics, c.Text(argument))
		if !known {
			return unknownTopic()
		}
		return handle(c, topic)
	}
}

func createKafkaTopic(c *call) *sandbox.Answer {
	k := c.instance.Kafka
	count, replicas := c.whole("partition", 3), c.whole("replication", 3)
	if _, taken := lookUp(k.Topics, c.Text("id")); taken {
		return topicExists()
	}
	if count < 1 || count > 200 {
		return failure(http.StatusBadRequest, "DMS.00400102", "The number of partitions created for a Kafka topic must be within the range of 1-200.")
	}
	if k.used()+count*replicas > maxPartitions {
		return failure(http.StatusBadRequest, "DMS.111400860", "Instance partition is not enough.")
	}
	made := &kafkaTopic{
		Name: c.Text("id"), Description: c.Text("topic_desc"), Replication: replicas, Retention: c.whole("retention_time", 72),
		Synchronous: given[bool](c, "sync_replication"), Flush: given[bool](c, "sync_message_flush"), created: c.now.UnixMilli(),
	}
	made.grow(count)
	k.Topics = append(k.Topics, made)
	return ok(object{"name": made.Name})
}

func (t *kafkaTopic) grow(count int64) {
	for int64(len(t.partitions)) < count {
		t.partitions = append(t.partitions, &partition{})
	}
}

// used counts partitions with their replicas.
func (k *kafka) used() (sum int64) {
	for _, topic := range k.Topics {
		sum += int64(len(topic.partitions)) * topic.Replication
	}
	return sum
}

func listKafkaTopics(c *call) *sandbox.Answer {
	k := c.instance.Kafka
	shown := page(c, k.Topics)
	return ok(object{
		"total": len(k.Topics), "size": len(shown), "max_partitions": maxPartitions, "remain_partitions": maxPartitions - k.used(),
		"topic_max_partitions": 200, "topics": views(shown, (*kafkaTopic).view),
	})
}

func updateKafkaTopics(c *call) *sandbox.Answer {
	type change struct {
		ID          string  `json:"id"`
		Description *string `json:"topic_desc"`
		Retention   *whole  `json:"retention_time"`
		Synchronous *bool   `json:"sync_replication"`
		Flush       *bool   `json:"sync_message_flush"`
		Partitions  *whole  `json:"new_partition_numbers"`
	}
	changes := given[[]change](c, "topics")
	for _, one := range changes {
		if _, known := lookUp(c.instance.Kafka.Topics, one.ID); !known {
			return unknownTopic()
		}
	}
	for _, one := range changes {
		topic, _ := lookUp(c.instance.Kafka.Topics, one.ID)
		replace(&topic.Description, one.Description)
		replace(&topic.Synchronous, one.Synchronous)
		replace(&topic.Flush, one.Flush)
		if one.Retention != nil {
			topic.Retention = int64(*one.Retention)
		}
		if one.Partitions != nil {
			topic.grow(min(int64(*one.Partitions), maxPartitions))
		}
	}
	return done()
}

// replace changes what is given.
func replace[T any](value *T, given *T) {
	if given != nil {
		*value = *given
	}
}

func deleteKafkaTopics(c *call) *sandbox.Answer {
	k := c.instance.Kafka
	return ok(object{"topics": views(given[[]string](c, "topics"), func(name string) object {
		rest, known := without(k.Topics, name)
		k.Topics = rest
		for _, group := range k.Groups {
			delete(group.committed, name)
		}
		return object{"id": name, "success": known}
	})})
}

func createPartitions(c *call, topic *kafkaTopic) *sandbox.Answer {
	count := c.whole("partition", 0)
	if count <= int64(len(topic.partitions)) || count > 200 {
		return failure(http.StatusBadRequest, "DMS.00400102", "The number of partitions must be more than there are, and at most 200.")
	}
	topic.grow(count)
	return done()
}

func showKafkaTopic(c *call, topic *kafkaTopic) *sandbox.Answer {
	shown := []object{}
	for i, one := range topic.partitions {
		leader := i % kafkaBrokers
		replicas := []object{}
		for r := range min(int(topic.Replication), kafkaBrokers) {
			replicas = append(replicas, object{"broker": (leader + r) % kafkaBrokers, "leader": r == 0, "in_sync": true, "size": one.bytes(), "lag": 0})
		}
		shown = append(shown, object{
			"partition": i, "leader": leader, "leo": one.end, "hw": one.end, "lso": one.start, "last_update_timestamp": one.last(), "replicas": replicas,
		})
	}
	return ok(object{"topic": topic.Name, "partitions": shown, "group_subscribed": c.instance.Kafka.subscribers(topic.Name)})
}

func showKafkaReplicas(_ *call, topic *kafkaTopic) *sandbox.Answer {
	shown := []object{}
	for i := range topic.partitions {
		replicas := []int{}
		for r := range min(int(topic.Replication), kafkaBrokers) {
			replicas = append(replicas, (i+r)%kafkaBrokers)
		}
		shown = append(shown, object{"partition": i, "leader": i % kafkaBrokers, "replicas": replicas})
	}
	return ok([]object{{"topic": topic.Name, "create_time": topic.created, "partitions": shown}})
}

func listPartitions(c *call, topic *kafkaTopic) *sandbox.Answer {
	shown := []object{}
	for i, one := range topic.partitions {
		shown = append(shown, object{
			"partition": i, "start_offset": one.start, "last_offset": one.end, "message_count": one.end - one.start, "last_update_time": one.last(),
		})
	}
	return ok(object{"total": len(shown), "partitions": page(c, shown)})
}

// listProducers shows one producer while there are messages.
func listProducers(c *call, topic *kafkaTopic) *sandbox.Answer {
	producers := []object{}
	if slices.ContainsFunc(topic.partitions, func(p *partition) bool { return len(p.records) > 0 }) {
		producers = append(producers, object{"producer_address": "192.168.0.11:41622", "broker_address": brokerHost(0), "join_time": topic.created})
	}
	return ok(object{"total": len(producers), "producers": page(c, producers)})
}

func showKafkaPolicies(_ *call, topic *kafkaTopic) *sandbox.Answer {
	return ok(object{"name": topic.Name, "topic_type": 0, "policies": append([]policy{}, topic.Policies...)})
}

func updateKafkaPolicies(c *call) *sandbox.Answer {
	type change struct {
		Name     string   `json:"name"`
		Policies []policy `json:"policies"`
	}
	changes := given[[]change](c, "topics")
	for _, one := range changes {
		if _, known := lookUp(c.instance.Kafka.Topics, one.Name); !known {
			return unknownTopic()
		}
	}
	for _, one := range changes {
		topic, _ := lookUp(c.instance.Kafka.Topics, one.Name)
		topic.Policies = one.Policies
	}
	return ok(object{"job_id": c.instance.job(c, "modifyTopicAccessPolicy")})
}
