package verbs

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/mqtrail/mqtrail/sdk"
	"github.com/mqtrail/mqtrail/sdk/trail"
)

const rocketAnswer = `{"msg_id":"C0A8006500002A9F0000000040000850","topic":"orders","store_timestamp":1780315200001,"born_timestamp":"1780315200000",
 "reconsume_times":0,"body":"hello world","body_crc":%s,"store_size":120,"queue_id":1,"queue_offset":402,"born_host":"192.168.0.11:41622","store_host":"192.168.0.101:10911",
 "property_list":[{"name":"UNIQ_KEY","value":"` + clientID + `"},{"name":"KEYS","value":"a b"},{"name":"TAGS","value":"new"},{"name":"__STARTDELIVERTIME","value":"1780401600000"}]}`

func rocketFind(t *testing.T, request trail.FindRequest, answer map[string]func(map[string]any) string) (*trail.FindAnswer, *vendor) {
	t.Helper()
	v, fake := over(t, answer)
	request.Instance, request.System = instance, trail.RocketMQ
	found, err := v.FindMessages(t.Context(), request)
	if err != nil {
		t.Fatal(err)
	}
	return found, fake
}

func TestRocketMessage(t *testing.T) {
	found, _ := rocketFind(t, trail.FindRequest{Topic: "orders", Key: "a", Window: trail.Window{FromMS: 1, ToMS: 2}},
		map[string]func(map[string]any) string{"ListMessagesForRocketMq": always(`{"total":1,"messages":[` + fmt.Sprintf(rocketAnswer, "222957957") + `]}`)})
	golden(t, "rocketmq_message", found)
}

// A checksum that differs proves no damage: the vendor does not say whether the stored body is compressed.
func TestRocketBodyCheck(t *testing.T) {
	for crc, want := range map[string]string{"222957957": "intact", "1": "unchecked", "0": "unchecked", "null": "unchecked", "2.22957957E8": "intact"} {
		found, _ := rocketFind(t, trail.FindRequest{Topic: "orders", Window: trail.Window{FromMS: 1, ToMS: 2}},
			map[string]func(map[string]any) string{"ListMessagesForRocketMq": always(`{"messages":[` + fmt.Sprintf(rocketAnswer, crc) + `]}`)})
		if got := found.Messages[0].BodyCheck; !strings.HasPrefix(got, want) {
			t.Errorf("%s: %q, want %s", crc, got, want)
		}
	}
}

func TestRocketKinds(t *testing.T) {
	for properties, want := range map[string]string{
		`{"name":"DELAY","value":"3"}`: "delay", `{"name":"TRAN_MSG","value":"true"}`: "transaction", `{"name":"__SHARDINGKEY","value":"c-1"}`: "fifo",
		`{"name":"TIMER_DELIVER_MS","value":"1780401600000"}`: "delay", ``: "",
		`{"name":"DELAY","value":"3"},{"name":"ORIGIN_MESSAGE_ID","value":"x"}`: "", // a retry
	} {
		found, _ := rocketFind(t, trail.FindRequest{Topic: "orders", Window: trail.Window{FromMS: 1, ToMS: 2}},
			map[string]func(map[string]any) string{"ListMessagesForRocketMq": always(`{"messages":[{"property_list":[` + properties + `]}]}`)})
		if got := found.Messages[0].Type; got != want {
			t.Errorf("%s: %q, want %q", properties, got, want)
		}
	}
}

func TestRocketHasNot(t *testing.T) {
	v, _ := over(t, nil)
	for name, request := range map[string]trail.FindRequest{"contents": {Contains: "x"}, "offsets": {Partition: pointer(1), Offset: pointer(1)}} {
		request.Instance, request.System, request.Topic = instance, trail.RocketMQ, "orders"
		_, err := v.FindMessages(t.Context(), request)
		if problem := sdk.AsProblem(err); problem == nil || problem.Code != sdk.CodeNotOffered || problem.Hint == "" {
			t.Errorf("%s: got %v", name, err)
		}
	}
	_, err := v.GetMessage(t.Context(), trail.GetRequest{Instance: instance, System: trail.RocketMQ, Topic: "orders", Partition: pointer(1), Offset: pointer(1)})
	isProblem(t, err, sdk.CodeNotOffered)
	_, err = v.FindMessages(t.Context(), trail.FindRequest{Instance: instance, System: trail.RocketMQ})
	isProblem(t, err, sdk.CodeInvalidArguments)
}

