package mcpserver

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestCutConnection(t *testing.T) {
	for _, test := range []struct{ arguments, name, rest string }{
		{`{}`, "", `{}`},
		{`{"connection":"a"}`, "a", `{}`},
		{`{ "connection" : "a" , "x" : 9007199254740993 }`, "a", `{ "x" : 9007199254740993 }`},
		{`{"x":1.0, "connection":"a"}`, "a", `{"x":1.0}`},
		{`{"x":[1, 2],"connection":"a","y":{"connection":"b"}}`, "a", `{"x":[1, 2],"y":{"connection":"b"}}`},
		{`{"\u0063onnection":"a","x":1}`, "a", `{"x":1}`},
		{`{"x":"connection"}`, "", `{"x":"connection"}`},
		{`[1]`, "", `[1]`},
		{`"connection"`, "", `"connection"`},
	} {
		name, rest, err := cutConnection(json.RawMessage(test.arguments))
		if err != nil || name != test.name || string(rest) != test.rest {
			t.Errorf("%s: got %q, %s, %v", test.arguments, name, rest, err)
		}
	}
	for _, arguments := range []string{`{"connection":1}`, `{"connection":""}`, `{"connection":null}`, `{"connection":"a","connection":"b"}`} {
		if _, _, err := cutConnection(json.RawMessage(arguments)); err == nil || !strings.Contains(err.Error(), "connection: ") {
			t.Errorf("%s: got error %v", arguments, err)
		}
	}
}

// Cutting the connection out of an object leaves the object that it was put into.
func TestCutConnectionLeavesTheRest(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		space := rapid.StringMatching(`[ \n\t]{0,2}`)
		members := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) string {
			key, err := json.Marshal(rapid.StringN(0, 8, -1).Filter(func(s string) bool { return s != connectionArgument }).Draw(t, "key"))
			if err != nil {
				t.Fatal(err)
			}
			value := rapid.SampledFrom([]string{`1`, `1.50`, `9007199254740993`, `"a,\"b}"`, `{"connection":"x"}`, `[1,{"a":2}]`, `null`}).Draw(t, "value")
			return string(key) + space.Draw(t, "s") + ":" + space.Draw(t, "s") + value
		}), 0, 4).Draw(t, "members")
		at := rapid.IntRange(0, len(members)).Draw(t, "at")
		with := append(append(append([]string{}, members[:at]...), `"connection":"here"`), members[at:]...)
		comma := space.Draw(t, "s") + "," + space.Draw(t, "s")
		name, rest, err := cutConnection(json.RawMessage("{" + strings.Join(with, comma) + "}"))
		if err != nil || name != "here" {
			t.Fatalf("got %q, %v", name, err)
		}
		if want := "{" + strings.Join(members, comma) + "}"; string(rest) != want {
			t.Fatal(fmt.Sprintf("got %s, want %s", rest, want))
		}
	})
}
