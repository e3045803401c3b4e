package verbs

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"github.com/mqtrail/mqtrail/sdk"
	"github.com/mqtrail/mqtrail/sdk/trail"
)

// How many messages an answer has.
const (
	defaultLimit = 50
	maxLimit     = 500
)

// place is where an answer goes on: after how many of the messages of which window. CTyun has no cursors of its own.
type place struct {
	window trail.Window
	skip   int
}

// placeOf reads a cursor; the beginning for "".
func placeOf(cursor string, window trail.Window) (place, error) {
	if cursor == "" {
		return place{window: window}, nil
	}
	var p place
	if n, err := fmt.Sscanf(cursor, "%d_%d_%d", &p.window.FromMS, &p.window.ToMS, &p.skip); n != 3 || err != nil || p.skip < 0 {
		return place{}, sdk.InvalidArgument("cursor", "%.60q is no cursor of an earlier answer.", cursor)
	}
	return p, nil
}

func (p place) next(after int) string {
	return fmt.Sprintf("%d_%d_%d", p.window.FromMS, p.window.ToMS, p.skip+after)
}

// page sorts messages, newest first, and takes those of the answer out.
func (p place) page(messages []trail.Message, limit int) (part []trail.Message, next string) {
	slices.SortStableFunc(messages, func(a, b trail.Message) int {
		return cmp.Or(cmp.Compare(age(b), age(a)), cmp.Compare(a.BrokerID, b.BrokerID))
	})
	if limit <= 0 {
		limit = defaultLimit
	}
	limit = min(limit, maxLimit)
	rest := messages[min(p.skip, len(messages)):]
	if len(rest) <= limit {
		return append([]trail.Message{}, rest...), ""
	}
	return rest[:limit], p.next(limit)
}

func age(m trail.Message) int64 {
	switch {
	case m.Stored != nil:
		return m.Stored.UnixMS
	case m.Born != nil:
		return m.Born.UnixMS
	default:
		return 0
	}
}

// span closes a window, which CTyun's queries by time demand. An open beginning is so much before the end.
func (s *session) span(window trail.Window, back time.Duration) trail.Window {
	if window.ToMS <= 0 {
		window.ToMS = s.now().UnixMilli()
	}
	if window.FromMS <= 0 {
		window.FromMS = window.ToMS - back.Milliseconds()
		s.note("No beginning was given: the window begins %s before its end.", back)
	}
	return window
}

// inverted refuses a window that ends before it begins.
func inverted(window trail.Window) error {
	if window.FromMS > window.ToMS {
		return sdk.InvalidArgument("window", "it begins at %d and ends at %d.", window.FromMS, window.ToMS)
	}
	return nil
}
