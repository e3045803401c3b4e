package verbs

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/mqtrail/mqtrail/sdk"
	"github.com/mqtrail/mqtrail/sdk/trail"
)

// traceOf is a trace's answer. Times are UTC+8, but nothing says so.
const traceOf = `{"data":{"topic":"test","tags":"created","keys":"test_key other","groupName":"shop-producers","msgType":"NORMAL","msgId":"` + sampleUnique + `",
	"costTime":"8","status":"SEND_OK","pubTime":"2022-08-30 19:03:54.591","arrivedServerTime":"2022-08-30 19:03:54.599","clientHost":"192.168.71.1:55492",
	"subTraceList":[null,{"groupName":"billing","traceLogList":[
		{"msgId":"x","clientHost":"b","costTime":42,"subTime":"2022-08-30 19:04:30","status":"CONSUME_SUCCESS"},
		{"msgId":"x","clientHost":"a","costTime":"35","subTime":"2022-08-30 19:03:55","status":"RECONSUME_LATER"},
		{"msgId":"x","clientHost":"a","costTime":"35","subTime":"2022-08-30 19:03:55","status":"RECONSUME_LATER"}]},
	{"groupName":"mailer","traceLogList":[{"clientHost":"c","costTime":null,"subTime":"soon","status":null}]},
	{"groupName":"audit","traceLogList":[{"clientHost":"d","costTime":"1","subTime":"2022-08-30 19:03:56","status":"POP_LATER"}]}]}}`

func tracing(v *vendor) (*Verbs, trail.TraceRequest) {
	return asking(v, true), trail.TraceRequest{Instance: "i", System: trail.RocketMQ, Topic: "test", MessageID: sampleUnique}
}

func TestTraceBecomesEvents(t *testing.T) {
	verbs, request := tracing(&vendor{answers: map[string]string{"rocketmq.v3.message.getTrace": traceOf}})
	traced := must[*trail.TraceAnswer](t)(verbs.TraceMessage(t.Context(), request))
	lines := map[string]bool{}
	for _, e := range traced.Trace.Events {
		line := fmt.Sprint(e.Actor.Group, " ", e.Stage, " ", e.Attempt, " ", e.Outcome, " ", e.Raw, " ", e.Evidence.Pointer)
		if e.Time != nil {
			line += " " + e.Time.ISO + " " + string(e.Time.ZoneSource) + fmt.Sprint(" ", e.Time.ResolutionMS)
		}
		lines[line] = true
	}
	const groups = "/returnObj/data/subTraceList/"
	want := map[string]bool{
		" PRODUCED 0 ok SEND_OK /returnObj/data/status 2022-08-30T19:03:54.591+08:00 assumed 1":                         true,
		" STORED 0 ok  /returnObj/data/arrivedServerTime 2022-08-30T19:03:54.599+08:00 assumed 1":                       true,
		"billing FAILED 1 failed RECONSUME_LATER " + groups + "1/traceLogList/1 2022-08-30T19:03:55+08:00 assumed 1000": true,
		"billing CONSUMED 2 ok CONSUME_SUCCESS " + groups + "1/traceLogList/0 2022-08-30T19:04:30+08:00 assumed 1000":   true,
		"mailer FAILED 1 unknown null " + groups + "2/traceLogList/0":                                                   true,
		"audit FAILED 1 unknown POP_LATER " + groups + "3/traceLogList/0 2022-08-30T19:03:56+08:00 assumed 1000":        true,
	}
	if diff := cmp.Diff(want, lines); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if !lists(traced.Incomplete, `"soon"`) || !lists(traced.Notes, "UTC+8 is assumed") || !lists(traced.Notes, "counts once") || !lists(traced.Notes, "costTime") {
		t.Errorf("incomplete %v, notes %v", traced.Incomplete, traced.Notes)
	}
	message := traced.Trace.Message
	if message.ID != sampleUnique || message.BrokerID != "" || message.Tag != "created" || len(message.Keys) != 2 || message.Type != "normal" {
		t.Errorf("message %+v", message)
	}
}

// The status of sending is an open set: only what can mean nothing else counts.
func TestSendingThatFailed(t *testing.T) {
	for word, want := range map[string]trail.Outcome{
		`"SEND_OK"`: trail.OK, `"success"`: trail.OK, `"failed"`: trail.Failed, `"SEND_FAILED"`: trail.Failed, `"FLUSH_DISK_TIMEOUT"`: trail.Unknown, `null`: trail.Unknown, `""`: trail.Unknown,
	} {
		answer := strings.Replace(traceOf, `"SEND_OK"`, word, 1)
		verbs, request := tracing(&vendor{answers: map[string]string{"rocketmq.v3.message.getTrace": answer}})
		traced := must[*trail.TraceAnswer](t)(verbs.TraceMessage(t.Context(), request))
		if e := traced.Trace.Events[0]; e.Stage != trail.StageProduced || e.Outcome != want {
			t.Errorf("%s: %+v", word, e)
		}
	}
}

