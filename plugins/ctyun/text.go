package main

import (
	"encoding/json"
	"regexp"
	"strings"
)

// text is a JSON string or number as text: CTyun sends the same field as either. null, objects and lists are "".
type text string

// UnmarshalJSON never fails on valid JSON.
func (t *text) UnmarshalJSON(data []byte) error {
	*t = ""
	switch data[0] {
	case '{', '[', 'n': // not copied: the payload, which may be large, is one of these
		return nil
	case '"':
		var value string
		err := json.Unmarshal(data, &value)
		*t = text(strings.TrimSpace(value))
		return err
	default:
		*t = text(data)
		return nil
	}
}

var plainWord = regexp.MustCompile(`^[\w.:-]{1,128}$`)

// word is a code or an id; "" for anything that is longer or has other characters than those have.
func (t text) word() string {
	if !plainWord.MatchString(string(t)) {
		return ""
	}
	return string(t)
}
