package domain

import (
	"slices"
	"time"

	"github.com/google/uuid"
)

// begin starts the next event of the log, which the command gives the stamp at. If the listing has opened by then and
// nobody noticed yet, that is appended first.
func (l *Listing) begin(kind EventKind, by Command, role Role, at time.Time) Event {
	l.openIfDue(at)
	return l.next(kind, by, role, at)
}

// openIfDue appends that the listing has opened, with the start as its stamp, if it has and the log does not say so.
// Nobody commanded it, so it carries no command id.
func (l *Listing) openIfDue(at time.Time) {
	if l.state.Status == StatusScheduled && !at.Before(l.state.Terms.StartsAt) {
		l.append(l.next(KindOpened, Command{}, RoleClock, l.state.Terms.StartsAt), nil)
	}
}

func (l *Listing) next(kind EventKind, by Command, role Role, at time.Time) Event {
	return Event{
		Entry: Entry{
			Listing:  l.state.ID,
			Seq:      l.state.Head.Seq + 1,
			At:       at,
			Kind:     kind,
			Version:  l.state.Version + 1,
			Currency: l.state.Currency,
			Role:     role,
		},
		Sealed: Sealed{Command: by.ID, Actor: by.Actor.ID},
	}
}

// append applies e, which must come from begin, and puts it into the log. The remaining live bids count only where e
// withdraws some. It returns e as it stands in the log.
func (l *Listing) append(e Event, remaining []LiveBid) Event {
	e.Sealed.FormerLeader = l.state.Standing.Leader.Bidder
	l.apply(e, remaining)
	e.Sealed.Leader = l.state.Standing.Leader.Bidder
	l.conclude(&e)
	e.Hash = chained(l.state.Head.Hash, EncodeEntry(e.Entry))
	l.state.Head = Head{Seq: e.Seq, Hash: e.Hash, At: e.At}
	l.recorded = append(l.recorded, e)
	l.changed = true
	return e
}

// apply changes the state by an event. Commands and Replay both come here, so that a log gives the state that it was
// written from. What the state refers to is replaced, never modified: snapshots share it.
func (l *Listing) apply(e Event, remaining []LiveBid) {
	s := &l.state
	switch e.Kind {
	case KindPublished:
		s.Status = StatusScheduled
		s.setTerms(e)
	case KindEdited:
		s.setTerms(e)
	case KindOpened:
		s.Status = StatusOpen
	case KindDescribed:
		s.Additions = append(slices.Clip(s.Additions), Addition{At: e.At, Text: e.Sealed.Text})
	case KindBidPlaced:
		s.addBid(e)
	case KindBidsRetracted:
		s.Standing = Price(s.priceRules(), remaining)
	case KindBidsCancelled:
		s.Standing = Price(s.priceRules(), remaining)
		s.exclude(e.Sealed.Bidder)
	case KindBought:
		s.Status, s.EndsAt = StatusSold, e.At
		s.Winner, s.FinalPrice = e.Sealed.Bidder, s.Terms.BuyNow
	case KindFrozen:
		s.Frozen = true
	case KindUnfrozen:
		s.unfreeze(e.At)
	case KindCancelled:
		s.Status, s.Frozen = StatusCancelled, false
	case KindClosed:
		s.close()
	}
}

// setTerms takes over the terms of a publication or an edit. No bid is live then.
func (s *State) setTerms(e Event) {
	t := e.Terms
	s.Ruleset, s.RelistedFrom, s.CreatedAt = t.Ruleset, t.RelistedFrom, t.CreatedAt
	s.Seller, s.Title, s.Description = e.Sealed.Seller, e.Sealed.Title, e.Sealed.Description
	terms := Terms{
		Table:      t.Table,
		StartPrice: t.StartPrice,
		Reserve:    e.Sealed.Reserve,
		BuyNow:     t.BuyNow,
		StartsAt:   t.StartsAt,
		Duration:   t.Duration,
		SoftClose:  t.SoftClose,
	}
	s.EndsAt = s.endUnder(terms)
	s.PublishedEnd = s.EndsAt
	s.Terms = terms
	s.Standing = Price(s.priceRules(), nil)
}

// endUnder returns the end that a publication or an edit with these terms gives: a published listing whose start and
// duration stay keeps the one it has, which unfreezing may have moved.
func (s State) endUnder(t Terms) time.Time {
	published := !s.EndsAt.IsZero()
	if published && t.StartsAt.Equal(s.Terms.StartsAt) && t.Duration == s.Terms.Duration {
		return s.EndsAt
	}
	return t.end()
}

// addBid prices one more bid, and moves the end if it is late and changed price or leader.
func (s *State) addBid(e Event) {
	before := s.Standing
	s.Bids++
	s.Standing = before.with(s.priceRules(), e.liveBid().Bid)
	if s.Standing.Price != before.Price || s.Standing.Leader.Bidder != before.Leader.Bidder {
		s.EndsAt = s.Terms.SoftClose.extended(e.At, s.EndsAt, s.PublishedEnd)
	}
}

func (s *State) exclude(member uuid.UUID) {
	if i, found := slices.BinarySearchFunc(s.Excluded, member, compareIDs); !found {
		s.Excluded = slices.Insert(slices.Clone(s.Excluded), i, member)
	}
}

// unfreeze lets the listing go on for a day at least; if that moves the end, it is published anew.
func (s *State) unfreeze(at time.Time) {
	s.Frozen = false
	if moved := at.Add(ThawTime); moved.After(s.EndsAt) {
		s.EndsAt, s.PublishedEnd = moved, moved
	}
}

func (s *State) close() {
	s.Status = s.Phase().outcome()
	if s.Status == StatusSold {
		s.Winner, s.FinalPrice = s.Standing.Leader.Bidder, s.Standing.Price
	}
}

// conclude completes an event that was applied: what came of it, and the commitments.
func (l *Listing) conclude(e *Event) {
	if e.Kind == KindBidPlaced {
		e.Leading = l.state.Standing.leads(e.Sealed.Bidder)
		e.Why = l.state.Standing.explain(e.Leading, e.Sealed.Maximum)
	}
	secret := l.state.Secret.key()
	e.After = l.after(secret)
	e.seal(secret)
}

// after is how the listing stands, as everybody may know it.
func (l *Listing) after(secret key) After {
	s := &l.state
	return After{
		Status:      s.Status,
		Price:       s.Standing.Price,
		NextMinimum: s.Standing.NextMinimum,
		Leader:      secret.aliasOf(s.Standing.Leader.Bidder),
		ReserveMet:  s.Standing.ReserveMet,
		EndsAt:      s.EndsAt,
		Winner:      secret.aliasOf(s.Winner),
		FinalPrice:  s.FinalPrice,
	}
}

// explain says why a bid of that maximum stands as it does.
func (s Standing) explain(leading bool, maximum int64) Why {
	switch {
	case leading && s.ReserveMet:
		return ""
	case leading:
		return WhyReserveNotMet
	case s.Leader.Max == maximum:
		return WhyEarlierEqualMaximum
	default:
		return WhyHigherMaximum
	}
}
