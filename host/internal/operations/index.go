package operations

import (
	"encoding/json"
	"maps"
	"math"
	"slices"
	"strings"
)

// field is a part of an operation that words are looked for in.
type field int

const (
	inName field = iota
	inKeywords
	inTitle
	inDescription
	inArguments
	fieldCount
)

// fieldWeights say what a word is worth by where it stands: names and keywords are chosen with care, descriptions
// mention much in passing.
var fieldWeights = [fieldCount]float64{inName: 4, inKeywords: 4, inTitle: 5, inDescription: 1.2, inArguments: 0.4}

// The parameters of the ranking function, BM25 over weighted fields: how soon more of the same word says nothing
// new, and how much a long field thins its words.
const (
	saturation = 2.0
	thinning   = 0.65
)

// index says which operations have a word, and what it is worth there. It does not change once built.
type index struct {
	postings  map[string][]posting
	rarity    map[string]float64 // the rarer a word, the more it says
	words     []string           // sorted
	thesaurus thesaurus
	names     map[string][]int // whole names, as people write them, to operations
	titles    [][]string       // the words of each operation's title
	things    [][]string       // what each operation deals with
	scopes    []scopeName
}

type posting struct {
	operation int
	worth     float64
}

func newIndex(operations []*Operation) *index {
	x := &index{postings: map[string][]posting{}, rarity: map[string]float64{}, thesaurus: newThesaurus(), names: map[string][]int{}}
	counted := make([][fieldCount]map[string]int, len(operations))
	var total [fieldCount]float64
	for i, operation := range operations {
		for f, text := range operation.searched() {
			counted[i][f] = map[string]int{}
			said, _ := x.thesaurus.with(words(text))
			for _, word := range said {
				counted[i][f][word]++
				total[f]++
			}
		}
		title, _ := x.thesaurus.with(words(operation.Title))
		x.titles = append(x.titles, title)
		x.things = append(x.things, x.thingsOf(operation))
		for _, name := range append([]string{operation.Name, operation.bareName(), operation.VendorName}, operation.Aliases...) {
			x.names[plainName(name)] = append(x.names[plainName(name)], i)
		}
	}
	for i := range operations {
		x.add(i, counted[i], total, float64(len(operations)))
	}
	for word, postings := range x.postings {
		x.words = append(x.words, word)
		n := float64(len(postings))
		x.rarity[word] = math.Log(1 + (float64(len(operations))-n+0.5)/(n+0.5))
	}
	slices.Sort(x.words)
	x.scopes = scopeNames(operations)
	return x
}

// add adds the words of one operation.
func (x *index) add(operation int, counted [fieldCount]map[string]int, total [fieldCount]float64, operations float64) {
	worth := map[string]float64{}
	for f, counts := range counted {
		length := 0
		for _, n := range counts {
			length += n
		}
		for word, n := range counts {
			worth[word] += fieldWeights[f] * float64(n) / (1 - thinning + thinning*float64(length)*operations/total[f])
		}
	}
	for word, sum := range worth {
		x.postings[word] = append(x.postings[word], posting{operation, sum / (saturation + sum)})
	}
}

// searched are the texts of the fields.
func (o *Operation) searched() [fieldCount]string {
	return [fieldCount]string{
		inName:        o.bareName() + " " + o.VendorName + " " + strings.Join(o.Aliases, " "),
		inKeywords:    strings.Join(o.whole().Keywords, ", "),
		inTitle:       o.Title,
		inDescription: o.Description() + " " + o.Toolset,
		inArguments:   o.argumentText(),
	}
}

// bareName is the name without the plugin and the product, which say where it is and not what it does.
func (o *Operation) bareName() string {
	name := strings.TrimPrefix(o.Name, o.Plugin+"_")
	if o.Product != "" {
		name = strings.TrimPrefix(name, o.Product+"_")
	}
	return name
}

// argumentText is the names and descriptions of the arguments; of a schema that cannot be read, nothing: whoever
// calls the operation hears of it.
func (o *Operation) argumentText() string {
	var input struct {
		Properties map[string]struct {
			Description string `json:"description"`
		} `json:"properties"`
	}
	if json.Unmarshal(o.whole().InputSchema, &input) != nil {
		return ""
	}
	var text strings.Builder
	for _, name := range slices.Sorted(maps.Keys(input.Properties)) {
		text.WriteString(name + " " + input.Properties[name].Description + "; ")
	}
	return text.String()
}

// plainName is a name without its case and the signs between its words.
func plainName(name string) string {
	return strings.ToLower(strings.Map(func(r rune) rune {
		if !wordRune(r) {
			return -1
		}
		return r
	}, name))
}
