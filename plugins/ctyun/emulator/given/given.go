// Package given reads the arguments of a call, whose types the documents of CTyun leave open at places.
package given

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Arguments are a call's, by name.
type Arguments map[string]json.RawMessage

// Has reports whether the argument was given, and is not null.
func (a Arguments) Has(name string) bool {
	value, ok := a[name]
	return ok && string(value) != "null"
}

// Text is a text, a number or a boolean as text; "" for anything else.
func (a Arguments) Text(name string) string {
	value := a[name]
	var text string
	if len(value) == 0 || value[0] == '[' || value[0] == '{' || value[0] == 'n' {
		return ""
	}
	if json.Unmarshal(value, &text) == nil {
		return text
	}
	return string(value)
}

// Number is a whole number, sent as one or as text; otherwise is what counts where none was given.
func (a Arguments) Number(name string, otherwise int64) int64 {
	number, err := strconv.ParseInt(strings.TrimSpace(a.Text(name)), 10, 64)
	if err != nil {
		return otherwise
	}
	return number
}

// Switch is a boolean, or the 1 for on and 2 for off that parts of the API have.
func (a Arguments) Switch(name string) bool {
	return slices.Contains([]string{"true", "1"}, a.Text(name))
}

// Texts is a list of texts; nil when it was not given.
func (a Arguments) Texts(name string) []string {
	var texts []string
	if json.Unmarshal(a[name], &texts) != nil {
		return nil
	}
	return texts
}

// Value reads an argument into value, which stays as it is when the argument was not given. The error is for the
// caller: the schemas of some arguments leave their shape open.
func (a Arguments) Value(name string, value any) error {
	if !a.Has(name) {
		return nil
	}
	if err := json.Unmarshal(a[name], value); err != nil {
		return fmt.Errorf("%s not valid: %w", name, err)
	}
	return nil
}

// Page is one page of a list, of 10 where no size was given. Pages count from 1.
func Page[T any](a Arguments, number, size string, all []T) []T {
	total := int64(len(all))
	length := min(max(a.Number(size, 10), 1), max(total, 1))
	before := max(a.Number(number, 1), 1) - 1
	if before > total/length { // multiplied it might pass the largest number
		return []T{}
	}
	from := min(before*length, total)
	return all[from:min(from+length, total)]
}
