package schema

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
)

// Publish makes a schema fit for clients: without the x- words that only the host reads, without $schema and $id,
// compact, its keys in the order in which they were written. A property that is named x-something stays.
func Publish(raw json.RawMessage) (json.RawMessage, error) {
	if _, fault := parse(raw); fault != nil {
		return nil, fmt.Errorf("the schema cannot be read: %s: %s", fault.Pointer, fault.Message)
	}
	var compact, published bytes.Buffer
	if err := json.Compact(&compact, raw); err != nil {
		return nil, err
	}
	if err := publishSchema(&published, compact.Bytes()); err != nil {
		return nil, err
	}
	return published.Bytes(), nil
}

func publishSchema(out *bytes.Buffer, schema json.RawMessage) error {
	return rewriteObject(out, schema, func(keyword string, value json.RawMessage) (bool, error) {
		if strings.HasPrefix(keyword, "x-") || keyword == "$schema" || keyword == "$id" {
			return false, nil
		}
		if err := writeName(out, keyword); err != nil {
			return true, err
		}
		switch placeOf(keyword) {
		case holdsSchema, holdsSchemas:
			return true, publishList(out, value)
		case holdsNamed:
			return true, publishNamed(out, value)
		default:
			out.Write(value)
			return true, nil
		}
	})
}

// publishList publishes a schema, or every schema of a list.
func publishList(out *bytes.Buffer, value json.RawMessage) error {
	if value[0] != '[' {
		return publishSchema(out, value)
	}
	var items []json.RawMessage
	if err := json.Unmarshal(value, &items); err != nil {
		return err
	}
	out.WriteByte('[')
	for i, item := range items {
		if i > 0 {
			out.WriteByte(',')
		}
		if err := publishSchema(out, item); err != nil {
			return err
		}
	}
	out.WriteByte(']')
	return nil
}

func publishNamed(out *bytes.Buffer, value json.RawMessage) error {
	return rewriteObject(out, value, func(name string, schema json.RawMessage) (bool, error) {
		if err := writeName(out, name); err != nil {
			return true, err
		}
		return true, publishSchema(out, schema)
	})
}

// rewriteObject calls write for every member in order; write tells whether it wrote one. Anything but an object
// goes through as it is.
func rewriteObject(out *bytes.Buffer, value json.RawMessage, write func(name string, value json.RawMessage) (bool, error)) error {
	if value[0] != '{' {
		out.Write(value)
		return nil
	}
	decoder := json.NewDecoder(bytes.NewReader(value))
	if _, err := decoder.Token(); err != nil {
		return err
	}
	out.WriteByte('{')
	start := out.Len()
	for decoder.More() {
		token, err := decoder.Token()
		if err != nil {
			return err
		}
		var member json.RawMessage
		if err := decoder.Decode(&member); err != nil {
			return err
		}
		before := out.Len()
		if before > start {
			out.WriteByte(',')
		}
		wrote, err := write(fmt.Sprint(token), member)
		if err != nil {
			return err
		}
		if !wrote {
			out.Truncate(before)
		}
	}
	out.WriteByte('}')
	return nil
}

func writeName(out *bytes.Buffer, name string) error {
	encoder := json.NewEncoder(out)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(name); err != nil {
		return err
	}
	out.Truncate(out.Len() - 1) // Encode ends the line
	out.WriteByte(':')
	return nil
}
