package schema

import (
	"regexp"
	"regexp/syntax"
	"sync"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// pattern is a regular expression whose syntax is known to be good. It is compiled when first matched: compiling a
// schema would do so twice, at more than the cost of all the rest, and most patterns never meet a value.
type pattern struct {
	text     string
	compiled func() *regexp.Regexp
}

func newPattern(text string) (jsonschema.Regexp, error) {
	if _, err := syntax.Parse(text, syntax.Perl); err != nil {
		return nil, err
	}
	return pattern{text, sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(text) })}, nil
}

// MatchString reports whether a part of the text matches.
func (p pattern) MatchString(text string) bool { return p.compiled().MatchString(text) }

// String is the expression as it was written.
func (p pattern) String() string { return p.text }
