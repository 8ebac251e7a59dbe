// Package listingsapi is all that other modules may know of listings: the events it publishes, what it tells, and what it
// does for them. It is a leaf: it imports no other module.
package listingsapi

import (
	"context"
	"time"

	"github.com/google/uuid"
)

// Summary is what another module may know about a listing.
type Summary struct {
	// ID is the listing.
	ID uuid.UUID
	// Seller is the member who sells.
	Seller uuid.UUID
	// Title is plain text of 1 to 120 characters.
	Title string
	// State is draft, scheduled, open, sold, unsold_no_bids, unsold_reserve or cancelled.
	State string
	// EndsAt is the present end, UTC.
	EndsAt time.Time
	// LogSeq is the number of events in the listing's log.
	LogSeq int64
	// LogHash is the hash of the last of them.
	LogHash [32]byte
}

// Reader answers other modules' questions about listings, outside units of work.
type Reader interface {
	// Summary returns the listing. Errors: a fault of kind not_found, or what the store reports.
	Summary(ctx context.Context, id uuid.UUID) (Summary, error)
}
