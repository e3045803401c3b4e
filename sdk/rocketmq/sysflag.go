package rocketmq

import (
	"fmt"
	"strings"
)

// SysFlag is the system flag of a message: bits that say how it is stored. Source: MessageSysFlag.
type SysFlag uint32

// The bits of a system flag.
const (
	FlagCompressed  SysFlag = 0x1
	FlagMultiTags   SysFlag = 0x2
	FlagTransaction SysFlag = 0xC // both bits together, see Transaction
	FlagBornHostV6  SysFlag = 0x10
	FlagStoreHostV6 SysFlag = 0x20
	FlagNeedUnwrap  SysFlag = 0x40  // a batch that the broker takes apart
	FlagInnerBatch  SysFlag = 0x80  // a batch that is stored as one
	FlagCompression SysFlag = 0x700 // three bits, see Compression
)

// Has reports whether all these bits are set.
func (f SysFlag) Has(bits SysFlag) bool { return f&bits == bits }

// Transaction is the part that a message has in a transaction.
type Transaction string

// The parts in a transaction.
const (
	TransactionNone     Transaction = "none"
	TransactionPrepared Transaction = "prepared" // a half message, not delivered yet
	TransactionCommit   Transaction = "commit"
	TransactionRollback Transaction = "rollback"
)

// Transaction is the message's part in a transaction.
func (f SysFlag) Transaction() Transaction {
	return [...]Transaction{TransactionNone, TransactionPrepared, TransactionCommit, TransactionRollback}[f&FlagTransaction>>2]
}

// Compression is how a body is compressed.
type Compression string

// The ways to compress a body. Source: CompressionType.
const (
	CompressionNone    Compression = "none"
	CompressionZlib    Compression = "zlib" // also of messages that name no way: older ones know no other
	CompressionLZ4     Compression = "lz4"
	CompressionZstd    Compression = "zstd"
	CompressionUnknown Compression = "unknown" // a number that no version defines
)

// Compression is how the stored body is compressed.
func (f SysFlag) Compression() Compression {
	if !f.Has(FlagCompressed) {
		return CompressionNone
	}
	switch f & FlagCompression >> 8 {
	case 0, 3:
		return CompressionZlib
	case 1:
		return CompressionLZ4
	case 2:
		return CompressionZstd
	default:
		return CompressionUnknown
	}
}

// known are the bits that have a meaning.
const known = FlagCompressed | FlagMultiTags | FlagTransaction | FlagBornHostV6 | FlagStoreHostV6 | FlagNeedUnwrap | FlagInnerBatch | FlagCompression

// Unknown are the bits that have no meaning known here.
func (f SysFlag) Unknown() SysFlag { return f &^ known }

// String names what is set, such as "compressed lz4, transaction commit"; "none" when nothing is.
func (f SysFlag) String() string {
	var names []string
	if f.Has(FlagCompressed) {
		names = append(names, "compressed "+string(f.Compression()))
	}
	if part := f.Transaction(); part != TransactionNone {
		names = append(names, "transaction "+string(part))
	}
	for _, bit := range []struct {
		flag SysFlag
		name string
	}{
		{FlagMultiTags, "multiple tags"}, {FlagBornHostV6, "born host IPv6"}, {FlagStoreHostV6, "store host IPv6"},
		{FlagNeedUnwrap, "batch to unwrap"}, {FlagInnerBatch, "inner batch"},
	} {
		if f.Has(bit.flag) {
			names = append(names, bit.name)
		}
	}
	if unknown := f.Unknown(); unknown != 0 {
		names = append(names, fmt.Sprintf("unknown 0x%X", uint32(unknown)))
	}
	if len(names) == 0 {
		return "none"
	}
	return strings.Join(names, ", ")
}
