package rocketmq

import (
	"cmp"
	"fmt"
	"slices"
	"time"
)

// ZoneSource says how the zone of a time is known.
type ZoneSource string

// How the zone of a time in an id is known. No id holds a zone.
const (
	ZoneProven  ZoneSource = "proven"  // another time of the same message fits in this zone alone
	ZoneAssumed ZoneSource = "assumed" // one of several that are usual
)

// Time is a time that an id may mean.
type Time struct {
	// UnixMS are milliseconds since 1970 in UTC.
	UnixMS int64 `json:"unix_ms"`
	// ISO is the same as RFC 3339, in the zone that the client counted in: its offset when the count began.
	ISO        string     `json:"iso"`
	ZoneSource ZoneSource `json:"zone_source"`
	// ResolutionMS is the step of the id's clock in milliseconds: 1 or 1000.
	ResolutionMS int64 `json:"resolution_ms"`
}

// Timed is an id that holds a time: a [UniqueID] or a [V1ID]. It is a span since a start that depends on the zone of
// the client, and for a UniqueID on the month.
type Timed interface {
	ID
	Elapsed() time.Duration
	Resolution() time.Duration
	moments(zone *time.Location, near time.Time) []time.Time
}

// nearEnough is how far the time in an id may be from the message's born time: a client takes both within moments.
const nearEnough = time.Second

// The zones of the world, as offsets from UTC.
const (
	westernmost = -12 * time.Hour
	easternmost = 14 * time.Hour
	zoneStep    = 15 * time.Minute
)

// TimesNear are the times that an id may mean, given the message's born time (bornTimestamp). If the two agree in one
// zone, to a second and the id's resolution, that zone is proven and there is one time. Else there is one time for
// each zone that clients usually count in: UTC, UTC+8, and the zone of born itself; the nearest comes first.
func TimesNear(id Timed, born time.Time) []Time {
	if proven, ok := provenTime(id, born); ok {
		return []Time{timeOf(id, proven, ZoneProven)}
	}
	return assumedTimes(id, born, func(moments []time.Time) (time.Time, bool) {
		if len(moments) == 0 {
			return time.Time{}, false
		}
		return slices.MinFunc(moments, func(a, b time.Time) int {
			return cmp.Compare(a.Sub(born).Abs(), b.Sub(born).Abs())
		}), true
	})
}

// TimesBefore are the times that an id may mean when nothing but the present is known: for each usual zone, as in
// TimesNear, the latest that is not in the future.
func TimesBefore(id Timed, now time.Time) []Time {
	return assumedTimes(id, now, func(moments []time.Time) (latest time.Time, ok bool) {
		for _, moment := range moments { // in their order
			if !moment.After(now) {
				latest, ok = moment, true
			}
		}
		return latest, ok
	})
}

// provenTime is the time that the id means in the only zone that brings it near enough to born. Two zones cannot:
// they are a step apart, which is far more than near enough.
func provenTime(id Timed, born time.Time) (time.Time, bool) {
	for offset := westernmost; offset <= easternmost; offset += zoneStep {
		for _, moment := range id.moments(fixedZone(offset), born) {
			if moment.Sub(born).Abs() <= nearEnough+id.Resolution() {
				return moment, true
			}
		}
	}
	return time.Time{}, false
}

// assumedTimes are what choose takes of the moments of each usual zone, the nearest to a time first.
func assumedTimes(id Timed, near time.Time, choose func([]time.Time) (time.Time, bool)) []Time {
	var chosen []time.Time
	for _, zone := range []*time.Location{time.UTC, fixedZone(8 * time.Hour), near.Location()} {
		moment, ok := choose(id.moments(zone, near))
		if ok && !slices.ContainsFunc(chosen, moment.Equal) {
			chosen = append(chosen, moment)
		}
	}
	slices.SortStableFunc(chosen, func(a, b time.Time) int { return cmp.Compare(a.Sub(near).Abs(), b.Sub(near).Abs()) })
	times := make([]Time, len(chosen))
	for i, moment := range chosen {
		times[i] = timeOf(id, moment, ZoneAssumed)
	}
	return times
}

func fixedZone(offset time.Duration) *time.Location {
	if offset == 0 {
		return time.UTC
	}
	return time.FixedZone("", int(offset/time.Second))
}

func timeOf(id Timed, moment time.Time, source ZoneSource) Time {
	layout := "2006-01-02T15:04:05.000Z07:00"
	if id.Resolution() == time.Second {
		layout = time.RFC3339
	}
	return Time{moment.UnixMilli(), moment.Format(layout), source, id.Resolution().Milliseconds()}
}

// zoneText names the offset of a time, like UTC+08:00.
func zoneText(moment time.Time) string {
	if _, offset := moment.Zone(); offset == 0 {
		return "UTC"
	}
	return fmt.Sprintf("UTC%s", moment.Format("-07:00"))
}
