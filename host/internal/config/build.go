package config

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/mqtrail/mqtrail/host/internal/schema"
	"github.com/mqtrail/mqtrail/sdk"
)

// file is the configuration as it is written.
type file struct {
	Connections map[string]fileConnection `json:"connections"`
	PluginDirs  []string                  `json:"plugin_dirs"`
	Plugins     map[string]filePlugin     `json:"plugins"`
}

type fileConnection struct {
	Plugin         string          `json:"plugin"`
	Access         sdk.Access      `json:"access"`
	Config         json.RawMessage `json:"config"`
	Timeout        string          `json:"timeout"`
	CallsPerSecond float64         `json:"calls_per_second"`
	CallsAtOnce    float64         `json:"calls_at_once"`
	Toolsets       []string        `json:"toolsets"`
}

type filePlugin struct {
	SHA256 []string `json:"sha256"`
}

// builder makes the configuration of a file that can be read, and gathers what is wrong with it.
type builder struct {
	source source
	faults []located
}

// build checks the file's shape and makes the configuration. With faults there is none.
func build(path string, tree *tree) (*Config, []located) {
	builder := builder{source: tree.source, faults: tree.faults}
	builder.addFaults(shapeFaults(tree))
	var written file
	// What has the wrong type is left out; the shape's faults speak of it.
	if err := json.Unmarshal(tree.out.Bytes(), &written); err != nil && len(builder.faults) == 0 {
		builder.faults = append(builder.faults, located{position{1, 1}, "", "cannot be read: " + err.Error()})
	}
	config := &Config{
		Path:        path,
		Connections: builder.connections(written.Connections),
		PluginDirs:  builder.pluginDirs(path, written.PluginDirs),
		Checksums:   map[string][]string{},
		source:      tree.source,
	}
	for name, plugin := range written.Plugins {
		for _, sum := range plugin.SHA256 {
			config.Checksums[name] = append(config.Checksums[name], strings.ToLower(sum))
		}
	}
	if len(builder.faults) > 0 {
		return nil, builder.faults
	}
	return config, nil
}

// shapeFaults holds the file to its schema. Settings are the plugin's to check, and never shown from here.
func shapeFaults(tree *tree) []located {
	checker, err := schema.CompileOwn(fileSchema)
	if err != nil {
		return []located{{position{1, 1}, "", "cannot be checked: " + err.Error()}}
	}
	faults := checker.CheckAs(tree.out.Bytes(), schema.View{
		Noun: "key",
		Hide: func(path []string) bool { return len(path) > 2 && path[0] == "connections" && path[2] == "config" },
	})
	return tree.source.locateAll(nil, faults)
}

// addFaults adds what is not just the consequence of a fault at the same value.
func (b *builder) addFaults(faults []located) {
	reasons := b.faults
	for _, fault := range faults {
		if !slices.ContainsFunc(reasons, func(reason located) bool { return reason.pointer == fault.pointer }) {
			b.faults = append(b.faults, fault)
		}
	}
}

// fault reports what is wrong with the value at the path.
func (b *builder) fault(message string, path ...string) {
	b.addFaults([]located{{b.source.locate(path), schema.Pointer(path), message}})
}

func (b *builder) connections(written map[string]fileConnection) []Connection {
	names := slices.SortedFunc(maps.Keys(written), func(a, c string) int {
		first, second := b.source.locate([]string{"connections", a}), b.source.locate([]string{"connections", c})
		return cmp.Or(cmp.Compare(first.line, second.line), cmp.Compare(first.column, second.column))
	})
	var connections []Connection
	for _, name := range names {
		connections = append(connections, b.connection(name, written[name]))
	}
	return connections
}

func (b *builder) connection(name string, written fileConnection) Connection {
	connection := newConnection(name, written.Plugin, OriginFile)
	connection.Access = cmp.Or(written.Access, connection.Access)
	connection.CallsPerSecond = cmp.Or(written.CallsPerSecond, connection.CallsPerSecond)
	connection.CallsAtOnce = cmp.Or(int(written.CallsAtOnce), connection.CallsAtOnce)
	connection.Toolsets = written.Toolsets
	if slices.Contains(written.Toolsets, "all") {
		connection.Toolsets = sdk.Toolsets()
	}
	if len(written.Config) > 0 && string(written.Config) != "null" {
		connection.Settings = written.Config
	}
	if written.Timeout == "" {
		return connection
	}
	timeout, err := time.ParseDuration(written.Timeout)
	if err != nil || timeout < minTimeout || timeout > maxTimeout {
		b.fault(fmt.Sprintf("want a time between %s and %s, like 30s", minTimeout, maxTimeout), "connections", name, "timeout")
	}
	connection.Timeout = timeout
	return connection
}

// pluginDirs are absolute: a leading ~ is the home folder, and a relative folder starts at the file's.
func (b *builder) pluginDirs(path string, written []string) []string {
	var dirs []string
	for i, dir := range written {
		absolute, err := absoluteDir(path, dir)
		if err != nil {
			b.fault(err.Error(), "plugin_dirs", fmt.Sprint(i))
			continue
		}
		dirs = append(dirs, absolute)
	}
	return dirs
}

func absoluteDir(path, dir string) (string, error) {
	rest, home := strings.CutPrefix(dir, "~")
	switch {
	case dir == "":
		return "", fmt.Errorf("is empty; want a folder")
	case home && rest != "" && !strings.HasPrefix(rest, "/") && !strings.HasPrefix(rest, string(filepath.Separator)):
		return "", fmt.Errorf("begins with ~ and a name; want ~/ for your own home folder, or the whole path")
	case home:
		folder, err := os.UserHomeDir()
		if err != nil {
			return "", fmt.Errorf("begins with ~, and there is no home folder: %w", err)
		}
		dir = filepath.Join(folder, rest)
	case !filepath.IsAbs(dir):
		dir = filepath.Join(filepath.Dir(path), dir)
	}
	return filepath.Abs(dir)
}
