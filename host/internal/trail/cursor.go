package trail

import (
	"bytes"
	"compress/flate"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"io"

	"github.com/mqtrail/mqtrail/sdk"
	"github.com/mqtrail/mqtrail/sdk/trail"
)

// cursor is where an answer goes on. It is opaque to whoever holds it.
type cursor struct {
	// Query tells the question: a cursor goes on with its own only.
	Query  string       `json:"q"`
	Window trail.Window `json:"w,omitzero"`
	Places []state      `json:"s"`
}

// The bounds of a cursor, in bytes as it is written and as it is read, and of what it holds.
const (
	maxCursor      = 16 << 10
	maxCursorRead  = 1 << 20
	maxCursorSpots = 2000
)

// questionOf tells questions apart.
func questionOf(parts ...any) string {
	encoded, err := json.Marshal(parts)
	if err != nil { // texts and numbers
		panic(err)
	}
	sum := sha256.Sum256(encoded)
	return hex.EncodeToString(sum[:8])
}

// String is the cursor as it is given away; "" when it is too large to be handed around.
func (c cursor) String() string {
	encoded, err := json.Marshal(c)
	if err != nil { // texts and numbers
		panic(err)
	}
	var packed bytes.Buffer
	writer, err := flate.NewWriter(&packed, flate.BestCompression)
	if err != nil { // the level is a good one
		panic(err)
	}
	_, _ = writer.Write(encoded) // into memory
	_ = writer.Close()
	text := base64.RawURLEncoding.EncodeToString(packed.Bytes())
	if len(text) > maxCursor {
		return ""
	}
	return text
}

// readCursor reads what String writes.
func readCursor(text, question string) (*cursor, *sdk.Problem) {
	refused := func(why string) *sdk.Problem {
		return sdk.InvalidArgument("cursor", "%s", why).WithHint("Give next_cursor of the answer before, with the same arguments as then, or none.")
	}
	if len(text) > maxCursor {
		return nil, refused("it is longer than any that was given out.")
	}
	packed, err := base64.RawURLEncoding.DecodeString(text)
	if err != nil {
		return nil, refused("it is none that was given out.")
	}
	encoded, err := io.ReadAll(io.LimitReader(flate.NewReader(bytes.NewReader(packed)), maxCursorRead))
	if err != nil {
		return nil, refused("it is none that was given out.")
	}
	c := &cursor{}
	if json.Unmarshal(encoded, c) != nil || len(c.Places) == 0 || len(c.Places) > maxCursorSpots {
		return nil, refused("it is none that was given out.")
	}
	for _, place := range c.Places {
		if place.Told < 0 {
			return nil, refused("it is none that was given out.")
		}
	}
	if c.Query != question {
		return nil, refused("it belongs to another question.")
	}
	return c, nil
}
