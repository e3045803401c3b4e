package main

import (
	"context"
	"strconv"
	"strings"

	"github.com/mqtrail/mqtrail/sdk"
	"github.com/mqtrail/mqtrail/sdk/trail"
)

func (c *client) ListResources(ctx context.Context, request trail.ResourcesRequest) (*trail.ResourcesAnswer, error) {
	leave, err := c.enter(ctx, "list_resources", string(request.Kind), "")
	if err != nil {
		return nil, err
	}
	defer leave()
	answer := &trail.ResourcesAnswer{Gathered: gathered("list", request.Raw)}
	for _, resource := range c.resources(request.Kind, request.Instance) {
		if strings.Contains(resource.ID, request.Contains) {
			resource.Evidence = evidence("list", "/"+strconv.Itoa(len(answer.Resources)))
			answer.Resources = append(answer.Resources, resource)
		}
	}
	from, to, next := page(request.Cursor, request.Limit, len(answer.Resources))
	answer.Resources, answer.Next = answer.Resources[from:to], next
	return answer, nil
}

// page is a part of a list; its cursor is a number.
func page(cursor string, limit, total int) (from, to int, next string) {
	if cursor != "" {
		from, _ = strconv.Atoi(cursor) // its own
	}
	to = min(total, from+limit)
	if to < total {
		next = strconv.Itoa(to)
	}
	return from, to, next
}

func (c *client) exists(instance, topic string) error {
	for _, known := range c.resources(trail.Topics, instance) {
		if known.ID == topic {
			return nil
		}
	}
	return sdk.Problemf(sdk.SourceVendor, sdk.CodeNotFound, "The shop has no topic %s in %s.", topic, instance)
}

func (c *client) FindMessages(ctx context.Context, request trail.FindRequest) (*trail.FindAnswer, error) {
	anywhere := c.Anywhere && request.MessageID != "" && request.Instance != "kafka-1"
	if c.Buried && request.DeadLettersOf != "" {
		return nil, sdk.Problemf(sdk.SourceVendor, sdk.CodeVendorError, "The shop's dead letters are buried.")
	}
	if request.Topic == "" && request.DeadLettersOf == "" && !anywhere {
		return nil, sdk.InvalidArgument("topic", "the shop searches one topic at a time.")
	}
	leave, err := c.enter(ctx, "find_messages", request.Topic, request.DeadLettersOf)
	if err != nil {
		return nil, err
	}
	defer leave()
	if request.DeadLettersOf == "" && request.Topic != "" {
		if err := c.exists(request.Instance, request.Topic); err != nil {
			return nil, err
		}
	}
	answer := &trail.FindAnswer{Gathered: gathered("find", request.Raw), Window: request.Window, Messages: []trail.Message{}}
	for _, message := range c.messages(request.Instance) {
		if fits(message, request) {
			if c.Plain && request.DeadLettersOf == "" { // who sent it there is in the trace
				message.DeadLetterGroup, message.OriginTopic, message.OriginID = "", "", ""
			}
			answer.Messages = append(answer.Messages, message)
		}
	}
	limit := request.Limit
	if c.Page > 0 {
		limit = min(limit, c.Page)
	}
	from, to, next := page(request.Cursor, limit, len(answer.Messages))
	answer.Messages, answer.Next = answer.Messages[from:to], next
	return answer, nil
}

func fits(message trail.Message, request trail.FindRequest) bool {
	stored := message.Stored.UnixMS
	switch {
	case stored < request.Window.FromMS || request.Window.ToMS != 0 && stored > request.Window.ToMS:
		return false
	case request.DeadLettersOf != "" && request.DeadLettersOf != message.DeadLetterGroup:
		return false
	case request.DeadLettersOf == "" && request.Topic == "" && message.DeadLetterGroup != "":
		return false
	case request.DeadLettersOf == "" && request.Topic != "" && message.Topic != request.Topic:
		return false
	case request.MessageID != "" && request.DeadLettersOf != "":
		return request.MessageID == message.ID || request.MessageID == message.OriginID && request.Topic == message.OriginTopic
	case request.MessageID != "":
		return request.MessageID == message.ID || request.MessageID == message.BrokerID
	case request.Key != "":
		return len(message.Keys) > 0 && message.Keys[0] == request.Key
	case request.Offset != nil:
		return *message.Partition == *request.Partition && *message.Offset == *request.Offset
	default:
		return true
	}
}

func (c *client) GetMessage(ctx context.Context, request trail.GetRequest) (*trail.GetAnswer, error) {
	leave, err := c.enter(ctx, "get_message", request.Topic, "")
	if err != nil {
		return nil, err
	}
	defer leave()
	if err := c.exists(request.Instance, request.Topic); err != nil {
		return nil, err
	}
	answer := &trail.GetAnswer{Gathered: gathered("get", request.Raw)}
	for _, message := range c.messages(request.Instance) {
		if fits(message, trail.FindRequest{Topic: request.Topic, MessageID: request.MessageID, Partition: request.Partition, Offset: request.Offset}) {
			message.Body = trail.NewBody([]byte(`{"order":1}`+strings.Repeat(" ", 5000)), request.BodyOffset, request.BodyLimit)
			answer.Message = &message
		}
	}
	return answer, nil
}

