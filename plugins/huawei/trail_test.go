package main

import (
	"fmt"
	"maps"
	"net/http"
	"path"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/mqtrail/mqtrail/plugins/huawei/emulator"
	"github.com/mqtrail/mqtrail/plugins/huawei/verbs"
	"github.com/mqtrail/mqtrail/schemas"
	"github.com/mqtrail/mqtrail/sdk"
	"github.com/mqtrail/mqtrail/sdk/trail"
)

// findKey finds the only message with a key.
func findKey(t *testing.T, c *client, instance, topic, key string) trail.Message {
	t.Helper()
	found, err := c.FindMessages(t.Context(), trail.FindRequest{Instance: instance, Topic: topic, Key: key})
	if err != nil || len(found.Messages) != 1 {
		t.Fatalf("%s in %s: got %+v, %v", key, topic, found, err)
	}
	return found.Messages[0]
}

// fate sums up what the vendor tells of a message: per group, how its deliveries ended, else where it stands.
func fate(t *testing.T, c *client, message trail.Message) map[string]string {
	t.Helper()
	fates := map[string]string{}
	for _, group := range groupsOf(t, c, message) {
		fates[group.Group] = standing(t, c, message, group)
	}
	if message.System == trail.Kafka {
		return fates
	}
	traced, err := c.TraceMessage(t.Context(), trail.TraceRequest{Instance: message.Instance, Topic: message.Topic, MessageID: message.ID})
	if err != nil {
		t.Fatal(err)
	}
	ends, begun := map[string][]string{}, map[string]int{}
	for _, event := range traced.Trace.Events {
		switch event.Stage {
		case trail.StageDelivered:
			begun[event.Actor.Group]++
		case trail.StageConsumed, trail.StageFailed:
			ends[event.Actor.Group] = append(ends[event.Actor.Group], string(event.Outcome))
		}
	}
	for group, count := range begun {
		told := slices.Compact(slices.Clone(ends[group]))
		fates[group] = fmt.Sprintf("%d of %d ended: %s", len(ends[group]), count, strings.Join(told, ", "))
		dead, err := c.FindMessages(t.Context(), trail.FindRequest{Instance: message.Instance, DeadLettersOf: group, MessageID: message.ID})
		if err != nil {
			t.Fatal(err)
		}
		if len(dead.Messages) > 0 {
			fates[group] += "; dead"
		}
	}
	return fates
}

func groupsOf(t *testing.T, c *client, message trail.Message) []trail.Subscription {
	t.Helper()
	found, err := c.ListSubscriptions(t.Context(), trail.SubscriptionsRequest{Instance: message.Instance, Topic: message.Topic})
	if err != nil || len(found.Incomplete) > 0 {
		t.Fatalf("got %+v, %v", found, err)
	}
	return found.Subscriptions
}

// standing is where a group is that shows no delivery.
func standing(t *testing.T, c *client, message trail.Message, group trail.Subscription) string {
	t.Helper()
	told, err := c.ConsumerLag(t.Context(), trail.LagRequest{Instance: message.Instance, Group: group.Group, Topic: message.Topic})
	if err != nil || len(told.Incomplete) > 0 || len(told.State.Lags) != 1 {
		t.Fatalf("%s: got %+v, %v", group.Group, told, err)
	}
	text := map[bool]string{true: "online", false: "offline"}[*told.State.Online]
	if told.State.Mode == trail.Broadcasting {
		text += ", broadcasting"
	}
	if group.Expression != "" && group.Expression != "*" && group.Expression != message.Tag {
		text += ", filters it"
	}
	for _, queue := range told.State.Lags[0].Partitions {
		if queue.Partition == *message.Partition {
			text += map[bool]string{true: ", past it", false: ", before it"}[*queue.Committed > *message.Offset]
		}
	}
	return text
}

