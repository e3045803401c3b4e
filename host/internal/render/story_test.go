package render

import (
	"fmt"
	"time"

	"github.com/mqtrail/mqtrail/host/internal/trail"
	"github.com/mqtrail/mqtrail/host/internal/verdict"
	model "github.com/mqtrail/mqtrail/sdk/trail"
)

// t0 is 10:42:11.123 in Shanghai.
const t0 = int64(1795315331123)

func at(ms int64) *model.Time { return model.AtMS(t0 + ms) }

// local is a time as a vendor tells it that names no zone.
func local(ms int64, source model.ZoneSource) *model.Time {
	return model.AtLocal(time.UnixMilli(t0+ms).In(time.FixedZone("", 8*3600)).Truncate(time.Second), source)
}

func evidence(pointer string) model.Evidence {
	return model.Evidence{Operation: "acme_rocketmq_get_trace", Pointer: pointer, RequestID: "REQ-1"}
}

func ptr[T any](v T) *T { return &v }

// life is an order's message, sent and stored, that had these further events.
func life(groups []verdict.Group, more ...model.Event) trail.Life {
	events := []model.Event{
		{Stage: model.StageProduced, Time: at(0), DurationMS: ptr(int64(5)), Outcome: model.OK, Raw: "SEND_OK", Actor: model.Actor{Host: "10.0.0.5:4012"}, Evidence: evidence("/producer/0")},
		{Stage: model.StageStored, Time: at(3), Outcome: model.OK, Evidence: evidence("/stored")},
	}
	return trail.Life{
		Connection: "prod-hz", Plugin: "acme",
		Result: verdict.Result{Groups: groups},
		Message: &model.Message{
			System: model.RocketMQ, ID: "7F0000010A2B18B4AAC21E1F9F5B0001", Instance: "rmq-shop", Topic: "orders", Keys: []string{"ORDER-4711"},
			Tag: "paid", Born: at(0), Stored: at(3), BornHost: "10.0.0.5:4012", StoredHost: "10.0.1.1:10911",
		},
		Events: append(events, more...),
	}
}

// told is a report of lives, whose headline is the first one's.
func told(name verdict.Name, sure verdict.Confidence, why string, lives ...trail.Life) *trail.TraceReport {
	headline := verdict.Verdict{Verdict: name, Confidence: sure, Why: why}
	if len(lives) > 0 {
		lives[0].Result.Verdict = headline
	}
	return &trail.TraceReport{
		Query: trail.TraceQuery{Message: "ORDER-4711"}, Verdict: headline, Lives: lives,
		Window: trail.Span{From: "2026-11-22T08:42:11+08:00", To: "2026-11-22T10:42:11+08:00"},
		Looked: []trail.Looked{{Connection: "prod-hz", Plugin: "acme", Instance: "rmq-shop", Outcome: trail.Found, Topics: 3, TookMS: 12}},
	}
}

func group(name string, v verdict.Name, sure verdict.Confidence, attempts, succeeded, failed int64) verdict.Group {
	return verdict.Group{
		Group: name, Verdict: verdict.Verdict{Verdict: v, Confidence: sure}, Attempts: attempts, Succeeded: succeeded, Failed: failed,
		Expected: ptr(true),
	}
}

func delivered(group string, attempt, ms int64) model.Event {
	return model.Event{
		Stage: model.StageDelivered, Time: at(ms), Outcome: model.OK, Attempt: attempt,
		Actor: model.Actor{Group: group, Client: "worker-1", Host: "10.0.2.7"}, Evidence: evidence("/consumers/0/operations/0"),
	}
}

func ended(group string, attempt, ms int64, stage model.Stage, outcome model.Outcome, raw string) model.Event {
	return model.Event{
		Stage: stage, Time: at(ms), Outcome: outcome, Attempt: attempt, Raw: raw,
		Actor: model.Actor{Group: group, Client: "worker-1", Host: "10.0.2.7"}, Evidence: evidence("/consumers/0/operations/1"),
	}
}

// attempts are deliveries that all fail, each later than the one before.
func attempts(group string, n int64, raw string) []model.Event {
	var events []model.Event
	wait := int64(10_000)
	for i, ms := int64(1), int64(1_000); i <= n; i++ {
		events = append(events, delivered(group, i, ms), ended(group, i, ms+200, model.StageFailed, model.Failed, raw))
		ms += wait
		wait += wait / 2
	}
	return events
}

type story struct {
	name   string
	report *trail.TraceReport
}

