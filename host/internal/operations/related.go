package operations

import (
	"cmp"
	"slices"
)

// maxRelated is how many related operations there are at most: a hint, not a list.
const maxRelated = 6

// Related are the operations of the same plugin and product that deal with the same things, the nearest first: of
// create_topic, those that list, change and delete topics.
func (c *Catalogue) Related(operation *Operation) []*Operation {
	x := c.index()
	at := slices.Index(c.operations, operation)
	if at < 0 {
		return nil
	}
	shares := map[*Operation]float64{}
	var related []*Operation
	for i, other := range c.operations {
		if other == operation || other.Plugin != operation.Plugin || other.Product != operation.Product {
			continue
		}
		if share := x.alike(x.things[at], x.things[i]); share > 0 {
			shares[other] = share
			related = append(related, other)
		}
	}
	slices.SortStableFunc(related, func(a, b *Operation) int { return cmp.Compare(shares[b], shares[a]) })
	return related[:min(maxRelated, len(related))]
}

// thingsOf are the words of an operation's name and title that say what it deals with, and not what it does.
func (x *index) thingsOf(operation *Operation) []string {
	var things []string
	for _, word := range words(operation.bareName() + " " + operation.Title) {
		if !x.thesaurus.action(word) {
			things = append(things, word)
		}
	}
	slices.Sort(things)
	return slices.Compact(things)
}

// alike is how much of what either deals with both deal with, the rarer a word the more it counts.
func (x *index) alike(a, b []string) float64 {
	both, either := 0.0, 0.0
	for _, word := range a {
		either += x.rarity[word]
		if _, ok := slices.BinarySearch(b, word); ok {
			both += x.rarity[word]
		}
	}
	for _, word := range b {
		if _, ok := slices.BinarySearch(a, word); !ok {
			either += x.rarity[word]
		}
	}
	if either == 0 {
		return 0
	}
	return both / either
}
