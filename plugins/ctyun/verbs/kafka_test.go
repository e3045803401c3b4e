package verbs

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/mqtrail/mqtrail/sdk"
	"github.com/mqtrail/mqtrail/sdk/trail"
)

func record1(offset int, key, value string) string {
	return fmt.Sprintf(`{"topic":"orders","partition":"0","offset":%d,"timestamp":"1661857434591","key":%s,"value":%s,"size":"12"}`, offset, key, value)
}

func kafkaVendor(records ...string) *vendor {
	return &vendor{answers: map[string]string{
		"kafka.v3.topic.status":               `{"total":9,"data":[{"partitionId":0,"begin":5,"end":9},{"partitionId":1,"begin":"0","end":"0"}]}`,
		"kafka.v3.topic.message":              `{"data":{"messages":[` + strings.Join(records, ",") + `],"messagesCount":` + fmt.Sprint(len(records)) + `}}`,
		"kafka.v3.topic.queryMessageByOffset": `{"data":[` + strings.Join(records, ",") + `]}`,
	}}
}

func topicRequest() trail.FindRequest {
	return trail.FindRequest{Instance: "k", System: trail.Kafka, Topic: "orders"}
}

// CTyun searches contents. A key counts when it is the message's own, whatever the content says.
func TestKeyInKafka(t *testing.T) {
	v := kafkaVendor(record1(7, `"order-1"`, `"a"`), record1(8, `"order-2"`, `"order-1"`), "null", record1(6, `null`, `null`))
	request := topicRequest()
	request.Key = "order-1"
	found := must[*trail.FindAnswer](t)(asking(v, true).FindMessages(t.Context(), request))
	if len(found.Messages) != 1 || *found.Messages[0].Offset != 7 {
		t.Errorf("found %+v", found.Messages)
	}
	if v.times("kafka.v3.topic.message") != 2 || !lists(v.asked, `"content":"order-1"`) || lists(v.asked, `"partitionId":1`) {
		t.Errorf("one partition is empty; the other is asked for the text and for all: %v", v.asked)
	}
	want := trail.Message{
		System: trail.Kafka, Instance: "k", Topic: "orders", Keys: []string{"order-1"}, Partition: n(0), Offset: n(7), Born: trail.AtMS(1661857434591), Size: n(12), BodySize: n(1),
	}
	got := found.Messages[0]
	got.Body, got.Evidence = nil, trail.Evidence{}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// A full page proves nothing of what is behind it.
func TestPageOfKafkaIsNotAll(t *testing.T) {
	v := kafkaVendor(record1(7, `"k"`, `"a"`))
	v.answers["kafka.v3.topic.message"] = strings.Replace(v.answers["kafka.v3.topic.message"], `Count":1`, `Count":"700"`, 1)
	for name, change := range map[string]func(*trail.FindRequest){
		"time": func(*trail.FindRequest) {}, "key": func(r *trail.FindRequest) { r.Key = "k" }, "text": func(r *trail.FindRequest) { r.Contains = "a" },
	} {
		request := topicRequest()
		change(&request)
		if found := must[*trail.FindAnswer](t)(asking(v, true).FindMessages(t.Context(), request)); !lists(found.Incomplete, "narrow the window") || len(found.Messages) != 1 {
			t.Errorf("%s: %+v", name, found)
		}
	}
	v.problems = map[string]*sdk.Problem{"kafka.v3.topic.message": said(sdk.CodeVendorError, "201", "system error")}
	if _, err := asking(v, true).FindMessages(t.Context(), topicRequest()); code(err) != sdk.CodeVendorError {
		t.Errorf("every partition failed: %v", err)
	}
}

func TestPlaceInKafka(t *testing.T) {
	v := kafkaVendor(record1(7, `"k"`, `"0123456789"`))
	seven, eight, zero := int64(7), int64(8), int64(0)
	request := trail.GetRequest{Instance: "k", System: trail.Kafka, Topic: "orders", Partition: &zero, Offset: &seven, BodyOffset: 2, BodyLimit: 3}
	got := must[*trail.GetAnswer](t)(asking(v, true).GetMessage(t.Context(), request))
	if got.Message == nil || got.Message.Body.Data != "234" || got.Message.Body.TotalBytes != 10 || got.Message.Evidence.Pointer != "/returnObj/data/0" {
		t.Errorf("got %+v", got.Message)
	}
	request.Offset = &eight // another message than the one that was asked for is none
	if got := must[*trail.GetAnswer](t)(asking(v, true).GetMessage(t.Context(), request)); got.Message != nil || !lists(got.Notes, "not asked for") {
		t.Errorf("got %+v", got)
	}
	request.Offset = nil
	if _, err := asking(v, true).GetMessage(t.Context(), request); code(err) != sdk.CodeInvalidArguments {
		t.Errorf("no offset: %v", err)
	}
}

// A member's partitions come as a map, as documented, or as pairs; a position that never was is not 0.
func TestLagOfKafka(t *testing.T) {
	v := &vendor{answers: map[string]string{
		"kafka.v3.consumerGroup.status": `{"total":2,"data":[{"topicName":"orders","partitionId":0,"offsets":{"begin":0,"end":"9","current":"7","lag":"2"}},
			{"topicName":"orders","partitionId":"1","offsets":{"begin":0,"end":4,"current":-1,"lag":4}},null]}`,
		"kafka.v3.consumerGroup.selectedTopics": `{"data":["orders",null]}`,
	}}
	for _, assigned := range []string{`{"orders":[0,"1"]}`, `[{"topic":"orders","partition":0},{"topic":"orders","partition":"1"}]`} {
		v.answers["kafka.v3.consumerGroup.instances"] = `{"data":[{"consumerId":"c-1","clientId":"c","host":"/1.1.1.1","topicPartitions":` + assigned + `}]}`
		for _, topic := range []string{"orders", ""} {
			answer := must[*trail.LagAnswer](t)(asking(v, true).ConsumerLag(t.Context(), trail.LagRequest{Instance: "k", System: trail.Kafka, Group: "g", Topic: topic}))
			evidence := trail.Evidence{Operation: "ctyun_kafka_consumer_group_status", Pointer: "/returnObj/data", RequestID: "r-1"}
			want := trail.GroupState{
				Group: "g", Online: is(true), Clients: []trail.Client{{ID: "c", Host: "/1.1.1.1"}}, Evidence: evidence,
				Lags: []trail.Lag{{Topic: "orders", Messages: n(6), Evidence: evidence, Partitions: []trail.PartitionLag{
					{Partition: 0, Committed: n(7), End: n(9), Messages: n(2), Client: "c"}, {Partition: 1, End: n(4), Messages: n(4), Client: "c"},
				}}},
			}
			if diff := cmp.Diff(want, answer.State); diff != "" {
				t.Errorf("%s %q (-want +got):\n%s", assigned, topic, diff)
			}
		}
	}
}

func TestResources(t *testing.T) {
	v := &vendor{answers: map[string]string{
		"rocketmq.v3.instance.list":    `{"total":"2","prodInstList":[{"prodInstId":"2","prodInstName":"shop","state":"1","fileReservedTime":"72","crtTime":"2022-08-30 19:03:54"},{"prodInstId":"1","state":4}]}`,
		"kafka.v3.instances.query":     `{"total":1,"data":[{"prodInstId":"3","instanceName":"shop-events","status":1,"mqEngineType":"kafka","regionCode":"r"}]}`,
		"rocketmq.v3.topic.list":       `{"rows":[{"topicName":"b","readQueueNums":4,"messageType":"NORMAL"},{"topicName":"a","readQueueNums":"1","order":true},{"topicName":"b","readQueueNums":"4"}]}`,
		"rocketmq.v3.group.list":       `{"rows":[{"groupName":"g","consumeEnable":false},{"groupName":"g"}]}`,
		"kafka.v3.topic.query":         `{"total":1,"data":[{"name":"orders","partitionNum":3,"configs":{"retention.ms":"3600000"}}]}`,
		"kafka.v3.consumerGroup.query": `{"total":1,"data":[{"name":"billing","ctime":"2022-08-30 19:03:54"}]}`,
	}}
	verbs := asking(v, true)
	list := func(request trail.ResourcesRequest) []trail.Resource {
		answer := must[*trail.ResourcesAnswer](t)(verbs.ListResources(t.Context(), request))
		for k := range answer.Resources {
			if answer.Resources[k].Evidence.Pointer == "" {
				t.Errorf("no evidence: %+v", answer.Resources[k])
			}
			answer.Resources[k].Evidence = trail.Evidence{}
		}
		return answer.Resources
	}
	instances := list(trail.ResourcesRequest{Kind: trail.Instances})
	if len(instances) != 3 || instances[0].ID != "1" || *instances[0].Usable || !*instances[1].Usable || *instances[1].RetentionMS != 72*3600*1000 || instances[2].System != trail.Kafka {
		t.Errorf("instances %+v", instances)
	}
	if len(list(trail.ResourcesRequest{Kind: trail.Instances, Contains: "shop"})) != 2 || len(list(trail.ResourcesRequest{Kind: trail.Instances, System: trail.Kafka})) != 1 {
		t.Error("the list is not narrowed")
	}
	v.answers["kafka.v3.consumerGroup.query"] = `{"total":0,"data":null}`
	if empty := list(trail.ResourcesRequest{Kind: trail.Groups, Instance: "3"}); len(empty) != 0 {
		t.Errorf("no groups, told as null: %+v", empty)
	}
	v.answers["kafka.v3.consumerGroup.query"] = `{"total":1,"data":[{"name":"billing","ctime":"2022-08-30 19:03:54"}]}`
	// Which product each is of is known from the list.
	want := []trail.Resource{
		{Kind: trail.Topics, ID: "a", Name: "a", Instance: "2", System: trail.RocketMQ, Type: "fifo", Partitions: n(1)},
		{Kind: trail.Topics, ID: "b", Name: "b", Instance: "2", System: trail.RocketMQ, Type: "normal", Partitions: n(8)},
	}
	if diff := cmp.Diff(want, list(trail.ResourcesRequest{Kind: trail.Topics, Instance: "2"})); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	want = []trail.Resource{{Kind: trail.Topics, ID: "orders", Name: "orders", Instance: "3", System: trail.Kafka, Partitions: n(3), RetentionMS: n(3600000)}}
	if diff := cmp.Diff(want, list(trail.ResourcesRequest{Kind: trail.Topics, Instance: "3"})); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	groups := append(list(trail.ResourcesRequest{Kind: trail.Groups, Instance: "2"}), list(trail.ResourcesRequest{Kind: trail.Groups, Instance: "3"})...)
	if len(groups) != 2 || *groups[0].Usable || groups[1].Created.ZoneSource != trail.ZoneAssumed {
		t.Errorf("groups %+v", groups)
	}
	page := must[*trail.ResourcesAnswer](t)(verbs.ListResources(t.Context(), trail.ResourcesRequest{Kind: trail.Instances, Limit: 2}))
	rest := must[*trail.ResourcesAnswer](t)(verbs.ListResources(t.Context(), trail.ResourcesRequest{Kind: trail.Instances, Limit: 2, Cursor: page.Next}))
	if len(page.Resources) != 2 || len(rest.Resources) != 1 || rest.Next != "" {
		t.Errorf("pages %+v and %+v", page, rest)
	}
}

// One product that fails is named; both failing is a failure.
func TestOneProductFails(t *testing.T) {
	v := &vendor{
		answers:  map[string]string{"rocketmq.v3.instance.list": `{"total":1,"prodInstList":[{"prodInstId":"2"}]}`},
		problems: map[string]*sdk.Problem{"kafka.v3.instances.query": said(sdk.CodeVendorError, "201", "system error")},
	}
	answer := must[*trail.ResourcesAnswer](t)(asking(v, true).ListResources(t.Context(), trail.ResourcesRequest{Kind: trail.Instances}))
	if len(answer.Resources) != 1 || !lists(answer.Incomplete, "Kafka instances") {
		t.Errorf("%+v", answer)
	}
	v.problems["rocketmq.v3.instance.list"] = v.problems["kafka.v3.instances.query"]
	if _, err := asking(v, true).ListResources(t.Context(), trail.ResourcesRequest{Kind: trail.Instances}); code(err) != sdk.CodeVendorError {
		t.Errorf("both failed: %v", err)
	}
}

// An empty search in Kafka proves nothing, and a message without its place cannot be told: neither reads like absence.
func TestNothingInKafka(t *testing.T) {
	v := kafkaVendor()
	request := topicRequest()
	request.Key = "order-1"
	if found := must[*trail.FindAnswer](t)(asking(v, true).FindMessages(t.Context(), request)); !lists(found.Incomplete, "the time that producers write") {
		t.Errorf("an empty search is complete: %+v", found)
	}
	v = kafkaVendor(strings.Replace(record1(7, `"order-1"`, `"a"`), `"offset":7`, `"offset":null`, 1))
	if found := must[*trail.FindAnswer](t)(asking(v, true).FindMessages(t.Context(), request)); !lists(found.Incomplete, "without its offset") {
		t.Errorf("a message is left out, and nobody says so: %+v", found)
	}
}
