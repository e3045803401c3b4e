package verbs

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/mqtrail/mqtrail/sdk"
	"github.com/mqtrail/mqtrail/sdk/trail"
)

const clientID = "C0A8000B1F2A18B4AAC20761BB7C0001"

// steps are a trace with the traps: the default success of SubBefore, an end without redeliveries, a status that is
// missing or new, both numbers of a failure, and steps of a dead letter.
const steps = `[
 {"trace_type":"Pub","success":true,"timestamp":1780315200000,"group_name":"shop","cost_time":3,"request_id":"p","topic":"orders","msg_id":"` + clientID + `","offset_msg_id":"C0A8006500002A9F0000000040000850","keys":"k1 k2","tags":"new","store_host":"192.168.0.101:10911","client_host":"192.168.0.11","body_length":73,"msg_type":"Normal_Msg"},
 {"trace_type":"SubBefore","success":true,"timestamp":1780315200030,"group_name":"billing","request_id":"b1","topic":"orders","client_host":"192.168.0.21","retry_times":0},
 {"trace_type":"SubAfter","success":false,"timestamp":1780315200050,"group_name":"billing","cost_time":20,"request_id":"b1","topic":"orders","client_host":"192.168.0.21","consume_status":5},
 {"trace_type":"SubBefore","success":true,"timestamp":1780315210050,"group_name":"billing","request_id":"b2","topic":"orders","client_host":"192.168.0.21","retry_times":1},
 {"trace_type":"SubAfter","success":true,"timestamp":1780315210070,"group_name":"billing","cost_time":20,"request_id":"b2","topic":"orders","client_host":"192.168.0.21","consume_status":0,"retry_times":0},
 {"trace_type":"SubBefore","success":true,"timestamp":1780315200031,"group_name":"mailer","request_id":"m1","topic":"orders","client_host":"192.168.0.41","retry_times":0},
 {"trace_type":"SubAfter","success":true,"timestamp":1780315200041,"group_name":"mailer","cost_time":10,"request_id":"m1","topic":"orders","client_host":"192.168.0.41"},
 {"trace_type":"Receive","success":true,"timestamp":1780315200032,"group_name":"pop","request_id":"x1","topic":"orders","client_host":"192.168.0.51"},
 {"trace_type":"Ack","success":true,"timestamp":1780315200033,"group_name":"pop","request_id":"x1","topic":"orders","client_host":"192.168.0.51","consume_status":9},
 {"trace_type":"Recall","timestamp":1780315200034,"group_name":"shop","topic":"orders"},
 {"trace_type":"SubAfter","success":true,"timestamp":1780315300000,"group_name":"undertaker","request_id":"u","topic":"%DLQ%billing","consume_status":0}
]`

// Both forms of the answer say the same: the older one is a list, which arrives as items.
func TestTrace(t *testing.T) {
	for name, body := range map[string]string{"trace": `{"total":11,"trace":` + steps + `}`, "items": `{"items":` + steps + `}`} {
		t.Run(name, func(t *testing.T) {
			v, _ := over(t, map[string]func(map[string]any) string{"ListMessageTraceForRocketMq": always(body)})
			got, err := v.TraceMessage(t.Context(), trail.TraceRequest{Instance: instance, System: trail.RocketMQ, Topic: "orders", MessageID: clientID})
			if err != nil {
				t.Fatal(err)
			}
			golden(t, name, got)
			if got.Trace.Recording != nil {
				t.Error("whether a message is traced depends on its clients")
			}
		})
	}
}

func TestEmptyTraceIsNoTrace(t *testing.T) {
	v, _ := over(t, map[string]func(map[string]any) string{"ListMessageTraceForRocketMq": always(`{"total":0,"trace":[]}`)})
	got, err := v.TraceMessage(t.Context(), trail.TraceRequest{Instance: instance, System: trail.RocketMQ, Topic: "orders", MessageID: clientID})
	if err != nil || got.Trace.Found || got.Trace.Message != nil || got.Trace.Events == nil {
		t.Errorf("got %+v, %v", got, err)
	}
}

func TestHowConsumptionEnded(t *testing.T) {
	for status, want := range map[string]trail.Outcome{
		`0`: trail.OK, `1`: trail.Failed, `2`: trail.Failed, `3`: trail.Failed, `4`: trail.Failed, `5`: trail.Failed, `"0"`: trail.OK, `0.0`: trail.OK,
		`6`: trail.Unknown, `-1`: trail.Unknown, `null`: trail.Unknown, `""`: trail.Unknown,
	} {
		for _, kind := range []string{"SubAfter", "Ack"} {
			event := onlyEvent(t, fmt.Sprintf(`{"trace_type":%q,"success":true,"timestamp":1,"group_name":"g","consume_status":%s}`, kind, status))
			if event.Outcome != want || (event.Stage == trail.StageConsumed) != (want == trail.OK) || event.Raw == "" {
				t.Errorf("%s %s: got %s %s %q, want %s", kind, status, event.Stage, event.Outcome, event.Raw, want)
			}
		}
	}
	if event := onlyEvent(t, `{"trace_type":"SubAfter","success":false,"consume_status":0}`); event.Outcome != trail.Unknown {
		t.Errorf("a contradiction came to %s", event.Outcome)
	}
	for _, begin := range []string{"SubBefore", "Receive"} {
		if event := onlyEvent(t, `{"trace_type":"`+begin+`","success":true,"consume_status":0}`); event.Stage != trail.StageDelivered || event.Outcome != trail.Unknown {
			t.Errorf("%s came to %s %s", begin, event.Stage, event.Outcome)
		}
	}
}

