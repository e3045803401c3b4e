package trail_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"

	"github.com/mqtrail/mqtrail/sdk/trail"
)

func TestBody(t *testing.T) {
	tests := map[string]struct {
		whole         string
		offset, limit int64
		want          trail.Body // without TotalBytes and SHA256
	}{
		"short text":                    {"héllo", 0, 0, trail.Body{Encoding: "text", Data: "héllo", Bytes: 6}},
		"empty":                         {"", 0, 0, trail.Body{Encoding: "text"}},
		"cut within a character":        {"aé", 0, 2, trail.Body{Encoding: "text", Data: "a", Bytes: 1, Truncated: true}},
		"begins within a character":     {"éb", 1, 0, trail.Body{Encoding: "text", Data: "b", Offset: 2, Bytes: 1, Truncated: true}},
		"a range beyond the end":        {"abc", 9, 5, trail.Body{Encoding: "text", Offset: 3, Truncated: true}},
		"escape sequences and the like": {"a\x1b[31mb\u202ec\u200bd\x00e\n", 0, 0, trail.Body{Encoding: "text", Data: "a[31mbcde\n", Stripped: 4, Bytes: 18}},
		"binary":                        {"\xff\xfe\x00\x01", 0, 3, trail.Body{Encoding: "base64", Data: "//4A", Hex: "fffe00", Bytes: 3, Truncated: true}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			got := trail.NewBody([]byte(test.whole), test.offset, test.limit)
			sum := sha256.Sum256([]byte(test.whole))
			test.want.TotalBytes, test.want.SHA256 = int64(len(test.whole)), hex.EncodeToString(sum[:])
			if *got != test.want {
				t.Errorf("got %+v\nwant %+v", *got, test.want)
			}
		})
	}
}

func TestBodyLimits(t *testing.T) {
	whole := bytes.Repeat([]byte("x"), trail.MaxBody+1)
	if got := trail.NewBody(whole, 0, 0); got.Bytes != trail.DefaultBody || !got.Truncated {
		t.Errorf("without a limit: %d bytes", got.Bytes)
	}
	if got := trail.NewBody(whole, 0, 1<<40); got.Bytes != trail.MaxBody || !got.Truncated {
		t.Errorf("with a limit beyond the most: %d bytes", got.Bytes)
	}
}

// Ranges one after the other give the whole body back, whatever it holds.
func TestBodyRangesAddUp(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		whole := rapid.OneOf(rapid.SliceOf(rapid.Byte()), rapid.Map(rapid.String(), func(s string) []byte { return []byte(s) })).Draw(t, "whole")
		limit := rapid.Int64Range(utf8.UTFMax, 40).Draw(t, "limit")
		var got []byte
		var text strings.Builder
		for offset := int64(0); ; {
			body := trail.NewBody(whole, offset, limit)
			if body.Bytes > limit || body.Offset != offset {
				t.Fatalf("a range of %d bytes at %d, asked for %d at %d", body.Bytes, body.Offset, limit, offset)
			}
			got = append(got, whole[body.Offset:body.Offset+body.Bytes]...)
			if body.Encoding == trail.EncodingBase64 {
				data, err := base64.StdEncoding.DecodeString(body.Data)
				if err != nil || !bytes.Equal(data, whole[offset:offset+body.Bytes]) {
					t.Fatalf("data %q at %d: %v", body.Data, offset, err)
				}
			}
			text.WriteString(body.Data)
			if offset += body.Bytes; offset == int64(len(whole)) {
				break
			}
		}
		if !bytes.Equal(got, whole) {
			t.Fatalf("got %q, want %q", got, whole)
		}
		if visible, _ := trail.Visible(string(whole)); utf8.Valid(whole) && visible != text.String() {
			t.Fatalf("got %q, want %q", text.String(), visible)
		}
	})
}
