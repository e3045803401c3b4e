package main

import (
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/mqtrail/mqtrail/sdk"
	"github.com/mqtrail/mqtrail/sdk/rest"
)

func readAnswer(status int, body string) *rest.Answer {
	file := &sdk.File{Operation: "ShowInstanceMessages", Access: sdk.AccessRead}
	return &rest.Answer{Status: status, Header: http.Header{}, Body: []byte(body), File: file}
}

func TestCheck(t *testing.T) {
	failed := func(code, vendorCode, id string, status int, retryable bool, wait time.Duration) *sdk.Problem {
		return &sdk.Problem{
			Code: code, Source: sdk.SourceVendor, VendorCode: vendorCode, VendorRequestID: id,
			HTTPStatus: status, Retryable: retryable, RetryAfter: wait,
		}
	}
	for name, test := range map[string]struct {
		status int
		body   string
		header map[string]string
		want   *sdk.Problem // without message and hint
		says   string       // part of the message
		hints  string       // part of the hint
	}{
		"success":                    {status: 200, body: `{"messages":[],"total":0,"size":0}`},
		"success code in a batch":    {status: 200, body: `{"error_code":"DMS.00000000","error_msg":"ok"}`},
		"success code as number":     {status: 200, body: `{"error_code":0}`},
		"success with code as data":  {status: 200, body: `{"code":"A","message":[{"value":"x"}],"error_code":null}`},
		"success that is a list":     {status: 200, body: `[{"error_code":"x"}]`},
		"failure at 200":             {status: 200, body: `{"error_code":"DMS.00404022","error_msg":"gone"}`, want: failed(sdk.CodeNotFound, "DMS.00404022", "", 200, false, 0), says: "gone"},
		"failure at 200, text alone": {status: 200, body: `{"error_msg":"gone"}`, want: failed(sdk.CodeVendorError, "", "", 200, false, 0), says: "gone"},
		"bad parameter":              {status: 400, body: `{"error_code":"DMS.00400062","error_msg":"Invalid request parameter."}`, want: failed(sdk.CodeVendorError, "DMS.00400062", "", 400, false, 0), says: "Invalid request parameter."},
		"request id in the body":     {status: 403, body: `{"error_code":"DMS.00403003","error_msg":"no","request_id":"r1"}`, header: map[string]string{"X-Request-Id": "r2"}, want: failed(sdk.CodeUnauthorized, "DMS.00403003", "r1", 403, false, 0), hints: "permission"},
		"request id in the header":   {status: 404, body: `{"error_code":"DMS.00404022","error_msg":"no"}`, header: map[string]string{"X-Request-Id": "r2"}, want: failed(sdk.CodeNotFound, "DMS.00404022", "r2", 404, false, 0), hints: "instance id"},
		"signature":                  {status: 401, body: `{"error_code":"APIGW.0301","error_msg":"verify aksk signature fail, canonicalRequest:GET|/v2/|x-security-token:abc","request_id":"r1"}`, want: failed(sdk.CodeUnauthorized, "APIGW.0301", "r1", 401, false, 0), says: `signature fail …"`, hints: "clock"},
		"throttled, no wait":         {status: 429, body: `{"error_code":"APIGW.0308","error_msg":"slow"}`, want: failed(sdk.CodeThrottled, "APIGW.0308", "", 429, true, 3*time.Second)},
		"throttled, with wait":       {status: 429, body: `{"error_code":"APIGW.0308","error_msg":"slow"}`, header: map[string]string{"Retry-After": "5"}, want: failed(sdk.CodeThrottled, "APIGW.0308", "", 429, true, 5*time.Second)},
		"throttled, code unknown":    {status: 429, body: `{}`, want: failed(sdk.CodeThrottled, "", "", 429, true, 3*time.Second)},
		"too frequent at 404":        {status: 404, body: `{"error_code":"DMS.10240407","error_msg":"slow"}`, want: failed(sdk.CodeThrottled, "DMS.10240407", "", 404, true, 3*time.Second)},
		"too frequent at 400":        {status: 400, body: `{"error_code":"DMS.00400973","error_msg":"slow"}`, want: failed(sdk.CodeThrottled, "DMS.00400973", "", 400, true, 3*time.Second)},
		"query timed out":            {status: 408, body: `{"error_code":"DMS.111501024","error_msg":"late"}`, want: failed(sdk.CodeTimeout, "DMS.111501024", "", 408, true, 0), hints: "shorten the time range"},
		"too many bytes":             {status: 501, body: `{"error_code":"DMS.111501026","error_msg":"much"}`, want: failed(sdk.CodeVendorError, "DMS.111501026", "", 501, false, 0), hints: "shorten"},
		"busy":                       {status: 503, body: `{"error_code":"DMS.111501025","error_msg":"busy"}`, want: failed(sdk.CodeThrottled, "DMS.111501025", "", 503, true, 3*time.Second)},
		"group offline":              {status: 400, body: `{"error_code":"DMS.50050004","error_msg":"offline"}`, want: failed(sdk.CodeVendorError, "DMS.50050004", "", 400, false, 0), hints: "consumer"},
		"camel case":                 {status: 400, body: `{"errorCode":"DMS.00400062","errorMsg":"bad","requestId":"r1"}`, want: failed(sdk.CodeVendorError, "DMS.00400062", "r1", 400, false, 0), says: "bad"},
		"iam":                        {status: 403, body: `{"error":{"code":403,"message":"not yours","title":"Forbidden"}}`, want: failed(sdk.CodeUnauthorized, "403", "", 403, false, 0), says: "not yours"},
		"code as number":             {status: 500, body: `{"code":12345678901234567890,"message":"broken"}`, want: failed(sdk.CodeVendorError, "12345678901234567890", "", 500, false, 0), says: "broken"},
		"another envelope":           {status: 404, body: `{"reason":"who knows"}`, want: failed(sdk.CodeNotFound, "", "", 404, false, 0), says: "who knows"},
		"null":                       {status: 500, body: `null`, want: failed(sdk.CodeVendorError, "", "", 500, false, 0)},
		"codes that are no codes":    {status: 500, body: `{"error_code":{"a":1},"error_msg":[1]}`, want: failed(sdk.CodeVendorError, "", "", 500, false, 0)},
		"odd characters":             {status: 500, body: `{"error_code":"A\u001b[31m","error_msg":"b\u0000\u202ec"}`, want: failed(sdk.CodeVendorError, "A[31m", "", 500, false, 0), says: `"bc"`},
	} {
		t.Run(name, func(t *testing.T) {
			answer := readAnswer(test.status, test.body)
			for key, value := range test.header {
				answer.Header.Set(key, value)
			}
			got := sdk.AsProblem(checker{}.check(answer))
			if diff := cmp.Diff(test.want, got, cmpopts.IgnoreFields(sdk.Problem{}, "Message", "Hint")); diff != "" {
				t.Fatalf("-want +got\n%s", diff)
			}
			if got != nil && (!strings.Contains(got.Message, test.says) || !strings.Contains(got.Message, "ShowInstanceMessages")) {
				t.Errorf("message %q, want the operation and %q in it", got.Message, test.says)
			}
			if got != nil && !strings.Contains(got.Hint, test.hints) {
				t.Errorf("hint %q, want %q in it", got.Hint, test.hints)
			}
		})
	}
}

