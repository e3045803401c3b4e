package verbs

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/mqtrail/mqtrail/schemas"
	"github.com/mqtrail/mqtrail/sdk"
	"github.com/mqtrail/mqtrail/sdk/trail"
)

// Vendor answers become the same events for ever: the documented sample, and one with every oddity that is known.
func TestTraceGoldens(t *testing.T) {
	for _, name := range []string{"documented", "odd"} {
		t.Run(name, func(t *testing.T) {
			data := documentedTrace(t)
			if name != "documented" {
				data = read(t, name+".json")
			}
			v, _ := telling(t, answers{"GetTrace": says(data), "GetInstance": says(`{"productInfo":{"traceOn":true}}`)})
			got, err := v.TraceMessage(t.Context(), trail.TraceRequest{Instance: "i", Topic: "t", MessageID: "m"})
			if err != nil {
				t.Fatal(err)
			}
			slices.SortFunc(got.Calls, func(a, b trail.Call) int { return strings.Compare(a.Operation, b.Operation) })
			golden(t, name, got)
			for _, e := range got.Trace.Events {
				pointsSomewhere(t, data, e.Evidence)
			}
		})
	}
}

func read(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("testdata", name)) // #nosec G304 -- of testdata
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func documentedTrace(t *testing.T) string {
	t.Helper()
	file, err := sdk.ReadFile(schemas.Aliyun, "aliyun/rocketmq/get_trace.json")
	if err != nil {
		t.Fatal(err)
	}
	var answer struct{ Data json.RawMessage }
	if err := json.Unmarshal(file.Example.Answer, &answer); err != nil {
		t.Fatal(err)
	}
	return string(answer.Data)
}

// pointsSomewhere: evidence must lead to a place that the answer has.
func pointsSomewhere(t *testing.T, data string, evidence trail.Evidence) {
	t.Helper()
	var value any
	if err := json.Unmarshal([]byte(`{"data":`+data+`}`), &value); err != nil {
		t.Fatal(err)
	}
	for part := range strings.SplitSeq(strings.TrimPrefix(evidence.Pointer, "/"), "/") {
		switch at := value.(type) {
		case map[string]any:
			value = at[part]
		case []any:
			var n int
			if _, err := fmt.Sscan(part, &n); err != nil || n >= len(at) {
				t.Fatalf("%s leads nowhere", evidence.Pointer)
			}
			value = at[n]
		default:
			t.Fatalf("%s leads nowhere", evidence.Pointer)
		}
	}
	if value == nil {
		t.Errorf("%s leads to nothing", evidence.Pointer)
	}
}

// How deliveries are told apart, and what their statuses mean.
func TestConsumerRecords(t *testing.T) {
	const at = `"operateTime":"2026-03-10 11:00:0`
	tests := map[string]struct {
		records string
		want    []string
	}{
		"a success": {`{"consumeStatus":"SUCCESS","popCk":"a","operations":[{"operateType":"ADD",` + at + `0"},{"operateType":"ACK",` + at + `1"}]}`,
			[]string{"DELIVERED ok g #1", "CONSUMED ok g #1 SUCCESS"}},
		"the same receipt twice is one attempt": {
			`{"consumeStatus":"SUCCESS","popCk":"a","operations":[{"operateType":"ADD",` + at + `0"}]},{"consumeStatus":"SUCCESS","popCk":"a","operations":[{"operateType":"ACK",` + at + `1"}]}`,
			[]string{"DELIVERED ok g #1", "CONSUMED ok g #1 SUCCESS"}},
		"two receipts are two": {
			`{"consumeStatus":"SUCCESS","popCk":"a","operations":[{"operateType":"ADD",` + at + `0"},{"operateType":"ACK",` + at + `1"}]},{"consumeStatus":"SUCCESS","popCk":"b","operations":[{"operateType":"ADD",` + at + `2"},{"operateType":"ACK",` + at + `3"}]}`,
			[]string{"DELIVERED ok g #1", "CONSUMED ok g #1 SUCCESS", "DELIVERED ok g #2", "CONSUMED ok g #2 SUCCESS"}},
		"records come in any order": {
			`{"consumeStatus":"SUCCESS","popCk":"b","operations":[{"operateType":"ADD",` + at + `4"},{"operateType":"ACK",` + at + `5"}]},{"consumeStatus":"FAILED","popCk":"a","operations":[{"operateType":"ADD",` + at + `0"},{"operateType":"CHANGE_INVISIBLE",` + at + `1"}]}`,
			[]string{"DELIVERED ok g #1", "FAILED failed g #1 FAILED", "DELIVERED ok g #2", "CONSUMED ok g #2 SUCCESS"}},
		"a word that nobody documents is no success": {`{"consumeStatus":"SUCCEEDED","popCk":"a","operations":[{"operateType":"ADD",` + at + `0"}]}`,
			[]string{"DELIVERED ok g #1", "FAILED unknown g #1 SUCCEEDED"}},
		"no status and an end is no success": {`{"consumeStatus":null,"popCk":"a","operations":[{"operateType":"ADD",` + at + `0"},{"operateType":"ACK",` + at + `1"}]}`,
			[]string{"DELIVERED ok g #1", "FAILED unknown g #1"}},
		"no status and no end is a delivery": {`{"consumeStatus":null,"popCk":"a","operations":[{"operateType":"ADD",` + at + `0"}]}`,
			[]string{"DELIVERED ok g #1"}},
		"a status alone": {`{"consumeStatus":"SUCCESS"}`, []string{"CONSUMED ok g #1 SUCCESS"}},
		"nothing at all": {`{}`, []string{"FAILED unknown g #1"}},
		"null":           {`null`, []string{}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			v, _ := telling(t, answers{"GetInstance": says(`{}`), "GetTrace": says(`{"consumerInfos":[{"consumerGroupId":"g","records":[` + test.records + `]}]}`)})
			got, err := v.TraceMessage(t.Context(), trail.TraceRequest{Instance: "i", Topic: "t", MessageID: "m"})
			if err != nil {
				t.Fatal(err)
			}
			same(t, name, test.want, digest(got.Trace.Events))
		})
	}
}

