package contract

import (
	"context"
	"errors"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/modules/listings/internal/app"
	"github.com/gavelhq/gavel/modules/listings/internal/contract/builders"
	"github.com/gavelhq/gavel/modules/listings/internal/domain"
	"github.com/gavelhq/gavel/platform/uow"
)

// errRefused is what the suite's commands fail with.
var errRefused = errors.New("refused")

// unitCases say that the repositories keep the promises of the unit of work.
var unitCases = []testCase{
	{"within one command an id is one pointer", onePointer},
	{"what a command kept changes nothing afterwards", keptPointer},
	{"a removed draft is not found by the same command", removedInCommand},
	{"a refused command leaves nothing", refusedLeavesNothing},
	{"a refused command leaves its neighbours alone", refusedAmongOthers},
	{"outside a unit every method says so", outsideUnit},
	{"after its unit every method says so", afterUnit},
	{"every event has its message, and nothing else has", messagesEqualEvents},
	{"no message holds a secret", messagesHoldNoSecret},
}

func onePointer(t *testing.T, s *subject) {
	l := builders.Draft().Published()
	s.keep(t, l)
	alice := newID()
	for name, hints := range map[string][]uow.Hint{"without hints": nil, "with hints": {s.Listings.Loads(l.ID())}} {
		require.NoError(t, s.Work.Do(t.Context(), func(ctx context.Context) error {
			first, err := s.Listings.Get(ctx, l.ID())
			if err != nil {
				return err
			}
			second, err := s.Listings.Get(ctx, l.ID())
			if err != nil {
				return err
			}
			require.Same(t, first, second, name)
			_, err = s.Listings.LiveBids(ctx, l.ID())
			if err != nil {
				return err
			}
			third, err := s.Listings.Get(ctx, l.ID())
			require.Same(t, first, third, name)
			return err
		}, hints...))
	}
	require.NoError(t, s.do(t, func(ctx context.Context) error {
		allowance := domain.NewRetractionAllowance(alice)
		if err := s.Allowances.Add(ctx, allowance); err != nil {
			return err
		}
		again, err := s.Allowances.Get(ctx, alice)
		require.Same(t, allowance, again)
		return err
	}))
}

func keptPointer(t *testing.T, s *subject) {
	loaded, added := builders.Draft().Published(), builders.Draft()
	s.keep(t, loaded)
	var kept []*domain.Listing
	require.NoError(t, s.do(t, func(ctx context.Context) error {
		if err := added.Commands(s.Listings)[0].Run(ctx); err != nil {
			return err
		}
		for _, l := range []*builders.Listing{loaded, added} {
			listing, err := s.Listings.Get(ctx, l.ID())
			if err != nil {
				return err
			}
			kept = append(kept, listing)
		}
		return placeBid(kept[0], newID(), newID(), "20", loaded.Now())
	}))
	before := s.state(t, loaded.ID())
	require.NoError(t, placeBid(kept[0], newID(), newID(), "30", loaded.Now()))
	publish := domain.Command{ID: newID(), Actor: added.Seller()}
	require.NoError(t, kept[1].Publish(publish, domain.Secret{1}, added.Now()))
	requireSameState(t, before, s.state(t, loaded.ID()))
	s.requireStored(t, added.Make(t))
}

func removedInCommand(t *testing.T, s *subject) {
	l := builders.Draft()
	s.keep(t, l)
	require.NoError(t, s.do(t, func(ctx context.Context) error {
		if err := s.Listings.Remove(ctx, l.ID()); err != nil {
			return err
		}
		_, err := s.Listings.Get(ctx, l.ID())
		require.ErrorIs(t, err, domain.ErrListingNotFound)
		return nil
	}))
}

func refusedLeavesNothing(t *testing.T, s *subject) {
	l, draft, added, alice := builders.Draft().Published(), builders.Draft(), builders.Draft(), newID()
	made, madeDraft := s.keep(t, l), s.keep(t, draft)
	messages := len(s.Messages(t))
	command := newID()
	everything := func(ctx context.Context) error {
		return errors.Join(
			s.bid(l.ID(), command, alice, "20", l.Now())(ctx),
			s.Listings.Remove(ctx, draft.ID()),
			added.Commands(s.Listings)[0].Run(ctx),
			s.Allowances.Add(ctx, domain.NewRetractionAllowance(alice)),
		)
	}
	require.ErrorIs(t, s.do(t, func(ctx context.Context) error {
		require.NoError(t, everything(ctx))
		return errRefused
	}), errRefused)
	ctx, cancel := context.WithCancel(t.Context())
	require.ErrorIs(t, s.Work.Do(ctx, func(ctx context.Context) error {
		defer cancel()
		return everything(ctx)
	}), context.Canceled)
	require.PanicsWithValue(t, "broken", func() {
		_ = s.do(t, func(ctx context.Context) error {
			require.NoError(t, everything(ctx))
			panic("broken")
		})
	})

	s.requireStored(t, made)
	s.requireStored(t, madeDraft)
	require.Len(t, s.Messages(t), messages)
	_, err := s.Ledger.State(t.Context(), added.ID())
	require.ErrorIs(t, err, domain.ErrListingNotFound)
	require.NoError(t, s.do(t, func(ctx context.Context) error {
		_, found, err := s.Listings.Accepted(ctx, command)
		require.False(t, found)
		_, missing := s.Allowances.Get(ctx, alice)
		require.ErrorIs(t, missing, domain.ErrAllowanceNotFound)
		return err
	}))
}

