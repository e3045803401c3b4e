package verbs

import (
	"context"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/sync/errgroup"

	"github.com/mqtrail/mqtrail/sdk"
	"github.com/mqtrail/mqtrail/sdk/trail"
)

func kafkaFind(t *testing.T, answer string, request trail.FindRequest) *trail.FindAnswer {
	t.Helper()
	v, _ := over(t, map[string]func(map[string]any) string{"ShowInstanceMessages": always(answer)})
	request.Instance, request.System, request.Topic = instance, trail.Kafka, "orders"
	found, err := v.FindMessages(t.Context(), request)
	if err != nil {
		t.Fatal(err)
	}
	return found
}

func pointer(value int64) *int64 { return &value }

// The vendor reads from an offset on: what it answers may be another message.
func TestKafkaOffsetOfAnotherMessage(t *testing.T) {
	const other = `{"total":1,"messages":[{"topic":"orders","partition":0,"message_offset":4,"value":"hello","timestamp":1607598463502}]}`
	found := kafkaFind(t, other, trail.FindRequest{Partition: pointer(0), Offset: pointer(0)})
	if len(found.Messages) != 0 {
		t.Errorf("got %+v", found.Messages)
	}
	mentions(t, found.Notes, "offset 4")
	if found = kafkaFind(t, other, trail.FindRequest{Partition: pointer(0), Offset: pointer(4)}); len(found.Messages) != 1 {
		t.Errorf("got %+v", found)
	}
	if found = kafkaFind(t, other, trail.FindRequest{Partition: pointer(1), Offset: pointer(4)}); len(found.Messages) != 0 {
		t.Errorf("got the message of another partition: %+v", found)
	}
}

func TestKafkaMessage(t *testing.T) {
	const answer = `{"total":1,"messages":[{"topic":"orders","partition":2,"key":"order-1","value":"héllo wörld","size":40,"timestamp":1607598463502,"huge_message":true,"message_offset":3000000000,"message_id":"","app_id":"","tag":""}]}`
	v, _ := over(t, map[string]func(map[string]any) string{"ShowInstanceMessages": always(answer)})
	got, err := v.GetMessage(t.Context(), trail.GetRequest{Instance: instance, System: trail.Kafka, Topic: "orders", Partition: pointer(2), Offset: pointer(3000000000)})
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "kafka_message", got)
}

// Messages without a create time are 1970, 0 or -1: that is no time.
func TestKafkaMessageWithoutTime(t *testing.T) {
	for _, timestamp := range []string{"0", "-1", "null"} {
		found := kafkaFind(t, `{"messages":[{"partition":0,"message_offset":0,"value":"v","timestamp":`+timestamp+`}]}`, trail.FindRequest{Partition: pointer(0), Offset: pointer(0)})
		if len(found.Messages) != 1 || found.Messages[0].Born != nil {
			t.Fatalf("%s: got %+v", timestamp, found)
		}
		mentions(t, found.Notes, "no create time")
	}
}

func TestKafkaSearchThatProvesNothing(t *testing.T) {
	hit := `{"topic":"orders","partition":0,"key":"k","message_offset":%d,"timestamp":%d}`
	hits := func(count int) string {
		var all []string
		for at := range count {
			all = append(all, fmt.Sprintf(hit, at, 1780000000000+at))
		}
		return fmt.Sprintf(`{"total":%d,"messages":[%s]}`, count, strings.Join(all, ","))
	}
	if found := kafkaFind(t, hits(0), trail.FindRequest{Key: "k"}); len(found.Incomplete) != 1 {
		t.Errorf("no hit: incomplete is %q", found.Incomplete)
	}
	if found := kafkaFind(t, hits(0), trail.FindRequest{Window: trail.Window{FromMS: 1, ToMS: 2}}); len(found.Incomplete) != 1 {
		t.Errorf("nothing in the window: incomplete is %q", found.Incomplete)
	}
	found := kafkaFind(t, hits(9), trail.FindRequest{Key: "k"})
	if len(found.Incomplete) != 0 || len(found.Messages) != 9 {
		t.Errorf("nine hits: %d messages, incomplete is %q", len(found.Messages), found.Incomplete)
	}
	mentions(t, found.Notes, "10,000")
	if found.Messages[0].Born.UnixMS != 1780000000008 {
		t.Error("the newest is not first")
	}
	found = kafkaFind(t, hits(10), trail.FindRequest{Contains: "k"})
	mentions(t, found.Incomplete, "limit of 10 hits")
	if found = kafkaFind(t, hits(10), trail.FindRequest{Key: "k", Limit: 3}); len(found.Messages) != 3 {
		t.Errorf("got %d messages, want 3", len(found.Messages))
	}
	mentions(t, found.Incomplete, "limit of 10 hits")
}

