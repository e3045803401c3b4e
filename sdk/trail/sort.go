package trail

import (
	"cmp"
	"math"
	"slices"
)

// SortEvents orders events by time. Times tie often, for some vendors tell whole seconds: all are compared in the
// coarsest step that any of them has, and ties are broken by group, attempt and stage. An event without a time stands
// where the last one of its delivery does, or at the end.
func SortEvents(events []Event) {
	step := int64(1)
	for _, event := range events {
		if event.Time != nil {
			step = max(step, event.Time.ResolutionMS)
		}
	}
	type delivery struct {
		group   string
		attempt int64
	}
	last := map[delivery]int64{}
	for _, event := range events {
		if of := (delivery{event.Actor.Group, event.Attempt}); event.Time != nil {
			last[of] = max(last[of], event.Time.UnixMS)
		}
	}
	at := func(event Event) int64 {
		if event.Time != nil {
			return event.Time.UnixMS
		}
		if known, ok := last[delivery{event.Actor.Group, event.Attempt}]; ok {
			return known
		}
		return math.MaxInt64
	}
	slices.SortStableFunc(events, func(a, b Event) int {
		return cmp.Or(
			cmp.Compare(at(a)/step, at(b)/step),
			cmp.Compare(a.Actor.Group, b.Actor.Group),
			cmp.Compare(a.Attempt, b.Attempt),
			cmp.Compare(slices.Index(stages, a.Stage), slices.Index(stages, b.Stage)),
			cmp.Compare(at(a), at(b)),
		)
	})
}
