package listingsapi

import (
	"context"

	"github.com/google/uuid"
)

// Logs reads the logs of listings, outside units of work.
type Logs interface {
	// Extract returns the public log of the listing up to the event with that seq, as lines of NDJSON like the exported log,
	// after it has checked that the chain up to there is sound and that its last hash is this one. It has at most limit
	// bytes, of a longer log its first line and the last events. Errors: a fault of kind not_found; an error that says where
	// the chain breaks; what the store reports.
	Extract(ctx context.Context, listing uuid.UUID, seq int64, hash [32]byte, limit int) (string, error)
	// Bidder returns who made the bid with that seq; ok is false when the listing's log has no bid there. Errors: what the
	// store reports.
	Bidder(ctx context.Context, listing uuid.UUID, seq int64) (member uuid.UUID, ok bool, err error)
}
