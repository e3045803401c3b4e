package rest

import (
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"
	"unicode/utf8"

	"pgregory.net/rapid"

	"github.com/mqtrail/mqtrail/sdk"
)

func TestFailure(t *testing.T) {
	tests := []struct {
		status    int
		code      string
		want      string
		retryable bool
	}{
		{200, "", sdk.CodeVendorError, false},
		{400, "", sdk.CodeVendorError, false},
		{401, "", sdk.CodeUnauthorized, false},
		{403, "", sdk.CodeUnauthorized, false},
		{404, "", sdk.CodeNotFound, false},
		{408, "", sdk.CodeTimeout, true},
		{429, "", sdk.CodeThrottled, true},
		{500, "", sdk.CodeVendorError, false},
		{502, "", sdk.CodeVendorError, true},
		{503, "", sdk.CodeVendorError, true},
		{504, "", sdk.CodeTimeout, true},
		{200, sdk.CodeThrottled, sdk.CodeThrottled, true},
		{429, sdk.CodeNotFound, sdk.CodeNotFound, false},
	}
	for _, test := range tests {
		problem := Failure(&Answer{Status: test.status}, test.code, "said %d", test.status)
		if problem.Code != test.want || problem.Retryable != test.retryable || problem.HTTPStatus != test.status || problem.Source != sdk.SourceVendor {
			t.Errorf("status %d, code %q: got %+v, want code %s, retryable %t", test.status, test.code, problem, test.want, test.retryable)
		}
	}
}

func TestRetryAfter(t *testing.T) {
	synctest.Test(t, func(t *testing.T) { // a clock that stands still: dates come out exact
		now := time.Now()
		tests := []struct {
			value string
			want  time.Duration
		}{
			{"", 0},
			{"5", 5 * time.Second},
			{"0", 0},
			{"-5", 0},
			{"soon", 0},
			{"1.5", 0},
			{now.Add(90 * time.Second).UTC().Format(http.TimeFormat), 90 * time.Second},
			{now.Add(-time.Hour).UTC().Format(http.TimeFormat), 0},
			{"99999999999999999999", (1<<31 - 1) * time.Second}, // longer than anyone waits, and never "at once"
		}
		for _, test := range tests {
			if got := retryAfter(http.Header{"Retry-After": {test.value}}); got != test.want {
				t.Errorf("Retry-After: %s is %v, want %v", test.value, got, test.want)
			}
		}
	})
}

func TestExcerpt(t *testing.T) {
	tests := []struct{ name, text, want string }{
		{"plain", "no such topic", `"no such topic"`},
		{"Chinese", "实例不存在", `"实例不存在"`},
		{"lines", "<html>\r\n\tBad", `"<html>   Bad"`},
		{"control, bidi and zero width", "a\x00b\x1b[31mc\u202ed\u200be", `"ab[31mcde"`},
		{"quotes", `say "x"`, `"say \"x\""`},
		{"not UTF-8", "a\xffb", `"ab"`},
		{"empty", "", `""`},
		{"long", strings.Repeat("x", 301), `"` + strings.Repeat("x", 300) + `"…`},
		{"cut inside a character", "ab" + strings.Repeat("语", 100), `"ab` + strings.Repeat("语", 99) + `"…`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if got := Excerpt([]byte(test.text)); got != test.want {
				t.Errorf("got %s, want %s", got, test.want)
			}
		})
	}
}

func TestExcerptIsBounded(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		got := Excerpt(rapid.SliceOfN(rapid.Byte(), 0, 1000).Draw(t, "text"))
		if len(got) > 2*maxExcerpt+len(`""…`) || !utf8.ValidString(got) || strings.ContainsAny(got, "\n\r\x00\x1b") {
			t.Fatalf("excerpt %q", got)
		}
	})
}
