package main

import (
	"cmp"
	"encoding/json"
	"net/http"
	"regexp"
	"strings"
	"time"
	"unicode"

	"github.com/mqtrail/mqtrail/sdk"
	"github.com/mqtrail/mqtrail/sdk/rest"
)

const (
	// throttleWait is waited when the vendor asks to slow down and does not say for how long: it advises 2 to 5 s.
	throttleWait = 3 * time.Second
	// maxLabel bounds the vendor's code and request id, in bytes.
	maxLabel = 128
	// codeSuccess stands inside answers of batches that succeeded.
	codeSuccess = "DMS.00000000"
)

// checker finds failures in answers. The secrets are the connection's: the gateway's messages repeat requests.
type checker struct{ secrets []string }

// check returns the failure in an answer, nil when it succeeded.
func (c checker) check(answer *rest.Answer) error {
	failure, failed := readFailure(answer)
	if !failed {
		return nil
	}
	answer.Refused = refuses(failure.code)
	advice := adviceOn(failure.code)
	problem := rest.Failure(answer, advice.code, "Huawei Cloud refused %s: %s", answer.File.Operation, c.said(failure, answer))
	if problem.Code == sdk.CodeThrottled {
		problem.RetryAfter = cmp.Or(problem.RetryAfter, throttleWait)
	}
	problem.Hint = advice.hint
	problem.VendorCode = label(c.redact(failure.code))
	problem.VendorRequestID = label(c.redact(cmp.Or(failure.requestID, answer.Header.Get(headerRequestID))))
	return problem
}

// said is the vendor's text, cut before the copy of the request that it may hold.
func (c checker) said(failure failure, answer *rest.Answer) string {
	text := failure.message
	if text == "" {
		text = string(answer.Body)
	}
	if at := repeatedRequest.FindStringIndex(text); at != nil {
		text = strings.TrimRight(text[:at[0]], " ,:;") + " …"
	}
	// Before the excerpt is cut: half a secret would not be found any more.
	return rest.Excerpt([]byte(c.redact(text)))
}

var repeatedRequest = regexp.MustCompile(`(?i)canonical_?-?request`)

func (c checker) redact(text string) string {
	for _, secret := range c.secrets {
		if secret != "" {
			text = strings.ReplaceAll(text, secret, "[redacted]")
		}
	}
	return text
}

// failure is the vendor's account of what went wrong.
type failure struct{ code, message, requestID string }

// readFailure reads the envelopes of the services (error_code), of the gateway (with request_id) and of IAM
// ({"error": {"code", "message"}}), in their spellings. An error_code counts whatever the status.
func readFailure(answer *rest.Answer) (failure, bool) {
	var object map[string]json.RawMessage
	if json.Unmarshal(answer.Body, &object) != nil {
		return failure{}, answer.Status >= http.StatusMultipleChoices // a list, or a bare value
	}
	found := failure{
		code:      field(object, "error_code", "errorCode", "ErrorCode"),
		message:   field(object, "error_msg", "errorMsg", "error_message", "errorMessage", "ErrorMessage"),
		requestID: field(object, "request_id", "requestId", "RequestId"),
	}
	if answer.Status < http.StatusMultipleChoices {
		// "code" and "message" alone are data here: a Kafka message is called message.
		succeeded := found.code == codeSuccess || found.code == "0" || found.code == "" && found.message == ""
		return found, !succeeded
	}
	var nested map[string]json.RawMessage
	if json.Unmarshal(object["error"], &nested) != nil {
		nested = nil
	}
	found.code = cmp.Or(found.code, field(object, "code", "Code"), field(nested, "error_code", "code"))
	found.message = cmp.Or(found.message, field(object, "message", "Message"), field(nested, "error_msg", "message"))
	return found, true
}

// field is the first of the named members that says something, as text: codes come as strings and as numbers.
func field(object map[string]json.RawMessage, names ...string) string {
	for _, name := range names {
		var text string
		var number json.Number
		switch raw := object[name]; {
		case json.Unmarshal(raw, &text) == nil && text != "":
			return text
		case json.Unmarshal(raw, &number) == nil && number != "":
			return number.String()
		}
	}
	return ""
}

// label makes a name that the vendor sent safe to show: printable, and short.
func label(text string) string {
	text = strings.Map(func(r rune) rune {
		if r == unicode.ReplacementChar || !unicode.IsPrint(r) {
			return -1
		}
		return r
	}, text)
	if len(text) > maxLabel {
		text = strings.ToValidUTF8(text[:maxLabel], "")
	}
	return text
}
