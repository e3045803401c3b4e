package trail

import (
	"strings"
	"testing"

	"github.com/mqtrail/mqtrail/sdk"
)

func TestParseWanted(t *testing.T) {
	for text, want := range map[string]string{
		"0A0003074A2118B4AAC2694B20330001":   "id traceable guessed",
		"0a0003074a2118b4aac2694b20330001":   "id traceable guessed",
		"AC1E006400002A9F0000000000000BB8":   "id traceable guessed",
		"01AABBCCDDEEFF12340563A1B200000001": "id traceable",
		"ORDER-1":                            "key",
		"3:4711":                             "position",
		"events-3:9007199254740993":          "position of events",
		"a:b":                                "key",
		"订单-1":                               "key",
	} {
		w, problem := parseWanted(text, "", noon)
		if problem != nil {
			t.Errorf("%q: %v", text, problem)
			continue
		}
		got := w.kind
		if w.traceable() {
			got += " traceable"
		}
		if w.guessed {
			got += " guessed"
		}
		if w.topic != "" {
			got += " of " + w.topic
		}
		if got != want {
			t.Errorf("%q is taken as %q, want %q", text, got, want)
		}
	}
}

func TestParseWantedAs(t *testing.T) {
	if w, problem := parseWanted(" ORDER-1\n", "", noon); problem != nil || w.text != "ORDER-1" {
		t.Errorf("a key with spaces around it was taken as %+v, %v", w, problem)
	}
	if w, problem := parseWanted("0A0003074A2118B4AAC2694B20330001", "key", noon); problem != nil || w.kind != asKey {
		t.Errorf("a key was taken as %+v, %v", w, problem)
	}
	if w, problem := parseWanted("some-vendor-id", "id", noon); problem != nil || w.kind != asID || len(w.notes()) == 0 {
		t.Errorf("an id was taken as %+v, %v", w, problem)
	}
	if w, problem := parseWanted("3:9223372036854775807", "position", noon); problem != nil || *w.offset != 9223372036854775807 {
		t.Errorf("a position was taken as %+v, %v", w, problem)
	}
	for text, as := range map[string]string{"": "", "x": "position", "3:9223372036854775808": "", "y": "idd", strings.Repeat("x", maxWanted+1): ""} {
		if _, problem := parseWanted(text, as, noon); problem == nil || problem.Code != sdk.CodeInvalidArguments {
			t.Errorf("%.20q as %q: %v", text, as, problem)
		}
	}
}
