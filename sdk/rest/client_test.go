package rest

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httptrace"
	"os"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/mqtrail/mqtrail/sdk"
)

const (
	reading = `{"operation":"Get","title":"t","description":"d","access":"read","toolset":"messages","request":"GET /things/{id}",
		"input":{"type":"object","properties":{"id":{"type":"string","x-in":"path"},"q":{"type":"string","x-in":"query"}},"required":["id"]},"output":{"type":"object"}}`
	writing = `{"operation":"Put","title":"t","description":"d","access":"write","toolset":"messages","request":"PUT /things/{id}",
		"input":{"type":"object","properties":{"id":{"type":"string","x-in":"path"},"n":{"type":"integer","x-in":"body"}},"required":["id"]},"output":{"type":"object"}}`
)

// transport plays the network where only the client's waits are of interest.
type transport func(attempt int, request *http.Request) (*http.Response, error)

// play runs one call over a played network and counts the requests.
func play(ctx context.Context, t *testing.T, text string, client *Client, network transport) (json.RawMessage, int, error) {
	t.Helper()
	requests := 0
	client.Endpoint = "https://example.com"
	client.HTTP = &http.Client{Transport: roundTripper(func(request *http.Request) (*http.Response, error) {
		requests++
		return network(requests, request)
	}), CheckRedirect: shared.CheckRedirect}
	answer, err := client.Do(ctx, parse(t, text), json.RawMessage(`{"id":"a"}`))
	return answer, requests, err
}

type roundTripper func(*http.Request) (*http.Response, error)

func (r roundTripper) RoundTrip(request *http.Request) (*http.Response, error) { return r(request) }

func answerWith(status int, body string, header http.Header) *http.Response {
	if header == nil {
		header = http.Header{}
	}
	return &http.Response{StatusCode: status, Header: header, Body: io.NopCloser(strings.NewReader(body))}
}

// connected tells the client that the request had a connection to go out on.
func connected(request *http.Request) {
	httptrace.ContextClientTrace(request.Context()).GotConn(httptrace.GotConnInfo{})
}

func TestAnswersGoThroughByteForByte(t *testing.T) {
	tests := []struct {
		name, text  string
		status      int
		answer, out string
	}{
		{"object", reading, 200, ` {"n": 9007199254740993, "z":1.10, "a":null}` + "\n", `{"n": 9007199254740993, "z":1.10, "a":null}`},
		{"list", reading, 200, `[1, 2]`, `{"items":[1, 2]}`},
		{"one value", reading, 200, `"x"`, `{"items":"x"}`},
		{"created", writing, 201, `{"id":1}`, `{"id":1}`},
		{"no content", writing, 204, ``, `{}`},
		{"no content on a read", reading, 204, ``, `{}`},
		{"a write may answer nothing", writing, 200, ``, `{}`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				w.WriteHeader(test.status)
				_, _ = io.WriteString(w, test.answer)
			}))
			defer server.Close()
			client := &Client{Endpoint: server.URL}
			got, err := client.Do(t.Context(), parse(t, test.text), json.RawMessage(`{"id":"a"}`))
			if err != nil || string(got) != test.out {
				t.Errorf("got %s, %v; want %s", got, err, test.out)
			}
		})
	}
}

func TestRequestIsWhatWasSigned(t *testing.T) {
	type sent struct{ Method, Target, Body, ContentType, Signed string }
	seen := make(chan sent, 1)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		seen <- sent{r.Method, r.RequestURI, string(body), r.Header.Get("Content-Type"), r.Header.Get("X-Signed")}
		_, _ = io.WriteString(w, `{}`)
	}))
	defer server.Close()
	client := &Client{Endpoint: server.URL + "/base/", Sign: func(request *http.Request, _ *sdk.File, body []byte) error {
		request.Header.Set("X-Signed", request.Method+" "+request.URL.EscapedPath()+"?"+request.URL.RawQuery+string(body))
		return nil
	}}
	tests := []struct {
		text, arguments string
		want            sent
	}{
		{reading, `{"id":"a/b*~ 订","q":"x+y z"}`, sent{Method: "GET", Target: "/base/things/a%2Fb%2A~%20%E8%AE%A2?q=x%2By%20z",
			Signed: "GET /base/things/a%2Fb%2A~%20%E8%AE%A2?q=x%2By%20z"}},
		{writing, `{"id":"a","n":9007199254740993}`, sent{Method: "PUT", Target: "/base/things/a", Body: `{"n":9007199254740993}`,
			ContentType: "application/json; charset=utf-8", Signed: `PUT /base/things/a?{"n":9007199254740993}`}},
	}
	for _, test := range tests {
		if _, err := client.Do(t.Context(), parse(t, test.text), json.RawMessage(test.arguments)); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(test.want, <-seen); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	}
}

