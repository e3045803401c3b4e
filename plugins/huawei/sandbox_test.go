package main

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/mqtrail/mqtrail/plugins/huawei/emulator"
	"github.com/mqtrail/mqtrail/schemas"
	"github.com/mqtrail/mqtrail/sdk"
	"github.com/mqtrail/mqtrail/sdk/sandbox"
)

func documentedFile(t *testing.T) *sdk.File {
	t.Helper()
	file, err := sdk.ReadFile(schemas.Huawei, "huawei/kafka/show_instance_messages.json")
	if err != nil {
		t.Fatal(err)
	}
	return file
}

func documentedArguments(t *testing.T) json.RawMessage {
	t.Helper()
	return documentedFile(t).Example.Arguments
}

// dms is the emulator of DMS at a time.
func dms(t *testing.T, now func() time.Time) sandbox.Vendor {
	t.Helper()
	vendor, err := emulator.DMS(now)
	if err != nil {
		t.Fatal(err)
	}
	return vendor
}

// roma starts the emulator of ROMA Connect at a time, and returns its base URL.
func roma(t *testing.T, now func() time.Time) string {
	t.Helper()
	vendor, err := emulator.ROMA(now)
	if err != nil {
		t.Fatal(err)
	}
	handler, err := sandbox.Handler(vendor)
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	return server.URL
}

// connect opens a connection to an emulator of its own. seen gets every request before it is answered.
func connect(t *testing.T, now func() time.Time, change func(*Settings), seen func(*http.Request)) *client {
	t.Helper()
	isolate(t, nil, "")
	handler, err := sandbox.Handler(dms(t, now))
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		seen(r)
		handler.ServeHTTP(w, r)
	}))
	t.Cleanup(server.Close)
	settings := sandboxSettings(server.URL, roma(t, now))
	change(&settings)
	made, err := open(t.Context(), settings)
	if err != nil {
		t.Fatal(err)
	}
	return made
}

func unchanged(*Settings)  {}
func unseen(*http.Request) {}

