package rocketmq

import (
	"strings"
	"testing"
)

// documentedBody is the body that the v2 query by key documents, whose bodyCRC is 979262990.
const documentedBody = "D8SQN8VlDr1ZD4r4KVtse9Zczg5A9FA2nT7vu7LwLZ2w6oQnnXSmARpRJgHA8VJ6akEtHcm470kilKhE4pGgTKoXf5fF0kpzLc3ek01dafpJsd" +
	"yZgFjmk18RtqPdk68LVNZ6p5FuE0c8qMxDBZzMv462KdJtJC1FBbbeuKoBVtHb7wYf79uY4uKKZOE9l1dkLaV0dS4gQSCCQVcRNswNNRbcVZGF" +
	"P2iYcsxAqkeTENxqhUOEvQm4kIAbbWl4cK9gOMpUnchJSpEd48gv9gcHHB5FGY0umLtbcUGDM3aR8mfjDEeWAjm8g4o3dl7ptwakDKVIDDTe"

const documentedCRC = 979262990

func TestBodyCRC(t *testing.T) {
	for _, test := range []struct {
		body string
		want int32
	}{
		{documentedBody, documentedCRC},
		{"", 0},
		{"123456789", 0x4BF43926}, // the check value of CRC-32, 0xCBF43926, without its highest bit
	} {
		if got := BodyCRC([]byte(test.body)); got != test.want {
			t.Errorf("%.20q: %d, want %d", test.body, got, test.want)
		}
	}
}

func TestCheckBody(t *testing.T) {
	for name, test := range map[string]struct {
		body   string
		flags  SysFlag
		crc    int64
		want   Integrity
		reason string
	}{
		"documented":                    {documentedBody, 0, documentedCRC, BodyIntact, ""},
		"a transaction changes nothing": {documentedBody, 0x8, documentedCRC, BodyIntact, ""},
		"cut":                           {documentedBody[:120], 0, documentedCRC, BodyDiffers, "The checksum is 979262990, and that of these 120 bytes is"},
		"not masked":                    {"123456789", 0, 0xCBF43926, BodyUnchecked, "has 31 bits"},
		"negative":                      {"123456789", 0, -873187034, BodyUnchecked, "has 31 bits"},
		"compressed":                    {documentedBody, FlagCompressed | 0x100, documentedCRC, BodyUnchecked, "compressed"},
		"a batch":                       {documentedBody, FlagInnerBatch, documentedCRC, BodyUnchecked, "batch"},
		"a batch to unwrap":             {documentedBody, FlagNeedUnwrap, documentedCRC, BodyUnchecked, "batch"},
		"none was made":                 {documentedBody, 0, 0, BodyUnchecked, "stands for none"},
		"empty":                         {"", 0, 0, BodyIntact, ""},
	} {
		t.Run(name, func(t *testing.T) {
			got, reason := CheckBody([]byte(test.body), test.flags, test.crc)
			if got != test.want || !strings.Contains(reason, test.reason) || (reason == "") != (test.reason == "") {
				t.Errorf("%s: %s\nwant %s: %s", got, reason, test.want, test.reason)
			}
		})
	}
}
