package rocketmq

import (
	"strings"
	"testing"
	"time"
)

// Whatever the text: no panic, and every reading is the text again.
func FuzzParseID(f *testing.F) {
	for _, seed := range []string{
		"", "order-1003", documentedOffset, documentedUnique, documentedV1, strings.ToLower(documentedUnique),
		"FE80000000000000000000000001000200002A9F0000000000000001", "050562440000AAC2F00000000001000A",
		"9E107D9D372BB6826BD8FFFFFFFF19D6", "\xff\x00", " " + documentedV1 + " ", documentedUnique[1:],
	} {
		f.Add(seed, int64(1661857434591))
	}
	f.Fuzz(func(t *testing.T, text string, unixMS int64) {
		decoded, err := ParseID(text)
		if err != nil {
			if decoded != nil || err.Error() == "" {
				t.Fatalf("%q: %v, %v", text, decoded, err)
			}
			return
		}
		want := strings.ToUpper(strings.TrimSpace(text))
		if got := decoded.ID.String(); got != want {
			t.Errorf("%q is read as %#v, which is %s", text, decoded.ID, got)
		}
		if decoded.Other != nil && decoded.Other.String() != want {
			t.Errorf("%q is also read as %#v, which is %s", text, decoded.Other, decoded.Other)
		}
		if len(decoded.Reasons) == 0 {
			t.Errorf("%q is read without a reason", text)
		}
		explained, err := Explain(text, time.UnixMilli(unixMS), time.UnixMilli(unixMS))
		if err != nil {
			t.Fatal(err)
		}
		for _, candidate := range explained.Candidates {
			if len(explained.Candidates) > 1 && candidate.ZoneSource == ZoneProven {
				t.Errorf("%q proves one of several times: %+v", text, explained.Candidates)
			}
		}
	})
}
