package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/mqtrail/mqtrail/plugins/aliyun/emulator"
	"github.com/mqtrail/mqtrail/schemas"
	"github.com/mqtrail/mqtrail/sdk"
	"github.com/mqtrail/mqtrail/sdk/sandbox"
)

// allOperations are the vendor's operation files.
func allOperations(t *testing.T) []*sdk.File {
	t.Helper()
	names, err := sdk.FileNames(schemas.Aliyun)
	if err != nil {
		t.Fatal(err)
	}
	var files []*sdk.File
	for _, name := range names {
		file, err := sdk.ReadFile(schemas.Aliyun, name)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, file)
	}
	return files
}

// unshown are the described fields that no example shows: the shop has no lite topics.
var unshown = []string{"get_consumer_group_lag/liteTopicLagMap/*/deliveryDuration", "get_consumer_group_lag/liteTopicLagMap/*/readyCount"}

// Every operation has an example, which works at the start. It is answered in the envelope of a success, with no
// failure's code or message beside it, and with every field that the output schema describes, by the name it has there.
func TestEveryExample(t *testing.T) {
	start := connect(t, emulated(t, time.Now))
	for _, file := range allOperations(t) {
		t.Run(file.Name, func(t *testing.T) {
			if file.Example == nil {
				t.Fatal("the operation has no example")
			}
			c := start
			if file.Access != sdk.AccessRead {
				c = connect(t, emulated(t, time.Now))
			}
			answer, err := c.Do(t.Context(), file, file.Example.Arguments)
			if err != nil {
				t.Fatal(err)
			}
			if file.Example.Answer != nil {
				return // as documented, which TestDocumentedCalls holds
			}
			if got := found(t, `[.success, .code, .httpStatusCode, .message, (.requestId | length > 0)]`, answer); got != `[true,"200",200,null,true]` {
				t.Errorf("the envelope has %s", got)
			}
			for _, field := range absent(t, file, answer) {
				if !slices.Contains(unshown, field) {
					t.Errorf("%s is described and not answered", field)
				}
			}
		})
	}
}

// absent are the fields of the data that the file describes and the answer does not have.
func absent(t *testing.T, file *sdk.File, answer json.RawMessage) []string {
	t.Helper()
	var output shape
	if err := json.Unmarshal(file.Output, &output); err != nil {
		t.Fatal(err)
	}
	var got struct{ Data any }
	if err := json.Unmarshal(answer, &got); err != nil {
		t.Fatal(err)
	}
	return output.Properties["data"].absent(file.Name, got.Data)
}

// shape is the part of a schema that says which fields there are.
type shape struct {
	Properties map[string]shape `json:"properties"`
	Items      *shape           `json:"items"`
	Additional *shape           `json:"additionalProperties"`
}

// absent are the fields that the shape has and no value of a list, or the one value, has.
func (s shape) absent(path string, value any) []string {
	if s.Items != nil {
		list, _ := value.([]any)
		if len(list) == 0 && len(s.Items.Properties) > 0 {
			return []string{path + ": an empty list"}
		}
		var absent []string
		for i, item := range list {
			if here := s.Items.absent(path, item); i == 0 || len(here) < len(absent) {
				absent = here
			}
		}
		return absent
	}
	object, _ := value.(map[string]any)
	var absent []string
	for name, property := range s.Properties {
		field, ok := object[name]
		if !ok {
			absent = append(absent, path+"/"+name)
			continue
		}
		absent = append(absent, property.absent(path+"/"+name, field)...)
	}
	if s.Additional != nil && len(s.Additional.Properties) > 0 {
		if len(object) == 0 {
			object = map[string]any{"*": nil}
		}
		for _, field := range object {
			absent = append(absent, s.Additional.absent(path+"/*", field)...)
		}
	}
	slices.Sort(absent)
	return slices.Compact(absent)
}

// Nothing is answered to a request that nobody signed.
func TestUnsignedRequestsAreRefused(t *testing.T) {
	handler, err := sandbox.Handler(emulator.Vendor(time.Now))
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range allOperations(t) {
		path := strings.NewReplacer("{", "", "}", "").Replace(file.Path)
		recorder := httptest.NewRecorder()
		handler.ServeHTTP(recorder, httptest.NewRequestWithContext(t.Context(), file.Method, path, nil))
		if recorder.Code != http.StatusBadRequest || !strings.Contains(recorder.Body.String(), "MissingAuthorization") {
			t.Errorf("%s: HTTP %d %s", file.Name, recorder.Code, recorder.Body)
		}
	}
}

