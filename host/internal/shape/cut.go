package shape

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// CutMember is the member of a cut answer that says what was cut.
const CutMember = "mqtrail_cut"

// BytesPerToken is how many bytes count as a token of a language model.
const BytesPerToken = 4

// LeastTokens is the least that an answer can be held to: what was cut must be told too.
const LeastTokens = 1000

const (
	// reserved is what a note about the cuts takes at most, in bytes; notes are written to stay below.
	reserved    = 2600
	maxNotes    = 5
	maxCounted  = 10_000 // places that are told apart
	maxPointer  = 120    // bytes
	maxAdvice   = 600    // bytes
	maxNesting  = 100    // what is nested deeper is left out when an answer must be cut
	wholeOnes   = 4      // elements, of which as many must fit whole, else they are cut themselves
	leastOfText = 64     // bytes; a text is not cut to less, but left out
)

// cutNote says what was cut from one place.
type cutNote struct {
	Pointer string `json:"pointer"`
	Kept    int    `json:"kept"`
	Of      int    `json:"of"`
	Unit    string `json:"unit"`
}

// Cut holds an answer, one JSON object, to a number of tokens. An answer that is larger keeps its shape: arrays
// lose their last elements and long texts their ends, the largest first, and the member mqtrail_cut says how much
// there was, and next how to get the rest. Fewer than LeastTokens count as LeastTokens.
func Cut(answer json.RawMessage, tokens int, next string) (json.RawMessage, error) {
	budget := max(tokens, LeastTokens) * BytesPerToken
	if len(answer) <= budget {
		return answer, nil
	}
	var compact bytes.Buffer
	if err := json.Compact(&compact, answer); err != nil {
		return nil, err
	}
	whole := bytes.TrimSpace(compact.Bytes())
	if len(whole) <= budget {
		return whole, nil
	}
	if whole[0] != '{' {
		return nil, fmt.Errorf("want an object, got %.20s", whole)
	}
	c := cutter{}
	kept := c.fit(whole, budget-reserved, nil)
	return c.noted(kept, len(whole), next)
}

// noted adds the member that says what was cut.
func (c *cutter) noted(kept []byte, size int, next string) (json.RawMessage, error) {
	slices.SortStableFunc(c.notes, func(a, b cutNote) int { return cmp.Compare(b.lost(), a.lost()) })
	note := struct {
		Bytes int       `json:"bytes"`
		Parts []cutNote `json:"parts"`
		More  int       `json:"more_parts,omitempty"`
		Next  string    `json:"next"`
	}{size, c.notes[:min(maxNotes, len(c.notes))], max(0, len(c.notes)-maxNotes), clip(next, maxAdvice)}
	var encoded bytes.Buffer
	encoder := json.NewEncoder(&encoded)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(note); err != nil {
		return nil, err
	}
	out := append(json.RawMessage{}, kept[:len(kept)-1]...)
	if len(kept) > len("{}") {
		out = append(out, ',')
	}
	out = append(out, `"`+CutMember+`":`...)
	return append(append(out, bytes.TrimSpace(encoded.Bytes())...), '}'), nil
}

func (n cutNote) lost() int {
	if n.Unit == "bytes" {
		return (n.Of - n.Kept) / 100 // an element is worth some bytes
	}
	return n.Of - n.Kept
}

type cutter struct{ notes []cutNote }

func (c *cutter) note(path []string, kept, of int, unit string) {
	if len(c.notes) == maxCounted {
		return
	}
	var pointer strings.Builder
	for _, token := range path {
		pointer.WriteByte('/')
		pointer.WriteString(escape.Replace(token))
	}
	c.notes = append(c.notes, cutNote{clip(printable(pointer.String()), maxPointer), kept, of, unit})
}

var escape = strings.NewReplacer("~", "~0", "/", "~1")

// fit is the value in at most budget bytes, or in the least that its kind takes: {}, [], "", or all of a number.
func (c *cutter) fit(value []byte, budget int, path []string) []byte {
	switch {
	case len(value) <= budget:
		return value
	case value[0] == '"':
		return c.text(value, budget, path)
	case value[0] == '[':
		return c.array(value, budget, path)
	case value[0] == '{':
		return c.object(value, budget, path)
	default:
		return value
	}
}

// text keeps the beginning of a string.
func (c *cutter) text(text []byte, budget int, path []string) []byte {
	of := len(text) - len(`""`)
	keep := 0
	mark := fmt.Sprintf("…[cut: %d of %d bytes]", of, of) // at least as long as it will be
	if room := budget - len(mark) - len(`""`); room >= leastOfText {
		keep = wholeCharacters(text[1:len(text)-1], room)
	}
	c.note(path, keep, of, "bytes")
	if keep == 0 {
		return []byte(`""`)
	}
	return fmt.Appendf(nil, `%s…[cut: %d of %d bytes]"`, text[:1+keep], keep, of)
}

