package main

import (
	"bytes"
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/mqtrail/mqtrail/sdk"
	"github.com/mqtrail/mqtrail/sdk/rest"
)

var someFile = &sdk.File{Operation: "ctyun.rocketmq.v3.message.queryByKey", Access: sdk.AccessRead}

func TestEnvelopeOfSuccess(t *testing.T) {
	for _, body := range []string{
		`{"statusCode":800,"message":"success","returnObj":{"total":0,"rows":[]}}`,
		`{"statusCode":"800","returnObj":null}`,
		`{"statusCode":800}`,
		`{"statusCode":800,"error":"","message":null}`,
	} {
		if err := checkEnvelope(&rest.Answer{Status: 200, Body: []byte(body), File: someFile}); err != nil {
			t.Errorf("%s: %v", body, err)
		}
	}
}

func TestEnvelopeOfFailure(t *testing.T) {
	tests := []struct {
		name   string
		status int
		header http.Header
		body   string
		// what the problem has to be
		code, vendorCode, requestID, says, hint string
		retryable                               bool
		wait                                    time.Duration
	}{
		{name: "the documented sample", status: 200, body: `{"returnObj":{},"message":"...","statusCode":"900"}`,
			code: sdk.CodeVendorError, vendorCode: "900", says: `refused ctyun.rocketmq.v3.message.queryByKey: "..."`, hint: "arguments"},
		{name: "a service's error", status: 200, body: `{"statusCode":"900","message":"bad","returnObj":{},"error":"201"}`,
			code: sdk.CodeVendorError, vendorCode: "201", says: `"bad"`, hint: "arguments"},
		{name: "a number, and no payload", status: 200,
			body: `{"statusCode":900,"message":"engineType not valid, valid perms is ctgmq-advance","returnObj":null,"error":"ROCKETMQ_0500"}`,
			code: sdk.CodeVendorError, vendorCode: "ROCKETMQ_0500", says: "engineType not valid", hint: "arguments"},
		{name: "an error that is a number", status: 200, body: `{"statusCode":900,"message":"bad","error":201}`,
			code: sdk.CodeVendorError, vendorCode: "201", says: "bad", hint: "arguments"},
		{name: "something that is not there", status: 200, body: `{"statusCode":"900","message":"实例不存在","error":"ROCKETMQ_1201"}`,
			code: sdk.CodeNotFound, vendorCode: "ROCKETMQ_1201", says: "实例不存在", hint: "instance_list"},
		{name: "wrong keys", status: 200, body: `{"requestId":"id-1","error":"10002","message":"ctyun-EOP: AK/SK","eopErrCode":"10002","statusCode":"CTAPI_10002","returnObj":{}}`,
			code: sdk.CodeUnauthorized, vendorCode: "CTAPI_10002", requestID: "id-1", says: "AK/SK", hint: "CTYUN_AK"},
		{name: "wrong signature", status: 401, body: `{"requestId":"id-2","error":"10009","message":"ctyun-EOP: signature verification failed","eopErrCode":"10009","statusCode":"CTAPI_10009","returnObj":{}}`,
			code: sdk.CodeUnauthorized, vendorCode: "CTAPI_10009", requestID: "id-2", says: "signature verification failed", hint: "clock"},
		{name: "no such API", status: 200, body: `{"requestId":"id-3","statusCode":"CTAPI_10000","message":"API not found"}`,
			code: sdk.CodeNotFound, vendorCode: "CTAPI_10000", requestID: "id-3", says: "API not found", hint: "region_id"},
		{name: "a gateway's code beside a plain status", status: 500, body: `{"statusCode":500,"eopErrCode":10002,"message":"no"}`,
			code: sdk.CodeUnauthorized, vendorCode: "CTAPI_10002", says: "no", hint: "CTYUN_AK"},
		{name: "an unknown gateway code", status: 200, body: `{"statusCode":"CTAPI_10099","message":"no"}`,
			code: sdk.CodeVendorError, vendorCode: "CTAPI_10099", says: "no", hint: "gateway"},
		{name: "throttled by status", status: 429, header: http.Header{"Retry-After": {"3"}}, body: `{"statusCode":900,"message":"slow down"}`,
			code: sdk.CodeThrottled, vendorCode: "900", says: "slow down", hint: "arguments", retryable: true, wait: 3 * time.Second},
		{name: "throttled by the gateway", status: 200, body: `{"statusCode":"CTAPI_10050","message":"ctyun-EOP: 请求过于频繁"}`,
			code: sdk.CodeThrottled, vendorCode: "CTAPI_10050", says: "频繁", hint: "less often", retryable: true},
		{name: "a service that speaks of rate limits", status: 200, body: `{"statusCode":"900","message":"rate limit must be positive"}`,
			code: sdk.CodeVendorError, vendorCode: "900", says: "rate limit", hint: "arguments"},
		{name: "no message", status: 200, body: `{"statusCode":900,"returnObj":null}`,
			code: sdk.CodeVendorError, vendorCode: "900", says: `no reason: "{\"statusCode\":900`, hint: "arguments"},
		{name: "no statusCode", status: 200, body: `{"rows":[]}`, code: sdk.CodeInvalidAnswer, says: "no statusCode", hint: "endpoint"},
		{name: "null statusCode", status: 200, body: `{"statusCode":null}`, code: sdk.CodeInvalidAnswer, says: "no statusCode", hint: "endpoint"},
		{name: "another spelling does not count", status: 200, body: `{"STATUSCODE":800}`, code: sdk.CodeInvalidAnswer, says: "no statusCode", hint: "endpoint"},
		{name: "a failure behind another spelling", status: 200, body: `{"statusCode":"900","StatusCode":800,"message":"bad"}`,
			code: sdk.CodeVendorError, vendorCode: "900", says: "bad", hint: "arguments"},
		{name: "no object", status: 200, body: `[800]`, code: sdk.CodeInvalidAnswer, says: "no statusCode", hint: "endpoint"},
		{name: "no envelope, with a status", status: 503, body: `{"message":"maintenance"}`,
			code: sdk.CodeVendorError, says: "maintenance", hint: "arguments", retryable: true},
		{name: "codes that are no codes", status: 200, body: `{"statusCode":"9 0\n0","error":"` + strings.Repeat("x", 200) + `","requestId":"a b","message":"bad"}`,
			code: sdk.CodeVendorError, says: "bad", hint: "arguments"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			err := checkEnvelope(&rest.Answer{Status: test.status, Header: test.header, Body: []byte(test.body), File: someFile})
			problem := sdk.AsProblem(err)
			if problem == nil {
				t.Fatal("taken for a success")
			}
			want := sdk.Problem{Code: test.code, Source: sdk.SourceVendor, VendorCode: test.vendorCode, VendorRequestID: test.requestID,
				HTTPStatus: test.status, Retryable: test.retryable, RetryAfter: test.wait, Message: problem.Message, Hint: problem.Hint}
			if diff := cmp.Diff(want, *problem); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if !strings.Contains(problem.Message, test.says) || !strings.Contains(problem.Hint, test.hint) {
				t.Errorf("message %q, hint %q; want %q and %q in them", problem.Message, problem.Hint, test.says, test.hint)
			}
		})
	}
}

