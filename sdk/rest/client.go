package rest

import (
	"bytes"
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"strings"
	"time"

	"github.com/mqtrail/mqtrail/sdk"
)

const (
	// MaxAnswer bounds a vendor's answer, in bytes.
	MaxAnswer = 16 << 20
	// attempts bounds how often one call is sent.
	attempts = 3
	// firstBackoff doubles with each attempt; the wait is drawn between nothing and it.
	firstBackoff = 300 * time.Millisecond
)

// Client sends the operations of one API of one connection. It is safe for concurrent use.
type Client struct {
	// Endpoint is the API's base URL, without a trailing slash.
	Endpoint string
	// HTTP sends the requests; nil means a client of the process that keeps connections alive, obeys the
	// proxy variables and follows no redirect. It must follow none: a signature is for one host.
	HTTP *http.Client
	// Sign adds the headers of one attempt, credentials included. The URL is already in the canonical form:
	// RFC 3986 encoding, query sorted. body is nil when there is none.
	Sign func(request *http.Request, file *sdk.File, body []byte) error
	// Check finds the failure in an answer that is JSON, whatever its status; nil when the call succeeded.
	// A nil Check goes by the status alone. It may set Answer.Refused, and nothing else of the answer.
	Check func(answer *Answer) error
	// Setting gives the value of a setting that fills parameters (x-from); "" when there is none.
	Setting func(ctx context.Context, name string) (string, error)
	// SecretHeaders names the request headers whose values never appear in a problem, even when the vendor
	// repeats them.
	SecretHeaders []string
	// RequestIDHeader names the header that holds the vendor's id of a request: the answer's, or the request's
	// where the caller chooses it. It goes into every problem that has no id of its own.
	RequestIDHeader string
}

// Answer is what the vendor sent back.
type Answer struct {
	Status int
	Header http.Header
	Body   []byte
	File   *sdk.File
	// Refused is set by Check when the vendor's own code says that it turned the request down. Then a write had no
	// effect, whatever the status.
	Refused bool
}

// Do runs one operation. Reads are tried again after failures that may pass; writes only when the vendor
// surely did nothing.
func (c *Client) Do(ctx context.Context, file *sdk.File, arguments json.RawMessage) (json.RawMessage, error) {
	bound, err := bind(ctx, file, arguments, c.Setting)
	if err != nil {
		return nil, err
	}
	for attempt := 1; ; attempt++ {
		body, err := c.attempt(ctx, file, bound, attempt)
		if err == nil {
			return body, nil
		}
		problem := sdk.AsProblem(err)
		wait, again := c.again(ctx, problem, attempt)
		if !again {
			return nil, problem
		}
		sdk.Logger(ctx).Debug().Str("operation", file.Operation).Str("code", problem.Code).
			Dur("wait", wait).Int("attempt", attempt).Msg("trying again")
		select {
		case <-ctx.Done():
			return nil, problem
		case <-time.After(wait):
		}
	}
}

// again says whether the call may be tried again, and after what wait. It stays inside the call's deadline: a
// wait that does not fit is the caller's to make.
func (c *Client) again(ctx context.Context, problem *sdk.Problem, attempt int) (time.Duration, bool) {
	if !problem.Retryable || attempt >= attempts || ctx.Err() != nil {
		return 0, false
	}
	limit := firstBackoff << (attempt - 1)
	wait := problem.RetryAfter + rand.N(limit)
	if deadline, ok := ctx.Deadline(); ok && time.Until(deadline) <= wait {
		return 0, false
	}
	return wait, true
}

func (c *Client) attempt(ctx context.Context, file *sdk.File, bound *bound, attempt int) (json.RawMessage, error) {
	request, err := c.request(ctx, file, bound)
	if err != nil {
		return nil, err
	}
	sent := false
	trace := &httptrace.ClientTrace{GotConn: func(httptrace.GotConnInfo) { sent = true }}
	began := time.Now()
	response, err := c.http().Do(request.WithContext(httptrace.WithClientTrace(ctx, trace)))
	if err != nil {
		problem := transportProblem(ctx, file, request.URL, err, sent)
		if sent {
			problem = c.identify(problem, request.Header)
		}
		return nil, c.redacted(request, problem)
	}
	defer func() { _ = response.Body.Close() }()
	answer := &Answer{Status: response.StatusCode, Header: response.Header, File: file}
	answer.Body, err = io.ReadAll(io.LimitReader(response.Body, MaxAnswer+1))
	sdk.Logger(ctx).Debug().Str("operation", file.Operation).Str("method", request.Method).
		Str("host", request.URL.Host).Str("path", request.URL.EscapedPath()).Int("status", answer.Status).
		Int("bytes", len(answer.Body)).Dur("took", time.Since(began)).Int("attempt", attempt).Msg("vendor answered")
	if slot, ok := ctx.Value(requestIDKey{}).(*string); ok {
		*slot = c.requestID(answer.Header, request.Header)
	}
	if err != nil {
		return nil, c.redacted(request, c.identify(brokenOff(ctx, answer, err), answer.Header, request.Header))
	}
	body, err := c.read(answer)
	if err != nil {
		return nil, c.redacted(request, c.identify(afterwards(answer, sdk.AsProblem(err)), answer.Header, request.Header))
	}
	return body, nil
}

