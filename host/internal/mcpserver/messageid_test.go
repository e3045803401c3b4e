package mcpserver

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/mqtrail/mqtrail/sdk/rocketmq"
)

func TestDecodeMessageID(t *testing.T) {
	p := serve(t, "--sandbox")
	var got rocketmq.Explanation
	p.succeed("decode_message_id", `{"id":"050562443C7018B4AAC2996FB3DE0000","near":"1661857434591"}`, &got)
	want := []rocketmq.Time{{UnixMS: 1661857434590, ISO: "2022-08-30T19:03:54.590+08:00", ZoneSource: rocketmq.ZoneProven, ResolutionMS: 1}}
	if diff := cmp.Diff(want, got.Candidates); diff != "" || !got.Certain || got.ProducerHost != "5.5.98.68" {
		t.Errorf("%+v; times (-want +got):\n%s", got, diff)
	}
	got = rocketmq.Explanation{}
	p.succeed("decode_message_id", `{"id":"C0A847BC000020E600000000000045FE"}`, &got)
	if got.Certain || got.Kind != rocketmq.KindOffsetIPv4 || *got.CommitLogOffset != 17918 || got.Other == nil || len(got.Candidates) != 0 {
		t.Errorf("the offset id: %+v", got)
	}
	for arguments, says := range map[string]string{
		`{"id":"order-1003"}`: "id: \"order-1003\" is not hex",
		`{"id":"012A5AB0BBEC8A000104C6342B00001ECF","near":"2023-07-17 01:32:27"}`: "near: ",
		`{}`: "/id: required",
	} {
		result := p.call("decode_message_id", arguments)
		if !result.IsError || !strings.Contains(result.Content[0].Text, says) || !strings.Contains(result.Content[0].Text, `"code":"invalid_arguments"`) {
			t.Errorf("%s: %+v", arguments, result)
		}
	}
	for _, tool := range p.tools() {
		if cost := len(tool.Name) + len(tool.Description) + len(tool.Input); tool.Name == "decode_message_id" && cost > 4*120 {
			t.Errorf("it costs %d tokens, more than 120", cost/4)
		}
	}
	p.end()
}

// The schema names all that an answer can hold.
func TestDecodedSchema(t *testing.T) {
	schema := decodedSchema()["properties"].(map[string]any)
	for _, id := range []string{"C0A847BC000020E600000000000045FE", "050562443C7018B4AAC2996FB3DE0000", "012A5AB0BBEC8A000104C6342B00001ECF"} {
		explained, err := decode(decodeArguments{ID: id})
		if err != nil {
			t.Fatal(err)
		}
		encoded, err := json.Marshal(explained)
		if err != nil {
			t.Fatal(err)
		}
		var answer map[string]json.RawMessage
		if err := json.Unmarshal(encoded, &answer); err != nil {
			t.Fatal(err)
		}
		for name := range answer {
			if schema[name] == nil {
				t.Errorf("%s: %s is not in the schema", id, name)
			}
		}
	}
	if names := schema["other"].(map[string]any)["properties"].(map[string]any); slices.ContainsFunc([]string{"kind", "candidates", "pid"}, func(name string) bool { return names[name] == nil }) {
		t.Errorf("the other reading has %v", names)
	}
}
