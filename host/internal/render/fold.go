package render

import (
	"strings"

	"github.com/jedib0t/go-pretty/v6/text"
)

// fold breaks a line between words where it would be wider than a terminal; wide characters count two columns. A word
// wider than a line is broken within, after punctuation where there is some.
func fold(line string, width int) []string {
	if width <= 0 || text.StringWidth(line) <= width {
		return []string{line}
	}
	f := folder{width: width}
	for word := range strings.FieldsSeq(line) {
		f.word(word)
	}
	if f.used > 0 {
		f.end()
	}
	return f.lines
}

// folder fills lines of a width.
type folder struct {
	width   int
	lines   []string
	current strings.Builder
	used    int
}

func (f *folder) end() {
	f.lines = append(f.lines, f.current.String())
	f.current.Reset()
	f.used = 0
}

func (f *folder) word(word string) {
	need := text.StringWidth(word)
	switch {
	case f.used > 0 && f.used+1+need <= f.width:
		f.current.WriteByte(' ')
		f.used++
	case f.used > 0:
		f.end()
	}
	if need <= f.width {
		f.piece(word)
		return
	}
	for _, piece := range strings.SplitAfter(wordBreaks.Replace(word), "\x00") {
		piece = strings.TrimSuffix(piece, "\x00")
		if f.used > 0 && f.used+text.StringWidth(piece) > f.width {
			f.end()
		}
		f.piece(piece)
	}
}

// piece writes letter by letter: what is too wide for a line goes on in the next.
func (f *folder) piece(piece string) {
	for _, r := range piece {
		columns := text.RuneWidth(r)
		if f.used > 0 && f.used+columns > f.width {
			f.end()
		}
		f.current.WriteRune(r)
		f.used += columns
	}
}

// wordBreaks marks where a long name is best broken. Texts that are shown hold no NUL.
var wordBreaks = strings.NewReplacer("_", "_\x00", "-", "-\x00", "/", "/\x00", ".", ".\x00", ":", ":\x00", ",", ",\x00", ">", ">\x00")

// clip shortens a text to a number of columns.
func (o Options) clip(line string, columns int) string {
	if text.StringWidth(line) <= columns {
		return line
	}
	more := o.marks().more
	var out strings.Builder
	used := text.StringWidth(more)
	for _, r := range line {
		if used += text.RuneWidth(r); used > columns {
			break
		}
		out.WriteRune(r)
	}
	return out.String() + more
}
