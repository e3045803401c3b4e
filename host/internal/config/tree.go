package config

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v4"

	"github.com/mqtrail/mqtrail/host/internal/schema"
)

// The bounds of what a file may become once its aliases are written out.
const (
	maxDepth  = 32
	maxValues = 20_000
	maxText   = 2 * maxFile // bytes
)

// tree writes a YAML document as JSON, and remembers where everything was.
type tree struct {
	lookup func(string) (string, bool)
	source source
	faults []located
	out    bytes.Buffer
	values int
	// secrets reports whether a text under the name of a secret is written in the file itself.
	secrets bool
}

func newTree(file string, lookup func(string) (string, bool)) *tree {
	return &tree{lookup: lookup, source: source{file: file, positions: map[string]position{}, filled: map[string]bool{}}}
}

// write writes the value at the path. A value that cannot be written becomes null, with a fault.
func (t *tree) write(node *yaml.Node, path []string) {
	place := position{node.Line, node.Column}
	if _, ok := t.source.positions[schema.Pointer(path)]; !ok { // a member has its key's
		t.source.positions[schema.Pointer(path)] = place
	}
	for node.Kind == yaml.AliasNode {
		node = node.Alias
	}
	t.values++
	switch {
	case t.values > maxValues:
		t.refuse(place, nil, "has more than %d values once its aliases are written out", maxValues)
	case t.out.Len() > maxText:
		t.refuse(place, nil, "has more than %d bytes once its aliases and variables are written out", maxText)
	case len(path) > maxDepth:
		t.refuse(place, nil, "is nested deeper than %d levels", maxDepth)
	case node.Kind == yaml.MappingNode:
		t.mapping(node, path)
	case node.Kind == yaml.SequenceNode:
		t.sequence(node, path)
	default:
		t.scalar(node, path)
	}
}

// refuse reports a fault and writes null in the value's stead. Of the bounds the first fault is enough.
func (t *tree) refuse(place position, path []string, format string, args ...any) {
	fault := located{place, schema.Pointer(path), fmt.Sprintf(format, args...)}
	t.out.WriteString("null")
	if path != nil || !slices.ContainsFunc(t.faults, func(f located) bool { return f.message == fault.message }) {
		t.faults = append(t.faults, fault)
	}
}

func (t *tree) mapping(node *yaml.Node, path []string) {
	if !plainTag(node, "!!map") {
		t.refuse(position{node.Line, node.Column}, path, "has a tag of its own; write the value without it")
		return
	}
	t.out.WriteByte('{')
	first := map[string]int{}
	for i := 0; i+1 < len(node.Content); i += 2 {
		key, value := node.Content[i], node.Content[i+1]
		place := position{key.Line, key.Column}
		name, problem := keyName(key)
		if problem != "" {
			t.faults = append(t.faults, located{place, schema.Pointer(path), problem})
			continue
		}
		member := append(slices.Clone(path), name)
		if line, twice := first[name]; twice {
			t.faults = append(t.faults, located{place, schema.Pointer(member), twiceMessage(path, line, place.line)})
			continue
		}
		if len(first) > 0 {
			t.out.WriteByte(',')
		}
		first[name] = place.line
		t.source.positions[schema.Pointer(member)] = place
		t.text(name)
		t.out.WriteByte(':')
		t.write(value, member)
	}
	t.out.WriteByte('}')
}

func keyName(key *yaml.Node) (name, problem string) {
	for key.Kind == yaml.AliasNode {
		key = key.Alias
	}
	switch {
	case key.Kind != yaml.ScalarNode:
		return "", "has a key that is not a plain name"
	case key.ShortTag() == "!!merge":
		return "", "merge keys (<<) are not supported; write the keys out"
	default:
		return key.Value, ""
	}
}

func twiceMessage(path []string, first, second int) string {
	if slices.Equal(path, []string{"connections"}) {
		return fmt.Sprintf("two connections of this name, on line %d and line %d", first, second)
	}
	return fmt.Sprintf("given twice, on line %d and line %d", first, second)
}

func (t *tree) sequence(node *yaml.Node, path []string) {
	if !plainTag(node, "!!seq") {
		t.refuse(position{node.Line, node.Column}, path, "has a tag of its own; write the value without it")
		return
	}
	t.out.WriteByte('[')
	for i, item := range node.Content {
		if i > 0 {
			t.out.WriteByte(',')
		}
		t.write(item, append(slices.Clone(path), strconv.Itoa(i)))
	}
	t.out.WriteByte(']')
}

func plainTag(node *yaml.Node, tag string) bool { return node.ShortTag() == tag }

func (t *tree) scalar(node *yaml.Node, path []string) {
	switch node.ShortTag() {
	case "!!null":
		t.out.WriteString("null")
	case "!!bool":
		t.out.WriteString(strings.ToLower(node.Value))
	case "!!int", "!!float":
		t.number(node, path)
	case "!!str", "!!timestamp", "!!merge":
		t.string(node, path)
	default:
		t.refuse(position{node.Line, node.Column}, path, "has a tag of its own; write the value without it")
	}
}

// number writes every digit of a number. YAML has more ways to write one than JSON.
func (t *tree) number(node *yaml.Node, path []string) {
	plain := strings.ReplaceAll(node.Value, "_", "")
	if json.Valid([]byte(plain)) {
		t.out.WriteString(plain)
		return
	}
	if integer, err := strconv.ParseInt(plain, 0, 64); err == nil {
		t.out.WriteString(strconv.FormatInt(integer, 10))
		return
	}
	if integer, err := strconv.ParseUint(strings.TrimPrefix(plain, "+"), 0, 64); err == nil {
		t.out.WriteString(strconv.FormatUint(integer, 10))
		return
	}
	fraction, err := strconv.ParseFloat(plain, 64)
	if err != nil || math.IsInf(fraction, 0) || math.IsNaN(fraction) {
		t.refuse(position{node.Line, node.Column}, path, "is not a number that can be used; put a text in quotes")
		return
	}
	t.out.WriteString(strconv.FormatFloat(fraction, 'g', -1, 64))
}

func (t *tree) string(node *yaml.Node, path []string) {
	if !takesVariables(path) {
		t.text(node.Value)
		return
	}
	text, filled, err := fill(node.Value, t.lookup)
	if err != nil {
		t.refuse(position{node.Line, node.Column}, path, "%v", err)
		return
	}
	if filled {
		t.source.filled[schema.Pointer(path)] = true
	}
	t.secrets = t.secrets || !filled && text != "" && namesSecret(path)
	t.text(text)
}

func (t *tree) text(text string) {
	encoded, err := json.Marshal(text)
	if err != nil { // a string can always be encoded
		panic(err)
	}
	t.out.Write(encoded)
}

// takesVariables reports whether ${NAME} has a meaning at the path: in settings and in plugin_dirs.
func takesVariables(path []string) bool {
	return len(path) > 3 && path[0] == "connections" && path[2] == "config" || len(path) > 1 && path[0] == "plugin_dirs"
}
