package mcpserver

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/mqtrail/mqtrail/host/internal/config"
	"github.com/mqtrail/mqtrail/host/internal/operations"
	"github.com/mqtrail/mqtrail/host/internal/schema"
	"github.com/mqtrail/mqtrail/sdk"

	"github.com/rs/zerolog"
)

func TestListConnections(t *testing.T) {
	p := serve(t, "--config", noisyConfig(t, twoNoisy))
	var got connectionList
	p.succeed("list_connections", `{}`, &got)
	if !strings.Contains(got.Next, "find_operations") {
		t.Errorf("next: %s", got.Next)
	}
	got.Next = ""
	vendors := got.Operations - 8 // the operations of the three vendors, which have no connection here
	want := connectionList{
		Connections: []connectionEntry{
			{Name: "prod", Plugin: "noisy", Access: sdk.AccessRead, Operations: 5, NeedMoreAccess: 3, Toolsets: []string{"messages"}},
			{Name: "test", Plugin: "noisy", Access: sdk.AccessDestructive, Operations: 8, Toolsets: []string{"messages"}},
		},
		Operations: got.Operations, Tools: 6, NotOffered: map[string]int{noConnection: vendors, noToolset: 1},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("list_connections (-want +got):\n%s", diff)
	}
	if vendors < 5 {
		t.Errorf("%d operations of vendors", vendors)
	}
	p.end()
}

func TestListConnectionsSaysWhatToDo(t *testing.T) {
	none := houseWith(t, nil, zerolog.Nop(), operation("x", `{"type":"object"}`))
	if got := none.connectionList(); !strings.Contains(got.Next, "--sandbox") || got.NotOffered[noConnection] != 1 {
		t.Errorf("without connections: %+v", got)
	}
	empty := houseWith(t, nil, zerolog.Nop())
	if got := empty.connectionList(); !strings.Contains(got.Next, "No plugin") {
		t.Errorf("without plugins: %+v", got)
	}
	destructive := operation("x", `{"type":"object"}`)
	destructive.Access = "destructive"
	refused := house(t, destructive)
	if got := refused.connectionList(); !strings.Contains(got.Next, "1 need more access") || got.NotOffered[noAccess] != 1 {
		t.Errorf("without access: %+v", got)
	}
}

func TestFindOperations(t *testing.T) {
	p := serve(t, "--sandbox")
	for _, words := range []string{"trace message", "消息轨迹", "GetTrace"} {
		var got findings
		arguments, err := json.Marshal(map[string]any{"words": words, "plugin": "aliyun"})
		if err != nil {
			t.Fatal(err)
		}
		p.succeed("find_operations", string(arguments), &got)
		if len(got.Operations) == 0 || got.Operations[0].Name != "aliyun_rocketmq_get_trace" {
			t.Errorf("%s: found %+v", words, got)
			continue
		}
		first := got.Operations[0]
		slices.Sort(first.Required)
		if diff := cmp.Diff([]string{"instanceId", "messageId", "topicName"}, first.Required); diff != "" || first.Access != sdk.AccessRead || first.NotCallable != "" {
			t.Errorf("%s: %+v", words, first)
		}
		for _, operation := range got.Operations {
			if !strings.HasPrefix(operation.Name, "aliyun_") {
				t.Errorf("%s: found %s of another vendor", words, operation.Name)
			}
		}
	}
	var got findings
	p.succeed("find_operations", `{"limit":2}`, &got)
	if len(got.Operations) != 2 || got.Found < 8 || !strings.HasPrefix(got.Next, "Shown are 2 of ") {
		t.Errorf("two of all: %+v", got)
	}
	p.succeed("find_operations", `{"words":"xyzzy"}`, &got)
	if len(got.Operations) != 0 || got.Found != 0 || !strings.HasPrefix(got.Next, "Nothing fits.") {
		t.Errorf("nothing: %+v", got)
	}
	p.end()
}