// The vendor finds keys that contain the wanted one.
func TestKafkaKeyIsWhole(t *testing.T) {
	found := kafkaFind(t, `{"messages":[{"key":"order-1","message_offset":1,"timestamp":2},{"key":"order-10","message_offset":2,"timestamp":2},{"message_offset":3,"timestamp":2}]}`,
		trail.FindRequest{Key: "order-1"})
	if len(found.Messages) != 2 || found.Messages[0].Keys[0] != "order-1" || found.Messages[1].Keys[0] != "order-1" {
		t.Errorf("got %+v", found.Messages)
	}
	mentions(t, found.Notes, "only contains")
}

// What the vendor's offset counts is not known: the next page begins at the last moment of this one.
func TestKafkaPagesByTime(t *testing.T) {
	all := []string{}
	for at := range 120 {
		all = append(all, fmt.Sprintf(`{"topic":"orders","partition":%d,"message_offset":%d,"timestamp":%d}`, at%2, at, 1780000000000+int64(at/7)))
	}
	v, _ := over(t, map[string]func(map[string]any) string{"ShowInstanceMessages": func(given map[string]any) string {
		if given["offset"] != "0" {
			t.Errorf("turned pages by offset %v", given["offset"])
		}
		var rest []string
		for at, one := range all {
			if fmt.Sprint(1780000000000+int64(at/7)) >= given["start_time"].(string) {
				rest = append(rest, one)
			}
		}
		limit := 0
		_, _ = fmt.Sscan(given["limit"].(string), &limit)
		return fmt.Sprintf(`{"total":%d,"messages":[%s]}`, len(rest), strings.Join(rest[:min(limit, len(rest))], ","))
	}})
	request := trail.FindRequest{Instance: instance, System: trail.Kafka, Topic: "orders", Window: trail.Window{FromMS: 1780000000000, ToMS: 1790000000000}, Limit: 20}
	seen := map[int64]int{}
	for range 20 {
		found, err := v.FindMessages(t.Context(), request)
		if err != nil {
			t.Fatal(err)
		}
		for _, one := range found.Messages {
			seen[*one.Offset]++
		}
		if request.Cursor = found.Next; request.Cursor == "" {
			break
		}
	}
	for at := range int64(120) {
		if seen[at] != 1 {
			t.Errorf("message %d was told %d times", at, seen[at])
		}
	}
	request.Cursor = "never"
	_, err := v.FindMessages(t.Context(), request)
	isProblem(t, err, sdk.CodeInvalidArguments)
}

func TestKafkaHasNot(t *testing.T) {
	v, _ := over(t, nil)
	for name, request := range map[string]trail.FindRequest{
		"ids": {MessageID: "x"}, "dead letters": {DeadLettersOf: "g"}, "partitions alone": {Partition: pointer(1)}, "offsets alone": {Offset: pointer(1)},
	} {
		request.Instance, request.System, request.Topic = instance, trail.Kafka, "orders"
		_, err := v.FindMessages(t.Context(), request)
		if problem := sdk.AsProblem(err); problem == nil || problem.Code != sdk.CodeNotOffered || problem.Hint == "" {
			t.Errorf("%s: got %v", name, err)
		}
	}
	_, err := v.TraceMessage(t.Context(), trail.TraceRequest{Instance: instance, System: trail.Kafka, Topic: "orders", MessageID: "1:2"})
	isProblem(t, err, sdk.CodeNotOffered)
	_, err = v.GetMessage(t.Context(), trail.GetRequest{Instance: instance, System: trail.Kafka, Topic: "orders", MessageID: "1:2"})
	isProblem(t, err, sdk.CodeNotOffered)
	_, err = v.FindMessages(t.Context(), trail.FindRequest{Instance: instance, System: trail.Kafka, Topic: "orders", Contains: strings.Repeat("消", 51)})
	isProblem(t, err, sdk.CodeInvalidArguments)
}

const kafkaGroupAnswer = `{"group":{"group_id":"billing","state":"Stable","members":[
 {"member_id":"m","client_id":"billing-1","host":"/192.168.0.21","assignment":[{"topic":"orders","partitions":[0,1]},{"topic":"refunds","partitions":[0]}]}],
 "group_message_offsets":[
 {"topic":"orders","partition":0,"lag":0,"message_current_offset":3000000000,"message_log_end_offset":3000000000},
 {"topic":"orders","partition":1,"lag":5,"message_current_offset":-1,"message_log_end_offset":5},
 {"topic":"payments","partition":0,"lag":-1,"message_current_offset":7,"message_log_end_offset":9}]}}`

