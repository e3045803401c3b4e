package verbs

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/mqtrail/mqtrail/sdk/trail"
)

const (
	// defaultResources are answered where no limit is given.
	defaultResources = 100
	// kafkaTopicPage is larger than other pages.
	kafkaTopicPage = 200
)

// instances lists those of both engines. There is a list for each: they are read whole, and the cursor counts in both
// together.
func (i *inquiry) instances(ctx context.Context, request trail.ResourcesRequest) (*trail.ResourcesAnswer, error) {
	told, err := place(request.Cursor)
	if err != nil {
		return nil, err
	}
	lists := make([][]trail.Resource, 2)
	both, parallel := errgroup.WithContext(ctx)
	for at, system := range []trail.System{trail.Kafka, trail.RocketMQ} {
		if request.System != "" && request.System != system {
			continue
		}
		both.Go(func() (err error) {
			lists[at], err = i.instancesOf(parallel, system)
			return err
		})
	}
	if err := both.Wait(); err != nil {
		return nil, err
	}
	all := slices.DeleteFunc(slices.Concat(lists...), func(one trail.Resource) bool { return !fits(one, request.Contains) })
	sortByID(all)
	all = all[min(told, int64(len(all))):]
	answer := &trail.ResourcesAnswer{Resources: all}
	if most := cmp.Or(request.Limit, defaultResources); len(all) > most {
		answer.Resources, answer.Next = all[:most], digits(told+int64(most))
	}
	answer.Gathered = i.gathered([]string{"partitions and retention_ms of instances", "instances of other engines than Kafka and RocketMQ"})
	return answer, nil
}

// instancesOf lists the instances of one engine.
func (i *inquiry) instancesOf(ctx context.Context, system trail.System) ([]trail.Resource, error) {
	resources := []trail.Resource{}
	next, err := pages(0, pageSize, func(from int64) (page, error) {
		operation, arguments := "kafka/list_instances", map[string]any{"engine": "kafka", "limit": strconv.Itoa(pageSize), "offset": digits(from)}
		if system == trail.RocketMQ {
			operation, arguments = "rocketmq/list_instances", map[string]any{"engine": "reliability", "limit": pageSize, "offset": from}
		}
		var found struct {
			Instances []struct {
				ID      string `json:"instance_id"`
				Name    string `json:"name"`
				Engine  string `json:"engine"`
				Status  string `json:"status"`
				Type    string `json:"type"`
				Created number `json:"created_at"`
			} `json:"instances"`
			Total number `json:"instance_num"`
		}
		reply, err := i.ask(ctx, operation, arguments, &found)
		if err != nil {
			return page{}, err
		}
		for index, one := range found.Instances {
			if answered, known := systemOf(one.Engine); one.Engine != "" && (!known || answered != system) {
				continue // the lists share a path, and the engine decides
			}
			i.engines.put(one.ID, system)
			resources = append(resources, trail.Resource{
				Kind: trail.Instances, ID: one.ID, Name: one.Name, Instance: one.ID, System: system, Region: i.region, Status: one.Status,
				Usable: usable(one.Status), Type: one.Type, Created: trail.AtMS(one.Created.value), Evidence: reply.Evidence(at("instances", index)),
			})
		}
		return page{len(found.Instances), found.Total}, nil
	}, func() bool { return false })
	if next > 0 {
		i.lacks("%d %s instances were read, and there are more.", next, system)
	}
	return resources, err
}

// usable is nil for a status that does not decide.
func usable(status string) *bool {
	var can bool
	switch status {
	case "RUNNING":
		can = true
	case "CREATING", "CREATEFAILED", "DELETING", "ERROR", "FREEZING", "FROZEN", "RESTARTING":
	default:
		return nil
	}
	return &can
}

