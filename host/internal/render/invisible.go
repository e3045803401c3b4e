package render

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"
)

// invisible reports whether a rune would change what a terminal shows without being seen: control characters
// (escape sequences), bidirectional overrides, zero-width characters. Message bodies are written by strangers.
func invisible(r rune) bool {
	return r != '\n' && r != ' ' && (unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || r == '\u2028' || r == '\u2029')
}

// escapeInvisible replaces invisible characters by their JSON escapes; only strings of valid JSON can hold them.
func escapeInvisible(text []byte) []byte {
	var out []byte
	for i := 0; i < len(text); {
		r, size := utf8.DecodeRune(text[i:])
		switch {
		case r == utf8.RuneError && size == 1:
			out = append(out, `\ufffd`...)
		case !invisible(r):
			out = append(out, text[i:i+size]...)
		case r > 0xffff:
			high, low := utf16.EncodeRune(r)
			out = fmt.Appendf(out, `\u%04x\u%04x`, high, low)
		default:
			out = fmt.Appendf(out, `\u%04x`, r)
		}
		i += size
	}
	return out
}

// Plain is a text on one line without invisible characters, for tables and messages.
func Plain(text string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n', r == '\r', r == '\t':
			return ' '
		case invisible(r):
			return -1
		default:
			return r
		}
	}, text)
}
