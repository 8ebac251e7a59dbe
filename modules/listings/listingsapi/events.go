package listingsapi

import (
	"time"

	"github.com/google/uuid"
)

// The kinds of the published events; each names the version of its type, which is Event for all of them. There is one
// for each entry of a listing's log, with the same seq.
const (
	KindPublished     = "listings.published.v1"      // a draft was put on the market
	KindOpened        = "listings.opened.v1"         // bidding has begun
	KindEdited        = "listings.edited.v1"         // the content was replaced, before the first bid
	KindDescribed     = "listings.described.v1"      // the description was appended to
	KindBidPlaced     = "listings.bid_placed.v1"     // a bid was accepted
	KindBidsRetracted = "listings.bids_retracted.v1" // a bidder took bids back
	KindBidsCancelled = "listings.bids_cancelled.v1" // the seller or a moderator took a bidder out
	KindBought        = "listings.bought.v1"         // Buy It Now, which ends the listing
	KindFrozen        = "listings.frozen.v1"         // a moderator has stopped it
	KindUnfrozen      = "listings.unfrozen.v1"       // a moderator lets it go on
	KindCancelled     = "listings.cancelled.v1"      // it was called off, and sells nothing
	KindClosed        = "listings.closed.v1"         // it has ended by the clock, sold or not
)

// Event is what the module publishes about one listing: what happened, and where the listing stands since. It names
// members, for whoever has to tell them, but no maximum, no reserve and no reason.
type Event struct {
	// ListingID is the listing, SellerID who sells it, Title what it is called.
	ListingID uuid.UUID `json:"listing_id"`
	SellerID  uuid.UUID `json:"seller_id"`
	Title     string    `json:"title"`
	// Seq is the position in the listing's log, At the stamp.
	Seq int64     `json:"seq"`
	At  time.Time `json:"at"`
	// ActorID is who commanded; absent for the clock.
	ActorID *uuid.UUID `json:"actor_id,omitempty"`
	// BidderID is whose bids it is about, or who bought; absent otherwise.
	BidderID *uuid.UUID `json:"bidder_id,omitempty"`
	// LeaderID leads since, FormerLeaderID led before; absent for nobody.
	LeaderID       *uuid.UUID `json:"leader_id,omitempty"`
	FormerLeaderID *uuid.UUID `json:"former_leader_id,omitempty"`
	// Status is scheduled, open, sold, unsold_no_bids, unsold_reserve or cancelled.
	Status string `json:"status"`
	// Price and NextMinimum are decimal text in Currency (ISO 4217).
	Price       string `json:"price"`
	NextMinimum string `json:"next_minimum"`
	Currency    string `json:"currency"`
	// ReserveMet is true without a reserve.
	ReserveMet bool `json:"reserve_met"`
	// EndsAt is the present end, or the final one.
	EndsAt time.Time `json:"ends_at"`
	// FinalPrice is what the winner, who is then the leader or the buyer, pays; absent unless sold.
	FinalPrice string `json:"final_price,omitempty"`
}
