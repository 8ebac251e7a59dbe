package replay

import (
	"cmp"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/gavelhq/gavel/modules/listings/internal/domain"
)

// Recording is a file of recorded auctions.
type Recording struct {
	// File is its name.
	File string
	// Auctions are in the order in which the file first mentions them.
	Auctions []Auction
	// Bids are in the order in which they were placed; in file order where the times are equal.
	Bids []Bid
	// BadRows is how many rows were left out because they make no sense.
	BadRows int
}

// Auction is one recorded auction.
type Auction struct {
	// ID is what the file calls it.
	ID string
	// Item is what was sold.
	Item string
	// Opening is the start price, Closing the price at which it closed.
	Opening, Closing domain.Money
	// Duration is the time from start to end.
	Duration time.Duration
}

// Bid is one recorded bid.
type Bid struct {
	// Auction is the index of the auction.
	Auction int
	// After is the time since the auction's start.
	After time.Duration
	// Bidder is the name in the file.
	Bidder string
	// Maximum is what he bid, as the file writes it.
	Maximum string
}

// currency is that of the recorded auctions.
var currency = domain.Currency{Code: "USD", Digits: 2}

// members makes member ids of bidders' names, and listings ids of auctions' ids, so that every replay has the same.
var (
	members  = uuid.MustParse("c9f7d3a2-5d0a-5f43-8a5e-0d5b1c3f7e21")
	listings = uuid.MustParse("3b1e7c84-9f52-5a0d-b6c7-7e4a2d9f1c05")
)

// seller sells everything in a recording. No bidder's name has a line break in it.
var seller = memberOf("the\nseller")

func memberOf(name string) uuid.UUID { return uuid.NewSHA1(members, []byte(name)) }

func listingOf(auction string) uuid.UUID { return uuid.NewSHA1(listings, []byte(auction)) }

// sorted puts the bids into the order in which they were placed.
func sorted(bids []Bid) []Bid {
	slices.SortStableFunc(bids, func(a, b Bid) int { return cmp.Compare(a.After, b.After) })
	return bids
}