func (c *client) TraceMessage(ctx context.Context, request trail.TraceRequest) (*trail.TraceAnswer, error) {
	leave, err := c.enter(ctx, "trace_message", request.Topic, strings.Join(request.Groups, ","))
	if err != nil {
		return nil, err
	}
	defer leave()
	if request.Instance == "kafka-1" {
		return nil, trail.NotOffered("Kafka has no traces.")
	}
	if c.Standings == "alone" && len(request.Groups) == 0 {
		return nil, trail.NotOffered("The shop has no trace, only what it says of one group.")
	}
	recording := true
	answer := &trail.TraceAnswer{Gathered: gathered("trace", request.Raw), Trace: trail.Trace{Recording: &recording, Events: []trail.Event{}}}
	answer.Trace.ByGroup = c.Standings != ""
	for i, group := range request.Groups {
		passed := group != "reports"
		answer.Trace.Standings = append(answer.Trace.Standings, trail.Standing{Group: group, Passed: &passed, Raw: "CONSUMED", Evidence: evidence("standing", "/"+strconv.Itoa(i))})
	}
	if c.Standings == "alone" {
		answer.Trace.Recording = nil
		return answer, nil
	}
	for _, message := range c.messages(request.Instance) {
		if events := c.life(message); message.ID == request.MessageID && message.Topic == request.Topic && events != nil {
			answer.Trace.Found, answer.Trace.Events = true, events
			if message.DeadLetterGroup != "" {
				message.DeadLetterGroup = ""
				answer.Trace.Message = &message
			}
		}
	}
	return answer, nil
}

func (c *client) ListSubscriptions(ctx context.Context, request trail.SubscriptionsRequest) (*trail.SubscriptionsAnswer, error) {
	leave, err := c.enter(ctx, "list_subscriptions", request.Topic, request.Group)
	if err != nil {
		return nil, err
	}
	defer leave()
	answer := &trail.SubscriptionsAnswer{Gathered: gathered("subscriptions", request.Raw), Subscriptions: []trail.Subscription{}}
	for i, group := range groups(request.Instance) {
		if request.Topic == "orders" || request.Topic == "events" {
			answer.Subscriptions = append(answer.Subscriptions, trail.Subscription{
				Group: group, Topic: request.Topic, Expression: "*", ExpressionType: "tag", Mode: trail.Clustering, Evidence: evidence("subscriptions", "/"+strconv.Itoa(i)),
			})
		}
	}
	return answer, nil
}

func (c *client) ConsumerLag(ctx context.Context, request trail.LagRequest) (*trail.LagAnswer, error) {
	leave, err := c.enter(ctx, "consumer_lag", request.Topic, request.Group)
	if err != nil {
		return nil, err
	}
	defer leave()
	online, behind, attempts := request.Group != "reports", int64(0), int64(16)
	if request.Group == "reports" {
		behind = 9007199254740993
	}
	state := trail.GroupState{Group: request.Group, Online: &online, MaxAttempts: &attempts, Mode: trail.Clustering, Evidence: evidence("lag", "/group")}
	if request.Group == "silent" {
		return nil, sdk.Problemf(sdk.SourceVendor, sdk.CodeThrottled, "Too many questions about %s.", request.Group)
	}
	state.Lags = []trail.Lag{{Topic: "orders", Messages: &behind, ConsumedTo: trail.AtMS(born - 60_000), Evidence: evidence("lag", "/lags/0")}}
	return &trail.LagAnswer{Gathered: gathered("lag", request.Raw), State: state}, nil
}

func (c *client) ReplicationStatus(ctx context.Context, request trail.ReplicationRequest) (*trail.ReplicationAnswer, error) {
	leave, err := c.enter(ctx, "replication_status", "", "")
	if err != nil {
		return nil, err
	}
	defer leave()
	if request.Plan != "" && request.Plan != "plan-1" {
		return nil, sdk.Problemf(sdk.SourceVendor, sdk.CodeNotFound, "The shop has no plan %s.", request.Plan)
	}
	running, auto, period := true, true, int64(10_000)
	checkpoint := trail.ReplicationCheckpoint{
		ID: "c-1", Source: trail.Site{Group: "billing", Topic: "orders"}, Target: trail.Site{Group: "billing", Topic: "orders"},
		SourceConsumed: trail.AtMS(born), TargetConsumed: trail.AtMS(born - 600_000), LastSync: trail.AtMS(now - 1000),
		SourceFetched: trail.AtMS(now - 500), TargetFetched: trail.AtMS(now - 700), TargetOnline: &running, Evidence: evidence("checkpoints", "/0"),
	}
	plan := trail.ReplicationPlan{
		ID: "plan-1", Name: "north to south", Kind: "one_way", Running: &running, AutoSync: &auto, SyncPeriodMS: &period,
		Source: trail.Site{Region: "north", Instance: "mq-1"}, Target: trail.Site{Region: "south", Instance: "mq-2"}, Evidence: evidence("plans", "/0"),
		Items: []trail.ReplicationItem{{ID: "item-1", Running: &running, Checkpoints: []trail.ReplicationCheckpoint{checkpoint}, Evidence: evidence("items", "/0")}},
	}
	return &trail.ReplicationAnswer{Gathered: gathered("plans", request.Raw), Plans: []trail.ReplicationPlan{plan}}, nil
}
