package domain

import (
	"context"

	"github.com/google/uuid"
)

// Repository gives out listings inside a unit of work: within one command the same pointer for the same id. Nobody
// saves; what changed is stored when the unit commits. Outside a unit, and after it ended, every method returns an
// error that says so.
type Repository interface {
	// Get returns the listing. Errors: ErrListingNotFound, a conflict that the unit resolves by running again, or what
	// the store reports.
	Get(ctx context.Context, id uuid.UUID) (*Listing, error)
	// Peek returns a copy for whoever only reads the listing: it is never locked, so that nobody who bids waits for it, and what
	// is done to it is forgotten. Errors: as Get.
	Peek(ctx context.Context, id uuid.UUID) (*Listing, error)
	// Add makes a new listing part of the unit. Errors: an id that is taken is a conflict, here or when the unit
	// commits.
	Add(ctx context.Context, listing *Listing) error
	// Remove deletes a draft when the unit commits; Get no longer finds it. Errors: as Get.
	Remove(ctx context.Context, id uuid.UUID) error
	// Loads returns a hint that the unit will Get these listings, so that it loads them with one query, locked.
	// Errors of the hint: the unit's own.
	Loads(ids ...uuid.UUID) func(context.Context) error
	// LiveBids returns the live bids of the listing in the order of their seq, those of the running unit included. It
	// costs a query over the listing's whole log. Errors: what the store reports.
	LiveBids(ctx context.Context, id uuid.UUID) ([]LiveBid, error)
	// Accepted returns the event that the command appended, in an earlier unit or in this one, and whether there is
	// one. Errors: what the store reports.
	Accepted(ctx context.Context, command uuid.UUID) (Event, bool, error)
}

// RetractionAllowances gives out members' allowances inside a unit of work, as Repository does listings.
type RetractionAllowances interface {
	// Get returns the member's allowance. Errors: ErrAllowanceNotFound when the member never retracted, a conflict that
	// the unit resolves by running again, or what the store reports.
	Get(ctx context.Context, member uuid.UUID) (*RetractionAllowance, error)
	// Add makes a new allowance part of the unit. Errors: one that exists already is a conflict, here or when the unit
	// commits.
	Add(ctx context.Context, allowance *RetractionAllowance) error
	// Loads returns a hint that the unit will Get these members' allowances. Errors of the hint: the unit's own.
	Loads(members ...uuid.UUID) func(context.Context) error
}

// SmallRepository gives out the small aggregates beside listings inside units of work, as Repository does listings.
type SmallRepository[A any] interface {
	// Get returns the aggregate with that id. Errors: the not-found error of the kind, a conflict that the unit resolves by
	// running again, or what the store reports.
	Get(ctx context.Context, id uuid.UUID) (A, error)
	// Add makes a new aggregate part of the unit. Errors: one that exists already is a conflict, here or when the unit
	// commits.
	Add(ctx context.Context, aggregate A) error
	// Remove deletes the aggregate when the unit commits. Errors: as Get.
	Remove(ctx context.Context, id uuid.UUID) error
	// Loads returns a hint that the unit will Get these, so that it loads them with one query, locked. Errors of the hint:
	// the unit's own.
	Loads(ids ...uuid.UUID) func(context.Context) error
}

// The repositories of small aggregates, each with the error of what is not found.
type (
	// Watches: ErrNotWatched.
	Watches interface {
		SmallRepository[*Watch]
		// Forget deletes all watches of the member, in the transaction of the unit. Errors: what the store reports.
		Forget(ctx context.Context, member uuid.UUID) error
	}
	// WatchLists, by member: ErrRecordNotFound.
	WatchLists interface{ SmallRepository[*WatchList] }
	// Tellings, by listing: ErrRecordNotFound.
	Tellings interface{ SmallRepository[*Telling] }
)

// Sales gives out sales inside a unit of work, as Repository does listings.
type Sales interface {
	// Get returns the sale of the listing. Errors: ErrSaleNotFound when none was opened, a conflict that the unit resolves by
	// running again, or what the store reports.
	Get(ctx context.Context, listing uuid.UUID) (*Sale, error)
	// Add makes a new sale part of the unit. Errors: one that exists already is a conflict, here or when the unit commits.
	Add(ctx context.Context, sale *Sale) error
	// Loads returns a hint that the unit will Get these listings' sales. Errors of the hint: the unit's own.
	Loads(listings ...uuid.UUID) func(context.Context) error
}
