package verbs

import (
	"context"
	"slices"
	"strings"

	"golang.org/x/sync/errgroup"

	"github.com/mqtrail/mqtrail/sdk/trail"
)

// trace is what the vendor tells of a message's life.
type trace struct {
	MessageInfo  *message `json:"messageInfo"`
	ProducerInfo *struct {
		Records []*production `json:"records"`
	} `json:"producerInfo"`
	BrokerInfo    *brokerInfo     `json:"brokerInfo"`
	ConsumerInfos []*consumerInfo `json:"consumerInfos"`
}

type production struct {
	UserName           string `json:"userName"`
	ClientHost         string `json:"clientHost"`
	ProduceTime        string `json:"produceTime"`
	ProduceDuration    *count `json:"produceDuration"`
	ProduceStatus      string `json:"produceStatus"`
	ArriveTime         string `json:"arriveTime"`
	MessageSource      string `json:"messageSource"`
	DlqOriginTopic     string `json:"dlqOriginTopic"`
	DlqOriginMessageID string `json:"dlqOriginMessageId"`
	RecallTime         string `json:"recallTime"`
}

type brokerInfo struct {
	PresetDelayTime string       `json:"presetDelayTime"`
	DelayStatus     string       `json:"delayStatus"`
	RecallResult    string       `json:"recallResult"`
	Operations      []*operation `json:"operations"`
}

// operation is something that was done at the broker.
type operation struct {
	OperateType   string `json:"operateType"`
	OperateTime   string `json:"operateTime"`
	InvisibleTime *count `json:"invisibleTime"` // milliseconds
	DeadMessage   truth  `json:"deadMessage"`
}

type consumerInfo struct {
	ConsumerGroupID string         `json:"consumerGroupId"`
	ConsumeStatus   string         `json:"consumeStatus"`
	DeadMessage     truth          `json:"deadMessage"`
	DeadLetterInfo  *deadLetter    `json:"deadLetterInfo"`
	Records         []*consumption `json:"records"`
}

type deadLetter struct {
	TopicName string `json:"topicName"`
	MessageID string `json:"messageId"`
	ToDlqTime string `json:"toDlqTime"`
}

type consumption struct {
	UserName      string       `json:"userName"`
	ClientHost    string       `json:"clientHost"`
	ConsumeStatus string       `json:"consumeStatus"`
	PopCk         string       `json:"popCk"`
	Operations    []*operation `json:"operations"`
}

func (t *trace) consumers() []*consumerInfo {
	if t == nil {
		return nil
	}
	return t.ConsumerInfos
}

func (t *trace) productions() []*production {
	if t.ProducerInfo == nil {
		return nil
	}
	return t.ProducerInfo.Records
}

// TraceMessage tells the life of one message. Beside the trace it asks whether the instance records traces, without
// which an empty trace says nothing. The vendor finds traces by id alone: no window is sent.
func (v *Verbs) TraceMessage(ctx context.Context, request trail.TraceRequest) (*trail.TraceAnswer, error) {
	if err := check(request.System, need{"instance", request.Instance}, need{"topic", request.Topic}, need{"message_id", request.MessageID}); err != nil {
		return nil, err
	}
	calls, say := v.vendor.Begin(request.Raw), &told{}
	var traced answer[*trace]
	var recording *bool
	var recordingErr error
	both, bounded := errgroup.WithContext(ctx)
	both.Go(func() (err error) {
		traced, err = ask[*trace](bounded, calls, "get_trace", map[string]any{
			"instanceId": request.Instance, "topicName": request.Topic, "messageId": request.MessageID,
		})
		if noMessage(err) {
			err = nil
		}
		return err
	})
	both.Go(func() error {
		recording, recordingErr = v.recording(bounded, calls, request.Instance)
		return nil
	})
	if err := both.Wait(); err != nil {
		return nil, err
	}
	if recordingErr != nil {
		say.failed("Whether the instance records traces", recordingErr)
	}
	life := &life{told: say, request: request, reply: traced}
	if traced.data != nil {
		life.tell(traced.data)
	}
	life.trace.Recording = recording
	trail.SortEvents(life.trace.Events)
	return &trail.TraceAnswer{
		Gathered: say.gathered(calls, append(neverTold(), "body", "body_size")),
		Trace:    life.trace,
	}, nil
}

