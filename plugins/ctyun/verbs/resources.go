package verbs

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/mqtrail/mqtrail/sdk"
	"github.com/mqtrail/mqtrail/sdk/trail"
)

const (
	// maxPages bounds how much of a vendor's list one verb reads.
	maxPages = 5
	// pageSize is how many instances are asked for at once: the largest number that RocketMQ takes is not documented.
	pageSize = 100
	// The most resources of an answer.
	defaultResources = 100
	maxResources     = 1000
)

// queueInstance is an instance of RocketMQ.
type queueInstance struct {
	ID       text   `json:"prodInstId"`
	Name     text   `json:"prodInstName"`
	State    number `json:"state"`
	Engine   text   `json:"engineType"`
	Reserved number `json:"fileReservedTime"` // hours
	Created  text   `json:"crtTime"`
}

// states are the words for an instance's numbers.
var states = map[int64]string{
	1: "running", 2: "expired", 3: "deregistered", 4: "unsubscribed", 5: "growing", 6: "opening", 7: "cancelled", 8: "shrinking",
	9: "restarting", 10: "network changing", 11: "resumed by operators", 12: "stopped by operators", 13: "faulty", 15: "in arrears",
	-1: "changing", 101: "opening failed",
}

// usableStates can be asked about now. The rest is gone or stopped, or may be.
var usableStates = map[int64]bool{1: true, 5: true, 8: true, 10: true, 11: true, -1: true}

// listInstances lists both products' instances. One that fails is named; both failing is a failure.
func (s *session) listInstances(ctx context.Context, r trail.ResourcesRequest) (*trail.ResourcesAnswer, error) {
	var queues, kafkas []trail.Resource
	var queueErr, kafkaErr error
	wantQueues, wantKafkas := r.System != trail.Kafka, r.System != trail.RocketMQ
	together(
		func() {
			if wantQueues {
				queues, queueErr = s.queueInstances(ctx)
			}
		},
		func() {
			if wantKafkas {
				kafkas, kafkaErr = s.kafkaInstances(ctx)
			}
		},
	)
	switch {
	case queueErr != nil && (kafkaErr != nil || !wantKafkas):
		return nil, queueErr
	case kafkaErr != nil && !wantQueues:
		return nil, kafkaErr
	case queueErr != nil:
		s.missed("Which RocketMQ instances there are", queueErr)
	case kafkaErr != nil:
		s.missed("Which Kafka instances there are", kafkaErr)
	}
	found := slices.Concat(queues, kafkas)
	for _, one := range found {
		s.systems.put(one.ID, one.System)
	}
	return s.resources(r, found)
}

func (s *session) queueInstances(ctx context.Context) ([]trail.Resource, error) {
	var found []trail.Resource
	for page := 1; ; page++ {
		reply, err := s.rocketmq(ctx, "instance_list", map[string]any{"pageNumber": page, "pageSize": pageSize})
		if err != nil {
			return nil, err
		}
		answer, pointer, err := read[struct {
			Total number           `json:"total"`
			Rows  []*queueInstance `json:"prodInstList"`
		}](reply)
		if err != nil {
			return nil, err
		}
		for n, one := range answer.Rows {
			if one != nil {
				found = append(found, s.queueInstance(one, reply.Evidence(at(pointer, "prodInstList", n))))
			}
		}
		if s.version.Load() == second || len(answer.Rows) < pageSize || int64(len(found)) >= answer.Total.value && answer.Total.told {
			return found, nil
		}
		if page == maxPages {
			s.incomplete("RocketMQ has more instances: %d pages of %d were read.", maxPages, pageSize)
			return found, nil
		}
	}
}

func (s *session) queueInstance(one *queueInstance, evidence trail.Evidence) trail.Resource {
	resource := trail.Resource{
		Kind: trail.Instances, ID: string(one.ID), Name: string(one.Name), System: trail.RocketMQ, Type: string(one.Engine),
		RetentionMS: hours(one.Reserved), Created: s.created(one.Created), Evidence: evidence,
	}
	resource.Status, resource.Usable = stateOf(one.State)
	return resource
}

// stateOf is a state's word with its number, and whether the instance can be asked about.
func stateOf(state number) (word string, usable *bool) {
	if !state.told {
		return "", nil
	}
	fine := usableStates[state.value]
	word = strconv.FormatInt(state.value, 10)
	if name, ok := states[state.value]; ok {
		word += " " + name
	} else {
		return word, nil
	}
	return word, &fine
}

func hours(n number) *int64 {
	if n.value <= 0 {
		return nil
	}
	ms := n.value * time.Hour.Milliseconds()
	return &ms
}

// created is a time that CTyun writes without a zone.
func (s *session) created(said text) *trail.Time {
	at, _ := clock{beijing, trail.ZoneAssumed}.time(said) // one that cannot be read is of no use
	return at
}

