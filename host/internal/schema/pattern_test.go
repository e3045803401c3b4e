package schema

import (
	"regexp"
	"testing"

	"pgregory.net/rapid"
)

// What newPattern lets pass compiles, and what it refuses does not: it looks at the syntax alone.
func TestPatternAgreesWithRegexp(t *testing.T) {
	for text, good := range map[string]bool{
		`^[A-Za-z0-9._-]{1,40}$`: true,
		`[`:                      false,
		`a{1001}`:                false,
		`(a{500}){500}`:          false,
		`(?<=a)b`:                false,
		`\p{Han}`:                true,
	} {
		p, err := newPattern(text)
		if (err == nil) != good {
			t.Errorf("%s: %v, want good: %t", text, err, good)
		}
		if good && p.String() != text {
			t.Errorf("%s became %s", text, p)
		}
	}
	piece := rapid.SampledFrom([]string{`a`, `b`, `.`, `*`, `+`, `?`, `(`, `)`, `[`, `]`, `^`, `-`, `{2}`, `{1,3}`, `|`, `\d`, `\b`, `\`, `(?i)`, `é`})
	rapid.Check(t, func(t *rapid.T) {
		text := ""
		for _, p := range rapid.SliceOfN(piece, 0, 8).Draw(t, "pieces") {
			text += p
		}
		value := rapid.StringMatching(`[ab1é]{0,6}`).Draw(t, "value")
		ours, failed := newPattern(text)
		theirs, err := regexp.Compile(text)
		if (failed == nil) != (err == nil) {
			t.Fatalf("%q: %v, regexp says %v", text, failed, err)
		}
		if err == nil && ours.MatchString(value) != theirs.MatchString(value) {
			t.Fatalf("%q and %q: not as regexp has it", text, value)
		}
	})
}
