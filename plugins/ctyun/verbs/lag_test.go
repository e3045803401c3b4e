package verbs

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/mqtrail/mqtrail/sdk"
	"github.com/mqtrail/mqtrail/sdk/trail"
)

func lagging() *vendor {
	return &vendor{answers: map[string]string{
		"rocketmq.v3.consumer.accumulate": `{"total":2,"rows":[{"diff":2,"notAckMsgNum":1,"topicName":"orders","brokerName":"a"},{"diff":"3","notAckMsgNum":"0","topicName":"orders","brokerName":"b","notConsumeMsgTime":77}]}`,
		"rocketmq.v3.consumer.timeSpan":   `{"data":{"minTimeStamp":1661857434599,"maxTimeStamp":1661857}}`,
		"rocketmq.v3.consumer.connection": `{"data":{"group":{"connectionSet":[{"clientId":"c1","clientAddr":"1.1.1.1:1","language":"JAVA","version":437},null],"messageModel":"CLUSTERING"}}}`,
		"rocketmq.v3.group.list":          `{"rows":[{"groupName":"billing","retryMaxTimes":2,"subscribeMap":{"payments":"*"}},{"groupName":"billing","retryMaxTimes":2}]}`,
		"rocketmq.v3.group.subDetail":     `{"data":{"subscriptionDataMap":{"orders":{"subString":"created"},"%RETRY%billing":{}}}}`,
		"rocketmq.v3.consumer.status": `{"data":{"mqTable":{"MessageQueue [topic=orders, brokerName=a, queueId=3]":{"commitOffset":"9"},
			"{\"brokerName\":\"b\",\"queueId\":1,\"topic\":\"orders\"}":{"commitOffset":4},"MessageQueue [topic=orders, brokerName=b, queueId=2]":{"commitOffset":7,"droped":true},
			"MessageQueue [topic=orders, brokerName=b, queueId=0]":{"commitOffset":-1},"MessageQueue [topic=orders2, brokerName=a, queueId=0]":{"commitOffset":1},"odd":null}}}`,
	}}
}

var billing = trail.LagRequest{Instance: "i", System: trail.RocketMQ, Group: "billing", Topic: "orders"}

// Rows of brokers are added up; the unit of a time that CTyun does not document is not guessed.
func TestLagOfAQueue(t *testing.T) {
	answer := must[*trail.LagAnswer](t)(asking(lagging(), true).ConsumerLag(t.Context(), billing))
	operation := trail.Evidence{Operation: "ctyun_rocketmq_consumer_accumulate", Pointer: "/returnObj/rows/0", RequestID: "r-1"}
	want := trail.GroupState{
		Group: "billing", Online: is(true), Mode: trail.Clustering, MaxAttempts: n(3), DeadLetterTopic: "%DLQ%billing",
		Clients: []trail.Client{{ID: "c1", Host: "1.1.1.1:1", Language: "JAVA", Version: "437"}},
		Lags: []trail.Lag{{
			Topic: "orders", Messages: n(5), InFlight: n(1), Oldest: trail.AtMS(1661857434599), Evidence: operation,
			Partitions: []trail.PartitionLag{{Partition: 3, Broker: "a", Committed: n(9), Client: "c1"}, {Partition: 1, Broker: "b", Committed: n(4), Client: "c1"}},
		}},
		Evidence: operation,
	}
	if diff := cmp.Diff(want, answer.State); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if len(answer.Incomplete) > 0 || !lists(answer.NotOffered, "lags.delay_ms") {
		t.Errorf("incomplete %v, not offered %v", answer.Incomplete, answer.NotOffered)
	}
}

