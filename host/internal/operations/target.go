package operations

import (
	"bytes"
	"encoding/json"
	"strings"

	"github.com/mqtrail/mqtrail/host/internal/schema"
)

// maxTarget bounds a target's name, in bytes: a person is to type it.
const maxTarget = 200

// Target names what a call with these arguments acts on: the value of the argument that the operation's file says;
// else of the last part of the path that is an argument, or the name of a list among them (/topics/delete with the
// list topics); else of the last required argument, since what holds a thing is named before it. An operation that
// names nothing is its own target.
func (o *Operation) Target(arguments json.RawMessage) string {
	given, err := decode(arguments)
	object, ok := given.(map[string]any)
	if err != nil || !ok {
		return o.Name
	}
	for _, path := range o.targetPaths(object) {
		var names []string
		for _, value := range valuesAt(object, path) {
			if name := nameOf(value); name != "" {
				names = append(names, name)
			}
		}
		if target := strings.Join(names, ","); target != "" && len(target) <= maxTarget {
			return target
		}
	}
	return o.Name
}

// targetPaths are the places where the target's name may be, best first.
func (o *Operation) targetPaths(given map[string]any) [][]string {
	if o.target != "" {
		return [][]string{schema.Path(o.target)}
	}
	shape := o.shape()
	var paths [][]string
	segments := strings.Split(o.Request, "/")
	for i := len(segments) - 1; i >= 0; i-- {
		wire, placeholder := strings.CutPrefix(segments[i], "{")
		name := shape.argument(strings.TrimSuffix(wire, "}"))
		_, list := given[name].([]any)
		if placeholder || list {
			paths = append(paths, []string{name})
		}
	}
	for i := len(shape.Required) - 1; i >= 0; i-- {
		if name := shape.Required[i]; !shape.Properties[name].Sensitive {
			paths = append(paths, []string{name})
		}
	}
	return paths
}

// inputShape is what the target is found by.
type inputShape struct {
	Properties map[string]struct {
		Wire      string `json:"x-name"`
		Sensitive bool   `json:"x-sensitive"`
	} `json:"properties"`
	Required []string `json:"required"`
}

func (o *Operation) shape() inputShape {
	var shape inputShape
	_ = json.Unmarshal(o.whole().InputSchema, &shape) // Check has compiled it; a part that is odd is no target
	return shape
}

// argument is the name of the argument that travels under a name.
func (s inputShape) argument(wire string) string {
	for name, property := range s.Properties {
		if property.Wire == wire {
			return name
		}
	}
	return wire
}

// nameOf is a value as a name; "" when it is none.
func nameOf(value any) string {
	switch value := value.(type) {
	case string:
		return strings.TrimSpace(value)
	case json.Number:
		return value.String()
	default:
		return ""
	}
}

// decode reads JSON with its numbers as they are written.
func decode(raw json.RawMessage) (any, error) {
	decoder := json.NewDecoder(bytes.NewReader(raw))
	decoder.UseNumber()
	var value any
	err := decoder.Decode(&value)
	return value, err
}
