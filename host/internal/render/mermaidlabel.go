package render

import (
	"fmt"
	"strings"
	"unicode"
)

// label is anybody's text as Mermaid shows it: all but letters, digits and spaces are written as code points, for a
// semicolon, a hash or a bracket would be read as Mermaid or as HTML.
func label(text string) string {
	var out strings.Builder
	count := 0
	for _, r := range Shown(text) {
		if count++; count > labelLength {
			fmt.Fprintf(&out, "#%d;", '…')
			break
		}
		if r == ' ' || unicode.IsLetter(r) || unicode.IsDigit(r) {
			out.WriteRune(r)
		} else {
			fmt.Fprintf(&out, "#%d;", r)
		}
	}
	if strings.TrimSpace(out.String()) == "" {
		return unknown
	}
	return out.String()
}
