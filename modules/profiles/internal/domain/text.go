package domain

import (
	"strings"
	"unicode/utf8"

	"github.com/gavelhq/gavel/platform/characters"
	"github.com/gavelhq/gavel/platform/fault"
)

// MaxReason is the longest reason, in characters.
const MaxReason = 1000

// CheckReason refuses a reason that is empty, too long, or not one line. Errors: ErrInvalidReason.
func CheckReason(reason string) error {
	if strings.TrimSpace(reason) == "" || utf8.RuneCountInString(reason) > MaxReason || !utf8.ValidString(reason) ||
		strings.ContainsFunc(reason, characters.Unprintable) {
		return ErrInvalidReason
	}
	return nil
}

// checkLine refuses what is no single line of least to most characters.
func checkLine(text string, least, most int, refusal *fault.Error) error {
	n := utf8.RuneCountInString(text)
	if n < least || n > most || !utf8.ValidString(text) || text != strings.TrimSpace(text) || strings.ContainsFunc(text, characters.Unprintable) {
		return refusal
	}
	return nil
}

// checkText refuses what is longer than most characters or holds control characters beside line breaks and tabs.
func checkText(text string, most int, refusal *fault.Error) error {
	odd := func(r rune) bool { return r != '\n' && r != '\t' && characters.Unprintable(r) }
	if utf8.RuneCountInString(text) > most || !utf8.ValidString(text) || strings.ContainsFunc(text, odd) {
		return refusal
	}
	return nil
}
