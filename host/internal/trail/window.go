package trail

import (
	"strings"
	"time"

	"github.com/mqtrail/mqtrail/sdk"
	"github.com/mqtrail/mqtrail/sdk/trail"
)

// window is where in time to look.
type window struct {
	from, to time.Time
	notes    []string
	// given: the asker said from when on or until when.
	given bool
}

// How much wider the window is than the times that an id may mean. The candidates are those of the usual zones, with UTC
// among them; a producer may count in any, and its clock may be wrong.
const (
	beforeCandidates = 15 * time.Hour
	afterCandidates  = 13 * time.Hour
)

// window is the one that was asked for, or a default: around the times that an id may mean, else the last days.
func (t *Trail) window(asked Range, want *wanted) (window, *sdk.Problem) {
	now := t.now()
	w := window{from: now.Add(-defaultWindow), to: now, given: asked.Since != "" || asked.Until != ""}
	if asked.Until != "" {
		until, problem := parseMoment("until", asked.Until, now)
		if problem != nil {
			return w, problem
		}
		w.to, w.notes = until.last(), addNew(w.notes, until.note)
		w.from = w.to.Add(-defaultWindow)
	}
	if asked.Since != "" {
		since, problem := parseMoment("since", asked.Since, now)
		if problem != nil {
			return w, problem
		}
		w.from, w.notes = since.at, addNew(w.notes, since.note)
	}
	switch {
	case asked.Since != "" && w.from.After(now):
		return w, sdk.InvalidArgument("since", "%s is in the future; it is %s now.", w.from.Format(time.RFC3339), now.Format(time.RFC3339)).WithHint(timeExamples)
	case !w.from.Before(w.to):
		return w, sdk.InvalidArgument("until", "%s is not after since, %s.", w.to.Format(time.RFC3339), w.from.Format(time.RFC3339)).WithHint(timeExamples)
	case w.given && asked.Since == "":
		w.notes = append(w.notes, "Without since: the three days before until.")
	case !w.given:
		w.assume(want, now)
	}
	return w, nil
}

// assume narrows the default to when an id may have been made.
func (w *window) assume(want *wanted, now time.Time) {
	born := want.born()
	if len(born) == 0 {
		w.notes = append(w.notes, "No time was given: the last three days.")
		return
	}
	w.from, w.to = born[0].Add(-beforeCandidates), born[len(born)-1].Add(afterCandidates)
	if w.to.After(now) {
		w.to = now
	}
	w.notes = append(w.notes, "No time was given: around "+born[0].In(now.Location()).Format(time.RFC3339)+", when the id says it was made, in whatever zone.")
}

// in is what a search of one place can be held to: a window that was assumed begins where the vendor's memory does. Some
// vendors still have older messages, so more is asked for than that.
func (w window) in(place place, now time.Time) window {
	retention := place.retention()
	if w.given || retention == nil {
		return w
	}
	if first := now.Add(-time.Duration(*retention) * time.Millisecond); first.After(w.from) && first.Before(w.to) {
		w.from = first
	}
	return w
}

// neutral is the window as verbs take it.
func (w window) neutral() trail.Window {
	return trail.Window{FromMS: w.from.UnixMilli(), ToMS: w.to.UnixMilli()}
}

// span is the window as an answer repeats it.
func (t *Trail) span(w window, more ...string) Span {
	return Span{
		From: w.from.In(t.options.Zone).Format(time.RFC3339), To: w.to.In(t.options.Zone).Format(time.RFC3339),
		Note: strings.Join(addNew(w.notes, more...), " "),
	}
}

// narrowed says that a vendor was asked for less; empty when it was not.
func (t *Trail) narrowed(w window, used trail.Window) string {
	text := func(ms int64) string { return time.UnixMilli(ms).In(t.options.Zone).Format(time.RFC3339) }
	var parts []string
	if used.FromMS > w.from.UnixMilli()+time.Second.Milliseconds() {
		parts = append(parts, "from "+text(used.FromMS))
	}
	if used.ToMS != 0 && used.ToMS < w.to.UnixMilli()-time.Second.Milliseconds() {
		parts = append(parts, "to "+text(used.ToMS))
	}
	if len(parts) == 0 {
		return ""
	}
	return "The vendor's limit: looked only " + strings.Join(parts, " ") + "."
}
