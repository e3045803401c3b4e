package pluginhost

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode"

	"github.com/rs/zerolog"
)

// maxFields is how many fields of a log line are kept.
const maxFields = 32

// recorder writes a plugin's lines into the host's log.
type recorder struct {
	logger zerolog.Logger
	redact func(string) string
	tail   *tail
}

// line logs a line of zerolog's at its own level with its own fields, and any other as text.
func (r *recorder) line(line []byte, dropped int) {
	var fields map[string]json.RawMessage
	if dropped > 0 || line[0] != '{' || json.Unmarshal(line, &fields) != nil {
		r.text("stderr", line, dropped)
		return
	}
	level, err := zerolog.ParseLevel(stringOf(fields[zerolog.LevelFieldName]))
	if err != nil || level == zerolog.NoLevel || level == zerolog.Disabled {
		r.text("stderr", line, dropped)
		return
	}
	message := r.clean(stringOf(fields[zerolog.MessageFieldName]))
	r.remember(level, message, stringOf(fields[zerolog.ErrorFieldName]))
	event := r.logger.WithLevel(level)
	if !event.Enabled() {
		return
	}
	// The host's own time is the time of receipt, which is close enough; two times in a line confuse.
	for _, own := range []string{zerolog.LevelFieldName, zerolog.MessageFieldName, zerolog.TimestampFieldName, "plugin"} {
		delete(fields, own)
	}
	names := slices.Sorted(maps.Keys(fields))
	for _, name := range names[:min(len(names), maxFields)] {
		event = r.field(event, name, fields[name])
	}
	if len(names) > maxFields {
		event = event.Int("fields_dropped", len(names)-maxFields)
	}
	event.Msg(message)
}

func (r *recorder) field(event *zerolog.Event, name string, value json.RawMessage) *zerolog.Event {
	name = r.clean(name)
	if text := ""; json.Unmarshal(value, &text) == nil && value[0] == '"' {
		return event.Str(name, r.redact(text))
	}
	redacted := r.redact(string(value))
	if !json.Valid([]byte(redacted)) {
		return event.Str(name, redacted)
	}
	return event.RawJSON(name, []byte(redacted))
}

func (r *recorder) remember(level zerolog.Level, message, reason string) {
	text := level.String() + ": " + message
	if reason != "" {
		text += ": " + r.clean(reason)
	}
	r.tail.add(text)
}

// text logs a line that is not zerolog's.
func (r *recorder) text(stream string, line []byte, dropped int) {
	text := r.clean(string(line))
	if dropped > 0 {
		text += fmt.Sprintf(" … (%d bytes more were dropped)", dropped)
	}
	r.tail.add(text)
	r.logger.Info().Str("stream", stream).Msg(text)
}

// clean removes secrets, and what could fool a terminal.
func (r *recorder) clean(text string) string { return printable(r.redact(text)) }

// printable drops control characters and bytes that are not UTF-8; a tab becomes a space.
func printable(text string) string {
	return strings.Map(func(c rune) rune {
		switch {
		case c == '\t':
			return ' '
		case c == unicode.ReplacementChar, !unicode.IsPrint(c):
			return -1
		default:
			return c
		}
	}, text)
}

// stringOf is the string that raw holds, or nothing.
func stringOf(raw json.RawMessage) string {
	var text string
	if json.Unmarshal(raw, &text) != nil {
		return "" // no string, or absent: both mean that this is not zerolog's line
	}
	return text
}
