package domain

import (
	"strings"
	"unicode/utf8"
)

// Email is an address that was checked.
type Email struct{ text string }

// Limits of an address (RFC 5321, 4.5.3.1).
const (
	maxEmail     = 254
	maxLocalPart = 64
)

// NewEmail returns the address as it was written. It accepts what people have: one @ between a name and a host with a dot,
// without spaces, quotes, comments and control characters. Errors: ErrInvalidEmail.
func NewEmail(text string) (Email, error) {
	local, host, found := strings.Cut(text, "@")
	switch {
	case !found, len(text) > maxEmail, len(local) > maxLocalPart, !utf8.ValidString(text):
		return Email{}, ErrInvalidEmail
	case !isLocalPart(local), !isMailHost(host):
		return Email{}, ErrInvalidEmail
	}
	return Email{text: text}, nil
}

// RestoreEmail returns the address as it was stored, unchecked.
func RestoreEmail(text string) Email { return Email{text: text} }

// String returns the address as it was written; empty for none.
func (e Email) String() string { return e.text }

// isLocalPart accepts dot-atoms of RFC 5322, 3.2.3, and letters beyond ASCII (RFC 6531).
func isLocalPart(text string) bool {
	if text == "" || strings.HasPrefix(text, ".") || strings.HasSuffix(text, ".") || strings.Contains(text, "..") {
		return false
	}
	return !strings.ContainsFunc(text, func(r rune) bool {
		return r <= ' ' || r == 0x7f || strings.ContainsRune(`"(),:;<>@[\]`, r) || r > 0x7f && (unprintable(r) || r == '\u00a0')
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
