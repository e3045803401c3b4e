// Package render writes results for people and programs: JSON, YAML, tables.
package render

import (
	"fmt"
	"io"
	"slices"
	"strings"
)

// Format is what -o names.
type Format string

// The formats of a result.
const (
	Text  Format = "text"
	JSON  Format = "json"
	YAML  Format = "yaml"
	Table Format = "table"
	// MermaidFormat and HTMLFormat are pictures, which only a trail has.
	MermaidFormat Format = "mermaid"
	HTMLFormat    Format = "html"
)

// Formats lists the formats.
func Formats() []string {
	return []string{string(Text), string(JSON), string(YAML), string(Table), string(MermaidFormat), string(HTMLFormat)}
}

// Picture reports whether the format draws.
func (f Format) Picture() bool { return f == MermaidFormat || f == HTMLFormat }

// String is for flags.
func (f *Format) String() string { return string(*f) }

// Type is for flags.
func (f *Format) Type() string { return strings.Join(Formats(), "|") }

// Set is for flags.
func (f *Format) Set(value string) error {
	if !slices.Contains(Formats(), value) {
		return fmt.Errorf("%q is no output format; there are %s", value, strings.Join(Formats(), ", "))
	}
	*f = Format(value)
	return nil
}

// Screen is where a result goes.
type Screen struct {
	io.Writer
	// Terminal means that a person reads: JSON is indented, headings have colour.
	Terminal bool
	// Colour means that the terminal shows colour and its user wants it.
	Colour bool
	// Width in columns; 0 when unknown.
	Width int
}

// Value writes one JSON value in a format. Text is YAML: the same tree, easier to read.
func Value(screen Screen, format Format, value []byte) error {
	switch format {
	case JSON:
		return writeJSON(screen, value)
	case Table:
		return writeTable(screen, value)
	default:
		return writeYAML(screen, value)
	}
}
