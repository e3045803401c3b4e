package rocketmq

import "testing"

func TestSysFlag(t *testing.T) {
	for _, test := range []struct {
		flags       SysFlag
		transaction Transaction
		compression Compression
		unknown     SysFlag
		text        string
	}{
		{0, TransactionNone, CompressionNone, 0, "none"},
		{0x1, TransactionNone, CompressionZlib, 0, "compressed zlib"},
		{0x101, TransactionNone, CompressionLZ4, 0, "compressed lz4"},
		{0x201, TransactionNone, CompressionZstd, 0, "compressed zstd"},
		{0x301, TransactionNone, CompressionZlib, 0, "compressed zlib"},
		{0x401, TransactionNone, CompressionUnknown, 0, "compressed unknown"},
		{0x100, TransactionNone, CompressionNone, 0, "none"}, // a way, and nothing compressed
		{0x4, TransactionPrepared, CompressionNone, 0, "transaction prepared"},
		{0x8, TransactionCommit, CompressionNone, 0, "transaction commit"},
		{0xC, TransactionRollback, CompressionNone, 0, "transaction rollback"},
		{0x2, TransactionNone, CompressionNone, 0, "multiple tags"},
		{0x30, TransactionNone, CompressionNone, 0, "born host IPv6, store host IPv6"},
		{0x10, TransactionNone, CompressionNone, 0, "born host IPv6"},
		{0x20, TransactionNone, CompressionNone, 0, "store host IPv6"},
		{0x40, TransactionNone, CompressionNone, 0, "batch to unwrap"},
		{0x80, TransactionNone, CompressionNone, 0, "inner batch"},
		{0x80000809, TransactionCommit, CompressionZlib, 0x80000800, "compressed zlib, transaction commit, unknown 0x80000800"},
	} {
		if got := test.flags.Transaction(); got != test.transaction {
			t.Errorf("0x%X: transaction %s, want %s", uint32(test.flags), got, test.transaction)
		}
		if got := test.flags.Compression(); got != test.compression {
			t.Errorf("0x%X: compression %s, want %s", uint32(test.flags), got, test.compression)
		}
		if got := test.flags.Unknown(); got != test.unknown {
			t.Errorf("0x%X: unknown 0x%X, want 0x%X", uint32(test.flags), uint32(got), uint32(test.unknown))
		}
		if got := test.flags.String(); got != test.text {
			t.Errorf("0x%X: %s, want %s", uint32(test.flags), got, test.text)
		}
	}
}
