package emulator

import "time"

// age is how long before the sandbox began something happened, like 36h in the shop's data.
type age time.Duration

// UnmarshalText reads a duration as Go writes it.
func (a *age) UnmarshalText(text []byte) error {
	duration, err := time.ParseDuration(string(text))
	*a = age(duration)
	return err
}

// milliseconds is the moment so long before now, in Unix milliseconds.
func (a age) milliseconds(now time.Time) int64 { return now.Add(-time.Duration(a)).UnixMilli() }

// stamp is a moment as tasks show it: UTC, to the millisecond.
func stamp(milliseconds int64) string {
	return time.UnixMilli(milliseconds).UTC().Format("2006-01-02T15:04:05.000Z")
}
