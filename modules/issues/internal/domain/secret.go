package domain

import (
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"slices"
	"strings"

	"github.com/google/uuid"
)

// SecretSize is how many random bytes every mailed token has.
const SecretSize = 32

// Secret are the random bytes of a token that is mailed to a visitor. Only its Hash is ever stored.
type Secret [SecretSize]byte

// Hash is the SHA-256 of a secret.
type Hash [sha256.Size]byte

// Hash returns what is stored.
func (s Secret) Hash() Hash { return sha256.Sum256(s[:]) }

// String keeps the secret out of messages.
func (s Secret) String() string { return "[secret]" }

// GoString keeps the secret out of messages.
func (s Secret) GoString() string { return s.String() }

// Equal compares in constant time.
func (h Hash) Equal(other Hash) bool { return subtle.ConstantTimeCompare(h[:], other[:]) == 1 }

// MailedText is how a token is written in a link: whose issue it is for and the secret, in letters that need no escaping.
func MailedText(issue uuid.UUID, secret Secret) string {
	return base64.RawURLEncoding.EncodeToString(slices.Concat(issue[:], secret[:]))
}

// ParseMailedText reads what MailedText wrote. Errors: ErrIssueNotFound.
func ParseMailedText(text string) (issue uuid.UUID, secret Secret, err error) {
	all, err := base64.RawURLEncoding.Strict().DecodeString(text)
	if err != nil || len(all) != len(issue)+SecretSize || strings.ContainsAny(text, "\r\n") { // which the decoder skips
		return uuid.Nil, Secret{}, ErrIssueNotFound
	}
	copy(issue[:], all)
	copy(secret[:], all[len(issue):])
	return issue, secret, nil
}
