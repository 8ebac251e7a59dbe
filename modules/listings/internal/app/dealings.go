package app

import (
	"context"
	"time"

	"github.com/google/uuid"

	"github.com/gavelhq/gavel/modules/listings/internal/domain"
)

// Dealings answer what one member has to do with the market, outside units of work. What they return holds secrets, which
// must not leave this module but to that member.
type Dealings interface {
	// Running returns the listings that are scheduled or open at the instant now, frozen ones included, and that the
	// member sells, then those that he has a live bid on, each by id; at most limit of them. Errors: what the store
	// reports.
	Running(ctx context.Context, member uuid.UUID, now time.Time, limit int) ([]Dealing, error)
	// Owing returns the listings that are sold at the instant now, whether or not their close or their sale is stored, and not
	// marked paid: those that the member has bought, then those that he has sold, each by id; and then, in the same order,
	// those that are marked paid, which can be taken back (domain.SaleState.Unmarkable). At most limit of them all. Errors:
	// what the store reports.
	Owing(ctx context.Context, member uuid.UUID, now time.Time, limit int) ([]Dealing, error)
	// Sold returns the listings of a seller as stored, drafts included, by id from behind after, at most limit of them.
	// Errors: ErrUnreadable if one of them is, or what the store reports.
	Sold(ctx context.Context, seller, after uuid.UUID, limit int) ([]domain.State, error)
	// Bids returns what the logs say about the bids of a member: that they were placed, retracted or cancelled, and that
	// he bought at once; by listing and seq. Errors: ErrUnreadable if one of them is, or what the store reports.
	Bids(ctx context.Context, bidder uuid.UUID, wanted BidsRange) ([]domain.Event, error)
}

// Dealing ties a member to a listing that is not over, or not paid.
type Dealing struct {
	// Listing is the one, Title what it is called.
	Listing uuid.UUID
	Title   string
	// Part is the member's.
	Part Part
	// Over says that it is paid, which can be taken back.
	Over bool
}

// Part is what somebody has to do with a listing.
type Part string

// The parts.
const (
	PartSeller Part = "sells"
	PartLeader Part = "leads"
	PartBidder Part = "bids" // and is outbid
	PartOwes   Part = "owes" // has bought
	PartOwed   Part = "owed" // has sold
)

// BidsRange says which events of a bidder are wanted.
type BidsRange struct {
	// Listing keeps those of one listing; zero is any.
	Listing uuid.UUID
	// AfterListing and AfterSeq keep what stands behind this event, which is one of Listing's if there is one; zero is the
	// beginning.
	AfterListing uuid.UUID
	AfterSeq     int64
	// Limit is the most events wanted.
	Limit int
}
