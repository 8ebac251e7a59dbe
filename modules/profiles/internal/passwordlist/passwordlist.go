// Package passwordlist knows the passwords that everybody tries first: those that were most often found in stolen lists,
// the words and names of which people make more, and both with a few digits or signs behind.
//
// The words come with github.com/trustelem/zxcvbn, the Go port of Dropbox's estimator: some 94,000 of them, by how often
// they are used.
package passwordlist

import (
	"strings"
	"sync"

	"github.com/trustelem/zxcvbn/frequency"
)

// longestTail is how many digits and signs behind a word make no other password of it.
const longestTail = 6

// List is the list of common passwords. It is made when it is first asked, and safe for concurrent use.
type List struct {
	words func() map[string]struct{}
}

// New returns the list.
func New() *List { return &List{words: sync.OnceValue(read)} }

func read() map[string]struct{} {
	words := make(map[string]struct{}, 100_000)
	for _, list := range frequency.FrequencyLists {
		for _, word := range list {
			words[word] = struct{}{}
		}
	}
	return words
}

// Common reports whether the password, in lower case, is one of them: a common password or word, as it is, with letters
// that were replaced by the digits that look like them, doubled, or with up to six digits or signs behind.
func (l *List) Common(lower string) bool {
	words := l.words()
	known := func(text string) bool {
		_, ok := words[text]
		return ok
	}
	stem := strings.TrimRight(lower, "0123456789!?.,;:*#+-_$@&%=/ ")
	for _, text := range []string{lower, stem} {
		if len(lower)-len(text) > longestTail {
			continue
		}
		if known(text) || known(spelled.Replace(text)) || known(half(text)) {
			return true
		}
	}
	return known(spelled.Replace(half(lower)))
}

// spelled undoes the replacements of letters that everybody knows.
var spelled = strings.NewReplacer("0", "o", "1", "i", "3", "e", "4", "a", "5", "s", "7", "t", "@", "a", "$", "s", "!", "i")

// half returns what a text repeats, or the text itself when it is not the same thing twice.
func half(text string) string {
	if n := len(text) / 2; len(text)%2 == 0 && text[:n] == text[n:] {
		return text[:n]
	}
	return text
}
