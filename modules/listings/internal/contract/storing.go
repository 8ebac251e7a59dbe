package contract

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/modules/listings/internal/app"
	"github.com/gavelhq/gavel/modules/listings/internal/contract/builders"
	"github.com/gavelhq/gavel/modules/listings/internal/domain"
	"github.com/gavelhq/gavel/platform/fault"
	"github.com/gavelhq/gavel/platform/platformtest/valuetest"
	"github.com/gavelhq/gavel/platform/uow"
)

// storingCases say what becomes of listings whose commands succeed.
var storingCases = []testCase{
	{"a listing made in one unit comes back byte for byte", func(t *testing.T, s *subject) { roundTrip(t, s, storeAtOnce) }},
	{"a listing made command by command comes back byte for byte", func(t *testing.T, s *subject) { roundTrip(t, s, storeInTurn) }},
	{"an edited draft keeps no trace of what it said before", draftEdited},
	{"a draft is removed without a trace", draftRemoved},
	{"an id that is taken is refused", idTaken},
	{"what does not exist is not found by a typed error", notFound},
	{"a read changes nothing", readChangesNothing},
	{"many listings are loaded and changed in one unit", manyAtOnce},
	{"what was read can be modified without harm", readersOwnCopy},
}

func roundTrip(t *testing.T, s *subject, store func(*testing.T, *subject, *builders.Listing)) {
	for name, l := range states(t) {
		t.Run(name, func(t *testing.T) {
			store(t, s, l)
			s.requireStored(t, l.Make(t))
		})
	}
}

func storeAtOnce(t *testing.T, s *subject, l *builders.Listing) {
	t.Helper()
	l.Store(t, s.Work, s.Listings)
}

func storeInTurn(t *testing.T, s *subject, l *builders.Listing) {
	t.Helper()
	for i, command := range l.Commands(s.Listings) {
		require.NoError(t, s.Work.Do(t.Context(), command.Run, command.Hints...), "command %d", i+1)
	}
}

func draftEdited(t *testing.T, s *subject) {
	l := full(ownTable(t)).Starting(time.Hour)
	s.keep(t, l)
	require.NoError(t, s.do(t, func(ctx context.Context) error {
		draft, err := s.Listings.Get(ctx, l.ID())
		if err != nil {
			return err
		}
		return draft.Edit(domain.Command{Actor: l.Seller()}, domain.Content{Title: "Nothing else"}, builders.Epoch)
	}))
	state := s.state(t, l.ID())
	valuetest.RequireUTC(t, state)
	require.Equal(t, int64(2), state.Version)
	require.Equal(t, "Nothing else", state.Title)
	require.Empty(t, state.Description)
	valuetest.RequireSame(t, domain.Terms{Table: ownTable(t)}, state.Terms, "the table stays until another is named")
	require.True(t, state.EndsAt.IsZero() && state.PublishedEnd.IsZero())
}

func draftRemoved(t *testing.T, s *subject) {
	removed, other := builders.Draft(), builders.Draft()
	s.keep(t, removed)
	made := s.keep(t, other)
	require.NoError(t, s.do(t, func(ctx context.Context) error { return s.Listings.Remove(ctx, removed.ID()) }))

	_, err := s.Ledger.State(t.Context(), removed.ID())
	require.ErrorIs(t, err, domain.ErrListingNotFound)
	_, err = s.Views.Listing(t.Context(), removed.ID(), removed.Seller(), builders.Epoch)
	require.ErrorIs(t, err, domain.ErrListingNotFound)
	found := s.list(t, app.Filter{Seller: removed.Seller().ID, Words: "lamp"}, removed.Seller(), builders.Epoch)
	require.Empty(t, found)
	require.ErrorIs(t, s.do(t, func(ctx context.Context) error {
		return s.Listings.Remove(ctx, removed.ID())
	}), domain.ErrListingNotFound)
	s.requireStored(t, made)
	require.Empty(t, s.Messages(t), "nothing about drafts is published")

	removed.Store(t, s.Work, s.Listings) // its id is free again
	s.requireStored(t, removed.Make(t))
}

