package kafka

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/mqtrail/mqtrail/plugins/ctyun/emulator/given"
)

// group is a consumer group.
type group struct {
	id                int
	name, description string
	created           time.Time
	topics            []string
	// offsets are the committed ones, by topic and partition.
	offsets map[string][]int64
	members []member
}

// member is a consumer that is online.
type member struct {
	id, client, host string
}

func (i *instance) group(name string) *group {
	at := slices.IndexFunc(i.groups, func(g *group) bool { return g.name == name })
	if at < 0 {
		return nil
	}
	return i.groups[at]
}

func (g *group) reads(topic string) bool { return slices.Contains(g.topics, topic) }

func (g *group) unsubscribe(topic string) {
	g.topics = slices.DeleteFunc(g.topics, func(name string) bool { return name == topic })
	delete(g.offsets, topic)
}

// committed are a group's offsets on a topic. Where it never committed any it stands at the end.
func (g *group) committed(t *topic) []int64 {
	offsets := g.offsets[t.name]
	for number := len(offsets); number < len(t.partitions); number++ {
		offsets = append(offsets, t.partitions[number].end())
	}
	g.offsets[t.name] = offsets
	return offsets
}

func (i *instance) addGroup(name, description string, created time.Time) *group {
	g := &group{id: 100 + len(i.groups), name: name, description: description, created: created, offsets: map[string][]int64{}}
	i.groups = append(i.groups, g)
	return g
}

func (s *Service) createGroup(i *instance, in given.Arguments) (any, error) {
	name := in.Text("groupName")
	if i.group(name) != nil {
		return nil, fmt.Errorf("group %s already exists", name)
	}
	i.addGroup(name, in.Text("description"), s.now())
	return done(), nil
}

func (s *Service) updateGroup(i *instance, in given.Arguments) (any, error) {
	i.group(in.Text("groupName")).description = in.Text("description")
	return done(), nil
}

func (s *Service) listGroups(i *instance, in given.Arguments) (any, error) {
	var found []any
	for _, g := range i.groups {
		if strings.Contains(g.name, in.Text("groupName")) {
			found = append(found, map[string]any{"id": g.id, "name": g.name, "description": g.description, "ctime": clock(g.created)})
		}
	}
	return pageOf(in, found), nil
}

func (s *Service) deleteGroup(i *instance, in given.Arguments) (any, error) {
	return done(), i.dropGroups([]string{in.Text("groupName")})
}

func (s *Service) deleteGroups(i *instance, in given.Arguments) (any, error) {
	return done(), i.dropGroups(in.Texts("groupNames"))
}

// dropGroups deletes all of the groups or none: Kafka keeps a group that has members.
func (i *instance) dropGroups(names []string) error {
	for _, name := range names {
		g := i.group(name)
		switch {
		case g == nil:
			return fmt.Errorf("group %s does not exist", name)
		case len(g.members) > 0:
			return fmt.Errorf("group %s has %d members online", name, len(g.members))
		}
	}
	i.groups = slices.DeleteFunc(i.groups, func(g *group) bool { return slices.Contains(names, g.name) })
	return nil
}

func (s *Service) updateSubscription(i *instance, in given.Arguments) (any, error) {
	g, added := i.group(in.Text("groupName")), in.Texts("addTopicNames")
	for _, name := range added {
		if i.topic(name) == nil {
			return nil, fmt.Errorf("topic %s does not exist", name)
		}
	}
	for _, name := range in.Texts("deleteTopicNames") {
		g.unsubscribe(name)
	}
	for _, name := range added {
		if !g.reads(name) {
			g.topics = append(g.topics, name)
		}
	}
	return done(), nil
}

func (s *Service) subscription(i *instance, in given.Arguments) (any, error) {
	return data(append([]string{}, i.group(in.Text("groupName")).topics...)), nil
}

// members are the consumers that are online. Partitions of a topic go to them in turn.
func (s *Service) members(i *instance, in given.Arguments) (any, error) {
	g := i.group(in.Text("groupName"))
	rows := []any{}
	for n, m := range g.members {
		assigned := []any{}
		for _, name := range g.topics {
			if only := in.Text("tname"); only != "" && only != name {
				continue
			}
			for number := n; number < len(i.topic(name).partitions); number += len(g.members) {
				assigned = append(assigned, map[string]any{"topic": name, "partition": number})
			}
		}
		rows = append(rows, map[string]any{"consumerId": m.id, "clientId": m.client, "host": m.host, "topicPartitions": assigned})
	}
	return data(rows), nil
}

func (s *Service) lag(i *instance, in given.Arguments) (any, error) {
	g, t := i.group(in.Text("groupName")), i.topic(in.Text("topicName"))
	rows := []any{}
	for number, offset := range g.committed(t) {
		p := t.partitions[number]
		rows = append(rows, map[string]any{"topicName": t.name, "partitionId": number, "offsets": map[string]any{
			"begin": p.first, "end": p.end(), "current": offset, "lag": p.end() - offset, "total": len(p.messages), "hw": p.end(),
		}})
	}
	return map[string]any{"total": len(rows), "data": rows}, nil
}

// The kinds of a reset.
const (
	toLatest = iota
	toTime
	toEarliest
	byShift
)

func (s *Service) resetOffsets(i *instance, in given.Arguments) (any, error) {
	g, t := i.group(in.Text("groupName")), i.topic(in.Text("topicName"))
	kind := in.Number("type", toLatest)
	if len(g.members) > 0 {
		return nil, fmt.Errorf("group %s has %d members online", g.name, len(g.members))
	}
	var shifts []struct {
		Partition int   `json:"partition"`
		By        int64 `json:"shiftBy"`
	}
	err := in.Value("partitionShiftList", &shifts)
	switch {
	case err != nil:
		return nil, err
	case kind < toLatest || kind > byShift:
		return nil, fmt.Errorf("type not valid, 0 to 3")
	case kind == toTime && !in.Has("time"):
		return nil, fmt.Errorf("time is required")
	case kind == byShift && len(shifts) == 0:
		return nil, fmt.Errorf("partitionShiftList is required")
	}
	offsets := g.committed(t)
	for number, p := range t.partitions {
		switch kind {
		case toLatest:
			offsets[number] = p.end()
		case toEarliest:
			offsets[number] = p.first
		case toTime:
			offsets[number] = p.at(in.Number("time", 0))
		}
	}
	for _, shift := range shifts {
		p, err := t.partition(int64(shift.Partition))
		if err != nil {
			return nil, err
		}
		if kind == byShift {
			offsets[p.number] = min(max(offsets[p.number]+shift.By, p.first), p.end())
		}
	}
	return done(), nil
}

// at is the offset of the first message at or after a time; the end when there is none.
func (p *partition) at(milliseconds int64) int64 {
	for _, m := range p.messages {
		if m.Timestamp >= milliseconds {
			return m.Offset
		}
	}
	return p.end()
}
