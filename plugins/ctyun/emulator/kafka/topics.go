package kafka

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/mqtrail/mqtrail/plugins/ctyun/emulator/given"
)

// topic is one topic.
type topic struct {
	name, remark string
	replicas     int
	configs      map[string]any
	partitions   []*partition
}

// partition is one of a topic's. Its first message, and the place of its replicas, are here.
type partition struct {
	number   int
	first    int64
	messages []*message
	brokers  []int // the leader first
}

// end is the offset that the next message gets.
func (p *partition) end() int64 { return p.first + int64(len(p.messages)) }

func (i *instance) topic(name string) *topic {
	at := slices.IndexFunc(i.topics, func(t *topic) bool { return t.name == name })
	if at < 0 {
		return nil
	}
	return i.topics[at]
}

// partition is one of a topic's by number; an error when it has none of that number.
func (t *topic) partition(number int64) (*partition, error) {
	if number < 0 || number >= int64(len(t.partitions)) {
		return nil, fmt.Errorf("partition %d of topic %s does not exist", number, t.name)
	}
	return t.partitions[number], nil
}

// addTopic adds a topic whose replicas are spread over the nodes.
func (i *instance) addTopic(name string, partitions, replicas int) *topic {
	t := &topic{name: name, replicas: min(replicas, len(i.nodes)), configs: map[string]any{
		"retention.ms": int64(259200000), "max.message.bytes": int64(1048588), "message.timestamp.type": "CreateTime", "partition.capacity": int64(-1),
	}}
	i.topics = append(i.topics, t)
	i.grow(t, partitions)
	return t
}

func (i *instance) grow(t *topic, partitions int) {
	for number := len(t.partitions); number < partitions; number++ {
		p := &partition{number: number}
		for n := range t.replicas {
			p.brokers = append(p.brokers, i.nodes[(number+n)%len(i.nodes)].id)
		}
		t.partitions = append(t.partitions, p)
	}
}

// maxPartitions is how many all topics of an instance may have.
const maxPartitions = 1000

func (i *instance) partitionsLeft() int {
	left := maxPartitions
	for _, t := range i.topics {
		left -= len(t.partitions)
	}
	return left
}

func (s *Service) createTopic(i *instance, in given.Arguments) (any, error) {
	name, partitions := in.Text("topicName"), in.Number("partitionNum", 3)
	switch {
	case i.topic(name) != nil:
		return nil, fmt.Errorf("topic %s already exists", name)
	case partitions < 1 || partitions > 100 || partitions > int64(i.partitionsLeft()):
		return nil, fmt.Errorf("partitionNum not valid, %d partitions are left", i.partitionsLeft())
	}
	t := i.addTopic(name, int(partitions), int(max(in.Number("factorNum", 3), 1)))
	t.remark = in.Text("description")
	t.configure(in)
	return done(), nil
}

// configure takes over what the call gives of a topic's settings.
func (t *topic) configure(in given.Arguments) {
	for argument, config := range map[string]string{
		"partitionCapacity": "partition.capacity", "retentionTime": "retention.ms", "maxMessage": "max.message.bytes", "minReplicas": "min.insync.replicas",
	} {
		if in.Has(argument) {
			t.configs[config] = in.Number(argument, 0)
		}
	}
	if in.Has("timestampType") {
		t.configs["message.timestamp.type"] = in.Text("timestampType")
	}
}

func (s *Service) updateTopic(i *instance, in given.Arguments) (any, error) {
	i.topic(in.Text("topicName")).configure(in)
	return done(), nil
}

func (s *Service) remarkTopic(i *instance, in given.Arguments) (any, error) {
	i.topic(in.Text("topicName")).remark = in.Text("remark")
	return done(), nil
}

func (s *Service) addPartitions(i *instance, in given.Arguments) (any, error) {
	t, wanted := i.topic(in.Text("topicName")), in.Number("partitionNum", 0)
	if added := wanted - int64(len(t.partitions)); added <= 0 || wanted > 100 || added > int64(i.partitionsLeft()) {
		return nil, fmt.Errorf("partitionNum not valid, topic %s has %d partitions", t.name, len(t.partitions))
	}
	i.grow(t, int(wanted))
	return done(), nil
}

func (s *Service) deleteTopic(i *instance, in given.Arguments) (any, error) {
	i.dropTopic(in.Text("topicName"))
	return done(), nil
}

func (s *Service) deleteTopics(i *instance, in given.Arguments) (any, error) {
	names := in.Texts("topicNames")
	for _, name := range names {
		if i.topic(name) == nil {
			return nil, fmt.Errorf("topic %s does not exist", name)
		}
	}
	for _, name := range names {
		i.dropTopic(name)
	}
	return done(), nil
}

func (i *instance) dropTopic(name string) {
	i.topics = slices.DeleteFunc(i.topics, func(t *topic) bool { return t.name == name })
	for _, g := range i.groups {
		g.unsubscribe(name)
	}
	for _, u := range i.users {
		u.revoke([]string{name}, []string{name})
	}
}

