package app

import (
	"context"
	"time"

	"github.com/google/uuid"

	"github.com/gavelhq/gavel/modules/listings/internal/domain"
	"github.com/gavelhq/gavel/platform/page"
)

// Views answer what pages and the API show, outside units of work and without their aggregates. Nothing that they
// return holds a maximum of a leader, a reserve or a listing's secret; members stand in it only for those who may know.
type Views interface {
	// Listing returns one listing as viewer may see it at the instant now. Errors: domain.ErrListingNotFound, also for
	// another member's draft, or what the store reports.
	Listing(ctx context.Context, id uuid.UUID, viewer domain.Actor, now time.Time) (ListingRecord, error)
	// Listings returns one page of the listings that match the filter, as they are at the instant now. Drafts are among
	// them only when the filter asks for the viewer's own. Errors: page.ErrInvalidCursor, or what the store reports.
	Listings(ctx context.Context, filter Filter, viewer domain.Actor, request page.Request, now time.Time) (page.Of[ListingSummary], error)
}

// ListingSummary is a listing in a list.
type ListingSummary struct {
	// ID is the listing's identity.
	ID uuid.UUID
	// Seller is who sells.
	Seller uuid.UUID
	// Title is plain text in one line.
	Title string
	// Status is the status at the instant of the question, whether or not a job has run.
	Status domain.Status
	// Frozen says that a moderator stopped the listing.
	Frozen bool
	// StartPrice, Price and NextMinimum are in the listing's currency. In a draft they may be zero.
	StartPrice, Price, NextMinimum domain.Money
	// BuyNow is the Buy It Now price while it is available, else zero.
	BuyNow domain.Money
	// ReserveMet is true without a reserve.
	ReserveMet bool
	// Bids is the number of bids ever accepted.
	Bids int64
	// CreatedAt is when the draft was made, StartsAt the start (zero in a draft without one), EndsAt the present or
	// final end (zero in a draft).
	CreatedAt, StartsAt, EndsAt time.Time
}

// ListingRecord is one listing with all that its page shows.
type ListingRecord struct {
	ListingSummary
	// Description is the seller's text, Additions what was appended to it, oldest first.
	Description string
	Additions   []domain.Addition
	// Ruleset and Table are what it is judged by.
	Ruleset string
	Table   domain.IncrementTable
	// SoftClose says how late bids move the end.
	SoftClose domain.SoftClose
	// Duration is the time from start to end as last published.
	Duration time.Duration
	// BuyNowPrice is the Buy It Now price whether or not it is available, as the listing's form shows it; zero if none.
	BuyNowPrice domain.Money
	// RelistedFrom is the listing of which this is another try; zero if none.
	RelistedFrom uuid.UUID
	// Leader is the leader's alias, Winner the winner's; zero for nobody.
	Leader, Winner domain.Alias
	// LeaderID and WinnerID are the members, for the seller, moderators and themselves; zero for everybody else.
	LeaderID, WinnerID uuid.UUID
	// FinalPrice is what the winner pays; zero unless sold.
	FinalPrice domain.Money
	// Reserve is the hidden reserve, for the seller of a draft alone; zero for everybody else and ever after.
	Reserve domain.Money
	// Version counts the commands that changed the listing.
	Version int64
	// Head is the end of the log.
	Head domain.Head
}

// Sort is the order of a list of listings. Equal keys are ordered by id, in the same direction; a draft, which has no
// end, counts as ending after everything else.
type Sort string

// The orders.
const (
	SortEndingSoon Sort = "ending"  // by the present end, the soonest first
	SortNewest     Sort = "newest"  // by creation, the newest first
	SortEndedLast  Sort = "-ending" // by the present end, the latest first
)

// ListingKey is what a cursor of a list of listings holds: the sort key and the id of the last item before the page.
// All stores make the same cursors, under the name "listings/" and the sort.
type ListingKey struct {
	// At is the item's end or creation, in microseconds since 1970; NoEnd without an end.
	At int64 `json:"at"`
	// ID is the item's.
	ID uuid.UUID `json:"id"`
}

// Filter narrows a list of listings; the zero value lists all that everybody may see. All conditions must hold.
type Filter struct {
	// Seller keeps the listings of this seller. Drafts are included if the viewer is the seller and Statuses names them
	// or is empty.
	Seller uuid.UUID
	// Statuses keeps listings in one of these statuses at the instant of the question; empty is any.
	Statuses []domain.Status
	// Words keeps listings in whose title or description, additions included, every one of these words occurs, as a
	// whole or as the beginning of a word, without regard to case and accents: every one of words.OfQuery begins one of
	// ListingWords. A text without a word in it is no condition.
	Words string
	// Currency keeps listings in this currency (ISO 4217 code).
	Currency string
	// EndsAfter and EndsBefore keep listings with EndsAfter < end < EndsBefore, so no drafts; zero is no bound.
	EndsAfter, EndsBefore time.Time
	// BuyNow keeps listings that can be bought at once.
	BuyNow bool
	// Sort is the order; empty is SortEndingSoon.
	Sort Sort
}
