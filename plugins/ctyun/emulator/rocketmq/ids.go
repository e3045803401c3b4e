package rocketmq

import (
	"encoding/binary"
	"encoding/hex"
	"net/netip"
	"strings"
	"time"
)

// offsetID is the broker's id of a message: address and port of the broker, place in its log.
func offsetID(address string, offset int64) string {
	at := netip.MustParseAddrPort(address)
	ip := at.Addr().As4()
	id := binary.BigEndian.AppendUint32(ip[:], uint32(at.Port()))
	id = binary.BigEndian.AppendUint64(id, uint64(offset)) // #nosec G115 -- never negative
	return strings.ToUpper(hex.EncodeToString(id))
}

// uniqueID is the id that a producer's client gives: its address, process, class loader, the milliseconds since the
// month began where it runs, and a counter.
func uniqueID(address string, born time.Time, counter int) string {
	ip := netip.MustParseAddrPort(address).Addr().As4()
	local := born.In(beijing)
	month := time.Date(local.Year(), local.Month(), 1, 0, 0, 0, 0, beijing)
	id := binary.BigEndian.AppendUint16(ip[:], 15472)
	id = binary.BigEndian.AppendUint32(id, 0x18B4AAC2)
	id = binary.BigEndian.AppendUint32(id, uint32(born.Sub(month).Milliseconds())) // #nosec G115 -- less than a month
	id = binary.BigEndian.AppendUint16(id, uint16(counter))                        // #nosec G115 -- one of a few messages
	return strings.ToUpper(hex.EncodeToString(id))
}

// takes reports whether a filter like "*" or "created || paid" lets a tag through.
func takes(filter, tag string) bool {
	tags := tagsOf(filter)
	for _, wanted := range tags {
		if wanted == tag {
			return true
		}
	}
	return len(tags) == 0
}
