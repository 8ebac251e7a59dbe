// Package characters says which characters have a place in what people write. It is a leaf that every domain may import.
package characters

import "unicode"

// Unprintable reports whether a character has no place in a text, or could make it look like another one: control
// characters, line breaks among them, the separators of lines, and the marks that turn the direction of writing.
func Unprintable(r rune) bool {
	return unicode.IsControl(r) || unicode.In(r, unicode.Zl, unicode.Zp, unicode.Bidi_Control)
}
