package verbs

import (
	"slices"
	"strings"
	"testing"

	"github.com/mqtrail/mqtrail/sdk"
	"github.com/mqtrail/mqtrail/sdk/trail"
)

// A group's numbers become the model's; what was not told stays unknown, which is not zero.
func TestConsumerLag(t *testing.T) {
	given := answers{
		"GetConsumerGroupLag":     says(`{"topicLagMap":{"a/b":{"readyCount":5,"inflightCount":"2","deliveryDuration":90},"bare":{"readyCount":3},"null":null},"totalLag":{"readyCount":8}}`),
		"GetConsumerGroup":        says(`{"status":"RUNNING","messageModel":"CLUSTERING","consumeRetryPolicy":{"maxRetryTimes":16,"deadLetterTargetTopic":"DLQ"}}`),
		"ListConsumerConnections": says(`{"connections":[null,{"clientId":"c1","egressIp":"10.0.0.1","language":"JAVA","version":"5.0.7","messageModel":"CLUSTERING"}]}`),
		"GetConsumeTimespan":      says(`{"minTimestamp":1740724000000,"maxTimestamp":1740724080343,"consumeTimestamp":0}`),
	}
	v, made := telling(t, given)
	got, err := v.ConsumerLag(t.Context(), trail.LagRequest{Instance: "i", Group: "g"})
	if err != nil {
		t.Fatal(err)
	}
	slices.SortFunc(got.Calls, func(a, b trail.Call) int { return strings.Compare(a.Operation, b.Operation) })
	golden(t, "lag", got)
	if calls := made.made("GetConsumeTimespan"); len(calls) != 3 {
		t.Errorf("progress was asked for %v", calls)
	}

	given["GetConsumeTimespan"] = refuses(sdk.CodeThrottled, "Throttling")
	given["GetConsumerGroup"] = refuses(sdk.CodeUnauthorized, "NoPermission")
	given["ListConsumerConnections"] = refuses(sdk.CodeUnauthorized, "NoPermission")
	got, err = v.ConsumerLag(t.Context(), trail.LagRequest{Instance: "i", Group: "g", Topic: "bare"})
	if err != nil {
		t.Fatal(err)
	}
	if s := got.State; s.Online != nil || s.MaxAttempts != nil || len(s.Lags) != 1 || s.Lags[0].Newest != nil || len(got.Incomplete) != 3 {
		t.Errorf("with side calls refused: %+v, incomplete %v", s, got.Incomplete)
	}

	given["ListConsumerConnections"] = says(`{"connections":[]}`)
	given["GetConsumerGroupLag"] = says(`{"topicLagMap":{},"totalLag":{"readyCount":4}}`)
	got, err = v.ConsumerLag(t.Context(), trail.LagRequest{Instance: "i", Group: "g"})
	if err != nil || got.State.Online == nil || *got.State.Online || len(got.State.Lags) != 0 || len(got.Notes) != 1 {
		t.Errorf("nobody connected, no topics: %+v, %v", got, err)
	}

	given["GetConsumerGroupLag"] = refuses(sdk.CodeNotFound, "ConsumerGroup.NotFound")
	if _, err := v.ConsumerLag(t.Context(), trail.LagRequest{Instance: "i", Group: "g"}); sdk.AsProblem(err).VendorCode != "ConsumerGroup.NotFound" {
		t.Errorf("no such group: %v", err)
	}
}

