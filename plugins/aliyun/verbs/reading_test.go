package verbs

import (
	"encoding/base64"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/mqtrail/mqtrail/sdk/rocketmq"
	"github.com/mqtrail/mqtrail/sdk/trail"
)

// The size decides how a body came; a text that looks like Base64 is not decoded against the size.
func TestDecodeBody(t *testing.T) {
	size := func(n count) *count { return &n }
	tests := map[string]struct {
		sent  string
		size  *count
		want  string
		check string
	}{
		"Base64":                  {"aGVsbG8=", size(5), "hello", "intact"},
		"plain":                   {"hello", size(5), "hello", "intact"},
		"plain that reads Base64": {"abcd", size(4), "abcd", "intact"},
		"empty":                   {"", size(0), "", "intact"},
		"neither size, Base64":    {"aGVsbG8=", size(7), "hello", "damaged"},
		"neither size, plain":     {"{}", size(7), "{}", "damaged"},
		"no size, Base64":         {"aGVsbG8=", nil, "hello", "unchecked"},
		"no size, plain":          {"{}", nil, "{}", "unchecked"},
		"binary":                  {"/wA=", size(2), "\xff\x00", "intact"},
	}
	for name, test := range tests {
		body, check := decodeBody(test.sent, test.size)
		if string(body) != test.want || !strings.HasPrefix(check, test.check) {
			t.Errorf("%s: %q, %s; want %q, %s", name, body, check, test.want, test.check)
		}
	}
}

// However a body is sent, it comes out as it was.
func TestBodiesComeOutAsTheyWere(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		body := rapid.SliceOf(rapid.Byte()).Draw(t, "body")
		size := count(len(body))
		for _, sent := range []string{base64.StdEncoding.EncodeToString(body), string(body)} {
			got, check := decodeBody(sent, &size)
			if string(got) != string(body) || !strings.HasPrefix(check, "intact") {
				t.Fatalf("%q became %q: %s", body, got, check)
			}
		}
	})
}

// An id proves a zone only when the other one would put its producer outside of the world.
func TestClockOf(t *testing.T) {
	const born = "2026-03-10 10:00:00"
	wall := time.Date(2026, 3, 10, 10, 0, 0, 0, time.UTC)
	id := func(behind time.Duration) string {
		return rocketmq.V1ID{PID: 1, Seconds: uint32(wall.Add(-behind).Sub(time.Date(2021, 1, 1, 0, 0, 0, 0, time.UTC)) / time.Second)}.String()
	}
	tests := map[string]struct {
		id   string
		want time.Time
		by   trail.ZoneSource
	}{
		"the producer's clock says the same":   {id(0), wall.Add(-8 * time.Hour), trail.ZoneAssumed},
		"the producer counts in UTC":           {id(8 * time.Hour), wall.Add(-8 * time.Hour), trail.ZoneAssumed}, // or is in Los Angeles
		"thirteen hours behind: only UTC+8":    {id(13 * time.Hour), wall.Add(-8 * time.Hour), trail.ZoneProven},
		"eight hours ahead: only UTC":          {id(-8 * time.Hour), wall, trail.ZoneProven},
		"an id that has nothing to do with it": {id(100 * time.Hour), wall.Add(-8 * time.Hour), trail.ZoneAssumed},
		"no id":                                {"order-1", wall.Add(-8 * time.Hour), trail.ZoneAssumed},
	}
	for name, test := range tests {
		got := clockOf(test.id, born).at(born)
		if got.UnixMS != test.want.UnixMilli() || got.ZoneSource != test.by || got.ResolutionMS != 1000 {
			t.Errorf("%s: %+v; want %v %s", name, got, test.want, test.by)
		}
	}
	for _, none := range []string{"", "soon", "2026-13-01 00:00:00"} {
		if got := assumedClock().at(none); got != nil {
			t.Errorf("%q is %v", none, got)
		}
	}
	if got := assumedClock().at("1740724080343"); got == nil || got.ZoneSource != trail.ZoneVendor {
		t.Errorf("milliseconds are %v", got)
	}
}

func TestWindows(t *testing.T) {
	now, hour := moment().UnixMilli(), time.Hour.Milliseconds()
	tests := map[string]struct {
		wished, want trail.Window
		notes        int
	}{
		"open":             {trail.Window{}, trail.Window{FromMS: now - 72*hour, ToMS: now}, 0},
		"fits":             {trail.Window{FromMS: now - hour, ToMS: now}, trail.Window{FromMS: now - hour, ToMS: now}, 0},
		"parts of seconds": {trail.Window{FromMS: now - hour + 1, ToMS: now - 1}, trail.Window{FromMS: now - hour, ToMS: now}, 0},
		"too wide":         {trail.Window{FromMS: now - 100*hour}, trail.Window{FromMS: now - 72*hour, ToMS: now}, 1},
		"too old":          {trail.Window{FromMS: now - 101*hour, ToMS: now - 100*hour}, trail.Window{FromMS: now - 101*hour, ToMS: now - 100*hour}, 1},
	}
	v, _ := telling(t, nil)
	for name, test := range tests {
		say := &told{}
		got, err := v.fit(test.wished, say)
		if err != nil {
			t.Fatal(err)
		}
		same(t, name, test.want, got)
		if len(say.notes) != test.notes || len(say.incomplete) > 0 {
			t.Errorf("%s: notes %v, incomplete %v", name, say.notes, say.incomplete)
		}
	}
	if _, err := v.fit(trail.Window{FromMS: 2, ToMS: 1}, &told{}); err == nil {
		t.Error("a window that ends before it begins was taken")
	}
}

// Numbers and truths come in several forms, and keep all their digits.
func TestTolerance(t *testing.T) {
	var got struct {
		Number, Text, Null, Empty *count
		Yes, Said, No, Odd        truth
		ID, Named                 identity
	}
	const sent = `{"number":9223372036854775807,"text":"9007199254740993","null":null,"empty":"","yes":true,"said":"True","no":false,"odd":"perhaps","id":1300000016,"named":"p"}`
	if err := json.Unmarshal([]byte(sent), &got); err != nil {
		t.Fatal(err)
	}
	if got.Number.or(0) != 9223372036854775807 || got.Text.or(0) != 9007199254740993 || got.Null.plain() != nil {
		t.Errorf("numbers %v %v %v", got.Number.or(0), got.Text.or(0), got.Null)
	}
	if !got.Yes.yes() || !got.Said.yes() || got.No.yes() || got.No.plain() == nil || got.Odd.plain() != nil {
		t.Errorf("truths %v %v %v %v", got.Yes, got.Said, got.No, got.Odd)
	}
	if got.ID != "1300000016" || got.Named != "p" {
		t.Errorf("ids %v %v", got.ID, got.Named)
	}
	for _, bad := range []string{`{"number":1.5}`, `{"number":"many"}`, `{"number":99999999999999999999}`, `{"id":{}}`} {
		if err := json.Unmarshal([]byte(bad), &got); err == nil {
			t.Errorf("%s was read", bad)
		}
	}
}
