package trail

import (
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/mqtrail/mqtrail/sdk"
	"github.com/mqtrail/mqtrail/sdk/trail"
)

// addNew appends the sentences that are not there yet.
func addNew(sentences []string, more ...string) []string {
	for _, sentence := range more {
		if sentence != "" && !slices.Contains(sentences, sentence) {
			sentences = append(sentences, sentence)
		}
	}
	return sentences
}

// maxReason bounds a problem in a list of places, in characters.
const maxReason = 240

// reason is a problem in one line.
func reason(problem *sdk.Problem) string {
	text := problem.Message
	if problem.VendorCode != "" {
		text += " (" + problem.VendorCode + ")"
	}
	if problem.Hint != "" {
		text += " " + problem.Hint
	}
	return line(text, maxReason)
}

// line is a text of somebody else's as one line of at most so many characters, without what is invisible.
func line(text string, limit int) string {
	if len(text) > 16*limit { // visible looks at every character
		text = strings.ToValidUTF8(text[:16*limit], "")
	}
	visible, _ := trail.Visible(text)
	visible = strings.Join(strings.Fields(visible), " ")
	if utf8.RuneCountInString(visible) <= limit {
		return visible
	}
	return string([]rune(visible)[:limit-1]) + "…"
}
