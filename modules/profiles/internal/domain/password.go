package domain

import (
	"strings"
	"unicode/utf8"
)

// Lengths of a password, in characters.
const (
	MinPassword = 10
	MaxPassword = 256
)

// CheckPassword refuses a password that is too short or long, is among the common ones, or is made of little else than
// the member's own name or address. Errors: ErrPasswordLength, ErrCommonPassword.
func CheckPassword(password string, common func(lower string) bool, personal ...string) error {
	n := utf8.RuneCountInString(password)
	if n < MinPassword || n > MaxPassword || !utf8.ValidString(password) {
		return ErrPasswordLength
	}
	lower := strings.ToLower(password)
	if common(lower) || monotonous(lower) {
		return ErrCommonPassword
	}
	for _, word := range personal {
		word = strings.ToLower(word)
		if len(word) >= 3 && utf8.RuneCountInString(strings.ReplaceAll(lower, word, "")) < MinPassword/2 {
			return ErrCommonPassword
		}
	}
	return nil
}

// monotonous reports whether a text is made of fewer than four different characters.
func monotonous(text string) bool {
	seen := map[rune]bool{}
	for _, r := range text {
		seen[r] = true
	}
	return len(seen) < 4
}
