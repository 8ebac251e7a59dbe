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

// Reporter is who reported an issue: a member, a visitor, or, of an imported one, nobody. What it refers to must not be
// modified.
type Reporter struct {
	// Member is zero for a visitor.
	Member uuid.UUID
	// Email is a visitor's address as he wrote it; empty for a member.
	Email string
	// Confirmation is the hash of the token that confirms the address, until ConfirmBy; both zero once it was used.
	Confirmation Hash
	ConfirmBy    time.Time
	// Follow are the hashes of the tokens that a visitor follows the issue by, oldest first.
	Follow []Hash
}

// follows reports whether the secret is that of a link which follows the issue.
func (r Reporter) follows(secret Secret) bool {
	hash, found := secret.Hash(), false
	for _, h := range r.Follow {
		found = h.Equal(hash) || found
	}
	return found
}

// following returns the reporter with one more token.
func (r Reporter) following(secret Secret) Reporter {
	kept := r.Follow[max(0, len(r.Follow)-MaxFollowTokens+1):]
	r.Follow = append(slices.Clone(kept), secret.Hash())
	return r
}
