package config

import (
	"fmt"
	"regexp"
	"strings"
	"unicode/utf8"
)

var variableName = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*$`)

// fill replaces ${NAME} by the variable's value and $$ by a dollar sign. Any other dollar sign stays. filled tells
// whether a value was put in. Errors name variables and never show the text: it may hold a secret.
func fill(text string, lookup func(string) (string, bool)) (result string, filled bool, err error) {
	var out strings.Builder
	for {
		before, rest, found := strings.Cut(text, "$")
		out.WriteString(before)
		switch {
		case out.Len() > maxFile:
			return "", filled, fmt.Errorf("becomes longer than %d bytes once its variables are filled in", maxFile)
		case !found:
			return out.String(), filled, nil
		case strings.HasPrefix(rest, "$"):
			out.WriteByte('$')
			text = rest[1:]
		case strings.HasPrefix(rest, "{"):
			name, after, closed := strings.Cut(rest[1:], "}")
			value, err := valueOf(name, closed, lookup)
			if err != nil {
				return "", filled, err
			}
			out.WriteString(value)
			filled, text = true, after
		default:
			out.WriteByte('$')
			text = rest
		}
	}
}

func valueOf(name string, closed bool, lookup func(string) (string, bool)) (string, error) {
	if !closed {
		return "", fmt.Errorf("${ has no closing }; write $$ for a dollar sign")
	}
	if !variableName.MatchString(name) {
		return "", fmt.Errorf("what stands between ${ and } is not a variable's name, which has letters, digits and underscores; write $$ for a dollar sign")
	}
	value, ok := lookup(name)
	switch {
	case !ok:
		return "", fmt.Errorf("the environment variable %s is not set", name)
	case !utf8.ValidString(value):
		return "", fmt.Errorf("the environment variable %s is not UTF-8 text", name)
	default:
		return value, nil
	}
}
