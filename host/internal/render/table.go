package render

import (
	"encoding/json"
	"strings"

	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/jedib0t/go-pretty/v6/text"
	"go.yaml.in/yaml/v4"
)

// maxCell is the widest cell of a table whose terminal's width is unknown, in columns.
const maxCell = 60

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

// Rows writes a table with headings. The cells may be anybody's text.
func Rows(screen Screen, columns []string, cells [][]string) error {
	writer := table.NewWriter()
	style := table.StyleLight
	style.Options = table.OptionsNoBordersAndSeparators
	style.Format.Header = text.FormatUpper
	style.Box.PaddingLeft, style.Box.PaddingRight = "", "  "
	if screen.Colour {
		style.Color.Header = text.Colors{text.Bold}
	}
	writer.SetStyle(style)
	header := make(table.Row, len(columns))
	configs := make([]table.ColumnConfig, len(columns))
	for i, column := range columns {
		header[i] = Plain(column)
		configs[i] = table.ColumnConfig{Number: i + 1, WidthMax: cellWidth(screen, len(columns)), WidthMaxEnforcer: text.WrapSoft}
	}
	writer.AppendHeader(header)
	writer.SetColumnConfigs(configs)
	for _, row := range cells {
		line := make(table.Row, len(row))
		for i, value := range row {
			line[i] = Plain(value)
		}
		writer.AppendRow(line)
	}
	lines := strings.Split(writer.Render(), "\n")
	for i, line := range lines {
		lines[i] = strings.TrimRight(line, " ")
	}
	_, err := screen.Write([]byte(strings.Join(lines, "\n") + "\n"))
	return err
}

// cellWidth shares a terminal's width among the columns. A pipe has no width: nothing is wrapped there, so that
// a row stays a line.
func cellWidth(screen Screen, columns int) int {
	switch {
	case !screen.Terminal:
		return 0
	case screen.Width == 0:
		return maxCell
	default:
		return max(12, 2*screen.Width/(columns+1))
	}
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
