package rest

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"
	"unicode"

	"github.com/mqtrail/mqtrail/sdk"
)

const (
	// maxExcerpt is how much of a vendor's text goes into a message, in bytes.
	maxExcerpt = 300
	// cutMark ends an excerpt that is not the whole text.
	cutMark = `"…`
	// maxRequestID is the longest id of a request that is passed on, in bytes.
	maxRequestID = 128
)

// Failure is a problem of the vendor's with the answer's status and, when the vendor sends one, its wait.
// An empty code goes by the status.
func Failure(answer *Answer, code, format string, args ...any) *sdk.Problem {
	if code == "" {
		code = statusCode(answer.Status, sdk.CodeVendorError)
	}
	problem := sdk.Problemf(sdk.SourceVendor, code, format, args...)
	problem.HTTPStatus = answer.Status
	problem.RetryAfter = retryAfter(answer.Header)
	problem.Retryable = code == sdk.CodeThrottled || code == sdk.CodeTimeout ||
		answer.Status == http.StatusBadGateway || answer.Status == http.StatusServiceUnavailable || answer.Status == http.StatusGatewayTimeout
	return problem
}

// identify gives a problem the request's id from the first header that has one, for the vendor's support.
func (c *Client) identify(problem *sdk.Problem, headers ...http.Header) *sdk.Problem {
	if problem.VendorRequestID == "" {
		problem.VendorRequestID = c.requestID(headers...)
	}
	return problem
}

func (c *Client) requestID(headers ...http.Header) string {
	for _, header := range headers {
		if id := header.Get(c.RequestIDHeader); id != "" && len(id) <= maxRequestID {
			return id
		}
	}
	return ""
}

type requestIDKey struct{}

// WithRequestID lets a caller hear the vendor's id of the request that a [Client] sends with this context; the last
// one, where it sends several. The text is written before Do returns.
func WithRequestID(ctx context.Context, id *string) context.Context {
	return context.WithValue(ctx, requestIDKey{}, id)
}

// statusCode is the problem code that an HTTP status stands for, or otherwise.
func statusCode(status int, otherwise string) string {
	switch status {
	case http.StatusUnauthorized, http.StatusForbidden:
		return sdk.CodeUnauthorized
	case http.StatusNotFound:
		return sdk.CodeNotFound
	case http.StatusTooManyRequests:
		return sdk.CodeThrottled
	case http.StatusRequestTimeout, http.StatusGatewayTimeout:
		return sdk.CodeTimeout
	}
	if status >= 400 {
		return sdk.CodeVendorError
	}
	return otherwise
}

// retryAfter reads Retry-After (RFC 9110): seconds, or a date. 0 when there is none.
func retryAfter(header http.Header) time.Duration {
	value := header.Get("Retry-After")
	// A number out of range comes as the largest one: a wait too long for anyone, and never none.
	if seconds, err := strconv.ParseInt(value, 10, 32); (err == nil || errors.Is(err, strconv.ErrRange)) && seconds > 0 {
		return time.Duration(seconds) * time.Second
	}
	if date, err := http.ParseTime(value); err == nil {
		return max(0, time.Until(date))
	}
	return 0
}

// Excerpt is the beginning of a text that somebody else wrote, quoted, without control or invisible
// characters, short enough for a message.
func Excerpt(text []byte) string {
	cut := len(text) > maxExcerpt
	if cut {
		text = text[:maxExcerpt]
	}
	clean := strings.Map(func(r rune) rune {
		switch {
		case r == '\n', r == '\r', r == '\t':
			return ' '
		case r == unicode.ReplacementChar, !unicode.IsPrint(r):
			return -1
		default:
			return r
		}
	}, string(text))
	quoted := fmt.Sprintf("%q", clean)
	if cut {
		quoted = strings.TrimSuffix(quoted, `"`) + cutMark
	}
	return quoted
}
