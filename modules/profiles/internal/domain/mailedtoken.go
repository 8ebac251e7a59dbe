package domain

import (
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"strings"
	"time"

	"github.com/google/uuid"
)

// Purpose is what a mailed token is good for. A token for one purpose is worth nothing for another.
type Purpose string

// The purposes and how long their tokens live.
const (
	PurposeVerify Purpose = "verify" // the address belongs to the member
	PurposeReset  Purpose = "reset"  // a new password
	PurposeChange Purpose = "change" // a new address

	VerifyLifetime = 24 * time.Hour
	ResetLifetime  = 30 * time.Minute
	ChangeLifetime = 30 * time.Minute
)

// Lifetime returns how long a token for the purpose is good for.
func (p Purpose) Lifetime() time.Duration {
	switch p {
	case PurposeVerify:
		return VerifyLifetime
	case PurposeReset:
		return ResetLifetime
	default:
		return ChangeLifetime
	}
}

// SecretSize is how many random bytes every token, session and invitation has.
const SecretSize = 32

// Secret are the random bytes of a token. Only its Hash is ever stored.
type Secret [SecretSize]byte

// Hash is the SHA-256 of a secret or of the text that carries it.
type Hash [sha256.Size]byte

// Hash returns what is stored.
func (s Secret) Hash() Hash { return sha256.Sum256(s[:]) }

// HashOf returns the hash of a text, such as a session's or a token's as the client shows it.
func HashOf(text string) Hash { return sha256.Sum256([]byte(text)) }

// Equal compares in constant time.
func (h Hash) Equal(other Hash) bool { return subtle.ConstantTimeCompare(h[:], other[:]) == 1 }

// MailedText is how a token is written in a link: whose it is and the secret, in letters that need no escaping.
func MailedText(owner uuid.UUID, secret Secret) string {
	return base64.RawURLEncoding.EncodeToString(append(owner[:], secret[:]...))
}

// ParseMailedText reads what MailedText wrote. Errors: ErrInvalidMailedToken.
func ParseMailedText(text string) (owner uuid.UUID, secret Secret, err error) {
	all, err := base64.RawURLEncoding.Strict().DecodeString(text)
	if err != nil || len(all) != len(owner)+SecretSize || strings.ContainsAny(text, "\r\n") { // which the decoder skips
		return uuid.Nil, Secret{}, ErrInvalidMailedToken
	}
	copy(owner[:], all)
	copy(secret[:], all[len(owner):])
	return owner, secret, nil
}

// MailedToken is what an account remembers of a token that was sent. There is at most one for each purpose: a newer one
// takes the place of the older.
type MailedToken struct {
	// Purpose is what it is good for.
	Purpose Purpose
	// Hash is that of the secret.
	Hash Hash
	// Email is the address that it was sent to.
	Email string
	// ExpiresAt is when it ends, UTC.
	ExpiresAt time.Time
}
