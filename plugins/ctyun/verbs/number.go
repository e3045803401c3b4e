package verbs

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
)

// number is a 64-bit integer that CTyun sends as a number or as text. Any may be null, which is not zero.
type number struct {
	value int64
	told  bool
}

// UnmarshalJSON refuses what is no integer: an answer like that is not as CTyun describes it.
func (n *number) UnmarshalJSON(data []byte) error {
	*n = number{}
	digits := strings.TrimSpace(strings.Trim(string(data), `"`))
	if digits == "" || digits == "null" {
		return nil
	}
	value, err := strconv.ParseInt(digits, 10, 64)
	if err != nil {
		return fmt.Errorf("%.40s is no 64-bit integer", data)
	}
	*n = number{value, true}
	return nil
}

// pointer is nil for a number that was not told.
func (n number) pointer() *int64 {
	if !n.told {
		return nil
	}
	return &n.value
}

// sum adds numbers; one that was not told makes the sum unknown.
func sum(numbers []number) *int64 {
	total := int64(0)
	for _, n := range numbers {
		if !n.told {
			return nil
		}
		total += n.value
	}
	if len(numbers) == 0 {
		return nil
	}
	return &total
}

// text is a text that may come as a number, a truth value or null.
type text string

// UnmarshalJSON never fails on valid JSON; objects and lists are no text.
func (t *text) UnmarshalJSON(data []byte) error {
	*t = ""
	switch data[0] {
	case '{', '[', 'n':
		return nil
	case '"':
		var value string
		err := json.Unmarshal(data, &value)
		*t = text(value)
		return err
	default:
		*t = text(data)
		return nil
	}
}

// is points at a truth value: one that was not told is nil.
func is(value bool) *bool { return &value }
