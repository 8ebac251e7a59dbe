package listingsapi

import (
	"time"

	"github.com/google/uuid"
)

// The kinds of the published events, each naming the version of its type. There is one event for each entry of a
// listing's log, with the same seq.
const (
	KindPublished    = "listings.published.v1"
	KindEdited       = "listings.edited.v1"
	KindOpened       = "listings.opened.v1"
	KindBidPlaced    = "listings.bid_placed.v1"
	KindBidsVoided   = "listings.bids_voided.v1"
	KindFrozen       = "listings.frozen.v1"
	KindUnfrozen     = "listings.unfrozen.v1"
	KindCancelled    = "listings.cancelled.v1"
	KindClosed       = "listings.closed.v1"
	KindDescribed    = "listings.described.v1"
	NoPriceAvailable = ""
)

// Standing is where a listing stands after an event, as everybody may know it: no maximum and no reserve is in it.
type Standing struct {
	// ListingID is the listing, Seller who sells it.
	ListingID uuid.UUID `json:"listing_id"`
	Seller    uuid.UUID `json:"seller"`
	// Seq is the position of the event in the listing's log, At its stamp.
	Seq int64     `json:"seq"`
	At  time.Time `json:"at"`
	// Price and NextMinimum are decimal text in Currency (ISO 4217).
	Price       string `json:"price"`
	NextMinimum string `json:"next_minimum"`
	Currency    string `json:"currency"`
	// Leader is the leading member; zero without a bid.
	Leader uuid.UUID `json:"leader"`
	// ReserveMet is true without a reserve.
	ReserveMet bool `json:"reserve_met"`
	// EndsAt is the present end.
	EndsAt time.Time `json:"ends_at"`
}
