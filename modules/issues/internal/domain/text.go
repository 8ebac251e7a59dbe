package domain

import (
	"strings"
	"unicode/utf8"

	"github.com/gavelhq/gavel/platform/characters"
)

// The longest texts, in characters.
const (
	MaxTitle = 1_000
	MaxText  = 10_000 // of a report, a comment, a note, a resolution and whatever else is said
)

// validTitle accepts one line that is not blank. Blanks at its edges are kept.
func validTitle(text string) bool {
	return utf8.ValidString(text) && !blank(text) && utf8.RuneCountInString(text) <= MaxTitle && !strings.ContainsFunc(text, characters.Unprintable)
}

// importableTitle accepts what others let people write, line breaks and blanks included. No store keeps a NUL.
func importableTitle(text string) bool {
	return text != "" && utf8.ValidString(text) && utf8.RuneCountInString(text) <= MaxTitle && !strings.ContainsRune(text, 0)
}

// validText accepts no text as well.
func validText(text string) bool {
	odd := func(r rune) bool { return r != '\n' && r != '\t' && characters.Unprintable(r) }
	return utf8.ValidString(text) && utf8.RuneCountInString(text) <= MaxText && !strings.ContainsFunc(text, odd)
}

// said accepts a text that says something.
func said(text string) bool { return !blank(text) && validText(text) }

func blank(text string) bool { return strings.TrimSpace(text) == "" }