// The zone of a trace is proven by the message's born time, which another answer told in milliseconds.
func TestZoneIsProvenByTheBornTime(t *testing.T) {
	for _, test := range []struct {
		sent, born string
		zone       trail.ZoneSource
		unix       int64
	}{
		{"2022-08-30 19:03:54.591", "1661857434591", trail.ZoneProven, 1661857434591},
		{"2022-08-30 11:03:54.591", "1661857434591", trail.ZoneProven, 1661857434591}, // UTC
		{"2022-08-30 19:13:54.591", "1661857434591", trail.ZoneAssumed, 1661858034591},
		{"2022-08-30T11:03:54.591Z", "1661857434591", trail.ZoneVendor, 1661857434591},
		{"1661857434591", "null", trail.ZoneVendor, 1661857434591},
	} {
		v := &vendor{answers: map[string]string{
			"rocketmq.v3.message.queryByKey": rowsOf(sample(`,"bornTimestamp":` + test.born)),
			"rocketmq.v3.message.getTrace":   strings.Replace(traceOf, "2022-08-30 19:03:54.591", test.sent, 1),
		}}
		verbs, request := tracing(v)
		find := queue("test")
		find.Key = "k"
		must[*trail.FindAnswer](t)(verbs.FindMessages(t.Context(), find))
		traced := must[*trail.TraceAnswer](t)(verbs.TraceMessage(t.Context(), request))
		if at := traced.Trace.Message.Born; at == nil || at.ZoneSource != test.zone || at.UnixMS != test.unix {
			t.Errorf("%s with %s: %+v", test.sent, test.born, at)
		}
	}
}

// The documents name the broker's id for the trace: it is asked for when the producer's finds nothing.
func TestTraceByTheOtherID(t *testing.T) {
	v := &vendor{
		answers:  map[string]string{"rocketmq.v3.message.queryByKey": rowsOf(sample(""))},
		problems: map[string]*sdk.Problem{"rocketmq.v3.message.getTrace": said(sdk.CodeNotFound, "201", "message does not exist")},
	}
	verbs, request := tracing(v)
	find := queue("test")
	find.Key = "k"
	must[*trail.FindAnswer](t)(verbs.FindMessages(t.Context(), find))
	traced := must[*trail.TraceAnswer](t)(verbs.TraceMessage(t.Context(), request))
	if traced.Trace.Found || len(traced.Incomplete) > 0 || !lists(v.asked, `getTrace {"msgId":"`+sampleOffsetID) || v.times("rocketmq.v3.message.getTrace") != 2 {
		t.Errorf("traced %+v by %v", traced, v.asked)
	}
	v.problems["rocketmq.v3.message.getTrace"] = said(sdk.CodeVendorError, "ROCKETMQ_0500", "system error")
	if _, err := verbs.TraceMessage(t.Context(), request); code(err) != sdk.CodeVendorError {
		t.Errorf("a trace that failed: %v", err)
	}
	v.problems, v.answers["rocketmq.v3.message.getTrace"] = nil, `{"data":{}}`
	if traced := must[*trail.TraceAnswer](t)(verbs.TraceMessage(t.Context(), request)); traced.Trace.Found {
		t.Errorf("nothing is no trace: %+v", traced)
	}
	v.answers["rocketmq.v3.message.getTrace"] = strings.Replace(traceOf, `"topic":"test"`, `"topic":"other"`, 1)
	if traced := must[*trail.TraceAnswer](t)(verbs.TraceMessage(t.Context(), request)); traced.Trace.Found || !lists(traced.Notes, "topic other") {
		t.Errorf("the trace of another topic: %+v", traced)
	}
}

// What CTyun says of a group compares positions: CONSUMED is no event. Both documented shapes are read.
func TestStandings(t *testing.T) {
	yes, no := is(true), is(false)
	for _, test := range []struct {
		answer string
		want   trail.Standing
	}{
		{`{"data":{"consumeStatusList":[{"object1":"billing","object2":"CONSUMED"}]}}`, trail.Standing{Raw: "CONSUMED", Passed: yes}},
		{`{"consumeStatusList":[{"object1":"other","object2":"CONSUMED"},{"object1":"billing","object2":"NOT_CONSUME_YET"}]}`, trail.Standing{Raw: "NOT_CONSUME_YET", Passed: no}},
		{`{"consumeStatusList":[{"object1":"billing","object2":"CONSUMED_BUT_FILTERED"}]}`, trail.Standing{Raw: "CONSUMED_BUT_FILTERED", Passed: yes, Filtered: yes}},
		{`{"consumeStatusList":[{"object1":"billing","object2":"NOT_ONLINE"}]}`, trail.Standing{Raw: "NOT_ONLINE", Online: no}},
		{`{"consumeStatusList":[{"object1":"billing","object2":"PULL"}]}`, trail.Standing{Raw: "PULL"}},
		{`{"consumeStatusList":[{"object1":"billing","object2":null}]}`, trail.Standing{Raw: "null"}},
	} {
		verbs, request := tracing(&vendor{answers: map[string]string{"rocketmq.v3.message.getTrace": traceOf, "rocketmq.v3.message.trace": test.answer}})
		request.Groups = []string{"billing"}
		traced := must[*trail.TraceAnswer](t)(verbs.TraceMessage(t.Context(), request))
		if len(traced.Trace.Standings) != 1 || len(traced.Trace.Events) != 6 {
			t.Fatalf("%s: %+v", test.answer, traced.Trace)
		}
		got := traced.Trace.Standings[0]
		if !strings.HasPrefix(got.Evidence.Pointer, "/returnObj") || got.Group != "billing" {
			t.Errorf("%s: %+v", test.answer, got)
		}
		got.Evidence, got.Group = trail.Evidence{}, ""
		if diff := cmp.Diff(test.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", test.answer, diff)
		}
	}
	// A group whose call fails is unknown, and named.
	verbs, request := tracing(&vendor{
		answers:  map[string]string{"rocketmq.v3.message.getTrace": traceOf},
		problems: map[string]*sdk.Problem{"rocketmq.v3.message.trace": said(sdk.CodeVendorError, "201", "system error")},
	})
	request.Groups = []string{"billing"}
	traced := must[*trail.TraceAnswer](t)(verbs.TraceMessage(t.Context(), request))
	if len(traced.Trace.Standings) != 0 || !lists(traced.Incomplete, "How group billing stands") {
		t.Errorf("%+v", traced)
	}
}