// list lists the topics or groups of a RocketMQ instance: CTyun has no pages, and a row a broker.
func (s *session) list(ctx context.Context, r trail.ResourcesRequest) (*trail.ResourcesAnswer, error) {
	var found []trail.Resource
	var err error
	switch r.Kind {
	case trail.Topics:
		found, err = s.queueTopics(ctx, r)
	case trail.Groups:
		found, err = s.queueGroups(ctx, r)
	default:
		return nil, unknownKind(r.Kind)
	}
	if err != nil {
		return nil, err
	}
	return s.resources(r, found)
}

func unknownKind(kind trail.Kind) error {
	return sdk.InvalidArgument("kind", "%q is none of %s, %s, %s.", kind, trail.Instances, trail.Topics, trail.Groups)
}

func (s *session) queueTopics(ctx context.Context, r trail.ResourcesRequest) ([]trail.Resource, error) {
	reply, err := s.rocketmq(ctx, "topic_list", map[string]any{"prodInstId": r.Instance})
	if err != nil {
		return nil, err
	}
	answer, pointer, err := read[list[struct {
		Name    text   `json:"topicName"`
		Queues  number `json:"readQueueNums"`
		Ordered *bool  `json:"order"`
		Type    text   `json:"messageType"`
	}]](reply)
	if err != nil {
		return nil, err
	}
	byName, queues := map[string]trail.Resource{}, map[string][]number{}
	for n, one := range answer.Rows {
		if one == nil || one.Name == "" {
			continue
		}
		name := string(one.Name)
		queues[name] = append(queues[name], one.Queues)
		if _, seen := byName[name]; !seen {
			resource := resourceOf(trail.Topics, r.Instance, trail.RocketMQ, name, reply.Evidence(at(pointer, "rows", n)))
			resource.Type = strings.ToLower(string(one.Type))
			if one.Ordered != nil && *one.Ordered {
				resource.Type = "fifo"
			}
			byName[name] = resource
		}
	}
	var found []trail.Resource
	for name, resource := range byName {
		resource.Partitions = sum(queues[name])
		found = append(found, resource)
	}
	s.notOffered("resources.retention_ms")
	return found, nil
}

func (s *session) queueGroups(ctx context.Context, r trail.ResourcesRequest) ([]trail.Resource, error) {
	reply, err := s.rocketmq(ctx, "group_list", map[string]any{"prodInstId": r.Instance})
	if err != nil {
		return nil, err
	}
	answer, pointer, err := read[list[groupRow]](reply)
	if err != nil {
		return nil, err
	}
	byName := map[string]trail.Resource{}
	for n, one := range answer.Rows {
		if one == nil || one.Name == "" {
			continue
		}
		if _, seen := byName[string(one.Name)]; !seen {
			resource := resourceOf(trail.Groups, r.Instance, trail.RocketMQ, string(one.Name), reply.Evidence(at(pointer, "rows", n)))
			resource.Type, resource.Usable = string(one.Type), one.Enabled
			if one.Enabled != nil && !*one.Enabled {
				resource.Status = "consumption switched off"
			}
			byName[string(one.Name)] = resource
		}
	}
	return slices.Collect(maps.Values(byName)), nil
}

func resourceOf(kind trail.Kind, instance string, system trail.System, name string, evidence trail.Evidence) trail.Resource {
	return trail.Resource{Kind: kind, ID: name, Name: name, Instance: instance, System: system, Evidence: evidence}
}

// resources sorts, narrows and cuts what was found.
func (s *session) resources(r trail.ResourcesRequest, found []trail.Resource) (*trail.ResourcesAnswer, error) {
	skip := 0
	if r.Cursor != "" {
		var err error
		if skip, err = strconv.Atoi(r.Cursor); err != nil || skip < 0 {
			return nil, sdk.InvalidArgument("cursor", "%.60q is no cursor of an earlier answer.", r.Cursor)
		}
	}
	found = slices.DeleteFunc(found, func(one trail.Resource) bool {
		return !strings.Contains(one.ID, r.Contains) && !strings.Contains(one.Name, r.Contains)
	})
	slices.SortFunc(found, func(a, b trail.Resource) int { return cmp.Compare(a.ID, b.ID) })
	limit := r.Limit
	if limit <= 0 {
		limit = defaultResources
	}
	limit = min(limit, maxResources)
	answer := &trail.ResourcesAnswer{Resources: append([]trail.Resource{}, found[min(skip, len(found)):]...)}
	if len(answer.Resources) > limit {
		answer.Resources, answer.Next = answer.Resources[:limit], strconv.Itoa(skip+limit)
	}
	answer.Gathered = s.done()
	return answer, nil
}
