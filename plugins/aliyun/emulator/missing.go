package emulator

import (
	"net/http"
	"slices"

	"github.com/mqtrail/mqtrail/sdk/sandbox"
)

// topics are the instances of the documented examples, and the topics of each.
func topics(instance string) ([]string, bool) {
	switch instance {
	case "rmq-cn-zvp2vtypu05":
		return []string{"linkedcare-image"}, true
	case "rmq-cn-7e22ody****":
		return []string{"topic_test"}, true
	default:
		return nil, false
	}
}

// missing answers a call that names something the emulator does not have; nil leaves an operation that names no
// instance to its output schema.
func missing(call *sandbox.Call) *sandbox.Answer {
	instance := call.Text("instanceId")
	known, ok := topics(instance)
	switch {
	case instance == "":
		return nil
	case !ok:
		return serviceError(http.StatusNotFound, "Instance.NotFound", "The instance is not known.", "instanceId")
	}
	if topic := call.Text("topicName"); topic != "" && !slices.Contains(known, topic) {
		return serviceError(http.StatusNotFound, "Topic.NotFound", "The topic is not known.", "topicName")
	}
	switch call.File.Operation {
	case "GetTrace":
		return emptyTrace(call)
	case "ListDisasterRecoveryCheckpoints":
		// Assumed: how the vendor answers an unknown plan or item is not documented; its codes for their status
		// begin with these words.
		return serviceError(http.StatusNotFound, "DisasterRecoveryItem.NotFound", "The plan has no such item.", "itemId")
	default:
		return nil
	}
}

// emptyTrace answers for a message that nobody touched. Assumed: how the vendor answers an unknown message id is not
// documented; its console shows an empty trace.
func emptyTrace(call *sandbox.Call) *sandbox.Answer {
	return &sandbox.Answer{Status: http.StatusOK, Body: map[string]any{
		"requestId": requestID, "success": true, "code": "200", "httpStatusCode": http.StatusOK,
		"data": map[string]any{
			"instanceId": call.Text("instanceId"), "topicName": call.Text("topicName"),
			"producerInfo":  map[string]any{"records": []any{}},
			"brokerInfo":    map[string]any{"operations": []any{}},
			"consumerInfos": []any{},
		},
	}}
}