// Of a topic consistency comes as a text, of a group as a boolean.
func TestSubscriptions(t *testing.T) {
	v, made := telling(t, answers{
		"ListTopicSubscriptions":         says(`[null,{"consumerGroupId":"g","topicName":"t","filterExpression":"a||b","filterExpressionType":"TAG","messageModel":"BROADCASTING","subscriptionStatus":"OFFLINE","consistency":"false"}]`),
		"ListConsumerGroupSubscriptions": says(`[{"consumerGroupId":"g","topicName":"t","filterExpressionType":"SQL","messageModel":"LITE_SELECTIVE","subscriptionStatus":"PERHAPS","consistency":true},{"consistency":null}]`),
	})
	yes, no := true, false
	at := func(operation, pointer, id string) trail.Evidence {
		return trail.Evidence{Operation: "aliyun_rocketmq_" + operation, Pointer: pointer, RequestID: id}
	}
	got, err := v.ListSubscriptions(t.Context(), trail.SubscriptionsRequest{Instance: "i", Topic: "t"})
	if err != nil {
		t.Fatal(err)
	}
	same(t, "of a topic", []trail.Subscription{{
		Group: "g", Topic: "t", ExpressionType: "tag", Expression: "a||b", Mode: trail.Broadcasting, Online: &no, Consistent: &no,
		Evidence: at("list_topic_subscriptions", "/data/1", "R-ListTopicSubscriptions"),
	}}, got.Subscriptions)
	if len(got.Notes) != 1 {
		t.Errorf("notes %v", got.Notes)
	}
	got, err = v.ListSubscriptions(t.Context(), trail.SubscriptionsRequest{Instance: "i", Group: "g", Topic: "t"})
	if err != nil {
		t.Fatal(err)
	}
	same(t, "of a group", []trail.Subscription{
		{Group: "g", Topic: "t", ExpressionType: "sql92", Mode: "LITE_SELECTIVE", Consistent: &yes, Evidence: at("list_group_subscriptions", "/data/0", "R-ListConsumerGroupSubscriptions")},
		{Evidence: at("list_group_subscriptions", "/data/1", "R-ListConsumerGroupSubscriptions")},
	}, got.Subscriptions)
	if asked := made.made("ListConsumerGroupSubscriptions")[0].Arguments; asked["topicName"] != "t" {
		t.Errorf("asked %v", asked)
	}
	if _, err := v.ListSubscriptions(t.Context(), trail.SubscriptionsRequest{Instance: "i"}); sdk.AsProblem(err).Code != sdk.CodeInvalidArguments {
		t.Errorf("of nothing: %v", err)
	}
}

func TestResources(t *testing.T) {
	given := answers{
		"ListInstances":      says(`{"totalCount":3,"list":[{"instanceId":"rmq-1","instanceName":"Shop","status":"RUNNING"},{"instanceId":"rmq-2","status":"CREATING"},{"instanceId":"rmq-3","status":"HIBERNATING"}]}`),
		"GetInstance":        says(`{"instanceId":"rmq-1","status":"RUNNING","productInfo":{"messageRetentionTime":72,"storageSecretKey":"secret"}}`),
		"ListTopics":         says(`{"totalCount":900,"list":[{"topicName":"Orders","messageType":"FIFO","status":"RUNNING","createTime":"2026-03-10 11:00:00"},{"topicName":"other","messageType":"LITE"}]}`),
		"ListConsumerGroups": says(`{"totalCount":1,"list":[{"consumerGroupId":"g","messageModel":"CLUSTERING","status":"RUNNING"}]}`),
	}
	v, _ := telling(t, given)
	list := func(request trail.ResourcesRequest) *trail.ResourcesAnswer {
		t.Helper()
		got, err := v.ListResources(t.Context(), request)
		if err != nil {
			t.Fatal(err)
		}
		return got
	}
	instances := list(trail.ResourcesRequest{Kind: trail.Instances})
	var usable []any
	for _, r := range instances.Resources {
		if r.Usable == nil {
			usable = append(usable, nil)
			continue
		}
		usable = append(usable, *r.Usable)
	}
	same(t, "usable", []any{true, false, nil}, usable)
	if got := list(trail.ResourcesRequest{Kind: trail.Instances, Contains: "shop"}); len(got.Resources) != 1 || got.Resources[0].ID != "rmq-1" {
		t.Errorf("by name: %+v", got.Resources)
	}
	if got := list(trail.ResourcesRequest{Kind: trail.Instances, Instance: "rmq-1"}); len(got.Resources) != 1 || *got.Resources[0].RetentionMS != 72*3600*1000 {
		t.Errorf("one: %+v", got.Resources)
	}
	topics := list(trail.ResourcesRequest{Kind: trail.Topics, Instance: "rmq-1", Contains: "ord", Limit: 1})
	if len(topics.Resources) != 1 || topics.Resources[0].Type != "fifo" || *topics.Resources[0].RetentionMS != 72*3600*1000 || topics.Next == "" || len(topics.Incomplete) != 0 {
		t.Errorf("topics: %+v, next %q, incomplete %v", topics.Resources, topics.Next, topics.Incomplete)
	}
	given["GetInstance"] = refuses(sdk.CodeUnauthorized, "NoPermission")
	if got := list(trail.ResourcesRequest{Kind: trail.Topics, Instance: "rmq-1", Limit: 1}); got.Resources[0].RetentionMS != nil || len(got.Notes) != 1 {
		t.Errorf("retention refused: %+v, notes %v", got.Resources, got.Notes)
	}
	if got := list(trail.ResourcesRequest{Kind: trail.Groups, Instance: "rmq-1"}); len(got.Resources) != 1 || got.Resources[0].Type != "clustering" {
		t.Errorf("groups: %+v", got.Resources)
	}
	if _, err := v.ListResources(t.Context(), trail.ResourcesRequest{Kind: "queue", Instance: "rmq-1"}); sdk.AsProblem(err).Code != sdk.CodeInvalidArguments {
		t.Errorf("a kind that is none: %v", err)
	}
}

