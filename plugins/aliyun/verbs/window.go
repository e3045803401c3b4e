package verbs

import (
	"time"

	"github.com/mqtrail/mqtrail/sdk"
	"github.com/mqtrail/mqtrail/sdk/trail"
)

// kept is about how long the vendor keeps messages and traces, and how far back it searches.
const kept = 3 * 24 * time.Hour

// fit is the window to ask for: open ends are filled, and what is wider than the vendor keeps is narrowed.
func (v *Verbs) fit(wished trail.Window, say *told) (trail.Window, error) {
	now, second := v.now().UnixMilli(), time.Second.Milliseconds()
	window := wished
	if window.ToMS == 0 {
		window.ToMS = now
	}
	if wished.FromMS > window.ToMS {
		return window, sdk.InvalidArgument("window", "It begins after it ends.")
	}
	window.FromMS = max(window.FromMS, min(window.ToMS, now)-kept.Milliseconds())
	// The vendor takes whole seconds.
	window.FromMS -= window.FromMS % second
	window.ToMS += (second - window.ToMS%second) % second
	if wished.FromMS != 0 && window.FromMS > wished.FromMS {
		say.note("The window was narrowed to begin at %s UTC+8: %s keeps and searches about 3 days.", written(window.FromMS), vendorName)
	}
	if window.ToMS < now-kept.Milliseconds() {
		say.note("The window ends more than 3 days ago, and %s keeps messages and traces for about 3 days.", vendorName)
	}
	return window, nil
}

// span are the arguments of a window.
func span(window trail.Window, arguments map[string]any) map[string]any {
	arguments["startTime"], arguments["endTime"] = written(window.FromMS), written(window.ToMS)
	return arguments
}

// holds reports whether a message was born in the window, which has whole seconds as the message has.
func holds(window trail.Window, born *trail.Time) bool {
	if born == nil {
		return true // who knows
	}
	last := born.UnixMS + born.ResolutionMS - 1
	return last >= window.FromMS && (window.ToMS == 0 || born.UnixMS <= window.ToMS)
}