// recording is the instance's setting. Where it is on, the broker itself records what happens.
func (v *Verbs) recording(ctx context.Context, calls *trail.Calls, id string) (*bool, error) {
	found, err := ask[*instance](ctx, calls, "get_instance", map[string]any{"instanceId": id})
	if err != nil || found.data == nil {
		return nil, err
	}
	return found.data.ProductInfo.TraceOn.plain(), nil
}

// life turns one vendor's trace into events.
type life struct {
	*told
	request trail.TraceRequest
	reply   answer[*trace]
	clock   clock
	message trail.Message
	trace   trail.Trace
}

func (l *life) tell(t *trace) {
	l.clock = assumedClock()
	l.message = trail.Message{System: trail.RocketMQ, ID: l.request.MessageID, Instance: l.request.Instance, Topic: l.request.Topic, Evidence: l.reply.at("")}
	if info := t.MessageInfo; info != nil && info.MessageID != "" {
		l.clock = clockOf(info.MessageID, info.BornTime)
		l.message = info.model(l.request.Instance, l.request.Topic, l.reply.at("/messageInfo"))
		l.trace.Found = true
	}
	for i, record := range t.productions() {
		if record != nil {
			l.produced(t.BrokerInfo, record, i)
		}
	}
	l.broker(t.BrokerInfo)
	for i, info := range t.ConsumerInfos {
		if info != nil {
			l.consumed(info, i)
		}
	}
	l.trace.Found = l.trace.Found || len(l.trace.Events) > 0
	if l.trace.Found {
		l.trace.Message = &l.message
	}
}

func (l *life) event(e trail.Event) { l.trace.Events = append(l.trace.Events, e) }

// raw keeps a status word as the vendor wrote it.
func (l *life) raw(field, word string) {
	if word == "" {
		return
	}
	if l.message.Raw == nil {
		l.message.Raw = map[string]string{}
	}
	if have, ok := l.message.Raw[field]; ok && !slices.Contains(strings.Split(have, ","), word) {
		word = have + "," + word
	}
	l.message.Raw[field] = word
}

// recall is the source of a record that is no message but the wish to take it back.
const recall = "recall"

func (l *life) produced(broker *brokerInfo, record *production, i int) {
	l.raw("messageSource", record.MessageSource)
	at := func(field string) trail.Evidence { return l.reply.at("/producerInfo/records/%d%s", i, field) }
	actor := trail.Actor{Client: record.UserName, Host: record.ClientHost}
	if strings.EqualFold(record.MessageSource, recall) {
		l.recalled(broker, actor, record, at(""))
		return
	}
	// The duration's unit is not documented; milliseconds are assumed.
	l.event(trail.Event{
		Stage: trail.StageProduced, Time: l.clock.at(record.ProduceTime), End: l.clock.at(record.ArriveTime), DurationMS: record.ProduceDuration.plain(),
		Actor: actor, Outcome: outcomeOf(record.ProduceStatus), Raw: record.ProduceStatus, Evidence: at(""),
	})
	if record.DlqOriginMessageID != "" || record.DlqOriginTopic != "" {
		l.message.OriginTopic, l.message.OriginID = record.DlqOriginTopic, record.DlqOriginMessageID
		l.event(trail.Event{
			Stage: trail.StageFromDLQ, Time: l.clock.at(record.ProduceTime), Actor: actor, Outcome: trail.OK,
			Topic: record.DlqOriginTopic, MessageID: record.DlqOriginMessageID, Evidence: at(""),
		})
	}
}

