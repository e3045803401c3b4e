// Package emulator answers as CTyun's RocketMQ does, on loopback and without an account. It shares no code with
// the plugin: what it verifies, it works out from the request as it came.
package emulator

import (
	"net/http"
	"time"

	"github.com/mqtrail/mqtrail/schemas"
	"github.com/mqtrail/mqtrail/sdk/sandbox"
)

// The one account of the emulator, and where its instance is.
const (
	AccessKey = "sandbox-access-key"
	SecretKey = "sandbox-secret-key" // #nosec G101 -- opens nothing but the emulator
	RegionID  = "200000002368"
)

// The things that the emulator has: those of CTyun's documented samples.
const (
	instance = "70687660456281088"
	topic    = "test"
)

// Vendor is CTyun for package sandbox. now is the clock that signatures are judged by.
func Vendor(now func() time.Time) sandbox.Vendor {
	return sandbox.Vendor{
		Files:   schemas.CTyun,
		Verify:  func(request *http.Request, body []byte) *sandbox.Answer { return verify(request, body, now()) },
		Refuse:  refuse,
		Missing: missing,
	}
}

// missing answers a call that names something other than the documented samples do. What CTyun really says of
// an unknown instance or topic is not documented; a failure in its usual form is assumed, and for an unknown key
// the empty list that a search naturally gives.
func missing(call *sandbox.Call) *sandbox.Answer {
	_, hasInstance := call.Arguments["prodInstId"]
	_, hasTopic := call.Arguments["topicName"]
	_, hasKey := call.Arguments["key"]
	switch {
	case hasInstance && call.Text("prodInstId") != instance:
		return failed("instance " + call.Text("prodInstId") + " does not exist")
	case hasTopic && call.Text("topicName") != topic:
		return failed("topic " + call.Text("topicName") + " does not exist")
	case hasKey:
		return found(map[string]any{"total": 0, "rows": []any{}})
	default:
		return nil
	}
}
