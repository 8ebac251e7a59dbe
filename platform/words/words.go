// Package words splits texts into the words by which they are searched. Splitting here, not in the databases, makes all
// stores find the same (ADR 0010).
package words

import (
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// MaxInQuery is how many words of a search count; the rest is ignored.
const MaxInQuery = 10

// maxWord is how many characters of a word count, in texts and in searches alike.
const maxWord = 40

// Of returns the distinct words of some texts as every store indexes and searches them, sorted: runs of letters, digits and
// the marks within them, in lower case, without accents.
func Of(texts ...string) []string {
	words := strings.FieldsFunc(fold(strings.Join(texts, "\n")), func(r rune) bool { return !unicode.In(r, unicode.L, unicode.Nd, unicode.M) })
	for i, word := range words {
		if runes := []rune(word); len(runes) > maxWord {
			words[i] = string(runes[:maxWord])
		}
	}
	slices.Sort(words)
	return slices.Compact(words)
}

// OfQuery returns the words of a search, at most MaxInQuery of them. A text is found when each of them begins one of its own.
func OfQuery(text string) []string {
	words := Of(text)
	return words[:min(len(words), MaxInQuery)]
}

// fold decomposes the text, drops the marks and lowers the case.
func fold(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Mn, r) {
			return -1
		}
		return unicode.ToLower(r)
	}, norm.NFKD.String(text))
}
