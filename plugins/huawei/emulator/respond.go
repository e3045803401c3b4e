package emulator

import (
	"encoding/json"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/mqtrail/mqtrail/sdk/sandbox"
)

// The message of the documented sample, all that the sandbox's instance holds.
const (
	InstanceID = "d0b7e2c4-3c5a-4d53-9a3e-6f1c2f1b7a10"
	Topic      = "topic-test"
	partition  = "0"
	offset     = 4
	content    = "hello world"
)

// respond answers what the documented sample does not: other projects, instances, topics and messages. nil
// leaves the call to the sample.
func respond(call *sandbox.Call) *sandbox.Answer {
	if _, ok := call.Arguments["project_id"]; ok && call.Text("project_id") != ProjectID {
		return failure(http.StatusUnauthorized, "DMS.10240104", "The project ID does not match the credentials.")
	}
	switch call.File.Operation {
	case "KeystoneListProjects":
		return projects(call)
	case "ShowInstanceMessages":
		return messages(call)
	default:
		return nil
	}
}

func projects(call *sandbox.Call) *sandbox.Answer {
	if call.Text("name") == Region {
		return nil
	}
	return &sandbox.Answer{Status: http.StatusOK, Body: json.RawMessage(`{"links":{},"projects":[]}`)}
}

// messages follows the documents: a time range wins over an offset. That a half set is refused with this code,
// and that an unknown topic is, is assumed.
func messages(call *sandbox.Call) *sandbox.Answer {
	byTime := call.Text("start_time") != "" && call.Text("end_time") != ""
	byOffset := call.Text("partition") != "" && call.Text("message_offset") != ""
	switch {
	case call.Text("instance_id") != InstanceID:
		return failure(http.StatusNotFound, "DMS.00404022", "This instance does not exist.")
	case call.Text("topic") != Topic:
		return failure(http.StatusBadRequest, "DMS.00400876", "The topic does not exist.")
	case !byTime && !byOffset:
		return failure(http.StatusBadRequest, "DMS.00400062", "Invalid request parameter: neither start_time and end_time, nor partition and message_offset.")
	case !selected(call) || !byTime && !reached(call):
		return &sandbox.Answer{Status: http.StatusOK, Body: json.RawMessage(`{"messages":[],"total":0,"size":0}`)}
	default:
		return nil
	}
}

// reached reports whether the message is the first one from the offset on. The documented call reads at 0 and
// gets the message at 4, which suggests that earlier ones have expired; that the vendor seeks so is assumed.
func reached(call *sandbox.Call) bool {
	from, err := strconv.ParseInt(call.Text("message_offset"), 10, 64)
	return err == nil && from <= offset && call.Text("partition") == partition
}

// selected reports whether the filters let the message through. It has no key. That all words of include must
// be there, and none of exclude, is assumed.
func selected(call *sandbox.Call) bool {
	missing := func(word string) bool { return !strings.Contains(content, word) }
	return call.Text("key") == "" &&
		!missing(call.Text("keyword")) &&
		!slices.ContainsFunc(words(call.Text("include")), missing) &&
		!slices.ContainsFunc(words(call.Text("exclude")), func(word string) bool { return !missing(word) })
}

func words(list string) []string {
	return strings.FieldsFunc(list, func(r rune) bool { return r == ',' })
}