func (l *life) recalled(broker *brokerInfo, actor trail.Actor, record *production, evidence trail.Evidence) {
	time := l.clock.at(record.RecallTime)
	if time == nil {
		time = l.clock.at(record.ProduceTime)
	}
	result := ""
	if broker != nil {
		result = broker.RecallResult
	}
	l.event(trail.Event{Stage: trail.StageRecalled, Time: time, Actor: actor, Outcome: outcomeOf(result), Raw: result, Evidence: evidence})
}

func (l *life) broker(info *brokerInfo) {
	stored := l.message.Stored
	if stored != nil {
		l.event(trail.Event{
			Stage: trail.StageStored, Time: stored, Actor: trail.Actor{Host: l.message.StoredHost}, Outcome: trail.OK,
			Evidence: l.reply.at("/messageInfo/storeTime"),
		})
	}
	if info == nil {
		return
	}
	l.message.DeliverAt = l.clock.at(info.PresetDelayTime)
	added := stored
	for i, o := range info.Operations {
		if o == nil {
			continue
		}
		l.raw("operateType", o.OperateType)
		time, evidence := l.clock.at(o.OperateTime), l.reply.at("/brokerInfo/operations/%d", i)
		switch strings.ToUpper(o.OperateType) {
		case "ADD":
			if added == nil { // else the same is told by the store time
				l.event(trail.Event{Stage: trail.StageStored, Time: time, Actor: trail.Actor{Host: l.message.StoredHost}, Outcome: trail.OK, Raw: o.OperateType, Evidence: evidence})
			}
			added = time
		case "COMMIT":
			l.event(trail.Event{Stage: trail.StageTxEnd, Time: time, Outcome: trail.OK, Raw: o.OperateType, Evidence: evidence})
		case "ROLLBACK":
			l.event(trail.Event{Stage: trail.StageTxEnd, Time: time, Outcome: trail.Failed, Raw: o.OperateType, Evidence: evidence})
		default:
			l.note("The broker did %q at %s, a word that is not documented.", o.OperateType, o.OperateTime)
			if l.message.Type == "transaction" || l.message.TransactionID != "" { // it may be how the transaction ended
				l.event(trail.Event{Stage: trail.StageTxEnd, Time: time, Outcome: trail.Unknown, Raw: o.OperateType, Evidence: evidence})
			}
		}
	}
	l.delay(info, added)
	l.raw("recallResult", info.RecallResult)
	if info.RecallResult != "" && !slices.ContainsFunc(l.trace.Events, func(e trail.Event) bool { return e.Stage == trail.StageRecalled }) {
		l.event(trail.Event{Stage: trail.StageRecalled, Outcome: outcomeOf(info.RecallResult), Raw: info.RecallResult, Evidence: l.reply.at("/brokerInfo/recallResult")})
	}
}

// delay tells of a scheduled message: since when the broker holds it, and that it let it go. When it did is not told;
// the time is the scheduled one.
func (l *life) delay(info *brokerInfo, added *trail.Time) {
	l.raw("delayStatus", info.DelayStatus)
	if l.message.DeliverAt != nil {
		l.event(trail.Event{Stage: trail.StageDelaySet, Time: added, Outcome: trail.OK, Evidence: l.reply.at("/brokerInfo/presetDelayTime")})
	}
	switch outcome := outcomeOf(info.DelayStatus); {
	case outcome != trail.Unknown:
		l.event(trail.Event{Stage: trail.StageDelayFired, Time: l.message.DeliverAt, Outcome: outcome, Raw: info.DelayStatus, Evidence: l.reply.at("/brokerInfo/delayStatus")})
	case info.DelayStatus != "":
		l.note("The schedule stands at %q, a word that is not documented.", info.DelayStatus)
	}
}

// outcomeOf reads a status. SUCCESS, RECALL_OK and RECALL_FAIL are documented; of the words that are not, only those
// are read that say nothing else than failure. A success is never guessed.
func outcomeOf(word string) trail.Outcome {
	switch strings.ToUpper(word) {
	case "SUCCESS", "RECALL_OK":
		return trail.OK
	case "RECALL_FAIL", "FAIL", "FAILED", "FAILURE":
		return trail.Failed
	default:
		return trail.Unknown
	}
}
