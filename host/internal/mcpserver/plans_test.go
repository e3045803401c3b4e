package mcpserver

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/mqtrail/mqtrail/sdk"
)

// nameless are the operations whose call names nothing that a person could type but the operation itself.
var nameless = []string{"ctyun_rocketmq_v1_spu_inst_create_inst"}

// unset is what cannot be known in the sandbox, by operation: what its instances do not have, and what the vendor refuses
// to say of a group without consumers.
var unset = map[string]string{
	"ctyun_kafka_quota_broker_delete": "unknown", "huawei_rocketmq_delete_consumer_group": "unknown (vendor_error)",
}

// Every plan of the shipped plugins names its target and knows what it looked up, in the sandbox, where all is known.
func TestPlansKnowTheirTargets(t *testing.T) {
	p := serve(t, "--sandbox", "--toolsets", "all", "--access", "destructive")
	plans, facts := 0, 0
	for _, tool := range p.tools() {
		if !ofVendor(tool.Name) {
			continue
		}
		var d struct {
			description
			Example *struct{ Arguments map[string]json.RawMessage } `json:"example"`
		}
		p.succeed("describe_operation", `{"operation":"`+tool.Name+`"}`, &d)
		if d.Example == nil || d.Access != sdk.AccessDestructive && !d.Billable && len(d.Escalations) == 0 {
			continue
		}
		for _, escalation := range d.Escalations {
			value := json.RawMessage(`"delete"`) // what any value does, this one does
			if len(escalation.Values) > 0 {
				value = escalation.Values[0]
			}
			d.Example.Arguments[strings.TrimPrefix(escalation.Pointer, "/")] = value
		}
		arguments, err := json.Marshal(d.Example.Arguments)
		if err != nil {
			t.Fatal(err)
		}
		var answer struct {
			Executed bool
			Plan     sdk.Plan
		}
		p.succeed(tool.Name, string(arguments), &answer)
		plans++
		if target := answer.Plan.Target; answer.Executed || target == "" || target == tool.Name && !slices.Contains(nameless, target) {
			t.Errorf("%s: executed %v, on %q", tool.Name, answer.Executed, target)
		}
		for _, fact := range answer.Plan.Known {
			facts++
			if (strings.HasPrefix(fact.Value, "unknown") || fact.Value == "not found") && fact.Value != unset[tool.Name] {
				t.Errorf("%s %s: %s is %s", tool.Name, arguments, fact.Name, fact.Value)
			}
		}
	}
	if plans < 140 || facts < 300 {
		t.Errorf("there are %d plans with %d facts", plans, facts)
	}
	p.end()
}
