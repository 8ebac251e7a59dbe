package domain

import (
	"time"

	"github.com/google/uuid"
)

// Sale is what members keep of a listing that was sold: who sold it and who won. It has the listing's id. Nothing is
// decided by it: it is counted to show what a member has done here, and can be made again of the events of listings.
type Sale struct {
	record
	seller, winner uuid.UUID
	endedAt        time.Time
}

// SaleState is a sale as plain data for mappers.
type SaleState struct {
	// ID is the listing.
	ID      uuid.UUID
	Version int64
	// Seller has sold it to Winner.
	Seller, Winner uuid.UUID
	// EndedAt is when.
	EndedAt time.Time
}

// NewSale returns the sale of a listing.
func NewSale(listing, seller, winner uuid.UUID, endedAt time.Time) *Sale {
	return &Sale{record: record{id: listing, changed: true}, seller: seller, winner: winner, endedAt: micros(endedAt)}
}

// RestoreSale returns the sale as it was stored, unchecked.
func RestoreSale(s SaleState) *Sale {
	return &Sale{record: record{id: s.ID, version: s.Version}, seller: s.Seller, winner: s.Winner, endedAt: s.EndedAt}
}

// State returns the sale as plain data.
func (s *Sale) State() SaleState {
	return SaleState{ID: s.id, Version: s.version, Seller: s.seller, Winner: s.winner, EndedAt: s.endedAt}
}

// Snapshot returns an independent copy.
func (s *Sale) Snapshot() *Sale { c := *s; return &c }

// Correct makes the sale what the listing says of it; saying the same again changes nothing.
func (s *Sale) Correct(seller, winner uuid.UUID, endedAt time.Time) {
	endedAt = micros(endedAt)
	if seller == s.seller && winner == s.winner && endedAt.Equal(s.endedAt) {
		return
	}
	s.seller, s.winner, s.endedAt = seller, winner, endedAt
	s.changed = true
}
