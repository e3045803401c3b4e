package rocketmq

import (
	"fmt"
	"time"
)

// Explanation is what a message id says, for people and programs.
type Explanation struct {
	// ID is the text as it was given.
	ID string `json:"id"`
	// Certain means that the kind can be no other, if the text is a message id at all.
	Certain bool `json:"certain"`
	Reading
	// Reasons say why it was read so, and what would be wrong to conclude.
	Reasons []string `json:"reasons"`
	// Other is the reading that the text allows as well.
	Other *Reading `json:"other,omitempty"`
}

// Reading is one reading of a message id. A field that its kind does not have is left out.
type Reading struct {
	Kind            Kind    `json:"kind"`
	BrokerHost      string  `json:"broker_host,omitempty"`
	BrokerPort      *uint16 `json:"broker_port,omitempty"`
	CommitLogOffset *int64  `json:"commit_log_offset,omitempty"` // bytes
	ProducerHost    string  `json:"producer_host,omitempty"`
	ProducerMAC     string  `json:"producer_mac,omitempty"`
	PID             *uint16 `json:"pid,omitempty"` // the lower 16 bits of the process id
	ClassLoaderHash string  `json:"class_loader_hash,omitempty"`
	MSIntoMonth     *uint32 `json:"ms_into_month,omitempty"`
	SecondsInto2021 *uint32 `json:"seconds_since_2021,omitempty"`
	Sequence        *uint32 `json:"sequence,omitempty"`
	// Candidates are the times that it may mean, the likeliest first. Offset ids have none.
	Candidates []Time `json:"candidates"`
}

// Explain reads a message id and places its time near the message's born time, or without one (the zero time) before
// now. An error is an [sdk.Problem] of the caller's.
func Explain(text string, born, now time.Time) (*Explanation, error) {
	decoded, err := ParseID(text)
	if err != nil {
		return nil, err
	}
	explained := &Explanation{ID: decoded.Text, Certain: decoded.Certain, Reading: readingOf(decoded.ID, born, now), Reasons: decoded.Reasons}
	if decoded.Other != nil {
		other := readingOf(decoded.Other, born, now)
		explained.Other = &other
	}
	explained.Reasons = append(explained.Reasons, reasonsOfTime(decoded.ID, explained.Candidates, born)...)
	return explained, nil
}

func readingOf(id ID, born, now time.Time) Reading {
	reading := Reading{Kind: id.Kind(), Candidates: []Time{}}
	switch id := id.(type) {
	case OffsetID:
		port := id.Broker.Port()
		reading.BrokerHost, reading.BrokerPort, reading.CommitLogOffset = id.Broker.Addr().String(), &port, &id.Offset
	case UniqueID:
		counter := uint32(id.Counter)
		reading.ProducerHost, reading.PID, reading.Sequence = id.Host.String(), &id.PID, &counter
		reading.ClassLoaderHash, reading.MSIntoMonth = fmt.Sprintf("%08X", id.LoaderHash), &id.MonthMillis
	case V1ID:
		reading.ProducerMAC, reading.PID, reading.Sequence = id.Hardware().String(), &id.PID, &id.Sequence
		reading.SecondsInto2021 = &id.Seconds
	}
	timed, ok := id.(Timed)
	switch {
	case !ok:
	case born.IsZero():
		reading.Candidates = TimesBefore(timed, now)
	default:
		reading.Candidates = TimesNear(timed, born)
	}
	return reading
}

// reasonsOfTime say what the time in an id proves. There is nothing to say of one that is beyond the end of a month.
func reasonsOfTime(id ID, candidates []Time, born time.Time) []string {
	timed, ok := id.(Timed)
	if !ok || id.Kind() != KindV1 && timed.Elapsed() >= longestMonth {
		return nil
	}
	reasons := []string{missing(timed)}
	switch {
	case len(candidates) == 0:
		reasons = append(reasons, "Every usual zone puts that into the future: a clock is wrong, or it is no message id.")
	case born.IsZero():
		reasons = append(reasons, "Each candidate assumes a usual zone. The message's born time (bornTimestamp) would tell which is right.")
	case candidates[0].ZoneSource == ZoneProven:
		moment, _ := provenTime(timed, born)
		reasons = append(reasons, fmt.Sprintf("In %s, and in no other zone, the time in the id is %v from the given one: if that is the message's born time, its producer counts in %[1]s.",
			zoneText(moment), moment.Sub(born).Abs()))
	default:
		reasons = append(reasons, fmt.Sprintf("In no zone is the time in the id within %v of the given one, so no zone is proven. Each candidate assumes a usual one.",
			nearEnough+timed.Resolution()))
	}
	return reasons
}

// missing says what the time of an id lacks.
func missing(id Timed) string {
	wall := time.Date(2021, time.January, 1, 0, 0, 0, 0, time.UTC).Add(id.Elapsed())
	if id.Kind() == KindV1 {
		return fmt.Sprintf("It says %s, in a zone that is not in the id: Go clients count in UTC, Java clients in the zone of the JVM.", wall.Format(time.DateTime))
	}
	return fmt.Sprintf("It was made %d days and %s after a month began. Which month, and in which zone, is not in the id.",
		id.Elapsed()/(24*time.Hour), wall.Format("15:04:05.000"))
}
