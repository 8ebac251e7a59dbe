package domain

import (
	"time"

	"github.com/google/uuid"
)

// UnmarkWithin is how long a payment that was marked by mistake can be unmarked.
const UnmarkWithin = 24 * time.Hour

// lateKnown is how long after the end a sale may be opened and still be due as if it had been opened at once.
const lateKnown = time.Hour

// SaleTerms say how long a buyer has, and when he is reminded. A sale keeps those that it was opened under.
type SaleTerms struct {
	// PayWithin is the time from the sale to the day on which it must be paid.
	PayWithin time.Duration
	// RemindBefore is how long before that the buyer is reminded; what leaves no time for it leaves the reminder out.
	RemindBefore time.Duration
	// Grace is the time from that day until the sale is overdue.
	Grace time.Duration
}

// Sale is what buyer and seller have left to do once a listing is sold: pay, hand over, receive. It has the listing's id;
// there is one for each listing that was sold. It is owing until the seller says that it is paid.
//
// Nothing here is part of the listing's log: the outcome of an auction is proved, what becomes of it is told.
type Sale struct {
	state    SaleState
	recorded []SaleEvent
	changed  bool
}

// SaleState is a sale as plain data for mappers. Zero instants have not come about.
type SaleState struct {
	// ID is the listing.
	ID uuid.UUID
	// Version is the number of commands that changed the sale; 0 before it was first stored.
	Version int64
	// Title is what the listing is called.
	Title string
	// Seller has sold it to Buyer.
	Seller, Buyer uuid.UUID
	// Price is what the buyer pays.
	Price Money
	// SoldAt is when the listing ended.
	SoldAt time.Time
	// RemindAt is when the buyer is first reminded, PayBy when he must have paid, OverdueFrom when the help desk is told.
	RemindAt, PayBy, OverdueFrom time.Time
	// PaidAt is when the seller marked it paid, HandedOverAt when he marked it handed over.
	PaidAt, HandedOverAt time.Time
	// ReceivedAt is when the buyer marked it received.
	ReceivedAt time.Time
	// Reminders is how far the buyer was reminded: 0 not, 1 before PayBy, 2 at it. RemindedAt is when that was last.
	Reminders  int
	RemindedAt time.Time
	// OverdueAt is when it was found to be overdue, which happens at most once and stays.
	OverdueAt time.Time
}

// SaleEventKind says what happened to a sale.
type SaleEventKind string

// The kinds of events of sales.
const (
	SalePaid    SaleEventKind = "paid"
	SaleUnpaid  SaleEventKind = "unpaid"
	SaleOverdue SaleEventKind = "overdue"
)

// SaleEvent is what others want to know of a sale.
type SaleEvent struct {
	Kind SaleEventKind
	// Seq is the version of the sale that the event made.
	Seq int64
	// At is when it happened.
	At time.Time
}

// SaleTask is what the clock did to a sale.
type SaleTask string

// What the clock does. The zero task is nothing.
const (
	SaleRemindedEarly SaleTask = "reminded" // that the day comes
	SaleRemindedDue   SaleTask = "due"      // that the day has come
	SaleFoundOverdue  SaleTask = "overdue"
)

// OpenSale returns the sale of a listing whose close is stored. The time to pay runs from the end, or from now where nobody
// could know for more than an hour that the listing had ended: who learns late has the whole time. Errors: ErrSaleNotFound
// for a listing that is not sold.
func OpenSale(listing State, terms SaleTerms, now time.Time) (*Sale, error) {
	if listing.Status != StatusSold {
		return nil, ErrSaleNotFound
	}
	from := listing.EndsAt
	if at := micros(now); at.Sub(from) > lateKnown {
		from = at
	}
	payBy := from.Add(terms.PayWithin)
	remindAt := payBy.Add(-terms.RemindBefore)
	if !remindAt.After(from) {
		remindAt = payBy
	}
	return &Sale{changed: true, state: SaleState{
		ID: listing.ID, Title: listing.Title, Seller: listing.Seller, Buyer: listing.Winner,
		Price: listing.Currency.Money(listing.FinalPrice), SoldAt: listing.EndsAt,
		RemindAt: remindAt, PayBy: payBy, OverdueFrom: payBy.Add(terms.Grace),
	}}, nil
}

// RestoreSale returns the sale as it was stored, unchecked.
func RestoreSale(s SaleState) *Sale { return &Sale{state: s} }

// State returns the sale as plain data.
func (s *Sale) State() SaleState { return s.state }

// ID returns the listing.
func (s *Sale) ID() uuid.UUID { return s.state.ID }

// Version returns the number of commands that changed the sale; 0 before it was first stored.
func (s *Sale) Version() int64 { return s.state.Version }

// Snapshot returns an independent copy.
func (s *Sale) Snapshot() *Sale { c := *s; return &c }

// Settle ends a command: if it changed the sale the version moves by one. It hands over, and forgets, the events recorded
// since the last call.
func (s *Sale) Settle() (recorded []SaleEvent, changed bool) {
	recorded, changed = s.recorded, s.changed
	if changed {
		s.state.Version++
	}
	s.recorded, s.changed = nil, false
	return recorded, changed
}

