package verbs

import (
	"encoding/json"
	"fmt"
	"math/big"
	"strconv"
	"strings"
)

// maxDigits is more than a number of 64 bits takes in any notation.
const maxDigits = 40

// number is an integer that the vendor may send as 7, "7" or 7.0e0, or not at all.
type number struct {
	value int64
	known bool
}

// UnmarshalJSON keeps all digits, which a float would not.
func (n *number) UnmarshalJSON(data []byte) error {
	text := strings.Trim(string(data), `"`)
	if text == "" || text == "null" {
		return nil
	}
	if value, err := strconv.ParseInt(text, 10, 64); err == nil {
		*n = number{value, true}
		return nil
	}
	if exponent := strings.IndexAny(text, "eE"); exponent >= 0 && len(text)-exponent > len("e+18") {
		return fmt.Errorf("%q is no integer of 64 bits", text) // 1e999999999 would fill the memory
	}
	exact, ok := new(big.Rat).SetString(text)
	if len(text) > maxDigits || !ok || !json.Valid([]byte(text)) || !exact.IsInt() || !exact.Num().IsInt64() {
		return fmt.Errorf("%.40q is no integer of 64 bits", text)
	}
	*n = number{exact.Num().Int64(), true}
	return nil
}

// pointer is nil for a number that was not sent.
func (n number) pointer() *int64 {
	if !n.known {
		return nil
	}
	return &n.value
}

// natural is nil also for numbers below 0, which stand for none.
func (n number) natural() *int64 {
	if n.value < 0 {
		return nil
	}
	return n.pointer()
}

func digits(value int64) string { return strconv.FormatInt(value, 10) }