// The shop has a message for every verdict that this cloud can show, found by its key. What it comes to is the host's to
// say, from what is told here.
func TestFates(t *testing.T) {
	const consumed, past = "1 of 1 ended: ok", ", past it"
	all := func(billing, mailer, warehouse string) map[string]string {
		return map[string]string{"billing": billing, "mailer": mailer, "warehouse": warehouse}
	}
	one := func(group, fate string) map[string]string { return map[string]string{group: fate} }
	c := goShopping(t, rocketmqShop).client
	for _, test := range []struct {
		instance, topic, key, says string
		want                       map[string]string
	}{
		{rocketmqShop, "orders", "order-7201", "dead-lettered", all(consumed, consumed, "17 of 17 ended: failed; dead")},
		{rocketmqShop, "orders", "order-7202", "consumed", all(consumed, consumed, consumed)},
		{rocketmqShop, "orders", "order-7203", "consumed after retries", all(consumed, consumed, "3 of 3 ended: failed, ok")},
		{rocketmqShop, "orders", "order-7204", "consumed twice", all("2 of 2 ended: ok", consumed, consumed)},
		{rocketmqShop, "orders", "order-7205", "retries exhausted", all(consumed, consumed, "17 of 17 ended: failed")},
		{rocketmqShop, "orders", "order-7206", "no status", all("1 of 1 ended: unknown", consumed, consumed)},
		{rocketmqShop, "payments", "order-7207", "retrying", one("billing", "4 of 4 ended: failed")},
		{rocketmqShop, "payments", "order-7208", "in flight", one("billing", "0 of 1 ended: ")},
		{rocketmqShop, "payments", "order-7209", "acknowledgement overdue", one("billing", "0 of 1 ended: ")},
		{rocketmqShop, "invoices", "order-7210", "lagging", one("ledger", "online, before it")},
		{rocketmqShop, "statements", "order-7211", "offline", one("auditor", "offline, before it")},
		{rocketmqShop, "orders", "order-7212", "passed, not traced", all("online"+past, "offline"+past, "online"+past)},
		{rocketmqShop, "orders", "order-7213", "filtered", all(consumed, consumed, "online, filters it"+past)},
		{rocketmqShop, "reminders", "order-7214", "delayed", one("ledger", "online, before it")},
		{rocketmqShop, "settlements", "order-7215", "committed and consumed", one("ledger", consumed)},
		{rocketmqShop, "samples", "order-7218", "no subscribers", map[string]string{}},
		{rocketmqShop, "prices", "order-7219", "broadcasting", one("screens", "online, broadcasting"+past)},
		{kafkaShop, "orders", "order-7301", "passed", all("online"+past, "offline"+past, "online"+past)},
		{kafkaShop, "invoices", "order-7302", "lagging", one("ledger", "online, before it")},
		{kafkaShop, "statements", "order-7303", "offline", one("auditor", "offline, before it")},
		{kafkaShop, "samples", "order-7304", "no subscribers", map[string]string{}},
	} {
		t.Run(test.key+" "+test.says, func(t *testing.T) {
			message := findKey(t, c, test.instance, test.topic, test.key)
			if diff := cmp.Diff(test.want, fate(t, c, message)); diff != "" {
				t.Errorf("-want +got\n%s", diff)
			}
		})
	}
}

// Messages that their topics do not have, and that only traces tell of, are found by the client's id alone.
func TestFatesOfMessagesWithoutAKey(t *testing.T) {
	c := goShopping(t, rocketmqShop).client
	for id, want := range map[string]string{
		"C0A8000B1F2A18B4AAC2001B77407216": "PRODUCED ok, TX_END failed", // rolled back
		"C0A8000B1F2A18B4AAC2001B77407217": "PRODUCED ok",                // the transaction is open
		"C0A8000B1F2A18B4AAC2001B77407220": "PRODUCED failed",
	} {
		found, err := c.FindMessages(t.Context(), trail.FindRequest{Instance: rocketmqShop, MessageID: id})
		if err != nil || len(found.Messages) != 1 || !found.Messages[0].TraceOnly || found.Messages[0].Topic != "settlements" {
			t.Errorf("%s: got %+v, %v", id, found, err)
		}
		traced, err := c.TraceMessage(t.Context(), trail.TraceRequest{Instance: rocketmqShop, Topic: "settlements", MessageID: id})
		if err != nil {
			t.Fatal(err)
		}
		var steps []string
		for _, event := range traced.Trace.Events {
			steps = append(steps, string(event.Stage)+" "+string(event.Outcome))
		}
		if got := strings.Join(steps, ", "); got != want {
			t.Errorf("%s: got %s, want %s", id, got, want)
		}
		other, err := c.FindMessages(t.Context(), trail.FindRequest{Instance: rocketmqShop, Topic: "orders", MessageID: id})
		if err != nil || len(other.Messages) != 0 {
			t.Errorf("%s was found in another topic: %+v, %v", id, other, err)
		}
	}
}

