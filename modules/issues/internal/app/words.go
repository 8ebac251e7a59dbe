package app

import (
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"github.com/gavelhq/gavel/modules/issues/internal/domain"
)

// MaxSearchWords is how many words of a search count; the rest is ignored.
const MaxSearchWords = 10

// maxWord is how many characters of a word count, in texts and in searches alike.
const maxWord = 40

// IssueWords returns the words under which an issue is found, and false when the event, which is not the one that made the
// issue, changes none: they are those of its title and its report. What is said later is not searched, because not
// everybody may read it.
func IssueWords(title string, e domain.Event) (words []string, made bool) {
	switch p := e.Payload.(type) {
	case domain.Reported:
		return wordsOf(title + "\n" + p.Text), true
	case domain.Imported:
		return wordsOf(title + "\n" + p.Text), true
	default:
		return nil, false
	}
}

// QueryWords returns the words of a search, at most MaxSearchWords of them.
func QueryWords(text string) []string {
	words := wordsOf(text)
	return words[:min(len(words), MaxSearchWords)]
}

// wordsOf returns the distinct words of a text as every store indexes and searches them, sorted: runs of letters, digits and
// the marks within them, in lower case, without accents.
func wordsOf(text string) []string {
	words := strings.FieldsFunc(fold(text), func(r rune) bool { return !unicode.In(r, unicode.L, unicode.Nd, unicode.M) })
	for i, word := range words {
		if runes := []rune(word); len(runes) > maxWord {
			words[i] = string(runes[:maxWord])
		}
	}
	slices.Sort(words)
	return slices.Compact(words)
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
