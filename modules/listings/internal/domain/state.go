package domain

import (
	"slices"
	"time"

	"github.com/google/uuid"
)

// Head is the end of a listing's log. It commits to everything before it.
type Head struct {
	// Seq is the number of events in the log; 0 before publication.
	Seq int64
	// Hash is the last event's.
	Hash Hash
	// At is the last event's stamp, before which no later one lies.
	At time.Time
}

// Addition is a dated text that the seller appended to the description.
type Addition struct {
	// At is the stamp of the command.
	At time.Time
	// Text is what was appended.
	Text string
}

// State is everything that a listing is, as plain data for mappers: RestoreListing(l.State()) equals l. Nothing in it
// may be modified in place. It holds secrets (Secret, Terms.Reserve, the maxima in Standing) and prints without them.
type State struct {
	// ID is the listing's identity, chosen by whoever creates it.
	ID uuid.UUID
	// Version is the number of commands that changed the listing; 0 before it was first stored.
	Version int64
	// Seller is the member who sells.
	Seller uuid.UUID
	// RelistedFrom is the listing of which this is another try; zero if none.
	RelistedFrom uuid.UUID
	// CreatedAt is when the draft was made.
	CreatedAt time.Time
	// Ruleset is what the listing is judged by.
	Ruleset string
	// Currency is fixed when the draft is made.
	Currency Currency
	// Title and Description are the seller's words.
	Title, Description string
	// Additions are what was appended to the description, oldest first.
	Additions []Addition
	// Terms are what it is sold under.
	Terms Terms

	// Status is the status as last stored; Phase tells it at any instant.
	Status Status
	// Frozen is set between freezing and unfreezing.
	Frozen bool
	// EndsAt is the present end, or the final one; zero in a draft.
	EndsAt time.Time
	// PublishedEnd is the end that the soft close's cap counts from; zero in a draft.
	PublishedEnd time.Time

	// Standing is where the live bids leave the listing.
	Standing Standing
	// Bids is the number of bids ever accepted, withdrawn ones included.
	Bids int64
	// Excluded are the members whose bids were cancelled, sorted by id.
	Excluded []uuid.UUID

	// Winner is who bought; zero unless sold.
	Winner uuid.UUID
	// FinalPrice is what the winner pays, in minor units; 0 unless sold.
	FinalPrice int64

	// Secret keys the listing's commitments; zero in a draft.
	Secret Secret
	// Head is the end of the log.
	Head Head
}

// Phase returns what the listing's status depends on.
func (s State) Phase() Phase {
	return Phase{
		Stored:     s.Status,
		Frozen:     s.Frozen,
		StartsAt:   s.Terms.StartsAt,
		EndsAt:     s.EndsAt,
		HasLeader:  s.Standing.HasLeader(),
		ReserveMet: s.Standing.ReserveMet,
	}
}

// Excludes reports whether the member's bids were cancelled.
func (s State) Excludes(member uuid.UUID) bool {
	_, found := slices.BinarySearchFunc(s.Excluded, member, compareIDs)
	return found
}

// priceRules returns what the price depends on beside the bids.
func (s State) priceRules() PriceRules {
	return PriceRules{Start: s.Terms.StartPrice, Reserve: s.Terms.Reserve, Table: s.Terms.Table}
}
