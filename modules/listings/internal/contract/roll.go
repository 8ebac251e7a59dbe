package contract

import (
	"context"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/modules/listings/internal/app"
	"github.com/gavelhq/gavel/modules/listings/internal/contract/builders"
	"github.com/gavelhq/gavel/platform/uow"
)

// rollCases say what units of work are told about bidders.
var rollCases = []testCase{
	{"those who bid are found in portions, while a bid of theirs counts, inside units of work and outside", biddersInPortions},
	{"who lost the lead is known for a while", lostLead},
	{"the roll is for units of work", rollOutside},
}

// bidders reads all bidders, in portions of that size, and returns them and how many portions that took.
func (s *subject) bidders(t *testing.T, listing uuid.UUID, size int) (all []uuid.UUID, portions int) {
	t.Helper()
	var after uuid.UUID
	for {
		var live []uuid.UUID
		outside, last, err := s.Untold.Bidders(t.Context(), listing, after, size)
		require.NoError(t, err)
		require.NoError(t, s.do(t, func(ctx context.Context) (err error) {
			live, after, err = s.Roll.Bidders(ctx, listing, after, size)
			return err
		}))
		require.Equal(t, live, outside)
		require.Equal(t, after, last)
		all = append(all, live...)
		portions++
		if after == uuid.Nil {
			return all, portions
		}
	}
}

func biddersInPortions(t *testing.T, s *subject) {
	all := []uuid.UUID{newID(), newID(), newID(), newID(), newID()}
	slices.SortFunc(all, func(a, b uuid.UUID) int { return slices.Compare(a[:], b[:]) })
	l := builders.Draft().Published().
		BidBy(all[3], "20").BidBy(all[0], "21.50").BidBy(all[3], "30").BidBy(all[4], "40").
		BidBy(all[1], "50").RetractedBy(all[1]).
		BidBy(all[2], "60").WithBidsCancelled(all[2])
	s.keep(t, l)
	s.keep(t, builders.Draft().Published().BidBy(newID(), "20")) // another one's
	want := []uuid.UUID{all[0], all[3], all[4]}
	for size, portions := range map[int]int{1: 5, 2: 3, 3: 2, 4: 2, 5: 1, 100: 1} {
		found, took := s.bidders(t, l.ID(), size)
		require.Equal(t, want, found, "portions of %d", size)
		require.Equal(t, portions, took, "portions of %d", size)
	}
	again := builders.Draft().Published().BidBy(all[0], "20").RetractedBy(all[0]).BidBy(all[0], "30")
	s.keep(t, again)
	found, _ := s.bidders(t, again.ID(), 10)
	require.Equal(t, all[:1], found, "he has bid again")
	found, _ = s.bidders(t, s.keep(t, builders.Draft().Published()).State.ID, 10)
	require.Empty(t, found)
}

func lostLead(t *testing.T, s *subject) {
	alice, bob, cleo := newID(), newID(), newID()
	l := builders.Draft().Published().
		BidBy(alice, "20").                   // 3: after published and opened
		After(time.Second).BidBy(bob, "30").  // 4: alice loses the lead
		After(time.Second).BidBy(bob, "40").  // 5: nobody does
		After(time.Second).BidBy(cleo, "35"). // 6: nobody does
		After(time.Second).RetractedBy(bob).  // 7: bob gives it away
		After(time.Second).BidBy(alice, "60") // 8: cleo loses it
	log := s.keep(t, l).Log
	at := func(seq int64) time.Time { return log[seq-1].At }
	lost := func(who uuid.UUID, seq int64, since time.Time) (did bool) {
		require.NoError(t, s.do(t, func(ctx context.Context) (err error) {
			did, err = s.Roll.LostLead(ctx, l.ID(), who, seq, since)
			return err
		}))
		return did
	}
	second := log[len(log)-1].Seq - 4 // the bid by which alice lost the lead
	last := log[len(log)-1].Seq
	require.True(t, lost(alice, second+1, at(second)))
	require.False(t, lost(alice, second, at(second)), "not before it happened")
	require.False(t, lost(alice, last, at(second).Add(time.Microsecond)), "not so long ago")
	require.True(t, lost(alice, second+app.LostLeadLooksAt, at(second)))
	require.False(t, lost(alice, second+app.LostLeadLooksAt+1, at(second)), "too many events ago")
	require.False(t, lost(bob, last+1, builders.Epoch), "who retracts has given it away")
	require.True(t, lost(cleo, last+1, builders.Epoch))
	require.False(t, lost(newID(), last+1, builders.Epoch))
}

func rollOutside(t *testing.T, s *subject) {
	_, _, err := s.Roll.Bidders(t.Context(), newID(), uuid.Nil, 1)
	require.ErrorIs(t, err, uow.ErrNoUnit)
	_, err = s.Roll.LostLead(t.Context(), newID(), newID(), 1, builders.Epoch)
	require.ErrorIs(t, err, uow.ErrNoUnit)
	require.ErrorIs(t, s.Watches.Forget(t.Context(), newID()), uow.ErrNoUnit)
}
