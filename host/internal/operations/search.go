package operations

import (
	"slices"
	"strings"
	"unicode"
)

// Search ranks the operations by how well the words fit them, best first, leaving out those that no word fits.
// No words: all, by name.
func (c *Catalogue) Search(words string) []*Operation {
	wanted := tokens(words)
	if len(wanted) == 0 {
		return slices.Clone(c.operations)
	}
	type hit struct {
		operation *Operation
		score     int
	}
	var hits []hit
	for _, operation := range c.operations {
		if score := operation.score(wanted); score > 0 {
			hits = append(hits, hit{operation, score})
		}
	}
	slices.SortStableFunc(hits, func(a, b hit) int { return b.score - a.score })
	found := make([]*Operation, len(hits))
	for i, h := range hits {
		found[i] = h.operation
	}
	return found
}

// The weight of a word by the field that it occurs in: names are chosen with care, descriptions mention much.
const (
	nameWeight        = 8
	keywordWeight     = 8
	titleWeight       = 5
	descriptionWeight = 2
)

func (o *Operation) score(wanted []string) int {
	fields := []struct {
		text   string
		weight int
	}{
		{o.Name, nameWeight},
		{o.VendorName, nameWeight},
		{strings.Join(o.Keywords, " "), keywordWeight},
		{o.Title, titleWeight},
		{o.Description, descriptionWeight},
	}
	total := 0
	for _, word := range wanted {
		best := 0
		for _, field := range fields {
			if fits(field.text, word) {
				best = max(best, field.weight)
			}
		}
		total += best
	}
	return total
}

// fits reports whether the text has the word: as one of its words or the beginning of one; Chinese, which is
// written without spaces, anywhere.
func fits(text, word string) bool {
	if strings.ContainsFunc(word, func(r rune) bool { return unicode.Is(unicode.Han, r) }) {
		return strings.Contains(text, word)
	}
	return slices.ContainsFunc(tokens(text), func(token string) bool { return strings.HasPrefix(token, word) })
}

// tokens splits a text into lower-case words: at spaces and signs, and within camelCase names.
func tokens(text string) []string {
	var found []string
	var word strings.Builder
	flush := func() {
		if word.Len() > 0 {
			found = append(found, strings.ToLower(word.String()))
			word.Reset()
		}
	}
	previous := ' '
	for _, r := range text {
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) || unicode.IsUpper(r) && unicode.IsLower(previous) {
			flush()
		}
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			word.WriteRune(r)
		}
		previous = r
	}
	flush()
	return found
}