// stories are the shop's: one at least for every verdict.
func stories() []story {
	ok := func(group string, ms int64) []model.Event {
		return []model.Event{delivered(group, 1, ms), ended(group, 1, ms+300, model.StageConsumed, model.OK, "CONSUME_SUCCESS")}
	}
	one := func(v verdict.Name, sure verdict.Confidence, why string, g verdict.Group, events ...model.Event) *trail.TraceReport {
		return told(v, sure, why, life([]verdict.Group{g}, events...))
	}
	return []story{
		{"consumed", told(verdict.Consumed, verdict.Proven, "Both groups consumed it.", life([]verdict.Group{
			group("billing", verdict.Consumed, verdict.Proven, 1, 1, 0), group("shipping", verdict.Consumed, verdict.Proven, 1, 1, 0),
		}, append(ok("billing", 1200), ok("shipping", 1400)...)...))},
		{"consumed_after_retry", one(verdict.ConsumedRetried, verdict.Proven, "The second attempt went well.",
			group("billing", verdict.ConsumedRetried, verdict.Proven, 2, 1, 1),
			append(attempts("billing", 1, "RECONSUME_LATER"), delivered("billing", 2, 11_000), ended("billing", 2, 11_050, model.StageConsumed, model.OK, "CONSUME_SUCCESS"))...)},
		{"consumed_twice", one(verdict.ConsumedTwice, verdict.Proven, "Two attempts succeeded.",
			group("billing", verdict.ConsumedTwice, verdict.Proven, 2, 2, 0),
			append(ok("billing", 900), delivered("billing", 2, 61_000), ended("billing", 2, 61_500, model.StageConsumed, model.OK, "CONSUME_SUCCESS"))...)},
		{"dead_lettered", deadLettered()},
		{"retries_exhausted", one(verdict.RetriesExhausted, verdict.Inferred, "All 16 attempts failed; no dead letter was seen.",
			group("inventory", verdict.RetriesExhausted, verdict.Inferred, 16, 0, 16), attempts("inventory", 16, "RECONSUME_LATER")...)},
		{"retrying", one(verdict.Retrying, verdict.Proven, "The third attempt failed; 13 are left.",
			group("inventory", verdict.Retrying, verdict.Proven, 3, 0, 3), attempts("inventory", 3, "RECONSUME_LATER")...)},
		{"in_flight", one(verdict.InFlight, verdict.Proven, "A consumer has had it for 4 s of 30 s.",
			group("billing", verdict.InFlight, verdict.Proven, 1, 0, 0), delivered("billing", 1, 700))},
		{"ack_timeout", one(verdict.AckTimeout, verdict.Inferred, "A consumer has had it for longer than the broker waits.",
			group("billing", verdict.AckTimeout, verdict.Inferred, 1, 0, 0), delivered("billing", 1, 700))},
		{"not_consumed", one(verdict.NotConsumed, verdict.Inferred, "No consumer of fulfilment is connected.",
			group("fulfilment", verdict.NotConsumed, verdict.Inferred, 0, 0, 0))},
		{"offset_passed", offsetPassed()},
		{"filtered", one(verdict.Filtered, verdict.Inferred, "The group subscribes to the tag refunded.",
			group("refunds", verdict.Filtered, verdict.Inferred, 0, 0, 0))},
		{"partially_consumed", told(verdict.PartlyConsumed, verdict.Inferred, "billing consumed it, fulfilment has not.", life([]verdict.Group{
			group("fulfilment", verdict.NotConsumed, verdict.Inferred, 0, 0, 0), group("billing", verdict.Consumed, verdict.Proven, 1, 1, 0),
		}, ok("billing", 1200)...))},
		{"produced_not_consumed", one(verdict.ProducedOnly, verdict.Inferred, "Stored, and no group has had it.",
			group("fulfilment", verdict.NotConsumed, verdict.Inferred, 0, 0, 0))},
		{"no_subscribers", told(verdict.NoSubscribers, verdict.Proven, "No group subscribes to orders.", life(nil))},
		{"unknown_outcome", unknownOutcome()},
		{"send_failed", sendFailed()},
		{"recalled", told(verdict.Recalled, verdict.Proven, "The producer took it back before it was due.", life(nil,
			model.Event{Stage: model.StageDelaySet, Time: at(4), Outcome: model.OK}, model.Event{Stage: model.StageRecalled, Time: at(9_000), Outcome: model.OK, Raw: "RECALL_OK"}))},
		{"delayed", delayed(verdict.Delayed, "It is due in 42 minutes.")},
		{"delay_overdue", delayed(verdict.DelayOverdue, "It was due 20 minutes ago and nobody got it.")},
		{"tx_pending", told(verdict.TxPending, verdict.Inferred, "The transaction has not ended.", life(nil))},
		{"tx_rolled_back", told(verdict.TxRolledBack, verdict.Proven, "The producer rolled the transaction back.", life(nil,
			model.Event{Stage: model.StageTxEnd, Time: at(800), Outcome: model.OK, Raw: "ROLLBACK"}))},
		{"not_found", searched(told(verdict.NotFound, verdict.Proven, "Looked in every topic that could hold it."), trail.NotFound, "")},
		{"out_of_window", searched(told(verdict.OutOfWindow, verdict.Unproven, "Messages of that age are no longer kept."), trail.NotLooked, "older than 72 h")},
		{"query_failed", searched(told(verdict.QueryFailed, verdict.Unproven, "The only connection could not be asked."), trail.Failed, "the key is not allowed to call it")},
		{"unknown", searched(told(verdict.Unknown, verdict.Unproven, "The search hit a limit of 64 messages."), trail.NotFound, "64 newest by key only")},
		{"clocks_out_of_order", clocksOutOfOrder()},
		{"hostile", hostile()},
		{"wide", wide()},
		{"several", several()},
	}
}

