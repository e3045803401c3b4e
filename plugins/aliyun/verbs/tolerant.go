package verbs

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
)

// count is a whole number of 64 bits, which may come as a text.
type count int64

// UnmarshalJSON reads 12 and "12". It never goes through a float.
func (c *count) UnmarshalJSON(raw []byte) error {
	digits := string(bytes.Trim(raw, `"`))
	if digits == "" || digits == "null" {
		return nil
	}
	read, err := strconv.ParseInt(digits, 10, 64)
	if err != nil {
		return fmt.Errorf("%s is no whole number of 64 bits", raw)
	}
	*c = count(read)
	return nil
}

// plain is the number, nil when there was none.
func (c *count) plain() *int64 {
	if c == nil {
		return nil
	}
	number := int64(*c)
	return &number
}

// or is the number, or another when there was none.
func (c *count) or(other int64) int64 {
	if c == nil {
		return other
	}
	return int64(*c)
}

// truth is a yes or no, which may come as a text; another text is neither.
type truth string

// UnmarshalJSON reads true, "true" and whatever else was sent.
func (t *truth) UnmarshalJSON(raw []byte) error {
	*t = truth(strings.ToLower(string(bytes.Trim(raw, `"`))))
	return nil
}

func (t truth) yes() bool { return t == "true" }

// plain is nil for neither yes nor no.
func (t truth) plain() *bool {
	switch t {
	case "true", "false":
		yes := t.yes()
		return &yes
	default:
		return nil
	}
}

// identity is an id, which may come as a number.
type identity string

// UnmarshalJSON reads "7" and 7.
func (i *identity) UnmarshalJSON(raw []byte) error {
	var text string
	if json.Unmarshal(raw, &text) == nil {
		*i = identity(text)
		return nil
	}
	if number := count(0); number.UnmarshalJSON(raw) == nil {
		*i = identity(strconv.FormatInt(int64(number), 10))
		return nil
	}
	return fmt.Errorf("%s is no id", raw)
}
