package verbs

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/mqtrail/mqtrail/sdk/trail"
)

// sampleBody is the documented sample's.
var sampleBody = strings.Join([]string{
	"D8SQN8VlDr1ZD4r4KVtse9Zczg5A9FA2nT7vu7LwLZ2w6oQnnXSmARpRJgHA8VJ6akEtHcm470kilKhE4pGgTKoXf5fF0kpz",
	"Lc3ek01dafpJsdyZgFjmk18RtqPdk68LVNZ6p5FuE0c8qMxDBZzMv462KdJtJC1FBbbeuKoBVtHb7wYf79uY4uKKZOE9l1dk",
	"LaV0dS4gQSCCQVcRNswNNRbcVZGFP2iYcsxAqkeTENxqhUOEvQm4kIAbbWl4cK9gOMpUnchJSpEd48gv9gcHHB5FGY0umLtb",
	"cUGDM3aR8mfjDEeWAjm8g4o3dl7ptwakDKVIDDTe",
}, "")

const (
	sampleOffsetID = "C0A847BC000020E600000000000045FE"
	sampleUnique   = "050562443C7018B4AAC2996FB3DE0000"
)

// sample is the documented row; members replace or add to its own.
func sample(members string) string {
	return `{"queueId":3,"storeSize":485,"queueOffset":7,"sysFlag":0,"bornTimestamp":1661857434591,"bornHost":"192.168.71.1:55492",
		"storeTimestamp":1661857434599,"storeHost":"192.168.71.188:8422","msgId":"` + sampleOffsetID + `","commitLogOffset":17918,
		"bodyCRC":979262990,"reconsumeTimes":0,"preparedTransactionOffset":0,"topic":"test",
		"properties":{"KEYS":"test_key","UNIQ_KEY":"` + sampleUnique + `"},"messageBody":"` + sampleBody + `","status":null` + members + `}`
}

func rowsOf(rows ...string) string {
	return `{"total":` + itoa(len(rows)) + `,"rows":[` + strings.Join(rows, ",") + `]}`
}

func itoa(n int) string { return string(rune('0' + n)) }

func n(value int64) *int64 { return &value }

// The documented sample, told as numbers and as text, comes to the same message.
func TestSampleBecomesAMessage(t *testing.T) {
	asText := strings.NewReplacer(`:3,`, `:"3",`, `:485,`, `:"485",`, `:7,`, `:"7",`, `1661857434591`, `"1661857434591"`, `1661857434599`, `"1661857434599"`,
		`:17918,`, `:"17918",`, `979262990`, `"979262990"`, `Flag":0`, `Flag":"0"`, `Times":0`, `Times":"0"`).Replace(sample(""))
	for name, row := range map[string]string{"numbers": sample(""), "text": asText} {
		v := &vendor{answers: map[string]string{"rocketmq.v3.message.queryByKey": rowsOf(row, "null")}}
		request := queue("test")
		request.Key = "test_key"
		found := must[*trail.FindAnswer](t)(asking(v, true).FindMessages(t.Context(), request))
		if name == "text" && row == sample("") {
			t.Fatal("nothing was replaced")
		}
		if len(found.Messages) != 1 || found.Messages[0].Body == nil {
			t.Fatalf("%+v", found)
		}
		body := found.Messages[0].Body
		found.Messages[0].Body = nil
		want := trail.Message{
			System: trail.RocketMQ, ID: sampleUnique, BrokerID: sampleOffsetID, Instance: "i", Topic: "test", Keys: []string{"test_key"},
			Partition: n(3), Offset: n(7), CommitLogOffset: n(17918), Born: trail.AtMS(1661857434591), Stored: trail.AtMS(1661857434599),
			BornHost: "192.168.71.1:55492", StoredHost: "192.168.71.188:8422", Size: n(485), BodySize: n(328), BodyCRC: n(979262990),
			BodyCheck: "intact", Props: map[string]string{"KEYS": "test_key", "UNIQ_KEY": sampleUnique}, Type: "normal", Retries: n(0),
			Evidence: trail.Evidence{Operation: "ctyun_rocketmq_message_query_by_key", Pointer: "/returnObj/rows/0", RequestID: "r-1"},
		}
		if diff := cmp.Diff(want, found.Messages[0]); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
		if body.Data != sampleBody || body.Truncated {
			t.Errorf("the body is %+v", body)
		}
		if !lists(found.Incomplete, "counts 2") {
			t.Errorf("2 were counted and 1 told: %v", found.Incomplete)
		}
	}
}

func TestBodiesAreChecked(t *testing.T) {
	for name, test := range map[string]struct{ members, want string }{
		"compressed": {`,"sysFlag":1`, "unchecked: The checksum is of the compressed body"},
		"changed":    {`,"messageBody":"other"`, "damaged: The checksum is 979262990"},
		"shortened":  {`,"messageBody":"D8SQ","bodySize":328`, "unchecked: CTyun shortened the body, 4 of 328 bytes"},
		"no crc":     {`,"bodyCRC":null`, "unchecked: CTyun told no checksum"},
		"no flags":   {`,"sysFlag":null,"messageBody":"other"`, "unchecked: CTyun told no flags"},
		"no body":    {`,"messageBody":null`, ""},
	} {
		v := &vendor{answers: map[string]string{"rocketmq.v3.message.queryByMsgId": `{"data":` + sample(test.members) + `}`}}
		got := must[*trail.GetAnswer](t)(asking(v, true).GetMessage(t.Context(), trail.GetRequest{Instance: "i", System: trail.RocketMQ, MessageID: sampleOffsetID}))
		if check := got.Message.BodyCheck; !strings.HasPrefix(check, test.want) || (check == "") != (test.want == "") {
			t.Errorf("%s: %q, want %q", name, check, test.want)
		}
		if got.Message.Evidence.Pointer != "/returnObj/data" {
			t.Errorf("%s: evidence %+v", name, got.Message.Evidence)
		}
	}
}

func TestFlagsAndPropertiesTellTheKind(t *testing.T) {
	for want, members := range map[string]string{
		"transaction": `,"sysFlag":8`,
		"delay":       `,"properties":{"DELAY":"3"}`,
		"fifo":        `,"properties":{"__SHARDINGKEY":"order-1"}`,
		"normal":      `,"properties":{"DELAY":"3","ORIGIN_MESSAGE_ID":"x"}`,
		"":            `,"sysFlag":null`,
	} {
		v := &vendor{answers: map[string]string{"rocketmq.v3.message.queryByKey": rowsOf(sample(members))}}
		request := queue("test")
		request.Key = "k"
		m := must[*trail.FindAnswer](t)(asking(v, true).FindMessages(t.Context(), request)).Messages[0]
		if m.Type != want {
			t.Errorf("%s is %q, want %q", members, m.Type, want)
		}
		if want == "transaction" && m.Raw["sysFlag"] != "transaction commit" {
			t.Errorf("raw %v", m.Raw)
		}
	}
}

// The status of a row is a word of the vendor's; null is none.
func TestStatusGoesThrough(t *testing.T) {
	v := &vendor{answers: map[string]string{"rocketmq.v3.message.queryByKey": rowsOf(sample(""), sample(`,"msgId":"C0A847BC000020E600000000000045FF","status":"TO_CONSUME"`))}}
	request := queue("test")
	request.Key = "k"
	found := must[*trail.FindAnswer](t)(asking(v, true).FindMessages(t.Context(), request)).Messages
	if found[0].Raw != nil || found[1].Raw["status"] != "TO_CONSUME" {
		t.Errorf("raw %v and %v", found[0].Raw, found[1].Raw)
	}
}
