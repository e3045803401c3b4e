package mcpserver

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/mqtrail/mqtrail/host/internal/built"
	"github.com/mqtrail/mqtrail/host/internal/schema"
)

var update = flag.Bool("update", false, "write the golden files")

// showcase are the operations that the golden file holds, besides mqtrail's own tools: adding an operation is adding a
// file, and not a change here.
var showcase = []string{
	"aliyun_rocketmq_get_trace", "aliyun_rocketmq_list_dr_checkpoints", "huawei_kafka_show_instance_messages",
	"ctyun_rocketmq_v2_message_query_by_key", "ctyun_rocketmq_message_query_by_key",
}

// Tools as clients get them. Write them again with -update.
func TestToolsListGolden(t *testing.T) {
	p := serve(t, "--sandbox", "--toolsets", "all")
	p.send(`{"jsonrpc":"2.0","id":1,"method":"tools/list"}`)
	var listed struct{ Tools []json.RawMessage }
	p.result("1", &listed)
	p.end()
	var got bytes.Buffer
	for _, raw := range listed.Tools {
		var tool tool
		if err := json.Unmarshal(raw, &tool); err != nil {
			t.Fatal(err)
		}
		if ofVendor(tool.Name) && !slices.Contains(showcase, tool.Name) {
			continue
		}
		if err := json.Indent(&got, raw, "", "  "); err != nil {
			t.Fatal(err)
		}
		got.WriteByte('\n')
	}
	path := filepath.Join("testdata", "tools.json")
	if *update {
		if err := os.WriteFile(path, got.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got.String()); diff != "" {
		t.Errorf("tools/list (-want +got):\n%s", diff)
	}
}

// What a list costs every conversation, in tokens of four bytes.
func TestBudgets(t *testing.T) {
	const whole, one = 6000, 200
	letters := strings.NewReplacer(`\u003c`, "<", `\u003e`, ">", `\u0026`, "&") // which encoding/json escapes
	cost := func(t tool) int { return len(t.Name) + len(t.Description) + len(letters.Replace(string(t.Input))) }
	total := 0
	for _, access := range []string{"read", "destructive"} {
		total = 0
		for _, tool := range serve(t, "--sandbox", "--access", access).tools() {
			total += cost(tool)
			if cost(tool) > 4*one {
				t.Errorf("%s costs %d tokens, more than %d", tool.Name, cost(tool)/4, one)
			}
		}
		if total > 4*whole {
			t.Errorf("the default list with %s access costs %d tokens, more than %d", access, total/4, whole)
		}
	}
	total = 0
	all := serve(t, "--sandbox", "--toolsets", "all", "--access", "destructive").tools()
	for _, tool := range all {
		total += cost(tool)
		// Buying an instance takes a dozen required arguments, whose names alone fill the budget.
		if most := 4 * one * 3 / 2; cost(tool) > most {
			t.Errorf("%s costs %d tokens, more than %d", tool.Name, cost(tool)/4, most/4)
		}
	}
	if mean := total / len(all); mean > 4*one {
		t.Errorf("a tool costs %d tokens, more than %d", mean/4, one)
	}
	if n := len(instructions); n > 1000 {
		t.Errorf("the instructions have %d bytes, more than 1000", n)
	}
}

// Every client must be able to take every tool: what some of them reject is nowhere in the list.
func TestToolsSuitEveryClient(t *testing.T) {
	lists := map[string][]string{
		"sandbox": {"--sandbox", "--toolsets", "all", "--access", "destructive"},
		"noisy": {"--toolsets", "all", "--access", "destructive", "--config",
			noisyConfig(t, "  one: {plugin: noisy, config: {}}\n  two: {plugin: noisy, config: {}}")},
	}
	for name, arguments := range lists {
		t.Run(name, func(t *testing.T) {
			tools := serve(t, arguments...).tools()
			if len(tools) < 8 {
				t.Fatalf("%d tools", len(tools))
			}
			for _, tool := range tools {
				t.Run(tool.Name, func(t *testing.T) { checkTool(t, tool) })
			}
		})
	}
}

// ofVendor reports whether the tool is an operation of one of the vendors.
func ofVendor(name string) bool {
	vendor, _, _ := strings.Cut(name, "_")
	return slices.Contains(built.Plugins[:], vendor)
}

var toolName = regexp.MustCompile(`^[a-z][a-z0-9_]{0,39}$`)

func checkTool(t *testing.T, tool tool) {
	if !toolName.MatchString(tool.Name) {
		t.Error("the name does not suit every client")
	}
	if tool.Title == "" || tool.Description == "" || len(tool.Description) > 1000 {
		t.Errorf("title %q, description of %d bytes", tool.Title, len(tool.Description))
	}
	for _, hint := range []string{"readOnlyHint", "destructiveHint", "idempotentHint", "openWorldHint"} {
		if value := string(tool.Annotations[hint]); value != "true" && value != "false" {
			t.Errorf("%s is %q", hint, value)
		}
	}
	checkSchema(t, "input", tool.Input, "additionalProperties", "$schema", "$id", "$ref", "$defs", "default", "const")
	checkSchema(t, "output", tool.Output, "$schema", "$id", "$ref", "$defs", "required", "default", "const")
}

func checkSchema(t *testing.T, which string, raw json.RawMessage, forbidden ...string) {
	t.Helper()
	if _, err := schema.Compile(raw); err != nil {
		t.Errorf("the %s schema: %v", which, err)
	}
	var root map[string]any
	if err := json.Unmarshal(raw, &root); err != nil {
		t.Fatalf("the %s schema: %v", which, err)
	}
	if root["type"] != "object" {
		t.Errorf("the %s schema's root has type %v", which, root["type"])
	}
	for _, keyword := range []string{"oneOf", "anyOf", "allOf", "not"} {
		if root[keyword] != nil {
			t.Errorf("the %s schema's root has %s", which, keyword)
		}
	}
	walk(root, func(node map[string]any) {
		for keyword := range node {
			if slices.Contains(forbidden, keyword) || strings.HasPrefix(keyword, "x-") {
				t.Errorf("the %s schema has the keyword %s", which, keyword)
			}
		}
	})
}
