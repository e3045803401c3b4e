package verbs

import (
	"strconv"
	"strings"
	"time"

	"github.com/mqtrail/mqtrail/sdk/trail"
)

// beijing is the zone that times without one are taken to be in. tzdata may be missing.
var beijing = time.FixedZone("UTC+8", 8*60*60)

// The forms in which a trace's times may come: CTyun documents none. Seconds take a fraction as well.
var (
	zoned = []string{time.RFC3339, "2006-01-02 15:04:05Z07:00", "2006-01-02T15:04:05Z0700", "2006-01-02 15:04:05 -0700"}
	local = []string{time.DateTime, "2006-01-02T15:04:05", "2006/01/02 15:04:05", "20060102150405"}
)

// clock reads the times of one trace. Its zone is that of Beijing, unless the message's born time, which another answer
// told in milliseconds, fits another.
type clock struct {
	zone   *time.Location
	source trail.ZoneSource
}

// clockOf finds the zone of a trace's times out: the one in which the time that the trace says the message was sent is
// the message's born time.
func clockOf(sent string, bornMS int64) clock {
	assumed := clock{beijing, trail.ZoneAssumed}
	wall, ok := parse(sent, local, time.UTC)
	if bornMS <= 0 || !ok {
		return assumed
	}
	// Zones are quarters of an hour apart, and the trace has the producer's clock too: a second apart is the same.
	ahead := wall.Sub(time.UnixMilli(bornMS))
	offset := ahead.Round(15 * time.Minute)
	if (ahead-offset).Abs() > 2*time.Second || offset < -12*time.Hour || offset > 14*time.Hour {
		return assumed
	}
	return clock{time.FixedZone("", int(offset/time.Second)), trail.ZoneProven}
}

// time is a time of the trace; nil, and whether that is because it cannot be read.
func (c clock) time(said text) (at *trail.Time, unreadable bool) {
	given := strings.TrimSpace(string(said))
	if given == "" || given == "0" {
		return nil, false
	}
	if number, err := strconv.ParseInt(given, 10, 64); err == nil && len(given) != 14 {
		switch len(given) {
		case 13:
			return trail.AtMS(number), false
		case 10:
			at = trail.AtMS(number * 1000)
			at.ResolutionMS = 1000
			return at, false
		}
		return nil, true
	}
	if moment, ok := parse(given, zoned, time.UTC); ok {
		return toResolution(trail.AtLocal(moment, trail.ZoneVendor), moment, given), false
	}
	moment, ok := parse(given, local, c.zone)
	if !ok {
		return nil, true
	}
	return toResolution(trail.AtLocal(moment, c.source), moment, given), false
}

// toResolution gives a time with a fraction its milliseconds back.
func toResolution(at *trail.Time, moment time.Time, given string) *trail.Time {
	if at != nil && strings.ContainsAny(given, ".,") {
		at.ResolutionMS = 1
		at.ISO = moment.Format("2006-01-02T15:04:05.000Z07:00")
	}
	return at
}

func parse(given string, layouts []string, zone *time.Location) (time.Time, bool) {
	for _, layout := range layouts {
		if moment, err := time.ParseInLocation(layout, given, zone); err == nil {
			return moment, true
		}
	}
	return time.Time{}, false
}
