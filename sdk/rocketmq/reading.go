package rocketmq

import (
	"net/netip"
)

// readV1 reads an id that its length and version tell.
func (d *Decoded) readV1(raw []byte) {
	d.ID, d.Certain = readV1ID(raw), true
	d.because("34 digits that begin with 01: the id of a 5.x client.")
}

// readByPort reads an id of 32 or 56 digits. Offset ids and unique ids have the same lengths; what tells them apart
// is that a port leaves the upper half of its four bytes empty, where a unique id has the process.
func (d *Decoded) readByPort(raw []byte) {
	hostLength := len(raw) - 12
	host, _ := netip.AddrFromSlice(raw[:hostLength]) // 4 or 16 bytes
	rest := raw[hostLength:]
	unique, offset := readUniqueID(host, rest), readOffsetID(host, rest)
	inMonth := unique.Elapsed() < longestMonth
	first := 2*hostLength + 1 // digit of the port, counted from 1
	switch {
	case unique.PID != 0:
		d.ID, d.Certain = unique, inMonth
		d.because("Digits %d to %d are %04X, not 0000: no port is that large, so it is no offset id.", first, first+3, unique.PID)
	case offset.Broker.Port() == 0 || offset.Offset < 0:
		d.ID, d.Certain = unique, inMonth
		d.because("Digits %d to %d are 0000 as in offset ids, but port %d and offset %d cannot be: it is no offset id.",
			first, first+3, offset.Broker.Port(), offset.Offset)
	case !inMonth:
		d.ID, d.Certain = offset, true
		d.because("Digits %d to %d are 0000, as in every offset id, and as a unique id its time would be beyond the end of a month.", first, first+3)
	default:
		d.ID, d.Other = offset, unique
		d.because("Digits %d to %d are 0000, as in every offset id. The unique id of a producer reads so too, if its process id is a multiple of 65536.", first, first+3)
	}
	d.caveat(inMonth)
}

// caveat says what a reading by length does not prove.
func (d *Decoded) caveat(inMonth bool) {
	if _, ok := d.ID.(OffsetID); ok {
		d.because("It names a place in a broker's commit log. To trace the message, take its unique id: the property UNIQ_KEY.")
		return
	}
	if !inMonth {
		d.because("As a unique id its time would be beyond the end of a month: it may be no message id, or the producer's clock was set back.")
		return
	}
	d.because("That it is a message id is taken from its length: any %d hex digits, such as a hash, read like one.", len(d.Text))
}
