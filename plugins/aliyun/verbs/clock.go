package verbs

import (
	"strconv"
	"time"

	"github.com/mqtrail/mqtrail/sdk/rocketmq"
	"github.com/mqtrail/mqtrail/sdk/trail"
)

// layout is how the vendor writes times: whole seconds, in a zone that it documents nowhere.
const layout = "2006-01-02 15:04:05"

// beijing is the zone that is assumed.
func beijing() *time.Location { return time.FixedZone("UTC+8", 8*60*60) }

// clock reads the vendor's local times.
type clock struct {
	zone   *time.Location
	source trail.ZoneSource
}

func assumedClock() clock { return clock{beijing(), trail.ZoneAssumed} }

// clockOf is the clock of one message's times. Its id has the producer's own time, in the producer's zone, which is
// not known either; but every zone lies between UTC-12 and UTC+14. When only one of the vendor's possible zones, UTC+8
// and UTC, puts the producer into the world, that one is proven.
func clockOf(id, born string) clock {
	decoded, err := rocketmq.ParseID(id)
	if err != nil || decoded.Other != nil {
		return assumedClock()
	}
	timed, ok := decoded.ID.(rocketmq.Timed)
	if !ok {
		return assumedClock()
	}
	var fitting []*time.Location
	for _, zone := range []*time.Location{beijing(), time.UTC} {
		moment, err := time.ParseInLocation(layout, born, zone)
		if err != nil {
			return assumedClock()
		}
		if times := rocketmq.TimesNear(timed, moment); len(times) == 1 && times[0].ZoneSource == rocketmq.ZoneProven {
			fitting = append(fitting, zone)
		}
	}
	if len(fitting) != 1 {
		return assumedClock()
	}
	return clock{fitting[0], trail.ZoneProven}
}

// at is the moment of a time as the vendor writes it; nil for an empty text, and for one that is no time. Milliseconds
// since 1970, which the vendor writes elsewhere, are read too.
func (c clock) at(text string) *trail.Time {
	if ms, err := strconv.ParseInt(text, 10, 64); err == nil && len(text) == 13 {
		return trail.AtMS(ms)
	}
	moment, err := time.ParseInLocation(layout, text, c.zone)
	if err != nil {
		return nil
	}
	return trail.AtLocal(moment, c.source)
}

// written is a moment as the vendor reads it.
func written(ms int64) string { return time.UnixMilli(ms).In(beijing()).Format(layout) }
