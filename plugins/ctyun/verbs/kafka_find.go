package verbs

import (
	"context"
	"fmt"
	"time"

	"github.com/mqtrail/mqtrail/sdk"
	"github.com/mqtrail/mqtrail/sdk/trail"
)

const (
	// backInKafka is how far back a search in Kafka goes that was given no beginning.
	backInKafka = 24 * time.Hour
	// maxPartitions is how many partitions one search reads.
	maxPartitions = 32
	// recordsOfPage is how many messages a page has: CTyun allows 40,000, whose bodies would not fit in an answer.
	recordsOfPage = 500
)

func (s *session) findKafka(ctx context.Context, r trail.FindRequest) (*trail.FindAnswer, error) {
	s.neverOfRecords()
	switch {
	case r.DeadLettersOf != "":
		return nil, trail.NotOffered("Kafka has no dead-letter queues: what looks like one is a topic of an application.").WithHint("Search that topic.")
	case r.MessageID != "":
		return nil, trail.NotOffered("Kafka messages have no ids.").WithHint("Give partition and offset, a key, a text of the content, or a window.")
	case r.Topic == "":
		return nil, sdk.InvalidArgument("topic", "CTyun searches one topic at a time.").WithHint("List the resources of kind topic.")
	case r.Offset != nil && r.Partition == nil:
		return nil, sdk.InvalidArgument("partition", "an offset is of one partition: name it.")
	case r.Offset != nil:
		messages, err := s.atOffset(ctx, r.Instance, r.Topic, *r.Partition, *r.Offset, preview)
		if err != nil {
			return nil, err
		}
		return s.found(place{}, messages, r.Limit), nil
	}
	return s.searchKafka(ctx, r)
}

// atOffset is the message at one place; none when the partition does not hold it.
func (s *session) atOffset(ctx context.Context, instance, topic string, partition, offset int64, part extent) ([]trail.Message, error) {
	reply, err := s.kafka(ctx, "topic_message_by_offset", map[string]any{"prodInstId": instance, "topicName": topic, "partition": partition, "offset": offset})
	if err != nil {
		return nil, err
	}
	rows, pointer, err := read[[]*record](reply)
	if err != nil {
		return nil, err
	}
	var found []trail.Message
	for n, one := range rows {
		if one == nil {
			continue
		}
		if one.Offset.told && one.Offset.value != offset {
			s.note("CTyun answered offset %d, which was not asked for: it was left out.", one.Offset.value)
			continue
		}
		found = append(found, s.record(one, instance, topic, part, reply.Evidence(at(pointer, n))))
	}
	return found, nil
}

func (s *session) getKafka(ctx context.Context, r trail.GetRequest) (*trail.GetAnswer, error) {
	s.neverOfRecords()
	switch {
	case r.Topic == "":
		return nil, sdk.InvalidArgument("topic", "name the topic.")
	case r.Partition == nil || r.Offset == nil:
		if r.MessageID != "" {
			return nil, trail.NotOffered("Kafka messages have no ids.").WithHint("Give partition and offset.")
		}
		return nil, sdk.InvalidArgument("offset", "a Kafka message is got by partition and offset.")
	}
	messages, err := s.atOffset(ctx, r.Instance, r.Topic, *r.Partition, *r.Offset, extent{r.BodyOffset, r.BodyLimit})
	if err != nil {
		return nil, err
	}
	answer := &trail.GetAnswer{}
	if len(messages) > 0 {
		answer.Message = &messages[0]
	}
	answer.Gathered = s.done()
	return answer, nil
}

// search is one question to one partition.
type search struct {
	partition int64
	content   string
}

// searchKafka reads the window of each partition. CTyun searches the content for a text, not the keys: for a key, the
// messages whose content has it are asked for, and the first page of all, whose keys are compared here.
func (s *session) searchKafka(ctx context.Context, r trail.FindRequest) (*trail.FindAnswer, error) {
	at, err := placeOf(r.Cursor, r.Window)
	if err != nil {
		return nil, err
	}
	at.window = s.span(at.window, backInKafka)
	if at.window.ToMS == at.window.FromMS {
		at.window.ToMS++ // CTyun wants the end after the beginning
	}
	if err := inverted(at.window); err != nil {
		return nil, err
	}
	partitions, err := s.partitionsToRead(ctx, r)
	if err != nil {
		return nil, err
	}
	var searches []search
	for _, partition := range partitions {
		if r.Key != "" && r.Contains == "" {
			searches = append(searches, search{partition, r.Key}, search{partition, ""})
		} else {
			searches = append(searches, search{partition, r.Contains})
		}
	}
	results, whole, errs := make([][]trail.Message, len(searches)), make([]bool, len(searches)), make([]error, len(searches))
	var tasks []func()
	for n, one := range searches {
		tasks = append(tasks, func() { results[n], whole[n], errs[n] = s.recordsOf(ctx, r, one, at.window) })
	}
	together(tasks...)
	messages, err := s.merged(r, searches, results, whole, errs)
	if err != nil {
		return nil, err
	}
	if len(messages) == 0 {
		s.incomplete("Kafka is searched by the time that producers write into messages: one without it, or with a wrong one, is found by partition and offset only.")
	}
	return s.found(at, messages, r.Limit), nil
}