// An operation that the emulator does not act out answers an example of its schema, as a success.
func TestOtherOperationsAnswerAnExample(t *testing.T) {
	file := parse(t, `{"operation":"GetWeather","request":"GET /weather","access":"read","input":{"type":"object"},
		"output":{"type":"object","properties":{"data":{"type":["object","null"],"properties":{"sun":{"type":["integer","null"],"examples":[7]}}},
		"code":{"type":["string","null"],"examples":["Instance.NotFound"]}}}}`)
	vendor := emulator.Vendor(time.Now)
	answer := vendor.Missing(&sandbox.Call{File: file})
	encoded, err := json.Marshal(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	if got := found(t, `[.code, .success, .data.sun]`, encoded); got != `["200",true,7]` {
		t.Errorf("HTTP %d %s", answer.Status, encoded)
	}
}

// Many callers at once change the same things: each thing is created once and deleted once, and nobody waits for ever.
func TestManyCallersAtOnce(t *testing.T) {
	c := connect(t, emulated(t, time.Now))
	const callers, topics = 8, 5
	var wait sync.WaitGroup
	var mutex sync.Mutex
	counts := map[string]int{}
	for range callers {
		wait.Go(func() {
			for n := range topics {
				arguments := json.RawMessage(fmt.Sprintf(`{"instanceId":"rmq-cn-shop0hz0001","topicName":"many-%d","messageType":"NORMAL"}`, n))
				_, err := c.Do(t.Context(), operation(t, "create_topic"), arguments)
				if _, err := c.Do(t.Context(), operation(t, "list_topics"), json.RawMessage(`{"instanceId":"rmq-cn-shop0hz0001"}`)); err != nil {
					t.Error(err)
				}
				mutex.Lock()
				if err == nil {
					counts["created"]++
				} else {
					counts[sdk.AsProblem(err).VendorCode]++
				}
				mutex.Unlock()
			}
		})
	}
	wait.Wait()
	if diff := cmp.Diff(map[string]int{"created": topics, "Topic.Existed": (callers - 1) * topics}, counts); diff != "" {
		t.Error(diff)
	}
}

// A sandbox starts alike every time, but for the times and what is made from them; the example message is the same
// at any time.
func TestSampleMessage(t *testing.T) {
	file := operation(t, "get_message_detail")
	for _, later := range []time.Duration{0, 10 * time.Minute} {
		began := time.Now().Add(later)
		answer, err := connect(t, emulated(t, func() time.Time { return began })).Do(t.Context(), file, file.Example.Arguments)
		if err != nil {
			t.Fatal(err)
		}
		if got := found(t, `.data | [.bornTime, .messageKeys[0], (.messageId | length)]`, answer); got != `["2025-06-02 10:15:30","ORDER-EXAMPLE",34]` {
			t.Errorf("%v later: %s", later, got)
		}
	}
}

// The id of a message says when it was born: seconds since 2021, as the zone of the printed time counts them.
func TestMessageIDsTellTheTime(t *testing.T) {
	c := connect(t, emulated(t, time.Now))
	seen := map[string]bool{}
	for _, topic := range []string{"orders", "payments", "shipments", "reminders", "DLQ_mailer", "samples"} {
		answer, err := c.Do(t.Context(), operation(t, "list_messages"), json.RawMessage(fmt.Sprintf(
			`{"instanceId":"rmq-cn-shop0hz0001","topicName":%q,"startTime":"2020-01-01 00:00:00","endTime":"2036-01-01 00:00:00","pageSize":200}`, topic)))
		if err != nil {
			t.Fatal(err)
		}
		var got struct {
			Data struct {
				List []struct{ MessageID, BornTime string }
			}
		}
		if err := json.Unmarshal(answer, &got); err != nil {
			t.Fatal(err)
		}
		if len(got.Data.List) == 0 {
			t.Errorf("%s has no messages", topic)
		}
		for _, m := range got.Data.List {
			if born := bornBy(t, m.MessageID); born != m.BornTime || seen[m.MessageID] {
				t.Errorf("%s in %s is born at %s by its id and at %s by its answer", m.MessageID, topic, born, m.BornTime)
			}
			seen[m.MessageID] = true
		}
	}
}

// bornBy is the time that an id of version 5 has.
func bornBy(t *testing.T, id string) string {
	t.Helper()
	var version, process, seconds, sequence uint64
	var card string
	if n, err := fmt.Sscanf(id, "%2x%12s%4x%8x%8x", &version, &card, &process, &seconds, &sequence); n != 5 || err != nil || version != 1 || len(id) != 34 {
		t.Fatalf("%s is no id of version 5: %v", id, err)
	}
	return time.Date(2021, 1, 1, 0, 0, 0, 0, time.UTC).Add(time.Duration(seconds) * time.Second).Format(time.DateTime)
}
