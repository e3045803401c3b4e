package trail

import (
	"testing"
	"time"

	"github.com/mqtrail/mqtrail/sdk"
)

var here = time.FixedZone("", 8*3600)

// noon is a Sunday.
var noon = time.Date(2026, 11, 22, 12, 0, 0, 0, here)

func TestParseMoment(t *testing.T) {
	for text, want := range map[string][2]string{ // the first and the last moment of what was written
		"now":                           {"2026-11-22T12:00:00+08:00", "2026-11-22T12:00:00+08:00"},
		"2h":                            {"2026-11-22T10:00:00+08:00", "2026-11-22T10:00:00+08:00"},
		"2h ago":                        {"2026-11-22T10:00:00+08:00", "2026-11-22T10:00:00+08:00"},
		"-90m":                          {"2026-11-22T10:30:00+08:00", "2026-11-22T10:30:00+08:00"},
		"1h30m":                         {"2026-11-22T10:30:00+08:00", "2026-11-22T10:30:00+08:00"},
		"3d":                            {"2026-11-19T12:00:00+08:00", "2026-11-19T12:00:00+08:00"},
		"1w":                            {"2026-11-15T12:00:00+08:00", "2026-11-15T12:00:00+08:00"},
		"today":                         {"2026-11-22T00:00:00+08:00", "2026-11-22T23:59:59.999+08:00"},
		"today 9:00":                    {"2026-11-22T09:00:00+08:00", "2026-11-22T09:00:59.999+08:00"},
		"Yesterday 10:42":               {"2026-11-21T10:42:00+08:00", "2026-11-21T10:42:59.999+08:00"},
		"yesterday 10:42:11":            {"2026-11-21T10:42:11+08:00", "2026-11-21T10:42:11.999+08:00"},
		"10:42":                         {"2026-11-22T10:42:00+08:00", "2026-11-22T10:42:59.999+08:00"},
		"23:15":                         {"2026-11-21T23:15:00+08:00", "2026-11-21T23:15:59.999+08:00"},
		"2026-11-21":                    {"2026-11-21T00:00:00+08:00", "2026-11-21T23:59:59.999+08:00"},
		"2026-11-21 10:42":              {"2026-11-21T10:42:00+08:00", "2026-11-21T10:42:59.999+08:00"},
		"2026-11-21 10:42:11":           {"2026-11-21T10:42:11+08:00", "2026-11-21T10:42:11.999+08:00"},
		"2026/11/21 10:42:11":           {"2026-11-21T10:42:11+08:00", "2026-11-21T10:42:11.999+08:00"},
		"2026-11-21T10:42:11":           {"2026-11-21T10:42:11+08:00", "2026-11-21T10:42:11.999+08:00"},
		"2026-11-21T02:42:11Z":          {"2026-11-21T10:42:11+08:00", "2026-11-21T10:42:11.999+08:00"},
		"2026-11-21T02:42:11.250Z":      {"2026-11-21T10:42:11.25+08:00", "2026-11-21T10:42:11.25+08:00"},
		"2026-11-21T10:42:11+08:00":     {"2026-11-21T10:42:11+08:00", "2026-11-21T10:42:11.999+08:00"},
		"2026-11-21 10:42:11 UTC+8":     {"2026-11-21T10:42:11+08:00", "2026-11-21T10:42:11.999+08:00"},
		"2026-11-21 02:42 utc":          {"2026-11-21T10:42:00+08:00", "2026-11-21T10:42:59.999+08:00"},
		"2026-11-20T21:12:11.123-05:30": {"2026-11-21T10:42:11.123+08:00", "2026-11-21T10:42:11.123+08:00"},
		"20261121104211":                {"2026-11-21T10:42:11+08:00", "2026-11-21T10:42:11.999+08:00"},
		"1795228931":                    {"2026-11-21T10:42:11+08:00", "2026-11-21T10:42:11.999+08:00"},
		"1795228931123":                 {"2026-11-21T10:42:11.123+08:00", "2026-11-21T10:42:11.123+08:00"},
	} {
		found, problem := parseMoment("since", text, noon)
		if problem != nil {
			t.Errorf("%q: %v", text, problem)
			continue
		}
		if got := [2]string{found.at.Format(time.RFC3339Nano), found.last().Format(time.RFC3339Nano)}; got != want {
			t.Errorf("%q is %v, want %v", text, got, want)
		}
	}
}

func TestParseMomentRefuses(t *testing.T) {
	for _, text := range []string{"", "soon", "25:00", "2026-13-01", "2026-02-30", "12345", "3x", "2h30", "tomorrow", "1970-01-01 00:00:01", "9999999999999", "99999999999d", "1h ago ago", "2026-11-21 10:42 UTC+99"} {
		found, problem := parseMoment("since", text, noon)
		if problem == nil {
			t.Errorf("%q was read as %v", text, found.at)
			continue
		}
		if problem.Code != sdk.CodeInvalidArguments || problem.Pointer != "/since" || problem.Hint == "" {
			t.Errorf("%q: the problem is %+v", text, problem)
		}
	}
}

func TestADayHasAsManyHoursAsItHas(t *testing.T) {
	zone, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	found, problem := parseMoment("until", "2026-10-25", time.Date(2026, 11, 1, 0, 0, 0, 0, zone))
	if problem != nil {
		t.Fatal(problem)
	}
	if day := found.last().Sub(found.at); day != 25*time.Hour-time.Millisecond {
		t.Errorf("the day on which clocks go back lasts %v", day)
	}
}

func FuzzParseMoment(f *testing.F) {
	for _, seed := range []string{"2h", "yesterday 10:42", "2026-11-21T10:42:11.1+08:00", "1795228931123", "23:59", "2026-11-21 9:00 utc-3", "\xff", "0001-01-01"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		found, problem := parseMoment("since", text, noon)
		if problem != nil {
			return
		}
		if year := found.at.Year(); year < firstYear || year > lastYear {
			t.Errorf("%q is in the year %d", text, year)
		}
		if found.last().Before(found.at) {
			t.Errorf("%q ends before it begins", text)
		}
		if again, problem := parseMoment("since", found.at.Format(time.RFC3339Nano), noon); problem != nil || !again.at.Equal(found.at) {
			t.Errorf("%q is %v, which reads as %v, %v", text, found.at, again.at, problem)
		}
	})
}
