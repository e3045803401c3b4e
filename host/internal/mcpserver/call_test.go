package mcpserver

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/mqtrail/mqtrail/sdk"
)

// Numbers that no float holds go to the plugin and come back digit for digit, in structured content and text.
func TestNumbersAreExact(t *testing.T) {
	p := serve(t, "--config", noisyConfig(t, oneNoisy))
	// With one connection, an argument of the vendor's that is named connection is the vendor's.
	const arguments = `{"text":"a<b>&c","number":9007199254740993,"connection":"of the vendor"}`
	for name, result := range map[string]toolResult{
		"own tool":       p.call("noisy_echo", arguments),
		"call_operation": p.call("call_operation", `{"operation":"noisy_echo","arguments":`+arguments+`}`),
	} {
		want := `{"given":` + arguments + `,"most":9223372036854775807,"beyond":18446744073709551616,` +
			`"one":1.0,"exponent":1E5,"small":-0.10,"sign":"<a href='x'>&amp;\u2028</a>","twice":1,"twice":2}`
		if result.IsError || result.Content[0].Text != want {
			t.Errorf("%s: the text is %s, want %s", name, result.Content[0].Text, want)
		}
		// encoding/json escapes three letters on its way; everything else is as it was.
		escaped := strings.NewReplacer("<", `\u003c`, ">", `\u003e`, "&", `\u0026`).Replace(want)
		if string(result.Structured) != escaped {
			t.Errorf("%s: the structured content is %s, want %s", name, result.Structured, escaped)
		}
	}
	p.end()
}

// The same through a real vendor's plugin and over HTTP.
func TestNumbersAreExactOverHTTP(t *testing.T) {
	const answer = `{"requestId":"r","success":true,"data":{"list":[{"planId":9007199254740993,"diff":-9223372036854775808,"rate":1.10}]}}`
	paths := make(chan string, 1)
	vendor := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		paths <- r.URL.Path
		w.Header().Set("Content-Type", "application/json")
		fmt.Fprint(w, answer)
	}))
	defer vendor.Close()
	config := filepath.Join(t.TempDir(), "mqtrail.yaml")
	text := fmt.Sprintf("connections:\n  a: {plugin: aliyun, config: {endpoint: %q, region: cn-hangzhou, access_key_id: id, access_key_secret: not-a-secret}}\n", vendor.URL)
	if err := os.WriteFile(config, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	p := serve(t, "--config", config, "--toolsets", "replication")
	result := p.call("aliyun_rocketmq_list_dr_checkpoints", `{"planId":9007199254740993,"itemId":"100070284","instanceId":"rmq-cn-1"}`)
	if result.IsError || string(result.Structured) != answer || result.Content[0].Text != answer {
		t.Errorf("answered %s and %s, want %s", result.Structured, result.Content[0].Text, answer)
	}
	if path := <-paths; path != "/disaster_recovery/9007199254740993/items/100070284/checkpoints" {
		t.Errorf("the vendor was asked for %s", path)
	}
	if string(result.Meta[metaConnection]) != `"a"` || result.Meta[metaSandbox] != nil || len(result.Meta[metaRequestID]) != 38 {
		t.Errorf("_meta is %s", result.Meta)
	}
	p.end()
}

const twoNoisy = "  prod: {plugin: noisy, config: {}}\n  test: {plugin: noisy, access: destructive, toolsets: [messages], config: {}}"

// Of several connections a call names one, and only over those that allow it is an operation offered.
func TestSeveralConnections(t *testing.T) {
	p := serve(t, "--config", noisyConfig(t, twoNoisy))
	enums := map[string]string{}
	for _, tool := range p.tools() {
		var input struct {
			Properties struct {
				Connection struct{ Enum []string }
			}
			Required []string
		}
		if err := json.Unmarshal(tool.Input, &input); err != nil {
			t.Fatal(err)
		}
		enums[tool.Name] = strings.Join(input.Properties.Connection.Enum, " ") + "/" + strings.Join(input.Required, " ")
		readOnly, destructive := string(tool.Annotations["readOnlyHint"]), string(tool.Annotations["destructiveHint"])
		if want := tool.Name != "noisy_change" && tool.Name != "noisy_destroy" && tool.Name != "noisy_erase" && tool.Name != "call_operation"; readOnly != fmt.Sprint(want) {
			t.Errorf("%s: readOnlyHint is %s", tool.Name, readOnly)
		}
		if want := tool.Name == "noisy_destroy" || tool.Name == "noisy_erase" || tool.Name == "call_operation"; destructive != fmt.Sprint(want) {
			t.Errorf("%s: destructiveHint is %s", tool.Name, destructive)
		}
	}
	for name, want := range map[string]string{
		"noisy_shout": "prod test/connection text", "noisy_change": "test/connection", "call_operation": "prod test/operation",
	} {
		if enums[name] != want {
			t.Errorf("%s lists %q, want %q", name, enums[name], want)
		}
	}
	for _, absent := range []string{"noisy_echo", "noisy_admin"} { // connection of its own; another toolset
		if _, ok := enums[absent]; ok {
			t.Errorf("%s is offered", absent)
		}
	}

	result := p.call("noisy_shout", `{"text":"x","connection":"test"}`)
	if result.IsError || string(result.Meta[metaConnection]) != `"test"` {
		t.Errorf("over test: %+v", result)
	}
	result = p.call("call_operation", `{"operation":"noisy_echo","connection":"prod","arguments":{"connection":"the vendor's"}}`)
	if !strings.Contains(string(result.Structured), `{"given":{"connection":"the vendor's"},`) || string(result.Meta[metaConnection]) != `"prod"` {
		t.Errorf("echo over prod: %+v", result)
	}
	p.end()
}

