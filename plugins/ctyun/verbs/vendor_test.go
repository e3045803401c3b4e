package verbs

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/mqtrail/mqtrail/sdk"
	"github.com/mqtrail/mqtrail/sdk/trail"
)

// vendor answers operations, by their vendor's names without "ctyun.", as a test says: with a returnObj, or not at all.
type vendor struct {
	answers  map[string]string
	problems map[string]*sdk.Problem

	mutex sync.Mutex
	asked []string
}

func (v *vendor) Do(_ context.Context, file *sdk.File, arguments json.RawMessage) (json.RawMessage, error) {
	name := strings.TrimPrefix(file.Operation, "ctyun.")
	v.mutex.Lock()
	defer v.mutex.Unlock()
	v.asked = append(v.asked, name+" "+string(arguments))
	if problem := v.problems[name]; problem != nil {
		return nil, problem
	}
	answer, ok := v.answers[name]
	if !ok {
		return nil, fmt.Errorf("the test has no answer of %s", name)
	}
	return json.RawMessage(`{"statusCode":800,"message":"success","requestId":"r-1","returnObj":` + answer + `}`), nil
}

// times is how often an operation was asked.
func (v *vendor) times(name string) (times int) {
	v.mutex.Lock()
	defer v.mutex.Unlock()
	for _, asked := range v.asked {
		if strings.HasPrefix(asked, name+" ") {
			times++
		}
	}
	return times
}

// now is when the tests take place.
var now = time.Date(2022, 8, 30, 19, 30, 0, 0, beijing)

func asking(v *vendor, region bool) *Verbs {
	verbs := New(v, region)
	verbs.now = func() time.Time { return now }
	return verbs
}

// said is a refusal as the plugin's client reports it.
func said(code, vendorCode, message string) *sdk.Problem {
	problem := sdk.Problemf(sdk.SourceVendor, code, "CTyun refused ctyun.rocketmq.v3.message.queryByMsgId: %s", message)
	problem.VendorCode = vendorCode
	return problem
}

var noAPI = said(sdk.CodeNotFound, unknownAPI, "ctyun-EOP: API not found")

func code(err error) string {
	if problem := sdk.AsProblem(err); problem != nil {
		return problem.Code
	}
	return ""
}

func lists(list []string, part string) bool {
	return slices.ContainsFunc(list, func(text string) bool { return strings.Contains(text, part) })
}

func queue(topic string) trail.FindRequest {
	return trail.FindRequest{Instance: "i", System: trail.RocketMQ, Topic: topic}
}

func must[A any](t *testing.T) func(A, error) A {
	return func(answer A, err error) A {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return answer
	}
}
