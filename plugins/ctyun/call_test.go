package main

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/mqtrail/mqtrail/plugins/ctyun/emulator"
	"github.com/mqtrail/mqtrail/schemas"
	"github.com/mqtrail/mqtrail/sdk"
	"github.com/mqtrail/mqtrail/sdk/sandbox"
)

func operation(t testing.TB, name string) *sdk.File {
	t.Helper()
	file, err := sdk.ReadFile(schemas.CTyun, "ctyun/rocketmq/"+name+".json")
	if err != nil {
		t.Fatal(err)
	}
	return file
}

// serve serves RocketMQ's emulator, and whoever looks at the requests before it.
func serve(t testing.TB, look func(*http.Request)) string {
	t.Helper()
	return serveProduct(t, emulator.RocketMQ, look)
}

func serveProduct(t testing.TB, product func(func() time.Time) (sandbox.Vendor, error), look func(*http.Request)) string {
	t.Helper()
	vendor, err := product(time.Now)
	if err != nil {
		t.Fatal(err)
	}
	handler, err := sandbox.Handler(vendor)
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if look != nil {
			look(r)
		}
		handler.ServeHTTP(w, r)
	}))
	t.Cleanup(server.Close)
	return server.URL
}

// connect opens a connection of the emulator's account.
func connect(t testing.TB, endpoint string) *client {
	t.Helper()
	c, err := open(context.Background(), settings{
		Settings: sdk.Settings{Endpoint: endpoint}, AccessKey: emulator.AccessKey, SecretKey: emulator.SecretKey, RegionID: emulator.RegionID,
	})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// exactly decodes JSON so that numbers keep all their digits.
func exactly(t testing.TB, data []byte) any {
	t.Helper()
	decoder := json.NewDecoder(strings.NewReader(string(data)))
	decoder.UseNumber()
	var value any
	if err := decoder.Decode(&value); err != nil {
		t.Fatalf("%v: %s", err, data)
	}
	return value
}

func TestDocumentedCalls(t *testing.T) {
	for name, region := range map[string]string{"message_query_by_key": emulator.RegionID, "v2_message_query_by_key": ""} {
		t.Run(name, func(t *testing.T) {
			file := operation(t, name)
			endpoint := serve(t, func(r *http.Request) {
				if got := r.Header.Get("regionId"); got != region {
					t.Errorf("regionId %q, want %q", got, region)
				}
				if want := "key=test_key&prodInstId=70687660456281088&topicName=test"; r.URL.RawQuery != want {
					t.Errorf("query %s, want %s", r.URL.RawQuery, want)
				}
			})
			got, err := connect(t, endpoint).Do(t.Context(), file, file.Example.Arguments)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(exactly(t, file.Example.Answer), exactly(t, got)); diff != "" {
				t.Errorf("answer (-documented +got):\n%s", diff)
			}
			row := exactly(t, got).(map[string]any)["returnObj"].(map[string]any)["rows"].([]any)[0].(map[string]any)
			if row["bornTimestamp"] != json.Number("1661857434591") || row["properties"].(map[string]any)["UNIQ_KEY"] != "050562443C7018B4AAC2996FB3DE0000" {
				t.Errorf("row %v", row)
			}
		})
	}
}

func TestEmulatorAnswers(t *testing.T) {
	endpoint := serve(t, nil)
	tests := []struct {
		name, operation, arguments string
		change                     func(*client)
		code, vendorCode, says     string
	}{
		{name: "unknown instance", operation: "message_query_by_key", arguments: `{"prodInstId":"1","topicName":"test","key":"k"}`,
			code: sdk.CodeNotFound, vendorCode: "201", says: "instance 1 does not exist"},
		{name: "unknown topic", operation: "v2_message_query_by_key", arguments: `{"prodInstId":"70687660456281088","topicName":"other","key":"k"}`,
			code: sdk.CodeNotFound, vendorCode: "201", says: "topic other does not exist"},
		{name: "an empty value", operation: "v2_message_query_by_key", arguments: `{"prodInstId":"","topicName":"test","key":"k"}`,
			code: sdk.CodeVendorError, vendorCode: "ROCKETMQ_0500", says: "prodInstId not valid"},
		{name: "a page out of range", operation: "instance_list", arguments: `{"pageNumber":0}`,
			code: sdk.CodeVendorError, vendorCode: "ROCKETMQ_0500", says: "pageNumber not valid"},
		{name: "an unknown access key", operation: "instance_list", arguments: `{}`,
			change: func(c *client) { c.products[rocketmq].Sign = signer{"other", emulator.SecretKey, time.Now}.sign },
			code:   sdk.CodeUnauthorized, vendorCode: "CTAPI_10002", says: "AK/SK"},
		{name: "a wrong secret key", operation: "instance_list", arguments: `{}`,
			change: func(c *client) { c.products[rocketmq].Sign = signer{emulator.AccessKey, "other", time.Now}.sign },
			code:   sdk.CodeUnauthorized, vendorCode: "CTAPI_10009", says: "signature verification failed"},
		{name: "a clock that is behind", operation: "instance_list", arguments: `{}`,
			change: func(c *client) {
				c.products[rocketmq].Sign = signer{emulator.AccessKey, emulator.SecretKey, func() time.Time { return time.Now().Add(-16 * time.Minute) }}.sign
			},
			code: sdk.CodeUnauthorized, vendorCode: "CTAPI_10009", says: "signature verification failed"},
		{name: "no signature", operation: "instance_list", arguments: `{}`,
			change: func(c *client) { c.products[rocketmq].Sign = nil }, code: sdk.CodeUnauthorized, vendorCode: "CTAPI_10002", says: "AK/SK"},
		{name: "a path that is not there", operation: "instance_list", arguments: `{}`,
			change: func(c *client) { c.products[rocketmq].Endpoint += "/elsewhere" }, code: sdk.CodeNotFound, vendorCode: "CTAPI_10000", says: "API not found"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			c := connect(t, endpoint)
			if test.change != nil {
				test.change(c)
			}
			_, err := c.Do(t.Context(), operation(t, test.operation), json.RawMessage(test.arguments))
			problem := sdk.AsProblem(err)
			if problem == nil || problem.Code != test.code || problem.VendorCode != test.vendorCode || !strings.Contains(problem.Message, test.says) {
				t.Fatalf("got %v; want %s, %s, %q", problem, test.code, test.vendorCode, test.says)
			}
			if problem.Hint == "" || strings.Contains(problem.Error(), emulator.SecretKey) {
				t.Errorf("got %v", problem)
			}
			if test.name != "no signature" && len(problem.VendorRequestID) != 36 {
				t.Errorf("request id %q", problem.VendorRequestID)
			}
		})
	}
}

