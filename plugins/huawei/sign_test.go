package main

import (
	"bufio"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/mqtrail/mqtrail/plugins/huawei/emulator"
	"github.com/mqtrail/mqtrail/sdk"
)

func TestSignatureVectors(t *testing.T) {
	const vpcs = "/v1/77b6a44cba5143ab91d13ab9a8ff44fd/vpcs?limit=2&marker=13551d6b-755d-4757-b956-536f674975c0"
	for name, test := range map[string]struct {
		method, url, secret, date, body string
		names                           []string
		canonicalHash, want             string
	}{
		"get": {
			method: "GET", url: "https://example.com/path?limit=1", secret: "SecretKey", date: "20060102T150405Z",
			names: []string{"x-sdk-date"}, want: "5a2ce64c865e0e6046321c6f3d5a77ba8413eeaf355c3166c03d58d02ac79624",
		},
		"post": {
			method: "POST", url: "https://example.com/path?key=value", secret: "SecretKey", date: "20060102T150405Z",
			body: `{"Name":"test","Id":1}` + "\n", names: []string{"x-sdk-date"},
			want: "cecc2af119b18ab70b4d094c0750f3b42c02f254903179a0fc2cc72fc9db4f59",
		},
		"official guide": {
			method: "GET", url: "https://service.region.example.com" + vpcs, secret: "MFyfvK41ba2giqM7Uio6PznpdUKGpownRZlmVmHc",
			date: "20191115T033655Z", names: []string{"content-type", "host", "x-sdk-date"},
			canonicalHash: "b25362e603ee30f4f25e7858e8a7160fd36e803bb2dfe206278659d71a9bcd7a",
			want:          "7be6668032f70418fcc22abc52071e57aff61b84a1d2381bb430d6870f4f6ebe",
		},
	} {
		t.Run(name, func(t *testing.T) {
			request, err := http.NewRequestWithContext(t.Context(), test.method, test.url, strings.NewReader(test.body))
			if err != nil {
				t.Fatal(err)
			}
			request.Header.Set("Content-Type", "application/json")
			request.Header.Set(headerDate, test.date)
			text := canonical(request, test.names, []byte(test.body))
			if hash := hexSHA256(text); test.canonicalHash != "" && hash != test.canonicalHash {
				t.Errorf("canonical request has hash %s, want %s:\n%s", hash, test.canonicalHash, text)
			}
			if got := signature(test.secret, test.date, text); got != test.want {
				t.Errorf("signature %s, want %s", got, test.want)
			}
		})
	}
}

// TestSignedVector holds the whole signer to the official guide, where it signs the same headers.
func TestSignedVector(t *testing.T) {
	at := time.Date(2019, 11, 15, 3, 36, 55, 0, time.UTC)
	s := signer{keys: keys{access: "AK", secret: "MFyfvK41ba2giqM7Uio6PznpdUKGpownRZlmVmHc"}, now: func() time.Time { return at }}
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet,
		"https://service.region.example.com/v1/77b6a44cba5143ab91d13ab9a8ff44fd/vpcs?limit=2&marker=13551d6b-755d-4757-b956-536f674975c0", nil)
	if err != nil {
		t.Fatal(err)
	}
	s.sign(request, nil)
	const want = "SDK-HMAC-SHA256 Access=AK, SignedHeaders=content-type;host;x-sdk-date, Signature=7be6668032f70418fcc22abc52071e57aff61b84a1d2381bb430d6870f4f6ebe"
	if got := request.Header.Get("Authorization"); got != want {
		t.Errorf("Authorization\n%s, want\n%s", got, want)
	}
}

// wire keeps what would have been sent.
type wire struct {
	request *http.Request
	body    []byte
}

func (w *wire) RoundTrip(request *http.Request) (*http.Response, error) {
	body, err := io.ReadAll(request.Body)
	if err != nil {
		return nil, err
	}
	w.request, w.body = request, body
	return &http.Response{StatusCode: http.StatusOK, Body: io.NopCloser(strings.NewReader("{}")), Request: request}, nil
}

// arrival is the request as a server reads it off the wire.
func (w *wire) arrival(t *rapid.T) *http.Request {
	var text bytes.Buffer
	w.request.Body = io.NopCloser(bytes.NewReader(w.body)) // RoundTrip has read it
	if err := w.request.Write(&text); err != nil {
		t.Fatal(err)
	}
	request, err := http.ReadRequest(bufio.NewReader(&text))
	if err != nil {
		t.Fatal(err)
	}
	return request
}

// anyOperation has parameters everywhere that an operation can have them.
func anyOperation() *sdk.File {
	return &sdk.File{
		Operation: "Any", Method: http.MethodPost, Path: "/v2/{project_id}/instances/{instance_id}/messages", Access: sdk.AccessRead,
		Parameters: []sdk.Parameter{
			{Name: "body", Wire: "body", In: sdk.InBody},
			{Name: "first", Wire: "first", In: sdk.InQuery},
			{Name: "header", Wire: "X-Language", In: sdk.InHeader},
			{Name: "instance_id", Wire: "instance_id", In: sdk.InPath, Required: true},
			{Name: "project_id", Wire: "project_id", In: sdk.InPath, From: "project_id", Required: true},
			{Name: "second", Wire: "second", In: sdk.InQuery},
		},
	}
}

