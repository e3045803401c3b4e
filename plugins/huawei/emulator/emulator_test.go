package emulator

import (
	"encoding/json"
	"io"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/mqtrail/mqtrail/sdk"
	"github.com/mqtrail/mqtrail/sdk/sandbox"
)

// TestCanonicalText holds the verifier to the vendor's guide, apart from the plugin's signer.
func TestCanonicalText(t *testing.T) {
	request := httptest.NewRequest(http.MethodGet,
		"https://service.region.example.com/v1/77b6a44cba5143ab91d13ab9a8ff44fd/vpcs?marker=13551d6b-755d-4757-b956-536f674975c0&limit=2", nil)
	request.Header.Set("Content-Type", " application/json ")
	request.Header.Set("X-Sdk-Date", "20191115T033655Z")
	got, err := canonicalText(request, []string{"content-type", "host", "x-sdk-date"}, nil)
	if err != nil {
		t.Fatal(err)
	}
	const want = "GET\n/v1/77b6a44cba5143ab91d13ab9a8ff44fd/vpcs/\nlimit=2&marker=13551d6b-755d-4757-b956-536f674975c0\n" +
		"content-type:application/json\nhost:service.region.example.com\nx-sdk-date:20191115T033655Z\n\n" +
		"content-type;host;x-sdk-date\ne3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
	if got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestRefusals(t *testing.T) {
	now := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	vendor, err := DMS(func() time.Time { return now })
	if err != nil {
		t.Fatal(err)
	}
	handler, err := sandbox.Handler(vendor)
	if err != nil {
		t.Fatal(err)
	}
	const messages = "/v2/" + ProjectID + "/instances/" + InstanceID + "/messages"
	signed := func(names string) http.Header {
		return http.Header{
			"X-Sdk-Date":    {"20260102T030405Z"},
			"Authorization": {"SDK-HMAC-SHA256 Access=" + AccessKey + ", SignedHeaders=" + names + ", Signature=00"},
		}
	}
	unsignedToken := signed("host;x-sdk-date")
	unsignedToken.Set("Authorization", strings.Replace(unsignedToken.Get("Authorization"), AccessKey, TemporaryAccessKey, 1))
	unsignedToken.Set("X-Security-Token", SecurityToken)
	token := http.Header{"X-Auth-Token": {AuthToken}}
	for name, test := range map[string]struct {
		method, target string
		header         http.Header
		status         int
		code, says     string
	}{
		"no credentials":     {"GET", messages, nil, 401, "APIGW.0301", "no credentials"},
		"odd authorization":  {"GET", messages, http.Header{"Authorization": {"Basic eA=="}}, 401, "APIGW.0301", "does not parse"},
		"no date signed":     {"GET", messages, signed("host"), 401, "APIGW.0301", "X-Sdk-Date"},
		"wrong signature":    {"GET", messages, signed("host;x-sdk-date"), 401, "APIGW.0301", "canonicalRequest:GET|"},
		"token not signed":   {"GET", messages, unsignedToken, 401, "APIGW.0301", "X-Security-Token is not signed"},
		"wrong token":        {"GET", messages, http.Header{"X-Auth-Token": {"x"}}, 401, "APIGW.0301", "token"},
		"unknown route":      {"GET", "/v2/x", token, 404, "APIGW.0101", "/v2/x"},
		"unknown method":     {"DELETE", messages, token, 404, "APIGW.0101", "DELETE"},
		"topic left out":     {"GET", messages, token, 400, "DMS.00400062", "topic"},
		"odd boolean":        {"GET", messages + "?topic=topic-test&asc=maybe", token, 400, "DMS.00400062", "asc"},
		"odd limit":          {"GET", messages + "?topic=topic-test&limit=-1", token, 400, "DMS.00400062", "limit"},
		"another engine":     {"GET", "/v2/" + ProjectID + "/instances?engine=rabbitmq", token, 400, "DMS.00400062", "engine"},
		"another project":    {"GET", "/v2/p/instances?engine=kafka", token, 401, "DMS.10240104", "project"},
		"project by no name": {"GET", "/v3/projects", token, 400, "DMS.00400062", "name"},
	} {
		t.Run(name, func(t *testing.T) {
			request := httptest.NewRequest(test.method, test.target, nil)
			request.Header = test.header
			recorder := httptest.NewRecorder()
			handler.ServeHTTP(recorder, request)
			var envelope struct {
				Code    string `json:"error_code"`
				Message string `json:"error_msg"`
				ID      string `json:"request_id"`
			}
			if err := json.Unmarshal(recorder.Body.Bytes(), &envelope); err != nil {
				t.Fatalf("%v: %s", err, recorder.Body)
			}
			if recorder.Code != test.status || envelope.Code != test.code || !strings.Contains(envelope.Message, test.says) {
				t.Errorf("HTTP %d %+v, want %+v", recorder.Code, envelope, test)
			}
			if envelope.ID == "" && recorder.Header().Get("X-Request-Id") == "" {
				t.Error("no request id")
			}
		})
	}
}

func TestLayers(t *testing.T) {
	vendor, err := DMS(time.Now)
	if err != nil {
		t.Fatal(err)
	}
	files := vendor.Files
	names, err := sdk.FileNames(files)
	if err != nil {
		t.Fatal(err)
	}
	all := strings.Join(names, "\n")
	if strings.Contains(all, "huawei/mqs/") {
		t.Error("DMS has ROMA Connect's operations")
	}
	for _, want := range []string{"huawei/kafka/show_instance_messages.json", "operations/iam/keystone_list_projects.json", "huawei/rocketmq/list_messages.json"} {
		if !strings.Contains(all, want) {
			t.Errorf("%s is missing of\n%s", want, all)
			continue
		}
		file, err := files.Open(want)
		if err != nil {
			t.Error(err)
			continue
		}
		if data, err := io.ReadAll(file); err != nil || !json.Valid(data) {
			t.Errorf("%s: %v", want, err)
		}
		_ = file.Close() // read only
	}
	if _, err := fs.ReadFile(files, "no/such.json"); err == nil {
		t.Error("a file that is nowhere was read")
	}
}