func TestUnknownKeyFindsNothing(t *testing.T) {
	got, err := connect(t, serve(t, nil)).Do(t.Context(), operation(t, "message_query_by_key"),
		json.RawMessage(`{"prodInstId":"70687660456281088","topicName":"test","key":"no such key"}`))
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]any{"total": json.Number("0"), "rows": []any{}}
	if diff := cmp.Diff(want, exactly(t, got).(map[string]any)["returnObj"]); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// Whatever the arguments hold, they arrive as they are and the signature holds.
func TestArgumentsArrive(t *testing.T) {
	arrived := make(chan map[string][]string, 1)
	c := connect(t, serve(t, func(r *http.Request) { arrived <- r.URL.Query() }))
	file := operation(t, "v2_message_query_by_key")
	piece := rapid.OneOf(rapid.String(), rapid.SampledFrom([]string{"/", "%", "+", "*", "~", " ", "订单", "📦", "..", "&key=", "%2F", "\x00"}))
	rapid.Check(t, func(t *rapid.T) {
		text := func(name string) string {
			return "k" + strings.Join(rapid.SliceOfN(piece, 0, 4).Draw(t, name), "")
		}
		want := map[string]string{"prodInstId": text("instance"), "topicName": text("topic"), "key": text("key")}
		arguments, err := json.Marshal(want)
		if err != nil {
			t.Fatal(err)
		}
		_, err = c.Do(context.Background(), file, arguments)
		if problem := sdk.AsProblem(err); problem == nil || problem.Code != sdk.CodeNotFound || problem.VendorCode != "201" {
			t.Fatalf("an unknown instance was answered with %v", problem)
		}
		got := <-arrived
		for name, value := range want {
			if diff := cmp.Diff([]string{value}, got[name]); diff != "" {
				t.Fatalf("%s (-want +got):\n%s", name, diff)
			}
		}
	})
}

