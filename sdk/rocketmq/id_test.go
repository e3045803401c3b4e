package rocketmq

import (
	"errors"
	"net/netip"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/mqtrail/mqtrail/sdk"
)

const (
	documentedOffset = "C0A847BC000020E600000000000045FE"
	documentedUnique = "050562443C7018B4AAC2996FB3DE0000"
	documentedV1     = "012A5AB0BBEC8A000104C6342B00001ECF"
)

var compareAddresses = cmp.Comparer(func(a, b netip.Addr) bool { return a == b })

func TestParseID(t *testing.T) {
	broker := OffsetID{netip.MustParseAddrPort("192.168.71.188:8422"), 17918}
	producer := UniqueID{netip.MustParseAddr("5.5.98.68"), 15472, 0x18B4AAC2, 2574234590, 0}
	v6 := netip.MustParseAddr("fe80::1:2")
	for name, test := range map[string]struct {
		text    string
		kind    Kind
		id      ID
		other   ID
		certain bool
		reason  string
	}{
		"documented offset id": {
			documentedOffset, KindOffsetIPv4, broker,
			UniqueID{Host: broker.Broker.Addr(), LoaderHash: 0x20E60000, Counter: 0x45FE}, false, "multiple of 65536",
		},
		"documented unique id": {documentedUnique, KindUniqueIPv4, producer, nil, true, "Digits 9 to 12 are 3C70"},
		"documented id of 5.x": {
			documentedV1, KindV1, V1ID{[6]byte{0x2A, 0x5A, 0xB0, 0xBB, 0xEC, 0x8A}, 1, 80098347, 7887}, nil, true, "5.x client",
		},
		"offset id, IPv6": {
			"FE80000000000000000000000001000200002A9F0000000000000001", KindOffsetIPv6,
			OffsetID{netip.AddrPortFrom(v6, 10911), 1}, UniqueID{Host: v6, LoaderHash: 0x2A9F0000, Counter: 1}, false, "Digits 33 to 36",
		},
		"unique id, IPv6": {
			"FE800000000000000000000000010002000118B4AAC2000003E80005", KindUniqueIPv6, UniqueID{v6, 1, 0x18B4AAC2, 1000, 5}, nil, true, "Digits 33 to 36 are 0001",
		},
		"an IPv4 address in IPv6 stays one": {
			"00000000000000000000FFFF0A000001000118B4AAC2000003E80005", KindUniqueIPv6,
			UniqueID{netip.MustParseAddr("::ffff:10.0.0.1"), 1, 0x18B4AAC2, 1000, 5}, nil, true, "Digits 33 to 36",
		},
		"offset id, and no time of a month": {
			"C0A847BC000020E60000FFFFFFFF45FE", KindOffsetIPv4, OffsetID{broker.Broker, 0xFFFFFFFF45FE}, nil, true, "beyond the end of a month",
		},
		"process 65536 and no port": {
			"050562440000000000000000003E0001", KindUniqueIPv4, UniqueID{Host: producer.Host, MonthMillis: 0x3E, Counter: 1}, nil, true, "port 0",
		},
		"process 65536 and a negative offset": {
			"050562440000AAC2F00000000001000A", KindUniqueIPv4, UniqueID{producer.Host, 0, 0xAAC2F000, 1, 10}, nil, true, "cannot be",
		},
		"a hash that is no id": {
			"9E107D9D372BB6826BD81D3542A419D6", KindUniqueIPv4, UniqueID{netip.MustParseAddr("158.16.125.157"), 0x372B, 0xB6826BD8, 0x1D3542A4, 0x19D6}, nil, true, "such as a hash",
		},
		"a hash with no time of a month": {
			"9E107D9D372BB6826BD8FFFFFFFF19D6", KindUniqueIPv4, UniqueID{netip.MustParseAddr("158.16.125.157"), 0x372B, 0xB6826BD8, 0xFFFFFFFF, 0x19D6}, nil, false, "may be no message id",
		},
		"of the 4.x Go client": {
			"0505624400010000000005f5e1000a2b", KindUniqueIPv4, UniqueID{producer.Host, 1, 0, 100_000_000, 0x0A2B}, nil, true, "as it is written",
		},
		"with space around": {" \t" + documentedUnique + "\n", KindUniqueIPv4, producer, nil, true, "Digits 9"},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := ParseID(test.text)
			if err != nil {
				t.Fatal(err)
			}
			text := strings.TrimSpace(test.text)
			if !strings.Contains(strings.Join(got.Reasons, "\n"), test.reason) {
				t.Errorf("no reason has %q:\n%s", test.reason, strings.Join(got.Reasons, "\n"))
			}
			want := &Decoded{Text: text, ID: test.id, Other: test.other, Certain: test.certain, Reasons: got.Reasons}
			if diff := cmp.Diff(want, got, compareAddresses, compareAddrPorts); diff != "" {
				t.Errorf("decoded (-want +got):\n%s", diff)
			}
			if got.ID.Kind() != test.kind || got.ID.String() != strings.ToUpper(text) {
				t.Errorf("it is a %s, again as text %s", got.ID.Kind(), got.ID)
			}
		})
	}
}

