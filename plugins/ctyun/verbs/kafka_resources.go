package verbs

import (
	"context"
	"strconv"

	"github.com/mqtrail/mqtrail/sdk/trail"
)

// pageOfKafka is how many resources of Kafka are asked for at once; CTyun allows 40,000.
const pageOfKafka = 1000

// kafkaInstance is an instance of Kafka.
type kafkaInstance struct {
	ID      text   `json:"prodInstId"`
	Name    text   `json:"instanceName"`
	Status  number `json:"status"`
	Engine  text   `json:"mqEngineType"`
	Created text   `json:"createTime"`
	Region  text   `json:"regionCode"`
}

// pages reads a list of Kafka's to its end, or to the bound.
func pages[R any](ctx context.Context, s *session, name string, arguments map[string]any, each func(*R, trail.Evidence)) error {
	seen := 0
	for page := 1; ; page++ {
		arguments["pageNum"], arguments["pageSize"] = pageNumbers(name, page)
		reply, err := s.kafka(ctx, name, arguments)
		if err != nil {
			return err
		}
		rows, pointer, err := read[[]*R](reply)
		if err != nil {
			return err
		}
		counted, err := outer[struct {
			Total number `json:"total"`
		}](reply)
		if err != nil {
			return err
		}
		for n, one := range rows {
			if one != nil {
				each(one, reply.Evidence(at(pointer, n)))
			}
		}
		seen += len(rows)
		if len(rows) == 0 || counted.Total.told && int64(seen) >= counted.Total.value || !counted.Total.told && len(rows) < pageOfKafka {
			return nil
		}
		if page == maxPages {
			s.incomplete("There are more: %d pages of %d were read.", maxPages, pageOfKafka)
			return nil
		}
	}
}

// pageNumbers are what a list takes: that of groups documents its page as text.
func pageNumbers(name string, page int) (number, size any) {
	if name == "consumer_group_query" {
		return strconv.Itoa(page), strconv.Itoa(pageOfKafka)
	}
	return page, pageOfKafka
}

func (s *session) kafkaInstances(ctx context.Context) ([]trail.Resource, error) {
	var found []trail.Resource
	err := pages(ctx, s, "instances_query", map[string]any{}, func(one *kafkaInstance, evidence trail.Evidence) {
		resource := trail.Resource{
			Kind: trail.Instances, ID: string(one.ID), Name: string(one.Name), System: trail.Kafka, Region: string(one.Region),
			Type: string(one.Engine), Created: s.created(one.Created), Evidence: evidence,
		}
		// Of the numbers, only 1 means the same in both lists that CTyun documents.
		if one.Status.told {
			resource.Status = strconv.FormatInt(one.Status.value, 10)
			if one.Status.value == 1 {
				resource.Status, resource.Usable = "1 running", is(true)
			}
		}
		found = append(found, resource)
	})
	return found, err
}

func (s *session) listOfKafka(ctx context.Context, r trail.ResourcesRequest) (*trail.ResourcesAnswer, error) {
	var found []trail.Resource
	var err error
	arguments := map[string]any{"prodInstId": r.Instance}
	switch r.Kind {
	case trail.Topics:
		err = pages(ctx, s, "topic_query", arguments, func(one *kafkaTopic, evidence trail.Evidence) {
			resource := resourceOf(trail.Topics, r.Instance, trail.Kafka, string(one.Name), evidence)
			resource.Partitions, resource.RetentionMS = one.Partitions.pointer(), one.Configs.retention()
			found = append(found, resource)
		})
	case trail.Groups:
		err = pages(ctx, s, "consumer_group_query", arguments, func(one *struct {
			Name    text `json:"name"`
			Created text `json:"ctime"`
		}, evidence trail.Evidence) {
			resource := resourceOf(trail.Groups, r.Instance, trail.Kafka, string(one.Name), evidence)
			resource.Created = s.created(one.Created)
			found = append(found, resource)
		})
	default:
		return nil, unknownKind(r.Kind)
	}
	if err != nil {
		return nil, err
	}
	return s.resources(r, found)
}

// kafkaTopic is a topic of Kafka.
type kafkaTopic struct {
	Name       text    `json:"name"`
	Partitions number  `json:"partitionNum"`
	Configs    configs `json:"configs"`
}