// inside lists topics or groups of an instance.
func (i *inquiry) inside(ctx context.Context, request trail.ResourcesRequest) (*trail.ResourcesAnswer, error) {
	from, err := place(request.Cursor)
	if err != nil {
		return nil, err
	}
	most, size := cmp.Or(request.Limit, defaultResources), pageSize
	if i.system == trail.Kafka && request.Kind == trail.Topics {
		size = kafkaTopicPage
	}
	var retention *int64
	side := errgroup.Group{}
	if i.system == trail.RocketMQ && request.Kind == trail.Topics {
		side.Go(func() error {
			retention = i.retention(ctx)
			return nil
		})
	}
	answer := &trail.ResourcesAnswer{Resources: []trail.Resource{}}
	next, err := pages(from, size, func(from int64) (page, error) {
		list, read, err := i.page(ctx, request, from, size)
		for index, one := range list {
			if !fits(one, request.Contains) {
				continue
			}
			if len(answer.Resources) == most {
				read.got = index // the next answer begins here
				break
			}
			answer.Resources = append(answer.Resources, one)
		}
		return read, err
	}, func() bool { return len(answer.Resources) >= most })
	_ = side.Wait() // it gives no error
	if err != nil {
		return nil, err
	}
	for at := range answer.Resources {
		answer.Resources[at].RetentionMS = cmp.Or(answer.Resources[at].RetentionMS, retention)
	}
	sortByID(answer.Resources)
	answer.Next = cursor(next)
	if next > 0 && len(answer.Resources) < most {
		i.lacks("%d %ss of the instance were read, and there are more: ask on with the cursor.", next, request.Kind)
	}
	answer.Gathered = i.gathered(i.resourcesNotOffered(request.Kind))
	return answer, nil
}

func (i *inquiry) resourcesNotOffered(kind trail.Kind) []string {
	if kind == trail.Groups {
		return []string{"partitions and retention_ms of groups"}
	}
	return nil
}

// page reads one page of a list in an instance.
func (i *inquiry) page(ctx context.Context, request trail.ResourcesRequest, from int64, size int) ([]trail.Resource, page, error) {
	switch {
	case i.system == trail.Kafka && request.Kind == trail.Topics:
		return i.kafkaTopics(ctx, from, size)
	case i.system == trail.Kafka:
		return i.kafkaGroups(ctx, request.Contains, from, size)
	case request.Kind == trail.Topics:
		return i.rocketTopics(ctx, from, size)
	default:
		return i.rocketGroups(ctx, from, size)
	}
}

func (i *inquiry) resource(kind trail.Kind, name string) trail.Resource {
	return trail.Resource{Kind: kind, ID: name, Name: name, Instance: i.instance, System: i.system, Region: i.region}
}

func (i *inquiry) kafkaTopics(ctx context.Context, from int64, size int) (list []trail.Resource, read page, err error) {
	var found struct {
		Topics []struct {
			Name       string `json:"name"`
			Partitions number `json:"partition"`
			Hours      number `json:"retention_time"`
			Type       number `json:"topic_type"`
			Created    number `json:"created_at"`
		} `json:"topics"`
		Total number `json:"total"`
	}
	reply, err := i.do(ctx, "kafka/list_instance_topics", map[string]any{"limit": strconv.Itoa(size), "offset": digits(from)}, &found)
	for index, one := range found.Topics {
		made := i.resource(trail.Topics, one.Name)
		made.Partitions, made.RetentionMS, made.Created = one.Partitions.natural(), hours(one.Hours), trail.AtMS(one.Created.value)
		if one.Type.value == 1 {
			made.Type = "internal"
		}
		made.Evidence = reply.Evidence(at("topics", index))
		list = append(list, made)
	}
	return list, page{len(found.Topics), found.Total}, err
}

