package operations

import (
	"slices"
	"strings"
	"unicode"
)

// otherNames are other names of plugins and products, their own first.
var otherNames = [][]string{
	{"aliyun", "alibaba", "alibabacloud", "阿里云", "阿里"},
	{"huawei", "huaweicloud", "华为云", "华为"},
	{"ctyun", "tianyi", "天翼云", "天翼"},
	{"mqs", "roma"},
}

// scope is the plugins and products that a text names. Who names one means it: it is not looked for like other
// words, which every operation of the vendor would have.
type scope struct{ plugins, products []string }

// share is what is left of the score of an operation: all of it where the text names its plugin and product, or
// none.
func (s scope) share(operation *Operation) float64 {
	share := 1.0
	if len(s.plugins) > 0 && !slices.Contains(s.plugins, operation.Plugin) {
		share *= elsewhere
	}
	if len(s.products) > 0 && !slices.Contains(s.products, operation.Product) {
		share *= elsewhere
	}
	return share
}

// scopeName is a name for a plugin or a product.
type scopeName struct {
	name   string // as a text has it
	means  string
	plugin bool // else a product
}

func scopeNames(operations []*Operation) []scopeName {
	var names []scopeName
	add := func(means string, plugin bool) {
		if means == "" || slices.ContainsFunc(names, func(n scopeName) bool { return n.means == means && n.plugin == plugin }) {
			return
		}
		names = append(names, scopeName{means, means, plugin})
		for _, others := range otherNames {
			for _, other := range others[1:] {
				if others[0] == means {
					names = append(names, scopeName{other, means, plugin})
				}
			}
		}
	}
	for _, operation := range operations {
		add(operation.Plugin, true)
		add(operation.Product, false)
	}
	return names
}

// readScope takes the names of plugins and products out of a text.
func (x *index) readScope(text string) (named scope, rest string) {
	rest = text
	for _, name := range x.scopes {
		cut, found := cutName(rest, name.name)
		switch {
		case !found:
			continue
		case name.plugin:
			named.plugins = append(named.plugins, name.means)
		default:
			named.products = append(named.products, name.means)
		}
		rest = cut
	}
	return named, rest
}

// cutName takes a name out of a text, whatever its case: a Latin one where it stands as a word.
func cutName(text, name string) (rest string, found bool) {
	lower := strings.ToLower(text)
	if len(lower) != len(text) { // letters whose cases differ in length: offsets would not fit
		text = lower
	}
	for from := 0; ; {
		at := strings.Index(lower[from:], name)
		if at < 0 {
			return text, found
		}
		start, end := from+at, from+at+len(name)
		if !isWord(lower, start, end) {
			from = end
			continue
		}
		gap := " "
		text, lower, found = text[:start]+gap+text[end:], lower[:start]+gap+lower[end:], true
		from = start + len(gap)
	}
}

// isWord reports whether a Latin part of a text is not within a longer word. Chinese has no such bounds.
func isWord(text string, start, end int) bool {
	latin := func(b byte) bool { return b < 0x80 && (unicode.IsLetter(rune(b)) || unicode.IsDigit(rune(b))) }
	return (start == 0 || !latin(text[start]) || !latin(text[start-1])) && (end == len(text) || !latin(text[end-1]) || !latin(text[end]))
}
