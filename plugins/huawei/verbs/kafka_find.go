package verbs

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/mqtrail/mqtrail/sdk"
	"github.com/mqtrail/mqtrail/sdk/trail"
)

const (
	// mostHits is how many messages a search by key answers; mostScanned is how much it reads for that.
	mostHits    = 10
	mostScanned = "10,000 messages or 200 MB"
	// longestKeyword is in characters.
	longestKeyword = 50
)

func (i *inquiry) findKafka(ctx context.Context, request trail.FindRequest) (*trail.FindAnswer, error) {
	switch {
	case request.DeadLettersOf != "":
		return nil, trail.NotOffered("Kafka has no dead-letter queues.").
			WithHint("An application may keep dead letters in a topic of its own: search that topic.")
	case request.Topic == "":
		return nil, sdk.InvalidArgument("topic", "no topic is given")
	case request.MessageID != "":
		return nil, trail.NotOffered("Huawei Cloud gives Kafka messages no ids: a message is named by topic, partition and offset.").
			WithHint("Find it by key or time, or give partition and offset.")
	case request.Partition != nil && request.Offset != nil:
		return i.findAtOffset(ctx, request)
	case request.Partition != nil || request.Offset != nil:
		return nil, trail.NotOffered("Huawei Cloud reads Kafka messages at a partition and an offset together, not by one of them.").
			WithHint("Give both, or a window of time.")
	case utf8.RuneCountInString(request.Contains) > longestKeyword:
		return nil, sdk.InvalidArgument("contains", "the vendor takes %d characters at most", longestKeyword)
	default:
		return i.findInWindow(ctx, request)
	}
}

// findInWindow lists the messages of a window. The vendor's answers are in the order of time, the oldest first.
func (i *inquiry) findInWindow(ctx context.Context, request trail.FindRequest) (*trail.FindAnswer, error) {
	window := i.closed(request.Window, recent)
	began, err := readMark(request.Cursor)
	if err != nil {
		return nil, err
	}
	limit := min(cmp.Or(request.Limit, pageSize), pageSize)
	if request.Key != "" || request.Contains != "" {
		limit = pageSize // the vendor's own limit must show
	}
	arguments := map[string]any{
		"topic": request.Topic, "asc": true, "limit": strconv.Itoa(min(limit+len(began.seen), pageSize)), "offset": "0",
		"start_time": digits(max(window.FromMS, began.ms)), "end_time": digits(window.ToMS),
	}
	if request.Key != "" {
		arguments["key"] = request.Key
	}
	if request.Contains != "" {
		arguments["keyword"] = request.Contains
	}
	found, reply, err := i.kafkaMessages(ctx, arguments)
	if err != nil {
		return nil, err
	}
	answer := &trail.FindAnswer{Window: window, Messages: []trail.Message{}}
	for index, one := range found.Messages {
		if request.Key != "" && one.Key != "" && one.Key != request.Key {
			i.note("The vendor also answered messages whose key only contains %q: they are left out.", request.Key)
			continue
		}
		if began.ms > 0 && slices.Contains(began.seen, one.position()) {
			continue
		}
		message := one.neutral(i, reply.Evidence(at("messages", index)), listed)
		if len(message.Keys) == 0 && request.Key != "" {
			message.Keys = []string{request.Key} // it was found by its key, and this list does not repeat it
		}
		answer.Messages = append(answer.Messages, message)
	}
	answer.Next = i.kafkaRest(request, window, found, len(answer.Messages), limit)
	newestFirst(answer.Messages)
	if most := cmp.Or(request.Limit, pageSize); len(answer.Messages) > most {
		answer.Messages = answer.Messages[:most]
		i.lacks("Only %d messages were asked for, and more of %s fit.", most, request.Topic)
	}
	answer.Gathered = i.gathered(kafkaNotOffered)
	return answer, nil
}

// kafkaRest says what the answer may lack, and how to get more. Pages are not turned by the vendor's offset: its
// documents of different years call it a number of records and a number of a page. The next window begins with the last
// moment of this one.
func (i *inquiry) kafkaRest(request trail.FindRequest, window trail.Window, found kafkaMessages, told, limit int) (next string) {
	searched := request.Key != "" || request.Contains != ""
	switch got := len(found.Messages); {
	case searched && got >= mostHits:
		i.lacks("The answer is at the vendor's limit of %d hits: more messages of %s may fit. Narrow the window.", mostHits, request.Topic)
	case searched && told == 0:
		i.lacks("On Kafka no hit proves no absence: the vendor reads at most %s of the window, and messages without a create time never.", mostScanned)
	case searched:
		i.note("The vendor reads at most %s for a search by key or text: more messages may fit.", mostScanned)
	case got == 0:
		i.lacks("Kafka messages without a create time are not found by time, only by partition and offset.")
	case found.Total.known && found.Total.value > int64(got) || !found.Total.known && got >= limit:
		last := markAfter(found.Messages)
		if last.ms <= 0 || told == 0 || len(last.seen) >= pageSize || last.ms > window.ToMS {
			i.lacks("More than %d messages of %s have one create time, or none: the vendor gives no more at once.", got, request.Topic)
			return ""
		}
		i.lacks("The window holds more messages than one answer of the vendor: these are the oldest of it.")
		return last.String()
	}
	return ""
}