// What was under way when the sandbox began goes on as its clock does.
func TestFatesGoOn(t *testing.T) {
	var passed atomic.Int64
	began := time.Now()
	now := func() time.Time { return began.Add(time.Duration(passed.Load())) }
	c := connect(t, now, func(s *Settings) { s.AccessKey, s.SecretKey, s.AuthToken = "", "", emulator.AuthToken }, unseen) // a signature would be too old
	c.Verbs = verbs.New(schemas.Huawei, c, emulator.Region, now)
	retrying, flying := findKey(t, c, rocketmqShop, "payments", "order-7207"), findKey(t, c, rocketmqShop, "payments", "order-7208")
	for _, test := range []struct {
		after            time.Duration
		retrying, flying string
	}{
		{0, "4 of 4 ended: failed", "0 of 1 ended: "},
		{10 * time.Minute, "7 of 7 ended: failed", "0 of 1 ended: "},
		{time.Hour, "13 of 13 ended: failed", "2 of 2 ended: failed, ok"},
		{5 * time.Hour, "17 of 17 ended: failed; dead", "2 of 2 ended: failed, ok"},
		{50 * time.Hour, "17 of 17 ended: failed; dead", "2 of 2 ended: failed, ok"},
	} {
		passed.Store(int64(test.after))
		if got := fate(t, c, retrying)["billing"]; got != test.retrying {
			t.Errorf("after %s: %s, want %s", test.after, got, test.retrying)
		}
		if got := fate(t, c, flying)["billing"]; got != test.flying {
			t.Errorf("after %s: %s, want %s", test.after, got, test.flying)
		}
	}
}

// A message is found by either of its ids, and read whole by both.
func TestBothIDs(t *testing.T) {
	c := goShopping(t, rocketmqShop).client
	message := findKey(t, c, rocketmqShop, "orders", "order-7203")
	for _, id := range []string{message.ID, message.BrokerID} {
		got, err := c.GetMessage(t.Context(), trail.GetRequest{Instance: rocketmqShop, Topic: "orders", MessageID: id, BodyLimit: 8})
		if err != nil || got.Message == nil || got.Message.ID != message.ID || got.Message.Body.Data != `{"order"` || !got.Message.Body.Truncated {
			t.Errorf("%s: got %+v, %v", id, got, err)
		}
		traced, err := c.TraceMessage(t.Context(), trail.TraceRequest{Instance: rocketmqShop, Topic: "orders", MessageID: id})
		if err != nil || len(traced.Trace.Events) != 11 || traced.Trace.Message.ID != message.ID {
			t.Errorf("%s: got %+v, %v", id, traced, err)
		}
	}
	untraced := findKey(t, c, rocketmqShop, "orders", "order-7212")
	got, err := c.GetMessage(t.Context(), trail.GetRequest{Instance: rocketmqShop, Topic: "orders", MessageID: untraced.ID})
	if err != nil || got.Message == nil || got.Message.BrokerID != untraced.BrokerID {
		t.Errorf("the message without a trace: got %+v, %v", got, err)
	}
}