func TestHowTransactionsEnded(t *testing.T) {
	for state, want := range map[string]trail.Outcome{
		`"COMMIT_MESSAGE"`: trail.OK, `"ROLLBACK_MESSAGE"`: trail.Failed, `"UNKNOW"`: trail.Unknown, `"NEW"`: trail.Unknown, `null`: trail.Unknown,
	} {
		event := onlyEvent(t, `{"trace_type":"EndTransaction","success":true,"transaction_state":`+state+`}`)
		if event.Stage != trail.StageTxEnd || event.Outcome != want || event.Raw == "" {
			t.Errorf("%s came to %s %s %q", state, event.Stage, event.Outcome, event.Raw)
		}
	}
	for success, want := range map[string]trail.Outcome{`true`: trail.OK, `false`: trail.Failed, `null`: trail.Unknown} {
		if event := onlyEvent(t, `{"trace_type":"Pub","success":`+success+`}`); event.Stage != trail.StageProduced || event.Outcome != want {
			t.Errorf("Pub %s came to %s %s", success, event.Stage, event.Outcome)
		}
	}
}

func onlyEvent(t *testing.T, step string) trail.Event {
	t.Helper()
	v, _ := over(t, map[string]func(map[string]any) string{"ListMessageTraceForRocketMq": always(`{"trace":[` + step + `]}`)})
	got, err := v.TraceMessage(t.Context(), trail.TraceRequest{Instance: instance, System: trail.RocketMQ, MessageID: clientID})
	if err != nil || len(got.Trace.Events) != 1 {
		t.Fatalf("%s: got %+v, %v", step, got, err)
	}
	return got.Trace.Events[0]
}

// A trace goes by the client's id: with the broker's, the message is looked up first.
func TestTraceOfBrokerID(t *testing.T) {
	const broker = "C0A8006500002A9F0000000040000850"
	trace := func(given map[string]any) string {
		if given["msg_id"] == clientID {
			return `{"trace":[{"trace_type":"Pub","success":true}]}`
		}
		return `{"trace":[]}`
	}
	v, fake := over(t, map[string]func(map[string]any) string{
		"ListMessageTraceForRocketMq": trace,
		"ListMessagesForRocketMq":     always(`{"total":1,"messages":[{"msg_id":"` + broker + `","property_list":[{"name":"UNIQ_KEY","value":"` + clientID + `"}]}]}`),
	})
	got, err := v.TraceMessage(t.Context(), trail.TraceRequest{Instance: instance, System: trail.RocketMQ, Topic: "orders", MessageID: broker})
	if err != nil || !got.Trace.Found || got.Trace.Message.ID != clientID {
		t.Fatalf("got %+v, %v", got, err)
	}
	mentions(t, got.Notes, clientID)
	if len(fake.asked) > 3 {
		t.Errorf("asked %v", fake.asked)
	}
}

func TestTraceIsReadToItsBound(t *testing.T) {
	many := `{"total":1000,"trace":[` + strings.Repeat(`{"trace_type":"Pub","success":true},`, pageSize-1) + `{"trace_type":"Pub","success":true}]}`
	v, fake := over(t, map[string]func(map[string]any) string{"ListMessageTraceForRocketMq": always(many)})
	got, err := v.TraceMessage(t.Context(), trail.TraceRequest{Instance: instance, System: trail.RocketMQ, MessageID: clientID})
	if err != nil || len(got.Trace.Events) != maxPages*pageSize || len(fake.asked) != maxPages {
		t.Fatalf("%d events by %d calls, %v", len(got.Trace.Events), len(fake.asked), err)
	}
	mentions(t, got.Incomplete, "250 entries")
}

func TestTraceThatFails(t *testing.T) {
	v, _ := over(t, map[string]func(map[string]any) string{"ListMessageTraceForRocketMq": always("DMS.00404022")})
	got, err := v.TraceMessage(t.Context(), trail.TraceRequest{Instance: instance, System: trail.RocketMQ, MessageID: clientID})
	isProblem(t, err, sdk.CodeVendorError)
	if got != nil {
		t.Error("a failure came with an answer")
	}
}

// What the vendor's trace tells of a message that its topic does not have.
func TestOnlyATrace(t *testing.T) {
	half := `{"trace":[{"trace_type":"Pub","success":true,"topic":"settlements","msg_id":"` + clientID + `","offset_msg_id":"C0A8006500002A9F0000000040000850","keys":"k","msg_type":"Trans_Msg_Half","transaction_id":"t"},` +
		`{"trace_type":"EndTransaction","success":true,"topic":"settlements","transaction_state":"ROLLBACK_MESSAGE"}]}`
	v, _ := over(t, map[string]func(map[string]any) string{
		"ListMessageTraceForRocketMq": always(half), "ListMessagesForRocketMq": always(`{"total":0,"messages":[]}`),
	})
	found, err := v.FindMessages(t.Context(), trail.FindRequest{Instance: instance, System: trail.RocketMQ, MessageID: clientID})
	if err != nil || len(found.Messages) != 1 {
		t.Fatalf("got %+v, %v", found, err)
	}
	want := trail.Message{
		System: trail.RocketMQ, ID: clientID, BrokerID: "C0A8006500002A9F0000000040000850", Instance: instance, Topic: "settlements", Keys: []string{"k"},
		Type: "transaction", TransactionID: "t", TraceOnly: true,
		Evidence: trail.Evidence{Operation: "huawei_rocketmq_list_message_trace", Pointer: "/trace/0"},
	}
	if diff := cmp.Diff(want, found.Messages[0]); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
	got, err := v.GetMessage(t.Context(), trail.GetRequest{Instance: instance, System: trail.RocketMQ, MessageID: clientID})
	if err != nil || got.Message != nil {
		t.Fatalf("got %+v, %v", got, err)
	}
	mentions(t, got.Notes, "trace")
}
