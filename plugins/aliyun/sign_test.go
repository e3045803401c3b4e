package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"pgregory.net/rapid"

	"github.com/mqtrail/mqtrail/plugins/aliyun/emulator"
	"github.com/mqtrail/mqtrail/sdk"
	"github.com/mqtrail/mqtrail/sdk/rest"
)

// The vectors were made by the vendor's documents and by its own library.
func TestSignatureVectors(t *testing.T) {
	var file struct {
		AccessKeyID     string `json:"accessKeyId"`
		AccessKeySecret string `json:"accessKeySecret"`
		Vectors         []struct {
			ID, Method, Path, Body, Signature string
			Query, Headers                    map[string]string
		}
	}
	text, err := os.ReadFile("testdata/signatures.json")
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(text, &file); err != nil {
		t.Fatal(err)
	}
	if len(file.Vectors) != 5 {
		t.Fatalf("%d vectors, want 5", len(file.Vectors))
	}
	for _, vector := range file.Vectors {
		t.Run(vector.ID, func(t *testing.T) {
			var query []string
			for name, value := range vector.Query {
				query = append(query, rest.Escape(name)+"="+rest.Escape(value))
			}
			slices.Sort(query)
			address := "https://" + vector.Headers["host"] + vector.Path + "?" + strings.Join(query, "&")
			request, err := http.NewRequestWithContext(t.Context(), vector.Method, address, http.NoBody)
			if err != nil {
				t.Fatal(err)
			}
			if kind := vector.Headers["content-type"]; kind != "" {
				request.Header.Set("Content-Type", kind)
			}
			date, err := time.Parse(dateFormat, vector.Headers["x-acs-date"])
			if err != nil {
				t.Fatal(err)
			}
			s := signer{
				now:   func() time.Time { return date.In(time.FixedZone("UTC+8", 8*3600)) },
				nonce: func() string { return vector.Headers["x-acs-signature-nonce"] },
			}
			s.sign(request, []byte(vector.Body),
				call{action: vector.Headers["x-acs-action"], version: vector.Headers["x-acs-version"]},
				credential{file.AccessKeyID, file.AccessKeySecret, vector.Headers["x-acs-security-token"]})
			if got := request.Header.Get("Authorization"); !strings.HasSuffix(got, ",Signature="+vector.Signature) {
				t.Errorf("Authorization = %s, want the signature %s", got, vector.Signature)
			}
		})
	}
}

const anyFile = `{
  "operation": "Anything", "title": "-", "description": "-", "access": "write", "toolset": "admin",
  "request": "POST /instances/{instance}/things/{thing}",
  "input": {"type": "object", "properties": {
    "instance": {"type": "string", "x-in": "path"}, "thing": {"type": "string", "x-in": "path"},
    "filter": {"type": "string", "x-in": "query"}, "tags": {"type": "array", "x-in": "query"},
    "extra": {"type": "string", "x-in": "header", "x-name": "x-acs-extra"},
    "remark": {"type": "string", "x-in": "body"}
  }, "required": ["instance", "thing"]},
  "output": {"type": "object"}
}`

