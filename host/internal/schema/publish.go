package schema

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"
)

// Publish makes a schema fit for clients: without the x- words that only the host reads, without $schema and $id,
// compact, its keys in the order in which they were written. A property that is named x-something stays.
//
// It goes over the text once: a list of tools publishes every schema there is.
func Publish(raw json.RawMessage) (json.RawMessage, error) {
	if !utf8.Valid(raw) {
		return nil, errors.New("the schema cannot be read: its text is not UTF-8")
	}
	var compact bytes.Buffer
	compact.Grow(len(raw))
	if err := json.Compact(&compact, raw); err != nil {
		return nil, fmt.Errorf("the schema cannot be read: %w", err)
	}
	publisher := publisher{rest: compact.Bytes(), out: make([]byte, 0, compact.Len())}
	if err := publisher.schema(0); err != nil {
		return nil, fmt.Errorf("the schema cannot be read: %w", err)
	}
	return publisher.out, nil
}

// publisher copies compact JSON, whose syntax is known to be good, without what is not published.
type publisher struct {
	rest []byte
	out  []byte
}

// schema copies one schema.
func (p *publisher) schema(depth int) error {
	return p.object(depth, func(keyword string) (bool, error) {
		if strings.HasPrefix(keyword, "x-") || keyword == "$schema" || keyword == "$id" {
			return false, nil
		}
		switch placeOf(keyword) {
		case holdsSchema, holdsSchemas:
			return true, p.schemas(depth)
		case holdsNamed:
			return true, p.named(depth)
		default:
			p.copy(p.value())
			return true, nil
		}
	})
}

// schemas copies a schema, or a list of them.
func (p *publisher) schemas(depth int) error {
	if p.rest[0] != '[' {
		return p.schema(depth + 1)
	}
	for p.rest[0] != ']' {
		p.copy(p.take(1)) // the bracket, or a comma
		if p.rest[0] == ']' {
			break
		}
		if err := p.schema(depth + 1); err != nil {
			return err
		}
	}
	p.copy(p.take(1))
	return nil
}

// named copies schemas by name.
func (p *publisher) named(depth int) error {
	return p.object(depth, func(string) (bool, error) { return true, p.schema(depth + 1) })
}

// object copies the members that copyValue copies the values of; the others are left out. Anything but an object is
// copied as it is.
func (p *publisher) object(depth int, copyValue func(name string) (bool, error)) error {
	if p.rest[0] != '{' {
		p.copy(p.value())
		return nil
	}
	if depth > maxDepth {
		return fmt.Errorf("nested deeper than %d levels", maxDepth)
	}
	p.copy(p.take(1))
	for empty := true; p.rest[0] != '}'; {
		if p.rest[0] == ',' {
			p.take(1)
		}
		before := len(p.out)
		if !empty {
			p.copy([]byte{','})
		}
		name := p.value()
		p.copy(name)
		p.copy(p.take(1)) // the colon
		copied, err := copyValue(unquoted(name))
		if err != nil {
			return err
		}
		if !copied {
			p.out = p.out[:before]
			p.value()
			continue
		}
		empty = false
	}
	p.copy(p.take(1))
	return nil
}

func (p *publisher) copy(text []byte) { p.out = append(p.out, text...) }

func (p *publisher) take(length int) []byte {
	taken := p.rest[:length]
	p.rest = p.rest[length:]
	return taken
}

// value takes one whole value.
func (p *publisher) value() []byte {
	open := 0
	for i := 0; ; i++ {
		if i == len(p.rest) {
			return p.take(i)
		}
		switch p.rest[i] {
		case '"':
			i += textLength(p.rest[i:]) - 1
		case '{', '[':
			open++
			continue
		case '}', ']':
			if open == 0 { // the end of what the value is in
				return p.take(i)
			}
			open--
		case ',', ':':
			if open == 0 {
				return p.take(i)
			}
			continue
		}
		if open == 0 && (p.rest[i] == '"' || p.rest[i] == '}' || p.rest[i] == ']') {
			return p.take(i + 1)
		}
	}
}

// textLength is the length of the text that begins here, with its quotes.
func textLength(text []byte) int {
	for i := 1; ; i++ {
		switch text[i] {
		case '\\':
			i++
		case '"':
			return i + 1
		}
	}
}

func unquoted(name []byte) string {
	if bytes.IndexByte(name, '\\') < 0 {
		return string(name[1 : len(name)-1])
	}
	var text string
	if err := json.Unmarshal(name, &text); err != nil { // the syntax is known to be good
		panic(err)
	}
	return text
}
