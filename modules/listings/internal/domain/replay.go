package domain

import (
	"errors"
	"fmt"

	"github.com/google/uuid"
)

// ErrErased says that a log no longer names all of its members, so that it proves what happened but cannot be replayed.
var ErrErased = errors.New("members were erased from the log")

// Replay rebuilds a listing from its whole log and its secret: the state that the commands left, in every field. It
// applies each event as the command did and compares what comes of it with what the entry says. It does not check the
// chain; Audit does. Errors: *Flaw for an entry that the rules do not give, ErrErased.
func Replay(secret Secret, events []Event) (State, error) {
	r := newReplayer(secret)
	for _, e := range events {
		if e.erased() {
			return State{}, fmt.Errorf("replay event %d: %w", e.Seq, ErrErased)
		}
		if err := r.next(e); err != nil {
			return State{}, err
		}
	}
	return r.listing.state, nil
}

// replayer is a listing on its way through its log.
type replayer struct {
	listing Listing
	live    []LiveBid
	aliasOf func(member uuid.UUID) Alias
}

func newReplayer(secret Secret) *replayer {
	return &replayer{listing: Listing{state: State{Secret: secret}}, aliasOf: secret.AliasOf}
}

// next applies e and checks that it says what came of it.
func (r *replayer) next(e Event) error {
	s := &r.listing.state
	if e.Seq == 1 {
		s.ID, s.Currency = e.Listing, e.Currency
	}
	r.live = e.follow(r.live)
	former := s.Standing.Leader.Bidder
	r.listing.apply(e, r.live)

	rebuilt := e
	r.listing.conclude(&rebuilt)
	rebuilt.Sealed.Leader, rebuilt.Sealed.FormerLeader = s.Standing.Leader.Bidder, former
	rebuilt.After.Leader, rebuilt.After.Winner = r.aliasOf(s.Standing.Leader.Bidder), r.aliasOf(s.Winner)
	if field := differs(e, rebuilt); field != "" {
		return &Flaw{
			Listing: e.Listing, Seq: e.Seq, Problem: ProblemOutcome,
			Detail: "the rules give another " + field + " after the events before",
		}
	}
	s.Version = e.Version
	s.Head = Head{Seq: e.Seq, Hash: e.Hash, At: e.At}
	return nil
}

// differs names the first thing that a log says differently from what the rules give; empty if nothing.
func differs(logged, rebuilt Event) string {
	a, b := logged.After, rebuilt.After
	switch {
	case logged.Currency != rebuilt.Currency:
		return "currency"
	case logged.Leading != rebuilt.Leading || logged.Why != rebuilt.Why:
		return "result"
	case a.Status != b.Status:
		return "status"
	case a.Price != b.Price:
		return "price"
	case a.NextMinimum != b.NextMinimum:
		return "next minimum"
	case a.Leader != b.Leader,
		logged.Sealed.Leader != rebuilt.Sealed.Leader,
		logged.Sealed.FormerLeader != rebuilt.Sealed.FormerLeader:
		return "leader"
	case a.ReserveMet != b.ReserveMet:
		return "reserve met"
	case !a.EndsAt.Equal(b.EndsAt):
		return "end"
	case a.Winner != b.Winner || a.FinalPrice != b.FinalPrice:
		return "outcome"
	default:
		return ""
	}
}

// erased reports whether a member whom the entry knows by alias is no longer named beside it.
func (e Event) erased() bool {
	gone := func(a Alias, member uuid.UUID) bool { return member == uuid.Nil && !a.IsZero() }
	return gone(e.Actor, e.Sealed.Actor) || gone(e.Bidder, e.Sealed.Bidder) || gone(e.After.Leader, e.Sealed.Leader) ||
		e.Terms != nil && gone(e.Terms.Seller, e.Sealed.Seller)
}
