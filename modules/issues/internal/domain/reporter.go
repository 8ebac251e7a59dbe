package domain

import (
	"slices"
	"time"

	"github.com/google/uuid"
)

// ConfirmLifetime is how long a visitor has to confirm his address.
const ConfirmLifetime = 24 * time.Hour

// MaxFollowTokens is how many links that follow an issue are good at the same time: the newest.
const MaxFollowTokens = 10

// MaxConfirmTokens is how many links that confirm an address are good at the same time: the newest. There is more than one
// only where a server was stopped while it mailed, and another one mailed the letter again.
const MaxConfirmTokens = 5

// Reporter is who reported an issue: a member, a visitor, or, of an imported one, nobody. What it refers to must not be
// modified.
type Reporter struct {
	// Member is zero for a visitor.
	Member uuid.UUID
	// Email is a visitor's address as he wrote it; empty for a member.
	Email string
	// Confirmations are the hashes of the tokens that confirm the address, until ConfirmBy, oldest first. They are none of
	// Follow. Once one was used ConfirmBy is zero, and they only tell who comes again that all is well.
	Confirmations []Hash
	ConfirmBy     time.Time
	// Follow are the hashes of the tokens that a visitor follows the issue by, oldest first.
	Follow []Hash
}

// follows reports whether the secret is that of a link which follows the issue.
func (r Reporter) follows(secret Secret) bool { return holds(r.Follow, secret) }

// confirms reports whether the secret is that of a link which confirms the address.
func (r Reporter) confirms(secret Secret) bool { return holds(r.Confirmations, secret) }

// holds reports whether one of the hashes is the secret's.
func holds(hashes []Hash, secret Secret) bool {
	hash, found := secret.Hash(), false
	for _, h := range hashes {
		found = h.Equal(hash) || found
	}
	return found
}

// with returns the newest of the hashes, at most so many, with that of one more secret.
func with(hashes []Hash, secret Secret, most int) []Hash {
	kept := hashes[max(0, len(hashes)-most+1):]
	return append(slices.Clone(kept), secret.Hash())
}