func TestEndpointMustBeABaseURL(t *testing.T) {
	for _, endpoint := range []string{"", "example.com", "ftp://example.com", "https://", "https://example.com?x=1", "https://user:hunter2@example.com", "https://user:hunter2@example.com:x", "user:hunter2@example.com", "://"} {
		client := &Client{Endpoint: endpoint}
		_, err := client.Do(t.Context(), parse(t, reading), json.RawMessage(`{"id":"a"}`))
		problem := asProblem(t, err)
		if problem.Code != sdk.CodeInvalidConfig || problem.Source != sdk.SourceCaller {
			t.Errorf("endpoint %q: %v", endpoint, problem)
		}
		if strings.Contains(problem.Error(), "hunter2") {
			t.Errorf("the problem repeats the password: %v", problem)
		}
	}
}

func TestReadsAreTriedAgain(t *testing.T) {
	tests := []struct {
		name     string
		network  transport
		requests int
	}{
		{"502", func(int, *http.Request) (*http.Response, error) { return answerWith(502, "<html>", nil), nil }, attempts},
		{"503 with an envelope", func(int, *http.Request) (*http.Response, error) { return answerWith(503, "{}", nil), nil }, attempts},
		{"reset after it was sent", func(_ int, r *http.Request) (*http.Response, error) {
			connected(r)
			return nil, errors.New("connection reset by peer")
		}, attempts},
		{"400", func(int, *http.Request) (*http.Response, error) { return answerWith(400, "{}", nil), nil }, 1},
		{"500", func(int, *http.Request) (*http.Response, error) { return answerWith(500, "{}", nil), nil }, 1},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				if _, requests, err := play(t.Context(), t, reading, &Client{}, test.network); err == nil || requests != test.requests {
					t.Errorf("%d requests, %v; want %d", requests, err, test.requests)
				}
				second := func(attempt int, r *http.Request) (*http.Response, error) {
					if attempt == 1 {
						return test.network(attempt, r)
					}
					return answerWith(200, `{"a":1}`, nil), nil
				}
				got, _, err := play(t.Context(), t, reading, &Client{}, second)
				if again := err == nil && string(got) == `{"a":1}`; again != (test.requests > 1) {
					t.Errorf("then got %s, %v", got, err)
				}
			})
		})
	}
}

func TestWritesAreTriedAgainOnlyWhenNothingHappened(t *testing.T) {
	dial := &net.OpError{Op: "dial", Err: errors.New("connection refused")}
	tests := []struct {
		name     string
		network  transport
		requests int
		code     string
	}{
		{"connection refused", func(int, *http.Request) (*http.Response, error) { return nil, dial }, attempts, sdk.CodeUnreachable},
		{"throttled", func(int, *http.Request) (*http.Response, error) { return answerWith(429, "{}", nil), nil }, attempts, sdk.CodeThrottled},
		{"refused", func(int, *http.Request) (*http.Response, error) { return answerWith(400, "{}", nil), nil }, 1, sdk.CodeVendorError},
		{"reset after it was sent", func(_ int, r *http.Request) (*http.Response, error) {
			connected(r)
			return nil, errors.New("connection reset by peer")
		}, 1, sdk.CodeOutcomeUnknown},
		{"502", func(int, *http.Request) (*http.Response, error) { return answerWith(502, "<html>", nil), nil }, 1, sdk.CodeOutcomeUnknown},
		{"500 with an envelope", func(int, *http.Request) (*http.Response, error) { return answerWith(500, "{}", nil), nil }, 1, sdk.CodeOutcomeUnknown},
		{"not JSON", func(int, *http.Request) (*http.Response, error) { return answerWith(200, "OK", nil), nil }, 1, sdk.CodeOutcomeUnknown},
		{"too large", func(int, *http.Request) (*http.Response, error) {
			return answerWith(200, `"`+strings.Repeat("x", MaxAnswer)+`"`, nil), nil
		}, 1, sdk.CodeOutcomeUnknown},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				_, requests, err := play(t.Context(), t, writing, &Client{}, test.network)
				problem := asProblem(t, err)
				if problem.Code != test.code || requests != test.requests {
					t.Errorf("%d requests, %v; want %d, %s", requests, problem, test.requests, test.code)
				}
				if problem.Code == sdk.CodeOutcomeUnknown && (problem.Retryable || problem.Hint == "") {
					t.Errorf("an unknown outcome is not to be repeated blindly: %+v", problem)
				}
			})
		})
	}
}

