package main

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/mqtrail/mqtrail/sdk"
)

// TestServerThatMisbehaves meets answers that the API does not describe. Each call has a deadline shorter than
// the waits that the answers ask for: those are then the caller's to make.
func TestServerThatMisbehaves(t *testing.T) {
	for name, test := range map[string]struct {
		answer http.HandlerFunc
		code   string
		vendor string
		id     string
		wait   time.Duration
		says   string
	}{
		"throttled with a wait": {
			answer: func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Retry-After", "30")
				w.Header().Set("X-Request-Id", "r1")
				w.WriteHeader(http.StatusTooManyRequests)
				_, _ = w.Write([]byte(`{"error_code":"APIGW.0308","error_msg":"The throttling threshold has been reached"}`))
			},
			code: sdk.CodeThrottled, vendor: "APIGW.0308", id: "r1", wait: 30 * time.Second, says: "Call less often",
		},
		"throttled without a wait": {
			answer: func(w http.ResponseWriter, _ *http.Request) {
				w.WriteHeader(http.StatusNotFound)
				_, _ = w.Write([]byte(`{"error_code":"DMS.10240407","error_msg":"too frequent","request_id":"r2"}`))
			},
			code: sdk.CodeThrottled, vendor: "DMS.10240407", id: "r2", wait: throttleWait, says: "wait some seconds",
		},
		"redirect": {
			answer: func(w http.ResponseWriter, r *http.Request) {
				http.Redirect(w, r, "https://elsewhere.example.com/", http.StatusFound)
			},
			code: sdk.CodeInvalidAnswer, says: "elsewhere.example.com",
		},
		"truncated": {
			answer: func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte(`{"messages":[{"topic":`)) },
			code:   sdk.CodeInvalidAnswer, says: "not JSON",
		},
		"web page": {
			answer: func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte(`<html>log in</html>`)) },
			code:   sdk.CodeInvalidAnswer, says: "<html>",
		},
		"20 MB": {
			answer: func(w http.ResponseWriter, _ *http.Request) {
				_, _ = w.Write([]byte(`{"a":"` + strings.Repeat("x", 20<<20) + `"}`))
			},
			code: sdk.CodeAnswerTooLarge, says: "Ask for less",
		},
		"silent": {
			answer: func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() },
			code:   sdk.CodeTimeout, says: "deadline",
		},
		"another service": {
			answer: func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte(`{"status":"ok"}`)) },
			code:   sdk.CodeInvalidAnswer, says: "check endpoint",
		},
	} {
		t.Run(name, func(t *testing.T) {
			server := httptest.NewServer(test.answer)
			defer server.Close()
			ctx, cancel := context.WithTimeout(t.Context(), deadline(test.code))
			defer cancel()
			_, err := probe(ctx, newClient(sandboxSettings(server.URL, server.URL)))
			problem := sdk.AsProblem(err)
			if problem == nil || problem.Code != test.code || problem.VendorCode != test.vendor || problem.VendorRequestID != test.id || problem.RetryAfter != test.wait {
				t.Fatalf("got %#v, want %+v", problem, test)
			}
			if !strings.Contains(problem.Error(), test.says) {
				t.Errorf("%q does not say %q", problem.Error(), test.says)
			}
		})
	}
}

// deadline is short where the call must run into it, or must not outlast the wait that is asked for.
func deadline(code string) time.Duration {
	switch code {
	case sdk.CodeTimeout:
		return 200 * time.Millisecond
	case sdk.CodeThrottled:
		return throttleWait - time.Millisecond
	default:
		return time.Minute
	}
}
