package emulator

import (
	"encoding/json"
	"net/http"
	"strconv"

	"github.com/mqtrail/mqtrail/sdk/sandbox"
)

// The message of the documented sample, in a topic of its own.
const (
	InstanceID      = "d0b7e2c4-3c5a-4d53-9a3e-6f1c2f1b7a10"
	Topic           = "topic-test"
	samplePartition = "0"
	sampleOffset    = 4
	sampleContent   = "hello world"
)

// documentedMessages answers for the topic of the documented sample; nil is the sample.
func documentedMessages(c *call, byTime bool) *sandbox.Answer {
	if !c.selects(sampleContent) || c.Text("key") != "" || !byTime && !reached(c) {
		return &sandbox.Answer{Status: http.StatusOK, Body: json.RawMessage(`{"messages":[],"total":0,"size":0}`)}
	}
	return nil
}

// reached reports whether the message is the first one from the offset on. The documented call reads at 0 and
// gets the message at 4, which suggests that earlier ones have expired; that the vendor seeks so is assumed.
func reached(call *call) bool {
	from, err := strconv.ParseInt(call.Text("message_offset"), 10, 64)
	return err == nil && from <= sampleOffset && call.Text("partition") == samplePartition
}
