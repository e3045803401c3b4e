package verdict

import (
	"slices"
	"time"

	"github.com/mqtrail/mqtrail/sdk/rocketmq"
)

// zoneSlack is how far a time in an id may be from the truth: its maker's zone is not in it, and UTC and UTC+8, which
// are tried, are at most this far from any other.
const zoneSlack = 14 * hour

// idClock is the time that a message's id tells. It is its maker's local time, and of 4.x clients without a month.
type idClock struct {
	id rocketmq.Timed
}

// clockOf is nil for an id that tells no time, or may be of a kind that tells none.
func clockOf(id string) *idClock {
	decoded, err := rocketmq.ParseID(id)
	if err != nil {
		return nil // a key, or an id of another system: it tells no time
	}
	timed, ok := decoded.ID.(rocketmq.Timed)
	if !ok {
		return nil
	}
	return &idClock{timed}
}

// latest is the latest moment up to another that the id may mean.
func (c *idClock) latest(until int64) (ms int64, ok bool) {
	times := c.times(until)
	if len(times) == 0 {
		return 0, false
	}
	return slices.Max(times), true
}

func (c *idClock) times(until int64) []int64 {
	var times []int64
	for _, t := range rocketmq.TimesBefore(c.id, time.UnixMilli(until)) {
		times = append(times, t.UnixMS)
	}
	return times
}

// outside: in no zone and no month does the id mean a moment of the span.
func (c *idClock) outside(from, to int64) bool {
	made, ok := c.latest(to + zoneSlack)
	return !ok || made+zoneSlack < from
}

// inside: in every zone the id means a moment of the span, given that no message is made after now. Without a month
// that cannot be said.
func (c *idClock) inside(from, to, now int64) bool {
	if _, ok := c.id.(rocketmq.V1ID); !ok {
		return false
	}
	made, ok := c.latest(to + zoneSlack)
	return ok && made-zoneSlack >= from && (to >= now || made+zoneSlack <= to)
}

func (c *idClock) about(now int64) string {
	made, ok := c.latest(now + zoneSlack)
	if !ok {
		return "later than now"
	}
	return stamp(made)
}

func (c *idClock) caveat() string {
	if _, ok := c.id.(rocketmq.V1ID); ok {
		return ""
	}
	return " or a month; the latest that fits was taken"
}
