package schema_test

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/mqtrail/mqtrail/host/internal/schema"
)

func TestCheckModes(t *testing.T) {
	const advice = "Give one whole set and nothing of the others: id; or key, start and end; or offset and queue"
	modes := [][]string{{"id"}, {"key", "start", "end"}, {"offset", "queue"}}
	for name, test := range map[string]struct {
		document string
		want     []string
	}{
		"one whole set":             {`{"id":1,"free":1}`, nil},
		"another whole set":         {`{"key":1,"start":1,"end":1}`, nil},
		"none":                      {`{"free":1}`, []string{": one set of arguments is required, and none is given. " + advice}},
		"half a set":                {`{"key":1}`, []string{"/end: required together with key, and not given. " + advice, "/start: required together with key, and not given. " + advice}},
		"most of a set":             {`{"key":1,"start":1}`, []string{"/end: required together with key and start, and not given. " + advice}},
		"a set and some of another": {`{"id":1,"key":1,"start":1}`, []string{"/key: leave it out: it does not go together with id. " + advice, "/start: leave it out: it does not go together with id. " + advice}},
		"two whole sets":            {`{"id":1,"offset":1,"queue":1}`, []string{": id, offset and queue: not one whole set; leave out offset and queue; or leave out id. " + advice}},
		"not an object":             {`[]`, []string{": want an object, got an array"}},
		"not JSON":                  {``, []string{": empty; want JSON"}},
		"halves of two":             {`{"key":1,"offset":1}`, []string{": key and offset: not one whole set; leave out key and add queue. " + advice}},
	} {
		t.Run(name, func(t *testing.T) {
			faults := schema.CheckModes(modes, json.RawMessage(test.document))
			if test.want == nil && faults != nil {
				t.Error("a list of no faults; want nil")
			}
			if diff := cmp.Diff(test.want, lines(faults)); diff != "" {
				t.Errorf("faults (-want +got):\n%s", diff)
			}
		})
	}
}

func TestCheckModesThatOverlap(t *testing.T) {
	modes := [][]string{{"topic", "id"}, {"topic", "key"}, {"topic"}}
	for document, want := range map[string][]string{
		`{"topic":1}`:         nil,
		`{"topic":1,"key":1}`: nil,
		`{"key":1}`:           {"/topic: required together with key, and not given. Give one whole set and nothing of the others: topic and id; or topic and key; or topic"},
		`{"topic":1,"id":1,"key":1}`: {": topic, id and key: not one whole set; leave out key; or leave out id; or leave out id and key. " +
			"Give one whole set and nothing of the others: topic and id; or topic and key; or topic"},
	} {
		if diff := cmp.Diff(want, lines(schema.CheckModes(modes, json.RawMessage(document)))); diff != "" {
			t.Errorf("%s (-want +got):\n%s", document, diff)
		}
	}
	if faults := schema.CheckModes(nil, json.RawMessage(`{"a":1}`)); faults != nil {
		t.Errorf("without sets there is nothing to choose, yet: %v", lines(faults))
	}
}
