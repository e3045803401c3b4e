package emulator

import (
	"encoding/json"
	"time"
)

// timeLayout is how the vendor writes times. No zone is documented; UTC+8 is assumed.
const timeLayout = "2006-01-02 15:04:05"

func beijing() *time.Location { return time.FixedZone("UTC+8", 8*60*60) }

// stamp is a time as the vendor writes it: whole seconds, and empty when there is none.
type stamp struct{ time.Time }

func (s stamp) String() string {
	if s.IsZero() {
		return ""
	}
	return s.In(beijing()).Format(timeLayout)
}

// MarshalJSON writes the time as the vendor does.
func (s stamp) MarshalJSON() ([]byte, error) { return json.Marshal(s.String()) }

// milliseconds are Unix milliseconds; null when there is no time.
type milliseconds struct{ time.Time }

// MarshalJSON writes the count, or null.
func (m milliseconds) MarshalJSON() ([]byte, error) {
	if m.IsZero() {
		return []byte("null"), nil
	}
	return json.Marshal(m.UnixMilli())
}

// parseTime reads a time of the vendor's form.
func parseTime(parameter, text string) (time.Time, error) {
	read, err := time.ParseInLocation(timeLayout, text, beijing())
	if err != nil {
		return time.Time{}, invalid(parameter, "it is no time like 2024-09-09 08:00:00.")
	}
	return read, nil
}