func refusedAmongOthers(t *testing.T, s *subject) {
	l, alice, bob := builders.Draft().Published(), newID(), newID()
	s.keep(t, l)
	outcomes := s.Work.DoAll(t.Context(), []uow.Command{
		{Run: s.bid(l.ID(), newID(), alice, "20", l.Now())},
		{Run: func(ctx context.Context) error {
			return errors.Join(s.bid(l.ID(), newID(), bob, "500", l.Now())(ctx), errRefused)
		}},
		{Run: s.bid(l.ID(), newID(), bob, "10", l.Now())},
		{Run: s.bid(l.ID(), newID(), bob, "30", l.Now())},
	})
	require.NoError(t, outcomes[0])
	require.ErrorIs(t, outcomes[1], errRefused)
	require.ErrorIs(t, outcomes[2], domain.ErrBidTooLow)
	require.NoError(t, outcomes[3])

	state := s.state(t, l.ID())
	require.Equal(t, int64(2), state.Bids)
	require.Equal(t, int64(20_50), state.Standing.Price)
	require.Equal(t, int64(4), state.Version)
	requireProof(t, state, s.log(t, l.ID()))
}

func (s *subject) methods(ctx context.Context) map[string]error {
	draft, _ := domain.NewDraft(newID(), newID(), builders.USD, domain.Content{}, builders.Epoch)
	errs := map[string]error{
		"Add":            s.Listings.Add(ctx, draft),
		"Remove":         s.Listings.Remove(ctx, newID()),
		"Loads":          s.Listings.Loads(newID())(ctx),
		"Allowances.Add": s.Allowances.Add(ctx, domain.NewRetractionAllowance(newID())),
	}
	_, errs["Get"] = s.Listings.Get(ctx, newID())
	_, errs["LiveBids"] = s.Listings.LiveBids(ctx, newID())
	_, _, errs["Accepted"] = s.Listings.Accepted(ctx, newID())
	_, errs["Allowances.Get"] = s.Allowances.Get(ctx, newID())
	errs["Allowances.Loads"] = s.Allowances.Loads(newID())(ctx)
	return errs
}

func outsideUnit(t *testing.T, s *subject) {
	for method, err := range s.methods(t.Context()) {
		require.ErrorIs(t, err, uow.ErrNoUnit, method)
	}
}

func afterUnit(t *testing.T, s *subject) {
	var kept context.Context
	require.NoError(t, s.do(t, func(ctx context.Context) error {
		kept = ctx
		_, _, err := s.Listings.Accepted(ctx, newID())
		return err
	}))
	for method, err := range s.methods(kept) {
		require.ErrorIs(t, err, uow.ErrEnded, method)
	}
}

func messagesEqualEvents(t *testing.T, s *subject) {
	for name, l := range states(t) {
		made := s.keep(t, l)
		messages := s.messagesOf(t, l.ID())
		require.Len(t, messages, len(made.Log), name)
		for i, e := range made.Log {
			want, published := app.Message(domain.RestoreListing(made.State), e)
			require.True(t, published)
			got := messages[i]
			require.Equal(t, want.ID, got.ID, name)
			require.Equal(t, want.Kind, got.Kind, name)
			require.Equal(t, want.Seq, got.Seq, name)
			require.Equal(t, want.At, got.At, name)
			if i == len(made.Log)-1 { // earlier ones may tell an earlier title
				require.JSONEq(t, string(want.Payload), string(got.Payload), name)
			}
		}
	}
}

func messagesHoldNoSecret(t *testing.T, s *subject) {
	c := newCanary(t)
	s.keep(t, c.listing)
	for _, m := range s.messagesOf(t, c.listing.ID()) {
		c.requireAbsent(t, "message "+m.Kind, m)
		c.requireAbsent(t, "payload of "+m.Kind, string(m.Payload))
	}
	require.NotEmpty(t, s.messagesOf(t, c.listing.ID()))
}
