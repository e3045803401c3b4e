package sandbox

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
)

// acme is a vendor whose refusals say which fault was found.
func acme() Vendor {
	return Vendor{
		Files: files(everywhere),
		Verify: func(request *http.Request, body []byte) *Answer {
			if request.Header.Get("X-Signature") != fmt.Sprint(len(body)) {
				return &Answer{Status: http.StatusForbidden, Body: "bad signature"}
			}
			return nil
		},
		Refuse: func(fault Fault) *Answer {
			text := fmt.Sprintf("fault %d %s, file %t, request %t", fault.Kind, fault.Parameter, fault.File != nil, fault.Request != nil)
			return &Answer{Status: http.StatusBadRequest, Body: []byte(text)}
		},
	}
}

func ask(t *testing.T, handler http.Handler, method, target, body string) *httptest.ResponseRecorder {
	t.Helper()
	request := httptest.NewRequestWithContext(t.Context(), method, target, strings.NewReader(body))
	request.Header.Set("X-Signature", fmt.Sprint(len(body)))
	recorder := httptest.NewRecorder()
	handler.ServeHTTP(recorder, request)
	return recorder
}

func TestAnswers(t *testing.T) {
	fault := func(kind FaultKind, parameter string, file bool) string {
		return fmt.Sprintf("fault %d %s, file %t, request true", kind, parameter, file)
	}
	tests := []struct {
		name, method, target, body string
		status                     int
		want                       string
	}{
		{"the documented call, digit for digit", "POST", "/things/7", `{"wireNeeded":1}`, 200, `{"big":9007199254740993,"a":1.10}`},
		{"with more arguments", "POST", "/things/7?wire.text=a", `{"wireNeeded":1}`, 200, `{"big":9007199254740993,"a":1.10}`},
		{"another identifier", "POST", "/things/8", `{"wireNeeded":1}`, 200, `{"made":"up"}`},
		{"no such route", "POST", "/elsewhere", `{}`, 400, fault(UnknownRoute, "", false)},
		{"another method", "GET", "/things/7", ``, 400, fault(UnknownRoute, "", false)},
		{"no such segment", "POST", "/things/", `{}`, 400, fault(UnknownRoute, "", false)},
		{"missing", "POST", "/things/7", `{}`, 400, fault(MissingParameter, "wireNeeded", true)},
		{"missing with the body", "POST", "/things/7", ``, 400, fault(MissingParameter, "wireNeeded", true)},
		{"no JSON", "POST", "/things/7", `{"wireNeeded":`, 400, fault(BadBody, "", true)},
		{"no object", "POST", "/things/7", `[1]`, 400, fault(BadBody, "", true)},
		{"a query that does not decode", "POST", "/things/7?a=%zz", `{"wireNeeded":1}`, 400, fault(BadParameter, "", true)},
		{"another type", "POST", "/things/7?count=x", `{"wireNeeded":1}`, 400, fault(BadParameter, "count", true)},
		{"a number that JSON does not know", "POST", "/things/7?count=007", `{"wireNeeded":1}`, 400, fault(BadParameter, "count", true)},
		{"out of bounds, by wire name", "POST", "/things/7", `{"wireNeeded":0}`, 400, fault(BadParameter, "wireNeeded", true)},
		{"too long, by wire name", "POST", "/things/7?wire.text=abcdef", `{"wireNeeded":1}`, 400, fault(BadParameter, "wire.text", true)},
		{"a fraction", "POST", "/things/7", `{"wireNeeded":1.5}`, 400, fault(BadParameter, "wireNeeded", true)},
	}
	handler, err := Handler(acme())
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got := ask(t, handler, test.method, test.target, test.body)
			if got.Code != test.status || got.Body.String() != test.want {
				t.Errorf("HTTP %d %s; want %d %s", got.Code, got.Body, test.status, test.want)
			}
		})
	}
}

func TestSignatureComesFirst(t *testing.T) {
	handler, err := Handler(acme())
	if err != nil {
		t.Fatal(err)
	}
	recorder := httptest.NewRecorder()
	handler.ServeHTTP(recorder, httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/elsewhere", strings.NewReader("{")))
	if recorder.Code != http.StatusForbidden || recorder.Body.String() != `"bad signature"` {
		t.Errorf("HTTP %d %s", recorder.Code, recorder.Body)
	}
}

func TestLargeRequestIsRefused(t *testing.T) {
	handler, err := Handler(acme())
	if err != nil {
		t.Fatal(err)
	}
	got := ask(t, handler, http.MethodPost, "/things/7", `{"wireNeeded":1,"body":"`+strings.Repeat("x", maxBody)+`"}`)
	if got.Code != http.StatusRequestEntityTooLarge {
		t.Errorf("HTTP %d %.100s", got.Code, got.Body)
	}
}

func TestOwnDataComesBeforeTheExample(t *testing.T) {
	vendor := acme()
	vendor.Respond = func(call *Call) *Answer {
		if call.Text("text") != "own" || call.Text("needed") != "" {
			return nil
		}
		return &Answer{Status: http.StatusAccepted, Header: http.Header{"X-Request-Id": {"r"}}, Body: map[string]string{"own": call.File.Operation}}
	}
	vendor.Missing = func(call *Call) *Answer {
		if call.Text("id") != "9" {
			return nil
		}
		return &Answer{Status: http.StatusNotFound}
	}
	handler, err := Handler(vendor)
	if err != nil {
		t.Fatal(err)
	}
	const body = `{"wireNeeded":1}`
	own := ask(t, handler, http.MethodPost, "/things/7?wire.text=own", body)
	if own.Code != http.StatusAccepted || own.Body.String() != `{"own":"Everywhere"}` || own.Header().Get("X-Request-Id") != "r" || own.Header().Get("Content-Type") == "" {
		t.Errorf("own data: HTTP %d %v %s", own.Code, own.Header(), own.Body)
	}
	for target, want := range map[string]int{"/things/7": http.StatusOK, "/things/8": http.StatusOK, "/things/9": http.StatusNotFound} {
		if got := ask(t, handler, http.MethodPost, target, body); got.Code != want {
			t.Errorf("%s: HTTP %d, want %d", target, got.Code, want)
		}
	}
}

func TestStart(t *testing.T) {
	endpoint, err := Start(acme())
	if err != nil {
		t.Fatal(err)
	}
	const body = `{"wireNeeded":1}`
	var wait sync.WaitGroup
	for range 8 {
		wait.Go(func() {
			request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, endpoint+"/things/7", strings.NewReader(body))
			if err != nil {
				t.Error(err)
				return
			}
			request.Header.Set("X-Signature", fmt.Sprint(len(body)))
			response, err := http.DefaultClient.Do(request)
			if err != nil {
				t.Error(err)
				return
			}
			defer func() { _ = response.Body.Close() }()
			if got, err := io.ReadAll(response.Body); err != nil || string(got) != `{"big":9007199254740993,"a":1.10}` {
				t.Errorf("%s, %v", got, err)
			}
		})
	}
	wait.Wait()
}

func TestBrokenFileStopsTheEmulator(t *testing.T) {
	for name, text := range map[string]string{
		"no JSON": `{`, "no request": strings.Replace(everywhere, "POST /things", "things", 1),
	} {
		if _, err := Handler(Vendor{Files: files(text)}); err == nil || !strings.Contains(err.Error(), "product/everywhere.json") {
			t.Errorf("%s: %v", name, err)
		}
	}
}
