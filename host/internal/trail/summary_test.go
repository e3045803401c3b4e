package trail_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/mqtrail/mqtrail/host/internal/trail"
	"github.com/mqtrail/mqtrail/host/internal/verdict"
	sdktrail "github.com/mqtrail/mqtrail/sdk/trail"
)

func encoded(t testing.TB, value any) string {
	t.Helper()
	text, err := json.Marshal(value)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// longLife is a message of three groups with sixteen attempts each, with names as long as people give them.
func longLife(t *testing.T, words int) *trail.TraceReport {
	t.Helper()
	stored := sdktrail.AtMS(now.UnixMilli())
	var life trail.Life
	life.Connection = "production-hangzhou"
	life.Message = &sdktrail.Message{
		System: sdktrail.RocketMQ, ID: deadID, Instance: "rmq-cn-zvp2vtypu05", Topic: "order-events-production", Tag: "payment-succeeded",
		Keys: []string{"ORDER-2026-1121-000104211", "USER-99182736455"}, Stored: stored, Body: sdktrail.NewBody([]byte("x"), 0, 0),
	}
	for g := range 3 {
		group := fmt.Sprintf("GID_order_fulfilment_service_%d", g)
		for attempt := range int64(16) {
			for _, stage := range []sdktrail.Stage{sdktrail.StageDelivered, sdktrail.StageFailed} {
				life.Events = append(life.Events, sdktrail.Event{
					Stage: stage, Time: sdktrail.AtMS(now.UnixMilli() + attempt*10_000), Outcome: sdktrail.Failed, Attempt: attempt + 1, Raw: "CONSUME_FAILED",
					Actor: sdktrail.Actor{Group: group, Client: "worker-7@1"}, Evidence: sdktrail.Evidence{Operation: "aliyun_rocketmq_get_trace", Pointer: "/data/consumerInfos/0"},
				})
			}
		}
		life.Result.Groups = append(life.Result.Groups, verdict.Group{
			Group: group, Attempts: 16, Failed: 16, Last: stored, Verdict: verdict.Verdict{
				Verdict: verdict.DeadLettered, Confidence: verdict.Proven, Why: strings.Repeat("It failed sixteen times and was moved away. ", words),
				Evidence: []sdktrail.Evidence{{Operation: "aliyun_rocketmq_get_trace", Pointer: fmt.Sprintf("/data/consumerInfos/%d/deadLetterInfo", g), RequestID: "5D3F1C6A-1B9E-5B7B-9D5C-2C7E3A9F0C11"}},
			},
		})
	}
	life.Result.Verdict = life.Result.Groups[0].Verdict
	life.Result.Missing = []string{strings.Repeat("Something was not known. ", words), "Nor was this."}
	life.Result.Next = []verdict.Next{
		{Tool: "find_messages", Arguments: map[string]any{"connection": life.Connection, "instance": "rmq-cn-zvp2vtypu05", "dead_letters_of": "GID_order_fulfilment_service_0"}, Why: "See what else is dead."},
		{Tool: "consumer_lag", Arguments: map[string]any{"connection": life.Connection}, Why: "See how the group stands."},
	}
	report := &trail.TraceReport{Lives: []trail.Life{life}, Notes: []string{strings.Repeat("A note. ", words)}}
	report.Verdict = life.Result.Verdict
	return report
}

// A verdict is read by those who pay for each token: 300 for three groups of sixteen attempts.
func TestTraceSummaryIsSmall(t *testing.T) {
	for _, words := range []int{1, 3, 50} {
		report := longLife(t, words)
		summary := report.Summary()
		text := encoded(t, summary)
		if len(text) > 1200 {
			t.Errorf("with texts of %d sentences the summary has %d bytes: %s", words, len(text), text)
		}
		if !strings.HasPrefix(text, `{"verdict":"DEAD_LETTERED","confidence":"proven","why":`) {
			t.Errorf("the verdict is not first: %.80s", text)
		}
		if len(summary.Groups) != 3 || summary.Groups[2].Attempts != 16 || summary.Omitted == "" {
			t.Errorf("the groups are %+v, and %q", summary.Groups, summary.Omitted)
		}
	}
}

// Attempts that went alike are told once.
func TestEventsCollapse(t *testing.T) {
	events := longLife(t, 1).Events().Events
	var more []string
	for _, event := range events {
		if event.More != "" {
			more = append(more, event.More)
		}
	}
	if len(events) != 3*(2+1+2) || len(more) != 3 || !strings.HasPrefix(more[0], "14 more like that, attempts 2 to 15, until ") {
		t.Errorf("%d lines: %q", len(events), more)
	}
}

func TestFindSummaryIsSmall(t *testing.T) {
	report := &trail.FindReport{Next: strings.Repeat("c", 100)}
	for i := range int64(20) {
		offset := 9007199254740993 + i
		report.Messages = append(report.Messages, trail.Located{Connection: "production-hangzhou", Message: sdktrail.Message{
			System: sdktrail.RocketMQ, ID: deadID, Instance: "rmq-cn-zvp2vtypu05", Topic: "order-events-production", Tag: "created", Offset: &offset,
			Keys: []string{"ORDER-2026-1121-000104211"}, Stored: sdktrail.AtMS(now.UnixMilli()), Size: &i,
			Body: sdktrail.NewBody([]byte(`{"order":"2026-1121-000104211","note":"`+strings.Repeat("long ", 100)+"\x1b[31m\u202e"+`"}`), 0, sdktrail.PreviewBody),
		}})
	}
	summary := report.Summary()
	text := encoded(t, summary)
	if len(text) > 6000+len(report.Next) {
		t.Errorf("twenty messages take %d bytes", len(text))
	}
	if len(summary.Messages) != 20 || summary.Messages[0].ID != deadID || *summary.Messages[0].Offset != 9007199254740993 {
		t.Errorf("the messages are %+v", summary.Messages[0])
	}
	short := (&trail.FindReport{Messages: report.Messages[:1]}).Summary().Messages[0].Preview
	if len([]rune(short)) > 120 || !strings.HasPrefix(short, `{"order"`) || strings.ContainsAny(short, "\x1b\u202e\n") {
		t.Errorf("the preview is %q", short)
	}
}

// The schemas are small objects without references, and no answer of any detail fails them.
func TestOutputSchemas(t *testing.T) {
	o := openShops(t, trail.Options{}, shop{name: "main"}, shop{"broken", `{"fail": ["list_resources", "replication_status"]}`})
	answers := map[string][]any{}
	for _, query := range []trail.TraceQuery{{Message: "ORDER-1"}, {Message: noSuchID}} {
		query.Raw = true
		report := trace(t, o, query)
		answers[trail.VerbTrace] = append(answers[trail.VerbTrace], report.Summary(), report.Events(), report.Raw())
	}
	found, err := o.Find(t.Context(), trail.FindQuery{Raw: true})
	if err != nil {
		t.Fatal(err)
	}
	answers[trail.VerbFind] = []any{found.Summary(), found.Raw()}
	message, err := o.Message(t.Context(), trail.MessageQuery{Scope: trail.Scope{Connection: "main"}, MessageID: deadID})
	if err != nil {
		t.Fatal(err)
	}
	answers[trail.VerbMessage] = []any{message.Summary(), message.Raw()}
	lag, err := o.Lag(t.Context(), trail.LagQuery{})
	if err != nil {
		t.Fatal(err)
	}
	answers[trail.VerbLag] = []any{lag.Summary(), lag.Raw()}
	replication, err := o.Replication(t.Context(), trail.ReplicationQuery{})
	if err != nil {
		t.Fatal(err)
	}
	answers[trail.VerbReplication] = []any{replication.Summary(), replication.Raw()}
	list, err := o.List(t.Context(), trail.ListQuery{Kind: "group"})
	if err != nil {
		t.Fatal(err)
	}
	answers[trail.VerbList] = []any{list.Summary(), list.Raw()}
	if len(answers) != 6 {
		t.Fatalf("answers of %d verbs", len(answers))
	}
	for verb, values := range answers {
		text := string(trail.OutputSchema(verb))
		if len(text) > 4000 || strings.Contains(text, "$ref") || strings.Contains(text, "required") {
			t.Errorf("%s: the schema has %d bytes: %s", verb, len(text), text)
		}
		document, err := jsonschema.UnmarshalJSON(strings.NewReader(text))
		if err != nil {
			t.Fatal(err)
		}
		compiler := jsonschema.NewCompiler()
		if err := compiler.AddResource("schema.json", document); err != nil {
			t.Fatal(err)
		}
		compiled, err := compiler.Compile("schema.json")
		if err != nil {
			t.Fatal(err)
		}
		for i, value := range values {
			instance, err := jsonschema.UnmarshalJSON(strings.NewReader(encoded(t, value)))
			if err != nil {
				t.Fatal(err)
			}
			if err := compiled.Validate(instance); err != nil {
				t.Errorf("%s, answer %d: %v", verb, i, err)
			}
		}
	}
}
