package shape

import "bytes"

// The scanning below goes over compact JSON whose syntax is known to be good: answers are large, and building a
// value of each would take many times their size.

// part is one element of an array, or one member of an object.
type part struct {
	name  []byte // with its quotes; nil for an element
	value []byte
}

func (p part) size() int {
	if p.name == nil {
		return len(p.value)
	}
	return len(p.name) + len(":") + len(p.value)
}

// parts are those of an object or array.
func parts(container []byte) []part {
	var found []part
	named := container[0] == '{'
	for rest := container[1:]; rest[0] != '}' && rest[0] != ']'; {
		var p part
		if rest[0] == ',' {
			rest = rest[1:]
		}
		if named {
			p.name = rest[:textEnd(rest)]
			rest = rest[len(p.name)+len(":"):]
		}
		p.value = rest[:valueEnd(rest)]
		rest = rest[len(p.value):]
		found = append(found, p)
	}
	return found
}

// valueEnd is where the value ends that the text begins with.
func valueEnd(text []byte) int {
	switch text[0] {
	case '"':
		return textEnd(text)
	case '{', '[':
	default:
		if end := bytes.IndexAny(text, ",]}"); end >= 0 {
			return end
		}
		return len(text)
	}
	open := 0
	for i := 0; ; i++ {
		switch text[i] {
		case '"':
			i += textEnd(text[i:]) - 1
		case '{', '[':
			open++
		case '}', ']':
			if open--; open == 0 {
				return i + 1
			}
		}
	}
}

// textEnd is where the string ends that the text begins with, its closing quote included.
func textEnd(text []byte) int {
	for i := 1; ; i++ {
		switch text[i] {
		case '\\':
			i++
		case '"':
			return i + 1
		}
	}
}
