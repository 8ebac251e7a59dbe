package domain

import (
	"time"

	"github.com/google/uuid"
)

// Bid is what pricing knows of a bid. The zero Bid is none.
type Bid struct {
	// Seq is the position of the bid in the listing's log, from 1; 0 means that there is no bid.
	Seq int64
	// Bidder is the member who bids.
	Bidder uuid.UUID
	// Max is the most that the bidder pays, in minor units. It is a secret while the bidder leads.
	Max int64
}

// IsZero reports whether there is no bid.
func (b Bid) IsZero() bool { return b.Seq == 0 }

// beats reports whether b ranks before other: by maximum, then by age.
func (b Bid) beats(other Bid) bool {
	return b.Max > other.Max || b.Max == other.Max && b.Seq < other.Seq
}

// LiveBid is a bid that was neither retracted nor cancelled.
type LiveBid struct {
	Bid
	// At is when it was placed.
	At time.Time
}

// PriceRules are what a price depends on beside the bids.
type PriceRules struct {
	// Start is the start price S in minor units.
	Start int64
	// Reserve is the hidden reserve R in minor units; 0 is none.
	Reserve int64
	// Table gives the increments.
	Table IncrementTable
}

// Standing is where the bids leave a listing. It keeps the two best bidders, which is all that the next bid is priced
// with: every accepted bid is above all maxima but possibly the leader's, so whoever is third can only come back
// through a retraction or a cancellation, and those look at every live bid again.
type Standing struct {
	// Leader is the bid that leads; zero without a live bid.
	Leader Bid
	// RunnerUp is the best bid of another bidder than the leader; zero if there is none.
	RunnerUp Bid
	// Price is what the leader would pay now, in minor units.
	Price int64
	// NextMinimum is the least that anybody but the leader may bid, in minor units.
	NextMinimum int64
	// ReserveMet says that the reserve is met; true without a reserve.
	ReserveMet bool
}

// HasLeader reports whether there is a live bid.
func (s Standing) HasLeader() bool { return !s.Leader.IsZero() }

// leads reports whether the member is the leader.
func (s Standing) leads(member uuid.UUID) bool { return s.HasLeader() && s.Leader.Bidder == member }

// Price is the one function that says who leads and what it costs, given all live bids in any order.
func Price(rules PriceRules, live []LiveBid) Standing {
	var leader, runnerUp Bid
	for _, b := range live {
		leader, runnerUp = rank(leader, runnerUp, b.Bid)
	}
	return priced(rules, leader, runnerUp)
}

// with is Price for the bids that led to s and one more.
func (s Standing) with(rules PriceRules, b Bid) Standing {
	leader, runnerUp := rank(s.Leader, s.RunnerUp, b)
	return priced(rules, leader, runnerUp)
}

// rank puts one more bid into the order. The runner-up is always the best bid of somebody else than the leader.
func rank(leader, runnerUp, b Bid) (Bid, Bid) {
	switch own := b.Bidder == leader.Bidder; {
	case leader.IsZero():
		return b, Bid{}
	case b.beats(leader) && own:
		return b, runnerUp
	case b.beats(leader):
		return b, leader
	case own:
		return leader, runnerUp
	case runnerUp.IsZero(), b.beats(runnerUp):
		return leader, b
	default:
		return leader, runnerUp
	}
}

// priced is step 3 and 4 of the rules. The increment is looked up at the runner-up's maximum, not at an older price.
func priced(rules PriceRules, leader, runnerUp Bid) Standing {
	if leader.IsZero() {
		return Standing{Price: rules.Start, NextMinimum: rules.Start, ReserveMet: rules.Reserve == 0}
	}
	price := rules.Start
	if !runnerUp.IsZero() {
		price = max(price, min(leader.Max, runnerUp.Max+rules.Table.Increment(runnerUp.Max)))
	}
	met := leader.Max >= rules.Reserve
	if met {
		price = max(price, rules.Reserve)
	}
	return Standing{
		Leader:      leader,
		RunnerUp:    runnerUp,
		Price:       price,
		NextMinimum: price + rules.Table.Increment(price),
		ReserveMet:  met,
	}
}