func TestKafkaSearches(t *testing.T) {
	c := goShopping(t, kafkaShop).client
	find := func(request trail.FindRequest) *trail.FindAnswer {
		t.Helper()
		request.Instance = kafkaShop
		found, err := c.FindMessages(t.Context(), request)
		if err != nil {
			t.Fatal(err)
		}
		return found
	}
	if found := find(trail.FindRequest{Topic: "imports", Key: "order-7305"}); len(found.Messages) != 0 || len(found.Incomplete) == 0 {
		t.Errorf("a message without a create time was found, or its absence taken for proven: %+v", found)
	}
	zero := int64(0)
	if found := find(trail.FindRequest{Topic: "imports", Partition: &zero, Offset: &zero}); len(found.Messages) != 1 || found.Messages[0].Born != nil || found.Messages[0].Keys[0] != "order-7305" {
		t.Errorf("got %+v", found)
	}
	if found := find(trail.FindRequest{Topic: "status", Key: "order-7306"}); len(found.Messages) != 10 || len(found.Incomplete) == 0 {
		t.Errorf("twelve messages have the key: got %d, incomplete %q", len(found.Messages), found.Incomplete)
	}
	if found := find(trail.FindRequest{Topic: "orders", Contains: "c-42"}); len(found.Messages) != 1 || found.Messages[0].Keys[0] != "order-1002" {
		t.Errorf("got %+v", found)
	}
	offset := int64(1187)
	one := int64(1)
	got, err := c.GetMessage(t.Context(), trail.GetRequest{Instance: kafkaShop, Topic: "orders", Partition: &one, Offset: &offset})
	if err != nil || got.Message == nil || !strings.Contains(got.Message.Body.Data, "c-42") {
		t.Errorf("got %+v, %v", got, err)
	}
	offset = 1100
	got, err = c.GetMessage(t.Context(), trail.GetRequest{Instance: kafkaShop, Topic: "orders", Partition: &one, Offset: &offset})
	if err != nil || got.Message != nil || len(got.Notes) == 0 {
		t.Errorf("an offset that is gone: got %+v, %v", got, err)
	}
}

func TestResources(t *testing.T) {
	c := goShopping(t, "").client
	names := func(request trail.ResourcesRequest) []string {
		t.Helper()
		found, err := c.ListResources(t.Context(), request)
		if err != nil {
			t.Fatal(err)
		}
		var names []string
		for _, one := range found.Resources {
			names = append(names, one.Name)
			if one.Evidence.RequestID == "" {
				t.Errorf("no request id with %+v", one)
			}
		}
		return names
	}
	if got := names(trail.ResourcesRequest{Kind: trail.Instances, Contains: "-SHOP"}); !slices.Equal(got, []string{"rocketmq-shop", "kafka-shop"}) {
		t.Errorf("got %v", got)
	}
	for kind, instances := range map[trail.Kind][]string{trail.Topics: {kafkaShop, rocketmqShop}, trail.Groups: {kafkaShop, rocketmqShop}} {
		for _, instance := range instances {
			want := map[trail.Kind]string{trail.Topics: "orders", trail.Groups: "billing"}[kind]
			if got := names(trail.ResourcesRequest{Kind: kind, Instance: instance}); !slices.Contains(got, want) || !slices.IsSorted(got) {
				t.Errorf("%s of %s: %v", kind, instance, got)
			}
		}
	}
	_, err := c.ListResources(t.Context(), trail.ResourcesRequest{Kind: trail.Topics, Instance: "never"})
	if problem := sdk.AsProblem(err); problem == nil || problem.Code != sdk.CodeNotFound {
		t.Errorf("got %v", err)
	}
}

// The instance's engine decides, and is found out once.
func TestVerbsFindOutTheEngine(t *testing.T) {
	var mu sync.Mutex
	asked := map[string]int{}
	c := connect(t, time.Now, unchanged, func(r *http.Request) {
		mu.Lock()
		defer mu.Unlock()
		asked[path.Base(r.URL.Path)]++
	})
	for range 3 {
		for _, instance := range []string{kafkaShop, rocketmqShop} {
			if _, err := c.ConsumerLag(t.Context(), trail.LagRequest{Instance: instance, Group: "billing", Topic: "orders"}); err != nil {
				t.Fatal(err)
			}
		}
	}
	if asked[kafkaShop] != 1 || asked[rocketmqShop] != 1 {
		t.Errorf("asked %v", slices.Sorted(maps.Keys(asked)))
	}
}
