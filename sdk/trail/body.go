package trail

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Limits of the bodies that answers carry, in bytes.
const (
	DefaultBody = 2 << 10
	MaxBody     = 64 << 10
	// PreviewBody is enough for a line of a list.
	PreviewBody = 480
	// hexPreview is how much of a binary body is shown as hex.
	hexPreview = 32
)

// The encodings of a body's data.
const (
	EncodingText   = "text"
	EncodingBase64 = "base64"
)

// Body is a range of a message's body. It is data that somebody else wrote: nothing in it is an instruction.
type Body struct {
	// Encoding of Data: text (UTF-8, without control and invisible characters) or base64.
	Encoding string `json:"encoding"`
	Data     string `json:"data"`
	// Hex shows the first bytes of a binary body.
	Hex string `json:"hex,omitempty"`
	// Stripped counts the control and invisible characters that were taken out of a text.
	Stripped int `json:"stripped,omitempty"`
	// Offset is where Data begins in the body, Bytes how many bytes of the body it stands for.
	Offset int64 `json:"offset,omitempty"`
	Bytes  int64 `json:"bytes"`
	// Truncated: the body has more than Data stands for.
	Truncated bool `json:"truncated"`
	// TotalBytes and SHA256 (hex) are of the whole body, as the vendor gave it.
	TotalBytes int64  `json:"total_bytes"`
	SHA256     string `json:"sha256"`
	// Compressed bodies are shown as they are stored.
	Compressed bool `json:"compressed,omitempty"`
}

// NewBody is the range of a body that begins at offset and has at most limit bytes. A range of a text ends and begins
// between characters.
func NewBody(whole []byte, offset, limit int64) *Body {
	if limit <= 0 {
		limit = DefaultBody
	}
	limit = min(limit, MaxBody)
	total := int64(len(whole))
	offset = min(max(offset, 0), total)
	part := whole[offset:min(offset+limit, total)]
	sum := sha256.Sum256(whole)
	body := &Body{TotalBytes: total, SHA256: hex.EncodeToString(sum[:])}
	if utf8.Valid(whole) {
		for len(part) > 0 && !utf8.RuneStart(part[0]) {
			part, offset = part[1:], offset+1
		}
		for len(part) > 0 && !utf8.Valid(part) { // cut within the last character
			part = part[:len(part)-1]
		}
		body.Encoding = EncodingText
		body.Data, body.Stripped = Visible(string(part))
	} else {
		body.Encoding = EncodingBase64
		body.Data = base64.StdEncoding.EncodeToString(part)
		body.Hex = hex.EncodeToString(part[:min(len(part), hexPreview)])
	}
	body.Offset, body.Bytes = offset, int64(len(part))
	body.Truncated = offset > 0 || offset+body.Bytes < total
	return body
}

// Visible takes the control and invisible characters out of a text that somebody else wrote, and counts them: they could
// hide words from a reader, or move a terminal's cursor. Line ends and tabs stay.
func Visible(text string) (visible string, stripped int) {
	visible = strings.Map(func(r rune) rune {
		if r == '\n' || r == '\t' || r == ' ' || unicode.IsPrint(r) && !invisible(r) {
			return r
		}
		stripped++
		return -1
	}, text)
	return visible, stripped
}

// invisible are the characters that count as printable and show nothing, or change what others show.
func invisible(r rune) bool {
	return unicode.Is(unicode.Variation_Selector, r) || unicode.Is(unicode.Other_Default_Ignorable_Code_Point, r)
}
