package mail

import (
	"errors"
	"fmt"
	netmail "net/mail"
	"strings"
	"unicode"
	"unicode/utf8"
)

// ErrMalformed is a letter that nobody can deliver, or that would say more to a mail server than it should: an address or
// a subject with a line break would be read as further headers.
var ErrMalformed = errors.New("the letter is malformed")

// The longest that a letter's parts may be, in bytes.
const (
	maxID      = 128
	maxAddress = 320
	maxSubject = 1000
	maxPage    = 900 // so that a header with it fits into a line
)

// Check tells whether the letter can be written. Every Mailer refuses those that cannot. Errors: ErrMalformed, without
// anything of what the letter says.
func (m Message) Check() error {
	switch {
	case m.ID == "" || len(m.ID) > maxID || strings.ContainsFunc(m.ID, notOfID):
		return fmt.Errorf("%w: its ID is not of letters, digits and hyphens", ErrMalformed)
	case !IsAddress(m.To):
		return fmt.Errorf("%w: it is not to an address", ErrMalformed)
	case m.Subject == "" || len(m.Subject) > maxSubject || !printable(m.Subject):
		return fmt.Errorf("%w: its subject is not one line", ErrMalformed)
	case m.Text == "" || !utf8.ValidString(m.Text) || !utf8.ValidString(m.HTML):
		return fmt.Errorf("%w: it has no text", ErrMalformed)
	case m.Unsubscribe != "" && !isPage(m.Unsubscribe):
		return fmt.Errorf("%w: it cannot be unsubscribed from", ErrMalformed)
	}
	return nil
}

// IsAddress reports whether text is an address alone: no name, no quotes, no list, one line.
func IsAddress(text string) bool {
	if len(text) > maxAddress || !printable(text) {
		return false
	}
	address, err := netmail.ParseAddress(text)
	return err == nil && address.Name == "" && address.Address == text
}

// isPage reports whether text is the address of a page, as headers hold it.
func isPage(text string) bool {
	odd := func(r rune) bool { return r <= ' ' || r > '~' || r == '<' || r == '>' || r == ',' }
	return len(text) <= maxPage && !strings.ContainsFunc(text, odd) &&
		(strings.HasPrefix(text, "https://") || strings.HasPrefix(text, "http://"))
}

// notOfID reports whether r may not be in an ID.
func notOfID(r rune) bool {
	return (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (r < '0' || r > '9') && r != '-'
}

// printable reports whether text is one line of characters that are seen.
func printable(text string) bool {
	return utf8.ValidString(text) && !strings.ContainsFunc(text, func(r rune) bool { return !unicode.IsPrint(r) })
}
