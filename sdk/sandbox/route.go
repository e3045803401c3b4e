package sandbox

import (
	"net/http"
	"net/url"
	"strings"

	"github.com/mqtrail/mqtrail/sdk"
)

// route finds the operation file of a request's method and path, and the path's values by wire name. Segments are
// split before they are decoded: %2F is part of a value. means chooses among files that fit; nil takes all.
func route(files []*sdk.File, request *http.Request, body []byte, means func(Candidate) bool) *Candidate {
	segments := strings.Split(request.URL.EscapedPath(), "/")
	var best, fallback *Candidate
	for _, file := range files {
		if file.Method != request.Method {
			continue
		}
		values, ok := match(strings.Split(file.Path, "/"), segments)
		if !ok {
			continue
		}
		candidate := &Candidate{File: file, Path: values, Request: request, Body: body}
		if means == nil || means(*candidate) {
			best = closer(best, candidate)
		} else {
			fallback = closer(fallback, candidate)
		}
	}
	if best == nil {
		return fallback
	}
	return best
}

// closer prefers a literal segment to a placeholder: /topics/all before /topics/{topic}.
func closer(best, candidate *Candidate) *Candidate {
	if best == nil || len(candidate.Path) < len(best.Path) {
		return candidate
	}
	return best
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
