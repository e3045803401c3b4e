package sdk

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

var fullProblem = Problem{
	Code: CodeThrottled, Message: "Too fast.", Pointer: "/topic", Faults: []Fault{{Pointer: "", Message: "all"}, {Pointer: "/a", Message: "one"}},
	Source: SourceVendor, VendorCode: "Throttling.User", VendorRequestID: "4711", HTTPStatus: 429, Retryable: true,
	RetryAfter: 1500 * time.Millisecond, Hint: "Wait.",
}

func TestProblemJSON(t *testing.T) {
	encoded, err := json.Marshal(&fullProblem)
	if err != nil {
		t.Fatal(err)
	}
	want := `{"code":"throttled","message":"Too fast.","pointer":"/topic","faults":[{"pointer":"","message":"all"},{"pointer":"/a","message":"one"}],` +
		`"source":"vendor","vendor_code":"Throttling.User","vendor_request_id":"4711","http_status":429,"retryable":true,"hint":"Wait.","retry_after_ms":1500}`
	if diff := cmp.Diff(want, string(encoded)); diff != "" {
		t.Errorf("JSON (-want +got):\n%s", diff)
	}
	short, err := json.Marshal(Problemf(SourceCaller, CodeNotAllowed, "No."))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(`{"code":"not_allowed","message":"No.","source":"caller","retryable":false}`, string(short)); diff != "" {
		t.Errorf("JSON of a short one (-want +got):\n%s", diff)
	}
}

func TestProblemRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.String()
		problem := Problem{
			Code: text.Draw(t, "code"), Message: text.Draw(t, "message"), Pointer: text.Draw(t, "pointer"),
			Source: Source(text.Draw(t, "source")), VendorCode: text.Draw(t, "vendor code"), VendorRequestID: text.Draw(t, "request id"),
			HTTPStatus: rapid.Int().Draw(t, "status"), Retryable: rapid.Bool().Draw(t, "retryable"), Hint: text.Draw(t, "hint"),
			RetryAfter: time.Duration(rapid.Int64Range(0, 1<<40).Draw(t, "after")) * time.Millisecond,
		}
		for range rapid.IntRange(0, 3).Draw(t, "faults") {
			problem.Faults = append(problem.Faults, Fault{Pointer: text.Draw(t, "fault's pointer"), Message: text.Draw(t, "fault's message")})
		}
		encoded, err := json.Marshal(&problem)
		if err != nil {
			t.Fatal(err)
		}
		var decoded Problem
		if err := json.Unmarshal(encoded, &decoded); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(problem, decoded); diff != "" {
			t.Fatalf("problem (-before +after):\n%s", diff)
		}
	})
}

func TestProblemError(t *testing.T) {
	want := "Too fast.\n  /: all\n  /a: one (vendor code Throttling.User, request id 4711, HTTP 429, retry after 1.5s)\nWait."
	if diff := cmp.Diff(want, fullProblem.Error()); diff != "" {
		t.Errorf("text (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff("topic: is empty", InvalidArgument("topic", "is %s", "empty").Error()); diff != "" {
		t.Errorf("text (-want +got):\n%s", diff)
	}
}

func TestAsProblem(t *testing.T) {
	for name, test := range map[string]struct {
		err  error
		code string
	}{
		"a problem":          {&fullProblem, CodeThrottled},
		"a problem, wrapped": {fmt.Errorf("calling: %w", &fullProblem), CodeThrottled},
		"cancelled":          {fmt.Errorf("calling: %w", context.Canceled), CodeCancelled},
		"too late":           {context.DeadlineExceeded, CodeTimeout},
		"anything else":      {errors.New("boom"), CodeInternal},
	} {
		if problem := AsProblem(test.err); problem.Code != test.code {
			t.Errorf("%s became %s; want %s", name, problem.Code, test.code)
		}
	}
	if problem := AsProblem(nil); problem != nil {
		t.Errorf("no error became %v", problem)
	}
}
