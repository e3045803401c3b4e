package main

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/mqtrail/mqtrail/plugins/ctyun/emulator"
	"github.com/mqtrail/mqtrail/schemas"
	"github.com/mqtrail/mqtrail/sdk"
	"github.com/mqtrail/mqtrail/sdk/sandbox"
)

// The instances of the sandbox that the tests name.
const (
	shopQueue  = "70687660456281088"
	loadtest   = "70687660456281120"
	retired    = "70687660456281136"
	shopEvents = "c3f1a90b5d7e4c18a2b64d0e9f71c835"
	staging    = "c3f1a90b5d7e4c18a2b64d0e9f71c836"
)

// shop is a connection to fresh emulators of both products.
type shop struct {
	*testing.T
	client *client
}

func newShop(t *testing.T) shop {
	t.Helper()
	c, err := open(t.Context(), settings{
		Settings:      sdk.Settings{Endpoint: serveProduct(t, emulator.RocketMQ, nil)},
		KafkaEndpoint: serveProduct(t, emulator.Kafka, nil),
		AccessKey:     emulator.AccessKey, SecretKey: emulator.SecretKey, RegionID: emulator.RegionID,
	})
	if err != nil {
		t.Fatal(err)
	}
	return shop{t, c}
}

// do calls an operation, like rocketmq/topic_create, and returns its returnObj.
func (s shop) do(name, arguments string) answer {
	s.Helper()
	file, err := sdk.ReadFile(schemas.CTyun, "ctyun/"+name+".json")
	if err != nil {
		s.Fatal(err)
	}
	got, err := s.client.Do(s.Context(), file, json.RawMessage(arguments))
	if err != nil {
		s.Fatalf("%s %s: %v", name, arguments, err)
	}
	envelope, _ := exactly(s, got).(map[string]any)
	return answer{s.T, envelope["returnObj"]}
}

// refused calls an operation that has to fail with a message that says something.
func (s shop) refused(name, arguments, says string) {
	s.Helper()
	file, err := sdk.ReadFile(schemas.CTyun, "ctyun/"+name+".json")
	if err != nil {
		s.Fatal(err)
	}
	got, err := s.client.Do(s.Context(), file, json.RawMessage(arguments))
	problem := sdk.AsProblem(err)
	if problem == nil || problem.VendorCode != "201" || !strings.Contains(problem.Message, says) {
		s.Errorf("%s %s: %s, %v; want a refusal that says %q", name, arguments, got, err, says)
	}
}

// answer is a part of an answer.
type answer struct {
	*testing.T
	value any
}

// at goes down by field names, and by index where a number is given.
func (a answer) at(path ...any) answer {
	a.Helper()
	for _, step := range path {
		switch step := step.(type) {
		case string:
			object, ok := a.value.(map[string]any)
			if !ok {
				a.Fatalf("%s of %v", step, a.value)
			}
			a.value = object[step]
		case int:
			list, ok := a.value.([]any)
			if !ok || step >= len(list) {
				a.Fatalf("%d of %v", step, a.value)
			}
			a.value = list[step]
		}
	}
	return a
}

// is checks a value: a text, or a number as text.
func (a answer) is(want string) {
	a.Helper()
	if got := a.text(); got != want {
		a.Errorf("got %v, want %s", a.value, want)
	}
}

func (a answer) text() string {
	switch value := a.value.(type) {
	case string:
		return value
	case json.Number:
		return value.String()
	default:
		encoded, err := json.Marshal(value)
		if err != nil {
			return err.Error()
		}
		return string(encoded)
	}
}

// all are the values of one field of a list's entries.
func (a answer) all(field string) []string {
	a.Helper()
	list, ok := a.value.([]any)
	if !ok {
		a.Fatalf("no list: %v", a.value)
	}
	texts := []string{}
	for n := range list {
		texts = append(texts, a.at(n, field).text())
	}
	return texts
}

// lists checks whether the entries of a list have a value in a field.
func (a answer) lists(field, value string, want bool) {
	a.Helper()
	if got := a.all(field); slices.Contains(got, value) != want {
		a.Errorf("%s %q among %v is %t", field, value, got, !want)
	}
}

// products are the emulators by folder.
var products = map[string]func(func() time.Time) (sandbox.Vendor, error){rocketmq: emulator.RocketMQ, kafka: emulator.Kafka}

// Every operation has an example, and each works whichever came before: plugintest calls them in order, this in the
// opposite one.
func TestExamplesInAnyOrder(t *testing.T) {
	names, err := sdk.FileNames(schemas.CTyun)
	if err != nil {
		t.Fatal(err)
	}
	s := newShop(t)
	slices.Reverse(names)
	for _, name := range names {
		name = strings.TrimSuffix(strings.TrimPrefix(name, "ctyun/"), ".json")
		file, err := sdk.ReadFile(schemas.CTyun, "ctyun/"+name+".json")
		if err != nil {
			t.Fatal(err)
		}
		if file.Example == nil {
			t.Errorf("%s has no example", name)
			continue
		}
		s.do(name, string(file.Example.Arguments))
	}
	if len(names) != 204 {
		t.Errorf("%d operations; 80 of RocketMQ and 124 of Kafka were expected", len(names))
	}
}

// Nothing is answered without a signature, nor with that of another account.
func TestNothingUnsignedIsAnswered(t *testing.T) {
	for folder, product := range products {
		vendor, err := product(time.Now)
		if err != nil {
			t.Fatal(err)
		}
		handler, err := sandbox.Handler(vendor)
		if err != nil {
			t.Fatal(err)
		}
		names, err := sdk.FileNames(vendor.Files)
		if err != nil {
			t.Fatal(err)
		}
		stranger := signer{"stranger", "unknown", time.Now}
		for _, name := range names {
			file, err := sdk.ReadFile(vendor.Files, name)
			if err != nil {
				t.Fatal(err)
			}
			for _, sign := range []func(*http.Request){
				func(*http.Request) {},
				func(request *http.Request) { _ = stranger.sign(request, file, nil) }, // never fails
			} {
				request := httptest.NewRequestWithContext(t.Context(), file.Method, file.Path, nil)
				sign(request)
				recorder := httptest.NewRecorder()
				handler.ServeHTTP(recorder, request)
				if code := (answer{t, exactly(t, recorder.Body.Bytes())}).at("statusCode").text(); code != "CTAPI_10002" {
					t.Errorf("%s %s was answered with %s", folder, name, recorder.Body)
				}
			}
		}
	}
}

// Some routes are both products': the host alone tells which is meant.
func TestProductsAreApart(t *testing.T) {
	s := newShop(t)
	s.do("kafka/topic_create", `{"prodInstId":"`+shopEvents+`","topicName":"returns"}`)
	s.refused("rocketmq/topic_status", `{"prodInstId":"`+shopQueue+`","topicName":"returns"}`, "topic returns does not exist")
	s.refused("rocketmq/topic_status", `{"prodInstId":"`+shopEvents+`","topicName":"orders"}`, "instance "+shopEvents+" does not exist")
	s.do("kafka/topic_status", `{"prodInstId":"`+shopEvents+`","topicName":"returns"}`).at("total").is("0")
	if _, err := s.client.Do(t.Context(), &sdk.File{Product: "other", Operation: "o"}, nil); sdk.AsProblem(err) == nil || sdk.AsProblem(err).Code != sdk.CodeInternal {
		t.Errorf("a product that the plugin does not know: %v", err)
	}
}
