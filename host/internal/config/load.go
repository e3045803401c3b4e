package config

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"go.yaml.in/yaml/v4"

	"github.com/mqtrail/mqtrail/sdk"
)

// maxFile bounds the configuration file, in bytes.
const maxFile = 1 << 20

// Load reads a configuration file; lookup reads the environment. An error is a *sdk.Problem with every fault of the
// file at once; their pointers are file:line:column.
func Load(path string, lookup func(string) (string, bool)) (*Config, error) {
	data, mode, err := read(path)
	if err != nil {
		return nil, err
	}
	file := filepath.Clean(path)
	root, fault := parseYAML(data)
	if fault != nil {
		return nil, refused(source{file: file}, []located{*fault})
	}
	tree := newTree(file, lookup)
	tree.write(root, nil)
	if len(root.Content) == 0 && tree.out.String() == "null" {
		return &Config{Path: path, source: tree.source}, nil
	}
	config, faults := build(path, tree)
	if len(faults) > 0 {
		return nil, refused(tree.source, faults)
	}
	config.warnings = permissionWarning(file, mode, tree.secrets)
	return config, nil
}

func read(path string) ([]byte, fs.FileMode, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, 0, unreadable(path, err)
	}
	defer func() { _ = file.Close() }() // it was only read
	info, err := file.Stat()
	if err != nil {
		return nil, 0, unreadable(path, err)
	}
	data, err := io.ReadAll(io.LimitReader(file, maxFile+1))
	if err != nil {
		return nil, 0, unreadable(path, err)
	}
	if len(data) > maxFile {
		return nil, 0, unreadable(path, fmt.Errorf("it has more than %d bytes", maxFile))
	}
	return data, info.Mode(), nil
}

// parseYAML reads the one document of a file. An empty file is null.
func parseYAML(data []byte) (*yaml.Node, *located) {
	loader, err := yaml.NewLoader(bytes.NewReader(data))
	if err != nil {
		return nil, syntaxFault(data, err)
	}
	var document, second yaml.Node
	switch err := loader.Load(&document); {
	case errors.Is(err, io.EOF):
		return &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!null", Line: 1, Column: 1}, nil
	case err != nil:
		return nil, syntaxFault(data, err)
	}
	switch err := loader.Load(&second); {
	case err == nil:
		return nil, &located{position{second.Line, second.Column}, "", "a second document begins here; want one"}
	case !errors.Is(err, io.EOF):
		return nil, syntaxFault(data, err)
	}
	return document.Content[0], nil
}

// syntaxFault says where the file is no YAML, and never what stands there: it may be a secret.
func syntaxFault(data []byte, err error) *located {
	var broken *yaml.LoadError
	if !errors.As(err, &broken) {
		return &located{position{1, 1}, "", "not YAML"}
	}
	place := position{max(broken.Mark.Line, 1), max(broken.Mark.Column, 1)}
	return &located{place, "", "not YAML: " + syntaxMessage(lineOf(data, place.line), place.column, broken)}
}

func syntaxMessage(line string, column int, broken *yaml.LoadError) string {
	switch {
	case strings.Contains(broken.Message, "unknown anchor"):
		return "an alias to nothing; put a text that begins with * in quotes"
	case broken.Stage != yaml.ReaderStage && broken.Stage != yaml.ScannerStage && broken.Stage != yaml.ParserStage:
		return "a value that does not fit its tag" // later stages quote the value
	case column <= len(line) && line[column-1] == '\t':
		return "a tab; indent with spaces"
	case strings.Contains(line, "${"):
		return broken.Message + "; within { } and [ ], put ${NAME} in quotes"
	default:
		return broken.Message
	}
}

func lineOf(data []byte, number int) string {
	lines := strings.Split(string(data), "\n")
	if number > len(lines) {
		return ""
	}
	return lines[number-1]
}

func refused(source source, faults []located) *sdk.Problem {
	problem := sdk.Problemf(sdk.SourceCaller, sdk.CodeInvalidConfig, "The configuration file %s cannot be used:", source.file)
	problem.Faults = source.faults(faults)
	return problem
}
