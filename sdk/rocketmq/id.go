package rocketmq

import (
	"encoding/hex"
	"fmt"
	"net/netip"
	"strings"

	"github.com/mqtrail/mqtrail/sdk"
)

// Kind is how a message id is laid out. All are hex digits, most significant first.
type Kind string

// The kinds of message ids.
const (
	// KindOffsetIPv4 and KindOffsetIPv6 are made by a broker when it stores a message.
	KindOffsetIPv4 Kind = "offset_ipv4" // 32 digits: address 4 bytes, port 4, commit-log offset 8
	KindOffsetIPv6 Kind = "offset_ipv6" // 56 digits: the same with an address of 16 bytes
	// KindUniqueIPv4 and KindUniqueIPv6 are made by a 4.x client when it sends a message: its property UNIQ_KEY.
	KindUniqueIPv4 Kind = "unique_ipv4" // 32 digits: address 4 bytes, process 2, class loader 4, time 4, counter 2
	KindUniqueIPv6 Kind = "unique_ipv6" // 56 digits: the same with an address of 16 bytes
	// KindV1 is made by a 5.x client when it sends a message.
	KindV1 Kind = "unique_v1" // 34 digits: version 01, MAC 6 bytes, process 2, time 4, sequence 4
)

// The numbers of hex digits in a message id.
const (
	digitsIPv4 = 32
	digitsV1   = 34
	digitsIPv6 = 56
)

// ID is one reading of a message id: an [OffsetID], a [UniqueID] or a [V1ID].
type ID interface {
	Kind() Kind
	// String is the id in capital hex digits; "" when an address that it needs is missing.
	String() string
}

// Decoded is what the text of a message id says.
type Decoded struct {
	// Text is the id as it was given. Vendors compare ids as text, so its letters keep their case.
	Text string
	// ID is the reading; the likelier one where there are two.
	ID ID
	// Other is the reading that the text allows as well; nil when it is ruled out.
	Other ID
	// Certain means that the text can be nothing else, if it is a message id at all.
	Certain bool
	// Reasons say why it was read so, and what would be wrong to conclude, one sentence each.
	Reasons []string
}

// ParseID reads a message id, in capital or small letters. An error is an [sdk.Problem] of the caller's that says
// what is wrong with the text and which ids there are.
func ParseID(text string) (*Decoded, error) {
	text = strings.TrimSpace(text)
	if problem := faultOf(text); problem != nil {
		return nil, problem
	}
	raw, err := hex.DecodeString(text)
	if err != nil {
		return nil, refuse("%v.", err)
	}
	decoded := &Decoded{Text: text}
	if len(text) == digitsV1 {
		decoded.readV1(raw)
	} else {
		decoded.readByPort(raw)
	}
	if text != strings.ToUpper(text) {
		decoded.because("Search for it as it is written: vendors compare ids as text, and the 4.x Go client writes its last 12 digits in small letters.")
	}
	return decoded, nil
}

func (d *Decoded) because(format string, args ...any) {
	d.Reasons = append(d.Reasons, fmt.Sprintf(format, args...))
}

// faultOf is what keeps a text from being a message id; nil when nothing does.
func faultOf(text string) *sdk.Problem {
	if text == "" {
		return refuse("it is empty.")
	}
	for i, r := range text {
		if !strings.ContainsRune("0123456789abcdefABCDEF", r) {
			return refuse("%s is not hex: character %d is %q.", quoted(text), i+1, r)
		}
	}
	switch n := len(text); {
	case n == digitsV1 && text[:2] != "01":
		return refuse("%s has 34 digits as ids of 5.x clients have, but begins with %s: 01 is the only version known.", quoted(text), text[:2])
	case n == digitsIPv4, n == digitsV1, n == digitsIPv6:
		return nil
	case n%2 == 1:
		return refuse("%s has %d hex digits, an odd number: one was lost or added.", quoted(text), n)
	default:
		return refuse("%s has %d hex digits.", quoted(text), n)
	}
}

// refuse says why a text is no message id, and which ids there are.
func refuse(format string, args ...any) *sdk.Problem {
	return sdk.InvalidArgument("id", format, args...).WithHint("A message id is hex: 32 digits (4.x client's unique id, or broker's offset id: address, port, commit-log offset), " +
		"56 (the same with IPv6), or 34 that begin with 01 (5.x client). A business key is none of these, nor is a Kafka offset.")
}

// quotedLength bounds how much of a text an error repeats, in bytes: the longest id fits.
const quotedLength = 60

func quoted(text string) string {
	if len(text) <= quotedLength {
		return fmt.Sprintf("%q", text)
	}
	return fmt.Sprintf("%q…", strings.ToValidUTF8(text[:quotedLength], ""))
}

// encode is an id in hex; "" without the address that begins it.
func encode(host netip.Addr, rest []byte) string {
	if !host.IsValid() {
		return ""
	}
	return capitals(append(host.AsSlice(), rest...))
}

func capitals(raw []byte) string { return strings.ToUpper(hex.EncodeToString(raw)) }