// A status of 500 leaves open what a write did, and a code that the vendor's Check knows settles it.
func TestRefusedWrite(t *testing.T) {
	client := &Client{Check: func(answer *Answer) error {
		answer.Refused = strings.Contains(string(answer.Body), "QuotaExceeded")
		return Failure(answer, "", "no")
	}}
	for body, want := range map[string]string{`{"code":"QuotaExceeded"}`: sdk.CodeVendorError, `{"code":"Internal"}`: sdk.CodeOutcomeUnknown} {
		network := func(int, *http.Request) (*http.Response, error) { return answerWith(500, body, nil), nil }
		_, requests, err := play(t.Context(), t, writing, client, network)
		if problem := asProblem(t, err); problem.Code != want || requests != 1 {
			t.Errorf("%s: %d requests, %v; want 1, %s", body, requests, problem, want)
		}
	}
}

func TestWaits(t *testing.T) {
	throttled := func(wait string) transport {
		return func(attempt int, _ *http.Request) (*http.Response, error) {
			if attempt == 1 {
				return answerWith(429, "{}", http.Header{"Retry-After": {wait}}), nil
			}
			return answerWith(200, "{}", nil), nil
		}
	}
	t.Run("as long as the vendor asks", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			began := time.Now()
			_, requests, err := play(t.Context(), t, reading, &Client{}, throttled("7"))
			waited := time.Since(began) // exact: the bubble's clock moves only while all wait
			if err != nil || requests != 2 || waited < 7*time.Second || waited >= 7*time.Second+firstBackoff {
				t.Errorf("%d requests, waited %v, %v", requests, waited, err)
			}
		})
	})
	t.Run("not when the deadline comes first", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
			defer cancel()
			began := time.Now()
			_, requests, err := play(ctx, t, reading, &Client{}, throttled("7"))
			problem := asProblem(t, err)
			if requests != 1 || time.Since(began) != 0 || problem.Code != sdk.CodeThrottled || problem.RetryAfter != 7*time.Second || !problem.Retryable {
				t.Errorf("%d requests, %+v", requests, problem)
			}
		})
	})
	t.Run("the caller leaves", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			ctx, cancel := context.WithCancel(t.Context())
			time.AfterFunc(time.Second, cancel)
			began := time.Now()
			_, requests, err := play(ctx, t, reading, &Client{}, throttled("3600"))
			if err == nil || requests != 1 || time.Since(began) != time.Second {
				t.Errorf("%d requests after %v, %v", requests, time.Since(began), err)
			}
		})
	})
}

func TestConnectTimeoutIsNotTheCallsDeadline(t *testing.T) {
	slow := &net.OpError{Op: "dial", Net: "tcp", Err: os.ErrDeadlineExceeded}
	for _, text := range []string{reading, writing} {
		synctest.Test(t, func(t *testing.T) {
			ctx, cancel := context.WithTimeout(t.Context(), time.Hour)
			defer cancel()
			// net's own timeouts are context.DeadlineExceeded too, to errors.Is.
			_, requests, err := play(ctx, t, text, &Client{}, func(int, *http.Request) (*http.Response, error) {
				return nil, errors.Join(slow, context.DeadlineExceeded)
			})
			if problem := asProblem(t, err); problem.Code != sdk.CodeUnreachable || requests != attempts {
				t.Errorf("%d requests, %v", requests, problem)
			}
		})
	}
}

