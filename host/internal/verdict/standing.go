package verdict

import (
	"strings"

	"github.com/mqtrail/mqtrail/sdk/trail"
)

// byWord is where the vendor says that the group's position is. Words that contradict each other say nothing.
func (g *group) byWord() (where standing, why string) {
	for _, s := range g.standings {
		if s.Passed == nil {
			continue
		}
		place, text := before, "The vendor says that the group's position has not come to the message"
		if *s.Passed {
			place, text = past, "The vendor says that the group's position is past the message"
		}
		if where != unclear && where != place {
			return unclear, ""
		}
		where, why = place, text+quoted(s.Raw)+"."
	}
	return where, why
}

// words are those of the vendor about the group that say nothing which is understood.
func (g *group) words() []string {
	var words []string
	for _, s := range g.standings {
		if s.Passed == nil && s.Filtered == nil && s.Online == nil && s.Raw != "" {
			words = append(words, s.Raw)
		}
	}
	return words
}

// wordDoubt repeats them; empty when there are none.
func (g *group) wordDoubt() string {
	words := g.words()
	if len(words) == 0 {
		return ""
	}
	return "The vendor says of the group: " + strings.Join(words, ", ") + "."
}

// saidFiltered is where the vendor says that the group's filter keeps the message out; nil when it does not.
func (g *group) saidFiltered() *trail.Standing {
	for i := range g.standings {
		if s := &g.standings[i]; s.Filtered != nil && *s.Filtered {
			return s
		}
	}
	return nil
}