func (s *Service) listTopics(i *instance, in given.Arguments) (any, error) {
	var found []any
	for _, t := range i.topics {
		if strings.Contains(t.name, in.Text("topicName")) {
			found = append(found, map[string]any{"prodInstId": i.id, "name": t.name, "partitionNum": len(t.partitions), "factor": t.replicas, "configs": t.configs, "remark": t.remark})
		}
	}
	return struct {
		page[any]
		Max      int `json:"maxPartitions"`
		Left     int `json:"remainPartitions"`
		TopicMax int `json:"topicMaxPartitions"`
	}{pageOf(in, found), maxPartitions, i.partitionsLeft(), 100}, nil
}

func (s *Service) topicStatus(i *instance, in given.Arguments) (any, error) {
	total, rows := 0, []any{}
	from, until := in.Number("partitionIdStart", 0), in.Number("partitionIdEnd", 1<<31)
	for _, p := range i.topic(in.Text("topicName")).partitions {
		if int64(p.number) < from || int64(p.number) > until {
			continue
		}
		total += len(p.messages)
		rows = append(rows, map[string]any{"partitionId": p.number, "total": len(p.messages), "begin": p.first, "end": p.end()})
	}
	return map[string]any{"total": total, "data": rows}, nil
}

func (s *Service) topicDetails(i *instance, in given.Arguments) (any, error) {
	t := i.topic(in.Text("topicName"))
	rows := []any{}
	for _, p := range t.partitions {
		var updated int64
		if len(p.messages) > 0 {
			updated = p.messages[len(p.messages)-1].Timestamp
		}
		replicas := []any{}
		for n, id := range p.brokers {
			replicas = append(replicas, map[string]any{"brokerId": id, "isLeader": n == 0, "inSync": true, "size": p.size(), "lag": 0})
		}
		rows = append(rows, map[string]any{
			"topicName": t.name, "partitionId": p.number, "replicas": replicas,
			"offsets": map[string]any{"total": len(p.messages), "begin": p.first, "end": p.end(), "updateTime": updated, "hw": p.end()},
		})
	}
	subscribed := []string{}
	for _, g := range i.groups {
		if g.reads(t.name) {
			subscribed = append(subscribed, g.name)
		}
	}
	return data([]any{map[string]any{"topicName": t.name, "partitionList": rows, "groupSubscribed": subscribed}}), nil
}

func (s *Service) diskUsage(i *instance, in given.Arguments) (any, error) {
	const gigabyte = 1 << 30
	total := int64(i.disk) * gigabyte
	rows := []any{}
	for _, n := range i.nodes {
		var used int64
		partitions := []map[string]any{}
		name := fmt.Sprintf("broker-%d", n.id)
		for _, t := range i.topics {
			for _, p := range t.partitions {
				if !slices.Contains(p.brokers, n.id) {
					continue
				}
				size := p.size()
				used += size
				if size >= in.Number("minSize", 0)*gigabyte && size*100 >= in.Number("percentage", 0)*total {
					partitions = append(partitions, map[string]any{"topic": t.name, "partitionId": p.number, "size": size, "brokerName": name, "diskUsedRate": float64(size) / float64(total)})
				}
			}
		}
		slices.SortStableFunc(partitions, func(a, b map[string]any) int { return int(b["size"].(int64) - a["size"].(int64)) })
		partitions = partitions[:min(int64(len(partitions)), max(in.Number("top", 10), 0))]
		rows = append(rows, map[string]any{"total": i.disk, "used": used / gigabyte, "free": (total - used) / gigabyte, "rate": float64(used) / float64(total), "brokerName": name, "topicList": partitions})
	}
	return data(rows), nil
}

// producers tells of one producer: the documents show one, not a list.
func (s *Service) producers(i *instance, in given.Arguments) (any, error) {
	return map[string]any{
		"topic": in.Text("topicName"), "address": "192.168.71.1:55492", "brokerAddress": i.nodes[0].address + ":8090",
		"joinTime": i.changed.UnixMilli(), "expire": false,
	}, nil
}

// reassign moves a topic's partitions: onto the given brokers in turn, or as the call maps them.
func (s *Service) reassign(i *instance, in given.Arguments) (any, error) {
	t := i.topic(in.Text("topicName"))
	var wanted map[string][]int
	var brokers []int
	if err := errors.Join(in.Value("partitionBrokers", &wanted), in.Value("brokers", &brokers)); err != nil {
		return nil, err
	}
	for _, id := range slices.Concat(append(slices.Collect(maps.Values(wanted)), brokers)...) {
		if id < 1 || id > len(i.nodes) {
			return nil, fmt.Errorf("broker %d does not exist", id)
		}
	}
	if brokers != nil && len(brokers) < t.replicas {
		return nil, fmt.Errorf("brokers not valid, topic %s has %d replicas", t.name, t.replicas)
	}
	for _, p := range t.partitions {
		if ids, ok := wanted[fmt.Sprint(p.number)]; ok && len(ids) > 0 {
			p.brokers = ids
		}
		for n := range p.brokers {
			if len(brokers) > 0 {
				p.brokers[n] = brokers[(p.number+n)%len(brokers)]
			}
		}
	}
	return done(), nil
}