// wholeCharacters is the most of a string's inside, at most limit bytes, that breaks no character and no escape.
func wholeCharacters(inside []byte, limit int) int {
	end := 0
	for end < len(inside) {
		size := 1
		if inside[end] == '\\' {
			size = escapeLength(inside[end:])
		} else if inside[end] >= utf8.RuneSelf {
			_, size = utf8.DecodeRune(inside[end:])
		}
		if end+size > limit {
			return end
		}
		end += size
	}
	return end
}

// escapeLength is the length of the escape that the text begins with; of the two halves of a character, both.
func escapeLength(text []byte) int {
	const single = len(`\u0000`)
	switch {
	case text[1] != 'u':
		return len(`\n`)
	case len(text) >= 2*single && text[2]|0x20 == 'd' && text[3] >= '8' && text[single] == '\\' && text[single+1] == 'u':
		return 2 * single
	default:
		return single
	}
}

// array keeps the first elements: whole, where some fit so; else the first few, each cut to its share.
func (c *cutter) array(value []byte, budget int, path []string) []byte {
	if len(path) > maxNesting {
		return []byte("[]")
	}
	elements := parts(value)
	fitting, size := 0, len("[]")
	for fitting < len(elements) && size+elements[fitting].size()+len(",") <= budget {
		size += elements[fitting].size() + len(",")
		fitting++
	}
	if few := min(wholeOnes, len(elements)); fitting < few {
		fitting = few
	}
	return c.shared(value, elements[:fitting], len(elements), budget, path)
}

// object keeps all members, the large ones cut to their share, as long as there is room for the least of each.
func (c *cutter) object(value []byte, budget int, path []string) []byte {
	if len(path) > maxNesting {
		return []byte("{}")
	}
	members := parts(value)
	return c.shared(value, members, len(members), budget, path)
}

// shared writes parts of a container so that all of them fit, the last ones left out where not even the least of
// each does.
func (c *cutter) shared(container []byte, kept []part, of, budget int, path []string) []byte {
	room := budget - len("{}")
	least := 0
	for i, p := range kept {
		if least += p.least(); least > room {
			kept = kept[:i]
			break
		}
	}
	if len(kept) < of {
		unit := "elements"
		if container[0] == '{' {
			unit = "members"
		}
		c.note(path, len(kept), of, unit)
	}
	shares := shareOut(kept, room)
	out := []byte{container[0]}
	for i, p := range kept {
		if i > 0 {
			out = append(out, ',')
		}
		name := strconv.Itoa(i)
		if p.name != nil {
			name = unquoted(p.name)
			out = append(append(out, p.name...), ':')
		}
		out = append(out, c.fit(p.value, shares[i], append(path[:len(path):len(path)], name))...)
	}
	return append(out, container[len(container)-1])
}

// frame is what a part takes besides its value: its name, and the comma before the next.
func (p part) frame() int { return p.size() - len(p.value) + len(",") }

// least is what a part takes at least.
func (p part) least() int {
	switch p.value[0] {
	case '"', '[', '{':
		return p.frame() + len("{}")
	default:
		return p.frame() + len(p.value)
	}
}

// shareOut gives each part's value its bytes of the room: small ones all that they want, the large ones the same
// share of what is left.
func shareOut(kept []part, room int) []int {
	order := make([]int, len(kept))
	for i, p := range kept {
		order[i] = i
		room -= p.frame()
	}
	wants := func(i int) int { return len(kept[i].value) }
	slices.SortStableFunc(order, func(a, b int) int {
		// What cannot be cut comes first, whatever its size.
		return cmp.Or(-cmp.Compare(rigid(kept[a]), rigid(kept[b])), cmp.Compare(wants(a), wants(b)))
	})
	shares := make([]int, len(kept))
	for n, i := range order {
		shares[i] = wants(i)
		if rigid(kept[i]) == 0 {
			shares[i] = min(wants(i), room/(len(order)-n))
		}
		room -= shares[i]
	}
	return shares
}

// rigid is 1 for a value that cannot be cut.
func rigid(p part) int {
	switch p.value[0] {
	case '"', '[', '{':
		return 0
	default:
		return 1
	}
}

// printable keeps a text short once it is written as JSON.
func printable(text string) string {
	return strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) {
			return '?'
		}
		return r
	}, text)
}

// clip is a text in at most limit bytes.
func clip(text string, limit int) string {
	const mark = "…"
	if len(text) <= limit {
		return text
	}
	end := limit - len(mark)
	for end > 0 && !utf8.RuneStart(text[end]) {
		end--
	}
	return text[:end] + mark
}