// A list of 400 is read in pages, as far as asked and as far as the bound.
func TestRocketPages(t *testing.T) {
	list := func(given map[string]any) string {
		from, size := int(given["offset"].(float64)), int(given["limit"].(float64))
		var some []string
		for at := from; at < min(from+size, 400); at++ {
			some = append(some, fmt.Sprintf(`{"msg_id":"%d","store_timestamp":%d}`, at, 1780000000000+at))
		}
		return `{"total":400,"messages":[` + strings.Join(some, ",") + `]}`
	}
	for _, test := range []struct {
		limit, calls, told int
		cursor, next       string
	}{
		{10, 1, 10, "", "10"}, {70, 2, 70, "", "70"}, {500, maxPages, 250, "", "250"}, {500, 3, 150, "250", ""}, {0, 1, 50, "", "50"},
	} {
		found, fake := rocketFind(t, trail.FindRequest{Topic: "orders", Limit: test.limit, Cursor: test.cursor, Window: trail.Window{FromMS: 1, ToMS: 2}},
			map[string]func(map[string]any) string{"ListMessagesForRocketMq": list})
		if len(fake.asked) != test.calls || len(found.Messages) != test.told || found.Next != test.next || (len(found.Incomplete) > 0) != (test.next != "") {
			t.Errorf("%+v: %d calls, %d messages, next %q, incomplete %q", test, len(fake.asked), len(found.Messages), found.Next, found.Incomplete)
		}
	}
	v, _ := over(t, nil)
	_, err := v.FindMessages(t.Context(), trail.FindRequest{Instance: instance, System: trail.RocketMQ, Topic: "orders", Cursor: "-1"})
	isProblem(t, err, sdk.CodeInvalidArguments)
}

// A client's id without a trace is searched at the moments that it may stand for.
func TestClientIDWithoutTrace(t *testing.T) {
	stored := `{"total":1,"messages":[` + fmt.Sprintf(rocketAnswer, "1") + `]}`
	answer := map[string]func(map[string]any) string{
		"ListMessageTraceForRocketMq": always(`{"trace":[]}`), "ListMessagesForRocketMq": func(given map[string]any) string {
			if given["msg_id"] != nil || given["start_time"] == nil {
				t.Errorf("asked %v: the vendor finds no client's id", given)
			}
			return stored
		},
	}
	found, _ := rocketFind(t, trail.FindRequest{Topic: "orders", MessageID: clientID}, answer)
	if got := ids(found.Messages); len(got) == 0 || got[0] != clientID {
		t.Errorf("got %v", got)
	}
	stored = `{"total":0,"messages":[]}`
	found, _ = rocketFind(t, trail.FindRequest{Topic: "orders", MessageID: clientID}, answer)
	if len(found.Messages) != 0 {
		t.Errorf("got %v", found.Messages)
	}
	mentions(t, found.Incomplete, "client's id without a trace")
}

// A trace that shows another topic says that this one has not the message.
func TestClientIDOfAnotherTopic(t *testing.T) {
	found, fake := rocketFind(t, trail.FindRequest{Topic: "orders", MessageID: clientID}, map[string]func(map[string]any) string{
		"ListMessageTraceForRocketMq": always(`{"trace":[{"trace_type":"Pub","success":true,"topic":"payments","offset_msg_id":"x"}]}`),
	})
	if len(found.Messages) != 0 || len(fake.asked) != 1 {
		t.Errorf("got %v after %v", found.Messages, fake.asked)
	}
	mentions(t, found.Notes, "payments")
}

