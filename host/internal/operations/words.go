package operations

import (
	"strings"
	"unicode"
)

// words splits a text into what is searched for: lower-case words without their endings, and of Chinese, which is
// written without spaces, every two characters that stand together.
func words(text string) []string {
	var found []string
	runes := []rune(text)
	for start := 0; start < len(runes); {
		end := wordEnd(runes, start)
		word := runes[start:end]
		switch {
		case !wordRune(word[0]):
		case !unicode.Is(unicode.Han, word[0]):
			if lower := strings.ToLower(string(word)); !unspoken[lower] {
				found = append(found, stem(lower))
			}
		case len(word) == 1:
			found = append(found, string(word))
		default:
			for i := range len(word) - 1 {
				found = append(found, string(word[i:i+2]))
			}
		}
		start = end
	}
	return found
}

func wordRune(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }

// wordEnd is where the word that begins at start ends: before a sign, where Chinese begins or ends, and within
// names before a capital: queryByMsgId, SASLUser.
func wordEnd(runes []rune, start int) int {
	if !wordRune(runes[start]) {
		return start + 1
	}
	for i := start + 1; i < len(runes); i++ {
		before, r := runes[i-1], runes[i]
		switch {
		case !wordRune(r), unicode.Is(unicode.Han, r) != unicode.Is(unicode.Han, before):
			return i
		case unicode.IsUpper(r) && unicode.IsLower(before):
			return i
		case unicode.IsUpper(r) && unicode.IsUpper(before) && i+1 < len(runes) && unicode.IsLower(runes[i+1]):
			return i
		}
	}
	return len(runes)
}

// unspoken are words that say nothing about what is looked for.
var unspoken = setOf(`a about all an am and any are as at be been between but by can cloud could did do does don doesn for
	from had has hasn have haven how i if in into is isn it its just me my no not of on or our please s should so some t
	than that the their them then there these they this those to was we were what when where which who why will with
	would yet you your`)

func setOf(list string) map[string]bool {
	set := map[string]bool{}
	for word := range strings.FieldsSeq(list) {
		set[word] = true
	}
	return set
}

// stem takes the commonest endings off an English word, so that "topics" finds "topic" and "resetting" "reset".
// What is left need not be a word: both sides are cut alike.
func stem(word string) string {
	switch {
	case len(word) < 4 || word[0] > unicode.MaxASCII:
		return word
	case strings.HasSuffix(word, "ies"):
		return word[:len(word)-3] + "y"
	case strings.HasSuffix(word, "s") && !strings.HasSuffix(word, "ss") && !strings.HasSuffix(word, "us") && !strings.HasSuffix(word, "is"):
		return stem(word[:len(word)-1])
	case len(word) > 5 && strings.HasSuffix(word, "ing"):
		return bare(word[:len(word)-3])
	case len(word) > 4 && strings.HasSuffix(word, "ed") && !strings.HasSuffix(word, "eed"):
		return bare(word[:len(word)-2])
	case len(word) > 6 && strings.HasSuffix(word, "tion"):
		return bare(word[:len(word)-3])
	case strings.HasSuffix(word, "e"):
		return bare(word[:len(word)-1])
	default:
		return word
	}
}

// bare undoes the doubling before an ending: stopp is stop, while add, pass and call keep theirs.
func bare(word string) string {
	last := len(word) - 1
	if last > 2 && word[last] == word[last-1] && !strings.ContainsRune("aeioudls", rune(word[last])) {
		return word[:last]
	}
	return word
}