// request builds and signs one attempt.
func (c *Client) request(ctx context.Context, file *sdk.File, bound *bound) (*http.Request, error) {
	base, err := url.Parse(strings.TrimSuffix(c.Endpoint, "/"))
	if err != nil || base.Host == "" || base.Scheme != "http" && base.Scheme != "https" || base.RawQuery != "" || base.User != nil {
		return nil, sdk.Problemf(sdk.SourceCaller, sdk.CodeInvalidConfig, "The endpoint %q is no base URL.", withoutUser(c.Endpoint)).
			WithHint("Give a scheme and a host, like https://private.example.com, and no user or password.")
	}
	escaped := base.EscapedPath() + bound.path
	path, err := url.PathUnescape(escaped)
	if err != nil {
		return nil, sdk.Problemf(sdk.SourcePlugin, sdk.CodeInternal, "The path %s does not decode: %v", escaped, err)
	}
	target := &url.URL{Scheme: base.Scheme, Host: base.Host, Path: path, RawPath: escaped, RawQuery: bound.query}
	var body io.Reader = http.NoBody
	if bound.body != nil {
		body = bytes.NewReader(bound.body)
	}
	request, err := http.NewRequestWithContext(ctx, file.Method, target.String(), body)
	if err != nil {
		return nil, sdk.Problemf(sdk.SourcePlugin, sdk.CodeInternal, "Building the request of %s: %v", file.Operation, err)
	}
	request.Header = bound.header.Clone()
	request.Header.Set("Accept", "application/json")
	request.Header.Set("User-Agent", "mqtrail/"+sdk.Version)
	if bound.body != nil {
		request.Header.Set("Content-Type", bound.contentType)
	}
	if c.Sign != nil {
		if err := c.Sign(request, file, bound.body); err != nil {
			return nil, c.redacted(request, sdk.AsProblem(err))
		}
	}
	return request, nil
}

// read finds out what the answer is: the vendor's result, byte for byte, or a problem.
func (c *Client) read(answer *Answer) (json.RawMessage, error) {
	trimmed := bytes.TrimSpace(answer.Body)
	switch {
	case len(answer.Body) > MaxAnswer:
		return nil, Failure(answer, sdk.CodeAnswerTooLarge, "The vendor's answer is larger than %d MiB.", MaxAnswer>>20).
			WithHint("Ask for less: a shorter time range, a smaller page, a filter.")
	case answer.Status >= 300 && answer.Status < 400:
		return nil, Failure(answer, sdk.CodeInvalidAnswer, "The vendor redirects to %s. Redirects are not followed: the signature is for one host.", Excerpt([]byte(answer.Header.Get("Location")))).
			WithHint("Check the endpoint and the region of the connection.")
	case len(trimmed) == 0 && answer.Status < 300 && (answer.Status == http.StatusNoContent || answer.File.Access != sdk.AccessRead):
		return json.RawMessage(`{}`), nil
	case answer.File.Text && answer.Status < 300 && len(trimmed) > 0 && trimmed[0] != '{':
		return textAnswer(trimmed)
	case !json.Valid(trimmed):
		return nil, notJSON(answer)
	}
	if c.Check != nil {
		if err := c.Check(answer); err != nil {
			return nil, err
		}
	}
	if answer.Status >= 300 {
		return nil, Failure(answer, "", "The vendor answered HTTP %d: %s", answer.Status, Excerpt(trimmed))
	}
	if trimmed[0] != '{' {
		return append(append([]byte(`{"items":`), trimmed...), '}'), nil
	}
	return trimmed, nil
}

// textAnswer makes an object of an answer that is a plain text, with or without quotes around it.
func textAnswer(body []byte) (json.RawMessage, error) {
	var text string
	if json.Unmarshal(body, &text) != nil {
		text = string(body)
	}
	return json.Marshal(map[string]string{"text": text})
}