// merged joins the answers of the partitions, each message once. Whole answers prove that nothing is missing.
func (s *session) merged(r trail.FindRequest, searches []search, results [][]trail.Message, whole []bool, errs []error) ([]trail.Message, error) {
	var messages []trail.Message
	seen := map[string]bool{}
	failed := 0
	for n, one := range searches {
		if errs[n] != nil {
			failed++
			s.missed(fmt.Sprintf("What partition %d holds", one.partition), errs[n])
			continue
		}
		if !whole[n] && (r.Key == "" || one.content == "" || r.Contains != "") {
			s.incomplete("Partition %d has more messages in the window than the %d that were read: narrow the window.", one.partition, recordsOfPage)
		}
		for _, m := range results[n] {
			if m.Offset == nil {
				s.incomplete("CTyun answered a message of partition %d without its offset: it was left out.", one.partition)
				continue
			}
			if r.Key != "" && (len(m.Keys) == 0 || m.Keys[0] != r.Key) {
				continue
			}
			if place := fmt.Sprint(one.partition, "/", *m.Offset); !seen[place] {
				seen[place] = true
				messages = append(messages, m)
			}
		}
	}
	if failed == len(searches) && failed > 0 {
		return nil, errs[0]
	}
	return messages, nil
}

// partitionsToRead is the one that was named, else all of the topic's.
func (s *session) partitionsToRead(ctx context.Context, r trail.FindRequest) ([]int64, error) {
	if r.Partition != nil {
		return []int64{*r.Partition}, nil
	}
	reply, err := s.kafka(ctx, "topic_status", map[string]any{"prodInstId": r.Instance, "topicName": r.Topic})
	if err != nil {
		return nil, err
	}
	rows, _, err := read[[]*struct {
		Partition number `json:"partitionId"`
		Begin     number `json:"begin"`
		End       number `json:"end"`
	}](reply)
	if err != nil {
		return nil, err
	}
	partitions := []int64{}
	for _, one := range rows {
		if one == nil || !one.Partition.told || one.Begin.told && one.End.told && one.Begin.value == one.End.value {
			continue // an empty partition has nothing to read
		}
		partitions = append(partitions, one.Partition.value)
	}
	if len(partitions) > maxPartitions {
		s.incomplete("Topic %s has %d partitions; the first %d were searched: name a partition.", r.Topic, len(partitions), maxPartitions)
		partitions = partitions[:maxPartitions]
	}
	return partitions, nil
}

// recordsOf reads one page of a partition's window; whole tells that it has all that fits.
func (s *session) recordsOf(ctx context.Context, r trail.FindRequest, one search, window trail.Window) (found []trail.Message, whole bool, err error) {
	arguments := map[string]any{
		"prodInstId": r.Instance, "topicName": r.Topic, "partitionId": one.partition, "startTime": window.FromMS, "endTime": window.ToMS,
		"pageNum": 1, "pageSize": recordsOfPage,
	}
	if one.content != "" {
		arguments["content"] = one.content
	}
	reply, err := s.kafka(ctx, "topic_message", arguments)
	if err != nil {
		return nil, false, err
	}
	answer, pointer, err := read[struct {
		Messages []*record `json:"messages"`
		Count    number    `json:"messagesCount"`
	}](reply)
	if err != nil {
		return nil, false, err
	}
	for n, m := range answer.Messages {
		if m != nil {
			found = append(found, s.record(m, r.Instance, r.Topic, preview, reply.Evidence(at(pointer, "messages", n))))
		}
	}
	// The count is in a sample only, so it may be missing: a page that is not full is the last.
	return found, len(answer.Messages) < recordsOfPage && answer.Count.value <= int64(len(answer.Messages)), nil
}
