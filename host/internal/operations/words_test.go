package operations

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestWords(t *testing.T) {
	for text, want := range map[string][]string{
		"queryByMsgId":                     {"query", "msg", "id"},
		"SASLUsers":                        {"sasl", "user"},
		"reset_consume_offset":             {"reset", "consum", "offset"},
		"Which topics are replayed?":       {"topic", "replay"},
		"stopped, stopping, stops":         {"stop", "stop", "stop"},
		"creating created creation create": {"creat", "creat", "creat", "creat"},
		"policies, status, access":         {"policy", "status", "access"},
		"消息堆积":                             {"消息", "息堆", "堆积"},
		"按Key查消息":                          {"按", "key", "查消", "消息"},
		"v2 死信 9007199254740993":           {"v2", "死信", "9007199254740993"},
		"the of a":                         nil,
		"":                                 nil,
		"\x00\xff—…":                       nil,
	} {
		if diff := cmp.Diff(want, words(text)); diff != "" {
			t.Errorf("%q (-want +got):\n%s", text, diff)
		}
	}
}

func TestThesaurus(t *testing.T) {
	thesaurus := newThesaurus()
	for text, want := range map[string]string{
		"dead-letter messages": "=dead letter", "DLQ": "=dead letter", "死信队列": "=dead letter",
		"messages not consumed": "=lag", "消息堆积": "=lag", "重置消费位点": "=reset offset", "GID_orders": "=consumer group",
	} {
		means, _ := thesaurus.with(words(text))
		found := false
		for _, word := range means {
			found = found || word == want
		}
		if !found {
			t.Errorf("%q means %v, want %s", text, means, want)
		}
	}
	for text, want := range map[string]bool{"delete a topic": true, "删除主题": true, "list topics": false, "主题列表": false} {
		if _, changes := thesaurus.with(words(text)); changes != want {
			t.Errorf("%q speaks of a deed: %v", text, changes)
		}
	}
}

func TestCutName(t *testing.T) {
	for _, test := range []struct {
		text, name, rest string
		found            bool
	}{
		{"trace on Huawei kafka", "huawei", "trace on   kafka", true},
		{"华为云kafka积压", "华为云", " kafka积压", true},
		{"kafka and kafka", "kafka", "  and  ", true},
		{"kafkas", "kafka", "kafkas", false},
		{"mykafka_x", "kafka", "mykafka_x", false},
		{"İkafka kafka", "kafka", "ikafka  ", true},
		{"", "kafka", "", false},
	} {
		rest, found := cutName(test.text, test.name)
		if rest != test.rest || found != test.found {
			t.Errorf("%q without %s: %q, %v, want %q, %v", test.text, test.name, rest, found, test.rest, test.found)
		}
	}
}

// Whatever is asked, the search ends and finds operations of the catalogue, each once.
func FuzzSearch(f *testing.F) {
	catalogue := many()
	for _, seed := range []string{"consumer groups", "查询消息", "ListThings250", "bench", "a", "", "\xff", "İ阿里云İ", "=list", "kafkakafka 阿里阿里云"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		seen := map[*Operation]bool{}
		for _, operation := range catalogue.Search(Query{Words: text}) {
			if operation == nil || seen[operation] {
				t.Fatalf("%q finds an operation twice, or none", text)
			}
			seen[operation] = true
		}
	})
}