// findAtOffset reads one position.
func (i *inquiry) findAtOffset(ctx context.Context, request trail.FindRequest) (*trail.FindAnswer, error) {
	message, err := i.kafkaAt(ctx, request.Topic, *request.Partition, *request.Offset, 0, trail.PreviewBody)
	if err != nil {
		return nil, err
	}
	answer := &trail.FindAnswer{Messages: []trail.Message{}}
	if message != nil {
		answer.Messages = append(answer.Messages, *message)
	}
	answer.Gathered = i.gathered(kafkaNotOffered)
	return answer, nil
}

func (i *inquiry) getKafka(ctx context.Context, request trail.GetRequest) (*trail.GetAnswer, error) {
	if request.Partition == nil || request.Offset == nil {
		return nil, trail.NotOffered("Huawei Cloud gives Kafka messages no ids: a message is read by topic, partition and offset.").
			WithHint("Find it by key or time: the answer tells partition and offset.")
	}
	message, err := i.kafkaAt(ctx, request.Topic, *request.Partition, *request.Offset, request.BodyOffset, cmp.Or(request.BodyLimit, trail.DefaultBody))
	if err != nil {
		return nil, err
	}
	return &trail.GetAnswer{Gathered: i.gathered(kafkaNotOffered), Message: message}, nil
}

// kafkaAt reads the message at an offset; nil when it is not there. The vendor answers with the first message from the
// offset on, which may be another one.
func (i *inquiry) kafkaAt(ctx context.Context, topic string, partition, offset, bodyFrom, bodyLimit int64) (*trail.Message, error) {
	if partition < 0 || offset < 0 {
		return nil, sdk.InvalidArgument("offset", "partition %d and offset %d: both begin at 0", partition, offset)
	}
	found, reply, err := i.kafkaMessages(ctx, map[string]any{
		"topic": topic, "partition": digits(partition), "message_offset": digits(offset), "download": false,
	})
	if err != nil {
		return nil, err
	}
	for index, one := range found.Messages {
		if one.Offset == (number{offset, true}) && (!one.Partition.known || one.Partition.value == partition) {
			message := one.neutral(i, reply.Evidence(at("messages", index)), part{bodyFrom, bodyLimit})
			return &message, nil
		}
	}
	if len(found.Messages) > 0 {
		i.note("There is no message at partition %d, offset %d any more, or yet: the vendor answered with the one at offset %d.",
			partition, offset, found.Messages[0].Offset.value)
	}
	return nil, nil
}

// kafkaMessages queries messages when its turn comes: an instance refuses queries while it is busy with others.
func (i *inquiry) kafkaMessages(ctx context.Context, arguments map[string]any) (found kafkaMessages, reply *trail.Reply, err error) {
	select {
	case i.queries <- struct{}{}:
		defer func() { <-i.queries }()
	case <-ctx.Done():
		return found, nil, ctx.Err()
	}
	reply, err = i.do(ctx, "kafka/show_instance_messages", arguments, &found)
	return found, reply, err
}

// position names the message within its topic.
func (m kafkaMessage) position() string {
	return digits(m.Partition.value) + "-" + digits(m.Offset.value)
}

// mark is a place in a list by time: a moment, and the messages of that moment that were told.
type mark struct {
	ms   int64
	seen []string
}

func markAfter(list []kafkaMessage) mark {
	var last mark
	for _, one := range list {
		last.ms = max(last.ms, one.Timestamp.value)
	}
	for _, one := range list {
		if one.Timestamp.value == last.ms {
			last.seen = append(last.seen, one.position())
		}
	}
	return last
}

// String is the mark as a cursor: moment:partition-offset,partition-offset.
func (m mark) String() string { return digits(m.ms) + ":" + strings.Join(m.seen, ",") }

func readMark(cursor string) (mark, error) {
	if cursor == "" {
		return mark{}, nil
	}
	moment, seen, ok := strings.Cut(cursor, ":")
	ms, err := strconv.ParseInt(moment, 10, 64)
	if !ok || err != nil || ms <= 0 {
		return mark{}, sdk.InvalidArgument("cursor", "%.40q is no cursor of an earlier answer", cursor)
	}
	return mark{ms, strings.Split(seen, ",")}, nil
}

// newestFirst orders messages by when they were stored, or made.
func newestFirst(messages []trail.Message) {
	moment := func(m trail.Message) int64 {
		if known := cmp.Or(m.Stored, m.Born); known != nil {
			return known.UnixMS
		}
		return 0
	}
	slices.SortStableFunc(messages, func(a, b trail.Message) int { return cmp.Compare(moment(b), moment(a)) })
}