func compact(t *testing.T, raw json.RawMessage) string {
	t.Helper()
	var out bytes.Buffer
	if err := json.Compact(&out, raw); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func TestDocumentedCall(t *testing.T) {
	const wire = "/v2/" + emulator.ProjectID + "/instances/" + emulator.InstanceID +
		"/messages?asc=false&end_time=1608609032042&limit=10&offset=0&start_time=1608608432042&topic=topic-test"
	file := documentedFile(t)
	c := connect(t, time.Now, unchanged, func(r *http.Request) {
		if r.Method != http.MethodGet || r.RequestURI != wire {
			t.Errorf("sent %s %s, want GET %s", r.Method, r.RequestURI, wire)
		}
		if r.Header.Get("Content-Type") != "application/json" || r.Header.Get("X-Project-Id") != emulator.ProjectID {
			t.Errorf("headers %v: want content type and project", r.Header)
		}
	})
	got, err := c.Do(t.Context(), file, file.Example.Arguments)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(compact(t, file.Example.Answer), compact(t, got)); diff != "" {
		t.Errorf("-documented +got\n%s", diff)
	}
}

func TestSandboxMessages(t *testing.T) {
	const none = `{"messages":[],"total":0,"size":0}`
	file := documentedFile(t)
	sample := compact(t, file.Example.Answer)
	c := connect(t, time.Now, unchanged, unseen)
	for name, test := range map[string]struct {
		arguments map[string]any
		want      string // the answer, or
		code      string // the problem's code
		vendor    string // and the vendor's
	}{
		"by offset":           {arguments: map[string]any{"partition": "0", "message_offset": "4", "download": false}, want: sample},
		"documented offset":   {arguments: map[string]any{"partition": "0", "message_offset": "0", "download": false}, want: sample},
		"past the end":        {arguments: map[string]any{"partition": "0", "message_offset": "5"}, want: none},
		"another partition":   {arguments: map[string]any{"partition": "1", "message_offset": "4"}, want: none},
		"any time":            {arguments: map[string]any{"start_time": "0", "end_time": "9"}, want: sample},
		"time wins":           {arguments: map[string]any{"start_time": "0", "end_time": "9", "partition": "7", "message_offset": "9"}, want: sample},
		"keyword found":       {arguments: map[string]any{"start_time": "0", "end_time": "9", "keyword": "world"}, want: sample},
		"keyword not found":   {arguments: map[string]any{"start_time": "0", "end_time": "9", "keyword": "消息"}, want: none},
		"key not found":       {arguments: map[string]any{"start_time": "0", "end_time": "9", "key": "k"}, want: none},
		"words found":         {arguments: map[string]any{"start_time": "0", "end_time": "9", "include": "hello,world", "exclude": "bye"}, want: sample},
		"word excluded":       {arguments: map[string]any{"start_time": "0", "end_time": "9", "exclude": "bye,hello"}, want: none},
		"unknown instance":    {arguments: map[string]any{"instance_id": "no-such", "start_time": "0", "end_time": "9"}, code: sdk.CodeNotFound, vendor: "DMS.00404022"},
		"unknown topic":       {arguments: map[string]any{"topic": "no-such", "start_time": "0", "end_time": "9"}, code: sdk.CodeNotFound, vendor: "DMS.00400876"},
		"half a set":          {arguments: map[string]any{"start_time": "0"}, code: sdk.CodeVendorError, vendor: "DMS.00400062"},
		"limit over 50":       {arguments: map[string]any{"start_time": "0", "end_time": "9", "limit": "51"}, code: sdk.CodeVendorError, vendor: "DMS.00400062"},
		"topic with wildcard": {arguments: map[string]any{"topic": "t*", "start_time": "0", "end_time": "9"}, code: sdk.CodeVendorError, vendor: "DMS.00400062"},
		"time that is none":   {arguments: map[string]any{"start_time": "yesterday", "end_time": "9"}, code: sdk.CodeVendorError, vendor: "DMS.00400062"},
	} {
		t.Run(name, func(t *testing.T) {
			arguments := map[string]any{"instance_id": emulator.InstanceID, "topic": emulator.Topic}
			for key, value := range test.arguments {
				arguments[key] = value
			}
			encoded, err := json.Marshal(arguments)
			if err != nil {
				t.Fatal(err)
			}
			got, err := c.Do(t.Context(), file, encoded)
			if test.code == "" {
				if err != nil || compact(t, got) != test.want {
					t.Errorf("got %s, %v; want %s", got, err, test.want)
				}
				return
			}
			problem := sdk.AsProblem(err)
			if problem == nil || problem.Code != test.code || problem.VendorCode != test.vendor || problem.VendorRequestID == "" {
				t.Errorf("got %s, %#v; want %s, %s and a request id", got, problem, test.code, test.vendor)
			}
		})
	}
}

func TestPathValuesArriveAsOneSegment(t *testing.T) {
	var arrived []string
	c := connect(t, time.Now, unchanged, func(r *http.Request) { arrived = strings.Split(r.URL.EscapedPath(), "/") })
	for _, value := range []string{
		"a/b", "a%2Fb", "../../x", "a b", "a+b", "a*b~c", "100%", "消息", "🙂", "a?b#c", "a;b", "a&b=c", "{instance_id}", "...", "\n", "a\\b", ".\u0000",
	} {
		arguments, err := json.Marshal(map[string]string{"instance_id": value, "topic": "t", "partition": "0", "message_offset": "0"})
		if err != nil {
			t.Fatal(err)
		}
		_, err = c.Do(t.Context(), documentedFile(t), arguments)
		if problem := sdk.AsProblem(err); problem == nil || problem.VendorCode != "DMS.00404022" {
			t.Errorf("%q: got %v, want the signature to hold and the instance not to be found", value, err)
			continue
		}
		if len(arrived) != 6 || arrived[5] != "messages" {
			t.Errorf("%q arrived as %q", value, arrived)
			continue
		}
		if got, err := url.PathUnescape(arrived[4]); err != nil || got != value {
			t.Errorf("%q arrived as %q (%v)", value, got, err)
		}
	}
}

func TestPathValuesThatAreRefused(t *testing.T) {
	c := connect(t, time.Now, unchanged, func(r *http.Request) { t.Errorf("%s was sent", r.URL) })
	for _, value := range []string{"", ".", ".."} {
		arguments, err := json.Marshal(map[string]string{"instance_id": value, "topic": "t"})
		if err != nil {
			t.Fatal(err)
		}
		_, err = c.Do(t.Context(), documentedFile(t), arguments)
		if problem := sdk.AsProblem(err); problem == nil || problem.Code != sdk.CodeInvalidArguments || problem.Pointer != "/instance_id" {
			t.Errorf("%q: got %v", value, err)
		}
	}
}

func TestSandboxCredentials(t *testing.T) {
	late := func() time.Time { return time.Now().Add(-16 * time.Minute) }
	early := func() time.Time { return time.Now().Add(14 * time.Minute) }
	for name, test := range map[string]struct {
		now    func() time.Time
		change func(*Settings)
		vendor string // the vendor's code of the refusal
		hint   string
	}{
		"access key":      {now: time.Now, change: unchanged},
		"clock within 15": {now: early, change: unchanged},
		"temporary": {now: time.Now, change: func(s *Settings) {
			s.AccessKey, s.SecretKey, s.SecurityToken = emulator.TemporaryAccessKey, emulator.TemporarySecretKey, emulator.SecurityToken
		}},
		"auth token":       {now: time.Now, change: func(s *Settings) { s.AccessKey, s.SecretKey, s.AuthToken = "", "", emulator.AuthToken }},
		"project by IAM":   {now: time.Now, change: func(s *Settings) { s.ProjectID = "" }},
		"clock":            {now: late, change: unchanged, vendor: "APIGW.0301", hint: "clock"},
		"wrong secret":     {now: time.Now, change: func(s *Settings) { s.SecretKey = "hush" }, vendor: "APIGW.0301", hint: "secret_key"},
		"unknown key":      {now: time.Now, change: func(s *Settings) { s.AccessKey = "who" }, vendor: "APIGW.0301"},
		"token left out":   {now: time.Now, change: func(s *Settings) { s.AccessKey, s.SecretKey = emulator.TemporaryAccessKey, emulator.TemporarySecretKey }, vendor: "APIGW.0301"},
		"wrong auth token": {now: time.Now, change: func(s *Settings) { s.AccessKey, s.SecretKey, s.AuthToken = "", "", "hush" }, vendor: "APIGW.0301"},
		"another project":  {now: time.Now, change: func(s *Settings) { s.ProjectID = "0123456789abcdef0123456789abcdef" }, vendor: "DMS.10240104", hint: "project_id"},
		"temporary, wrong": {now: time.Now, change: func(s *Settings) {
			s.AccessKey, s.SecretKey, s.SecurityToken = emulator.TemporaryAccessKey, "hush", emulator.SecurityToken
		}, vendor: "APIGW.0301"},
	} {
		t.Run(name, func(t *testing.T) {
			c := connect(t, test.now, test.change, unseen)
			summary, err := probe(t.Context(), c)
			if test.vendor == "" {
				if err != nil || !strings.Contains(summary, emulator.ProjectID) {
					t.Errorf("got %q, %v", summary, err)
				}
				return
			}
			problem := sdk.AsProblem(err)
			if problem == nil || problem.Code != sdk.CodeUnauthorized || problem.VendorCode != test.vendor || problem.VendorRequestID == "" || !strings.Contains(problem.Hint, test.hint) {
				t.Fatalf("got %v, want %s and a hint at %q", err, test.vendor, test.hint)
			}
			for _, secret := range []string{"hush", emulator.SecurityToken} {
				if strings.Contains(problem.Error(), secret) {
					t.Errorf("%q repeats a secret", problem.Error())
				}
			}
		})
	}
}

func TestSandboxIgnoresEnvironment(t *testing.T) {
	isolate(t, map[string]string{
		accessVariable: "ea", secretVariable: "es", tokenVariable: "et", projectVariable: "ep",
		iamVariable: "https://iam.example.com", regionVariable: "cn-east-3",
	}, "")
	settings, err := startSandbox()
	if err != nil {
		t.Fatal(err)
	}
	c, err := open(t.Context(), settings)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.Do(t.Context(), documentedFile(t), documentedArguments(t)); err != nil {
		t.Error(err)
	}
}

func TestUnknownRoute(t *testing.T) {
	c := connect(t, time.Now, unchanged, unseen)
	file := &sdk.File{Operation: "NoSuch", Method: http.MethodGet, Path: "/v2/no-such", Access: sdk.AccessRead}
	_, err := c.Do(t.Context(), file, nil)
	if problem := sdk.AsProblem(err); problem == nil || problem.VendorCode != "APIGW.0101" || problem.Code != sdk.CodeNotFound {
		t.Errorf("got %v", err)
	}
}
