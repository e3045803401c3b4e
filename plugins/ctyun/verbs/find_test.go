package verbs

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/mqtrail/mqtrail/sdk"
	"github.com/mqtrail/mqtrail/sdk/trail"
)

// A producer's id is searched for as a key and in short windows around the time in it, in the zones that are usual.
func TestUniqueIDIsSearchedForAroundItsTime(t *testing.T) {
	v := &vendor{answers: map[string]string{
		"rocketmq.v3.message.queryByKey":  rowsOf(),
		"rocketmq.v3.message.queryByTime": rowsOf(sample(""), sample(`,"msgId":"C0A847BC000020E600000000000045FF","properties":{"UNIQ_KEY":"050562443C7018B4AAC2996FB3DE0001"}`)),
	}}
	verbs := asking(v, true)
	request := queue("test")
	request.MessageID = sampleUnique
	found := must[*trail.FindAnswer](t)(verbs.FindMessages(t.Context(), request))
	if len(found.Messages) != 1 || found.Messages[0].BrokerID != sampleOffsetID || len(found.Incomplete) > 0 {
		t.Errorf("found %+v", found)
	}
	if !lists(v.asked, fmt.Sprintf(`"beginTime":%d`, 1661857434590-10000)) || v.times("rocketmq.v3.message.queryByTime") > 2 {
		t.Errorf("asked %v", v.asked)
	}

	// From now on the broker's id is known: getting it is one call.
	v.answers["rocketmq.v3.message.queryByMsgId"] = sample("")
	before := len(v.asked)
	got := must[*trail.GetAnswer](t)(verbs.GetMessage(t.Context(), trail.GetRequest{Instance: "i", System: trail.RocketMQ, Topic: "test", MessageID: sampleUnique}))
	if got.Message == nil || len(v.asked) != before+1 {
		t.Errorf("got %+v by %v", got.Message, v.asked[before:])
	}

	v.answers["rocketmq.v3.message.queryByTime"] = rowsOf()
	found = must[*trail.FindAnswer](t)(verbs.FindMessages(t.Context(), request))
	if len(found.Messages) != 0 || !lists(found.Incomplete, "no search by a producer's id") {
		t.Errorf("nothing found proves nothing: %+v", found)
	}
}

// A window that excludes the time in an id saves the searches around it.
func TestWindowRulesTimesOut(t *testing.T) {
	v := &vendor{answers: map[string]string{"rocketmq.v3.message.queryByKey": rowsOf()}}
	request := queue("test")
	request.MessageID, request.Window.FromMS = sampleUnique, now.UnixMilli()
	must[*trail.FindAnswer](t)(asking(v, true).FindMessages(t.Context(), request))
	if v.times("rocketmq.v3.message.queryByTime") != 0 {
		t.Errorf("asked %v", v.asked)
	}
}

// That there is no such message is an answer; that there is no such instance is a failure.
func TestAbsenceIsNoFailure(t *testing.T) {
	request := queue("test")
	request.MessageID = sampleOffsetID
	for _, test := range []struct {
		problem *sdk.Problem
		absent  bool
	}{
		{said(sdk.CodeNotFound, "201", "message "+sampleOffsetID+" does not exist"), true},
		{said(sdk.CodeVendorError, "201", "query message by id finished, but no message."), true},
		{said(sdk.CodeNotFound, "201", "消息不存在"), true},
		{said(sdk.CodeNotFound, "201", "instance i does not exist"), false},
		{said(sdk.CodeNotFound, "201", "实例不存在"), false},
		{said(sdk.CodeVendorError, "ROCKETMQ_0500", "system error"), false},
		{said(sdk.CodeUnauthorized, "CTAPI_10002", "message does not exist"), false},
		{sdk.Problemf(sdk.SourceVendor, sdk.CodeTimeout, "x: no message"), false},
	} {
		v := &vendor{problems: map[string]*sdk.Problem{"rocketmq.v3.message.queryByMsgId": test.problem}}
		found, err := asking(v, true).FindMessages(t.Context(), request)
		if (err == nil) != test.absent || err == nil && len(found.Messages) != 0 {
			t.Errorf("%s: %+v, %v", test.problem.Message, found, err)
		}
		got, err := asking(v, true).GetMessage(t.Context(), trail.GetRequest{Instance: "i", System: trail.RocketMQ, MessageID: sampleOffsetID})
		if (err == nil) != test.absent || err == nil && got.Message != nil {
			t.Errorf("%s: %+v, %v", test.problem.Message, got, err)
		}
	}
}

