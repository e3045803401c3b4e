package verbs

import (
	"cmp"
	"context"
	"slices"
	"sync"

	"golang.org/x/sync/errgroup"

	"github.com/mqtrail/mqtrail/sdk"
	"github.com/mqtrail/mqtrail/sdk/rocketmq"
	"github.com/mqtrail/mqtrail/sdk/trail"
)

// maxCopies bounds the stored copies of one message that are looked up.
const maxCopies = 4

func (i *inquiry) findRocketMQ(ctx context.Context, request trail.FindRequest) (*trail.FindAnswer, error) {
	switch {
	case request.Contains != "":
		return nil, trail.NotOffered("Huawei Cloud does not search the contents of RocketMQ messages.").
			WithHint("Find messages by key or time, and read what they say.")
	case request.Offset != nil:
		return nil, trail.NotOffered("Huawei Cloud does not look up RocketMQ messages by queue and offset.").
			WithHint("Find it by id, key or time.")
	case request.DeadLettersOf != "":
		return i.findDeadLetters(ctx, request)
	case request.MessageID != "":
		return i.findByID(ctx, request)
	case request.Topic == "":
		return nil, sdk.InvalidArgument("topic", "no topic is given")
	}
	window := i.closed(request.Window, longest)
	from, err := place(request.Cursor)
	if err != nil {
		return nil, err
	}
	limit := cmp.Or(request.Limit, pageSize)
	found, next, err := i.list(ctx, searched{topic: request.Topic, key: request.Key, queue: request.Partition, window: window, from: from, most: limit})
	if err != nil {
		return nil, err
	}
	return i.foundMessages(found, window, cursor(next)), nil
}

func (i *inquiry) foundMessages(found []trail.Message, window trail.Window, next string) *trail.FindAnswer {
	newestFirst(found)
	return &trail.FindAnswer{Gathered: i.gathered(rocketNotOffered), Messages: found, Window: window, Next: next}
}

// searched is a search of one topic in a window.
type searched struct {
	topic, key string
	queue      *int64
	window     trail.Window
	from       int64
	most       int
	// fits chooses among the messages; nil takes all.
	fits func(rocketMessage) bool
	// The part of a body that is wanted.
	bodyFrom, bodyLimit int64
}

// list reads pages of a search, and where the next begins.
func (i *inquiry) list(ctx context.Context, s searched) ([]trail.Message, int64, error) {
	messages, size := []trail.Message{}, pageSize
	if s.fits == nil {
		size = min(s.most, pageSize)
	}
	next, err := pages(s.from, size, func(from int64) (page, error) {
		arguments := map[string]any{
			"topic": s.topic, "start_time": digits(s.window.FromMS), "end_time": digits(s.window.ToMS), "limit": size, "offset": from,
		}
		if s.key != "" {
			arguments["key"] = s.key
		}
		if s.queue != nil {
			arguments["queue"] = digits(*s.queue)
		}
		var found rocketMessages
		reply, err := i.do(ctx, "rocketmq/list_messages", arguments, &found)
		if err != nil {
			return page{}, err
		}
		for index, one := range found.Messages {
			if s.fits == nil || s.fits(one) {
				messages = append(messages, one.neutral(i, reply.Evidence(at("messages", index)), s.bodyFrom, cmp.Or(s.bodyLimit, trail.PreviewBody)))
			}
		}
		return page{len(found.Messages), found.Total}, nil
	}, func() bool { return s.fits == nil && len(messages) >= s.most })
	if s.fits == nil && len(messages) > s.most {
		messages, next = messages[:s.most], s.from+int64(s.most)
	}
	if next > 0 {
		i.lacks("%d messages of %s in the window were read, and there are more: narrow the window, or ask on with the cursor.", next, s.topic)
	}
	return messages, next, err
}

// findDeadLetters lists a group's dead letters, or the copies of one message among them. A copy is stored later than
// its message: the end of the window does not bound copies.
func (i *inquiry) findDeadLetters(ctx context.Context, request trail.FindRequest) (*trail.FindAnswer, error) {
	s := searched{topic: rocketmq.DeadLetterTopic(request.DeadLettersOf), key: request.Key, most: cmp.Or(request.Limit, pageSize)}
	if request.MessageID != "" {
		request.Window.ToMS = 0
		s.fits = func(one rocketMessage) bool { return one.of(request.MessageID) }
	}
	var err error
	if s.from, err = place(request.Cursor); err != nil {
		return nil, err
	}
	s.window = i.closed(request.Window, longest)
	found, next, err := i.list(ctx, s)
	if says(err, codeUnknownTopic) {
		err = i.neverDied(ctx, request.DeadLettersOf, err)
	}
	if err != nil {
		return nil, err
	}
	return i.foundMessages(found, s.window, cursor(next)), nil
}

// neverDied settles what it means that a dead-letter topic does not exist: if the group does, it has no dead letter yet.
func (i *inquiry) neverDied(ctx context.Context, group string, unknown error) error {
	if _, err := i.do(ctx, "rocketmq/show_group", map[string]any{"group": group}, &rocketGroup{}); err != nil {
		return unknown
	}
	i.answers = append(i.answers, codeUnknownTopic)
	i.note("The group %s has no dead-letter topic yet: its first dead letter makes it.", group)
	return nil
}

func (i *inquiry) findByID(ctx context.Context, request trail.FindRequest) (*trail.FindAnswer, error) {
	found, err := i.byID(ctx, request.Topic, request.MessageID, 0, 0)
	if err != nil {
		return nil, err
	}
	return i.foundMessages(found, trail.Window{}, ""), nil
}