func notJSON(answer *Answer) error {
	if len(bytes.TrimSpace(answer.Body)) == 0 {
		return Failure(answer, statusCode(answer.Status, sdk.CodeInvalidAnswer), "The vendor answered HTTP %d with nothing in it.", answer.Status)
	}
	return Failure(answer, statusCode(answer.Status, sdk.CodeInvalidAnswer), "The vendor answered HTTP %d with something that is not JSON (%s, %d bytes), beginning %s",
		answer.Status, Excerpt([]byte(answer.Header.Get("Content-Type"))), len(answer.Body), Excerpt(answer.Body)).
		WithHint("A gateway or proxy on the way may have answered instead of the vendor: check the endpoint and the proxy settings.")
}

// afterwards makes a failure of a write honest: when the vendor's side broke, nobody knows what it did, unless its
// own code says that it did nothing.
func afterwards(answer *Answer, problem *sdk.Problem) *sdk.Problem {
	unread := problem.Code == sdk.CodeInvalidAnswer || problem.Code == sdk.CodeAnswerTooLarge
	refused := answer.Refused || problem.Code == sdk.CodeThrottled
	if answer.File.Access == sdk.AccessRead || answer.Status < 500 && !unread || refused {
		return problem
	}
	return outcomeUnknown(problem)
}

func outcomeUnknown(problem *sdk.Problem) *sdk.Problem {
	problem.Message = "The request was sent, but whether it took effect is not known: " + problem.Message
	problem.Code, problem.Retryable = sdk.CodeOutcomeUnknown, false
	problem.Hint = strings.TrimSpace("Look at the resource before calling again. " + problem.Hint)
	return problem
}

func transportProblem(ctx context.Context, file *sdk.File, target *url.URL, err error, sent bool) *sdk.Problem {
	var problem *sdk.Problem
	var network *net.OpError
	var certificate *tls.CertificateVerificationError
	switch {
	case errors.Is(ctx.Err(), context.Canceled):
		problem = sdk.AsProblem(ctx.Err())
	// Connecting has a limit of its own, whose error is a DeadlineExceeded too.
	case errors.Is(err, context.DeadlineExceeded) && (sent || ctx.Err() != nil):
		problem = sdk.Problemf(sdk.SourceVendor, sdk.CodeTimeout, "%s did not answer %s within the call's deadline.", target.Host, file.Operation).
			WithHint("Try again, with a longer timeout, or ask for less: a shorter time range, a smaller page.")
		problem.Retryable = true
	case errors.As(err, &certificate):
		problem = sdk.Problemf(sdk.SourceVendor, sdk.CodeUnreachable, "The certificate of %s is not trusted: %v", target.Host, certificate.Err).
			WithHint("Check the endpoint; behind a proxy that opens TLS, name its certificate with SSL_CERT_FILE.")
	default:
		problem = sdk.Problemf(sdk.SourceVendor, sdk.CodeUnreachable, "%s could not be reached: %v", target.Host, cause(err)).
			WithHint("Check the endpoint, the region, the network and the proxy variables.")
		problem.Retryable = !sent || file.Access == sdk.AccessRead || errors.As(err, &network) && network.Op == "dial"
	}
	if sent && file.Access != sdk.AccessRead {
		return outcomeUnknown(problem)
	}
	return problem
}

// cause is the error without the URL that net/http puts before it: a URL's query can hold a secret.
func cause(err error) error {
	var wrapped *url.Error
	if errors.As(err, &wrapped) {
		return wrapped.Err
	}
	return err
}

func brokenOff(ctx context.Context, answer *Answer, err error) *sdk.Problem {
	var problem *sdk.Problem
	switch {
	case ctx.Err() != nil:
		problem = sdk.AsProblem(ctx.Err())
		problem.Message += fmt.Sprintf(" The answer had begun: HTTP %d, %d bytes.", answer.Status, len(answer.Body))
		problem.Retryable = problem.Code == sdk.CodeTimeout
	default:
		problem = Failure(answer, sdk.CodeInvalidAnswer, "The vendor's answer broke off after %d bytes: %v", len(answer.Body), err)
		problem.Retryable = answer.File.Access == sdk.AccessRead
	}
	if answer.File.Access != sdk.AccessRead {
		return outcomeUnknown(problem)
	}
	return problem
}

var shared = &http.Client{
	Transport: &http.Transport{
		Proxy:                 http.ProxyFromEnvironment,
		DialContext:           (&net.Dialer{Timeout: 10 * time.Second, KeepAlive: 30 * time.Second}).DialContext,
		TLSHandshakeTimeout:   10 * time.Second,
		TLSClientConfig:       &tls.Config{MinVersion: tls.VersionTLS12},
		ForceAttemptHTTP2:     true,
		MaxIdleConns:          64,
		MaxIdleConnsPerHost:   32,
		IdleConnTimeout:       90 * time.Second,
		ExpectContinueTimeout: time.Second,
	},
	CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
}

func (c *Client) http() *http.Client {
	if c.HTTP != nil {
		return c.HTTP
	}
	return shared
}
