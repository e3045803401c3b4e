package mcpserver

import (
	"encoding/json"
	"fmt"
	"maps"
	"testing"

	"github.com/mark3labs/mcp-go/client"
	"github.com/mark3labs/mcp-go/client/transport"
	"github.com/mark3labs/mcp-go/mcp"
)

// mcp-go's own client, with each revision that is in use.
func TestRevisions(t *testing.T) {
	for _, revision := range []string{mcp.ProtocolVersion20250618, mcp.ProtocolVersion20251125, mcp.ProtocolVersion20260728} {
		t.Run(revision, func(t *testing.T) {
			stdio := transport.NewStdio(mqtrail(t), environment(t), "serve", "--sandbox")
			c := client.NewClient(stdio, client.WithProtocolVersion(revision))
			if err := c.Start(t.Context()); err != nil {
				t.Fatal(err)
			}
			defer func() {
				if err := c.Close(); err != nil {
					t.Error(err)
				}
			}()
			var hello mcp.InitializeRequest
			hello.Params.ClientInfo = mcp.Implementation{Name: "test", Version: "1"}
			server, err := c.Initialize(t.Context(), hello)
			if err != nil || server.ProtocolVersion != revision || c.ProtocolVersion() != revision || server.ServerInfo.Name != "mqtrail" || server.Instructions != instructions {
				t.Fatalf("got %+v, %v", server, err)
			}
			listed, err := c.ListTools(t.Context(), mcp.ListToolsRequest{})
			if err != nil || len(listed.Tools) < 9 {
				t.Fatalf("%+v, %v", listed, err)
			}
			calls := maps.Clone(documented)
			maps.Copy(calls, verbCalls)
			for tool, arguments := range calls {
				var request mcp.CallToolRequest
				request.Params.Name, request.Params.Arguments = tool, json.RawMessage(arguments)
				result, err := c.CallTool(t.Context(), request)
				if err != nil || result.IsError || len(result.RawStructuredContent) < 100 {
					t.Errorf("%s: got %+v, %v", tool, result, err)
				}
			}
		})
	}
}

// documented are calls that the sandbox answers with the vendors' samples, one for each vendor.
var documented = map[string]string{
	"aliyun_rocketmq_get_trace":           `{"instanceId":"rmq-cn-zvp2vtypu05","topicName":"linkedcare-image","messageId":"012A5AB0BBEC8A000104C6342B00001ECF"}`,
	"ctyun_rocketmq_message_query_by_key": `{"prodInstId":"70687660456281088","topicName":"test","key":"test_key"}`,
	"huawei_kafka_show_instance_messages": `{"instance_id":"d0b7e2c4-3c5a-4d53-9a3e-6f1c2f1b7a10","topic":"topic-test","start_time":"1608608432042","end_time":"1608609032042"}`,
}

// verbCalls are questions that the shop of the sandbox answers.
var verbCalls = map[string]string{
	"trace_message":      `{"message":"order-7101","connection":"aliyun","topic":"orders"}`,
	"find_messages":      `{"key":"order-1003","connection":"huawei"}`,
	"get_message":        `{"message_id":"050562443C7018B4AAC2996FB3DE0000","connection":"ctyun","topic":"test"}`,
	"consumer_lag":       `{"group":"billing","connection":"aliyun"}`,
	"replication_status": `{}`,
	"list_resources":     `{"kind":"instance"}`,
}

// envelope is what revision 2026-07-28 wants in every request.
const envelope = `"_meta":{"io.modelcontextprotocol/protocolVersion":%q,"io.modelcontextprotocol/clientInfo":{"name":"test","version":"1"},"io.modelcontextprotocol/clientCapabilities":{}}`

// Revision 2026-07-28 by hand: no initialize, everything in each request.
func TestStatelessRevision(t *testing.T) {
	p := serve(t, "--sandbox")
	current := fmt.Sprintf(envelope, "2026-07-28")
	p.send(`{"jsonrpc":"2.0","id":1,"method":"server/discover","params":{` + current + `}}`)
	var discovered struct {
		SupportedVersions []string
		Instructions      string
		ResultType        string
		Meta              map[string]struct{ Name string } `json:"_meta"`
	}
	p.result("1", &discovered)
	if discovered.ResultType != "complete" || discovered.SupportedVersions[0] != "2026-07-28" || discovered.Instructions != instructions ||
		discovered.Meta["io.modelcontextprotocol/serverInfo"].Name != "mqtrail" {
		t.Errorf("discovered %+v", discovered)
	}
	p.send(`{"jsonrpc":"2.0","id":2,"method":"tools/list","params":{` + current + `}}`)
	var listed struct {
		Tools      []tool
		ResultType string
		TTLMs      int64
		CacheScope string
	}
	p.result("2", &listed)
	if len(listed.Tools) < 9 || listed.ResultType != "complete" || listed.TTLMs != cacheTime || listed.CacheScope != "private" {
		t.Errorf("listed %d tools, %s, %d ms, %s", len(listed.Tools), listed.ResultType, listed.TTLMs, listed.CacheScope)
	}
	p.send(`{"jsonrpc":"2.0","id":3,"method":"tools/call","params":{"name":"call_operation","arguments":{"operation":"ctyun_rocketmq_instance_list"},` + current + `}}`)
	var called toolResult
	p.result("3", &called)
	if called.IsError || called.ResultType != "complete" || string(called.Meta[metaSandbox]) != "true" || called.Meta["io.modelcontextprotocol/serverInfo"] == nil {
		t.Errorf("called: %+v", called)
	}
	p.send(`{"jsonrpc":"2.0","id":4,"method":"tools/list","params":{` + fmt.Sprintf(envelope, "2030-01-01") + `}}`)
	var data struct{ Supported []string }
	if m := p.answer("4"); m.Error == nil || json.Unmarshal(m.Error.Data, &data) != nil || len(data.Supported) < 3 {
		t.Errorf("a revision of the future: %+v", m)
	}
	p.send(`{"jsonrpc":"2.0","id":5,"method":"initialize","params":{` + current + `}}`)
	if m := p.answer("5"); m.Error == nil || m.Error.Code != -32601 {
		t.Errorf("initialize in a revision that has none: %+v", m)
	}
	p.end()
}