func TestSecretsAreRedacted(t *testing.T) {
	const secret = "AKLTexample/Signature+0123456789=="
	sign := func(request *http.Request, _ *sdk.File, _ []byte) error {
		request.Header.Set("Authorization", secret)
		return nil
	}
	check := func(answer *Answer) error {
		problem := Failure(answer, "", "The vendor said %s", Excerpt(answer.Body))
		problem.VendorCode, problem.VendorRequestID, problem.Hint = "code "+secret, "id "+secret, "hint "+secret
		return problem
	}
	padded := strings.Repeat("x", maxExcerpt-len(secret)/2)
	tests := []struct {
		name   string
		check  func(*Answer) error
		answer *http.Response
		err    error
	}{
		{name: "a page", answer: answerWith(500, "<html>"+secret+"</html>", nil)},
		{name: "an envelope", answer: answerWith(500, `{"m":"`+secret+`"}`, nil)},
		{name: "every field", check: check, answer: answerWith(200, `{"m":"`+secret+`"}`, nil)},
		{name: "a redirect", answer: answerWith(302, "", http.Header{"Location": {"https://example.com/" + secret}})},
		{name: "cut short by the excerpt", answer: answerWith(500, padded+secret, nil)},
		{name: "the transport", err: errors.New("proxy refused " + secret)},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				client := &Client{Sign: sign, Check: test.check, SecretHeaders: []string{"Authorization"}}
				_, _, err := play(t.Context(), t, reading, client, func(int, *http.Request) (*http.Response, error) {
					return test.answer, test.err
				})
				text := asProblem(t, err).Error()
				if strings.Contains(text, secret[:12]) || !strings.Contains(text, "[redacted]") {
					t.Errorf("got %s", text)
				}
			})
		})
	}
}

func TestRequestIDs(t *testing.T) {
	header := func(id string) http.Header { return http.Header{"X-Id": {id}} }
	own := func(answer *Answer) error {
		problem := Failure(answer, "", "no")
		problem.VendorRequestID = "from the envelope"
		return problem
	}
	refused := errors.New("refused")
	tests := []struct {
		name    string
		check   func(*Answer) error
		network transport
		want    string
	}{
		{"the envelope's", own, func(int, *http.Request) (*http.Response, error) {
			return answerWith(400, "{}", header("answered")), nil
		}, "from the envelope"},
		{"the answer's", nil, func(int, *http.Request) (*http.Response, error) {
			return answerWith(400, "no JSON", header("answered")), nil
		}, "answered"},
		{"the request's", nil, func(_ int, r *http.Request) (*http.Response, error) {
			connected(r)
			return answerWith(400, "{}", nil), nil
		}, "asked"},
		{"sent, and never answered", nil, func(_ int, r *http.Request) (*http.Response, error) {
			connected(r)
			return nil, refused
		}, "asked"},
		{"never sent", nil, func(int, *http.Request) (*http.Response, error) { return nil, refused }, ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				client := &Client{RequestIDHeader: "X-Id", Check: test.check, Sign: func(r *http.Request, _ *sdk.File, _ []byte) error {
					r.Header.Set("X-Id", "asked")
					return nil
				}}
				_, _, err := play(t.Context(), t, reading, client, test.network)
				if got := asProblem(t, err).VendorRequestID; got != test.want {
					t.Errorf("request id %q, want %q", got, test.want)
				}
			})
		})
	}
}

func TestEveryAttemptIsSignedAfresh(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		signed, bodies := 0, []string{}
		client := &Client{Sign: func(*http.Request, *sdk.File, []byte) error { signed++; return nil }}
		_, requests, err := play(t.Context(), t, writing, client, func(_ int, r *http.Request) (*http.Response, error) {
			body, err := io.ReadAll(r.Body)
			bodies = append(bodies, string(bytes.TrimSpace(body)))
			return answerWith(429, "{}", nil), err
		})
		if err == nil || signed != requests {
			t.Errorf("%d signatures for %d requests, %v", signed, requests, err)
		}
		if diff := cmp.Diff([]string{"{}", "{}", "{}"}, bodies); diff != "" {
			t.Errorf("bodies (-want +got):\n%s", diff)
		}
	})
}