func TestRefused(t *testing.T) {
	for code, want := range map[string]bool{
		"DMS.00404022": true, "DMS.10240407": true, "DMS.00501118": true, "DMS.10550035": true, "APIGW.0301": true,
		"DMS.00500990": false, "DMS.10250002": false, "APIGW.0201": false, "": false, "DMS.99999": false,
	} {
		answer := readAnswer(500, `{"error_code":"`+code+`","error_msg":"no"}`)
		if err := (checker{}).check(answer); err == nil || answer.Refused != want {
			t.Errorf("%s: refused %v, want %v; %v", code, answer.Refused, want, err)
		}
	}
}

// TestCheckHidesSecrets uses a token longer than an excerpt: cut first, it would not be found whole.
func TestCheckHidesSecrets(t *testing.T) {
	token := strings.Repeat("MIIsecret", 400)
	body, err := json.Marshal(map[string]string{"error_code": "C" + token, "error_msg": "the token " + token + " is odd", "request_id": token})
	if err != nil {
		t.Fatal(err)
	}
	problem := sdk.AsProblem(checker{[]string{"", token}}.check(readAnswer(401, string(body))))
	if text := problem.Error(); strings.Contains(text, "MIIsecret") || !strings.Contains(text, "the token [redacted] is odd") {
		t.Errorf("%s", text)
	}
}

func FuzzCheck(f *testing.F) {
	for _, body := range []string{
		`{}`, `[]`, `null`, `"x"`, `{"error_code":"DMS.00404022"}`, `{"error_code":1}`, `{"error_msg":"İcanonicalRequest"}`,
		`{"error":{"code":401,"message":"m"}}`, `{"error":[]}`, `{"error_code":"DMS.00000000"}`, `{"request_id":7}`, `{`,
	} {
		f.Add(200, body)
		f.Add(429, body)
		f.Add(503, body)
	}
	f.Fuzz(func(t *testing.T, status int, body string) {
		err := checker{[]string{"secret"}}.check(readAnswer(status, body))
		var envelope map[string]any
		_ = json.Unmarshal([]byte(body), &envelope) // what is no object has no code
		code, isText := envelope["error_code"].(string)
		if err == nil && (status >= 300 || isText && code != "" && code != "0" && code != codeSuccess) {
			t.Fatalf("HTTP %d %s passed", status, body)
		}
		var problem *sdk.Problem
		if err != nil && (!errors.As(err, &problem) || problem.Code == "" || problem.Message == "") {
			t.Fatalf("%#v is no complete problem", err)
		}
	})
}
