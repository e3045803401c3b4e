package verbs

import (
	"encoding/base64"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/mqtrail/mqtrail/sdk"
	"github.com/mqtrail/mqtrail/sdk/trail"
)

// aPage is a page of messages: id at age, stored or known to traces alone.
func aPage(total int, entries ...string) string {
	return fmt.Sprintf(`{"totalCount":%d,"pageNumber":1,"pageSize":200,"list":[%s]}`, total, strings.Join(entries, ","))
}

func stored(id string, age time.Duration) string {
	body := "body of " + id
	return fmt.Sprintf(`{"messageId":%q,"bornTime":%q,"storeTime":%[2]q,"body":%q,"bodySize":%d,"messageKeys":["k"]}`,
		id, moment().Add(-age).Format(layout), base64.StdEncoding.EncodeToString([]byte(body)), len(body))
}

func traced(id string, age time.Duration) string {
	return fmt.Sprintf(`{"messageId":%q,"bornTime":%q,"messageKeys":["k"]}`, id, moment().Add(-age).Format(layout))
}

// ids are what matters of an answer: ids, with what is special about each.
func ids(answer *trail.FindAnswer) []string {
	all := []string{}
	for _, m := range answer.Messages {
		id := m.ID
		if m.TraceOnly {
			id += " trace only"
		}
		all = append(all, id)
	}
	return all
}

// Both sides are asked, what they know is joined, and it is said which side knew it.
func TestFindByKey(t *testing.T) {
	refused := refuses(sdk.CodeThrottled, "Throttling")
	hour := time.Hour.Milliseconds()
	tests := map[string]struct {
		messages, traces func(map[string]any) (string, error)
		window           trail.Window
		want             []string
		incomplete       string
		note             string
	}{
		"both": {says(aPage(2, stored("b", time.Hour), stored("a", 2*time.Hour))), says(aPage(2, traced("c", 30*time.Minute), traced("b", time.Hour))), trail.Window{},
			[]string{"c trace only", "b", "a"}, "", "1 of the messages have no trace"},
		"neither":                      {says(aPage(0)), says(aPage(0)), trail.Window{}, []string{}, "", ""},
		"no list at all":               {says(`null`), says(`{"list":null}`), trail.Window{}, []string{}, "", ""},
		"messages refused":             {refused, says(aPage(1, traced("c", time.Hour))), trail.Window{}, []string{"c"}, "Which messages are stored is not known", ""},
		"traces refused":               {says(aPage(1, stored("a", time.Hour))), refused, trail.Window{}, []string{"a"}, "scheduled and uncommitted", ""},
		"the vendor knows no such":     {refuses(sdk.CodeNotFound, "Message.NotFound"), says(aPage(0)), trail.Window{}, []string{}, "", ""},
		"outside of the window":        {says(aPage(2, stored("a", 10*time.Hour), stored("b", time.Hour))), says(aPage(0)), trail.Window{FromMS: moment().UnixMilli() - 2*hour}, []string{"b"}, "", "1 more with this key"},
		"as many as are found at most": {says(many(64)), says(aPage(0)), trail.Window{}, nil, "newest 64", "64 of the messages have no trace"},
		"more traces than are read":    {says(aPage(0)), says(aPage(5000, traced("a", time.Hour))), trail.Window{}, []string{"a trace only"}, "of 5000 traces were read", ""},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			v, made := telling(t, answers{"ListMessages": test.messages, "ListTraces": test.traces})
			got, err := v.FindMessages(t.Context(), trail.FindRequest{Instance: "i", Topic: "t", Key: "k", Window: test.window})
			if err != nil {
				t.Fatal(err)
			}
			if test.want != nil {
				same(t, name, test.want, ids(got))
			}
			holdsText(t, "incomplete", got.Incomplete, test.incomplete)
			holdsText(t, "notes", got.Notes, test.note)
			asked := made.made("ListTraces")[0].Arguments
			if asked["queryType"] != "MESSAGE_KEY" || asked["startTime"] == nil || asked["endTime"] != "2026-03-10 12:00:00" {
				t.Errorf("ListTraces was asked %v", asked)
			}
			if asked := made.made("ListMessages")[0].Arguments; asked["startTime"] != nil || asked["messageKey"] != "k" {
				t.Errorf("ListMessages was asked %v", asked)
			}
		})
	}
}

func many(n int) string {
	var entries []string
	for i := range n {
		entries = append(entries, stored(fmt.Sprintf("m%d", i), time.Duration(i)*time.Minute))
	}
	return aPage(n, entries...)
}

