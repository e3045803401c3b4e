package mcpserver

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rs/zerolog"

	"github.com/mqtrail/mqtrail/host/internal/config"
	"github.com/mqtrail/mqtrail/host/internal/operations"
	"github.com/mqtrail/mqtrail/sdk"
)

// Ten findings take at most 1,200 tokens of four bytes, whatever was asked.
func TestFindingsAreShort(t *testing.T) {
	text, err := os.ReadFile(filepath.Join("..", "operations", "testdata", "questions.json"))
	if err != nil {
		t.Fatal(err)
	}
	var asked []struct{ Question string }
	if err := json.Unmarshal(text, &asked); err != nil {
		t.Fatal(err)
	}
	p := serve(t, "--sandbox")
	for _, q := range append(asked, struct{ Question string }{"create instance order"}, struct{ Question string }{""}) {
		arguments, err := json.Marshal(map[string]any{"words": q.Question})
		if err != nil {
			t.Fatal(err)
		}
		result := p.call("find_operations", string(arguments))
		if size := len(result.Content[0].Text); result.IsError || size > 4*1200 {
			t.Errorf("%q: %d bytes: %s", q.Question, size, result.Content[0].Text)
		}
	}
	p.end()
}

// What is over the budget loses what the last findings are about first, and then their sets of arguments.
func TestFindingsAreFitted(t *testing.T) {
	var found findings
	for i := range 3 {
		found.Operations = append(found.Operations, finding{
			Name: fmt.Sprint(i), Title: "T", About: strings.Repeat("a", 100), Required: []string{strings.Repeat("r", 300)},
			OneSetOf: [][]string{{strings.Repeat("s", 100)}},
		})
	}
	if err := found.fit(); err != nil {
		t.Fatal(err)
	}
	var left []string
	for _, entry := range found.Operations {
		left = append(left, fmt.Sprintf("%s %d %d", entry.Name, len(entry.About), len(entry.OneSetOf)))
	}
	if diff := cmp.Diff([]string{"0 0 1", "1 0 1", "2 0 0"}, left); diff != "" {
		t.Errorf("left (-want +got):\n%s", diff)
	}
}

func TestFindOperationsNarrowsDown(t *testing.T) {
	p := serve(t, "--sandbox")
	for arguments, fits := range map[string]func(finding) bool{
		`{"words":"topic","plugin":"ctyun","product":"kafka"}`: func(f finding) bool { return strings.HasPrefix(f.Name, "ctyun_kafka_") },
		`{"words":"topic","access":"destructive"}`:             func(f finding) bool { return f.Access == sdk.AccessDestructive },
		`{"words":"天翼云kafka"}`:                                 func(f finding) bool { return strings.HasPrefix(f.Name, "ctyun_kafka_") },
	} {
		var found findings
		p.succeed("find_operations", arguments, &found)
		if len(found.Operations) < 5 || slices.ContainsFunc(found.Operations, func(f finding) bool { return !fits(f) }) {
			t.Errorf("%s: found %+v", arguments, found)
		}
	}
	p.end()
}

func TestRelatedOperations(t *testing.T) {
	p := serve(t, "--sandbox")
	var d description
	p.succeed("describe_operation", `{"operation":"aliyun_rocketmq_create_topic"}`, &d)
	if len(d.Related) == 0 || len(d.Related) > 6 || !slices.ContainsFunc(d.Related, func(r operations.Related) bool { return r.Name == "aliyun_rocketmq_delete_topic" && r.Title != "" }) {
		t.Errorf("related are %+v", d.Related)
	}
	p.end()
}