// Copies of a message are told by its ids. They are stored later than it: the window's end does not bound them.
func TestDeadLettersOfMessage(t *testing.T) {
	const copies = `{"total":3,"messages":[
		{"msg_id":"a","topic":"%DLQ%billing","store_timestamp":1780329600000,"property_list":[{"name":"UNIQ_KEY","value":"` + clientID + `"},{"name":"RETRY_TOPIC","value":"orders"},{"name":"ORIGIN_MESSAGE_ID","value":"broker-id"}]},
		{"msg_id":"b","topic":"%DLQ%billing","store_timestamp":1780329600001,"property_list":[{"name":"UNIQ_KEY","value":"other"},{"name":"ORIGIN_MESSAGE_ID","value":"other"}]},
		{"msg_id":"c","topic":"%DLQ%billing","store_timestamp":1780329600002,"property_list":[]}]}`
	for _, id := range []string{clientID, "broker-id", "a"} {
		found, _ := rocketFind(t, trail.FindRequest{DeadLettersOf: "billing", MessageID: id, Window: trail.Window{FromMS: 1780315200000, ToMS: 1780315300000}},
			map[string]func(map[string]any) string{"ListMessagesForRocketMq": func(given map[string]any) string {
				if given["topic"] != "%DLQ%billing" || given["start_time"] != "1780315200000" || given["end_time"].(string) < digits(noon.UnixMilli()) {
					t.Errorf("asked %v", given)
				}
				return copies
			}})
		if len(found.Messages) != 1 || found.Messages[0].BrokerID != "a" || found.Messages[0].DeadLetterGroup != "billing" || found.Messages[0].OriginTopic != "orders" || found.Messages[0].OriginID != "broker-id" {
			t.Errorf("%s: got %+v", id, found.Messages)
		}
	}
}

// A group without dead letters may have no such topic, which comes as an error. So does a group that is none.
func TestDeadLettersOfNobody(t *testing.T) {
	group := `{"name":"billing"}`
	v, _ := over(t, map[string]func(map[string]any) string{
		"ListMessagesForRocketMq": always(codeUnknownTopic), "ShowGroup": func(map[string]any) string { return group },
	})
	request := trail.FindRequest{Instance: instance, System: trail.RocketMQ, DeadLettersOf: "billing"}
	found, err := v.FindMessages(t.Context(), request)
	if err != nil || len(found.Messages) != 0 || found.Calls[0].Problem != nil {
		t.Fatalf("got %+v, %v", found, err)
	}
	mentions(t, found.Notes, "no dead-letter topic yet")
	group = "DMS.10240405"
	if _, err := v.FindMessages(t.Context(), request); !says(err, codeUnknownTopic) {
		t.Errorf("got %v", err)
	}
}

const groupList = `{"total":3,"groups":[{"name":"billing","broadcast":false,"retry_max_time":16,"group_online":true},{"name":"mailer","broadcast":false,"group_online":false},{"name":"screens","broadcast":true,"group_online":true}]}`

// Offline is an answer, although it comes as an error. A group whose consumers could not be had is named.
func TestRocketSubscriptions(t *testing.T) {
	v, _ := over(t, map[string]func(map[string]any) string{
		"ListConsumerGroupOfTopic": always(`{"total":4,"groups":["billing","mailer","screens","left"]}`), "ListInstanceConsumerGroups": always(groupList),
		"ShowConsumerConnectionsForRocketMq": func(given map[string]any) string {
			switch given["group"] {
			case "billing":
				return `{"online":true,"subscription_consistency":true,"clients":[{"client_id":"c","subscriptions":[{"topic":"orders","type":"TAG","expression":"new"},{"topic":"payments","type":"SQL92","expression":"a > 1"}]}]}`
			case "left":
				return codeOffline
			default:
				return "DMS.00500000"
			}
		},
	})
	got, err := v.ListSubscriptions(t.Context(), trail.SubscriptionsRequest{Instance: instance, System: trail.RocketMQ, Topic: "orders"})
	if err != nil {
		t.Fatal(err)
	}
	mentions(t, got.Incomplete, "consumers of screens could not be had")
	failed := 0
	for _, call := range got.Calls {
		if call.Problem != nil {
			failed++
		}
	}
	if failed != 1 {
		t.Errorf("%d calls have a problem, want that of screens alone: %+v", failed, got.Calls)
	}
	got.Calls = nil // they end in any order
	golden(t, "rocketmq_groups", got)
}

