package gateway

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/mqtrail/mqtrail/host/internal/schema"
)

func TestFacts(t *testing.T) {
	many := strings.TrimSuffix(strings.Repeat("1000,", 100), ",")
	for _, test := range []struct{ answer, pointer, want string }{
		{`{"a":{"b":"text"}}`, "/a/b", "text"},
		{`{"a":9007199254740993}`, "/a", "9007199254740993"},
		{`{"a":""}`, "/a", "none"},
		{`{"a":null}`, "/a", "unknown"},
		{`{}`, "/a", "unknown"},
		{`{"a":[]}`, "/a", "none"},
		{`{"a":[{"b":1},{"b":2}]}`, "/a/1/b", "2"},
		{`{"a":[{"b":1}]}`, "/a/1/b", "unknown"},
		{`{"a":["x","y"]}`, "/a", `["x","y"]`},
		{`{"a": [ {"b":"x"}, {"b":"y"} ]}`, "/a/*/b", `["x","y"]`},
		{`{"a":[]}`, "/a/*/b", "none"},
		{`{"a":null}`, "/a/*/b", "unknown"},
		{`{"a":{"*":1}}`, "/a/*", "1"},
		{`{"a":[{"b":[{"c":1},{"c":2}]},{"b":[]}]}`, "/a/*/b/*/c", "[[1,2],[]]"},
		{`{"a":[{"b":9223372036854775807},{"b":1}]}`, "/a/*/b", "[9223372036854775807,1], 9223372036854775808 in all"},
		{`{"a":[{"b":1},{}]}`, "/a/*/b", "[1,null]"},
		{`{"a":[{"b":1.5},{"b":1}]}`, "/a/*/b", "[1.5,1]"},
		{`{"a":[7]}`, "/a", "[7]"},
		{`{"a":[` + many + `]}`, "/a", "100 items, 100000 in all"},
		{`{"a":["x","` + strings.Repeat("x", 300) + `"]}`, "/a", "2 items"},
		{`{"a":["` + strings.Repeat("x", 300) + `"]}`, "/a", `["` + strings.Repeat("x", 198) + "… (304 bytes)"},
	} {
		if diff := cmp.Diff(test.want, shown(valueAt(json.RawMessage(test.answer), schema.Path(test.pointer)))); diff != "" {
			t.Errorf("%.80s at %s (-want +got):\n%s", test.answer, test.pointer, diff)
		}
	}
}
