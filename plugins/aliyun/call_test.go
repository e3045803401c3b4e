package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/mqtrail/mqtrail/plugins/aliyun/emulator"
	"github.com/mqtrail/mqtrail/schemas"
	"github.com/mqtrail/mqtrail/sdk"
	"github.com/mqtrail/mqtrail/sdk/sandbox"
)

func TestDocumentedCalls(t *testing.T) {
	c := connect(t, emulated(t, time.Now))
	for _, name := range []string{"get_trace", "list_dr_checkpoints"} {
		t.Run(name, func(t *testing.T) {
			file := operation(t, name)
			got, err := c.Do(t.Context(), file, file.Example.Arguments)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(decode(t, file.Example.Answer), decode(t, got)); diff != "" {
				t.Errorf("the documented answer and what came (-want +got):\n%s", diff)
			}
		})
	}
}

func TestTemporaryKey(t *testing.T) {
	endpoint := emulated(t, time.Now)
	file := operation(t, "get_trace")
	settings := Settings{
		Settings:    sdk.Settings{Endpoint: endpoint},
		AccessKeyID: emulator.TemporaryKeyID, AccessKeySecret: emulator.TemporaryKeySecret, SecurityToken: emulator.TemporaryToken,
	}
	if _, err := connectWith(t, settings).Do(t.Context(), file, file.Example.Arguments); err != nil {
		t.Errorf("with the token: %v", err)
	}
	settings.SecurityToken = "another"
	_, err := connectWith(t, settings).Do(t.Context(), file, file.Example.Arguments)
	_ = want(t, err, sdk.CodeUnauthorized, "InvalidSecurityToken.Malformed")
}

func TestEmulatorRefuses(t *testing.T) {
	endpoint := emulated(t, time.Now)
	trace := func(instance, topic, message string) string {
		return fmt.Sprintf(`{"instanceId":%q,"topicName":%q,"messageId":%q}`, instance, topic, message)
	}
	tests := []struct {
		name, file, arguments string
		settings              Settings
		problem, code         string
	}{
		{name: "unknown instance", file: "get_trace", arguments: trace("rmq-cn-none", "t", "m"), problem: sdk.CodeNotFound, code: "Instance.NotFound"},
		{name: "unknown topic", file: "get_trace", arguments: trace("rmq-cn-zvp2vtypu05", "t", "m"), problem: sdk.CodeNotFound, code: "Topic.NotFound"},
		{name: "a time that is none", file: "get_trace", problem: sdk.CodeVendorError, code: "InvalidStartTime",
			arguments: `{"instanceId":"rmq-cn-zvp2vtypu05","topicName":"linkedcare-image","messageId":"m","startTime":"yesterday"}`},
		{name: "a page that is none", file: "list_dr_checkpoints", problem: sdk.CodeVendorError, code: "InvalidPageNumber",
			arguments: `{"planId":1,"itemId":2,"instanceId":"rmq-cn-7e22ody****","pageNumber":0}`},
		{name: "unknown item", file: "list_dr_checkpoints", problem: sdk.CodeNotFound, code: "DisasterRecoveryItem.NotFound",
			arguments: `{"planId":1300000016,"itemId":2,"instanceId":"rmq-cn-7e22ody****"}`},
		{name: "wrong secret", file: "list_regions", settings: Settings{AccessKeyID: emulator.AccessKeyID, AccessKeySecret: "wrong"},
			problem: sdk.CodeUnauthorized, code: "SignatureDoesNotMatch"},
		{name: "unknown key", file: "list_regions", settings: Settings{AccessKeyID: "nobody", AccessKeySecret: "wrong"},
			problem: sdk.CodeUnauthorized, code: "InvalidAccessKeyId.NotFound"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			settings := test.settings
			if settings.AccessKeyID == "" {
				settings.AccessKeyID, settings.AccessKeySecret = emulator.AccessKeyID, emulator.AccessKeySecret
			}
			settings.Endpoint = endpoint
			_, err := connectWith(t, settings).Do(t.Context(), operation(t, test.file), json.RawMessage(test.arguments))
			problem := want(t, err, test.problem, test.code)
			if problem.VendorRequestID == "" {
				t.Errorf("no request id in %v", problem)
			}
		})
	}
}

