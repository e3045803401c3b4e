package schemas_test

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"iter"
	"regexp"
	"slices"
	"sort"
	"strings"
	"unicode"
)

// The shortest runs by which a text is known: shorter ones are anybody's.
const (
	runOfWords = 8
	runOfHan   = 16
	// minPlain is how many words of a run are not names, identifiers or numbers: a list of the values that a field
	// may have reads the same, whoever writes it.
	minPlain = runOfWords / 2
)

// runs are all runs of words and of Han characters in a text, without what a copyist would change: case, spaces and
// punctuation. Each kind of writing ends a run of the other.
func runs(text string) iter.Seq[string] {
	return func(yield func(string) bool) {
		var words, han []string
		rest := text
		for rest != "" {
			if token := word.FindString(rest); token != "" {
				words, han = append(words, token), nil
				rest = rest[len(token):]
				if len(words) >= runOfWords && !yieldWords(words[len(words)-runOfWords:], yield) {
					return
				}
				continue
			}
			r := []rune(rest[:min(len(rest), 4)])[0]
			rest = rest[len(string(r)):]
			if !unicode.Is(unicode.Han, r) {
				continue
			}
			words, han = nil, append(han, string(r))
			if len(han) >= runOfHan && !yield(strings.Join(han[len(han)-runOfHan:], "")) {
				return
			}
		}
	}
}

var (
	// word takes an identifier, a number or a version as one word.
	word = regexp.MustCompile(`^[A-Za-z0-9]+(?:['’._/@-][A-Za-z0-9]+)*`)
	// plainWord is a word of a sentence.
	plainWord = regexp.MustCompile(`^[A-Z]?[a-z]+(?:['’-][a-z]+)*$`)
)

func yieldWords(words []string, yield func(string) bool) bool {
	plain := 0
	for _, word := range words {
		if plainWord.MatchString(word) {
			plain++
		}
	}
	return plain < minPlain || yield(strings.ToLower(strings.Join(words, " ")))
}

// fingerprint is a run's SHA-256 cut to 40 bits: enough to know it again, not enough to read it.
type fingerprint [5]byte

func fingerprintOf(run string) fingerprint {
	sum := sha256.Sum256([]byte(run))
	return fingerprint(sum[:len(fingerprint{})])
}

// fingerprints are sorted.
type fingerprints []fingerprint

func fingerprintsOf(texts iter.Seq[string]) fingerprints {
	var all fingerprints
	for text := range texts {
		for run := range runs(text) {
			all = append(all, fingerprintOf(run))
		}
	}
	slices.SortFunc(all, func(a, b fingerprint) int { return bytes.Compare(a[:], b[:]) })
	return slices.Compact(all)
}

func (f fingerprints) bytes() []byte {
	var out bytes.Buffer
	for _, one := range f {
		out.Write(one[:])
	}
	return out.Bytes()
}

func readFingerprints(raw []byte) (fingerprints, error) {
	size := len(fingerprint{})
	if len(raw)%size != 0 {
		return nil, fmt.Errorf("%d bytes are no whole number of fingerprints", len(raw))
	}
	var all fingerprints
	for chunk := range slices.Chunk(raw, size) {
		all = append(all, fingerprint(chunk))
	}
	if !slices.IsSortedFunc(all, func(a, b fingerprint) int { return bytes.Compare(a[:], b[:]) }) {
		return nil, fmt.Errorf("the fingerprints are not sorted")
	}
	return all, nil
}

// shared is the first run of a text that is among the fingerprints; "" when none is.
func (f fingerprints) shared(text string) string {
	for run := range runs(text) {
		mark := fingerprintOf(run)
		at := sort.Search(len(f), func(i int) bool { return bytes.Compare(f[i][:], mark[:]) >= 0 })
		if at < len(f) && f[at] == mark {
			return run
		}
	}
	return ""
}
