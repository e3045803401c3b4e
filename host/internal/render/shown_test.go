package render

import (
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/jedib0t/go-pretty/v6/text"
	"pgregory.net/rapid"
)

func TestShown(t *testing.T) {
	for in, want := range map[string]string{
		"plain":          "plain",
		"two\nlines\tup": "two lines up",
		"a\u202eb":       "a<U+202E>b",
		"\x1b[31m":       "<U+001B>[31m",
		"zero\u200b":     "zero<U+200B>",
		"❤\ufe0f":        "❤<U+FE0F>",
		"\u3164":         "<U+3164>",
		"\U000e0041":     "<U+E0041>",
		"库存 é":           "库存 é",
	} {
		if got := Shown(in); got != want {
			t.Errorf("Shown(%q) = %q, want %q", in, got, want)
		}
	}
}

// Folding loses nothing but spaces, and no line is too wide.
func TestFold(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		line := Shown(rapid.String().Draw(t, "line"))
		width := rapid.IntRange(2, 90).Draw(t, "width")
		lines := fold(line, width)
		for _, part := range lines {
			if got := text.StringWidth(part); got > width {
				t.Fatalf("%d columns of %d: %q", got, width, part)
			}
		}
		if got, want := strings.ReplaceAll(strings.Join(lines, ""), " ", ""), strings.ReplaceAll(line, " ", ""); got != want {
			t.Fatalf("folded to %q, want %q", got, want)
		}
	})
}

var safeLabel = regexp.MustCompile(`^(?:[\p{L}\p{Nd} ]|#[0-9]+;)+$`)

func FuzzLabel(f *testing.F) {
	for _, name := range hostileNames {
		f.Add(name)
	}
	f.Fuzz(func(t *testing.T, name string) {
		if got := label(name); !safeLabel.MatchString(got) {
			t.Errorf("label(%q) = %q", name, got)
		}
	})
}

func FuzzShown(f *testing.F) {
	for _, name := range hostileNames {
		f.Add(name)
	}
	f.Fuzz(func(t *testing.T, name string) {
		got := Shown(name)
		if !utf8.ValidString(got) || slices.ContainsFunc([]rune(got), hidden) {
			t.Errorf("Shown(%q) = %q", name, got)
		}
	})
}