func TestConsumersThatFilterInDifferentWays(t *testing.T) {
	v, _ := over(t, map[string]func(map[string]any) string{
		"ShowConsumerListOrDetails": always(`{"total":2,"topics":["orders","%RETRY%billing"]}`), "ShowGroup": always(`{"name":"billing","broadcast":false}`),
		"ShowConsumerConnectionsForRocketMq": always(`{"online":true,"clients":[{"subscriptions":[{"topic":"orders","type":"TAG","expression":"a"}]},{"subscriptions":[{"topic":"orders","type":"TAG","expression":"b"}]}]}`),
	})
	got, err := v.ListSubscriptions(t.Context(), trail.SubscriptionsRequest{Instance: instance, System: trail.RocketMQ, Group: "billing"})
	if err != nil || len(got.Subscriptions) != 1 {
		t.Fatalf("got %+v, %v", got, err)
	}
	if one := got.Subscriptions[0]; one.Consistent == nil || *one.Consistent || one.Expression != "" {
		t.Errorf("got %+v", one)
	}
}

func TestRocketLag(t *testing.T) {
	v, _ := over(t, map[string]func(map[string]any) string{
		"ShowGroup":                          always(`{"name":"billing","broadcast":false,"retry_max_time":16,"group_online":true}`),
		"ShowConsumerConnectionsForRocketMq": always(codeOffline),
		"ShowConsumerListOrDetails": func(given map[string]any) string {
			switch given["topic"] {
			case nil:
				return `{"total":3,"topics":["orders","broken","%RETRY%billing"]}`
			case "broken":
				return "DMS.00500000"
			default:
				return `{"lag":3,"brokers":[{"broker_name":"broker-0","queues":[{"id":0,"lag":3,"broker_offset":10,"consumer_offset":7,"last_message_time":1780315200000},{"id":1,"lag":0,"broker_offset":5,"consumer_offset":5,"last_message_time":1780315100000}]}]}`
			}
		},
	})
	got, err := v.ConsumerLag(t.Context(), trail.LagRequest{Instance: instance, System: trail.RocketMQ, Group: "billing"})
	if err != nil {
		t.Fatal(err)
	}
	mentions(t, got.Incomplete, "broken")
	slices.SortFunc(got.Calls, func(a, b trail.Call) int { return strings.Compare(a.Operation+failure(a), b.Operation+failure(b)) })
	golden(t, "rocketmq_lag", got)
	if _, err = v.ConsumerLag(t.Context(), trail.LagRequest{Instance: instance, System: trail.RocketMQ, Group: "billing", Topic: "broken"}); err == nil {
		t.Error("the lag of the one topic that was asked for failed, and nobody says so")
	}
}

func failure(call trail.Call) string {
	if call.Problem == nil {
		return ""
	}
	return call.Problem.VendorCode
}

// A group that does not exist is a problem, however much else was answered.
func TestRocketLagOfNobody(t *testing.T) {
	v, _ := over(t, map[string]func(map[string]any) string{
		"ShowGroup": always("DMS.10240405"), "ShowConsumerConnectionsForRocketMq": always(codeOffline), "ShowConsumerListOrDetails": always(`{"lag":0,"brokers":[]}`),
	})
	_, err := v.ConsumerLag(t.Context(), trail.LagRequest{Instance: instance, System: trail.RocketMQ, Group: "never", Topic: "orders"})
	if !says(err, "DMS.10240405") {
		t.Errorf("got %v", err)
	}
}