var compareAddrPorts = cmp.Comparer(func(a, b netip.AddrPort) bool { return a == b })

func TestParseIDRefuses(t *testing.T) {
	for name, test := range map[string]struct{ text, says string }{
		"nothing":             {" ", "id: it is empty."},
		"a business key":      {"order-1003", `"order-1003" is not hex: character 1 is 'o'.`},
		"a UUID":              {"050562443c70-18b4-aac2-996fb3de0000", `character 13 is '-'`},
		"a letter O":          {"O50562443C7018B4AAC2996FB3DE0000", `character 1 is 'O'`},
		"digits of others":    {"０50562443C7018B4AAC2996FB3DE0000", `character 1 is '０'`},
		"no text":             {"\xff\x00", `character 1 is '�'`},
		"one too few":         {documentedUnique[1:], "has 31 hex digits, an odd number: one was lost or added."},
		"two too many":        {documentedUnique + "00", "begins with 05: 01 is the only version known"},
		"four too many":       {documentedUnique + "0000", "has 36 hex digits."},
		"another version":     {"02" + documentedV1[2:], "begins with 02"},
		"a flood is cut":      {strings.Repeat("0", 1<<20), `0000"… has 1048576 hex digits.`},
		"a flood of no digit": {strings.Repeat("é", 1<<10), `é"… is not hex: character 1 is 'é'.`},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := ParseID(test.text)
			var problem *sdk.Problem
			if !errors.As(err, &problem) || problem.Code != sdk.CodeInvalidArguments || problem.Pointer != "/id" {
				t.Fatalf("the error is %#v", err)
			}
			if !strings.Contains(problem.Message, test.says) || len(problem.Message) > 250 {
				t.Errorf("it says %s\nwant %s", problem.Message, test.says)
			}
			for _, length := range []string{"32 digits", "56", "34 that begin with 01"} {
				if !strings.Contains(problem.Hint, length) {
					t.Errorf("the hint has no %q: %s", length, problem.Hint)
				}
			}
		})
	}
}

// An id without its address has no text, rather than one that reads as something else.
func TestIDWithoutAddress(t *testing.T) {
	for _, id := range []ID{OffsetID{Offset: 1}, UniqueID{PID: 1}} {
		if got := id.String(); got != "" {
			t.Errorf("%#v reads %s", id, got)
		}
	}
}

// What was encoded is read back: as the reading, or as the other where two are possible.
func TestIDRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		id := drawID(t)
		decoded, err := ParseID(id.String())
		if err != nil {
			t.Fatalf("%s: %v", id, err)
		}
		if decoded.ID != id && decoded.Other != id {
			t.Fatalf("%s: %#v, read back as %#v or %#v", id, id, decoded.ID, decoded.Other)
		}
		if decoded.Certain && decoded.Other != nil {
			t.Fatalf("%s is certain and has another reading", id)
		}
		// A kind that is certain is the one that was made.
		if decoded.Certain && decoded.ID != id {
			t.Fatalf("%s is certainly a %s, and was made as a %s", id, decoded.ID.Kind(), id.Kind())
		}
	})
}

// drawID makes an id as brokers and clients can.
func drawID(t *rapid.T) ID {
	length := rapid.SampledFrom([]int{4, 16}).Draw(t, "length")
	host, _ := netip.AddrFromSlice(rapid.SliceOfN(rapid.Byte(), length, length).Draw(t, "host"))
	switch rapid.IntRange(0, 2).Draw(t, "kind") {
	case 0:
		port := rapid.Uint16Min(1).Draw(t, "port")
		return OffsetID{netip.AddrPortFrom(host, port), rapid.Int64Min(0).Draw(t, "offset")}
	case 1:
		return UniqueID{
			host, rapid.Uint16().Draw(t, "pid"), rapid.Uint32().Draw(t, "hash"),
			rapid.Uint32Max(uint32(longestMonth.Milliseconds())-1).Draw(t, "millis"), rapid.Uint16().Draw(t, "counter"),
		}
	default:
		mac := rapid.SliceOfN(rapid.Byte(), 6, 6).Draw(t, "mac")
		return V1ID{[6]byte(mac), rapid.Uint16().Draw(t, "pid"), rapid.Uint32().Draw(t, "seconds"), rapid.Uint32().Draw(t, "sequence")}
	}
}
