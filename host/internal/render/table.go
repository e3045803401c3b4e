package render

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/jedib0t/go-pretty/v6/text"
	"go.yaml.in/yaml/v4"
)

// maxCell is the widest cell of a table whose terminal's width is unknown, in columns; minCell what a column must have
// at least to be read.
const (
	maxCell = 60
	minCell = 12
	gutter  = 2
)

// writeTable writes the value's list of objects as a table: a row each, a column per plain field. A value
// without such a list is written as YAML.
func writeTable(screen Screen, value []byte) error {
	root, err := yamlNode(value)
	if err != nil {
		return err
	}
	rows := findRows(root)
	if rows == nil {
		return writeYAML(screen, value)
	}
	columns := columnsOf(rows)
	cells := make([][]string, len(rows.Content))
	for i, row := range rows.Content {
		cells[i] = make([]string, len(columns))
		for j, column := range columns {
			cells[i][j] = cell(field(row, column))
		}
	}
	return Rows(screen, columns, cells)
}

// Rows writes a table with headings. The cells may be anybody's text. A terminal that is too narrow for the columns
// gets the rows one below the other.
func Rows(screen Screen, columns []string, cells [][]string) error {
	header := plainRow(columns)
	rows := make([][]string, len(cells))
	for i, row := range cells {
		rows[i] = plainRow(row)
	}
	width, fits := cellWidth(screen, header, rows)
	if !fits {
		return writeRecords(screen, header, rows)
	}
	writer := table.NewWriter()
	style := table.StyleLight
	style.Options = table.OptionsNoBordersAndSeparators
	style.Format.Header = text.FormatUpper
	style.Box.PaddingLeft, style.Box.PaddingRight = "", strings.Repeat(" ", gutter)
	writer.SetStyle(style)
	headings := foldedRow(header, width)
	writer.AppendHeader(headings)
	for _, row := range rows {
		writer.AppendRow(foldedRow(row, width))
	}
	lines := strings.Split(writer.Render(), "\n")
	for i, line := range lines {
		if lines[i] = strings.TrimRight(line, " "); i < height(headings) {
			lines[i] = Options{Color: screen.Colour}.bold(lines[i])
		}
	}
	_, err := screen.Write([]byte(strings.Join(lines, "\n") + "\n"))
	return err
}

func plainRow(row []string) []string {
	plain := make([]string, len(row))
	for i, value := range row {
		plain[i] = Plain(value)
	}
	return plain
}

func foldedRow(row []string, width int) table.Row {
	folded := make(table.Row, len(row))
	for i, value := range row {
		folded[i] = strings.Join(fold(value, width), "\n")
	}
	return folded
}

// height is how many lines a row has.
func height(row table.Row) int {
	lines := 1
	for _, value := range row {
		lines = max(lines, 1+strings.Count(fmt.Sprint(value), "\n"))
	}
	return lines
}

// cellWidth is how wide a cell may be at most: so that the table fits a terminal, narrow columns keeping what they
// need. A pipe has no width (0): nothing is wrapped there, so that a row stays a line. fits is false where columns
// would be too narrow to be read.
func cellWidth(screen Screen, header []string, rows [][]string) (width int, fits bool) {
	switch {
	case !screen.Terminal:
		return 0, true
	case screen.Width == 0:
		return maxCell, true
	}
	natural := make([]int, len(header))
	for _, row := range append([][]string{header}, rows...) {
		for i, value := range row {
			natural[i] = max(natural[i], text.StringWidth(value))
		}
	}
	for width := slices.Max(append(natural, minCell)); width >= minCell; width-- {
		total := -gutter
		for _, need := range natural {
			total += min(need, width) + gutter
		}
		if total <= screen.Width {
			return width, true
		}
	}
	return 0, false
}

// writeRecords writes rows one below the other: a line for each column. What has no heading stands before the next.
func writeRecords(screen Screen, header []string, rows [][]string) error {
	p := &paper{Options: Options{Width: screen.Width}}
	for i, row := range rows {
		if i > 0 {
			p.blank()
		}
		var pairs [][2]string
		before := ""
		for j, value := range row {
			if header[j] == "" {
				before = value + " "
				continue
			}
			pairs = append(pairs, [2]string{header[j], before + value})
			before = ""
		}
		p.facts(pairs...)
	}
	return p.send(screen)
}

// findRows is the first list of objects in the value, the shallowest first.
func findRows(root *yaml.Node) *yaml.Node {
	level := []*yaml.Node{root}
	for len(level) > 0 {
		var below []*yaml.Node
		for _, node := range level {
			if node.Kind == yaml.SequenceNode && len(node.Content) > 0 && node.Content[0].Kind == yaml.MappingNode {
				return node
			}
			if node.Kind == yaml.MappingNode {
				for i := 1; i < len(node.Content); i += 2 {
					below = append(below, node.Content[i])
				}
			}
		}
		level = below
	}
	return nil
}

// columnsOf are the names of the rows' fields that hold plain values, in their order.
func columnsOf(rows *yaml.Node) []string {
	var columns []string
	seen := map[string]bool{}
	for _, row := range rows.Content {
		for i := 0; i+1 < len(row.Content) && row.Kind == yaml.MappingNode; i += 2 {
			name := row.Content[i].Value
			if !seen[name] && row.Content[i+1].Kind == yaml.ScalarNode {
				columns = append(columns, name)
			}
			seen[name] = true
		}
	}
	return columns
}

func field(row *yaml.Node, name string) *yaml.Node {
	for i := 0; i+1 < len(row.Content) && row.Kind == yaml.MappingNode; i += 2 {
		if row.Content[i].Value == name {
			return row.Content[i+1]
		}
	}
	return nil
}

// cell is a field as a table shows it: absent and null are told apart.
func cell(node *yaml.Node) string {
	switch {
	case node == nil:
		return ""
	case node.Kind == yaml.ScalarNode:
		return node.Value
	default:
		var plain any
		if node.Decode(&plain) != nil {
			return "…"
		}
		encoded, err := json.Marshal(plain)
		if err != nil {
			return "…"
		}
		return string(encoded)
	}
}
