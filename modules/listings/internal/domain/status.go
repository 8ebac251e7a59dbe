package domain

import "time"

// Status is where a listing is in its life. Being frozen is no status but a flag on scheduled and open.
type Status string

// The statuses, in the order of a listing's life. The last four are final.
const (
	StatusDraft         Status = "draft"
	StatusScheduled     Status = "scheduled"
	StatusOpen          Status = "open"
	StatusSold          Status = "sold"
	StatusUnsoldNoBids  Status = "unsold_no_bids"
	StatusUnsoldReserve Status = "unsold_reserve"
	StatusCancelled     Status = "cancelled"
)

// Ended reports whether the listing ran to its end: sold or unsold.
func (s Status) Ended() bool {
	return s == StatusSold || s == StatusUnsoldNoBids || s == StatusUnsoldReserve
}

// Final reports whether nothing can happen to the listing any more: ended or cancelled.
func (s Status) Final() bool { return s.Ended() || s == StatusCancelled }

// Phase is what the status of a listing depends on at any instant. Jobs store the passing of the start and the end
// some time after they happened; Phase gives the same answer before and after.
type Phase struct {
	// Stored is the status as last stored.
	Stored Status
	// Frozen: the end passing does not close the listing.
	Frozen bool
	// StartsAt and EndsAt are the start and the present end.
	StartsAt, EndsAt time.Time
	// HasLeader and ReserveMet decide how the listing ends.
	HasLeader, ReserveMet bool
}

// At returns the status at the instant now, whether or not a job has run: open means StartsAt ≤ now < EndsAt.
func (p Phase) At(now time.Time) Status {
	switch {
	case p.Stored != StatusScheduled && p.Stored != StatusOpen:
		return p.Stored
	case !p.Frozen && !now.Before(p.EndsAt):
		return p.outcome()
	case now.Before(p.StartsAt):
		return StatusScheduled
	default:
		return StatusOpen
	}
}

// outcome is how the listing ends by what was bid.
func (p Phase) outcome() Status {
	switch {
	case !p.HasLeader:
		return StatusUnsoldNoBids
	case !p.ReserveMet:
		return StatusUnsoldReserve
	default:
		return StatusSold
	}
}

// BuyNowAvailable reports whether a listing with a Buy It Now price, open and not frozen at the instant now, can be
// bought: while there is no live bid, or a reserve that is not met.
func (p Phase) BuyNowAvailable(now time.Time) bool {
	return !p.Frozen && p.At(now) == StatusOpen && (!p.HasLeader || !p.ReserveMet)
}
