package domain_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/modules/listings/internal/domain"
	"github.com/gavelhq/gavel/platform/fault"
)

func TestRetract(t *testing.T) {
	t.Parallel()

	t.Run("with exactly 12 hours left takes all live bids", func(t *testing.T) {
		t.Parallel()
		a := published(t)
		a.bids(0, "A", "20.00", "B", "30.00", "C", "25.00", "B", "50.00")
		got, err := a.retract("B", end-12*time.Hour)
		require.NoError(t, err)
		require.Equal(t, []int64{4, 6}, got.Bids)
		require.Equal(t, "20.50", got.Price.Decimal())
		require.Equal(t, "21.00", got.NextMinimum.Decimal())
		require.Equal(t, start.Add(end), got.EndsAt)
		require.Equal(t, start.Add(end-12*time.Hour), got.At)
		require.Equal(t, got, domain.WithdrawalOf(a.last()))
		require.Equal(t, member("C"), a.state().Standing.Leader.Bidder)
		require.EqualValues(t, 4, a.state().Bids, "they were accepted once")
		require.Equal(t, domain.ReasonWrongAmount, a.last().RetractReason)
		auditAll(t, a)
	})

	t.Run("a microsecond later takes the newest, which must not be older than an hour", func(t *testing.T) {
		t.Parallel()
		late := end - 12*time.Hour + time.Microsecond
		a := published(t)
		a.bids(0, "B", "20.00")
		a.bids(late-time.Hour, "B", "30.00")
		got, err := a.retract("B", late)
		require.NoError(t, err)
		require.Equal(t, []int64{4}, got.Bids)
		require.EqualValues(t, 2000, a.state().Standing.Leader.Max)
		a.refused(domain.ErrTooLateToRetract, func() error { return second(a.retract("B", late)) })

		a = published(t)
		a.bids(late-time.Hour-time.Microsecond, "B", "30.00")
		a.refused(domain.ErrTooLateToRetract, func() error { return second(a.retract("B", late)) })
	})

	t.Run("the hours are counted to the present end", func(t *testing.T) {
		t.Parallel()
		a := published(t, lasting(12*time.Hour), softClose(24*time.Hour, 24*time.Hour, 24*time.Hour))
		a.bids(2*time.Hour, "A", "20.00") // moves the end to 26 h
		a.bids(2*time.Hour, "B", "25.00")
		got, err := a.retract("A", 14*time.Hour)
		require.NoError(t, err)
		require.Len(t, got.Bids, 1)
	})

	t.Run("is refused where it makes no sense", func(t *testing.T) {
		t.Parallel()
		a := published(t)
		a.refused(domain.ErrNothingToRetract, func() error { return second(a.retract("A", 0)) })
		a.bids(0, "A", "20.00")
		a.refused(domain.ErrNothingToRetract, func() error { return second(a.retract("B", 0)) })
		a.refused(domain.ErrListingNotOpen, func() error { return second(a.retract("A", end)) })
		require.NoError(t, a.freeze(time.Hour))
		a.refused(domain.ErrListingFrozen, func() error { return second(a.retract("A", time.Hour)) })
		a = drafted(t)
		a.refused(domain.ErrListingNotFound, func() error { return second(a.retract("A", 0)) })
	})

	t.Run("needs one of the reasons", func(t *testing.T) {
		t.Parallel()
		a := published(t)
		a.bids(0, "A", "20.00")
		for _, reason := range []domain.RetractReason{"", "bored"} {
			_, err := a.listing.Retract(a.by("A"), reason, a.live(), start)
			require.ErrorIs(t, err, domain.ErrInvalidReason)
			require.Equal(t, "reason", fault.Of(err).Fields()["field"])
		}
		for _, reason := range []domain.RetractReason{
			domain.ReasonWrongAmount, domain.ReasonDescriptionChanged, domain.ReasonSellerUnreachable,
		} {
			_, err := a.listing.Snapshot().Retract(a.by("A"), reason, a.live(), start)
			require.NoError(t, err)
		}
	})

	t.Run("does not price from half of the bids", func(t *testing.T) {
		t.Parallel()
		a := published(t)
		a.bids(0, "A", "20.00", "B", "30.00")
		for _, live := range [][]domain.LiveBid{nil, a.live()[:1], a.live()[1:]} {
			_, err := a.listing.Retract(a.by("B"), domain.ReasonWrongAmount, live, start)
			require.ErrorIs(t, err, domain.ErrStaleBids)
			_, err = a.listing.CancelBids(a.by(seller), member("B"), "bids for fun", live, start)
			require.ErrorIs(t, err, domain.ErrStaleBids)
		}
	})

	t.Run("does not move the end", func(t *testing.T) {
		t.Parallel()
		a := published(t, softClose(10*time.Minute, 10*time.Minute, time.Hour))
		a.bids(end-30*time.Minute, "A", "20.00", "B", "30.00")
		require.NoError(t, second(a.retract("B", end-time.Minute)))
		require.Equal(t, start.Add(end), a.state().EndsAt)
	})
}

func TestRetractionAllowance(t *testing.T) {
	t.Parallel()
	const window = 30 * 24 * time.Hour

	t.Run("three in 30 days", func(t *testing.T) {
		t.Parallel()
		a := domain.NewRetractionAllowance(member("A"))
		for i := range 3 {
			require.NoError(t, a.Spend(start.Add(time.Duration(i)*time.Hour)))
		}
		a.Settle()
		before := a.State()
		require.ErrorIs(t, a.Spend(start.Add(window-time.Microsecond)), domain.ErrTooManyRetractions)
		require.Equal(t, before, a.State())
		_, changed := a.Settle()
		require.False(t, changed)
		require.NoError(t, a.Spend(start.Add(window)), "the first no longer counts")
		require.ErrorIs(t, a.Spend(start.Add(window)), domain.ErrTooManyRetractions, "the second still does")
	})

	t.Run("three at the same instant", func(t *testing.T) {
		t.Parallel()
		a := domain.NewRetractionAllowance(member("A"))
		for range 3 {
			require.NoError(t, a.Spend(start))
		}
		require.ErrorIs(t, a.Spend(start), domain.ErrTooManyRetractions)
		for range 3 {
			require.NoError(t, a.Spend(start.Add(window)))
		}
	})

	t.Run("stamps may come out of order", func(t *testing.T) {
		t.Parallel()
		a := domain.NewRetractionAllowance(member("A"))
		require.NoError(t, a.Spend(start.Add(time.Hour)))
		require.NoError(t, a.Spend(start))
		require.NoError(t, a.Spend(start.Add(2*time.Hour)))
		require.Equal(t, []time.Time{start, start.Add(time.Hour), start.Add(2 * time.Hour)}, a.State().Spent)
	})

	t.Run("is an aggregate", func(t *testing.T) {
		t.Parallel()
		a := domain.NewRetractionAllowance(member("A"))
		require.Equal(t, member("A"), a.ID())
		require.Zero(t, a.Version())
		require.NoError(t, a.Spend(start))
		events, changed := a.Settle()
		require.True(t, changed)
		require.Empty(t, events)
		require.EqualValues(t, 1, a.Version())

		c := a.Snapshot()
		require.NoError(t, c.Spend(start.Add(time.Hour)))
		require.Len(t, a.State().Spent, 1)
		require.Equal(t, c.State(), domain.RestoreRetractionAllowance(c.State()).State())
		_, changed = a.Settle()
		require.False(t, changed)
	})
}