// A selection and a budget apply to what the vendor answered; the numbers keep their digits.
func TestSelectAndBudget(t *testing.T) {
	p := serve(t, "--max-tokens", "1000", "--config", noisyConfig(t, oneNoisy))
	long := strings.Repeat("x", 10_000)
	result := p.call("noisy_echo", `{"text":"`+long+`","number":9007199254740993}`)
	var answer struct {
		Given struct {
			Text   string
			Number json.Number
		}
		Cut struct{ Next string } `json:"mqtrail_cut"`
	}
	if err := json.Unmarshal(result.Structured, &answer); err != nil || result.IsError || len(result.Content[0].Text) > 4000 {
		t.Fatalf("%v: %+v", err, result)
	}
	if answer.Given.Number != "9007199254740993" || !strings.HasSuffix(answer.Given.Text, " of 10000 bytes]") || !strings.Contains(answer.Cut.Next, "select of call_operation") {
		t.Errorf("answered %+v", answer)
	}
	result = p.call("call_operation", `{"operation":"noisy_echo","select":"[.most, .given.number, (.given.text | length)]","arguments":{"text":"`+long+`","number":9007199254740993}}`)
	if want := `{"items":[9223372036854775807,9007199254740993,10000]}`; result.IsError || string(result.Structured) != want {
		t.Errorf("selected %+v, want %s", result, want)
	}
	for expression, says := range map[string]string{".given | .[": "Nothing was sent.", ".most | keys": "the keys beyond, exponent, given"} {
		arguments, err := json.Marshal(map[string]any{"operation": "noisy_echo", "select": expression})
		if err != nil {
			t.Fatal(err)
		}
		if result := p.call("call_operation", string(arguments)); !result.IsError || !strings.Contains(result.Content[0].Text, says) {
			t.Errorf("%s: answered %+v", expression, result)
		}
	}
	p.end()
	whole := serve(t, "--max-tokens", "0", "--config", noisyConfig(t, oneNoisy))
	if result := whole.call("noisy_echo", `{"text":"`+strings.Repeat("x", 200_000)+`"}`); result.IsError || strings.Contains(string(result.Structured), "mqtrail_cut") {
		t.Errorf("without a budget: %.300s", result.Structured)
	}
	whole.end()
}

// A connection's own toolsets decide what is a tool over it, unless the server is told otherwise; an older version
// of a request is a tool only where everything is.
func TestToolsetsOfConnections(t *testing.T) {
	connection := func(name string, toolsets ...string) config.Connection {
		return config.Connection{Name: name, Plugin: "acme", Access: sdk.AccessRead, CallsAtOnce: 1, Toolsets: toolsets}
	}
	message, topic := operation("message", `{"type":"object"}`), operation("topic", `{"type":"object"}`)
	topic.Toolset = "topics"
	old := operation("v2_message", `{"type":"object"}`)
	message.Request, old.Request = "GET /v3/message", "GET /v2/message"
	for name, test := range map[string]struct {
		connections []config.Connection
		want        []string
		reasons     map[string]int
	}{
		"the server's":     {[]config.Connection{connection("a")}, []string{"acme_message"}, map[string]int{noToolset: 1, oldVersion: 1}},
		"its own":          {[]config.Connection{connection("a", "topics")}, []string{"acme_topic"}, map[string]int{noToolset: 2}},
		"none":             {[]config.Connection{{Name: "a", Plugin: "acme", Access: sdk.AccessRead, CallsAtOnce: 1, Toolsets: []string{}}}, nil, map[string]int{noToolset: 3}},
		"all":              {[]config.Connection{connection("a", sdk.Toolsets()...)}, []string{"acme_message", "acme_topic", "acme_v2_message"}, map[string]int{}},
		"one of each kind": {[]config.Connection{connection("a"), connection("b", "topics")}, []string{"acme_message", "acme_topic"}, map[string]int{oldVersion: 1}},
	} {
		t.Run(name, func(t *testing.T) {
			s := houseWith(t, test.connections, zerolog.Nop(), message, topic, old)
			tools := s.listed(t)
			var own []string
			for name := range tools {
				if strings.HasPrefix(name, "acme_") {
					own = append(own, name)
				}
			}
			slices.Sort(own)
			if diff := cmp.Diff(test.want, own); diff != "" {
				t.Errorf("tools (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(test.reasons, s.connectionList().NotOffered); diff != "" {
				t.Errorf("not offered (-want +got):\n%s", diff)
			}
			if name == "one of each kind" && !strings.Contains(string(tools["acme_topic"].Input), `"enum":["b"]`) {
				t.Errorf("acme_topic is offered as %s", tools["acme_topic"].Input)
			}
		})
	}
	s := houseWith(t, []config.Connection{connection("a", "topics")}, zerolog.Nop(), message, topic)
	everywhere, err := New(Options{Gateway: s.gateway, Toolsets: []string{"messages"}, Everywhere: true, Logger: zerolog.Nop()})
	if err != nil {
		t.Fatal(err)
	}
	if !everywhere.own["acme_message"] || everywhere.own["acme_topic"] {
		t.Errorf("everywhere: %v", everywhere.own)
	}
}
