package domain

import "time"

// Result says how a bid stands.
type Result string

// The results of an accepted bid.
const (
	ResultLeading Result = "leading"
	ResultOutbid  Result = "outbid"
)

// Why explains the result of a bid.
type Why string

// The explanations. A bidder who leads and would win is told nothing.
const (
	WhyHigherMaximum       Why = "higher_maximum"        // outbid: another maximum is higher
	WhyEarlierEqualMaximum Why = "earlier_equal_maximum" // outbid: an equal maximum was there first
	WhyReserveNotMet       Why = "reserve_not_met"       // leading, but the reserve is not met
)

// BidAnswer is what the bidder is told about his accepted bid, and nobody else: it holds his maximum.
type BidAnswer struct {
	// Result says whether he leads.
	Result Result
	// Price and NextMinimum are those after the bid.
	Price, NextMinimum Money
	// OwnMaximum is what he bid.
	OwnMaximum Money
	// ReserveMet is true without a reserve.
	ReserveMet bool
	// EndsAt is the end after the bid.
	EndsAt time.Time
	// Seq is the position of the bid in the log, At its stamp.
	Seq int64
	At  time.Time
	// Why explains the result; empty when he leads and would win.
	Why Why
}

// BidAnswerOf rebuilds the answer from the event that the bid appended, which must be of KindBidPlaced.
func BidAnswerOf(e Event) BidAnswer {
	result := ResultOutbid
	if e.Leading {
		result = ResultLeading
	}
	return BidAnswer{
		Result:      result,
		Price:       e.Currency.Money(e.After.Price),
		NextMinimum: e.Currency.Money(e.After.NextMinimum),
		OwnMaximum:  e.Currency.Money(e.Sealed.Maximum),
		ReserveMet:  e.After.ReserveMet,
		EndsAt:      e.After.EndsAt,
		Seq:         e.Seq,
		At:          e.At,
		Why:         e.Why,
	}
}

// Purchase is the answer to Buy It Now.
type Purchase struct {
	// Price is what the buyer pays.
	Price Money
	// EndsAt is when the listing ended, which is the stamp of the purchase.
	EndsAt time.Time
	// Seq is the position of the purchase in the log.
	Seq int64
}

// PurchaseOf rebuilds the answer from the event that the purchase appended, which must be of KindBought.
func PurchaseOf(e Event) Purchase {
	return Purchase{Price: e.Currency.Money(e.After.FinalPrice), EndsAt: e.After.EndsAt, Seq: e.Seq}
}

// Withdrawal is the answer to retracting or cancelling bids.
type Withdrawal struct {
	// Bids are the seqs of the bids that no longer count, rising.
	Bids []int64
	// Price and NextMinimum are those afterwards.
	Price, NextMinimum Money
	// ReserveMet is true without a reserve.
	ReserveMet bool
	// EndsAt is the end, which a withdrawal does not move.
	EndsAt time.Time
	// Seq is the position of the withdrawal in the log, At its stamp, by which the bidder's allowance is judged.
	Seq int64
	At  time.Time
}

// WithdrawalOf rebuilds the answer from the event that the withdrawal appended, which must be of KindBidsRetracted or
// KindBidsCancelled.
func WithdrawalOf(e Event) Withdrawal {
	return Withdrawal{
		Bids:        e.Withdrawn,
		Price:       e.Currency.Money(e.After.Price),
		NextMinimum: e.Currency.Money(e.After.NextMinimum),
		ReserveMet:  e.After.ReserveMet,
		EndsAt:      e.After.EndsAt,
		Seq:         e.Seq,
		At:          e.At,
	}
}
