package rocketmq

import (
	"fmt"
	"hash/crc32"
)

// maxCRC is the largest body checksum: Java has no unsigned integers, so the highest bit is cut off.
const maxCRC = 0x7fffffff

// BodyCRC is the checksum of a stored body (bodyCRC): CRC-32 of IEEE 802.3 without its highest bit. Source:
// UtilAll.crc32.
func BodyCRC(stored []byte) int32 {
	return int32(crc32.ChecksumIEEE(stored) & maxCRC)
}

// Integrity is what a checksum says of a body.
type Integrity string

// What a checksum says of a body.
const (
	BodyIntact    Integrity = "intact"
	BodyDiffers   Integrity = "differs" // from what the broker stored: cut, in another encoding, or damaged
	BodyUnchecked Integrity = "cannot be checked"
)

// CheckBody compares a body, as it was delivered, with the checksum and flags of its message. The reason says why the
// body differs or cannot be checked; it is empty for one that is intact.
func CheckBody(body []byte, flags SysFlag, crc int64) (result Integrity, reason string) {
	got := int64(BodyCRC(body))
	switch {
	case flags.Has(FlagCompressed):
		return BodyUnchecked, "The checksum is of the compressed body, and this one is not compressed any more."
	case flags&(FlagNeedUnwrap|FlagInnerBatch) != 0:
		return BodyUnchecked, "The checksum is of a batch of messages."
	case crc == got:
		return BodyIntact, ""
	case crc == 0:
		return BodyUnchecked, "The checksum is 0, which stands for none."
	case crc < 0 || crc > maxCRC:
		return BodyUnchecked, fmt.Sprintf("%d is no checksum of a body: it has 31 bits.", crc)
	default:
		return BodyDiffers, fmt.Sprintf("The checksum is %d, and that of these %d bytes is %d: the body was cut, is in another encoding, or is damaged.", crc, len(body), got)
	}
}
