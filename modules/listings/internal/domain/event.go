package domain

import (
	"time"

	"github.com/google/uuid"
)

// EventKind says what happened.
type EventKind string

// The kinds of events.
const (
	KindPublished     EventKind = "published"
	KindOpened        EventKind = "opened"
	KindEdited        EventKind = "edited"
	KindDescribed     EventKind = "described" // the description was appended to
	KindBidPlaced     EventKind = "bid_placed"
	KindBidsRetracted EventKind = "bids_retracted"
	KindBidsCancelled EventKind = "bids_cancelled"
	KindBought        EventKind = "bought" // Buy It Now, which ends the listing
	KindFrozen        EventKind = "frozen"
	KindUnfrozen      EventKind = "unfrozen"
	KindCancelled     EventKind = "cancelled"
	KindClosed        EventKind = "closed"
)

// Role says in which part the actor of an event acted.
type Role string

// The roles.
const (
	RoleBidder    Role = "bidder"
	RoleSeller    Role = "seller"
	RoleModerator Role = "moderator"
	RoleClock     Role = "clock" // opening and closing, which nobody commands
)

// Event is one entry of a listing's log, and at the same time the domain event: appended by an accepted command, or by
// the first to notice that the listing has opened. It is immutable.
type Event struct {
	// Entry is what the chain covers. All of it may be public.
	Entry
	// Sealed stands beside the chain, which commits to it.
	Sealed Sealed
	// Hash is SHA-256 over the hash of the event before (32 zero bytes for the first) and the entry's canonical bytes.
	Hash Hash
}

// Entry is what the hash chain covers: every field that decides the outcome, members as aliases and secrets as
// commitments. EncodeEntry gives its canonical bytes; adding a field means a new format there.
type Entry struct {
	// Listing is the listing whose log this is.
	Listing uuid.UUID
	// Seq is the position in the log, from 1, without gaps.
	Seq int64
	// At is the stamp; it never lies before that of the event before.
	At time.Time
	// Kind says what happened.
	Kind EventKind
	// Version is the version that the command made.
	Version int64
	// Currency is the listing's; all amounts are its minor units.
	Currency Currency
	// Command commits to the command id; zero without one.
	Command Hash
	// Role is the part in which the actor acted.
	Role Role
	// Actor is who commanded; zero for the clock.
	Actor Alias
	// Bidder is whose bids it is about, or who bought; zero otherwise.
	Bidder Alias
	// Maximum commits to the maximum of a bid; zero otherwise.
	Maximum Hash
	// Withdrawn are the seqs of the bids that were retracted or cancelled, rising.
	Withdrawn []int64
	// RetractReason is why bids were retracted, which is public.
	RetractReason RetractReason
	// Text commits to the reason, or to what was appended to the description; zero without one.
	Text Hash
	// Terms are what was published or edited; nil otherwise.
	Terms *PublishedTerms
	// Leading says whether the bidder led after his bid.
	Leading bool
	// Why explains the answer to a bid.
	Why Why
	// After is how the listing stood afterwards.
	After After
}

// PublishedTerms are the terms as the chain covers them.
type PublishedTerms struct {
	// Ruleset is what the listing is judged by.
	Ruleset string
	// Seller is who sells.
	Seller Alias
	// RelistedFrom is the listing of which this is another try; zero if none.
	RelistedFrom uuid.UUID
	// CreatedAt is when the draft was made.
	CreatedAt time.Time
	// Title and Description commit to the seller's words.
	Title, Description Hash
	// Table gives the increments, row by row.
	Table IncrementTable
	// StartPrice and BuyNow (0: none) are amounts.
	StartPrice, BuyNow int64
	// Reserve commits to the reserve, or to 0: whether there is one cannot be told.
	Reserve Hash
	// StartsAt and Duration give the published end.
	StartsAt time.Time
	Duration time.Duration
	// SoftClose says how late bids move the end.
	SoftClose SoftClose
}

// After is how a listing stands after an event, as everybody may know it.
type After struct {
	// Status is the stored status.
	Status Status
	// Price and NextMinimum are where the live bids leave the price.
	Price, NextMinimum int64
	// Leader leads; zero without a live bid.
	Leader Alias
	// ReserveMet is true without a reserve.
	ReserveMet bool
	// EndsAt is the present end, or the final one.
	EndsAt time.Time
	// Winner bought; zero unless sold.
	Winner Alias
	// FinalPrice is what the winner pays; 0 unless sold.
	FinalPrice int64
}

// Sealed is what stands beside the chain: who the members are, the amounts and the words. Each is committed to in the
// Entry; none of it is published but through Disclosure. It prints as nothing.
type Sealed struct {
	// Command is the command id; zero for the opening that another command noticed.
	Command uuid.UUID
	// Actor and Bidder are the members behind the aliases; zero if there is none, or erased.
	Actor, Bidder uuid.UUID
	// Leader is who leads after the event, FormerLeader who led before it; zero for nobody.
	Leader, FormerLeader uuid.UUID
	// Seller is who sells; on published and edited.
	Seller uuid.UUID
	// Maximum is the maximum of a bid, in minor units; 0 otherwise.
	Maximum int64
	// Reserve is the reserve that was published or edited, in minor units; 0 for none.
	Reserve int64
	// Title and Description are the words that were published or edited.
	Title, Description string
	// Text is the reason, or what was appended to the description.
	Text string
}
