package render

import (
	"slices"
	"strings"

	"github.com/jedib0t/go-pretty/v6/text"
)

// give is what a column gives away where a terminal is too narrow for a table.
type give struct {
	column string
	least  int  // columns that it keeps; 0 leaves it out
	end    bool // it loses its end; else its middle, for ids differ at both ends
}

// grid writes a table, of which columns give way, one after the other, until it fits. It returns the columns that were
// left out. A pipe has room for all.
func (p *paper) grid(columns []string, rows [][]string, gives ...give) (left []string) {
	columns, left = p.fit(columns, rows, gives)
	p.table(columns, rows)
	return left
}

// fit makes columns and rows fit the terminal, as far as columns give way. Where that is not enough, everything stays:
// rows one below the other have room for it.
func (p *paper) fit(columns []string, rows [][]string, gives []give) (kept, left []string) {
	whole := make([][]string, len(rows))
	for at, row := range rows {
		for i := range row {
			row[i] = p.show(row[i])
		}
		whole[at] = slices.Clone(row)
	}
	if p.width() == 0 {
		return columns, nil
	}
	f := &fitting{columns: slices.Clone(columns), rows: rows, narrowed: map[string]int{}, width: p.width()}
	for _, give := range gives {
		if f.spare() < 0 {
			f.take(give)
		}
	}
	if f.spare() < 0 || !f.clip(p.Options, gives) {
		copy(rows, whole)
		return columns, nil
	}
	return f.columns, f.left
}

// fitting is a table that is being made to fit.
type fitting struct {
	columns, left []string
	rows          [][]string
	narrowed      map[string]int // columns, with how wide they are now
	width         int
}

// spare is the room that is left; below 0 it lacks.
func (f *fitting) spare() int {
	room := f.width + gutter
	for at, name := range f.columns {
		width, narrowed := f.narrowed[name]
		if !narrowed {
			width = columnWidth(f.columns, f.rows, at)
		}
		room -= width + gutter
	}
	return room
}

func (f *fitting) take(give give) {
	at := slices.Index(f.columns, give.column)
	switch {
	case at < 0:
	case give.least > 0:
		f.narrowed[give.column] = min(columnWidth(f.columns, f.rows, at), max(give.least, text.StringWidth(give.column)))
	default:
		f.left = append(f.left, give.column)
		f.columns = slices.Delete(f.columns, at, at+1)
		for i := range f.rows {
			f.rows[i] = slices.Delete(f.rows[i], at, at+1)
		}
	}
}

// clip shortens the cells of narrowed columns; what is left of the room goes to those that gave last. It is false where
// ids could not be told apart then.
func (f *fitting) clip(options Options, gives []give) bool {
	for _, give := range slices.Backward(gives) {
		at := slices.Index(f.columns, give.column)
		width, narrowed := f.narrowed[give.column]
		if !narrowed || at < 0 {
			continue
		}
		room := min(columnWidth(f.columns, f.rows, at), width+f.spare())
		f.narrowed[give.column] = room
		if !options.narrow(f.rows, at, room, give.end) {
			return false
		}
	}
	return true
}

// narrow clips a column, and reports whether ids in it can still be told apart.
func (o Options) narrow(rows [][]string, at, room int, end bool) bool {
	whole := map[string]string{} // by what is left of it
	for _, row := range rows {
		before := row[at]
		if end {
			row[at] = o.clip(before, room)
			continue
		}
		row[at] = o.clipMiddle(before, room)
		if other, taken := whole[row[at]]; taken && other != before {
			return false
		}
		whole[row[at]] = before
	}
	return true
}

// leftOut says which columns had no room.
func (p *paper) leftOut(columns []string) {
	if len(columns) > 0 {
		p.line("Left out for want of room: " + strings.Join(columns, ", ") + ". A wider terminal or a pipe has them.")
	}
}

func columnWidth(columns []string, rows [][]string, at int) int {
	width := text.StringWidth(columns[at])
	for _, row := range rows {
		width = max(width, text.StringWidth(row[at]))
	}
	return width
}

// clipMiddle shortens a text to a number of columns by its middle.
func (o Options) clipMiddle(line string, columns int) string {
	if text.StringWidth(line) <= columns {
		return line
	}
	room := columns - text.StringWidth(o.marks().more)
	letters := []rune(line)
	head, tail := 0, len(letters)
	for used := 0; head < tail; head++ {
		if used += text.RuneWidth(letters[head]); used > room/2 {
			break
		}
	}
	for used := text.StringWidth(string(letters[:head])); tail > head; tail-- {
		if used += text.RuneWidth(letters[tail-1]); used > room {
			break
		}
	}
	return string(letters[:head]) + o.marks().more + string(letters[tail:])
}

// withoutUntold leaves out the columns of which no row tells anything, and names them.
func withoutUntold(columns []string, rows [][]string) (kept []string, cells [][]string, untold []string) {
	cells = make([][]string, len(rows))
	for at, column := range columns {
		if !slices.ContainsFunc(rows, func(row []string) bool { return row[at] != unknown }) {
			untold = append(untold, column)
			continue
		}
		kept = append(kept, column)
		for i, row := range rows {
			cells[i] = append(cells[i], row[at])
		}
	}
	return kept, cells, untold
}

// untold says which columns are unknown in every row: never left out in silence.
func (p *paper) untold(columns []string) {
	if len(columns) > 0 {
		p.line("Unknown for all of them: " + strings.Join(columns, ", ") + ".")
	}
}