// holdsText: a text is among the sentences; with none wanted, there are none.
func holdsText(t *testing.T, name string, sentences []string, want string) {
	t.Helper()
	joined := strings.Join(sentences, " ")
	if want == "" && joined != "" || !strings.Contains(joined, want) {
		t.Errorf("%s: %q, want %q", name, joined, want)
	}
}

// When both sides fail, nothing is known, and that is no empty answer.
func TestFindThatFails(t *testing.T) {
	refused := refuses(sdk.CodeNotFound, "Topic.NotFound")
	v, _ := telling(t, answers{"ListMessages": refused, "ListTraces": refused, "GetConsumerGroup": refused})
	for name, request := range map[string]trail.FindRequest{
		"by key":       {Instance: "i", Topic: "t", Key: "k"},
		"by id":        {Instance: "i", Topic: "t", MessageID: "k"},
		"by time":      {Instance: "i", Topic: "t"},
		"dead letters": {Instance: "i", DeadLettersOf: "g"},
	} {
		if got, err := v.FindMessages(t.Context(), request); sdk.AsProblem(err).VendorCode != "Topic.NotFound" {
			t.Errorf("%s: answer %v, error %v", name, got, err)
		}
	}
	number := int64(1)
	for name, test := range map[string]struct {
		request trail.FindRequest
		code    string
	}{
		"no instance": {trail.FindRequest{Topic: "t", Key: "k"}, sdk.CodeInvalidArguments},
		"no topic":    {trail.FindRequest{Instance: "i", Key: "k"}, sdk.CodeInvalidArguments},
		"Kafka":       {trail.FindRequest{Instance: "i", Topic: "t", Key: "k", System: trail.Kafka}, sdk.CodeNotOffered},
		"content":     {trail.FindRequest{Instance: "i", Topic: "t", Contains: "k"}, sdk.CodeNotOffered},
		"position":    {trail.FindRequest{Instance: "i", Topic: "t", Partition: &number, Offset: &number}, sdk.CodeNotOffered},
		"bad cursor":  {trail.FindRequest{Instance: "i", Topic: "t", Cursor: "x"}, sdk.CodeInvalidArguments},
	} {
		if _, err := v.FindMessages(t.Context(), test.request); sdk.AsProblem(err).Code != test.code {
			t.Errorf("%s: error %v, want %s", name, err, test.code)
		}
	}
}

// A list by time is read page by page with the first page's scroll id, through cursors that keep the window, also when
// the vendor's pages are smaller than asked for.
func TestFindByTime(t *testing.T) {
	const total, biggest = 120, 25
	v, made := telling(t, answers{"ListMessages": func(arguments map[string]any) (string, error) {
		number, size := int(arguments["pageNumber"].(float64)), min(int(arguments["pageSize"].(float64)), biggest)
		if number > 1 && arguments["scrollId"] != "S" {
			return "", sdk.Problemf(sdk.SourceVendor, sdk.CodeVendorError, "no scroll id")
		}
		var entries []string
		for n := (number - 1) * size; n < min(number*size, total); n++ {
			entries = append(entries, stored(fmt.Sprintf("m%03d", n), time.Duration(n)*time.Minute))
		}
		return fmt.Sprintf(`{"totalCount":%d,"pageSize":%d,"scrollId":"S","list":[%s]}`, total, size, strings.Join(entries, ",")), nil
	}})
	request := trail.FindRequest{Instance: "i", Topic: "t", Limit: 40}
	seen := map[string]bool{}
	for range 10 {
		got, err := v.FindMessages(t.Context(), request)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range got.Messages {
			if seen[m.ID] {
				t.Fatalf("%s came twice", m.ID)
			}
			seen[m.ID] = true
		}
		if len(got.Incomplete) > 0 {
			t.Errorf("incomplete %v", got.Incomplete)
		}
		if request.Cursor = got.Next; request.Cursor == "" {
			break
		}
	}
	if len(seen) != total {
		t.Errorf("%d of %d messages were seen", len(seen), total)
	}
	calls := made.made("ListMessages")
	for _, c := range calls {
		if c.Arguments["startTime"] != "2026-03-07 12:00:00" || c.Arguments["endTime"] != "2026-03-10 12:00:00" {
			t.Errorf("asked %v", c.Arguments)
		}
	}
}

