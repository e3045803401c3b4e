package rocketmq

import (
	"encoding/binary"
	"net/netip"
	"time"
)

// UniqueID is an id that a 4.x client made. Sources: MessageClientIDSetter of the Java client, and CreateUniqID of
// the Go client.
type UniqueID struct {
	// Host is what the client took for its own address. A client that finds none makes one up from the clock.
	Host netip.Addr
	// PID is the lower 16 bits of the client's process id.
	PID uint16
	// LoaderHash tells apart class loaders of one JVM. The Go client writes 0.
	LoaderHash uint32
	// MonthMillis are the milliseconds since the month began, in the client's zone. Month and zone are not in the id.
	MonthMillis uint32
	// Counter counts the client's ids, and starts again after 65535.
	Counter uint16
}

// Kind is KindUniqueIPv4 or KindUniqueIPv6, after the client's address.
func (id UniqueID) Kind() Kind {
	if id.Host.Is4() {
		return KindUniqueIPv4
	}
	return KindUniqueIPv6
}

// String is the id as the Java client writes it; "" without a host.
func (id UniqueID) String() string {
	rest := binary.BigEndian.AppendUint16(nil, id.PID)
	rest = binary.BigEndian.AppendUint32(rest, id.LoaderHash)
	rest = binary.BigEndian.AppendUint32(rest, id.MonthMillis)
	rest = binary.BigEndian.AppendUint16(rest, id.Counter)
	return encode(id.Host, rest)
}

func readUniqueID(host netip.Addr, rest []byte) UniqueID {
	return UniqueID{
		Host: host, PID: binary.BigEndian.Uint16(rest), LoaderHash: binary.BigEndian.Uint32(rest[2:]),
		MonthMillis: binary.BigEndian.Uint32(rest[6:]), Counter: binary.BigEndian.Uint16(rest[10:]),
	}
}

// clockChange is how much longer than its days a month may be: clocks are put back by up to two hours.
const clockChange = 2 * time.Hour

// longestMonth bounds MonthMillis.
const longestMonth = 31*24*time.Hour + clockChange

// Elapsed is the time since the month began.
func (id UniqueID) Elapsed() time.Duration { return time.Duration(id.MonthMillis) * time.Millisecond }

// Resolution is a second for what looks like an id of the Go client, which counts whole seconds; else a millisecond.
func (id UniqueID) Resolution() time.Duration {
	if id.LoaderHash == 0 && id.MonthMillis%1000 == 0 {
		return time.Second
	}
	return time.Millisecond
}

// moments are the times that the id may mean to a client of this zone, in the months around a time.
func (id UniqueID) moments(zone *time.Location, near time.Time) []time.Time {
	year, month, _ := near.In(zone).Date()
	var moments []time.Time
	for m := month - 2; m <= month+1; m++ { // two back: the month before may be too short
		start, end := time.Date(year, m, 1, 0, 0, 0, 0, zone), time.Date(year, m+1, 1, 0, 0, 0, 0, zone)
		if moment := start.Add(id.Elapsed()); moment.Before(end.Add(clockChange)) {
			moments = append(moments, moment)
		}
	}
	return moments
}
