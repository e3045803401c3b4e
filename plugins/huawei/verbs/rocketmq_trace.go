package verbs

import (
	"cmp"
	"context"
	"fmt"
	"strings"

	"golang.org/x/sync/errgroup"

	"github.com/mqtrail/mqtrail/sdk"
	"github.com/mqtrail/mqtrail/sdk/rocketmq"
	"github.com/mqtrail/mqtrail/sdk/trail"
)

// traceNotOffered is what traces of DMS for RocketMQ never tell.
var traceNotOffered = []string{
	"recording (each client decides with enableMsgTrace whether it writes traces: an empty trace proves nothing)", "the broker's storing",
	"invisible_ms", "DELAY_FIRED", "RECALLED", "DEAD_LETTERED (look among the group's dead letters)",
}

// traceStep is one entry of a trace.
type traceStep struct {
	Success     *bool   `json:"success"`
	Kind        string  `json:"trace_type"`
	Timestamp   number  `json:"timestamp"`
	Group       string  `json:"group_name"`
	Cost        number  `json:"cost_time"`
	Request     string  `json:"request_id"`
	Status      number  `json:"consume_status"`
	Topic       string  `json:"topic"`
	ID          string  `json:"msg_id"`
	OffsetID    string  `json:"offset_msg_id"`
	Tags        string  `json:"tags"`
	Keys        string  `json:"keys"`
	StoreHost   string  `json:"store_host"`
	ClientHost  string  `json:"client_host"`
	Retries     number  `json:"retry_times"`
	BodyLength  number  `json:"body_length"`
	Type        string  `json:"msg_type"`
	Transaction *string `json:"transaction_state"`
	TransID     *string `json:"transaction_id"`

	evidence trail.Evidence
}

// trace are all entries, in the vendor's order.
type trace []traceStep

// trace reads the trace of a client's id. Older answers are a bare list, which arrives as items.
func (i *inquiry) trace(ctx context.Context, id string) (trace, error) {
	var all trace
	next, err := pages(0, pageSize, func(from int64) (page, error) {
		var found struct {
			Total number      `json:"total"`
			Trace []traceStep `json:"trace"`
			Items []traceStep `json:"items"`
		}
		reply, err := i.do(ctx, "rocketmq/list_message_trace", map[string]any{"msg_id": id, "limit": pageSize, "offset": from}, &found)
		if err != nil {
			return page{}, err
		}
		steps, name := found.Trace, "trace"
		if steps == nil {
			steps, name = found.Items, "items"
		}
		for index, one := range steps {
			one.evidence = reply.Evidence(at(name, index))
			all = append(all, one)
		}
		return page{len(steps), found.Total}, nil
	}, func() bool { return false })
	if next > 0 {
		i.lacks("%d entries of the trace were read, and there are more.", next)
	}
	return all, err
}

// storage is where a message is stored.
type storage struct{ topic, id string }

// stored are the places in a topic that the trace names.
func (t trace) stored(topic string) []storage {
	var places []storage
	known := map[storage]bool{}
	for _, one := range t {
		where := storage{cmp.Or(one.Topic, topic), one.OffsetID}
		if one.OffsetID == "" || known[where] || where.topic != topic {
			continue
		}
		known[where] = true
		places = append(places, where)
	}
	return places
}

// elsewhere reports whether a step is of another message with the same id: a dead letter, or one in another topic than
// the wanted one. What groups get again is the same message.
func (s traceStep) elsewhere(topic string) bool {
	own, ok := rocketmq.ParseGroupTopic(s.Topic)
	if ok {
		return own.Role != rocketmq.RoleRetry && s.Topic != topic
	}
	return topic != "" && s.Topic != "" && s.Topic != topic
}