// Ids come as numbers; null and 0 are no times; two switches are needed; two-way plans never sync by themselves.
func TestReplication(t *testing.T) {
	const ends = `"instances":[{"instanceId":"b","instanceRole":"PASSIVE","regionId":"r","instanceType":"ALIYUN_ROCKETMQ","password":"secret"},{"instanceId":"a","instanceRole":"ACTIVE","regionId":"r","instanceType":"ALIYUN_ROCKETMQ"}]`
	const item = `{"totalCount":1,"list":[{"itemId":7,"itemStatus":"RUNNING","topics":[{"instanceId":"b","regionId":"r","topicName":"t-b"},{"instanceId":"a","regionId":"r","topicName":"t-a"}]}]}`
	given := answers{
		"ListDisasterRecoveryPlans": says(`{"totalCount":3,"list":[
			{"planId":1,"planName":"one","planType":"ACTIVE_PASSIVE","planStatus":"RUNNING","autoSyncCheckpoint":true,"syncCheckpointEnabled":true,` + ends + `},
			{"planId":"2","planName":"two","planType":"ACTIVE_ACTIVE","planStatus":"CREATED","autoSyncCheckpoint":true,"syncCheckpointEnabled":true},
			{"planId":3,"planName":"three","planType":"ACTIVE_PASSIVE","planStatus":"ODD","autoSyncCheckpoint":true,"syncCheckpointEnabled":false}]}`),
		"GetDisasterRecoveryPlan": says(`{"planId":1,"planName":"one","planType":"ACTIVE_PASSIVE","planStatus":"RUNNING","autoSyncCheckpoint":true,"syncCheckpointEnabled":true,` + ends + `}`),
		"ListDisasterRecoveryItems": func(arguments map[string]any) (string, error) {
			if arguments["planId"] == "1" {
				return item, nil
			}
			return `{"totalCount":0,"list":[]}`, nil
		},
		"ListDisasterRecoveryCheckpoints": says(`{"totalCount":3,"list":[
			{"checkpointId":70,"lastSyncTime":0,"sourceProgress":{"consumerGroupId":"new","topicName":"t-a","progressData":null},"targetProgress":null},
			{"checkpointId":"71","lastSyncTime":1740724080000,"sourceProgress":{"instanceId":"a","consumerGroupId":"g","topicName":"t-a","lastFetchTime":1740724090000,"progressData":{"consumeTimestamp":1740724070000}},
				"targetProgress":{"instanceId":"b","consumerGroupId":"g","topicName":"t-b","lastFetchTime":1740724091000,"progressData":{"consumeTimestamp":1740724060000}}}]}`),
		"ListTopicSubscriptions": says(`[{"consumerGroupId":"g","subscriptionStatus":"OFFLINE"}]`),
		"GetConsumeTimespan": func(arguments map[string]any) (string, error) {
			if arguments["instanceId"] == "a" {
				return `{"maxTimestamp":1740724099000}`, nil
			}
			return `{"maxTimestamp":1740724090000}`, nil
		},
	}
	v, made := telling(t, given)
	one, err := v.ReplicationStatus(t.Context(), trail.ReplicationRequest{Plan: "1"})
	if err != nil {
		t.Fatal(err)
	}
	slices.SortFunc(one.Calls, func(a, b trail.Call) int { return strings.Compare(a.Operation, b.Operation) })
	golden(t, "replication", one)
	if asked := made.made("ListDisasterRecoveryCheckpoints")[0].Arguments; asked["instanceId"] != "a" {
		t.Errorf("checkpoints were asked for by %v, the source is a", asked["instanceId"])
	}

	all, err := v.ReplicationStatus(t.Context(), trail.ReplicationRequest{})
	if err != nil {
		t.Fatal(err)
	}
	var auto, running []any
	for _, p := range all.Plans {
		auto = append(auto, plain(p.AutoSync))
		running = append(running, plain(p.Running))
	}
	same(t, "auto sync", []any{true, false, false}, auto)
	same(t, "running", []any{true, false, nil}, running)

	if named, err := v.ReplicationStatus(t.Context(), trail.ReplicationRequest{Plan: "two"}); err != nil || len(named.Plans) != 1 || named.Plans[0].ID != "2" {
		t.Errorf("by name: %+v, %v", named, err)
	}
	if _, err := v.ReplicationStatus(t.Context(), trail.ReplicationRequest{Plan: "four"}); sdk.AsProblem(err).Code != sdk.CodeNotFound {
		t.Errorf("no such name: %v", err)
	}
	if filtered, err := v.ReplicationStatus(t.Context(), trail.ReplicationRequest{Plan: "1", Filter: "NEW"}); err != nil || len(filtered.Plans[0].Items[0].Checkpoints) != 1 {
		t.Errorf("filtered: %+v, %v", filtered, err)
	}

	given["ListDisasterRecoveryCheckpoints"] = refuses(sdk.CodeThrottled, "Throttling")
	if failed, err := v.ReplicationStatus(t.Context(), trail.ReplicationRequest{Plan: "1"}); err != nil || len(failed.Incomplete) != 1 || failed.Plans[0].Items[0].DataBehindMS != nil {
		t.Errorf("checkpoints refused: %+v, %v", failed, err)
	}
}