// A consumer that asks for more time keeps the message longer.
func TestInvisibleTimeIsProlonged(t *testing.T) {
	v, _ := telling(t, answers{"GetInstance": says(`{}`), "GetTrace": says(`{"consumerInfos":[{"consumerGroupId":"g","records":[{"popCk":"a","operations":[
		{"operateType":"ADD","operateTime":"2026-03-10 11:00:00","invisibleTime":30000},
		{"operateType":"RENEW","operateTime":"2026-03-10 11:00:20","invisibleTime":"60000"}]}]}]}`)})
	got, err := v.TraceMessage(t.Context(), trail.TraceRequest{Instance: "i", Topic: "t", MessageID: "m"})
	if err != nil {
		t.Fatal(err)
	}
	if ms := got.Trace.Events[0].InvisibleMS; ms == nil || *ms != 80000 {
		t.Errorf("invisible for %v ms, want 80000", ms)
	}
}

// Whether traces are recorded is known of the instance only when it says so; that it cannot be asked is no trace's fault.
func TestRecording(t *testing.T) {
	yes, no := true, false
	tests := map[string]struct {
		instance   func(map[string]any) (string, error)
		want       *bool
		incomplete int
	}{
		"on":      {says(`{"productInfo":{"traceOn":true}}`), &yes, 0},
		"off":     {says(`{"productInfo":{"traceOn":false}}`), &no, 0},
		"untold":  {says(`{}`), nil, 0},
		"refused": {refuses(sdk.CodeUnauthorized, "NoPermission"), nil, 1},
	}
	for name, test := range tests {
		v, _ := telling(t, answers{"GetInstance": test.instance, "GetTrace": says(`{}`)})
		got, err := v.TraceMessage(t.Context(), trail.TraceRequest{Instance: "i", Topic: "t", MessageID: "m"})
		if err != nil {
			t.Fatal(err)
		}
		same(t, name, test.want, got.Trace.Recording)
		if len(got.Incomplete) != test.incomplete || got.Trace.Found {
			t.Errorf("%s: incomplete %v, found %v", name, got.Incomplete, got.Trace.Found)
		}
	}
}

func TestTraceThatFails(t *testing.T) {
	v, _ := telling(t, answers{"GetInstance": says(`{}`), "GetTrace": refuses(sdk.CodeNotFound, "Topic.NotFound")})
	if _, err := v.TraceMessage(t.Context(), trail.TraceRequest{Instance: "i", Topic: "t", MessageID: "m"}); sdk.AsProblem(err).VendorCode != "Topic.NotFound" {
		t.Errorf("error %v", err)
	}
	if _, err := v.TraceMessage(t.Context(), trail.TraceRequest{Instance: "i", System: trail.Kafka, Topic: "t", MessageID: "m"}); sdk.AsProblem(err).Code != sdk.CodeNotOffered {
		t.Errorf("Kafka: error %v", err)
	}
}

