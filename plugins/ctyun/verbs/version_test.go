package verbs

import (
	"testing"

	"github.com/mqtrail/mqtrail/sdk"
	"github.com/mqtrail/mqtrail/sdk/trail"
)

// What v3 does not have is asked for in v2, and the connection stays there.
func TestSecondVersionIsRemembered(t *testing.T) {
	v := &vendor{
		answers:  map[string]string{"rocketmq.v2.message.queryByKey": rowsOf(sample(""))},
		problems: map[string]*sdk.Problem{"rocketmq.v3.message.queryByKey": noAPI},
	}
	verbs := asking(v, true)
	request := queue("test")
	request.Key = "k"
	for k := range 2 {
		found := must[*trail.FindAnswer](t)(verbs.FindMessages(t.Context(), request))
		if len(found.Messages) != 1 || lists(found.Notes, "uses v2 from now on") != (k == 0) {
			t.Errorf("call %d: %+v", k, found)
		}
	}
	if v.times("rocketmq.v3.message.queryByKey") != 1 || v.times("rocketmq.v2.message.queryByKey") != 2 {
		t.Errorf("asked %v", v.asked)
	}
}

// A connection on which v3 works asks v2 for the single operation that is missing, and goes on in v3.
func TestOneMissingOperationChangesNothing(t *testing.T) {
	v := &vendor{
		answers: map[string]string{
			"rocketmq.v3.message.queryByKey": rowsOf(), "rocketmq.v2.message.queryByTime": rowsOf(), "rocketmq.v2.message.queryByKey": rowsOf(),
		},
		problems: map[string]*sdk.Problem{"rocketmq.v3.message.queryByTime": noAPI},
	}
	verbs := asking(v, true)
	byKey := queue("test")
	byKey.Key = "k"
	for _, request := range []trail.FindRequest{byKey, queue("test"), byKey} {
		must[*trail.FindAnswer](t)(verbs.FindMessages(t.Context(), request))
	}
	if v.times("rocketmq.v3.message.queryByKey") != 2 || v.times("rocketmq.v2.message.queryByTime") != 1 {
		t.Errorf("asked %v", v.asked)
	}
}

// Without a region v3 cannot be asked.
func TestNoRegionMeansSecondVersion(t *testing.T) {
	v := &vendor{answers: map[string]string{
		"rocketmq.v2.message.trace":       `{"consumeStatusList":[{"object1":"billing","object2":"CONSUMED"}]}`,
		"rocketmq.v2.consumer.accumulate": `{"rows":[{"diff":"3","notAckMsgNum":0,"topicName":"test"}]}`,
		"rocketmq.v2.consumer.timeSpan":   `{"data":{"minTimeStamp":1661857434599,"maxTimeStamp":"1661857434600"}}`,
		"rocketmq.v2.group.list":          `{"rows":[{"groupName":"billing","retryMaxTimes":"16"}]}`,
		"rocketmq.v2.topic.subDetail":     `{"data":{"something":"else"}}`,
	}}
	verbs := asking(v, false)
	request := trail.TraceRequest{Instance: "i", System: trail.RocketMQ, Topic: "test", MessageID: sampleUnique}
	if _, err := verbs.TraceMessage(t.Context(), request); code(err) != sdk.CodeNotOffered {
		t.Errorf("v2 has no whole trace: %v", err)
	}
	request.Groups = []string{"billing"}
	traced := must[*trail.TraceAnswer](t)(verbs.TraceMessage(t.Context(), request))
	if traced.Trace.Found || !traced.Trace.ByGroup || len(traced.Trace.Events) != 0 || len(traced.Trace.Standings) != 1 || !lists(traced.NotOffered, "trace.events") {
		t.Errorf("traced %+v", traced)
	}
	lag := must[*trail.LagAnswer](t)(verbs.ConsumerLag(t.Context(), trail.LagRequest{Instance: "i", System: trail.RocketMQ, Group: "billing", Topic: "test"}))
	if lag.State.Online != nil || *lag.State.Lags[0].Messages != 3 || *lag.State.MaxAttempts != 17 || !lists(lag.NotOffered, "state.online") || len(lag.Incomplete) > 0 {
		t.Errorf("lag %+v", lag)
	}
	// The shape of v2's answer is not documented: another one is no empty list.
	subscriptions := must[*trail.SubscriptionsAnswer](t)(verbs.ListSubscriptions(t.Context(), trail.SubscriptionsRequest{Instance: "i", System: trail.RocketMQ, Topic: "test"}))
	if !lists(subscriptions.Incomplete, "unknown") {
		t.Errorf("subscriptions %+v", subscriptions)
	}
}

// Which product an instance is of is asked once.
func TestProductIsLookedUpOnce(t *testing.T) {
	v := &vendor{
		answers:  map[string]string{"kafka.v3.instances.query": `{"total":1,"data":[{"prodInstId":"k"}]}`, "kafka.v3.topic.queryMessageByOffset": `{"data":[]}`},
		problems: map[string]*sdk.Problem{"rocketmq.v3.instance.baseInfo": said(sdk.CodeNotFound, "201", "instance k does not exist")},
	}
	verbs := asking(v, true)
	one := int64(1)
	for range 3 {
		got := must[*trail.GetAnswer](t)(verbs.GetMessage(t.Context(), trail.GetRequest{Instance: "k", Topic: "orders", Partition: &one, Offset: &one}))
		if got.Message != nil || len(got.Calls) != 1 {
			t.Errorf("got %+v", got)
		}
	}
	if v.times("kafka.v3.instances.query") != 1 || v.times("rocketmq.v3.instance.baseInfo") != 1 {
		t.Errorf("asked %v", v.asked)
	}
	v.answers["kafka.v3.instances.query"] = `{"total":0,"data":[]}`
	if _, err := verbs.GetMessage(t.Context(), trail.GetRequest{Instance: "gone", Topic: "orders", Partition: &one, Offset: &one}); code(err) != sdk.CodeNotFound {
		t.Errorf("an instance of nobody's: %v", err)
	}
}

func TestMemoryIsBounded(t *testing.T) {
	m := remember[int](4)
	for k := range 100 {
		m.put(string(rune('a'+k)), k)
	}
	if len(m.young)+len(m.old) > 4 {
		t.Errorf("%d are remembered", len(m.young)+len(m.old))
	}
	if value, ok := m.get(string(rune('a' + 99))); !ok || value != 99 {
		t.Error("the last is not remembered")
	}
}