// Dead letters: of a group, those in its topic; of a message, the copy that its trace names.
func TestDeadLetters(t *testing.T) {
	given := answers{
		"GetConsumerGroup": says(`{"consumeRetryPolicy":{"maxRetryTimes":3,"deadLetterTargetTopic":"DLQ"}}`),
		"ListMessages":     says(aPage(1, stored("copy", time.Hour))),
		"GetTrace":         says(`{"consumerInfos":[{"consumerGroupId":"other","deadLetterInfo":{"messageId":"no"}},{"consumerGroupId":"g","deadLetterInfo":{"topicName":"DLQ","messageId":"copy","toDlqTime":"2026-03-10 11:00:00"}}]}`),
		"GetMessageDetail": says(`{"messageId":"copy","topicName":"DLQ","bornTime":"2026-03-10 11:00:00","body":"e30=","bodySize":2}`),
	}
	v, made := telling(t, given)
	got, err := v.FindMessages(t.Context(), trail.FindRequest{Instance: "i", DeadLettersOf: "g"})
	if err != nil || len(got.Messages) != 1 || got.Messages[0].DeadLetterGroup != "g" || made.made("ListMessages")[0].Arguments["topicName"] != "DLQ" {
		t.Errorf("all: %+v, %v", got, err)
	}
	got, err = v.FindMessages(t.Context(), trail.FindRequest{Instance: "i", Topic: "t", DeadLettersOf: "g", MessageID: "m"})
	if err != nil || len(got.Messages) != 1 {
		t.Fatalf("a copy: %+v, %v", got, err)
	}
	if m := got.Messages[0]; m.ID != "copy" || m.OriginID != "m" || m.OriginTopic != "t" || m.DeadLetterGroup != "g" || m.Body.Data != "{}" {
		t.Errorf("the copy is %+v", m)
	}
	if _, err := v.FindMessages(t.Context(), trail.FindRequest{Instance: "i", DeadLettersOf: "g", MessageID: "m"}); sdk.AsProblem(err).Code != sdk.CodeNotOffered {
		t.Errorf("a copy without a topic: %v", err)
	}
	given["GetConsumerGroup"] = says(`{"consumeRetryPolicy":{"maxRetryTimes":3}}`)
	got, err = v.FindMessages(t.Context(), trail.FindRequest{Instance: "i", DeadLettersOf: "g", MessageID: "m"})
	if err != nil || len(got.Messages) != 0 || len(got.Incomplete) != 0 {
		t.Errorf("a group without a dead-letter topic: %+v, %v", got, err)
	}
}

func TestGetMessage(t *testing.T) {
	v, _ := telling(t, answers{"GetMessageDetail": func(arguments map[string]any) (string, error) {
		switch arguments["messageId"] {
		case "m":
			return `{"messageId":"m","topicName":"t","bornTime":"2026-03-10 11:00:00","body":"aMOpbGxv","bodySize":6,"systemProperties":{"DLQ_ORIGIN_TOPIC":"first","DLQ_ORIGIN_MESSAGE_ID":"m0"}}`, nil
		case "null":
			return `null`, nil
		case "gone":
			return refuses(sdk.CodeNotFound, "Message.NotFound")(arguments)
		default:
			return refuses(sdk.CodeNotFound, "Topic.NotFound")(arguments)
		}
	}})
	get := func(id string) (*trail.GetAnswer, error) {
		return v.GetMessage(t.Context(), trail.GetRequest{Instance: "i", Topic: "t", MessageID: id, BodyOffset: 1, BodyLimit: 3})
	}
	got, err := get("m")
	if err != nil {
		t.Fatal(err)
	}
	m := got.Message
	if m.Body.Data != "él" || m.Body.Offset != 1 || m.Body.TotalBytes != 6 || !m.Body.Truncated || m.OriginID != "m0" || !strings.HasPrefix(m.BodyCheck, "intact") {
		t.Errorf("got %+v %+v", m, m.Body)
	}
	for _, id := range []string{"null", "gone"} {
		if got, err := get(id); err != nil || got.Message != nil || len(got.Notes) == 0 {
			t.Errorf("%s: %+v, %v", id, got, err)
		}
	}
	if _, err := get("elsewhere"); sdk.AsProblem(err).VendorCode != "Topic.NotFound" {
		t.Errorf("an unknown topic: %v", err)
	}
	number := int64(1)
	if _, err := v.GetMessage(t.Context(), trail.GetRequest{Instance: "i", Topic: "t", Partition: &number, Offset: &number}); sdk.AsProblem(err).Code != sdk.CodeNotOffered {
		t.Errorf("by offset: %v", err)
	}
}