// What the plugin signs, the emulator accepts, whatever the arguments; with any byte changed it refuses.
func TestSignatureProperty(t *testing.T) {
	file, err := sdk.ReadFile(fstest.MapFS{"p/anything.json": {Data: []byte(anyFile)}}, "p/anything.json")
	if err != nil {
		t.Fatal(err)
	}
	verify := emulator.Vendor(time.Now).Verify
	text := rapid.StringOfN(rapid.OneOf(
		rapid.SampledFrom([]rune("/%+*~ .-_?&=#;:@,'\"\\<>|消息轨迹😀é\u200b")), rapid.Rune()), 1, 24, -1)
	segment := text.Filter(func(s string) bool { return s != "." && s != ".." })
	header := rapid.StringMatching(`[!-~]([ -~]{0,20}[!-~])?`)
	keys := rapid.SampledFrom([]credential{
		{emulator.AccessKeyID, emulator.AccessKeySecret, ""},
		{emulator.TemporaryKeyID, emulator.TemporaryKeySecret, emulator.TemporaryToken},
	})
	rapid.Check(t, func(t *rapid.T) {
		arguments, err := json.Marshal(map[string]any{
			"instance": segment.Draw(t, "instance"), "thing": segment.Draw(t, "thing"), "filter": text.Draw(t, "filter"),
			"tags": rapid.SliceOf(text).Draw(t, "tags"), "extra": header.Draw(t, "extra"), "remark": text.Draw(t, "remark"),
		})
		if err != nil {
			t.Fatal(err)
		}
		wire := signedRequest(t, file, arguments, keys.Draw(t, "key"))
		request, body := received(t, wire)
		if refusal := verify(request, body); refusal != nil {
			t.Fatalf("refused: %v\n%s", refusal.Body, wire)
		}
		request, body = received(t, wire)
		what := change(t, request, &body)
		if verify(request, body) == nil {
			t.Fatalf("accepted with %s changed\n%s", what, wire)
		}
	})
}

// signedRequest is what the client writes to the network.
func signedRequest(t *rapid.T, file *sdk.File, arguments json.RawMessage, key credential) []byte {
	c, err := open(t.Context(), Settings{
		Settings:    sdk.Settings{Endpoint: "https://host.example/base"},
		AccessKeyID: key.id, AccessKeySecret: key.secret, SecurityToken: key.token,
	})
	if err != nil {
		t.Fatal(err)
	}
	network := &recorder{}
	c.HTTP = &http.Client{Transport: network}
	if _, err := c.Do(t.Context(), file, arguments); err != nil {
		t.Fatal(err)
	}
	return network.wire
}

// recorder is a network that writes a request down and answers that it went well.
type recorder struct{ wire []byte }

func (r *recorder) RoundTrip(request *http.Request) (*http.Response, error) {
	var wire bytes.Buffer
	if err := request.Write(&wire); err != nil {
		return nil, err
	}
	r.wire = wire.Bytes()
	return &http.Response{StatusCode: http.StatusOK, Body: io.NopCloser(strings.NewReader(`{"success":true}`))}, nil
}

// received is the request as a server reads it.
func received(t *rapid.T, wire []byte) (*http.Request, []byte) {
	request, err := http.ReadRequest(bufio.NewReader(bytes.NewReader(wire)))
	if err != nil {
		t.Fatal(err)
	}
	body, err := io.ReadAll(request.Body)
	if err != nil {
		t.Fatal(err)
	}
	return request, body
}

// change replaces one byte of what was signed.
func change(t *rapid.T, request *http.Request, body *[]byte) string {
	path, query, _ := strings.Cut(request.RequestURI, "?")
	changes := map[string]func(){
		"method": func() { request.Method = otherByte(t, request.Method) },
		"path":   func() { request.RequestURI = otherByte(t, path) + "?" + query },
		"query":  func() { request.RequestURI = path + "?" + otherByte(t, query) },
		"body":   func() { *body = []byte(otherByte(t, string(*body))) },
		"host":   func() { request.Host = otherByte(t, request.Host) },
	}
	for name := range request.Header {
		if strings.HasPrefix(name, "X-Acs-") || name == "Content-Type" || name == "Authorization" {
			changes[name] = func() { request.Header.Set(name, otherByte(t, request.Header.Get(name))) }
			changes[name+" (left out)"] = func() { request.Header.Del(name) }
		}
	}
	var names []string
	for name := range changes {
		names = append(names, name)
	}
	slices.Sort(names)
	name := rapid.SampledFrom(names).Draw(t, "changed")
	changes[name]()
	return name
}

func otherByte(t *rapid.T, text string) string {
	at := rapid.IntRange(0, len(text)-1).Draw(t, "at")
	other := rapid.SampledFrom([]byte("0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")).
		Filter(func(b byte) bool { return b != text[at] }).Draw(t, "other")
	return fmt.Sprint(text[:at], string(rune(other)), text[at+1:])
}