func TestFoundButNotCallable(t *testing.T) {
	for _, test := range []struct {
		connections []config.Connection
		says        string
	}{
		{nil, "No connection is configured for acme."},
		{[]config.Connection{{Name: "main", Plugin: "acme", Access: sdk.AccessRead, CallsAtOnce: 1}}, "It needs write access, which no connection of acme allows."},
	} {
		writes := operation("x", `{"type":"object"}`)
		writes.Access = "write"
		s := houseWith(t, test.connections, zerolog.Nop(), writes)
		found, err := s.find(findArguments{})
		if err != nil || len(found.Operations) != 1 || found.Operations[0].NotCallable != test.says {
			t.Errorf("found %+v, %v; want %q", found, err, test.says)
		}
		d, err := s.describe(describeArguments{Operation: "acme_x"})
		if err != nil || !strings.HasPrefix(d.Next, "It cannot be called") {
			t.Errorf("described as %+v, %v", d, err)
		}
	}
}

// Every operation is described; its example fits its schema and works, if it only reads.
func TestDescribeOperation(t *testing.T) {
	p := serve(t, "--sandbox", "--toolsets", "all", "--access", "destructive")
	examples := 0
	for _, tool := range p.tools() {
		if !ofVendor(tool.Name) {
			continue
		}
		var d struct {
			description
			Example *struct {
				Tool      string
				Arguments json.RawMessage
			} `json:"example"`
		}
		p.succeed("describe_operation", `{"answer":true,"operation":"`+tool.Name+`"}`, &d)
		if d.Name != tool.Name || len(d.Connections) != 1 || !d.Connections[0].Sandbox || !d.Connections[0].Allowed {
			t.Errorf("%s is described as %s, over %+v", tool.Name, d.Name, d.Connections)
		}
		checker, err := schema.CompileStrict(d.Input)
		if err != nil {
			t.Errorf("%s: %v", tool.Name, err)
			continue
		}
		if _, err := schema.Compile(d.Output); err != nil {
			t.Errorf("%s: %v", tool.Name, err)
		}
		if d.Example == nil {
			continue
		}
		if faults := checker.Check(d.Example.Arguments); len(faults) > 0 || d.Example.Tool != tool.Name {
			t.Errorf("%s: the example calls %s %s: %v", tool.Name, d.Example.Tool, d.Example.Arguments, faults)
			continue
		}
		if d.Access != sdk.AccessRead {
			continue
		}
		examples++
		if result := p.call(d.Example.Tool, string(d.Example.Arguments)); result.IsError || string(result.Meta[metaSandbox]) != "true" {
			t.Errorf("%s: the example answers %s", tool.Name, result.Content[0].Text)
		}
	}
	if examples < 5 {
		t.Errorf("%d operations have an example", examples)
	}
	p.end()
}

// What an argument raises the access to, and what costs money, is said; the schema of the answer only when asked for.
func TestDescribeWhatNeedsCare(t *testing.T) {
	p := serve(t, "--sandbox")
	var d description
	p.succeed("describe_operation", `{"operation":"huawei_kafka_batch_create_or_delete_tag"}`, &d)
	want := []operations.Escalation{{Pointer: "/action", Values: []json.RawMessage{json.RawMessage(`"delete"`)}, Access: sdk.AccessDestructive}}
	if diff := cmp.Diff(want, d.Escalations); diff != "" || d.Billable || d.Output != nil {
		t.Errorf("billable %v, answer %s; escalations (-want +got):\n%s", d.Billable, d.Output, diff)
	}
	d = description{}
	p.succeed("describe_operation", `{"operation":"aliyun_rocketmq_create_instance"}`, &d)
	if !d.Billable || d.Escalations != nil {
		t.Errorf("billable %v, escalations %v", d.Billable, d.Escalations)
	}
	var document struct{ Contents []struct{ Text string } }
	for name, says := range map[string]string{"huawei_kafka_batch_create_or_delete_tag": "- Access: destructive when action is \"delete\"\n", "aliyun_rocketmq_create_instance": "- It costs money.\n"} {
		p.send(`{"jsonrpc":"2.0","id":1,"method":"resources/read","params":{"uri":"mqtrail://operations/` + name + `"}}`)
		p.result("1", &document)
		if text := document.Contents[0].Text; !strings.Contains(text, says) {
			t.Errorf("the document does not say %q:\n%s", says, text)
		}
	}
	p.end()
}