// oddText draws what encodings trip over, and anything else.
func oddText() *rapid.Generator[string] {
	return rapid.OneOf(
		rapid.StringOf(rapid.SampledFrom([]rune("/%+*~ &=?#;:@!$'(),.-_aZ09中文消息轨迹🙂é\n"))),
		rapid.String(),
	)
}

func drawCall(t *rapid.T) *wire {
	sent := &wire{}
	settings := sandboxSettings("https://dms.cn-north-4.myhuaweicloud.com", "https://dms.cn-north-4.myhuaweicloud.com")
	if rapid.Bool().Draw(t, "temporary") {
		settings.AccessKey, settings.SecretKey = emulator.TemporaryAccessKey, emulator.TemporarySecretKey
		settings.SecurityToken = emulator.SecurityToken
	}
	made := newClient(settings)
	made.HTTP = &http.Client{Transport: sent}
	arguments, err := json.Marshal(map[string]string{
		"instance_id": oddText().Filter(func(s string) bool { return s != "" && s != "." && s != ".." }).Draw(t, "instance_id"),
		"first":       oddText().Draw(t, "first"),
		"second":      oddText().Draw(t, "second"),
		"body":        oddText().Draw(t, "body"),
		"header":      rapid.StringOf(rapid.SampledFrom([]rune("ab 中,;:"))).Draw(t, "header"),
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := made.Do(context.Background(), anyOperation(), arguments); err != nil {
		t.Fatal(err)
	}
	return sent
}

func TestEmulatorAcceptsWhatIsSigned(t *testing.T) {
	verify := dms(t, time.Now).Verify
	rapid.Check(t, func(t *rapid.T) {
		sent := drawCall(t)
		if refusal := verify(sent.arrival(t), sent.body); refusal != nil {
			t.Fatalf("refused: %v", refusal.Body)
		}
	})
}

func TestEmulatorRefusesWhatIsChanged(t *testing.T) {
	verify := dms(t, time.Now).Verify
	rapid.Check(t, func(t *rapid.T) {
		sent := drawCall(t)
		request, body := sent.arrival(t), bytes.Clone(sent.body)
		at := func(text string) int { return rapid.IntRange(0, len(text)-1).Draw(t, "at") }
		what := rapid.SampledFrom([]string{"signature", "path", "query", "body", "host", "method", headerDate, headerProject, "Content-Type"}).Draw(t, "what")
		switch what {
		case "signature":
			value := request.Header.Get("Authorization")
			begin := strings.LastIndex(value, "=") + 1
			request.Header.Set("Authorization", value[:begin]+changed(value[begin:], at(value[begin:])))
		case "path":
			path := request.URL.EscapedPath()
			request = withTarget(t, request, "/"+changed(path[1:], at(path[1:]))+"?"+request.URL.RawQuery)
		case "query":
			query := request.URL.RawQuery
			request = withTarget(t, request, request.URL.EscapedPath()+"?"+changed(query, at(query)))
		case "body":
			body[at(string(body))] ^= 1
		case "host":
			request.Host = changed(request.Host, at(request.Host))
		case "method":
			request.Method = http.MethodPut
		default:
			value := request.Header.Get(what)
			request.Header.Set(what, changed(value, at(value)))
		}
		if verify(request, body) == nil {
			t.Fatalf("accepted with another %s: %s %s %v", what, request.Method, request.URL, request.Header)
		}
	})
}

func withTarget(t *rapid.T, request *http.Request, target string) *http.Request {
	made, err := http.NewRequest(request.Method, "http://"+request.Host+target, nil)
	if err != nil {
		t.Fatal(err)
	}
	made.Header = request.Header
	return made
}

// changed changes one byte, to another that leaves percent-encoding well formed and means something else.
func changed(text string, at int) string {
	const cycles = "01234567890ABCDEFAabcdefaGHIJKLMNOPQRSTUVWXYZGghijklmnopqrstuvwxyzg"
	next := byte('x')
	if i := strings.IndexByte(cycles, text[at]); i >= 0 {
		next = cycles[i+1]
	}
	return text[:at] + string(next) + text[at+1:]
}

func TestTokenReplacesSignature(t *testing.T) {
	sent := &wire{}
	settings := sandboxSettings("https://dms.example.com", "https://dms.example.com")
	settings.AccessKey, settings.SecretKey, settings.AuthToken = "", "", emulator.AuthToken
	made := newClient(settings)
	made.HTTP = &http.Client{Transport: sent}
	if _, err := made.Do(t.Context(), anyOperation(), json.RawMessage(`{"instance_id":"i"}`)); err != nil {
		t.Fatal(err)
	}
	header := sent.request.Header
	if header.Get(headerAuthToken) != emulator.AuthToken || header.Get("Authorization") != "" || header.Get(headerDate) != "" {
		t.Errorf("headers %v: want the token alone", header)
	}
	if header.Get(headerProject) != emulator.ProjectID || header.Get("Content-Type") != "application/json" {
		t.Errorf("headers %v: want project and content type on every request", header)
	}
	if dms(t, time.Now).Verify(sent.request, nil) != nil {
		t.Error("the emulator refuses its token")
	}
}

func hexSHA256(text string) string { return fmt.Sprintf("%x", sha256.Sum256([]byte(text))) }
