package contract

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/gavelhq/gavel/modules/listings/internal/app"
	"github.com/gavelhq/gavel/modules/listings/internal/contract/builders"
	"github.com/gavelhq/gavel/modules/listings/internal/domain"
	"github.com/gavelhq/gavel/platform/platformtest/valuetest"
)

// ledgerCases say how whole logs are read.
var ledgerCases = []testCase{
	{"any range of a log", anyRange},
	{"every listing with a log, in the order of ids", publishedInOrder},
	{"a log and its head belong together while bids go on", oneInstant},
	{"what a consistent reader refuses is refused", consistentPassesErrors},
}

func anyRange(t *testing.T, s *subject) {
	alice := newID()
	l := builders.Draft().Starting(time.Hour).Published().Appended("More.").After(time.Hour)
	for n := range 12 {
		l.After(time.Second).BidBy(newID(), fmt.Sprint(20+10*n))
	}
	l.BidBy(alice, "900").RetractedBy(alice).Frozen().Unfrozen()
	log := s.keep(t, l).Log
	s.keep(t, builders.Draft().Published()) // whose log is none of ours
	kinds := []domain.EventKind{
		domain.KindPublished, domain.KindOpened, domain.KindBidPlaced, domain.KindBidsRetracted, domain.KindFrozen, domain.KindClosed,
	}
	rapid.Check(t, func(r *rapid.T) {
		seq := rapid.Int64Range(0, int64(len(log)+2))
		wanted := app.EventRange{
			After:      seq.Draw(r, "after"),
			Before:     seq.Draw(r, "before"),
			Kinds:      rapid.SliceOfN(rapid.SampledFrom(kinds), 0, 3).Draw(r, "kinds"),
			Descending: rapid.Bool().Draw(r, "descending"),
			Limit:      rapid.IntRange(0, len(log)+2).Draw(r, "limit"),
		}
		got, err := s.Ledger.Events(t.Context(), l.ID(), wanted)
		require.NoError(r, err)
		valuetest.RequireSame(r, expectedRange(log, wanted), got, "events")
	})
}

func expectedRange(log []domain.Event, wanted app.EventRange) []domain.Event {
	var all []domain.Event
	for _, e := range log {
		if e.Seq > wanted.After && (wanted.Before == 0 || e.Seq < wanted.Before) &&
			(len(wanted.Kinds) == 0 || slices.Contains(wanted.Kinds, e.Kind)) {
			all = append(all, e)
		}
	}
	if wanted.Descending {
		slices.Reverse(all)
	}
	if wanted.Limit > 0 {
		all = all[:min(wanted.Limit, len(all))]
	}
	return all
}

func publishedInOrder(t *testing.T, s *subject) {
	s.keep(t, builders.Draft())
	require.Empty(t, s.published(t))

	var want []uuid.UUID
	for _, l := range s.keepMany(t, 250) {
		want = append(want, l.ID())
	}
	var first uuid.UUID
	first[15] = 1
	s.keep(t, builders.Draft().WithID(first).Published())
	want = append(want, first)
	slices.SortFunc(want, func(a, b uuid.UUID) int { return bytes.Compare(a[:], b[:]) })
	require.Equal(t, want, s.published(t))

	for id, err := range s.Ledger.Published(t.Context()) {
		require.NoError(t, err)
		require.Equal(t, first, id)
		break // and ask for no more
	}
}

func (s *subject) published(t *testing.T) []uuid.UUID {
	t.Helper()
	var ids []uuid.UUID
	for id, err := range s.Ledger.Published(t.Context()) {
		require.NoError(t, err)
		_, err = s.Ledger.State(t.Context(), id) // the reader may read while it is told
		require.NoError(t, err)
		ids = append(ids, id)
	}
	return ids
}

func oneInstant(t *testing.T, s *subject) {
	l, other := builders.Draft().Published(), builders.Draft().Published()
	made, madeOther := s.keep(t, l), s.keep(t, other)
	bid := func(l *builders.Listing) {
		require.NoError(t, s.do(t, s.bid(l.ID(), newID(), newID(), "20", l.Now())))
	}
	require.NoError(t, s.Ledger.Consistent(t.Context(), func(ctx context.Context) error {
		state, err := s.Ledger.State(ctx, l.ID())
		require.NoError(t, err)
		requireSameState(t, made.State, state)
		bid(l)
		bid(other)
		log, err := s.Ledger.Events(ctx, l.ID(), app.EventRange{})
		require.NoError(t, err)
		requireProof(t, state, log)
		later, err := s.Ledger.State(ctx, other.ID())
		require.NoError(t, err)
		requireSameState(t, madeOther.State, later)
		return nil
	}))
	for _, listing := range []*builders.Listing{l, other} {
		state := s.state(t, listing.ID())
		require.Equal(t, int64(1), state.Bids)
		requireProof(t, state, s.log(t, listing.ID()))
	}
}

func consistentPassesErrors(t *testing.T, s *subject) {
	require.ErrorIs(t, s.Ledger.Consistent(t.Context(), func(ctx context.Context) error {
		_, err := s.Ledger.State(ctx, newID())
		require.ErrorIs(t, err, domain.ErrListingNotFound)
		return errRefused
	}), errRefused)
	require.ErrorIs(t, s.Ledger.Consistent(t.Context(), func(ctx context.Context) error {
		_, err := s.Ledger.State(ctx, newID())
		return err
	}), domain.ErrListingNotFound)
}