// Whatever the vendor answers, a trace is told or refused, and a success is one that the vendor called so.
func FuzzTrace(f *testing.F) {
	odd, err := os.ReadFile(filepath.Join("testdata", "odd.json"))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(string(odd))
	f.Add(`{"consumerInfos":[{"records":[{"consumeStatus":"SUCCESS"}]}]}`)
	f.Add(`{"messageInfo":{"messageId":"0","bornTime":"9999-99-99 00:00:00"},"brokerInfo":{"operations":[null,{}]}}`)
	f.Fuzz(func(t *testing.T, data string) {
		if !json.Valid([]byte(data)) {
			return
		}
		v := New(&vendor{answers: answers{"GetTrace": says(data), "GetInstance": says(`{}`)}}, "", moment)
		got, err := v.TraceMessage(context.Background(), trail.TraceRequest{Instance: "i", Topic: "t", MessageID: "m"})
		if err != nil {
			return
		}
		for _, e := range got.Trace.Events {
			if e.Stage == trail.StageConsumed && !strings.EqualFold(e.Raw, "SUCCESS") {
				t.Errorf("%q was taken for a success", e.Raw)
			}
		}
	})
}

// Without a receipt a delivery that is told twice in the same words is one; at another time it is another.
func TestTraceTellsTwice(t *testing.T) {
	record := func(at string) string {
		return `{"userName":"u","clientHost":"h","consumeStatus":"SUCCESS","operations":[{"operateType":"ADD","operateTime":"` + at + `"}]}`
	}
	for name, test := range map[string]struct {
		records string
		want    int
	}{
		"the same":      {record("2026-03-10 11:00:00") + "," + record("2026-03-10 11:00:00"), 1},
		"another":       {record("2026-03-10 11:00:00") + "," + record("2026-03-10 11:00:01"), 2},
		"without times": {record("") + "," + record(""), 2},
	} {
		t.Run(name, func(t *testing.T) {
			v, _ := telling(t, answers{
				"GetTrace":    says(`{"consumerInfos":[{"consumerGroupId":"g","records":[` + test.records + `]}]}`),
				"GetInstance": says(`{"productInfo":{"traceOn":true}}`),
			})
			got, err := v.TraceMessage(t.Context(), trail.TraceRequest{Instance: "i", Topic: "t", MessageID: "m"})
			if err != nil {
				t.Fatal(err)
			}
			consumed := slices.DeleteFunc(got.Trace.Events, func(e trail.Event) bool { return e.Stage != trail.StageConsumed })
			if len(consumed) != test.want {
				t.Errorf("%d successes, want %d: %q", len(consumed), test.want, digest(consumed))
			}
			for _, e := range consumed {
				if !e.AttemptByTime {
					t.Errorf("the vendor does not count attempts: %+v", e)
				}
			}
		})
	}
}

// A record without a status may be of a delivery that is over.
func TestTraceWithoutAStatus(t *testing.T) {
	v, _ := telling(t, answers{
		"GetTrace": says(`{"consumerInfos":[{"consumerGroupId":"g","records":[
			{"popCk":"1","consumeStatus":null,"operations":[{"operateType":"ADD","operateTime":"2026-03-10 11:00:00"}]},
			{"popCk":"2","consumeStatus":"SUCCESS","operations":[{"operateType":"ADD","operateTime":"2026-03-10 11:00:01"}]}]}]}`),
		"GetInstance": says(`{"productInfo":{"traceOn":true}}`),
	})
	got, err := v.TraceMessage(t.Context(), trail.TraceRequest{Instance: "i", Topic: "t", MessageID: "m"})
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range got.Trace.Events {
		if want := e.Stage == trail.StageDelivered && e.Receipt == "1"; e.EndUntold != want {
			t.Errorf("end untold is %t: %+v", e.EndUntold, e)
		}
	}
}

// What the broker did with a transaction's message in a word that nobody documents may be its end.
func TestTraceOfATransactionInOtherWords(t *testing.T) {
	for kind, want := range map[string]int{"TRANSACTION": 1, "NORMAL": 0} {
		v, _ := telling(t, answers{
			"GetTrace": says(`{"messageInfo":{"messageId":"m","messageType":"` + kind + `"},
				"brokerInfo":{"operations":[{"operateType":"CHECK","operateTime":"2026-03-10 11:00:00"}]}}`),
			"GetInstance": says(`{"productInfo":{"traceOn":true}}`),
		})
		got, err := v.TraceMessage(t.Context(), trail.TraceRequest{Instance: "i", Topic: "t", MessageID: "m"})
		if err != nil {
			t.Fatal(err)
		}
		ends := slices.DeleteFunc(got.Trace.Events, func(e trail.Event) bool {
			return e.Stage != trail.StageTxEnd || e.Outcome != trail.Unknown || e.Raw != "CHECK"
		})
		if len(ends) != want {
			t.Errorf("%s: %d ends, want %d", kind, len(ends), want)
		}
	}
}