// Requests that no operation file makes.
func TestEmulatorRefusesOtherRequests(t *testing.T) {
	c := connect(t, emulated(t, time.Now))
	tests := []struct{ name, operation, request, code string }{
		{"unknown route", "ListRegions", "GET /nowhere", "InvalidAction.NotFound"},
		{"another operation's name", "GetTrace", "GET /regions", "InvalidAction.NotFound"},
		{"missing parameter", "ListDisasterRecoveryCheckpoints", "GET /disaster_recovery/1/items/2/checkpoints", "MissingInstanceId"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			file := parse(t, fmt.Sprintf(`{"operation":%q,"request":%q,"access":"read","input":{"type":"object"},"output":{}}`, test.operation, test.request))
			_, err := c.Do(t.Context(), file, nil)
			var problem *sdk.Problem
			if !errors.As(err, &problem) || problem.VendorCode != test.code {
				t.Errorf("error %v, want the vendor's code %s", err, test.code)
			}
		})
	}
}

func TestEmulatorHoldsTheClock(t *testing.T) {
	for skew, allowed := range map[time.Duration]bool{14 * time.Minute: true, -14 * time.Minute: true, 16 * time.Minute: false, -16 * time.Minute: false} {
		c := connect(t, emulated(t, func() time.Time { return time.Now().Add(skew) }))
		_, err := c.Do(t.Context(), operation(t, "list_regions"), nil)
		if allowed && err != nil {
			t.Errorf("%v apart: %v", skew, err)
		}
		if !allowed {
			_ = want(t, err, sdk.CodeUnauthorized, "InvalidTimeStamp.Expired")
		}
	}
}

func TestUnknownMessageHasAnEmptyTrace(t *testing.T) {
	c := connect(t, emulated(t, time.Now))
	answer, err := c.Do(t.Context(), operation(t, "get_trace"),
		json.RawMessage(`{"instanceId":"rmq-cn-zvp2vtypu05","topicName":"linkedcare-image","messageId":"none"}`))
	if err != nil {
		t.Fatal(err)
	}
	var trace struct {
		Success bool
		Data    struct {
			ConsumerInfos []any
			ProducerInfo  struct{ Records []any }
		}
	}
	if err := json.Unmarshal(answer, &trace); err != nil {
		t.Fatal(err)
	}
	if !trace.Success || trace.Data.ConsumerInfos == nil || len(trace.Data.ConsumerInfos) > 0 || trace.Data.ProducerInfo.Records == nil {
		t.Errorf("answer %s, want an empty trace", answer)
	}
}

func TestCheck(t *testing.T) {
	endpoint := emulated(t, time.Now)
	summary, err := check(t.Context(), connect(t, endpoint))
	if err != nil || !strings.Contains(summary, endpoint) || !strings.Contains(summary, "the settings") || !strings.Contains(summary, "offers 5 regions") {
		t.Errorf("summary %q, error %v", summary, err)
	}
	_, err = check(t.Context(), connectWith(t, Settings{Settings: sdk.Settings{Endpoint: endpoint}, AccessKeyID: "nobody", AccessKeySecret: "x"}))
	_ = want(t, err, sdk.CodeUnauthorized, "InvalidAccessKeyId.NotFound")

	refusing := answering(t, http.StatusForbidden, `{"code":"NoPermission","message":"no"}`)
	summary, err = check(t.Context(), connect(t, refusing))
	if err != nil || !strings.Contains(summary, "may not list regions") {
		t.Errorf("without the permission: summary %q, error %v", summary, err)
	}
	_, err = check(t.Context(), connect(t, answering(t, http.StatusOK, `{"success":true,"data":{}}`)))
	_ = want(t, err, sdk.CodeInvalidAnswer, "")
}

// request is what arrived at a server.
type request struct {
	method, uri, body string
	header            http.Header
}

// listening is a server that keeps what arrives and answers a success.
func listening(t *testing.T) (string, func() []request) {
	var mutex sync.Mutex
	var arrived []request
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Errorf("reading the request: %v", err)
		}
		mutex.Lock()
		arrived = append(arrived, request{r.Method, r.RequestURI, string(body), r.Header})
		mutex.Unlock()
		_, _ = io.WriteString(w, `{"success":true}`)
	}))
	t.Cleanup(server.Close)
	return server.URL, func() []request {
		mutex.Lock()
		defer mutex.Unlock()
		return arrived
	}
}

func TestPathValuesAreOneSegment(t *testing.T) {
	endpoint, arrived := listening(t)
	c := connect(t, endpoint)
	for value, segment := range map[string]string{
		"01/A%B+C D~*é:@&=,;":       "01%2FA%25B%2BC%20D~%2A%C3%A9%3A%40%26%3D%2C%3B",
		"%2F..%2f":                  "%252F..%252f",
		"{instanceId}":              "%7BinstanceId%7D",
		"消息😀":                       "%E6%B6%88%E6%81%AF%F0%9F%98%80",
		"...":                       "...",
		"012A5AB0BBEC8A00?x=1#frag": "012A5AB0BBEC8A00%3Fx%3D1%23frag",
	} {
		arguments, err := json.Marshal(map[string]string{"instanceId": "i", "topicName": "t", "messageId": value})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := c.Do(t.Context(), operation(t, "get_trace"), arguments); err != nil {
			t.Errorf("%q: %v", value, err)
			continue
		}
		all := arrived()
		if got, want := all[len(all)-1].uri, "/instances/i/topics/t/traces/"+segment; got != want {
			t.Errorf("%q arrived as %s, want %s", value, got, want)
		}
	}
}

