package emulator

import (
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"net/netip"
	"strings"
	"time"
)

// producerZone is where the shop's producers run: a client id counts from the month's begin there.
var producerZone = time.FixedZone("UTC+8", 8*60*60)

// offsetID is the id that a broker gives: its address and the place in its commit log.
func offsetID(broker netip.AddrPort, log int64) string {
	ip := broker.Addr().As4()
	data := binary.BigEndian.AppendUint32(ip[:], uint32(broker.Port()))
	return hexadecimal(binary.BigEndian.AppendUint64(data, uint64(log))) //nolint:gosec // a place in a log is not negative
}

// clientID is the id that a 4.x client gives: address, process, class loader, milliseconds of the month, counter.
func clientID(client netip.Addr, born time.Time, count uint16) string {
	ip := client.As4()
	data := binary.BigEndian.AppendUint16(ip[:], 0x1f2a)
	data = binary.BigEndian.AppendUint32(data, 0x18b4aac2)
	sinceMonth := born.Sub(monthOf(born)).Milliseconds()
	data = binary.BigEndian.AppendUint32(data, uint32(sinceMonth)) //nolint:gosec // a month has fewer milliseconds
	return hexadecimal(binary.BigEndian.AppendUint16(data, count))
}

// bornOf is the last time before now at which a client may have given the id: it tells no month.
func bornOf(id string, now time.Time) (time.Time, error) {
	data, err := hex.DecodeString(id)
	if err != nil || len(data) != 16 {
		return time.Time{}, fmt.Errorf("%s is no client id of 32 hexadecimal digits", id)
	}
	since := time.Duration(binary.BigEndian.Uint32(data[10:])) * time.Millisecond
	month := monthOf(now)
	for month.Add(since).After(now) {
		month = month.AddDate(0, -1, 0)
	}
	return month.Add(since), nil
}

func monthOf(moment time.Time) time.Time {
	year, month, _ := moment.In(producerZone).Date()
	return time.Date(year, month, 1, 0, 0, 0, 0, producerZone)
}

func hexadecimal(data []byte) string { return strings.ToUpper(hex.EncodeToString(data)) }

// stampHex is a part of a request id that differs with the moment.
func stampHex(milliseconds int64) string { return fmt.Sprintf("%06X", milliseconds&0xffffff) }
