package rocketmq

import (
	"encoding/binary"
	"net/netip"
)

// OffsetID is an id that a broker made: where it stored the message. Source: MessageDecoder.createMessageId.
type OffsetID struct {
	// Broker is the broker's address, as the broker gives it to others; often a private one.
	Broker netip.AddrPort
	// Offset is the message's place in the broker's commit log, in bytes. It is not the offset in a queue.
	Offset int64
}

// Kind is KindOffsetIPv4 or KindOffsetIPv6, after the broker's address.
func (id OffsetID) Kind() Kind {
	if id.Broker.Addr().Is4() {
		return KindOffsetIPv4
	}
	return KindOffsetIPv6
}

// String is the id as brokers write it; "" without a broker.
func (id OffsetID) String() string {
	rest := binary.BigEndian.AppendUint32(nil, uint32(id.Broker.Port()))
	rest = binary.BigEndian.AppendUint64(rest, uint64(id.Offset)) //nolint:gosec // the bits, as the broker writes them
	return encode(id.Broker.Addr(), rest)
}

// readOffsetID reads the bytes of an id whose port is known to fit in 16 bits.
func readOffsetID(host netip.Addr, rest []byte) OffsetID {
	port := binary.BigEndian.Uint16(rest[2:])
	offset := binary.BigEndian.Uint64(rest[4:])
	return OffsetID{netip.AddrPortFrom(host, port), int64(offset)} //nolint:gosec // the bits, as the broker wrote them
}