// CTyun answers everything at once, oldest first: pages are made here, of one window.
func TestPagesAreNewestFirst(t *testing.T) {
	var rows []string
	for k := range 5 {
		rows = append(rows, sample(fmt.Sprintf(`,"msgId":"C0A847BC000020E6000000000000450%d","storeTimestamp":%d`, k, 1661857434000+int64(k))))
	}
	v := &vendor{answers: map[string]string{"rocketmq.v3.message.queryByTime": rowsOf(rows...)}}
	verbs := asking(v, true)
	request := queue("test")
	request.Limit = 2
	var seen []int64
	for {
		found := must[*trail.FindAnswer](t)(verbs.FindMessages(t.Context(), request))
		for _, m := range found.Messages {
			seen = append(seen, m.Stored.UnixMS-1661857434000)
		}
		if found.Window.ToMS != now.UnixMilli() || found.Window.FromMS != now.UnixMilli()-backByTime.Milliseconds() {
			t.Errorf("window %+v", found.Window)
		}
		if request.Cursor = found.Next; request.Cursor == "" {
			break
		}
	}
	if diff := cmp.Diff([]int64{4, 3, 2, 1, 0}, seen); diff != "" {
		t.Error(diff)
	}
	request.Cursor = "second"
	if _, err := verbs.FindMessages(t.Context(), request); code(err) != sdk.CodeInvalidArguments {
		t.Errorf("a cursor of nobody's: %v", err)
	}
}

func TestWaysThatCTyunHasNot(t *testing.T) {
	verbs := asking(&vendor{}, true)
	one := int64(1)
	for name, change := range map[string]func(*trail.FindRequest){
		"text in a queue":     func(r *trail.FindRequest) { r.Contains = "x" },
		"place in a queue":    func(r *trail.FindRequest) { r.Partition, r.Offset = &one, &one },
		"id without topic":    func(r *trail.FindRequest) { r.Topic, r.MessageID = "", sampleUnique },
		"id in Kafka":         func(r *trail.FindRequest) { r.System, r.MessageID = trail.Kafka, sampleUnique },
		"dead letters, Kafka": func(r *trail.FindRequest) { r.System, r.DeadLettersOf = trail.Kafka, "billing" },
	} {
		request := queue("test")
		change(&request)
		if found, err := verbs.FindMessages(t.Context(), request); code(err) != sdk.CodeNotOffered {
			t.Errorf("%s: %+v, %v", name, found, err)
		}
	}
	if _, err := verbs.FindMessages(t.Context(), trail.FindRequest{Instance: "i", System: "pulsar"}); code(err) != sdk.CodeInvalidArguments {
		t.Errorf("a system of nobody's: %v", err)
	}
	request := queue("test")
	request.MessageID = "order-1"
	if _, err := verbs.FindMessages(t.Context(), request); code(err) != sdk.CodeInvalidArguments || sdk.AsProblem(err).Pointer != "/message_id" {
		t.Errorf("an id that is none: %v", err)
	}
}

// Both ways: a dead letter names its origin, and the origin's ids find the dead letter.
func TestDeadLettersNameTheirOrigin(t *testing.T) {
	dead := sample(`,"msgId":"C0A847BC000020E60000000000004C94","topic":"%DLQ%billing","properties":{"UNIQ_KEY":"` + sampleUnique +
		`","ORIGIN_MESSAGE_ID":"` + sampleOffsetID + `","REAL_TOPIC":"%RETRY%billing","RETRY_TOPIC":"test"}`)
	other := sample(`,"msgId":"C0A847BC000020E60000000000004C95","topic":"%DLQ%billing","properties":{"UNIQ_KEY":"050562443C7018B4AAC2996FB3DE0009","ORIGIN_MESSAGE_ID":"x"}`)
	v := &vendor{
		answers:  map[string]string{"rocketmq.v3.dlq.getByTime": rowsOf(dead, other)},
		problems: map[string]*sdk.Problem{"rocketmq.v3.dlq.getById": said(sdk.CodeNotFound, "201", "dead letter does not exist")},
	}
	for _, id := range []string{sampleUnique, sampleOffsetID, strings.ToLower(sampleOffsetID), "C0A847BC000020E60000000000004C94"} {
		request := trail.FindRequest{Instance: "i", System: trail.RocketMQ, DeadLettersOf: "billing", MessageID: id}
		found := must[*trail.FindAnswer](t)(asking(v, true).FindMessages(t.Context(), request))
		if len(found.Messages) != 1 || found.Messages[0].OriginID != sampleOffsetID || found.Messages[0].OriginTopic != "test" || found.Messages[0].DeadLetterGroup != "billing" {
			t.Errorf("%s: %+v", id, found.Messages)
		}
		if found.Window.ToMS != now.UnixMilli() || len(found.Incomplete) > 0 {
			t.Errorf("%s: window %+v, incomplete %v", id, found.Window, found.Incomplete)
		}
	}
	all := must[*trail.FindAnswer](t)(asking(v, true).FindMessages(t.Context(), queue("%DLQ%billing")))
	if len(all.Messages) != 2 {
		t.Errorf("all: %+v", all.Messages)
	}
}