// What an assistant is told when a call cannot be made: all of it in the text, and the problem whole in _meta.
func TestRefusals(t *testing.T) {
	p := serve(t, "--config", noisyConfig(t, twoNoisy))
	for _, test := range []struct {
		tool, arguments, code string
		says                  []string
	}{
		{"noisy_shout", `{"text":"x"}`, sdk.CodeUnknownConnection, []string{"prod, test"}},
		{"noisy_shout", `{"text":"x","connection":"prodd"}`, sdk.CodeUnknownConnection, []string{"Did you mean prod?"}},
		{"noisy_shout", `{"text":"x","connection":7}`, sdk.CodeInvalidArguments, []string{"want the name of a connection"}},
		{"noisy_shout", `{"txt":"x","connection":"prod"}`, sdk.CodeInvalidArguments, []string{"/txt: ", "did you mean text?", "/text: "}},
		{"noisy_shout", `["x"]`, sdk.CodeUnknownConnection, []string{"say which"}},
		{"noisy_change", `{"connection":"prod"}`, sdk.CodeNotAllowed, []string{"needs write access", "prod allows read"}},
		{"call_operation", `{"operation":"noisy_change","connection":"prod"}`, sdk.CodeNotAllowed, []string{"access: write"}},
		{"call_operation", `{"operation":"noisy_shoutt","connection":"prod"}`, sdk.CodeUnknownOperation, []string{"Did you mean noisy_shout", "find_operations"}},
		{"call_operation", `{"operation":"noisy_shout","connection":"prod","arguments":"{}"}`, sdk.CodeInvalidArguments, []string{"/arguments: ", "object"}},
		{"call_operation", `{"operation":"noisy_shout","connection":"prod","text":"x"}`, sdk.CodeInvalidArguments, []string{"/text: "}},
		{"call_operation", `{}`, sdk.CodeInvalidArguments, []string{"/operation: "}},
		{"noisy_fail", `{"connection":"prod"}`, sdk.CodeInternal, nil},
		{"describe_operation", `{"operation":"noisy"}`, sdk.CodeUnknownOperation, []string{"There is no operation"}},
		{"find_operations", `{"limit":1e3}`, sdk.CodeInvalidArguments, []string{"/limit: ", "50"}},
		{"find_operations", `{"plugin":"nois"}`, sdk.CodeInvalidArguments, []string{"noisy"}},
		{"list_connections", `{"all":true}`, sdk.CodeInvalidArguments, []string{"/all: "}},
	} {
		result := p.call(test.tool, test.arguments)
		if !result.IsError || result.Structured != nil || len(result.Content) != 1 {
			t.Errorf("%s %s: answered %+v", test.tool, test.arguments, result)
			continue
		}
		text := result.Content[0].Text
		for _, want := range append(test.says, `{"code":"`+test.code+`","source":"`) {
			if !strings.Contains(text, want) {
				t.Errorf("%s %s: the text has no %q:\n%s", test.tool, test.arguments, want, text)
			}
		}
		if strings.Contains(text, "goroutine ") {
			t.Errorf("%s %s: the text shows insides:\n%s", test.tool, test.arguments, text)
		}
		var problem sdk.Problem
		if err := json.Unmarshal(result.Meta[metaProblem], &problem); err != nil || problem.Code != test.code {
			t.Errorf("%s %s: _meta has %s, %v", test.tool, test.arguments, result.Meta[metaProblem], err)
		}
	}
	p.end()
}