func (i *inquiry) getRocketMQ(ctx context.Context, request trail.GetRequest) (*trail.GetAnswer, error) {
	if request.MessageID == "" {
		return nil, trail.NotOffered("Huawei Cloud does not look up RocketMQ messages by queue and offset.").
			WithHint("Give the message's id.")
	}
	found, err := i.byID(ctx, request.Topic, request.MessageID, request.BodyOffset, cmp.Or(request.BodyLimit, trail.DefaultBody))
	if err != nil {
		return nil, err
	}
	newestFirst(found)
	answer := &trail.GetAnswer{}
	switch {
	case len(found) == 0:
	case found[0].TraceOnly:
		i.note("There is a trace of the message, and the message itself is not there.")
	default:
		answer.Message = &found[len(found)-1] // the first one that was stored; others are sent again
		if len(found) > 1 {
			i.note("%d messages are stored with this id: this is the first.", len(found))
		}
	}
	answer.Gathered = i.gathered(rocketNotOffered)
	return answer, nil
}

// byID looks a message up by either id. The vendor does so by the broker's id alone: with a client's, the trace tells the
// broker's; where there is none, the moment in the id is searched.
func (i *inquiry) byID(ctx context.Context, topic, id string, bodyFrom, bodyLimit int64) ([]trail.Message, error) {
	kinds := i.kindsOf(id)
	if topic == "" && !kinds.client {
		return nil, sdk.InvalidArgument("topic", "no topic is given, and the broker's id %s tells none", id)
	}
	var stored []trail.Message
	var traced trace
	both, parallel := errgroup.WithContext(ctx)
	if kinds.broker && topic != "" {
		both.Go(func() (err error) {
			stored, err = i.stored(parallel, topic, id, bodyFrom, bodyLimit)
			return err
		})
	}
	if kinds.client {
		both.Go(func() (err error) {
			traced, err = i.trace(parallel, id)
			return err
		})
	}
	if err := both.Wait(); err != nil || len(stored) > 0 || !kinds.client {
		return orNone(stored), err
	}
	message := traced.message(i, topic, id)
	if message != nil {
		topic = message.Topic
	}
	switch {
	case topic == "":
		return nil, sdk.InvalidArgument("topic", "no topic is given, and no trace of %s tells one", id)
	case message == nil && len(traced) > 0:
		i.note("The trace shows the message in another topic than %s: %s.", topic, traced[0].Topic)
		return orNone(nil), nil
	}
	var err error
	if places := traced.stored(topic); len(places) > 0 {
		stored, err = i.storedAt(ctx, places, bodyFrom, bodyLimit)
	} else {
		stored, err = i.scan(ctx, topic, id, kinds.born, bodyFrom, bodyLimit)
	}
	if err == nil && len(stored) == 0 && message != nil {
		message.TraceOnly = true
		stored = []trail.Message{*message}
	}
	return orNone(stored), err
}

func orNone(list []trail.Message) []trail.Message { return append([]trail.Message{}, list...) }

// stored asks for a message by the broker's id.
func (i *inquiry) stored(ctx context.Context, topic, id string, bodyFrom, bodyLimit int64) ([]trail.Message, error) {
	var found rocketMessages
	reply, err := i.do(ctx, "rocketmq/list_messages", map[string]any{"topic": topic, "msg_id": id}, &found)
	if err != nil {
		return nil, err
	}
	messages := make([]trail.Message, len(found.Messages))
	for index, one := range found.Messages {
		messages[index] = one.neutral(i, reply.Evidence(at("messages", index)), bodyFrom, cmp.Or(bodyLimit, trail.PreviewBody))
	}
	return messages, nil
}

// storedAt asks for all copies of a message, at the same time.
func (i *inquiry) storedAt(ctx context.Context, places []storage, bodyFrom, bodyLimit int64) ([]trail.Message, error) {
	if len(places) > maxCopies {
		i.lacks("The trace names %d stored copies: %d were looked up.", len(places), maxCopies)
		places = places[:maxCopies]
	}
	copies := make([][]trail.Message, len(places))
	all, parallel := errgroup.WithContext(ctx)
	all.SetLimit(atOnce)
	for index, one := range places {
		all.Go(func() (err error) {
			copies[index], err = i.stored(parallel, one.topic, one.id, bodyFrom, bodyLimit)
			return err
		})
	}
	err := all.Wait()
	return orNone(slices.Concat(copies...)), err
}

// scan searches a client's id where its moment may be.
func (i *inquiry) scan(ctx context.Context, topic, id string, moments []trail.Window, bodyFrom, bodyLimit int64) ([]trail.Message, error) {
	var mu sync.Mutex
	found := []trail.Message{}
	all, parallel := errgroup.WithContext(ctx)
	for _, moment := range moments {
		all.Go(func() error {
			some, _, err := i.list(parallel, searched{
				topic: topic, window: moment, most: pageSize, fits: func(one rocketMessage) bool { return one.of(id) }, bodyFrom: bodyFrom, bodyLimit: bodyLimit,
			})
			mu.Lock()
			defer mu.Unlock()
			found = append(found, some...)
			return err
		})
	}
	if err := all.Wait(); err != nil {
		return nil, err
	}
	if len(found) == 0 {
		i.lacks("The vendor finds messages by the broker's id alone. %s is a client's id without a trace: %s was searched around the moments that it may stand for, and another moment may hold the message.", id, topic)
	}
	return found, nil
}
