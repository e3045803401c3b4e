package sandbox

import (
	"net/url"
	"strings"

	"github.com/mqtrail/mqtrail/sdk"
)

// route finds the operation file of a request's method and path, and the path's values by wire name.
// Segments are split before they are decoded: %2F is part of a value.
func route(files []*sdk.File, method, escapedPath string) (*sdk.File, map[string]string) {
	segments := strings.Split(escapedPath, "/")
	var best *sdk.File
	var bestValues map[string]string
	for _, file := range files {
		if file.Method != method {
			continue
		}
		values, ok := match(strings.Split(file.Path, "/"), segments)
		// A literal segment beats a placeholder: /topics/all before /topics/{topic}.
		if ok && (best == nil || len(values) < len(bestValues)) {
			best, bestValues = file, values
		}
	}
	return best, bestValues
}

func match(template, segments []string) (map[string]string, bool) {
	if len(template) != len(segments) {
		return nil, false
	}
	values := map[string]string{}
	for i, part := range template {
		name, isPlaceholder := strings.CutPrefix(part, "{")
		if !isPlaceholder {
			if part != segments[i] {
				return nil, false
			}
			continue
		}
		value, err := url.PathUnescape(segments[i])
		if err != nil || value == "" {
			return nil, false
		}
		values[strings.TrimSuffix(name, "}")] = value
	}
	return values, true
}