func (i *inquiry) kafkaGroups(ctx context.Context, contains string, from int64, size int) (list []trail.Resource, read page, err error) {
	var found struct {
		Groups []struct {
			Name    string `json:"group_id"`
			State   string `json:"state"`
			Created number `json:"createdAt"`
		} `json:"groups"`
		Total number `json:"total"`
	}
	arguments := map[string]any{"limit": strconv.Itoa(size), "offset": digits(from)}
	if contains != "" {
		arguments["group"] = contains
	}
	reply, err := i.do(ctx, "kafka/list_instance_groups", arguments, &found)
	for index, one := range found.Groups {
		made := i.resource(trail.Groups, one.Name)
		made.Status, made.Created, made.Evidence = one.State, trail.AtMS(one.Created.value), reply.Evidence(at("groups", index))
		list = append(list, made)
	}
	return list, page{len(found.Groups), found.Total}, err
}

func (i *inquiry) rocketTopics(ctx context.Context, from int64, size int) (list []trail.Resource, read page, err error) {
	var found struct {
		Topics []struct {
			Name    string `json:"name"`
			Queues  number `json:"total_write_queue_num"`
			Type    string `json:"message_type"`
			Created number `json:"created_at"`
		} `json:"topics"`
		Total number `json:"total"`
	}
	reply, err := i.do(ctx, "rocketmq/list_rocket_topics", map[string]any{"limit": size, "offset": from}, &found)
	for index, one := range found.Topics {
		made := i.resource(trail.Topics, one.Name)
		made.Partitions, made.Type, made.Created = one.Queues.natural(), strings.ToLower(one.Type), trail.AtMS(one.Created.value)
		made.Evidence = reply.Evidence(at("topics", index))
		list = append(list, made)
	}
	return list, page{len(found.Topics), found.Total}, err
}

func (i *inquiry) rocketGroups(ctx context.Context, from int64, size int) (list []trail.Resource, read page, err error) {
	var found struct {
		Groups []struct {
			rocketGroup
			Enabled *bool  `json:"enabled"`
			Created number `json:"created_at"`
		} `json:"groups"`
		Total number `json:"total"`
	}
	reply, err := i.do(ctx, "rocketmq/list_instance_groups", map[string]any{"limit": size, "offset": from}, &found)
	for index, one := range found.Groups {
		made := i.resource(trail.Groups, one.Name)
		made.Type, made.Created, made.Evidence = string(one.mode()), trail.AtMS(one.Created.value), reply.Evidence(at("groups", index))
		switch {
		case one.Enabled != nil && !*one.Enabled:
			made.Status = "disabled"
		case one.Online != nil && *one.Online:
			made.Status = "online"
		case one.Online != nil:
			made.Status = "offline"
		}
		list = append(list, made)
	}
	return list, page{len(found.Groups), found.Total}, err
}

// retention is how long the instance keeps messages: a setting of its brokers, for all topics.
func (i *inquiry) retention(ctx context.Context) *int64 {
	var found struct {
		Configs []struct {
			Name  string `json:"name"`
			Value string `json:"value"`
		} `json:"rocketmq_configs"`
	}
	if _, err := i.do(ctx, "rocketmq/show_rocket_mq_configs", map[string]any{"limit": pageSize}, &found); err != nil {
		i.note("How long messages are kept could not be had: %s", reason(err))
		return nil
	}
	for _, one := range found.Configs {
		if value, err := strconv.ParseInt(one.Value, 10, 64); one.Name == "fileReservedTime" && err == nil {
			return hours(number{value, true})
		}
	}
	return nil
}

func hours(n number) *int64 {
	if n.value <= 0 || n.value > maxHours {
		return nil
	}
	ms := n.value * time.Hour.Milliseconds()
	return &ms
}

// maxHours is a century: what is above is no retention.
const maxHours = 24 * 366 * 100

// fits reports whether a resource is wanted.
func fits(one trail.Resource, part string) bool {
	part = strings.ToLower(part)
	return strings.Contains(strings.ToLower(one.ID), part) || strings.Contains(strings.ToLower(one.Name), part)
}

func sortByID(list []trail.Resource) {
	slices.SortFunc(list, func(a, b trail.Resource) int { return cmp.Compare(a.ID, b.ID) })
}