// VisibleTo tells whether somebody may know of the sale: the two whom it concerns, and moderators. Errors: ErrSaleNotFound.
func (s SaleState) VisibleTo(who Actor) error {
	if who.Moderator || who.ID != uuid.Nil && (who.ID == s.Seller || who.ID == s.Buyer) {
		return nil
	}
	return ErrSaleNotFound
}

// Unmarkable reports whether a payment is marked that can still be taken back.
func (s SaleState) Unmarkable(now time.Time) bool {
	return !s.PaidAt.IsZero() && s.ReceivedAt.IsZero() && micros(now).Sub(s.PaidAt) <= UnmarkWithin
}

// Due returns the next instant at which the clock has something to do; zero for none.
func (s SaleState) Due() time.Time {
	switch {
	case !s.PaidAt.IsZero(), !s.OverdueAt.IsZero():
		return time.Time{}
	case s.Reminders == 0:
		return s.RemindAt
	case s.Reminders == 1:
		return s.PayBy
	default:
		return s.OverdueFrom
	}
}

// MarkPaid notes that the buyer has paid, and reports whether that is news: what is marked stays as it is. A moderator may
// do it for a seller who does not, unless he is the buyer. Errors: ErrSaleNotFound, ErrNotSeller.
func (s *Sale) MarkPaid(by Actor, now time.Time) (bool, error) {
	if err := s.settledBy(by); err != nil || !s.state.PaidAt.IsZero() {
		return false, err
	}
	s.state.PaidAt = s.stamp(now)
	s.record(SalePaid, s.state.PaidAt)
	return true, nil
}

// UnmarkPaid takes back that the buyer has paid, and reports whether that is news. It is for mistakes: possible up to a day
// after the mark, and not once the buyer has received what he bought. What is unmarked is owing again, by the same day as
// before. Errors: ErrSaleNotFound, ErrNotSeller, ErrTooLateToUnmark.
func (s *Sale) UnmarkPaid(by Actor, now time.Time) (bool, error) {
	if err := s.settledBy(by); err != nil || s.state.PaidAt.IsZero() {
		return false, err
	}
	if !s.state.Unmarkable(now) {
		return false, ErrTooLateToUnmark
	}
	s.state.PaidAt = time.Time{}
	s.record(SaleUnpaid, s.stamp(now))
	return true, nil
}

// MarkHandedOver notes that the seller has handed over what he sold, paid or not: some pay at the door. It reports whether
// that is news. Errors: ErrSaleNotFound, ErrNotSeller.
func (s *Sale) MarkHandedOver(by Actor, now time.Time) (bool, error) {
	switch {
	case s.state.VisibleTo(by) != nil:
		return false, ErrSaleNotFound
	case by.ID != s.state.Seller:
		return false, ErrNotSeller
	case !s.state.HandedOverAt.IsZero():
		return false, nil
	}
	s.state.HandedOverAt = s.stamp(now)
	s.changed = true
	return true, nil
}

// MarkReceived notes that the buyer has what he bought, whatever the seller has marked. It reports whether that is news.
// Errors: ErrSaleNotFound, ErrNotBuyer.
func (s *Sale) MarkReceived(by Actor, now time.Time) (bool, error) {
	switch {
	case s.state.VisibleTo(by) != nil:
		return false, ErrSaleNotFound
	case by.ID != s.state.Buyer:
		return false, ErrNotBuyer
	case !s.state.ReceivedAt.IsZero():
		return false, nil
	}
	s.state.ReceivedAt = s.stamp(now)
	s.changed = true
	return true, nil
}

// KeepTime does what is due at the instant now, and returns what that was. After a pause only the latest counts: nobody is
// reminded twice at once, or that a day comes which has passed.
func (s *Sale) KeepTime(now time.Time) (task SaleTask) {
	due, at := s.state.Due(), micros(now)
	switch {
	case due.IsZero() || at.Before(due):
		return ""
	case !at.Before(s.state.OverdueFrom):
		s.state.OverdueAt = at
		s.record(SaleOverdue, at)
		return SaleFoundOverdue
	case !at.Before(s.state.PayBy):
		s.state.Reminders, task = 2, SaleRemindedDue
	default:
		s.state.Reminders, task = 1, SaleRemindedEarly
	}
	s.state.RemindedAt = at
	s.changed = true
	return task
}

// settledBy refuses whoever may not say what was paid: a moderator who is the buyer himself among them.
func (s *Sale) settledBy(by Actor) error {
	switch {
	case s.state.VisibleTo(by) != nil:
		return ErrSaleNotFound
	case by.ID != s.state.Seller && (!by.Moderator || by.ID == s.state.Buyer):
		return ErrNotSeller
	default:
		return nil
	}
}

// stamp is the instant of a mark: now, or the sale's if the clock went back.
func (s *Sale) stamp(now time.Time) time.Time { return later(micros(now), s.state.SoldAt) }

func (s *Sale) record(kind SaleEventKind, at time.Time) {
	s.recorded = append(s.recorded, SaleEvent{Kind: kind, Seq: s.state.Version + 1, At: at})
	s.changed = true
}
