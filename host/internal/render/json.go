package render

import (
	"bytes"
	"encoding/json"
)

// writeJSON writes the value's own bytes, indented only for a person at a terminal. Numbers and strings keep
// every character either way, except that a terminal gets no control or invisible character unescaped.
func writeJSON(screen Screen, value []byte) error {
	var out bytes.Buffer
	if screen.Terminal {
		if err := json.Indent(&out, value, "", "  "); err != nil {
			return err
		}
	} else {
		out.Write(bytes.TrimSpace(value))
	}
	out.WriteByte('\n')
	text := out.Bytes()
	if screen.Terminal {
		text = escapeInvisible(text)
	}
	_, err := screen.Write(text)
	return err
}
