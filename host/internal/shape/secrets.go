package shape

import (
	"bytes"
	"encoding/json"
)

// Redacted stands for a secret that was taken out.
const Redacted = "[redacted]"

// Redact takes the values of secret members out of an answer: texts become a mark; other values, which a mark
// would change the type of, null. Empty and null values stay: that there is no secret is none. An answer without
// such members comes back as it is.
func Redact(answer json.RawMessage, secret map[string]bool) (json.RawMessage, error) {
	if len(secret) == 0 {
		return answer, nil
	}
	var compact bytes.Buffer
	if err := json.Compact(&compact, answer); err != nil {
		return nil, err
	}
	r := redactor{secret: secret, out: make([]byte, 0, compact.Len())}
	r.answer(compact.Bytes())
	if !r.changed {
		return answer, nil
	}
	return r.out, nil
}

// redactor copies compact JSON. It goes over it once, however deep it is nested.
type redactor struct {
	secret  map[string]bool
	out     []byte
	changed bool
}

func (r *redactor) answer(rest []byte) {
	var outer []bool // whether each container around is hidden
	hidden := false  // whether the value that comes next is
	for len(rest) > 0 {
		switch sign := rest[0]; sign {
		case '{', '[':
			outer = append(outer, hidden)
			rest = r.copy(rest, 1)
		case '}', ']':
			outer = outer[:len(outer)-1]
			rest = r.copy(rest, 1)
		case ',', ':':
			rest = r.copy(rest, 1)
			continue
		default:
			end := valueEnd(rest)
			if isName(rest, end) {
				hidden = outer[len(outer)-1] || r.secret[unquoted(rest[:end])]
				rest = r.copy(rest, end)
				continue
			}
			r.scalar(rest[:end], hidden)
			rest = rest[end:]
		}
		hidden = len(outer) > 0 && outer[len(outer)-1]
	}
}

func isName(rest []byte, end int) bool { return rest[0] == '"' && end < len(rest) && rest[end] == ':' }

func (r *redactor) copy(rest []byte, size int) []byte {
	r.out = append(r.out, rest[:size]...)
	return rest[size:]
}

func (r *redactor) scalar(value []byte, hidden bool) {
	switch {
	case !hidden || string(value) == `""` || string(value) == "null":
		r.out = append(r.out, value...)
	case value[0] == '"':
		r.changed = true
		r.out = append(r.out, `"`+Redacted+`"`...)
	default:
		r.changed = true
		r.out = append(r.out, "null"...)
	}
}

func unquoted(name []byte) string {
	var text string
	if err := json.Unmarshal(name, &text); err != nil {
		return "" // its syntax is known to be good
	}
	return text
}