func TestRegionIsNeededByV3Alone(t *testing.T) {
	setEnvironment(t, nil)
	var requests atomic.Int32
	c, err := open(t.Context(), settings{Settings: sdk.Settings{Endpoint: serve(t, func(*http.Request) { requests.Add(1) })},
		AccessKey: emulator.AccessKey, SecretKey: emulator.SecretKey})
	if err != nil {
		t.Fatal(err)
	}
	v3, v2 := operation(t, "message_query_by_key"), operation(t, "v2_message_query_by_key")
	_, err = c.Do(t.Context(), v3, v3.Example.Arguments)
	problem := sdk.AsProblem(err)
	if problem == nil || problem.Code != sdk.CodeInvalidConfig || !strings.Contains(problem.Message, "region_id") || !strings.Contains(problem.Hint, "CTYUN_REGION_ID") {
		t.Errorf("v3 without a region: %v", problem)
	}
	if requests.Load() != 0 {
		t.Error("v3 without a region was sent")
	}
	if _, err := c.Do(t.Context(), v2, v2.Example.Arguments); err != nil {
		t.Errorf("v2 without a region: %v", err)
	}
	if _, err := c.setting(t.Context(), "other"); sdk.AsProblem(err) == nil || sdk.AsProblem(err).Source != sdk.SourcePlugin {
		t.Errorf("a setting that no connection has: %v", err)
	}
}

func TestCheck(t *testing.T) {
	endpoint := serve(t, nil)
	c := connect(t, endpoint)
	if summary, err := check(t.Context(), c); err != nil || !strings.Contains(summary, "region "+emulator.RegionID) {
		t.Errorf("%q, %v", summary, err)
	}
	c.regionID = ""
	if summary, err := check(t.Context(), c); err != nil || !strings.Contains(summary, "region_id is not set") {
		t.Errorf("without a region: %q, %v", summary, err)
	}
	c.products[rocketmq].Sign = signer{emulator.AccessKey, "other", time.Now}.sign
	if _, err := check(t.Context(), c); sdk.AsProblem(err) == nil || sdk.AsProblem(err).Code != sdk.CodeUnauthorized {
		t.Errorf("with a wrong key: %v", err)
	}
}

// A server that misbehaves: the problem still says what CTyun's support asks for.
func TestMisbehavingServer(t *testing.T) {
	tests := []struct {
		name     string
		handler  http.HandlerFunc
		patience time.Duration
		code     string
		says     string
		wait     time.Duration
	}{
		{name: "429 with a wait beyond the deadline", code: sdk.CodeThrottled, says: "slow down", wait: time.Hour, handler: func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Retry-After", "3600")
			w.WriteHeader(http.StatusTooManyRequests)
			_, _ = io.WriteString(w, `{"statusCode":"CTAPI_10050","message":"slow down"}`)
		}},
		{name: "redirect", code: sdk.CodeInvalidAnswer, says: "redirects to", handler: func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "https://example.com/login", http.StatusFound)
		}},
		{name: "truncated", code: sdk.CodeInvalidAnswer, says: "broke off after 18 bytes", handler: func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "1000")
			_, _ = io.WriteString(w, `{"statusCode":800,`)
		}},
		{name: "20 MB", code: sdk.CodeAnswerTooLarge, says: "larger than 16 MiB", handler: func(w http.ResponseWriter, _ *http.Request) {
			_, _ = io.WriteString(w, `{"statusCode":800,"returnObj":"`+strings.Repeat("x", 20<<20)+`"}`)
		}},
		{name: "a page", code: sdk.CodeVendorError, says: "not JSON", handler: func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(http.StatusBadGateway)
			_, _ = io.WriteString(w, `<html>502</html>`)
		}},
		{name: "a failure that repeats the signature", code: sdk.CodeVendorError, says: "[redacted]", handler: func(w http.ResponseWriter, r *http.Request) {
			_, _ = io.WriteString(w, `{"statusCode":"900","message":"got `+r.Header.Get("Eop-Authorization")+`"}`)
		}},
		{name: "silence", code: sdk.CodeTimeout, says: "within the call's deadline", patience: 2 * time.Second,
			handler: func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			server := httptest.NewServer(test.handler)
			defer server.Close()
			patience := test.patience
			if patience == 0 {
				patience = time.Minute
			}
			ctx, cancel := context.WithTimeout(t.Context(), patience)
			defer cancel()
			file := operation(t, "message_query_by_key")
			_, err := connect(t, server.URL).Do(ctx, file, file.Example.Arguments)
			problem := sdk.AsProblem(err)
			if problem == nil || problem.Code != test.code || !strings.Contains(problem.Message, test.says) || problem.RetryAfter != test.wait {
				t.Fatalf("got %v; want %s, %q, wait %v", problem, test.code, test.says, test.wait)
			}
			if len(problem.VendorRequestID) != 36 {
				t.Errorf("request id %q", problem.VendorRequestID)
			}
			if problem.Hint == "" && problem.HTTPStatus == 0 {
				t.Errorf("nothing to go on: %+v", problem)
			}
			if strings.Contains(problem.Error(), "Signature=") {
				t.Errorf("the signature shows: %v", problem)
			}
		})
	}
}