func plain(yes *bool) any {
	if yes == nil {
		return nil
	}
	return *yes
}

// An end in another region is not asked: it would say that there is no such instance.
func TestReplicationAcrossRegions(t *testing.T) {
	v := &vendor{answers: answers{
		"GetDisasterRecoveryPlan":         says(`{"planId":1,"planType":"ACTIVE_PASSIVE","instances":[{"instanceId":"a","instanceRole":"ACTIVE","regionId":"here"},{"instanceId":"b","regionId":"there"}]}`),
		"ListDisasterRecoveryItems":       says(`{"totalCount":1,"list":[{"itemId":7,"topics":[{"instanceId":"a","regionId":"here","topicName":"t"},{"instanceId":"b","regionId":"there","topicName":"t"}]}]}`),
		"ListDisasterRecoveryCheckpoints": says(`{"list":[{"checkpointId":70,"sourceProgress":{"consumerGroupId":"g","progressData":{"consumeTimestamp":1}},"targetProgress":{"consumerGroupId":"g","progressData":{"consumeTimestamp":1}}}]}`),
	}}
	for _, region := range []string{"here", ""} {
		got, err := New(v, region, moment).ReplicationStatus(t.Context(), trail.ReplicationRequest{Plan: "1"})
		if err != nil {
			t.Fatal(err)
		}
		if item := got.Plans[0].Items[0]; len(got.Incomplete) != 0 || len(got.Notes) != 2 || item.DataBehindMS != nil || item.Checkpoints[0].TargetOnline != nil {
			t.Errorf("region %q: %+v, incomplete %v, notes %v", region, item, got.Incomplete, got.Notes)
		}
	}
}
