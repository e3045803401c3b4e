package schema

import (
	"encoding/json"
	"fmt"
	"math/big"
	"slices"
	"strconv"
	"strings"
	"unicode"
)

// The bounds of what a message shows.
const (
	maxShown       = 60  // characters of a value or a name
	maxDescription = 200 // characters of a description
	maxListed      = 25  // names or values
)

// printable is text fit for a terminal: without control and formatting characters, cut to a length.
func printable(text string) string { return clip(text, maxShown) }

func clip(text string, length int) string {
	var clean strings.Builder
	count := 0
	for _, r := range text {
		if !unicode.IsPrint(r) && r != ' ' {
			continue
		}
		if count == length {
			return clean.String() + "…"
		}
		clean.WriteRune(r)
		count++
	}
	return clean.String()
}

// show is a value of the document or the schema, with its type unless that is plain.
func show(value any) string {
	switch value := value.(type) {
	case string:
		return strconv.Quote(printable(value))
	case json.Number:
		return printable(value.String())
	case nil:
		return "null"
	case bool:
		return strconv.FormatBool(value)
	default:
		return typeWord(typeOf(value))
	}
}

// showTyped is a value with its type: the string "ten".
func showTyped(value any) string {
	switch value.(type) {
	case string:
		return "the string " + show(value)
	case json.Number:
		return "the number " + show(value)
	default:
		return show(value)
	}
}

func typeOf(value any) string {
	switch value.(type) {
	case string:
		return "string"
	case json.Number:
		return "number"
	case nil:
		return "null"
	case bool:
		return "boolean"
	case []any:
		return "array"
	default:
		return "object"
	}
}

func typeWord(name string) string {
	switch name {
	case "null":
		return name
	case "integer", "array", "object":
		return "an " + name
	case "boolean":
		return "true or false"
	default:
		return "a " + name
	}
}

// typeWords are the types that are allowed, null last: nobody means it first.
func typeWords(names []string) string {
	names = slices.Clone(names)
	slices.SortStableFunc(names, func(a, b string) int {
		switch {
		case a == "null" && b != "null":
			return 1
		case b == "null" && a != "null":
			return -1
		default:
			return 0
		}
	})
	words := make([]string, len(names))
	for i, name := range names {
		words[i] = typeWord(name)
	}
	return either(words)
}

func either(words []string) string { return join(words, " or ") }

func all(words []string) string { return join(words, " and ") }

func join(words []string, last string) string {
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	return strings.Join(words[:len(words)-1], ", ") + last + words[len(words)-1]
}

// list is a bounded list of names or values as they are written.
func list(words []string) string {
	if extra := len(words) - maxListed; extra > 0 {
		return fmt.Sprintf("%s … and %d more", strings.Join(words[:maxListed], ", "), extra)
	}
	return strings.Join(words, ", ")
}

// count is a number of things: 1 item, 2 items.
func count(number int, thing string) string {
	if number == 1 {
		return "1 " + thing
	}
	return strconv.Itoa(number) + " " + thing + "s"
}

// exact is a number of a schema with every digit; as a fraction only when it has no end in decimals.
func exact(number *big.Rat) string {
	if number.IsInt() {
		return printable(number.Num().String())
	}
	if digits, ends := number.FloatPrec(); ends {
		return printable(number.FloatString(digits))
	}
	return printable(number.RatString())
}