func TestPathValuesThatChangeTheRoute(t *testing.T) {
	endpoint, arrived := listening(t)
	c := connect(t, endpoint)
	for _, value := range []string{".", "..", ""} {
		for _, name := range []string{"instanceId", "topicName", "messageId"} {
			arguments := map[string]string{"instanceId": "i", "topicName": "t", "messageId": "m"}
			arguments[name] = value
			encoded, err := json.Marshal(arguments)
			if err != nil {
				t.Fatal(err)
			}
			_, err = c.Do(t.Context(), operation(t, "get_trace"), encoded)
			if problem := want(t, err, sdk.CodeInvalidArguments, ""); problem.Pointer != "/"+name {
				t.Errorf("%s = %q: pointer %s", name, value, problem.Pointer)
			}
		}
	}
	if got := arrived(); len(got) != 0 {
		t.Errorf("%d requests were sent", len(got))
	}
}

func TestOnTheWire(t *testing.T) {
	endpoint, arrived := listening(t)
	c := connect(t, endpoint)
	calls := []struct {
		file      *sdk.File
		arguments string
		want      request
	}{
		{operation(t, "list_dr_checkpoints"), `{"planId":9007199254740993,"itemId":"9223372036854775807","instanceId":"a b","filter":"","pageNumber":1e1}`,
			request{method: "GET", uri: "/disaster_recovery/9007199254740993/items/9223372036854775807/checkpoints?filter=&instanceId=a%20b&pageNumber=10"}},
		{parse(t, anyFile), `{"instance":"i","thing":"t","tags":["x","y,z"]}`, request{method: "POST", uri: "/instances/i/things/t?tags=x%2Cy%2Cz", body: `{}`}},
	}
	for _, call := range calls {
		if _, err := c.Do(t.Context(), call.file, json.RawMessage(call.arguments)); err != nil {
			t.Fatal(err)
		}
		all := arrived()
		got := all[len(all)-1]
		kind := map[string]string{"GET": "", "POST": "application/json; charset=utf-8"}[got.method]
		for name, value := range map[string]string{
			"Content-Type": kind, "X-Acs-Action": call.file.Operation, "X-Acs-Version": "2022-08-01", "X-Acs-Security-Token": "",
		} {
			if got.header.Get(name) != value {
				t.Errorf("%s: header %s = %q, want %q", got.uri, name, got.header.Get(name), value)
			}
		}
		got.header = nil
		if diff := cmp.Diff(call.want, got, cmp.AllowUnexported(request{})); diff != "" {
			t.Error(diff)
		}
	}
}

func TestEveryAttemptIsSignedAnew(t *testing.T) {
	nonces := map[string]bool{}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		nonces[r.Header.Get("X-Acs-Signature-Nonce")] = true
		if len(nonces) < 3 {
			w.Header().Set("X-Acs-Retry-After", "1")
			w.WriteHeader(http.StatusBadRequest)
			_, _ = io.WriteString(w, `{"Code":"Throttling.User"}`)
			return
		}
		_, _ = io.WriteString(w, `{"success":true}`)
	}))
	t.Cleanup(server.Close)
	if _, err := connect(t, server.URL).Do(t.Context(), operation(t, "list_regions"), nil); err != nil {
		t.Errorf("after being asked to wait twice: %v", err)
	}
}

