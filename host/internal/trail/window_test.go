package trail

import (
	"strings"
	"testing"
	"time"

	"github.com/mqtrail/mqtrail/sdk/trail"
)

func windowed(t *testing.T, asked Range, text string) (Span, window) {
	t.Helper()
	tr := New(nil, Options{Zone: here, Now: func() time.Time { return noon }})
	var want *wanted
	if text != "" {
		parsed, problem := parseWanted(text, "", noon)
		if problem != nil {
			t.Fatal(problem)
		}
		want = parsed
	}
	w, problem := tr.window(asked, want)
	if problem != nil {
		t.Fatal(problem)
	}
	return tr.span(w), w
}

func TestWindow(t *testing.T) {
	const id = "0A0003074A2118B4AAC2694B20330001" // made on the 21st at 10:42:11 in some zone
	for name, c := range map[string]struct {
		asked          Range
		text           string
		from, to, note string
	}{
		"nothing said":  {Range{}, "ORDER-1", "2026-11-19T12:00:00+08:00", "2026-11-22T12:00:00+08:00", "last three days"},
		"an id says it": {Range{}, id, "2026-11-20T19:42:11+08:00", "2026-11-22T07:42:11+08:00", "when the id says it was made"},
		"since":         {Range{Since: "2h"}, id, "2026-11-22T10:00:00+08:00", "2026-11-22T12:00:00+08:00", ""},
		"one minute":    {Range{Since: "10:42", Until: "10:42"}, "", "2026-11-22T10:42:00+08:00", "2026-11-22T10:42:59+08:00", ""},
		"until alone":   {Range{Until: "2026-11-20"}, "", "2026-11-17T23:59:59+08:00", "2026-11-20T23:59:59+08:00", "three days before"},
		"last evening":  {Range{Since: "23:00"}, "", "2026-11-21T23:00:00+08:00", "2026-11-22T12:00:00+08:00", "yesterday's"},
	} {
		t.Run(name, func(t *testing.T) {
			span, _ := windowed(t, c.asked, c.text)
			if span.From != c.from || span.To != c.to {
				t.Errorf("the window is %s to %s, want %s to %s", span.From, span.To, c.from, c.to)
			}
			if !strings.Contains(span.Note, c.note) || c.note == "" && span.Note != "" {
				t.Errorf("the note is %q, want one that says %q", span.Note, c.note)
			}
		})
	}
}

// Wherever its producer counts, the time at which an id was made is in the window.
func TestWindowHoldsEveryZone(t *testing.T) {
	const id = "0A0003074A2118B4AAC2694B20330001"
	_, w := windowed(t, Range{}, id)
	for hours := -12; hours <= 14; hours++ {
		made := time.Date(2026, 11, 21, 10, 42, 11, 0, time.FixedZone("", hours*3600))
		if made.After(noon) {
			continue
		}
		if made.Before(w.from) || made.After(w.to) {
			t.Errorf("in UTC%+d it was made at %v, which is not from %v to %v", hours, made.UTC(), w.from.UTC(), w.to.UTC())
		}
	}
}

func TestWindowRefuses(t *testing.T) {
	tr := New(nil, Options{Zone: here, Now: func() time.Time { return noon }})
	for _, asked := range []Range{{Since: "2026-11-23"}, {Since: "1h", Until: "2h"}, {Since: "x"}, {Until: "x"}} {
		if _, problem := tr.window(asked, nil); problem == nil || problem.Hint == "" {
			t.Errorf("%+v: %v", asked, problem)
		}
	}
}

func TestNarrowed(t *testing.T) {
	tr := New(nil, Options{Zone: here, Now: func() time.Time { return noon }})
	w := window{from: noon.Add(-72 * time.Hour), to: noon}
	if said := tr.narrowed(w, trail.Window{}); said != "" {
		t.Errorf("an open window was called narrower: %s", said)
	}
	if said := tr.narrowed(w, w.neutral()); said != "" {
		t.Errorf("the same window was called narrower: %s", said)
	}
	if said := tr.narrowed(w, trail.Window{FromMS: noon.Add(-24 * time.Hour).UnixMilli(), ToMS: noon.UnixMilli()}); !strings.Contains(said, "2026-11-21T12:00:00+08:00") {
		t.Errorf("a narrower window was told as %q", said)
	}
}