// The example of an operation that is no tool of its own goes through call_operation.
func TestExampleOfAnotherToolset(t *testing.T) {
	p := serve(t, "--sandbox", "--toolsets", "billing")
	var d struct{ Example exampleCall }
	p.succeed("describe_operation", `{"operation":"aliyun_rocketmq_get_trace"}`, &d)
	arguments, err := json.Marshal(d.Example.Arguments)
	if err != nil || d.Example.Tool != callOperation {
		t.Fatalf("the example is %+v, %v", d.Example, err)
	}
	if result := p.call(d.Example.Tool, string(arguments)); result.IsError || string(result.Meta[metaSandbox]) != "true" {
		t.Errorf("the example answers %+v", result)
	}
	p.end()
}

func TestResources(t *testing.T) {
	p := serve(t, "--sandbox")
	read := func(uri string) message {
		p.send(`{"jsonrpc":"2.0","id":1,"method":"resources/read","params":{"uri":"` + uri + `"}}`)
		return p.answer("1")
	}
	var contents struct {
		Contents []struct{ URI, MIMEType, Text string }
	}
	if err := json.Unmarshal(read("mqtrail://connections").Result, &contents); err != nil || len(contents.Contents) != 1 {
		t.Fatalf("connections: %+v, %v", contents, err)
	}
	var list connectionList
	if err := json.Unmarshal([]byte(contents.Contents[0].Text), &list); err != nil || len(list.Connections) != 3 || !list.Connections[0].Sandbox {
		t.Errorf("connections: %+v, %v", list, err)
	}
	if err := json.Unmarshal(read("mqtrail://operations/aliyun_rocketmq_get_trace").Result, &contents); err != nil || len(contents.Contents) != 1 {
		t.Fatalf("operation: %+v, %v", contents, err)
	}
	document := contents.Contents[0]
	for _, want := range []string{"# aliyun_rocketmq_get_trace\n", "GetTrace", "## Arguments", "## Example", "## Answer", `"messageId"`} {
		if !strings.Contains(document.Text, want) || document.MIMEType != "text/markdown" {
			t.Errorf("the document of type %s has no %q:\n%s", document.MIMEType, want, document.Text)
		}
	}
	if m := read("mqtrail://operations/aliyun_rocketmq_get_trac"); m.Error == nil || !strings.Contains(m.Error.Message, "Did you mean aliyun_rocketmq_get_trace") {
		t.Errorf("an unknown operation: %+v", m)
	}

	complete := func(uri, value string) []string {
		p.send(`{"jsonrpc":"2.0","id":2,"method":"completion/complete","params":{"ref":{"type":"ref/resource","uri":"` + uri +
			`"},"argument":{"name":"name","value":"` + value + `"}}}`)
		var result struct{ Completion struct{ Values []string } }
		p.result("2", &result)
		return result.Completion.Values
	}
	if got := complete(operationsURI, "ctyun_rocketmq_v2_message_query_by_k"); len(got) != 1 || got[0] != "ctyun_rocketmq_v2_message_query_by_key" {
		t.Errorf("completed to %v", got)
	}
	if got := complete(operationsURI, "trace"); !slices.Contains(got, "aliyun_rocketmq_get_trace") {
		t.Errorf("completed to %v", got)
	}
	if got := complete("mqtrail://other/{name}", "a"); len(got) != 0 {
		t.Errorf("completed to %v", got)
	}
	p.end()
}