func TestConsumedTo(t *testing.T) {
	queue := func(lag, at int64) trail.PartitionLag {
		return trail.PartitionLag{Messages: &lag, ConsumedTo: trail.AtMS(at)}
	}
	offsets := func(committed, end, at int64) trail.PartitionLag {
		return trail.PartitionLag{Committed: &committed, End: &end, ConsumedTo: trail.AtMS(at)}
	}
	for name, test := range map[string]struct {
		queues []trail.PartitionLag
		want   *trail.Time
	}{
		"none":                     {},
		"all read: the latest":     {[]trail.PartitionLag{queue(0, 10), queue(0, 30), queue(0, 20)}, trail.AtMS(30)},
		"behind: the earliest":     {[]trail.PartitionLag{queue(1, 20), queue(2, 10), queue(0, 5)}, trail.AtMS(10)},
		"behind from the begin":    {[]trail.PartitionLag{queue(1, 20), queue(2, 0)}, nil},
		"a lag that is not known":  {[]trail.PartitionLag{{ConsumedTo: trail.AtMS(7)}, queue(0, 9)}, nil}, // it may be idle
		"an idle queue, no lags":   {[]trail.PartitionLag{offsets(5, 5, 7), offsets(5, 8, 9)}, trail.AtMS(9)},
		"an empty queue all along": {[]trail.PartitionLag{queue(0, 0), queue(0, 9)}, trail.AtMS(9)},
	} {
		if diff := cmp.Diff(test.want, consumedTo(test.queues)); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

// A side call that fails leaves the list as it is.
func TestTopicsWithoutRetention(t *testing.T) {
	configs := `{"rocketmq_configs":[{"name":"fileReservedTime","value":"48"}]}`
	v, _ := over(t, map[string]func(map[string]any) string{
		"ListRocketInstanceTopics": always(`{"total":2,"topics":[{"name":"b","total_write_queue_num":3,"message_type":"DELAY"},{"name":"a"}]}`),
		"ShowRocketMqConfigs":      func(map[string]any) string { return configs },
	})
	request := trail.ResourcesRequest{Kind: trail.Topics, Instance: instance, System: trail.RocketMQ}
	got, err := v.ListResources(t.Context(), request)
	if err != nil || len(got.Resources) != 2 || got.Resources[0].ID != "a" || *got.Resources[1].RetentionMS != 48*3600_000 || got.Resources[1].Type != "delay" {
		t.Fatalf("got %+v, %v", got, err)
	}
	configs = "DMS.00500000"
	got, err = v.ListResources(t.Context(), request)
	if err != nil || len(got.Resources) != 2 || got.Resources[0].RetentionMS != nil {
		t.Fatalf("got %+v, %v", got, err)
	}
	mentions(t, got.Notes, "How long messages are kept")
}

// Cursors continue in the vendor's list, whatever the filter and the limit.
func TestResourcesPages(t *testing.T) {
	list := func(given map[string]any) string {
		var from int
		_, _ = fmt.Sscan(given["offset"].(string), &from)
		var some []string
		for at := from; at < min(from+50, 120); at++ {
			some = append(some, fmt.Sprintf(`{"group_id":"g-%03d","state":"Stable"}`, at))
		}
		return `{"total":120,"groups":[` + strings.Join(some, ",") + `]}`
	}
	for contains, want := range map[string]int{"": 120, "g-00": 10, "5": 12 + 10, "never": 0} {
		v, _ := over(t, map[string]func(map[string]any) string{"ListInstanceConsumerGroups": list})
		request := trail.ResourcesRequest{Kind: trail.Groups, Instance: instance, System: trail.Kafka, Contains: contains, Limit: 7}
		seen := map[string]bool{}
		for range 30 {
			got, err := v.ListResources(t.Context(), request)
			if err != nil || len(got.Resources) > 7 {
				t.Fatalf("got %+v, %v", got, err)
			}
			for _, one := range got.Resources {
				if seen[one.ID] {
					t.Errorf("%s was listed twice", one.ID)
				}
				seen[one.ID] = true
			}
			if request.Cursor = got.Next; request.Cursor == "" {
				break
			}
		}
		want -= map[string]int{"5": 1}[contains] // 55 has it twice
		if len(seen) != want {
			t.Errorf("%q: %d groups, want %d", contains, len(seen), want)
		}
	}
}
