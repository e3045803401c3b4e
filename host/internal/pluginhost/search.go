package pluginhost

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/agnivade/levenshtein"

	"github.com/mqtrail/mqtrail/sdk"
)

// programPrefix begins the name of every plugin's program; the plugin's name follows.
const programPrefix = "mqtrail-plugin-"

var pluginName = regexp.MustCompile(`^[a-z][a-z0-9]*(_[a-z0-9]+)*$`)

// search lists the folders. What else lies there is none of our business.
func (h *Host) search() {
	found := map[string]bool{}
	for _, dir := range h.options.Dirs {
		absolute, err := filepath.Abs(dir) // a relative path would mean something else after a change of folder
		if err != nil {
			h.options.Logger.Warn().Err(err).Str("dir", dir).Msg("a plugin folder cannot be used")
			continue
		}
		h.dirs = append(h.dirs, absolute)
		entries, err := os.ReadDir(absolute)
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			h.options.Logger.Warn().Err(err).Str("dir", absolute).Msg("a plugin folder cannot be read")
		}
		for _, entry := range entries {
			name, ok := nameOf(entry.Name())
			if !ok || entry.IsDir() || found[name] {
				continue
			}
			found[name] = true
			h.plugins = append(h.plugins, newPlugin(h, name, filepath.Join(absolute, entry.Name())))
		}
	}
	slices.SortFunc(h.plugins, func(a, b *Plugin) int { return strings.Compare(a.name, b.name) })
}

// nameOf is the plugin's name in the name of its program.
func nameOf(file string) (string, bool) {
	name, ok := strings.CutPrefix(file, programPrefix)
	if !ok {
		return "", false
	}
	name, windows := strings.CutSuffix(name, ".exe")
	return name, windows == (programSuffix == ".exe") && pluginName.MatchString(name)
}

// Plugin returns the plugin of that name, or a problem that names the folders searched and the nearest name.
func (h *Host) Plugin(name string) (*Plugin, error) {
	names := make([]string, len(h.plugins))
	for i, plugin := range h.plugins {
		if plugin.name == name {
			return plugin, nil
		}
		names[i] = plugin.name
	}
	problem := sdk.Problemf(sdk.SourceCaller, sdk.CodePluginNotFound,
		"There is no plugin %q: no folder that is searched holds %s%s%s. Searched: %s.",
		name, programPrefix, name, programSuffix, orNone(h.dirs))
	if nearest := nearest(name, names); nearest != "" {
		return nil, problem.WithHint("Did you mean %s? Found: %s.", nearest, strings.Join(names, ", "))
	}
	return nil, problem.WithHint("Found: %s. Put the program into one of these folders, or name its folder in plugin_dirs of mqtrail.yaml.", orNone(names))
}

func orNone(list []string) string {
	if len(list) == 0 {
		return "none"
	}
	return strings.Join(list, ", ")
}

// nearest is the name that was perhaps meant, or nothing.
func nearest(name string, names []string) string {
	best, distance := "", max(1, len(name)/3)+1
	for _, candidate := range names {
		if d := levenshtein.ComputeDistance(name, candidate); d < distance {
			best, distance = candidate, d
		}
	}
	return best
}
