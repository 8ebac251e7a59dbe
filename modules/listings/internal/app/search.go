package app

import (
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"github.com/gavelhq/gavel/modules/listings/internal/domain"
)

// MaxSearchWords is how many words of a search count; the rest is ignored.
const MaxSearchWords = 10

// maxWord is how many characters of a word count, in texts and in searches alike.
const maxWord = 40

// SearchWords returns the distinct words of a text as every store indexes and searches them, sorted: runs of letters,
// digits and the marks within them, in lower case, without accents. Splitting here, not in the databases, makes all of
// them find the same.
func SearchWords(text string) []string {
	words := strings.FieldsFunc(fold(text), func(r rune) bool { return !unicode.In(r, unicode.L, unicode.Nd, unicode.M) })
	for i, word := range words {
		if runes := []rune(word); len(runes) > maxWord {
			words[i] = string(runes[:maxWord])
		}
	}
	slices.Sort(words)
	return slices.Compact(words)
}

// ListingWords returns the words under which a listing is found: those of its title, its description and what was
// appended to that.
func ListingWords(s domain.State) []string {
	texts := []string{s.Title, s.Description}
	for _, addition := range s.Additions {
		texts = append(texts, addition.Text)
	}
	return SearchWords(strings.Join(texts, "\n"))
}

// QueryWords returns the words of a search, at most MaxSearchWords of them.
func QueryWords(text string) []string {
	words := SearchWords(text)
	return words[:min(len(words), MaxSearchWords)]
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
