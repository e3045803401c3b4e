package trail

import "time"

// ZoneSource says how the zone of a time is known.
type ZoneSource string

// How the zone of a time is known.
const (
	// ZoneVendor: the vendor gave milliseconds since 1970, which need no zone.
	ZoneVendor ZoneSource = "vendor_ms"
	// ZoneAssumed: the vendor gave a local time without a zone, and its usual zone was taken.
	ZoneAssumed ZoneSource = "assumed"
	// ZoneProven: the vendor gave a local time, and the message's own id fits one zone only.
	ZoneProven ZoneSource = "proven"
)

// Time is a moment as a vendor told it.
type Time struct {
	// UnixMS is milliseconds since 1970-01-01 UTC.
	UnixMS int64 `json:"unix_ms"`
	// ISO is the same moment, RFC 3339 with the offset of its zone.
	ISO string `json:"iso"`
	// ZoneSource says how the zone is known: vendor_ms, assumed or proven.
	ZoneSource ZoneSource `json:"zone_source"`
	// ResolutionMS is the smallest step that the vendor tells: 1 or 1000 ms.
	ResolutionMS int64 `json:"resolution_ms"`
}

const isoMS = "2006-01-02T15:04:05.000Z07:00"

// AtMS is a time that a vendor gave in milliseconds since 1970; nil for 0 and less, which vendors write for "none".
func AtMS(ms int64) *Time {
	if ms <= 0 {
		return nil
	}
	return &Time{UnixMS: ms, ISO: time.UnixMilli(ms).UTC().Format(isoMS), ZoneSource: ZoneVendor, ResolutionMS: 1}
}

// AtLocal is a time that a vendor gave in a zone that it did not name, to the second; nil for the zero time.
func AtLocal(t time.Time, source ZoneSource) *Time {
	if t.IsZero() || t.UnixMilli() <= 0 {
		return nil
	}
	return &Time{UnixMS: t.UnixMilli(), ISO: t.Format(time.RFC3339), ZoneSource: source, ResolutionMS: 1000}
}

// Window is a span of time, from the first millisecond to the last, both included. 0 is open.
type Window struct {
	FromMS int64 `json:"from_ms,omitempty"`
	ToMS   int64 `json:"to_ms,omitempty"`
}
