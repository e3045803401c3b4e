package verbs

import (
	"fmt"
	"slices"
	"testing"

	"github.com/mqtrail/mqtrail/sdk"
	"github.com/mqtrail/mqtrail/sdk/trail"
)

const group = `{"group":{"state":"Stable","members":[],"group_message_offsets":[]}}`

func lagOf(t *testing.T, v *Verbs, system trail.System) error {
	t.Helper()
	_, err := v.ConsumerLag(t.Context(), trail.LagRequest{Instance: instance, System: system, Group: "g"})
	return err
}

func TestEngineIsFoundOutOnce(t *testing.T) {
	v, fake := over(t, map[string]func(map[string]any) string{"ShowInstance": always(`{"engine":"kafka"}`), "ShowGroups": always(group)})
	for range 3 {
		if err := lagOf(t, v, ""); err != nil {
			t.Fatal(err)
		}
	}
	if want := []string{"ShowInstance", "ShowGroups", "ShowGroups", "ShowGroups"}; !slices.Equal(fake.asked, want) {
		t.Errorf("asked %v, want %v", fake.asked, want)
	}
}

func TestEngineThatIsTold(t *testing.T) {
	v, fake := over(t, map[string]func(map[string]any) string{"ShowGroups": always(group)})
	if err := lagOf(t, v, trail.Kafka); err != nil || len(fake.asked) != 1 {
		t.Errorf("asked %v, %v", fake.asked, err)
	}
	isProblem(t, lagOf(t, v, "pulsar"), sdk.CodeInvalidArguments)
}

func TestEngineThatCannotBeAsked(t *testing.T) {
	answer := "DMS.00404022"
	v, fake := over(t, map[string]func(map[string]any) string{"ShowInstance": func(map[string]any) string { return answer }, "ShowGroups": always(group)})
	isProblem(t, lagOf(t, v, ""), sdk.CodeVendorError)
	answer = `{"engine":"rabbitmq"}`
	isProblem(t, lagOf(t, v, ""), sdk.CodeNotOffered)
	answer = `{"engine":"kafka"}`
	if err := lagOf(t, v, ""); err != nil { // failures are not remembered
		t.Error(err)
	}
	if len(fake.asked) != 4 {
		t.Errorf("asked %v", fake.asked)
	}
}

func TestEnginesAreBounded(t *testing.T) {
	var known engines
	for at := range 3 * maxEngines {
		known.put(fmt.Sprint(at), trail.RocketMQ)
	}
	if len(known.known) > maxEngines {
		t.Errorf("%d are remembered", len(known.known))
	}
	if system, ok := known.get(fmt.Sprint(3*maxEngines - 1)); !ok || system != trail.RocketMQ {
		t.Error("the last one is forgotten")
	}
}

// Lists of instances tell the engine of each.
func TestListsTellEngines(t *testing.T) {
	list := func(given map[string]any) string {
		if given["engine"] == "kafka" {
			return `{"instance_num":1,"instances":[{"instance_id":"` + instance + `","engine":"kafka","status":"RUNNING","name":"shop"}]}`
		}
		return `{"instance_num":2,"instances":[{"instance_id":"i-2","engine":"reliability","status":"FROZEN"},{"instance_id":"i-3","engine":"rabbitmq"}]}`
	}
	v, fake := over(t, map[string]func(map[string]any) string{"ListInstances": list, "ShowGroups": always(group)})
	got, err := v.ListResources(t.Context(), trail.ResourcesRequest{Kind: trail.Instances})
	if err != nil {
		t.Fatal(err)
	}
	got.Calls = nil // the two end in any order
	golden(t, "instances", got)
	if err := lagOf(t, v, ""); err != nil || slices.Contains(fake.asked, "ShowInstance") {
		t.Errorf("asked %v, %v", fake.asked, err)
	}
}