// deadLettered is the largest story: three groups of sixteen attempts each.
func deadLettered() *trail.TraceReport {
	events := append(attempts("billing", 16, "RECONSUME_LATER"), attempts("inventory", 16, "RECONSUME_LATER")...)
	events = append(events, attempts("shipping", 15, "TIMEOUT")...)
	events = append(events, delivered("shipping", 16, 13_200_000), ended("shipping", 16, 13_200_500, model.StageConsumed, model.OK, "CONSUME_SUCCESS"))
	for _, name := range []string{"billing", "inventory"} {
		events = append(events, model.Event{
			Stage: model.StageDeadLettered, Time: at(13_300_000), Outcome: model.OK, Actor: model.Actor{Group: name},
			Topic: "%DLQ%" + name, MessageID: "7F0000010A2B18B4AAC21E1F9F5B0002", Evidence: evidence("/deadLetterInfo"),
		})
	}
	model.SortEvents(events)
	report := told(verdict.DeadLettered, verdict.Proven, "billing and inventory gave up after 16 attempts; shipping consumed it at the 16th.", life([]verdict.Group{
		group("billing", verdict.DeadLettered, verdict.Proven, 16, 0, 16), group("inventory", verdict.DeadLettered, verdict.Proven, 16, 0, 16),
		group("shipping", verdict.ConsumedRetried, verdict.Proven, 16, 1, 15),
	}, events...))
	report.Lives[0].Result.Groups[0].Last = at(13_300_000)
	report.Verdict.Next = []verdict.Next{
		{Tool: "get_message", Arguments: map[string]any{"connection": "prod-hz", "message_id": "7F0000010A2B18B4AAC21E1F9F5B0001"}, Why: "what its body says"},
		{Tool: "find_messages", Arguments: map[string]any{"dead_letters_of": "billing", "limit": 20}, Why: "what else billing gave up"},
	}
	report.Lives[0].Result.Verdict = report.Verdict
	return report
}

// offsetPassed is Kafka's: no trace at all, and a position beyond the message.
func offsetPassed() *trail.TraceReport {
	made := life([]verdict.Group{group("billing", verdict.OffsetPassed, verdict.Inferred, 0, 0, 0)})
	made.Events = nil
	made.Message = &model.Message{
		System: model.Kafka, Instance: "kafka-shop", Topic: "payments", Keys: []string{"ORDER-4711"}, Partition: ptr(int64(3)),
		Offset: ptr(int64(9007199254740993)), Born: at(0),
	}
	made.Result.Groups[0].Why = "The group's position is past it, which is not to say that it was consumed."
	report := told(verdict.OffsetPassed, verdict.Inferred, "Positions are past the message; Kafka keeps no trace.", made)
	report.Verdict.Missing = []string{"Kafka does not record who consumed a message."}
	return report
}

func unknownOutcome() *trail.TraceReport {
	made := life([]verdict.Group{group("billing", verdict.Unknown, verdict.Unproven, 1, 0, 0)},
		delivered("billing", 1, 1200), ended("billing", 1, 1500, model.StageConsumed, model.Unknown, "CONSUME_MAYBE"),
		model.Event{Stage: "PONDERED", Time: at(1600), Outcome: model.Unknown, Actor: model.Actor{Group: "billing"}},
		model.Event{Stage: "ARCHIVED", Outcome: model.OK})
	made.Events[0].Outcome, made.Events[0].Raw = model.Unknown, "SEND_WHATEVER"
	made.Result.Groups[0].Raw = []string{"CONSUME_MAYBE"}
	made.Calls = []model.Call{{Operation: "acme_rocketmq_list_subscriptions", RequestID: "REQ-9", Problem: &model.Failure{
		Code: "throttled", Message: "The vendor asks to slow down.", VendorCode: "Throttling.User", Hint: "Try again in a second.",
	}}}
	return told(verdict.Unknown, verdict.Unproven, "The vendor's word for the outcome is none that is documented.", made)
}