func idTaken(t *testing.T, s *subject) {
	first := builders.Draft().Published()
	made := s.keep(t, first)
	for name, second := range map[string]*builders.Listing{
		"by another member": builders.Draft(),
		"by the seller":     builders.Draft().By(first.Seller().ID),
	} {
		commands := second.WithID(first.ID()).Commands(s.Listings)
		err := s.Work.Do(t.Context(), commands[0].Run)
		require.ErrorIs(t, err, app.ErrListingExists, name)
		require.Equal(t, fault.Conflict, fault.KindOf(err), name)
	}
	s.requireStored(t, made)

	twice := builders.Draft()
	add := twice.Commands(s.Listings)[0]
	outcomes := s.Work.DoAll(t.Context(), []uow.Command{add, add})
	require.NoError(t, outcomes[0])
	require.ErrorIs(t, outcomes[1], uow.ErrAlreadyAdded)
	s.requireStored(t, twice.Make(t))
}

func notFound(t *testing.T, s *subject) {
	id := newID()
	for name, run := range map[string]func(ctx context.Context) error{
		"Get": func(ctx context.Context) error {
			l, err := s.Listings.Get(ctx, id)
			require.Nil(t, l)
			return err
		},
		"Remove": func(ctx context.Context) error { return s.Listings.Remove(ctx, id) },
	} {
		require.ErrorIs(t, s.Work.Do(t.Context(), run, s.Listings.Loads(id)), domain.ErrListingNotFound, name)
		require.ErrorIs(t, s.Work.Do(t.Context(), run), domain.ErrListingNotFound, name)
	}
	_, err := s.Ledger.State(t.Context(), id)
	require.ErrorIs(t, err, domain.ErrListingNotFound)
	_, err = s.Views.Listing(t.Context(), id, builders.Moderator, builders.Epoch)
	require.ErrorIs(t, err, domain.ErrListingNotFound)
	require.Empty(t, s.log(t, id))
}

func readChangesNothing(t *testing.T, s *subject) {
	l := builders.Draft().Published()
	made := s.keep(t, l)
	messages := len(s.Messages(t))
	require.NoError(t, s.Work.Do(t.Context(), func(ctx context.Context) error {
		listing, err := s.Listings.Get(ctx, l.ID())
		if err != nil {
			return err
		}
		require.ErrorIs(t, placeBid(listing, newID(), newID(), "0.01", l.Now()), domain.ErrBidTooLow)
		_, err = s.Listings.LiveBids(ctx, l.ID())
		return err
	}, s.Listings.Loads(l.ID())))
	s.requireStored(t, made)
	require.Len(t, s.Messages(t), messages)
}

func manyAtOnce(t *testing.T, s *subject) {
	const listings, rounds = 7, 5
	var all []*builders.Listing
	var ids []uuid.UUID
	for range listings {
		l := builders.Draft().Published()
		for n := range rounds {
			l.After(time.Second).BidBy(newID(), fmt.Sprintf("%d", 20+10*n))
		}
		all, ids = append(all, l), append(ids, l.ID())
	}
	var commands []uow.Command
	for n := range 2 + rounds { // command by command, so that the unit goes from listing to listing
		for _, l := range all {
			commands = append(commands, l.Commands(s.Listings)[n])
		}
	}
	for i, err := range s.Work.DoAll(t.Context(), commands) {
		require.NoError(t, err, "command %d", i+1)
	}
	for _, l := range all {
		s.requireStored(t, l.Make(t))
	}
	require.NoError(t, s.Work.Do(t.Context(), func(ctx context.Context) error {
		for _, l := range all {
			listing, err := s.Listings.Get(ctx, l.ID())
			if err != nil {
				return err
			}
			requireSameState(t, l.Make(t).State, listing.State())
		}
		return nil
	}, s.Listings.Loads(ids...)))
}

func readersOwnCopy(t *testing.T, s *subject) {
	alice := newID()
	l := builders.Draft().Published().Appended("More.").BidBy(alice, "20").RetractedBy(alice)
	made := s.keep(t, l)
	for _, e := range s.log(t, l.ID()) {
		for i := range e.Withdrawn {
			e.Withdrawn[i] = 99
		}
		if e.Terms != nil {
			e.Terms.BuyNow = 99
		}
	}
	record, err := s.Views.Listing(t.Context(), l.ID(), l.Seller(), l.Now())
	require.NoError(t, err)
	record.Additions[0].Text = "Less."
	s.requireStored(t, made)
}