func TestKafkaLag(t *testing.T) {
	v, _ := over(t, map[string]func(map[string]any) string{"ShowGroups": always(kafkaGroupAnswer)})
	got, err := v.ConsumerLag(t.Context(), trail.LagRequest{Instance: instance, System: trail.Kafka, Group: "billing"})
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "kafka_lag", got)
	got, err = v.ConsumerLag(t.Context(), trail.LagRequest{Instance: instance, System: trail.Kafka, Group: "billing", Topic: "never"})
	if err != nil || len(got.State.Lags) != 0 {
		t.Errorf("got %+v, %v", got, err)
	}
	mentions(t, got.Notes, "no committed offset on never")
}

func TestKafkaStates(t *testing.T) {
	yes, no := true, false
	for state, want := range map[string]*bool{"Stable": &yes, "PreparingRebalance": &yes, "CompletingRebalance": &yes, "Empty": &no, "Dead": &no, "NEW": nil, "": nil} {
		v, _ := over(t, map[string]func(map[string]any) string{"ShowGroups": always(`{"group":{"state":"` + state + `"}}`)})
		got, err := v.ConsumerLag(t.Context(), trail.LagRequest{Instance: instance, System: trail.Kafka, Group: "g"})
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got.State.Online); diff != "" {
			t.Errorf("%q: %s", state, diff)
		}
		if want == &no {
			mentions(t, got.Notes, "assign partitions to themselves")
		}
	}
}

func TestKafkaSubscriptions(t *testing.T) {
	v, _ := over(t, map[string]func(map[string]any) string{
		"ShowGroups": always(kafkaGroupAnswer), "ShowInstanceTopicDetail": always(`{"topic":"orders","group_subscribed":["billing","mailer"]}`),
	})
	got, err := v.ListSubscriptions(t.Context(), trail.SubscriptionsRequest{Instance: instance, System: trail.Kafka, Topic: "orders"})
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "kafka_groups", got)
	got, err = v.ListSubscriptions(t.Context(), trail.SubscriptionsRequest{Instance: instance, System: trail.Kafka, Group: "billing"})
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "kafka_topics", got)

	v, _ = over(t, map[string]func(map[string]any) string{"ShowInstanceTopicDetail": always(`{"topic":"orders"}`)})
	_, err = v.ListSubscriptions(t.Context(), trail.SubscriptionsRequest{Instance: instance, System: trail.Kafka, Topic: "orders"})
	isProblem(t, err, sdk.CodeNotOffered) // who subscribes is not told: that is no empty list
}

// An empty content is told apart from none, and of a long one only what was asked for is answered.
func TestKafkaContents(t *testing.T) {
	for value, want := range map[string]*trail.Body{`"hello"`: trail.NewBody([]byte("hello"), 1, 3), `""`: trail.NewBody(nil, 1, 3), `null`: nil} {
		v, _ := over(t, map[string]func(map[string]any) string{"ShowInstanceMessages": always(`{"messages":[{"partition":0,"message_offset":0,"timestamp":1,"value":` + value + `}]}`)})
		got, err := v.GetMessage(t.Context(), trail.GetRequest{
			Instance: instance, System: trail.Kafka, Topic: "orders", Partition: pointer(0), Offset: pointer(0), BodyOffset: 1, BodyLimit: 3,
		})
		if err != nil || got.Message == nil {
			t.Fatalf("%s: got %+v, %v", value, got, err)
		}
		if diff := cmp.Diff(want, got.Message.Body); diff != "" {
			t.Errorf("%s: %s", value, diff)
		}
	}
	found := kafkaFind(t, `{"messages":[{"partition":0,"message_offset":0,"timestamp":1,"value":""}]}`, trail.FindRequest{Key: "k"})
	if found.Messages[0].Body != nil {
		t.Error("a list has no contents")
	}
}

// An instance that is busy with queries refuses more: few are made at the same time.
func TestKafkaQueriesTakeTurns(t *testing.T) {
	var now, most atomic.Int64
	gate := make(chan struct{})
	v, _ := over(t, map[string]func(map[string]any) string{"ShowInstanceMessages": func(map[string]any) string {
		for count := now.Add(1); ; {
			if before := most.Load(); count <= before || most.CompareAndSwap(before, count) {
				break
			}
		}
		<-gate
		now.Add(-1)
		return `{"messages":[]}`
	}})
	var all errgroup.Group
	for range 8 {
		all.Go(func() error {
			_, err := v.FindMessages(t.Context(), trail.FindRequest{Instance: instance, System: trail.Kafka, Topic: "orders", Key: "k"})
			return err
		})
	}
	for range 8 {
		gate <- struct{}{}
	}
	if err := all.Wait(); err != nil || most.Load() > atOnceQueries {
		t.Errorf("%d at the same time, %v", most.Load(), err)
	}
	over, cancel := context.WithCancel(t.Context())
	cancel()
	for range atOnceQueries {
		v.queries <- struct{}{}
	}
	_, err := v.FindMessages(over, trail.FindRequest{Instance: instance, System: trail.Kafka, Topic: "orders", Key: "k"})
	isProblem(t, err, sdk.CodeCancelled)
}
