package verdict

import (
	"fmt"
	"time"

	"github.com/mqtrail/mqtrail/sdk/trail"
)

// A time stands for all moments from UnixMS to the next step of its resolution: 10:42:11 told in whole seconds may be
// 10:42:11.999.

// latest is the last ms that a time may mean.
func latest(t *trail.Time) int64 { return t.UnixMS + max(t.ResolutionMS, 1) - 1 }

// surelyBefore says whether a is before b whatever the two times mean within their resolutions.
func surelyBefore(a, b *trail.Time) bool { return latest(a) < b.UnixMS }

// iso is a time as it was told.
func iso(t *trail.Time) string {
	if t.ISO != "" {
		return t.ISO
	}
	return stamp(t.UnixMS)
}

// stamp is a moment of our own, in UTC.
func stamp(ms int64) string { return time.UnixMilli(ms).UTC().Format(time.RFC3339) }

// at is " at <time>", or nothing when the time is not known.
func at(t *trail.Time) string {
	if t == nil {
		return ""
	}
	return " at " + iso(t)
}

// span is a duration for people, in the largest unit that keeps at least two of it.
func span(ms int64) string {
	for _, unit := range []struct {
		ms   int64
		name string
	}{{24 * hour, "days"}, {hour, "h"}, {minute, "min"}, {second, "s"}} {
		if ms >= 2*unit.ms {
			return fmt.Sprintf("%d %s", ms/unit.ms, unit.name)
		}
	}
	return fmt.Sprintf("%d ms", ms)
}

const (
	second int64 = 1000
	minute       = 60 * second
	hour         = 60 * minute
)

// zoneDoubt is what to say of a time whose zone is only assumed; empty for others.
func zoneDoubt(what string, t *trail.Time) string {
	if t == nil || t.ZoneSource != trail.ZoneAssumed {
		return ""
	}
	return "The vendor does not name the zone of the " + what + "; its usual one is assumed."
}
