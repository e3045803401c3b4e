package schema

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/mqtrail/mqtrail/sdk"
)

// The bounds of a document.
const (
	maxSize   = 8 << 20 // bytes
	maxDepth  = 100     // objects and arrays within one another
	maxValues = 200_000 // values in all
	maxNumber = 400     // characters of a number, and its exponent: beyond every 64-bit number and float
)

// parse reads one JSON value with its numbers as they are written. What encoding/json lets pass in silence is a
// fault here: bytes that are not UTF-8, and names given twice, of which one would get lost.
func parse(document []byte) (any, *sdk.Fault) {
	switch {
	case len(document) > maxSize:
		return nil, &sdk.Fault{Message: fmt.Sprintf("has %d bytes; want at most %d", len(document), maxSize)}
	case !utf8.Valid(document):
		return nil, &sdk.Fault{Message: "not JSON: its text is not UTF-8"}
	}
	if value, plain := parsePlain(document); plain {
		return value, nil
	}
	return carefully(document)
}

// carefully reads a document and says what is wrong with it, and where.
func carefully(document []byte) (any, *sdk.Fault) {
	if err := json.Unmarshal(document, new(json.RawMessage)); err != nil {
		return nil, &sdk.Fault{Message: syntaxMessage(document, err)}
	}
	reader := documentReader{decoder: json.NewDecoder(bytes.NewReader(document))}
	reader.decoder.UseNumber()
	return reader.value()
}

// parsePlain reads a document that has nothing wrong with it, in a fraction of the time that finding out what is
// wrong takes: every call's arguments pass through here. It reports whether there is nothing wrong.
func parsePlain(document []byte) (any, bool) {
	colons, numbers := survey(document)
	var value any
	if err := decode(document, numbers, &value); err != nil {
		return nil, false
	}
	census := census{}
	// A name that is given twice counts once among the members, but has two colons.
	return value, census.count(value, 0) && census.members == colons && census.values <= maxValues
}

// decode decodes the one value of a document. Only where there are numbers does their text have to be kept, which
// takes a decoder that copies the document.
func decode(document []byte, numbers bool, value *any) error {
	if !numbers {
		return json.Unmarshal(document, value)
	}
	decoder := json.NewDecoder(bytes.NewReader(document))
	decoder.UseNumber()
	if err := decoder.Decode(value); err != nil {
		return err
	}
	if _, err := decoder.Token(); err != io.EOF {
		return errors.New("there is more than one value")
	}
	return nil
}

// census counts what a value holds.
type census struct{ values, members int }

// count counts a value and reports whether it keeps within the bounds of depth and numbers.
func (c *census) count(value any, depth int) bool {
	c.values++
	switch value := value.(type) {
	case map[string]any:
		c.members += len(value)
		for _, member := range value {
			if !c.count(member, depth+1) {
				return false
			}
		}
		return depth < maxDepth
	case []any:
		for _, item := range value {
			if !c.count(item, depth+1) {
				return false
			}
		}
		return depth < maxDepth
	case json.Number:
		return boundedNumber(value)
	default:
		return true
	}
}

// survey counts the colons outside of strings, and reports whether there is a digit outside of them: a number.
func survey(document []byte) (colons int, numbers bool) {
	quoted := false
	for i := 0; i < len(document); i++ {
		switch c := document[i]; {
		case quoted && c == '\\':
			i++
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == ':':
			colons++
		case '0' <= c && c <= '9':
			numbers = true
		}
	}
	return colons, numbers
}

func syntaxMessage(document []byte, err error) string {
	var syntax *json.SyntaxError
	if !errors.As(err, &syntax) {
		return "not JSON: " + err.Error()
	}
	if len(bytes.TrimSpace(document)) == 0 {
		return "empty; want JSON"
	}
	read := document[:min(int(syntax.Offset), len(document))]
	line := 1 + bytes.Count(read, []byte("\n"))
	column := len(read) - 1 - bytes.LastIndexByte(read, '\n')
	return fmt.Sprintf("not JSON: line %d, column %d: %s", line, column, syntax)
}

// documentReader builds the value of a document whose syntax is known to be good.
type documentReader struct {
	decoder *json.Decoder
	path    []string
	values  int
}

func (r *documentReader) value() (any, *sdk.Fault) {
	token, err := r.decoder.Token()
	if err != nil {
		return nil, r.fault("not JSON: %v", err)
	}
	if r.values++; r.values > maxValues {
		return nil, &sdk.Fault{Message: fmt.Sprintf("has more than %d values", maxValues)}
	}
	switch token := token.(type) {
	case json.Delim:
		return r.container(token)
	case json.Number:
		if !boundedNumber(token) {
			return nil, r.fault("the number is out of range; want at most %d digits and an exponent within ±%d", maxNumber, maxNumber)
		}
		return token, nil
	default:
		return token, nil
	}
}

func (r *documentReader) container(opening json.Delim) (value any, fault *sdk.Fault) {
	if len(r.path) == maxDepth {
		return nil, &sdk.Fault{Message: fmt.Sprintf("nested deeper than %d levels", maxDepth)}
	}
	if opening == '{' {
		value, fault = r.object()
	} else {
		value, fault = r.array()
	}
	if fault != nil {
		return nil, fault
	}
	if _, err := r.decoder.Token(); err != nil { // the closing bracket
		return nil, r.fault("not JSON: %v", err)
	}
	return value, nil
}

func (r *documentReader) object() (any, *sdk.Fault) {
	object := map[string]any{}
	for r.decoder.More() {
		token, err := r.decoder.Token()
		name, ok := token.(string)
		if err != nil || !ok {
			return nil, r.fault("not JSON: a name is expected")
		}
		r.path = append(r.path, name)
		if _, twice := object[name]; twice {
			return nil, r.fault("given twice; want it once")
		}
		value, fault := r.value()
		if fault != nil {
			return nil, fault
		}
		object[name] = value
		r.path = r.path[:len(r.path)-1]
	}
	return object, nil
}

func (r *documentReader) array() (any, *sdk.Fault) {
	array := []any{}
	for r.decoder.More() {
		r.path = append(r.path, strconv.Itoa(len(array)))
		value, fault := r.value()
		if fault != nil {
			return nil, fault
		}
		array = append(array, value)
		r.path = r.path[:len(r.path)-1]
	}
	return array, nil
}

func (r *documentReader) fault(format string, args ...any) *sdk.Fault {
	return &sdk.Fault{Pointer: Pointer(r.path), Message: fmt.Sprintf(format, args...)}
}

// boundedNumber guards the exact arithmetic that follows: 1e1000000 is short to write and long to hold.
func boundedNumber(number json.Number) bool {
	text := string(number)
	if len(text) > maxNumber {
		return false
	}
	at := strings.IndexAny(text, "eE")
	if at < 0 {
		return true
	}
	exponent, err := strconv.Atoi(text[at+1:])
	return err == nil && -maxNumber <= exponent && exponent <= maxNumber
}

// at is the value that the path leads to.
func at(value any, path []string) (any, bool) {
	for _, token := range path {
		switch container := value.(type) {
		case map[string]any:
			member, ok := container[token]
			if !ok {
				return nil, false
			}
			value = member
		case []any:
			index, err := strconv.Atoi(token)
			if err != nil || index < 0 || index >= len(container) {
				return nil, false
			}
			value = container[index]
		default:
			return nil, false
		}
	}
	return value, true
}