func sendFailed() *trail.TraceReport {
	made := life(nil)
	made.Message = nil
	made.Events = []model.Event{
		{Stage: model.StageProduced, Time: local(0, model.ZoneAssumed), Outcome: model.Failed, Raw: "SEND_FAILED", Actor: model.Actor{Host: "10.0.0.5:4012"}},
		{Stage: model.StageProduced, Time: local(2_000, model.ZoneAssumed), Outcome: model.Failed, Raw: "SEND_FAILED", Actor: model.Actor{Host: "10.0.0.5:4012"}},
	}
	return told(verdict.SendFailed, verdict.Proven, "Both tries to send it failed.", made)
}

func delayed(name verdict.Name, why string) *trail.TraceReport {
	made := life(nil, model.Event{Stage: model.StageDelaySet, Time: at(4), Outcome: model.OK})
	made.Message.DeliverAt = at(3_600_000)
	return told(name, verdict.Proven, why, made)
}

func searched(report *trail.TraceReport, outcome trail.Outcome, detail string) *trail.TraceReport {
	report.Looked[0].Outcome, report.Looked[0].Detail = outcome, detail
	return report
}

// clocksOutOfOrder is stored before it was born, and consumed before it was delivered.
func clocksOutOfOrder() *trail.TraceReport {
	made := life([]verdict.Group{group("billing", verdict.Consumed, verdict.Proven, 1, 1, 0)},
		ended("billing", 1, -250, model.StageConsumed, model.OK, "CONSUME_SUCCESS"), delivered("billing", 1, 100))
	made.Message.Born = local(0, model.ZoneProven)
	made.Events[1].Time = at(-1_800)
	model.SortEvents(made.Events)
	made.Result.Flags = []string{"The broker's clock is 1.8 s behind the producer's."}
	return told(verdict.Consumed, verdict.Proven, "billing consumed it.", made)
}

// hostileNames are texts that would do something if any view took them for more than text.
var hostileNames = []string{
	`<img src=x onerror="window.hacked=1">`,
	"</script><script>window.hacked=1</script>",
	"pay\u202egnillib\u202c",
	"red\x1b[31m\x1b]0;title\x07",
	"style:a#b;%%{init:{}}%%",
	"end\nactivate B\nNote over B: #quot; $$x^2$$",
	"zero\u200bwidth\u3164\ufe0f",
	"`click` [x](javascript:alert(1)) 'q' {{report}}",
}

func hostile() *trail.TraceReport {
	var groups []verdict.Group
	var events []model.Event
	for i, name := range hostileNames {
		groups = append(groups, group(name, verdict.Consumed, verdict.Proven, 1, 1, 0))
		events = append(events, delivered(name, 1, int64(1000+i)), ended(name, 1, int64(2000+i), model.StageConsumed, model.OK, name))
	}
	model.SortEvents(events)
	made := life(groups, events...)
	made.Message.Keys, made.Message.Tag = []string{hostileNames[1]}, hostileNames[3]
	made.Connection = hostileNames[2]
	report := told(verdict.Consumed, verdict.Proven, "All of "+hostileNames[0]+" consumed it.", made)
	report.Notes = []string{hostileNames[5], fmt.Sprint(hostileNames[6], "!")}
	return report
}

// wide has names of characters that take two columns.
func wide() *trail.TraceReport {
	name := "库存与配送履约服务消费者组中心"
	made := life([]verdict.Group{group(name, verdict.Retrying, verdict.Proven, 5, 0, 5)}, attempts(name, 5, "稍后重试：下游库存服务没有在规定的时间里给出回答")...)
	made.Message.Topic = "订单"
	return told(verdict.Retrying, verdict.Proven, "消费者组第五次处理失败，还会重试。下游库存服务没有在规定的时间里给出回答，因此消息会再次投递。", made)
}

// several messages have the same key.
func several() *trail.TraceReport {
	first := life([]verdict.Group{group("billing", verdict.NotConsumed, verdict.Inferred, 0, 0, 0)})
	second := life([]verdict.Group{group("billing", verdict.Consumed, verdict.Proven, 1, 1, 0)}, ended("billing", 1, 900, model.StageConsumed, model.OK, "CONSUME_SUCCESS"))
	second.Result.Verdict = verdict.Verdict{Verdict: verdict.Consumed, Confidence: verdict.Proven, Why: "billing consumed it."}
	second.Copies = []model.Message{{ID: "COPY-1", Topic: "%DLQ%audit", DeadLetterGroup: "audit", Stored: at(70_000)}}
	report := told(verdict.NotConsumed, verdict.Inferred, "billing is behind it.", first, second)
	report.Verdict.Next = []verdict.Next{{Tool: "consumer_lag", Arguments: map[string]any{"group": "billing"}, Why: "How the group stands now."}}
	report.Lives[0].Result.Verdict = report.Verdict
	report.Verdict.Why = "2 messages fit; the worst of them: billing is behind it."
	report.More = 3
	report.Looked[0].Sandbox = true
	return report
}
