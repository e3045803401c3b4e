package emulator

import (
	"bytes"
	"encoding/json"
	"math/big"
	"net/http"
	"strings"
	"time"

	"github.com/mqtrail/mqtrail/sdk/sandbox"
)

// call is one request about the shop, with what it is about.
type call struct {
	*sandbox.Call
	shop *shop
	// instance is nil where the operation names none.
	instance *instance
	now      time.Time
}

// handler answers an operation. It runs alone: the shop is locked.
type handler func(c *call) *sandbox.Answer

// handlers answer operations by their product and the vendor's name.
type handlers map[[2]string]handler

// add registers handlers of a product by the vendor's names of the operations.
func (h handlers) add(product string, byName map[string]handler) {
	for name, handle := range byName {
		h[[2]string{product, name}] = handle
	}
}

// has reports whether an argument was given.
func (c *call) has(name string) bool {
	value := bytes.TrimSpace(c.Arguments[name])
	return len(value) > 0 && string(value) != "null"
}

// given is an argument; the zero value when it was left out. Its type is what the operation file says, which the
// sandbox has checked.
func given[T any](c *call, name string) T {
	var value T
	if json.Unmarshal(c.Arguments[name], &value) != nil {
		var none T
		return none
	}
	return value
}

// value is an argument as it was given, with all digits of a number.
func (c *call) value(name string) any {
	var text string
	if json.Unmarshal(c.Arguments[name], &text) == nil {
		return text
	}
	return c.Arguments[name]
}

// whole is an integral argument, written as a number or as text.
func (c *call) whole(name string, missing int64) int64 {
	var value whole
	if !c.has(name) || json.Unmarshal(c.Arguments[name], &value) != nil {
		return missing
	}
	return int64(value)
}

// whole is an integer that may arrive as 7, 7.0 or "7".
type whole int64

// UnmarshalJSON keeps all digits: an offset has more than a float holds.
func (w *whole) UnmarshalJSON(data []byte) error {
	text := strings.Trim(string(data), `"`)
	number, ok := new(big.Rat).SetString(text)
	if len(text) > 32 || !ok || !number.IsInt() || !number.Num().IsInt64() {
		return &json.UnmarshalTypeError{Value: text}
	}
	*w = whole(number.Num().Int64())
	return nil
}

// page is the part of a list that limit and offset ask for.
func page[T any](c *call, list []T) []T {
	from := min(max(c.whole("offset", 0), 0), int64(len(list)))
	size := c.whole("limit", defaultPage)
	if size <= 0 {
		size = defaultPage
	}
	return append([]T{}, list[from:min(from+size, int64(len(list)))]...) // never null
}

const defaultPage = 10

// links are where the neighbouring pages of a RocketMQ list begin; 0 when there is none.
func links[T any](c *call, list []T) (next, previous int64) {
	from, size := c.whole("offset", 0), max(c.whole("limit", defaultPage), 1)
	if from+size < int64(len(list)) {
		next = from + size
	}
	return next, max(from-size, 0)
}

// object is an answer whose members are put together.
type object = map[string]any

// ok is a success. It is encoded at once, while the shop is locked.
func ok(body any) *sandbox.Answer {
	encoded, err := json.Marshal(body)
	if err != nil {
		return failure(http.StatusInternalServerError, "DMS.00500000", "Internal service error: "+err.Error())
	}
	return &sandbox.Answer{Status: http.StatusOK, Header: http.Header{"X-Request-Id": {requestID()}}, Body: json.RawMessage(encoded)}
}

// done is a success that says nothing.
func done() *sandbox.Answer { return &sandbox.Answer{Status: http.StatusNoContent} }

// plain is a success in a plain text.
func plain(text string) *sandbox.Answer {
	return &sandbox.Answer{Status: http.StatusOK, Header: http.Header{"Content-Type": {"text/plain"}}, Body: []byte(text)}
}

// invalid refuses an argument.
func invalid(parameter, reason string) *sandbox.Answer {
	return failure(http.StatusBadRequest, "DMS.00400062", "Invalid request parameter "+parameter+": "+reason+".")
}

// unknown refuses a name that there is nothing of. The documents have codes of their own for instances, topics and
// groups; that this one stands for all else is assumed.
func unknown(what, name string) *sandbox.Answer {
	return failure(http.StatusNotFound, "DMS.00404001", "The "+what+" "+name+" does not exist.")
}

func unknownInstance() *sandbox.Answer {
	return failure(http.StatusNotFound, "DMS.00404022", "This instance does not exist.")
}

func unknownTopic() *sandbox.Answer {
	return failure(http.StatusBadRequest, "DMS.00400876", "The topic does not exist.")
}

func unknownGroup() *sandbox.Answer {
	return failure(http.StatusNotFound, "DMS.10240405", "The consumption group ID is incorrect or not found.")
}

func topicExists() *sandbox.Answer {
	return failure(http.StatusBadRequest, "DMS.40050005", "Requested topic already exists.")
}

func groupExists() *sandbox.Answer {
	return failure(http.StatusBadRequest, "DMS.40050015", "Consumer group exists.")
}