// traceRocketMQ traces by the client's id, which it gets from the stored message where the broker's is given.
func (i *inquiry) traceRocketMQ(ctx context.Context, request trail.TraceRequest) (*trail.TraceAnswer, error) {
	if request.MessageID == "" {
		return nil, sdk.InvalidArgument("message_id", "no message is given")
	}
	kinds := i.kindsOf(request.MessageID)
	var steps trace
	var messages []trail.Message
	both, parallel := errgroup.WithContext(ctx)
	if kinds.client {
		both.Go(func() (err error) {
			steps, err = i.trace(parallel, request.MessageID)
			return err
		})
	}
	if kinds.broker && request.Topic != "" {
		both.Go(func() (err error) {
			messages, err = i.stored(parallel, request.Topic, request.MessageID, 0, 0)
			return err
		})
	}
	if err := both.Wait(); err != nil {
		return nil, err
	}
	id := request.MessageID
	if len(steps) == 0 && len(messages) > 0 && messages[0].ID != "" {
		id = messages[0].ID
		i.note("%s is the broker's id: traces go by the client's, %s.", request.MessageID, id)
		var err error
		if steps, err = i.trace(ctx, id); err != nil {
			return nil, err
		}
	} else if !kinds.client && len(messages) == 0 {
		i.lacks("%s is a broker's id, and no message with it is in %q: the client's id that traces go by is not known.", id, request.Topic)
	}
	answer := &trail.TraceAnswer{Trace: steps.neutral(i, request.Topic, id)}
	answer.Gathered = i.gathered(traceNotOffered)
	return answer, nil
}

// neutral is the trace in the neutral model.
func (t trace) neutral(i *inquiry, topic, id string) trail.Trace {
	made := trail.Trace{Events: []trail.Event{}}
	attempts := t.attempts()
	for _, one := range t {
		if one.elsewhere(topic) {
			i.note("The trace has steps in %s: they are left out.", one.Topic)
			continue
		}
		made.Found = true
		event, known := one.event(attempts)
		if !known {
			i.note("The trace has steps of a kind that is not known, %q, as at %s: they are left out.", one.Kind, one.evidence.Pointer)
			continue
		}
		made.Events = append(made.Events, event)
	}
	trail.SortEvents(made.Events)
	made.Message = t.message(i, topic, id)
	return made
}

// pair names a consumer's attempt: its begin and its end have one request id.
type pair struct{ group, client, request string }

func (s traceStep) pair() pair { return pair{s.Group, s.ClientHost, s.Request} }

// attempts counts the deliveries. Only the begin of one tells redeliveries: clients write no number at its end.
func (t trace) attempts() map[pair]int64 {
	attempts := map[pair]int64{}
	for _, one := range t {
		if one.Kind == "SubBefore" && one.Request != "" && one.Retries.known {
			attempts[one.pair()] = one.Retries.value + 1
		}
	}
	return attempts
}

// event is an entry as a step of the message's life.
func (s traceStep) event(attempts map[pair]int64) (trail.Event, bool) {
	event := trail.Event{
		Time: trail.AtMS(s.Timestamp.value), DurationMS: s.Cost.natural(), Outcome: trail.Unknown, Receipt: s.Request,
		Actor: trail.Actor{Group: s.Group, Host: s.ClientHost}, Evidence: s.evidence,
	}
	switch s.Kind {
	case "Pub":
		event.Stage, event.Receipt, event.Actor.Group = trail.StageProduced, "", "" // an actor's group is a consumer group
		event.Outcome, event.Raw = s.sent()
		if event.Time != nil && event.DurationMS != nil {
			event.End = trail.AtMS(event.Time.UnixMS + *event.DurationMS)
		}
	case "EndTransaction":
		event.Stage, event.Receipt, event.Actor.Group = trail.StageTxEnd, "", ""
		event.Outcome, event.Raw = s.ended()
	case "SubBefore", "Receive":
		// Their success is a default that clients write before anything happened: it is never counted.
		event.Stage, event.DurationMS = trail.StageDelivered, nil
		event.Attempt = s.attempt(attempts)
	case "SubAfter", "Ack":
		event.Stage, event.Outcome, event.Raw = s.consumed()
		event.Attempt = s.attempt(attempts)
	default:
		return event, false
	}
	return event, true
}

