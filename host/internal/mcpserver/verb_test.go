package mcpserver

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/mqtrail/mqtrail/host/internal/built"
	"github.com/mqtrail/mqtrail/host/internal/render"
	"github.com/mqtrail/mqtrail/host/internal/trail"
)

// shopTrace asks for a message of the shop that all groups consumed.
const shopTrace = `"message":"order-7101","connection":"aliyun","topic":"orders"`

// A trace says what happened first; events and raw add to it, and nothing is told twice.
func TestTraceTool(t *testing.T) {
	p := serve(t, "--sandbox")
	var short trail.TraceSummary
	p.succeed(traceMessage, `{`+shopTrace+`}`, &short)
	if short.Verdict != "CONSUMED" || short.Confidence != "proven" || short.Message == nil || short.Message.Topic != "orders" || len(short.Groups) < 3 ||
		short.Events != nil || short.Report != nil || !strings.Contains(short.Omitted, "detail=events") {
		t.Errorf("summary: %+v", short)
	}
	var steps trail.TraceSummary
	p.succeed(traceMessage, `{`+shopTrace+`,"detail":"events"}`, &steps)
	if len(steps.Events) < 5 || steps.Events[0].Stage != "PRODUCED" || steps.Report != nil {
		t.Errorf("events: %+v", steps.Events)
	}
	var whole trail.TraceSummary
	p.succeed(traceMessage, `{`+shopTrace+`,"detail":"raw"}`, &whole)
	if whole.Report == nil || len(whole.Report.Lives) != 1 || len(whole.Report.Lives[0].Calls) == 0 || len(whole.Report.Lives[0].Calls[0].Answer) == 0 {
		t.Errorf("raw: %+v", whole.Report)
	}
	result := p.call(traceMessage, `{`+shopTrace+`}`)
	if string(result.Meta[metaSandbox]) != "true" || result.Meta[render.AppReport] != nil {
		t.Errorf("the result's _meta is %s", result.Meta)
	}
	if text := result.Content[0].Text; text != string(result.Structured) {
		t.Errorf("text and structured content differ: %s", text)
	}
	p.end()
}

// Each verb answers its question in the sandbox, short and whole.
func TestVerbTools(t *testing.T) {
	p := serve(t, "--sandbox")
	var found trail.FindSummary
	p.succeed("find_messages", `{"connection":"aliyun","instance":"rmq-cn-shop0hz0001","topic":"orders","limit":20}`, &found)
	if len(found.Messages) != 20 || found.Next == "" || !strings.Contains(found.Omitted, "cursor") {
		t.Fatalf("found %+v", found)
	}
	var more trail.FindSummary
	p.succeed("find_messages", fmt.Sprintf(`{"connection":"aliyun","instance":"rmq-cn-shop0hz0001","topic":"orders","limit":20,"cursor":%q}`, found.Next), &more)
	if len(more.Messages) == 0 || slices.ContainsFunc(found.Messages, func(m trail.MessageLine) bool { return m.ID == more.Messages[0].ID }) {
		t.Errorf("the next page has %+v", more.Messages)
	}
	list := p.call("find_messages", `{"connection":"aliyun","instance":"rmq-cn-shop0hz0001","topic":"orders","limit":20}`)
	if tokens := len(list.Structured) / 4; tokens > 1500 {
		t.Errorf("20 messages take %d tokens", tokens)
	}
	var message trail.MessageSummary
	p.succeed("get_message", `{"message_id":"050562443C7018B4AAC2996FB3DE0000","connection":"ctyun","topic":"test","body_limit":5}`, &message)
	if message.Body == nil || message.Body.Bytes != 5 || !message.Body.Truncated || !strings.Contains(message.Omitted, "body_offset") {
		t.Errorf("message: %+v", message)
	}
	var lag trail.LagSummary
	p.succeed("consumer_lag", `{"connection":"aliyun","instance":"rmq-cn-shop0hz0001","group":"billing"}`, &lag)
	if len(lag.Groups) != 1 || lag.Groups[0].Group != "billing" || lag.Groups[0].Messages == nil {
		t.Errorf("lag: %+v", lag)
	}
	var replication trail.ReplicationSummary
	p.succeed("replication_status", `{"plan":"1300000016"}`, &replication)
	if len(replication.Plans) != 1 || replication.Plans[0].Verdict == "" || replication.Caveat == "" {
		t.Errorf("replication: %+v", replication)
	}
	var listed trail.ListSummary
	p.succeed("list_resources", `{"kind":"topic","connection":"huawei","contains":"paym"}`, &listed)
	if len(listed.Resources) == 0 || listed.Resources[0].ID != "payments" {
		t.Errorf("listed: %+v", listed)
	}
	for tool, arguments := range map[string]string{
		"find_messages":      `{"connection":"aliyun","topic":"orders","limit":1,"detail":"raw"}`,
		"get_message":        `{"message_id":"050562443C7018B4AAC2996FB3DE0000","connection":"ctyun","topic":"test","detail":"raw"}`,
		"consumer_lag":       `{"connection":"aliyun","group":"billing","detail":"raw"}`,
		"replication_status": `{"plan":"1300000016","detail":"raw"}`,
		"list_resources":     `{"kind":"instance","connection":"ctyun","detail":"raw"}`,
	} {
		result := p.call(tool, arguments)
		var whole struct {
			Report map[string]any `json:"report"`
		}
		if err := json.Unmarshal(result.Structured, &whole); err != nil || result.IsError || len(whole.Report) < 3 {
			t.Errorf("%s with detail=raw: %v %.300s", tool, err, result.Content[0].Text)
		}
		if string(result.Meta[metaSandbox]) != "true" {
			t.Errorf("%s does not say that it is the sandbox: %s", tool, result.Meta)
		}
	}
	p.end()
}