func TestRefused(t *testing.T) {
	for body, want := range map[string]bool{
		`{"statusCode":"CTAPI_10002","message":"no"}`:          true,
		`{"statusCode":"CTAPI_10050","message":"流控"}`:          true,
		`{"statusCode":"CTAPI_10099","message":"no"}`:          false,
		`{"statusCode":"900","error":"201","message":"bad"}`:   false,
		`{"statusCode":"900","error":"201","message":"组 不存在"}`: false,
	} {
		answer := &rest.Answer{Status: 500, Body: []byte(body), File: someFile}
		if err := checkEnvelope(answer); err == nil || answer.Refused != want {
			t.Errorf("%s: refused %v, want %v; %v", body, answer.Refused, want, err)
		}
	}
}

// FuzzCheckEnvelope holds the check to one rule whatever comes: success is statusCode 800 and nothing else.
func FuzzCheckEnvelope(f *testing.F) {
	for _, seed := range []string{
		`{"statusCode":800}`, `{"statusCode":"800"}`, `{"statusCode":"900","error":"201"}`, `{"statusCode":800.0}`, `{"statusCode":8e2}`,
		`{"StatusCode":800}`, `{"statusCode":900,"statusCode":800}`, `{"statusCode":[800]}`, `{"statusCode":{"a":800}}`, `[]`, `null`, ``, `{"statusCode":true}`,
		`{"statusCode":"CTAPI_10009","requestId":1,"eopErrCode":[]}`, `{"statusCode":" 800 "}`,
	} {
		f.Add(200, []byte(seed))
		f.Add(502, []byte(seed))
	}
	f.Fuzz(func(t *testing.T, status int, body []byte) {
		err := checkEnvelope(&rest.Answer{Status: status, Body: body, File: someFile})
		decoder := json.NewDecoder(bytes.NewReader(body))
		decoder.UseNumber()
		var fields map[string]any
		succeeded := false
		if json.Valid(body) && decoder.Decode(&fields) == nil {
			text, isText := fields["statusCode"].(string)
			succeeded = fields["statusCode"] == json.Number("800") || isText && strings.TrimSpace(text) == "800"
		}
		if succeeded != (err == nil) {
			t.Fatalf("%s: %v", body, err)
		}
		if err == nil {
			return
		}
		problem := sdk.AsProblem(err)
		if problem.Message == "" || problem.Hint == "" || problem.Source != sdk.SourceVendor || len(problem.Error()) > 4000 {
			t.Fatalf("%s: %+v", body, problem)
		}
	})
}
