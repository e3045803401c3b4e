package rocketmq

import (
	"encoding/binary"
	"net"
	"time"
)

// V1ID is an id of version 1, which a 5.x client made. Source: MessageIdCodec of the Java and Go clients.
type V1ID struct {
	// MAC is a hardware address of the client's machine. A client that finds none makes one up.
	MAC [6]byte
	// PID is the lower 16 bits of the client's process id.
	PID uint16
	// Seconds since the start of 2021: in the JVM's zone for Java clients, in UTC for Go clients. The Java
	// client counts on from the start of its process, so what the machine slept is missing.
	Seconds uint32
	// Sequence counts the client's ids.
	Sequence uint32
}

const versionV1 = 1

// Kind is KindV1.
func (id V1ID) Kind() Kind { return KindV1 }

// String is the id as clients write it.
func (id V1ID) String() string {
	raw := append([]byte{versionV1}, id.MAC[:]...)
	raw = binary.BigEndian.AppendUint16(raw, id.PID)
	raw = binary.BigEndian.AppendUint32(raw, id.Seconds)
	raw = binary.BigEndian.AppendUint32(raw, id.Sequence)
	return capitals(raw)
}

func readV1ID(raw []byte) V1ID {
	return V1ID{
		MAC: [6]byte(raw[1:7]), PID: binary.BigEndian.Uint16(raw[7:]),
		Seconds: binary.BigEndian.Uint32(raw[9:]), Sequence: binary.BigEndian.Uint32(raw[13:]),
	}
}

// Hardware is the MAC as a hardware address.
func (id V1ID) Hardware() net.HardwareAddr { return id.MAC[:] }

// Elapsed is the time since the start of 2021 in the zone that the client counts in.
func (id V1ID) Elapsed() time.Duration { return time.Duration(id.Seconds) * time.Second }

// Resolution is a second.
func (id V1ID) Resolution() time.Duration { return time.Second }

func (id V1ID) moments(zone *time.Location, _ time.Time) []time.Time {
	return []time.Time{time.Date(2021, time.January, 1, 0, 0, 0, 0, zone).Add(id.Elapsed())}
}