func TestMisbehavingServers(t *testing.T) {
	const failure = `{"RequestId":"R-1","Code":"Throttling","Message":"slow down","Recommend":"https://api.aliyun.com/troubleshoot?q=1"}`
	tests := []struct {
		name    string
		answer  http.HandlerFunc
		want    sdk.Problem
		message string
	}{
		{"throttles for longer than the call may take", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("X-Acs-Retry-After", "3600000")
			w.WriteHeader(http.StatusTooManyRequests)
			_, _ = io.WriteString(w, failure)
		}, sdk.Problem{Code: sdk.CodeThrottled, VendorCode: "Throttling", VendorRequestID: "R-1", HTTPStatus: 429, Retryable: true, RetryAfter: time.Hour}, "slow down"},
		{"redirects", func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "https://elsewhere.example/", http.StatusFound)
		}, sdk.Problem{Code: sdk.CodeInvalidAnswer, HTTPStatus: 302}, "elsewhere.example"},
		{"breaks off", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "100")
			_, _ = io.WriteString(w, `{"success":true,`)
		}, sdk.Problem{Code: sdk.CodeInvalidAnswer, HTTPStatus: 200, Retryable: true}, "broke off"},
		{"sends half a JSON text", func(w http.ResponseWriter, _ *http.Request) {
			_, _ = io.WriteString(w, `{"success":true,`)
		}, sdk.Problem{Code: sdk.CodeInvalidAnswer, HTTPStatus: 200}, "not JSON"},
		{"sends 20 MB", func(w http.ResponseWriter, _ *http.Request) {
			_, _ = io.WriteString(w, `{"success":true,"data":"`+strings.Repeat("x", 20<<20)+`"}`)
		}, sdk.Problem{Code: sdk.CodeAnswerTooLarge, HTTPStatus: 200}, "16 MiB"},
		{"is a gateway's page", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("X-Acs-Request-Id", "R-2")
			w.WriteHeader(http.StatusBadGateway)
			_, _ = io.WriteString(w, "<html>502 Bad Gateway</html>")
		}, sdk.Problem{Code: sdk.CodeVendorError, VendorRequestID: "R-2", HTTPStatus: 502, Retryable: true}, "Bad Gateway"},
		{"hangs up", func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) },
			sdk.Problem{Code: sdk.CodeUnreachable, Retryable: true}, "EOF"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			server := httptest.NewServer(test.answer)
			t.Cleanup(server.Close)
			ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
			defer cancel()
			_, err := connect(t, server.URL).Do(ctx, operation(t, "list_regions"), nil)
			got := want(t, err, test.want.Code, test.want.VendorCode)
			if !strings.Contains(got.Message, test.message) || got.Hint == "" && test.want.VendorCode != "" {
				t.Errorf("message %q, hint %q", got.Message, got.Hint)
			}
			test.want.Source, test.want.Message, test.want.Hint = sdk.SourceVendor, got.Message, got.Hint
			if diff := cmp.Diff(&test.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestSilentServer(t *testing.T) {
	over := make(chan struct{})
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		select {
		case <-r.Context().Done():
		case <-over:
		}
	}))
	t.Cleanup(server.Close)
	t.Cleanup(func() { close(over) })
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	_, err := connect(t, server.URL).Do(ctx, operation(t, "list_regions"), nil)
	_ = want(t, err, sdk.CodeTimeout, "")
}

// emulated is the endpoint of an emulator with this clock.
func emulated(t *testing.T, now func() time.Time) string {
	t.Helper()
	handler, err := sandbox.Handler(emulator.Vendor(now))
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	return server.URL
}

// answering is the endpoint of a server with one answer.
func answering(t *testing.T, status int, body string) string {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}))
	t.Cleanup(server.Close)
	return server.URL
}

func connect(t *testing.T, endpoint string) *client {
	t.Helper()
	return connectWith(t, Settings{
		Settings:    sdk.Settings{Endpoint: endpoint},
		AccessKeyID: emulator.AccessKeyID, AccessKeySecret: emulator.AccessKeySecret,
	})
}

func connectWith(t *testing.T, settings Settings) *client {
	t.Helper()
	c, err := open(t.Context(), settings)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func operation(t *testing.T, name string) *sdk.File {
	t.Helper()
	file, err := sdk.ReadFile(schemas.Aliyun, "aliyun/rocketmq/"+name+".json")
	if err != nil {
		t.Fatal(err)
	}
	return file
}

func parse(t *testing.T, text string) *sdk.File {
	t.Helper()
	file, err := sdk.ReadFile(fstest.MapFS{"p/x.json": {Data: []byte(text)}}, "p/x.json")
	if err != nil {
		t.Fatal(err)
	}
	return file
}

func decode(t *testing.T, text json.RawMessage) any {
	t.Helper()
	decoder := json.NewDecoder(strings.NewReader(string(text)))
	decoder.UseNumber()
	var value any
	if err := decoder.Decode(&value); err != nil {
		t.Fatal(err)
	}
	return value
}

// want is the problem that an error is; the test fails when it is none, or has other codes.
func want(t *testing.T, err error, code, vendorCode string) *sdk.Problem {
	t.Helper()
	var problem *sdk.Problem
	if !errors.As(err, &problem) {
		t.Fatalf("error %v, want a problem with the code %s", err, code)
	}
	if problem.Code != code || problem.VendorCode != vendorCode {
		t.Fatalf("%s %q, want %s %q: %v", problem.Code, problem.VendorCode, code, vendorCode, problem)
	}
	return problem
}
