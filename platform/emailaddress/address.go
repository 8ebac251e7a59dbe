// Package emailaddress knows which texts are e-mail addresses. It is a leaf that every domain may import; each domain
// refuses what is none with an error of its own.
package emailaddress

import (
	"strings"
	"unicode/utf8"

	"github.com/gavelhq/gavel/platform/characters"
)

// Address is an address that was checked; zero is none. Key tells addresses apart.
type Address struct{ text string }

// Limits of an address, in bytes (RFC 5321, 4.5.3.1).
const (
	maxAddress   = 254
	maxLocalPart = 64
)

// Parse returns the address as it was written, and false when it is none. It accepts what people have: one @ between a name
// and a host with a dot, without spaces, quotes, comments and control characters.
func Parse(text string) (Address, bool) {
	local, host, found := strings.Cut(text, "@")
	switch {
	case !found, len(text) > maxAddress, len(local) > maxLocalPart, !utf8.ValidString(text):
		return Address{}, false
	case !isLocalPart(local), !isMailHost(host):
		return Address{}, false
	}
	return Address{text: text}, true
}

// Restore returns the address as it was stored, unchecked.
func Restore(text string) Address { return Address{text: text} }

// String returns the address as it was written; empty for none.
func (a Address) String() string { return a.text }

// Key returns the lower-cased form, by which addresses are unique.
func (a Address) Key() string { return strings.ToLower(a.text) }

// isLocalPart accepts dot-atoms of RFC 5322, 3.2.3, and letters beyond ASCII (RFC 6531).
func isLocalPart(text string) bool {
	if text == "" || strings.HasPrefix(text, ".") || strings.HasSuffix(text, ".") || strings.Contains(text, "..") {
		return false
	}
	return !strings.ContainsFunc(text, func(r rune) bool {
		return r <= ' ' || r == 0x7f || strings.ContainsRune(`"(),:;<>@[\]`, r) || r > 0x7f && (characters.Unprintable(r) || r == '\u00a0')
	})
}

// isMailHost accepts host names with at least one dot.
func isMailHost(text string) bool {
	labels := strings.Split(text, ".")
	if len(labels) < 2 {
		return false
	}
	for _, label := range labels {
		if label == "" || len(label) > 63 || strings.HasPrefix(label, "-") || strings.HasSuffix(label, "-") {
			return false
		}
		for _, r := range label {
			letter := r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '-'
			if !letter {
				return false
			}
		}
	}
	return true
}