func TestWhatIsNotToldIsNotZero(t *testing.T) {
	v := lagging()
	v.answers["rocketmq.v3.consumer.accumulate"] = `{"rows":[{"diff":null},{"diff":1}]}`
	v.problems = map[string]*sdk.Problem{
		"rocketmq.v3.consumer.connection": said(sdk.CodeVendorError, "201", "the consumer group[billing] not online"),
		"rocketmq.v3.group.list":          said(sdk.CodeVendorError, "201", "system error"),
		"rocketmq.v3.consumer.timeSpan":   said(sdk.CodeVendorError, "201", "system error"),
	}
	answer := must[*trail.LagAnswer](t)(asking(v, true).ConsumerLag(t.Context(), billing))
	state := answer.State
	if state.Online == nil || *state.Online || state.MaxAttempts != nil || state.Lags[0].Messages != nil || state.Lags[0].Oldest != nil {
		t.Errorf("state %+v", state)
	}
	for _, part := range []string{"How often billing tries", "From when to when", "backlog of billing in orders on every broker"} {
		if !lists(answer.Incomplete, part) {
			t.Errorf("%q is not in %v", part, answer.Incomplete)
		}
	}
	v.problems["rocketmq.v3.consumer.connection"] = said(sdk.CodeVendorError, "201", "system error")
	if answer := must[*trail.LagAnswer](t)(asking(v, true).ConsumerLag(t.Context(), billing)); answer.State.Online != nil || !lists(answer.Incomplete, "Whether a consumer") {
		t.Errorf("an error is not offline: %+v", answer)
	}
	v.problems["rocketmq.v3.consumer.accumulate"] = said(sdk.CodeVendorError, "201", "system error")
	if _, err := asking(v, true).ConsumerLag(t.Context(), billing); code(err) != sdk.CodeVendorError {
		t.Errorf("the lag itself failed: %v", err)
	}
}

// Without a topic those that consumers report and the settings name are looked at, the group's own excepted.
func TestLagOfAllTopics(t *testing.T) {
	v := lagging()
	v.answers["rocketmq.v3.consumer.accumulate"] = `{"rows":[{"diff":1}]}`
	request := billing
	request.Topic = ""
	answer := must[*trail.LagAnswer](t)(asking(v, true).ConsumerLag(t.Context(), request))
	var topics []string
	for _, lag := range answer.State.Lags {
		topics = append(topics, lag.Topic)
	}
	if diff := cmp.Diff([]string{"orders", "payments"}, topics); diff != "" {
		t.Error(diff)
	}
	v.answers["rocketmq.v3.group.subDetail"], v.answers["rocketmq.v3.group.list"] = `{"data":{"subscriptionDataMap":{}}}`, `{"rows":[]}`
	if answer := must[*trail.LagAnswer](t)(asking(v, true).ConsumerLag(t.Context(), request)); !lists(answer.Incomplete, "name a topic") {
		t.Errorf("an offline group's topics are unknown: %+v", answer)
	}
}

func TestSubscriptions(t *testing.T) {
	v := lagging()
	v.answers["rocketmq.v3.topic.subDetail"] = `{"data":{"subscriptionDataList":[{"consumerGroup":"billing","subString":"created"},null,{"consumerGroup":null}]}}`
	verbs := asking(v, true)
	answer := must[*trail.SubscriptionsAnswer](t)(verbs.ListSubscriptions(t.Context(), trail.SubscriptionsRequest{Instance: "i", System: trail.RocketMQ, Topic: "orders"}))
	want := []trail.Subscription{{Group: "billing", Topic: "orders", Expression: "created", Evidence: trail.Evidence{
		Operation: "ctyun_rocketmq_topic_sub_detail", Pointer: "/returnObj/data/subscriptionDataList/0", RequestID: "r-1",
	}}}
	if diff := cmp.Diff(want, answer.Subscriptions); diff != "" || !lists(answer.Incomplete, "one without a name") {
		t.Errorf("%v (-want +got):\n%s", answer.Incomplete, diff)
	}
	answer = must[*trail.SubscriptionsAnswer](t)(verbs.ListSubscriptions(t.Context(), trail.SubscriptionsRequest{Instance: "i", System: trail.RocketMQ, Group: "billing"}))
	if len(answer.Subscriptions) != 2 || answer.Subscriptions[1].Topic != "orders" || answer.Subscriptions[1].Evidence.Pointer != "/returnObj/data/subscriptionDataMap/orders" || !*answer.Subscriptions[1].Online {
		t.Errorf("%+v", answer.Subscriptions)
	}
	v.answers["rocketmq.v3.topic.subDetail"] = `{"data":{"subscriptionDataList":[]}}`
	answer = must[*trail.SubscriptionsAnswer](t)(verbs.ListSubscriptions(t.Context(), trail.SubscriptionsRequest{Instance: "i", System: trail.RocketMQ, Topic: "orders"}))
	if answer.Subscriptions == nil || len(answer.Incomplete) > 0 {
		t.Errorf("no subscribers is an answer: %+v", answer)
	}
}
