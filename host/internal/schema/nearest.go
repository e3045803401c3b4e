package schema

import (
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/agnivade/levenshtein"
)

// longestName bounds the time that a comparison takes.
const longestName = 100

// Nearest is the valid name that was probably meant by name; "" when none is near. Case and the signs between
// words do not count: instance_id is instanceId. Then two letters may differ, or a third of them. At last a name is near
// when it begins or ends one valid name alone: topic is topicName.
func Nearest(name string, valid []string) string {
	given := bare(name)
	if given == "" || len(given) > longestName {
		return ""
	}
	names := slices.Sorted(slices.Values(valid))
	nearest, least := "", longestName
	for _, candidate := range names {
		other := bare(candidate)
		if len(other) > longestName {
			continue
		}
		if distance := levenshtein.ComputeDistance(given, other); distance < least && near(given, other, distance) {
			nearest, least = candidate, distance
		}
	}
	if nearest != "" {
		return nearest
	}
	return partOfOne(given, names)
}

func near(a, b string, distance int) bool {
	shorter, longer := utf8.RuneCountInString(a), utf8.RuneCountInString(b)
	if shorter > longer {
		shorter, longer = longer, shorter
	}
	allowed := max(2, longer/3) // two letters changed places count as two
	if longer < 4 {
		allowed = 1
	}
	return distance < shorter && distance <= allowed
}

// partOfOne is the only name that begins or ends with what was given; a few letters say too little.
func partOfOne(given string, names []string) string {
	if len(given) < 3 {
		return ""
	}
	found := ""
	for _, candidate := range names {
		other := bare(candidate)
		if !strings.HasPrefix(other, given) && !strings.HasSuffix(other, given) {
			continue
		}
		if found != "" {
			return ""
		}
		found = candidate
	}
	return found
}

// bare is a name without its case and the signs between its words.
func bare(name string) string {
	return strings.Map(func(r rune) rune {
		if strings.ContainsRune("_-. ", r) {
			return -1
		}
		return r
	}, strings.ToLower(name))
}
