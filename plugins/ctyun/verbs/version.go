package verbs

import (
	"context"

	"github.com/mqtrail/mqtrail/sdk"
	"github.com/mqtrail/mqtrail/sdk/trail"
)

// The versions of RocketMQ's API.
const (
	second = 2
	third  = 3
)

// unknownAPI is the gateway's code for an API that a region does not have.
const unknownAPI = "CTAPI_10000"

// older are v2's operations by the names of v3's. What is not here v2 does not have.
var older = map[string]string{
	"message_query_by_key":    "v2_message_query_by_key",
	"message_query_by_msg_id": "v2_message_query_by_id",
	"message_query_by_time":   "v2_message_query_by_time",
	"message_trace":           "v2_message_trace",
	"dlq_get_by_id":           "v2_dlq_get_by_id",
	"dlq_get_by_time":         "v2_dlq_get_by_time",
	"topic_sub_detail":        "v2_topic_sub_detail",
	"group_sub_detail":        "v2_group_sub_detail",
	"consumer_accumulate":     "v2_consumer_accumulate",
	"consumer_time_span":      "v2_consumer_time_span",
	"instance_base_info":      "v2_instance_base_info",
	"instance_list":           "v2_instance_list",
	"topic_list":              "v2_topic_list",
	"group_list":              "v2_group_list",
}

// rocketmq asks an operation of RocketMQ by its name in v3: in v2 when the connection has no region, or when v3 does not
// have it there. Which one answers first is remembered for the connection.
func (s *session) rocketmq(ctx context.Context, name string, arguments map[string]any) (*trail.Reply, error) {
	if s.version.Load() == second {
		return s.inSecond(ctx, name, arguments)
	}
	reply, err := s.calls.Do(ctx, "rocketmq/"+name, arguments)
	problem := sdk.AsProblem(err)
	if problem == nil || problem.VendorCode != unknownAPI {
		if problem == nil {
			s.version.CompareAndSwap(0, third)
		}
		return reply, err
	}
	reply, err = s.inSecond(ctx, name, arguments)
	if err != nil && sdk.AsProblem(err).VendorCode == unknownAPI {
		return nil, problem // neither version: more likely the endpoint
	}
	if err == nil && s.version.CompareAndSwap(0, second) {
		s.note("CTyun has no v3 of RocketMQ here: the connection uses v2 from now on.")
	}
	return reply, err
}

func (s *session) inSecond(ctx context.Context, name string, arguments map[string]any) (*trail.Reply, error) {
	v2, ok := older[name]
	if !ok {
		return nil, trail.NotOffered("CTyun's RocketMQ v2 has no counterpart of %s.", name).
			WithHint("Set region_id on the connection, so that v3 is asked.")
	}
	return s.calls.Do(ctx, "rocketmq/"+v2, withoutPages(arguments))
}

// withoutPages drops what only v3's list of instances takes.
func withoutPages(arguments map[string]any) map[string]any {
	kept := make(map[string]any, len(arguments))
	for name, value := range arguments {
		if name != "pageNumber" && name != "pageSize" {
			kept[name] = value
		}
	}
	return kept
}

// lacks reports whether a call was not made because the version in use has no such operation.
func lacks(err error) bool {
	problem := sdk.AsProblem(err)
	return problem != nil && problem.Code == sdk.CodeNotOffered
}
