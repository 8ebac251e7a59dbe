package oracle

// States of a listing as a visitor sees them.
const (
	Draft     = "draft"
	Scheduled = "scheduled"
	Open      = "open"
	Ended     = "ended"
	// and Cancelled
)

// Outcomes of a listing.
const (
	Sold          = "sold"
	UnsoldNoBids  = "unsold_no_bids"
	UnsoldReserve = "unsold_reserve"
)

// Outcome is what closing wrote once and for all; a price of 0 is none.
type Outcome struct {
	State  string
	Winner string
	Price  int64
}

// View is what can be seen of a listing. Price, NextMinimum, Leader, ReserveMet and Ends are given while it is
// scheduled or open, BuyNowAvailable while it is open and not frozen, Outcome once it was closed.
type View struct {
	State           string
	Frozen          bool
	Price           int64
	NextMinimum     int64
	Leader          string
	ReserveMet      bool
	BuyNowAvailable bool
	Ends            int64
	Events          int64 // how many events its log holds
	LastEvent       int64 // the stamp of the last of them
	Outcome         Outcome
}
