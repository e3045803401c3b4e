package verbs

import (
	"cmp"
	"context"
	"maps"
	"regexp"
	"slices"
	"strconv"

	"github.com/mqtrail/mqtrail/sdk/trail"
)

// maxClients is how many consumers of a group are asked for their positions.
const maxClients = 8

// A queue's name in a consumer's state is Java's text of it, or its JSON.
var (
	queueTopic  = regexp.MustCompile(`topic"?\s*[=:]\s*"?([^,"\]}]+)`)
	queueBroker = regexp.MustCompile(`brokerName"?\s*[=:]\s*"?([^,"\]}]+)`)
	queueNumber = regexp.MustCompile(`queueId"?\s*[=:]\s*"?(\d{1,9})\b`)
)

// inside is the state of one connected consumer.
type inside struct {
	Queues map[string]*struct {
		Committed number `json:"commitOffset"`
		Dropped   *bool  `json:"droped"`
	} `json:"mqTable"`
}

// positions are a group's in the queues of a topic, which CTyun tells of connected consumers, one at a time: each has its
// own queues. Those of a group that is not connected are not to be had.
func (s *session) positions(ctx context.Context, r trail.LagRequest, clients []trail.Client) []trail.PartitionLag {
	if len(clients) > maxClients {
		s.incomplete("%s has %d consumers; the positions of %d were asked for.", r.Group, len(clients), maxClients)
		clients = clients[:maxClients]
	}
	results := make([][]trail.PartitionLag, len(clients))
	var tasks []func()
	for n, c := range clients {
		tasks = append(tasks, func() { results[n] = s.positionsAt(ctx, r, c.ID) })
	}
	together(tasks...)
	// Where two consumers tell of a queue, it has just changed hands: the one that got further counts.
	byQueue := map[string]trail.PartitionLag{}
	for _, one := range slices.Concat(results...) {
		name := one.Broker + "/" + strconv.FormatInt(one.Partition, 10)
		if known, ok := byQueue[name]; !ok || *known.Committed < *one.Committed {
			byQueue[name] = one
		}
	}
	return slices.SortedFunc(maps.Values(byQueue), func(a, b trail.PartitionLag) int {
		return cmp.Or(cmp.Compare(a.Broker, b.Broker), cmp.Compare(a.Partition, b.Partition))
	})
}

func (s *session) positionsAt(ctx context.Context, r trail.LagRequest, client string) []trail.PartitionLag {
	what := "Which positions the consumer " + client + " has"
	reply, err := s.rocketmq(ctx, "consumer_status", map[string]any{"prodInstId": r.Instance, "groupName": r.Group, "clientId": client})
	if err != nil {
		s.missed(what, err)
		return nil
	}
	answer, _, err := read[inside](reply)
	if err != nil {
		s.missed(what, err)
		return nil
	}
	var found []trail.PartitionLag
	for name, queue := range answer.Queues {
		if queue == nil || !queue.Committed.told || queue.Committed.value < 0 || queue.Dropped != nil && *queue.Dropped || first(queueTopic, name) != r.Topic {
			continue
		}
		number, err := strconv.ParseInt(first(queueNumber, name), 10, 64)
		if err != nil {
			s.note("A queue's name cannot be read: %.120q.", name)
			continue
		}
		found = append(found, trail.PartitionLag{Partition: number, Broker: first(queueBroker, name), Committed: queue.Committed.pointer(), Client: client})
	}
	return found
}

func first(pattern *regexp.Regexp, text string) string {
	if found := pattern.FindStringSubmatch(text); found != nil {
		return found[1]
	}
	return ""
}
