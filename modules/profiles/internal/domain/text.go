package domain

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/gavelhq/gavel/platform/fault"
)

// MaxReason is the longest reason, in characters.
const MaxReason = 1000

// CheckReason refuses a reason that is empty, too long, or not one line. Errors: ErrInvalidReason.
func CheckReason(reason string) error {
	if strings.TrimSpace(reason) == "" || utf8.RuneCountInString(reason) > MaxReason || !utf8.ValidString(reason) ||
		strings.ContainsFunc(reason, unprintable) {
		return ErrInvalidReason
	}
	return nil
}

// checkLine refuses what is no single line of least to most characters.
func checkLine(text string, least, most int, refusal *fault.Error) error {
	n := utf8.RuneCountInString(text)
	if n < least || n > most || !utf8.ValidString(text) || text != strings.TrimSpace(text) || strings.ContainsFunc(text, unprintable) {
		return refusal
	}
	return nil
}

// checkText refuses what is longer than most characters or holds control characters beside line breaks and tabs.
func checkText(text string, most int, refusal *fault.Error) error {
	odd := func(r rune) bool { return r != '\n' && r != '\t' && unprintable(r) }
	if utf8.RuneCountInString(text) > most || !utf8.ValidString(text) || strings.ContainsFunc(text, odd) {
		return refusal
	}
	return nil
}

// unprintable reports whether a character has no place in a text, or could make it look like another one: control
// characters, the separators of lines, and the marks that turn the direction of writing.
func unprintable(r rune) bool {
	return unicode.IsControl(r) || unicode.In(r, unicode.Zl, unicode.Zp, unicode.Bidi_Control)
}