var verdictRow = regexp.MustCompile(`(?m)^\| (order-\d+) \| ([A-Z_]+) \|`)

// Each message of the shop that the README lists has the verdict that it lists.
func TestReadmeVerdicts(t *testing.T) {
	readme, err := os.ReadFile(filepath.Join(built.Root(), "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	rows := verdictRow.FindAllStringSubmatch(string(readme), -1)
	if len(rows) < 20 {
		t.Fatalf("the README lists %d messages", len(rows))
	}
	p := serve(t, "--sandbox")
	for _, row := range rows {
		var got trail.TraceSummary
		p.succeed(traceMessage, `{"message":"`+row[1]+`"}`, &got)
		if got.Verdict != row[2] {
			t.Errorf("%s is %s (%s), want %s", row[1], got.Verdict, got.Why, row[2])
		}
	}
	p.end()
}

// What was not meant is said with what may have been, as for operations.
func TestVerbToolRefusals(t *testing.T) {
	p := serve(t, "--sandbox")
	for _, c := range []struct{ tool, arguments, want string }{
		{traceMessage, `{"mesage":"x"}`, "did you mean message?"},
		{traceMessage, `{"message":"x","detail":"all"}`, "summary, events, raw"},
		{traceMessage, `{"message":"x","since":"gestern"}`, "yesterday 10:42"},
		{traceMessage, `{"message":"x","connection":"aliyn"}`, "Did you mean aliyun?"},
		{traceMessage, `{"message":"x","connection":"aliyun","topic":"ordrs"}`, "Did you mean orders?"},
		{traceMessage, `{"message":""}`, "business key"},
		{"consumer_lag", `{"connection":"aliyun","group":"bilings"}`, "Did you mean billing?"},
		{"list_resources", `{"kind":"queue"}`, "instance, topic, group"},
		{"find_messages", `{"cursor":"abc"}`, "next_cursor"},
		{"get_message", `{"message_id":"x","partition":1,"offset":1,"topic":"t"}`, "give one of them"},
	} {
		result := p.call(c.tool, c.arguments)
		if !result.IsError || !strings.Contains(result.Content[0].Text, c.want) {
			t.Errorf("%s %s: %s", c.tool, c.arguments, result.Content[0].Text)
		}
	}
	p.end()
}

// A large answer is cut where an element ends, and says how to get less.
func TestVerbAnswersAreHeldToSize(t *testing.T) {
	p := serve(t, "--sandbox", "--max-tokens", "1000")
	result := p.call("list_resources", `{"kind":"topic","detail":"raw"}`)
	var answer struct {
		Resources []json.RawMessage     `json:"resources"`
		Cut       struct{ Next string } `json:"mqtrail_cut"`
	}
	if err := json.Unmarshal(result.Structured, &answer); err != nil || len(result.Structured) > 4000 || len(answer.Resources) == 0 ||
		!strings.Contains(answer.Cut.Next, "limit") {
		t.Errorf("%d bytes, %v: %s", len(result.Structured), err, result.Structured)
	}
	p.end()
}

// While several connections are asked, the client hears how many of the places have answered.
func TestVerbProgress(t *testing.T) {
	p := serve(t, "--sandbox")
	p.send(`{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"trace_message","arguments":{"message":"order-7101"},"_meta":{"progressToken":"t"}}}`)
	var result toolResult
	p.result("1", &result)
	last := 0.0
	for _, m := range p.notifications {
		var step struct {
			ProgressToken   string
			Progress, Total float64
			Message         string
		}
		if err := json.Unmarshal(m.Params, &step); err != nil || step.ProgressToken != "t" || step.Progress <= last || step.Total < step.Progress || step.Message == "" {
			t.Errorf("%v: %s", err, m.Params)
		}
		last = step.Progress
	}
	if len(p.notifications) < 3 {
		t.Errorf("%d notifications of many places", len(p.notifications))
	}
	p.end()
}

// mqtrail's own tools come first, what answers most questions before all.
func TestToolOrder(t *testing.T) {
	var got []string
	for _, tool := range serve(t, "--sandbox").tools() {
		if !ofVendor(tool.Name) {
			got = append(got, tool.Name)
			continue
		}
		break
	}
	want := []string{
		"trace_message", "find_messages", "get_message", "consumer_lag", "replication_status", "list_resources",
		"decode_message_id", "list_connections", "find_operations", "describe_operation", "call_operation",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("tools/list (-want +got):\n%s", diff)
	}
}

// The output schemas, which are written by hand, tell of every member of the summaries and of nothing else.
func TestVerbOutputSchemas(t *testing.T) {
	for schema, summary := range map[string]any{
		traceOutput: trail.TraceSummary{}, findOutput: trail.FindSummary{}, messageOutput: trail.MessageSummary{},
		lagOutput: trail.LagSummary{}, replicationOutput: trail.ReplicationSummary{}, listOutput: trail.ListSummary{},
	} {
		var got map[string]any
		if err := json.Unmarshal([]byte(schema), &got); err != nil {
			t.Fatalf("%v: %s", err, schema)
		}
		compare(t, reflect.TypeOf(summary).Name(), got, reflect.TypeOf(summary))
	}
}

// compare compares a schema's types and members with those of a Go type. A report is any object.
func compare(t *testing.T, where string, schema map[string]any, of reflect.Type) {
	t.Helper()
	for of.Kind() == reflect.Pointer {
		of = of.Elem()
	}
	kinds := map[reflect.Kind]string{
		reflect.String: "string", reflect.Int: "integer", reflect.Int64: "integer", reflect.Bool: "boolean",
		reflect.Slice: "array", reflect.Struct: "object", reflect.Map: "object",
	}
	if want := kinds[of.Kind()]; schema["type"] != want {
		t.Errorf("%s has type %v, want %s", where, schema["type"], want)
	}
	switch {
	case of.Kind() == reflect.Slice:
		items, _ := schema["items"].(map[string]any)
		compare(t, where+"[]", items, of.Elem())
	case of.Kind() == reflect.Struct && !strings.HasSuffix(of.Name(), "Report"):
		properties, _ := schema["properties"].(map[string]any)
		for _, field := range reflect.VisibleFields(of) {
			name, _, _ := strings.Cut(field.Tag.Get("json"), ",")
			if field.Anonymous || name == "preview" && properties[name] == nil { // previews are in lists alone
				continue
			}
			property, ok := properties[name].(map[string]any)
			if !ok {
				t.Errorf("%s says nothing of %s", where, name)
				continue
			}
			compare(t, where+"."+name, property, field.Type)
			delete(properties, name)
		}
		for name := range properties {
			t.Errorf("%s has no %s", where, name)
		}
	}
}