func (s traceStep) attempt(attempts map[pair]int64) int64 {
	if counted, ok := attempts[s.pair()]; ok {
		return counted
	}
	if s.Retries.known {
		return s.Retries.value + 1
	}
	return 0
}

func (s traceStep) sent() (trail.Outcome, string) {
	switch {
	case s.Success == nil:
		return trail.Unknown, "success is missing"
	case *s.Success:
		return trail.OK, "success=true"
	default:
		return trail.Failed, "success=false"
	}
}

// ended is how a transaction ended: ok is committed, failed rolled back.
func (s traceStep) ended() (trail.Outcome, string) {
	if s.Transaction == nil {
		return trail.Unknown, "transaction_state is missing"
	}
	switch *s.Transaction {
	case "COMMIT_MESSAGE":
		return trail.OK, *s.Transaction
	case "ROLLBACK_MESSAGE":
		return trail.Failed, *s.Transaction
	default: // UNKNOW, as the vendor writes it
		return trail.Unknown, *s.Transaction
	}
}

// consumed is how a delivery ended. Nothing but a status of 0 is a success; a missing one, or one that nobody documents,
// is an end of which nothing is known.
func (s traceStep) consumed() (trail.Stage, trail.Outcome, string) {
	if !s.Status.known {
		return trail.StageFailed, trail.Unknown, "consume_status is missing"
	}
	raw := fmt.Sprintf("consume_status=%d", s.Status.value)
	switch s.Status.value {
	case 0:
		if s.Success != nil && !*s.Success {
			return trail.StageFailed, trail.Unknown, raw + ", success=false"
		}
		return trail.StageConsumed, trail.OK, raw
	case 1:
		return trail.StageFailed, trail.Failed, raw + " (timeout)"
	case 2:
		return trail.StageFailed, trail.Failed, raw + " (exception)"
	case 3:
		return trail.StageFailed, trail.Failed, raw + " (returned null)"
	case 4, 5: // Apache's number, and this vendor's
		return trail.StageFailed, trail.Failed, raw + " (failed)"
	default:
		return trail.StageFailed, trail.Unknown, raw
	}
}

// message is what the producer's entries say of the message; consumers repeat a part of it.
func (t trace) message(i *inquiry, topic, id string) *trail.Message {
	var made *trail.Message
	for _, one := range t {
		if one.elsewhere(topic) {
			continue
		}
		if made == nil {
			made = &trail.Message{System: trail.RocketMQ, Instance: i.instance, Topic: cmp.Or(topic, one.Topic), ID: cmp.Or(one.ID, id), Evidence: one.evidence}
		}
		made.BrokerID, made.StoredHost, made.Tag = cmp.Or(made.BrokerID, one.OffsetID), cmp.Or(made.StoredHost, one.StoreHost), cmp.Or(made.Tag, one.Tags)
		if len(made.Keys) == 0 {
			made.Keys = strings.Fields(one.Keys)
		}
		if made.BodySize == nil && one.BodyLength.value > 0 {
			made.BodySize = one.BodyLength.pointer()
		}
		if one.Kind == "Pub" || one.Kind == "EndTransaction" {
			made.Type, made.BornHost = cmp.Or(made.Type, typeOf(one.Type)), cmp.Or(made.BornHost, one.ClientHost)
			if one.Group != "" {
				made.Raw = map[string]string{"producer_group": one.Group}
			}
		}
		if one.TransID != nil {
			made.TransactionID = cmp.Or(made.TransactionID, *one.TransID)
		}
	}
	return made
}

// typeOf is a msg_type in the neutral model's word.
func typeOf(word string) string {
	switch word {
	case "Normal_Msg":
		return "normal"
	case "Trans_Msg_Half", "Trans_msg_Commit":
		return "transaction"
	case "Delay_Msg":
		return "delay"
	case "Order_Msg":
		return "fifo"
	default:
		return word
	}
}
