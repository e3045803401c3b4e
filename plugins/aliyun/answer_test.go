package main

import (
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/mqtrail/mqtrail/sdk"
	"github.com/mqtrail/mqtrail/sdk/rest"
)

func TestCheckAnswer(t *testing.T) {
	const advice = "https://api.aliyun.com/troubleshoot?q=Throttling"
	tests := []struct {
		name   string
		status int
		header http.Header
		body   string
		want   *sdk.Problem // Message is compared by what it must contain
		hint   string
	}{
		{name: "success", status: 200, body: `{"success":true,"code":"200","data":{}}`},
		{name: "success beside the code of a failure", status: 200,
			body: `{"success":true,"code":"InvalidConsumerGroupId","message":"The instance cannot be found."}`},
		{name: "success as a text", status: 200, body: `{"Success":"true"}`},
		{name: "success left out, code 200", status: 200, body: `{"code":200,"data":[]}`},
		{name: "failure with HTTP 200", status: 200,
			body: `{"requestId":"R1","success":false,"code":"Instance.NotFound","message":"gone","httpStatusCode":404}`,
			want: &sdk.Problem{Code: sdk.CodeNotFound, Message: `"gone"`, VendorCode: "Instance.NotFound", VendorRequestID: "R1", HTTPStatus: 200},
			hint: "region"},
		{name: "failure with code 200", status: 200, body: `{"success":false,"code":"200"}`,
			want: &sdk.Problem{Code: sdk.CodeVendorError, Message: "no reason", VendorCode: "200", HTTPStatus: 200}},
		{name: "success: false as a text", status: 200, body: `{"success":"false","code":7}`,
			want: &sdk.Problem{Code: sdk.CodeVendorError, VendorCode: "7", HTTPStatus: 200}},
		{name: "both spellings, one of them a failure", status: 200, body: `{"success":true,"Success":false,"Code":"X"}`,
			want: &sdk.Problem{Code: sdk.CodeVendorError, VendorCode: "X", HTTPStatus: 200}},
		{name: "success with an HTTP failure", status: 500, body: `{"success":true,"requestId":"R"}`,
			want: &sdk.Problem{Code: sdk.CodeVendorError, VendorRequestID: "R", HTTPStatus: 500}},
		{name: "gateway's spelling", status: 404,
			body: `{"RequestId":"R2","HostId":"h","Code":"InvalidAccessKeyId.NotFound","Message":"no such key"}`,
			want: &sdk.Problem{Code: sdk.CodeUnauthorized, Message: `"no such key"`, VendorCode: "InvalidAccessKeyId.NotFound", VendorRequestID: "R2", HTTPStatus: 404},
			hint: "access key"},
		{name: "throttled, wait in milliseconds", status: 400, header: http.Header{"X-Acs-Retry-After": {"2500"}},
			body: `{"Code":"Throttling.User","Message":"slow","Recommend":"` + advice + `"}`,
			want: &sdk.Problem{Code: sdk.CodeThrottled, VendorCode: "Throttling.User", HTTPStatus: 400, Retryable: true, RetryAfter: 2500 * time.Millisecond},
			hint: advice},
		{name: "throttled, wait in a rate limit", status: 400,
			header: http.Header{"X-Ratelimit-User-Api": {"Limit:1,Remain:0,TimeLeft:100"}, "X-Ratelimit-User": {"Limit:9, TimeLeft: 2000"}},
			body:   `{"Code":"Throttling.Api"}`,
			want:   &sdk.Problem{Code: sdk.CodeThrottled, VendorCode: "Throttling.Api", HTTPStatus: 400, Retryable: true, RetryAfter: 2 * time.Second}},
		{name: "throttled, waits that are none", status: 429, header: http.Header{"X-Acs-Retry-After": {"-1"}, "X-Ratelimit-User": {"TimeLeft:soon,TimeLeft"}},
			body: `{"Code":"Throttling"}`,
			want: &sdk.Problem{Code: sdk.CodeThrottled, VendorCode: "Throttling", HTTPStatus: 429, Retryable: true}},
		{name: "throttled, a wait beyond belief", status: 429, header: http.Header{"X-Acs-Retry-After": {"9223372036854775807"}},
			body: `{"Code":"Rejected.Throttling"}`,
			want: &sdk.Problem{Code: sdk.CodeThrottled, VendorCode: "Rejected.Throttling", HTTPStatus: 429, Retryable: true, RetryAfter: maxWait}},
		{name: "service unavailable", status: 503, body: `{"code":"ServiceUnavailable","success":false}`,
			want: &sdk.Problem{Code: sdk.CodeThrottled, VendorCode: "ServiceUnavailable", HTTPStatus: 503, Retryable: true}},
		{name: "no permission", status: 403, body: `{"code":"NoPermission","accessDeniedDetail":{"AuthAction":"rocketmq:GetTrace"}}`,
			want: &sdk.Problem{Code: sdk.CodeUnauthorized, VendorCode: "NoPermission", HTTPStatus: 403}, hint: "rocketmq:GetTrace"},
		{name: "clock", status: 400, body: `{"Code":"InvalidTimeStamp.Expired"}`,
			want: &sdk.Problem{Code: sdk.CodeUnauthorized, VendorCode: "InvalidTimeStamp.Expired", HTTPStatus: 400}, hint: "clock"},
		{name: "token", status: 400, body: `{"Code":"InvalidSecurityToken.Expired"}`,
			want: &sdk.Problem{Code: sdk.CodeUnauthorized, VendorCode: "InvalidSecurityToken.Expired", HTTPStatus: 400}, hint: "new ones"},
		{name: "what the failure is about", status: 400, body: `{"code":"Topic.NotFound","message":"unknown %s","dynamicMessage":"topicName"}`,
			want: &sdk.Problem{Code: sdk.CodeNotFound, Message: `"unknown %s" about "topicName"`, VendorCode: "Topic.NotFound", HTTPStatus: 400}, hint: "spelling"},
		{name: "an address that is none", status: 400, body: `{"Code":"X","Recommend":"javascript:alert(1)"}`,
			want: &sdk.Problem{Code: sdk.CodeVendorError, VendorCode: "X", HTTPStatus: 400}},
		{name: "a code with line breaks", status: 400, body: `{"Code":"X\r\nY\u202e"}`,
			want: &sdk.Problem{Code: sdk.CodeVendorError, VendorCode: "XY", HTTPStatus: 400}},
		{name: "no envelope", status: 200, body: `{"login":"please"}`,
			want: &sdk.Problem{Code: sdk.CodeInvalidAnswer, Message: "please", HTTPStatus: 200}, hint: "proxy"},
		{name: "a list", status: 200, body: `[]`, want: &sdk.Problem{Code: sdk.CodeInvalidAnswer, HTTPStatus: 200}, hint: "proxy"},
		{name: "null", status: 200, body: `null`, want: &sdk.Problem{Code: sdk.CodeInvalidAnswer, HTTPStatus: 200}, hint: "proxy"},
		{name: "a list with an HTTP failure is left to the status", status: 502, body: `[]`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if test.header == nil {
				test.header = http.Header{}
			}
			err := checkAnswer(&rest.Answer{Status: test.status, Header: test.header, Body: []byte(test.body), File: &sdk.File{Operation: "GetTrace"}})
			if test.want == nil {
				if err != nil {
					t.Errorf("failed: %v", err)
				}
				return
			}
			var got *sdk.Problem
			if !errors.As(err, &got) {
				t.Fatalf("error %v, want a problem", err)
			}
			if !strings.Contains(got.Message, test.want.Message) || !strings.Contains(got.Message, "GetTrace") || !strings.Contains(got.Hint, test.hint) {
				t.Errorf("message %q, hint %q; want %q and %q in them", got.Message, got.Hint, test.want.Message, test.hint)
			}
			test.want.Source = sdk.SourceVendor
			test.want.Message, test.want.Hint = got.Message, got.Hint
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestRefused(t *testing.T) {
	for body, want := range map[string]bool{
		`{"success":false,"code":"Topic.Existed"}`:            true,
		`{"success":false,"code":"MissingInstanceId"}`:        true,
		`{"Code":"InvalidAccessKeyId.NotFound"}`:              true,
		`{"success":false,"code":"Instance.NotFound"}`:        true,
		`{"success":true,"code":"InvalidConsumerGroupId"}`:    false,
		`{"success":false,"code":"InternalError"}`:            false,
		`{"success":false}`:                                   false,
		`{"success":false,"code":"SomethingThatNobodyKnows"}`: false,
	} {
		answer := &rest.Answer{Status: 500, Header: http.Header{}, Body: []byte(body), File: &sdk.File{Operation: "CreateTopic"}}
		if err := checkAnswer(answer); err == nil || answer.Refused != want {
			t.Errorf("%s: refused %v, want %v; %v", body, answer.Refused, want, err)
		}
	}
}

func TestSignatureFailureRepeatsNothing(t *testing.T) {
	err := checkAnswer(&rest.Answer{Status: 400, Header: http.Header{}, File: &sdk.File{Operation: "GetTrace"},
		Body: []byte(`{"Code":"SignatureDoesNotMatch","Message":"string to sign: x-acs-security-token:token-value","RequestId":"R"}`)})
	if err == nil || strings.Contains(err.Error(), "token-value") || !strings.Contains(err.Error(), "SignatureDoesNotMatch") {
		t.Errorf("error %v; want the code and not the token", err)
	}
}

func FuzzCheckAnswer(f *testing.F) {
	for _, body := range []string{
		`{"success":true,"code":"200"}`, `{"success":false}`, `{"Success":"false","Code":1e3}`, `{"code":{},"success":[]}`,
		`{"Code":"Throttling","Message":"消息"}`, `null`, `[1]`, `"x"`, `{`, ``, `{"accessDeniedDetail":{"AuthAction":"a:b"}}`,
	} {
		for _, status := range []int{200, 204, 302, 400, 503} {
			f.Add(status, body, "100", "TimeLeft:1")
		}
	}
	f.Fuzz(func(t *testing.T, status int, body, retryAfter, limit string) {
		answer := &rest.Answer{Status: status, Body: []byte(body), File: &sdk.File{Operation: "GetTrace"},
			Header: http.Header{"X-Acs-Retry-After": {retryAfter}, "X-Ratelimit-User": {limit}}}
		err := checkAnswer(answer)
		if problem := sdk.AsProblem(err); problem != nil && (problem.Source != sdk.SourceVendor || problem.Message == "" || problem.RetryAfter < 0 || problem.RetryAfter > maxWait) {
			t.Errorf("a problem that is not whole: %+v", problem)
		}
		var fields map[string]any
		if json.Unmarshal([]byte(body), &fields) != nil || fields == nil {
			if err == nil && status < 300 {
				t.Errorf("a success without an envelope")
			}
			return
		}
		failed := status >= 300
		for _, name := range []string{"success", "Success"} {
			failed = failed || fields[name] != nil && fields[name] != true && fields[name] != "true" && fields[name] != "True"
		}
		if fields["success"] == nil && fields["Success"] == nil {
			code, camel := fields["code"]
			if !camel || code == nil || code == "" {
				code = fields["Code"]
			}
			switch code := code.(type) {
			case string:
				failed = failed || code != "200" && len(code) < 100 && strings.IndexFunc(code, func(r rune) bool { return r <= ' ' || r >= 0x7f }) < 0
			case float64:
				failed = failed || code != 200
			default:
				failed = failed || fields["Code"] == nil
			}
		}
		if failed && err == nil {
			t.Errorf("a failure passed as a success: HTTP %d %s", status, body)
		}
	})
}
