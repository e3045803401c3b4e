package emulator

import (
	"fmt"
	"slices"
	"strconv"

	"github.com/mqtrail/mqtrail/sdk/sandbox"
)

// kafkaBrokers is how many brokers an instance has.
const kafkaBrokers = 3

func brokerHost(id int) string { return fmt.Sprintf("192.168.0.%d", 101+id) }

// kafkaClusters are the operations that show brokers.
func kafkaClusters() map[string]handler {
	return map[string]handler{
		"ShowCluster": showManagedCluster, "ShowKafkaCluster": showKafkaCluster, "ShowCoordinators": showCoordinators, "ShowCesHierarchy": showKafkaHierarchy,
	}
}

func showManagedCluster(c *call) *sandbox.Answer {
	k := c.instance.Kafka
	brokers, partitions := []object{}, 0
	for id := range kafkaBrokers {
		brokers = append(brokers, object{
			"broker_id": strconv.Itoa(id), "host": brokerHost(id), "port": 9092, "is_controller": id == 0, "version": c.instance.Fields["engine_version"],
			"register_time": c.instance.created(), "is_health": true,
		})
	}
	for _, topic := range k.Topics {
		partitions += len(topic.partitions)
	}
	return ok(object{"cluster": object{
		"controller": "0", "brokers": brokers, "topics_count": len(k.Topics), "partitions_count": partitions,
		"online_partitions_count": partitions, "replicas_count": k.used(), "isr_replicas_count": k.used(), "consumers_count": len(k.Groups),
	}})
}

func (i *instance) created() int64 {
	text, _ := i.Fields["created_at"].(string)
	created, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		return 0 // data that give no time
	}
	return created
}

func showKafkaCluster(*call) *sandbox.Answer {
	brokers := []object{}
	for id := range kafkaBrokers {
		brokers = append(brokers, object{"broker_id": strconv.Itoa(id), "host": brokerHost(id), "port": 9092, "health": true})
	}
	return ok(object{"cluster": object{"brokers": brokers}})
}

func showCoordinators(c *call) *sandbox.Answer {
	return ok(object{"coordinators": views(c.instance.Kafka.Groups, func(g *kafkaGroup) object {
		return object{"group_id": g.Name, "id": g.coordinator(), "host": brokerHost(g.coordinator()), "port": 9092}
	})})
}

// showKafkaHierarchy names what there are metrics of.
func showKafkaHierarchy(c *call) *sandbox.Answer {
	k := c.instance.Kafka
	nodes := []object{}
	for id := range kafkaBrokers {
		nodes = append(nodes, object{"name": "broker-" + strconv.Itoa(id)})
	}
	queue := func(topic *kafkaTopic) object {
		partitions := []object{}
		for i := range topic.partitions {
			partitions = append(partitions, object{"name": strconv.Itoa(i)})
		}
		return object{"name": topic.Name, "partitions": partitions}
	}
	return ok(object{
		"dimensions": []object{{
			"name": "kafka_instance_id", "metrics": []string{"current_partitions", "current_topics", "group_msgs"},
			"key_name": []string{"instance_ids"}, "dim_router": []string{"kafka_instance_id"}, "children": []object{},
		}},
		"instance_ids": []object{{"name": c.instance.ID}}, "nodes": nodes, "queues": views(k.Topics, queue),
		"groups": views(k.Groups, func(g *kafkaGroup) object {
			queues := []object{}
			for _, name := range g.topics() {
				if topic, known := lookUp(k.Topics, name); known {
					queues = append(queues, queue(topic))
				}
			}
			return object{"name": g.Name, "queues": queues}
		}),
	})
}

// diskUsed is what a partition takes on a broker's disk of 100 GB.
type diskUsed struct {
	topic     string
	partition int
	bytes     int
}

func showDiskUsage(c *call) *sandbox.Answer {
	var used []diskUsed
	total := 0
	for _, topic := range c.instance.Kafka.Topics {
		for i, one := range topic.partitions {
			used, total = append(used, diskUsed{topic.Name, i, one.bytes()}), total+one.bytes()
		}
	}
	slices.SortStableFunc(used, func(a, b diskUsed) int { return b.bytes - a.bytes })
	if top := c.whole("top", 0); top > 0 {
		used = used[:min(top, int64(len(used)))]
	}
	brokers := []object{}
	for id := range kafkaBrokers {
		topics := []object{}
		for _, one := range used {
			if one.partition%kafkaBrokers == id {
				topics = append(topics, object{
					"topic_name": one.topic, "topic_partition": strconv.Itoa(one.partition), "size": fmt.Sprintf("%dB", one.bytes),
					"percentage": share(one.bytes, total),
				})
			}
		}
		brokers = append(brokers, object{
			"broker_name": "broker-" + strconv.Itoa(id), "data_disk_size": "100G", "data_disk_use": fmt.Sprintf("%dB", total), "data_disk_free": "100G",
			"data_disk_use_percentage": "1%", "status": "Success get topic disk usage", "topic_list": topics,
		})
	}
	return ok(object{"broker_list": brokers})
}

func share(part, all int) float64 {
	if all == 0 {
		return 0
	}
	return float64(part*100) / float64(all)
}
