package render

import (
	"fmt"
	"strings"
	"unicode"
)

// Shown is somebody's text on one line, to be told apart from any other: what a reader would not see, or what would
// change what he sees (control characters, escape sequences, directions, invisible characters), is shown by its code
// point, like <U+202E>. Line ends and tabs are spaces.
func Shown(text string) string {
	var out strings.Builder
	for _, r := range text {
		switch {
		case r == '\n', r == '\r', r == '\t':
			out.WriteByte(' ')
		case hidden(r):
			fmt.Fprintf(&out, "<U+%04X>", r)
		default:
			out.WriteRune(r)
		}
	}
	return out.String()
}

// hidden reports whether a rune shows nothing by itself, or changes what others show.
func hidden(r rune) bool {
	return r != ' ' && (!unicode.IsPrint(r) || invisible(r) ||
		unicode.Is(unicode.Variation_Selector, r) || unicode.Is(unicode.Other_Default_Ignorable_Code_Point, r))
}

// show is Shown, and in ASCII where nothing else may be written.
func (o Options) show(text string) string {
	shown := Shown(text)
	if !o.ASCII {
		return shown
	}
	var out strings.Builder
	for _, r := range shown {
		if r < unicode.MaxASCII {
			out.WriteRune(r)
		} else {
			fmt.Fprintf(&out, "<U+%04X>", r)
		}
	}
	return out.String()
}
