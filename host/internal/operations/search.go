package operations

import (
	"cmp"
	"slices"
	"strings"

	"github.com/mqtrail/mqtrail/sdk"
)

// Query is what operations are looked for by. What is empty does not matter.
type Query struct {
	// Words in English or Chinese, the vendor's name for the operation, or its own.
	Words string
	// Plugin, Product and Toolset are those of the operation, Access what it needs.
	Plugin, Product, Toolset string
	Access                   sdk.Access
}

func (q Query) admits(o *Operation) bool {
	return (q.Plugin == "" || q.Plugin == o.Plugin) && (q.Product == "" || q.Product == o.Product) &&
		(q.Toolset == "" || q.Toolset == o.Toolset) && (q.Access == "" || q.Access == o.Needs())
}

const (
	// elsewhere is what is left of the score of an operation of another vendor or product than the words name.
	elsewhere = 0.2
	// named lifts an operation whose whole name is given over all that have only words of it.
	named = 1000
	// The share of a score that does not depend on how many of the words an operation has.
	anyway = 0.4
	// unlike is what is left of the score of an operation that changes something where the words speak of no deed,
	// or changes nothing where they do.
	unlike = 0.85
	// titled is what an operation gains all of whose title is among the words: "list topics" means to list topics, and
	// not a topic's subscriptions.
	titled = 0.5
	// longestQuery bounds the time that a search takes, in bytes.
	longestQuery = 1000
	// partly is what a word is worth that only begins like the one given.
	partly = 0.7
)

// Search ranks the operations by how well the words fit them, best first, leaving out those that no word fits.
// No words: all, by name.
func (c *Catalogue) Search(query Query) []*Operation {
	var found []*Operation
	if strings.TrimSpace(query.Words) == "" {
		for _, operation := range c.operations {
			if query.admits(operation) {
				found = append(found, operation)
			}
		}
		return found
	}
	scores := c.index().score(c.operations, query.Words)
	var hits []int
	for i, operation := range c.operations {
		if scores[i] > 0 && query.admits(operation) {
			hits = append(hits, i)
		}
	}
	slices.SortStableFunc(hits, func(a, b int) int { return cmp.Compare(scores[b], scores[a]) })
	for _, i := range hits {
		found = append(found, c.operations[i])
	}
	return found
}

func (x *index) score(operations []*Operation, text string) []float64 {
	scores := make([]float64, len(operations))
	scope, rest := x.readScope(text[:min(len(text), longestQuery)])
	wanted, changes := x.thesaurus.with(words(rest))
	slices.Sort(wanted)
	wanted = slices.Compact(wanted)
	x.addWords(scores, wanted)
	for i, operation := range operations {
		share := scope.share(operation)
		if len(wanted) == 0 && len(scope.plugins)+len(scope.products) > 0 && share == 1 {
			scores[i] = 1 // nothing but the name of a vendor or product
		}
		if changes != (operation.Needs() != sdk.AccessRead) {
			share *= unlike
		}
		scores[i] *= share * (1 + titled*covered(x.titles[i], wanted))
	}
	for _, i := range x.names[plainName(text)] {
		scores[i] += named
	}
	return scores
}

// covered is the share of a title's words that are among the wanted, which are sorted.
func covered(title, wanted []string) float64 {
	if len(title) == 0 {
		return 0
	}
	count := 0
	for _, word := range title {
		if _, ok := slices.BinarySearch(wanted, word); ok {
			count++
		}
	}
	return float64(count) / float64(len(title))
}

// addWords adds what the words are worth, the more of them an operation has the better.
func (x *index) addWords(scores []float64, wanted []string) {
	matched := make([]float64, len(scores))
	total := 0.0
	for _, word := range wanted {
		worths, rarity := x.find(word)
		if rarity == 0 {
			continue
		}
		total += rarity
		for operation, worth := range worths {
			scores[operation] += rarity * worth
			matched[operation] += rarity
		}
	}
	for i := range scores {
		if total > 0 {
			scores[i] *= anyway + (1-anyway)*matched[i]/total
		}
	}
}

// find is what a word is worth by operation; where none has the word, what those are worth that begin like it.
func (x *index) find(word string) (worths map[int]float64, rarity float64) {
	worths = map[int]float64{}
	if postings, ok := x.postings[word]; ok {
		for _, p := range postings {
			worths[p.operation] = p.worth
		}
		return worths, x.rarity[word]
	}
	if len(word) < 3 || strings.HasPrefix(word, "=") {
		return worths, 0
	}
	at, _ := slices.BinarySearch(x.words, word)
	for ; at < len(x.words) && strings.HasPrefix(x.words[at], word); at++ {
		for _, p := range x.postings[x.words[at]] {
			worths[p.operation] = max(worths[p.operation], partly*p.worth)
		}
		rarity = max(rarity, x.rarity[x.words[at]])
	}
	return worths, rarity
}
