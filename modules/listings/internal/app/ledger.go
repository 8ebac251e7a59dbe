package app

import (
	"context"
	"errors"
	"iter"

	"github.com/google/uuid"

	"github.com/gavelhq/gavel/modules/listings/internal/domain"
)

// ErrUnreadable says that what is stored cannot be understood, so this program did not write it.
var ErrUnreadable = errors.New("what is stored here makes no sense")

// Ledger reads whole logs with their secrets, for the queries that disclose what may be disclosed and for verification.
// What it returns must not leave this module but through them.
type Ledger interface {
	// State returns the listing as stored. Errors: domain.ErrListingNotFound, ErrUnreadable, or what the store reports.
	State(ctx context.Context, id uuid.UUID) (domain.State, error)
	// Events returns the events of the listing's log that the range asks for. Errors: ErrUnreadable if one of them is, or
	// what the store reports.
	Events(ctx context.Context, id uuid.UUID, wanted EventRange) ([]domain.Event, error)
	// Published yields the ids of all listings that have a log or should have one, and of all logs whose listing is gone,
	// in their order, reading them in portions. Errors: what the store reports, once, as the last element.
	Published(ctx context.Context) iter.Seq2[uuid.UUID, error]
	// Consistent calls read with a context in which State and Events see the store as of one instant, so that a log and
	// its head belong together while bids go on. Errors: what read returns, or what the store reports.
	Consistent(ctx context.Context, read func(ctx context.Context) error) error
}

// EventRange says which events of a log are wanted.
type EventRange struct {
	// After keeps events with a greater seq; Before, unless 0, those with a smaller one.
	After, Before int64
	// Kinds keeps events of these kinds; empty is any.
	Kinds []domain.EventKind
	// Descending gives the newest first.
	Descending bool
	// Limit is the most events wanted; 0 is all.
	Limit int
}
