package domain_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/modules/listings/internal/domain"
)

func TestCancelBids(t *testing.T) {
	t.Parallel()

	t.Run("takes all live bids out and excludes the bidder", func(t *testing.T) {
		t.Parallel()
		for _, by := range []string{seller, moderator} {
			a := published(t)
			a.bids(0, "A", "20.00", "B", "30.00", "B", "50.00")
			got, err := a.cancelBids(by, "B", time.Hour)
			require.NoError(t, err)
			require.Equal(t, []int64{4, 5}, got.Bids)
			require.Equal(t, "10.00", got.Price.Decimal())
			require.Equal(t, []uuid.UUID{member("B")}, a.state().Excluded)
			require.Equal(t, member("B"), a.last().Sealed.Bidder)
			require.Equal(t, member(by), a.last().Sealed.Actor)
			a.refused(domain.ErrBidderNotEligible, func() error { return second(a.bid("B", "90.00", time.Hour)) })
			a.refused(domain.ErrNothingToCancel, func() error { return second(a.cancelBids(by, "B", time.Hour)) })
			auditAll(t, a)
		}
	})

	t.Run("excludes many, sorted", func(t *testing.T) {
		t.Parallel()
		a := published(t)
		a.bids(0, "A", "20.00", "B", "30.00", "C", "40.00", "D", "50.00")
		for _, bidder := range []string{"D", "A", "C", "B"} {
			require.NoError(t, second(a.cancelBids(seller, bidder, time.Hour)))
		}
		for _, bidder := range []string{"A", "B", "C", "D"} {
			a.refused(domain.ErrBidderNotEligible, func() error { return second(a.bid(bidder, "90.00", time.Hour)) })
		}
		auditAll(t, a)
	})

	t.Run("is refused to others, without a reason, and where nothing runs", func(t *testing.T) {
		t.Parallel()
		a := published(t)
		a.bids(0, "A", "20.00")
		a.refused(domain.ErrNotOwner, func() error { return second(a.cancelBids("B", "A", end)) })
		for _, reason := range []string{"", " \n", strings.Repeat("x", 1001), "\x00"} {
			a.refused(domain.ErrInvalidReason, func() error {
				return second(a.listing.CancelBids(a.by(seller), member("A"), reason, a.live(), start))
			})
		}
		a.refused(domain.ErrListingNotOpen, func() error { return second(a.cancelBids(seller, "A", end)) })
		require.NoError(t, a.freeze(0))
		a.refused(domain.ErrListingFrozen, func() error { return second(a.cancelBids(seller, "A", 0)) })
		a = drafted(t)
		a.refused(domain.ErrListingNotFound, func() error { return second(a.cancelBids("B", "A", 0)) })
		a.refused(domain.ErrListingNotFound, func() error { return second(a.cancelBids(moderator, "A", 0)) })
	})
}

func TestCancelAListing(t *testing.T) {
	t.Parallel()
	scheduled := startingAt(start.Add(time.Hour))
	tests := map[string]struct {
		by      string
		content func(*domain.Content)
		bids    bool
		frozen  bool
		at      time.Duration
		want    error
	}{
		"the seller while scheduled":                   {by: seller, content: scheduled, at: time.Hour - time.Microsecond},
		"the seller with exactly 12 hours left":        {by: seller, bids: true, at: end - 12*time.Hour},
		"the seller a microsecond later":               {by: seller, bids: true, at: end - 12*time.Hour + time.Microsecond, want: domain.ErrTooLateToCancel},
		"the seller late without bids":                 {by: seller, at: end - time.Microsecond},
		"the seller at the end":                        {by: seller, at: end, want: domain.ErrListingNotOpen},
		"a moderator just before the end":              {by: moderator, bids: true, at: end - time.Microsecond},
		"a moderator at the end":                       {by: moderator, bids: true, at: end, want: domain.ErrListingNotOpen},
		"a moderator while frozen, past the end":       {by: moderator, bids: true, frozen: true, at: end + time.Hour},
		"the seller while frozen, early":               {by: seller, bids: true, frozen: true, at: end - 12*time.Hour},
		"the seller while frozen, late":                {by: seller, bids: true, frozen: true, at: end - time.Hour, want: domain.ErrTooLateToCancel},
		"the seller while frozen, past it, no bids":    {by: seller, frozen: true, at: end + time.Hour},
		"somebody else":                                {by: "A", at: 0, want: domain.ErrNotOwner},
		"the seller scheduled, frozen, past the start": {by: seller, content: scheduled, frozen: true, at: 2 * time.Hour},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			change := tt.content
			if change == nil {
				change = func(*domain.Content) {}
			}
			a := published(t, change)
			if tt.bids {
				a.bids(0, "A", "20.00")
			}
			if tt.frozen {
				require.NoError(t, a.freeze(0))
			}
			if tt.want != nil {
				a.refused(tt.want, func() error { return a.cancel(tt.by, tt.at) })
				return
			}
			require.NoError(t, a.cancel(tt.by, tt.at))
			require.Equal(t, domain.StatusCancelled, a.state().Status)
			require.False(t, a.state().Frozen)
			require.Zero(t, a.state().Winner)
			require.False(t, a.close(end+time.Hour))
			a.refused(domain.ErrListingNotOpen, func() error { return a.cancel(tt.by, tt.at) })
			auditAll(t, a)
		})
	}

	t.Run("a retracted bid was accepted all the same", func(t *testing.T) {
		t.Parallel()
		a := published(t)
		a.bids(0, "A", "20.00")
		require.NoError(t, second(a.retract("A", time.Minute)))
		a.refused(domain.ErrTooLateToCancel, func() error { return a.cancel(seller, end-time.Hour) })
	})

	t.Run("the seller need not say why, a moderator must", func(t *testing.T) {
		t.Parallel()
		a := published(t)
		a.refused(domain.ErrInvalidReason, func() error { return a.listing.Cancel(a.by(moderator), "", start) })
		a.refused(domain.ErrInvalidReason, func() error {
			return a.listing.Cancel(a.by(seller), strings.Repeat("x", domain.MaxReason+1), start)
		})
		require.NoError(t, a.listing.Cancel(a.by(seller), "", start))
	})

	t.Run("a seller who is a moderator too acts as one only where he must", func(t *testing.T) {
		t.Parallel()
		a := published(t)
		a.bids(0, "A", "20.00")
		by := a.by(seller)
		by.Actor.Moderator = true
		early := a.listing.Snapshot()
		require.NoError(t, early.Cancel(by, "", start.Add(time.Hour)))
		require.ErrorIs(t, a.listing.Cancel(by, "", start.Add(end-time.Hour)), domain.ErrInvalidReason)
		require.NoError(t, a.listing.Cancel(by, "a forgery", start.Add(end-time.Hour)))
		a.settle()
		require.Equal(t, domain.RoleModerator, a.last().Role)
	})

	t.Run("a draft is deleted, not cancelled", func(t *testing.T) {
		t.Parallel()
		a := drafted(t)
		a.refused(domain.ErrListingNotOpen, func() error { return a.cancel(seller, 0) })
		a.refused(domain.ErrListingNotFound, func() error { return a.cancel("A", 0) })
	})
}
