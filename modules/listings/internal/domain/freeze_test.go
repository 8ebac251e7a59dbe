package domain_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/modules/listings/internal/domain"
)

func TestAFrozenListingRefusesEverythingButItsCancellation(t *testing.T) {
	t.Parallel()
	a := published(t, buyNow("40.00"))
	a.bids(0, "A", "20.00")
	require.NoError(t, a.freeze(time.Hour))
	require.True(t, a.state().Frozen)

	at := 2 * time.Hour
	commands := map[string]func() error{
		"bid":            func() error { return second(a.bid("B", "30.00", at)) },
		"buy now":        func() error { return second(a.buyNow("B", at)) },
		"retract":        func() error { return second(a.retract("A", at)) },
		"cancel bids":    func() error { return second(a.cancelBids(seller, "A", at)) },
		"edit":           func() error { return a.edit(content(), at) },
		"describe":       func() error { return a.describe("more", at) },
		"freeze":         func() error { return a.freeze(at) },
		"bid at the end": func() error { return second(a.bid("B", "30.00", end)) },
	}
	for name, command := range commands {
		require.ErrorIs(t, command(), domain.ErrListingFrozen, name)
		a.refused(domain.ErrListingFrozen, command)
	}
	require.False(t, a.close(end+time.Hour), "the end passing does not close it")
	require.False(t, a.open(end+time.Hour))
	require.Equal(t, domain.StatusOpen, a.state().Phase().At(start.Add(end+time.Hour)))
	require.NoError(t, a.unfreeze(end+time.Hour))
	require.Equal(t, start.Add(end+25*time.Hour), a.state().EndsAt)
	a.bids(end+2*time.Hour, "B", "30.00")
	auditAll(t, a)
}

func TestAnEditKeepsTheEndThatUnfreezingGave(t *testing.T) {
	t.Parallel()
	thawed := func(t *testing.T) (*auction, time.Time) {
		a := published(t, startingAt(start.Add(time.Hour)), lasting(2*time.Hour))
		require.NoError(t, a.freeze(0))
		require.NoError(t, a.unfreeze(2*time.Hour))
		moved := start.Add(26 * time.Hour)
		require.Equal(t, moved, a.state().EndsAt)
		return a, moved
	}
	same := []func(*domain.Content){startingAt(start.Add(time.Hour)), lasting(2 * time.Hour)}

	t.Run("while start and duration stay, even when the published end has passed", func(t *testing.T) {
		t.Parallel()
		a, moved := thawed(t)
		require.NoError(t, a.edit(content(append(same, titled("A viola"))...), 20*time.Hour))
		require.Equal(t, moved, a.state().EndsAt)
		require.Equal(t, moved, a.state().PublishedEnd)
		require.Equal(t, "A viola", a.state().Title)
		require.NoError(t, a.edit(content(same[1], titled("A cello")), 26*time.Hour-time.Microsecond))
		require.Equal(t, moved, a.state().EndsAt)
		auditAll(t, a)
	})
	t.Run("but not when the duration changes", func(t *testing.T) {
		t.Parallel()
		a, moved := thawed(t)
		require.NoError(t, a.edit(content(same[0], lasting(30*time.Hour)), 20*time.Hour))
		require.Equal(t, start.Add(31*time.Hour), a.state().EndsAt)
		require.NoError(t, a.edit(content(same[0], lasting(24*time.Hour)), 20*time.Hour))
		require.Equal(t, start.Add(25*time.Hour), a.state().EndsAt)
		require.NotEqual(t, moved, a.state().PublishedEnd)
		a.refused(domain.ErrInvalidDuration, func() error { return a.edit(content(same...), 20*time.Hour) })
		auditAll(t, a)
	})
	t.Run("nor when the start does", func(t *testing.T) {
		t.Parallel()
		a := published(t, startingAt(start.Add(48*time.Hour)), lasting(time.Hour))
		require.NoError(t, a.freeze(0))
		require.NoError(t, a.unfreeze(40*time.Hour))
		require.Equal(t, start.Add(64*time.Hour), a.state().EndsAt)
		require.NoError(t, a.edit(content(startingAt(start.Add(50*time.Hour)), lasting(time.Hour)), 41*time.Hour))
		require.Equal(t, start.Add(51*time.Hour), a.state().EndsAt)
		auditAll(t, a)
	})
}

func TestUnfreezeLeavesADay(t *testing.T) {
	t.Parallel()
	tests := map[string]struct{ at, want time.Duration }{
		"more than a day is left":    {at: end - 24*time.Hour - time.Microsecond, want: end},
		"exactly a day":              {at: end - 24*time.Hour, want: end},
		"a microsecond less":         {at: end - 24*time.Hour + time.Microsecond, want: end + time.Microsecond},
		"the end has passed by far ": {at: 100 * end, want: 100*end + 24*time.Hour},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := published(t, softClose(time.Minute, time.Minute, time.Minute))
			require.NoError(t, a.freeze(0))
			require.NoError(t, a.unfreeze(tt.at))
			require.Equal(t, start.Add(tt.want), a.state().EndsAt)
			require.Equal(t, start.Add(tt.want), a.state().PublishedEnd, "the cap counts from the new end")
			require.False(t, a.state().Frozen)
			auditAll(t, a)
		})
	}
	t.Run("an end that stays does not reset the cap", func(t *testing.T) {
		t.Parallel()
		a := published(t, lasting(time.Hour), softClose(24*time.Hour, 24*time.Hour, 7*24*time.Hour))
		a.bids(time.Minute, "A", "20.00")
		require.NoError(t, a.freeze(time.Minute))
		require.NoError(t, a.unfreeze(time.Minute))
		require.Equal(t, start.Add(time.Hour), a.state().PublishedEnd)
		require.Equal(t, start.Add(24*time.Hour+time.Minute), a.state().EndsAt)
	})
}

func TestAListingFrozenWhileScheduledOpensWhenItGoesOn(t *testing.T) {
	t.Parallel()
	a := published(t, startingAt(start.Add(time.Hour)))
	require.NoError(t, a.freeze(time.Minute))
	require.NoError(t, a.unfreeze(2*time.Hour))
	require.Equal(t, []domain.EventKind{
		domain.KindPublished, domain.KindFrozen, domain.KindOpened, domain.KindUnfrozen,
	}, a.kinds())
	require.Equal(t, start.Add(time.Hour), a.log[2].At)
	auditAll(t, a)
}

func TestWhoMayFreezeWhat(t *testing.T) {
	t.Parallel()
	a := published(t)
	a.refused(domain.ErrNotModerator, func() error { return a.listing.Freeze(a.by(seller), "x", start) })
	a.refused(domain.ErrInvalidReason, func() error { return a.listing.Freeze(a.by(moderator), "", start) })
	a.refused(domain.ErrListingNotOpen, func() error { return a.freeze(end) })
	a.refused(domain.ErrNotModerator, func() error { return a.listing.Unfreeze(a.by(seller), "x", start) })
	a.refused(domain.ErrInvalidReason, func() error { return a.listing.Unfreeze(a.by(moderator), " ", start) })
	a.refused(domain.ErrListingNotFrozen, func() error { return a.unfreeze(0) })
	a = drafted(t)
	a.refused(domain.ErrListingNotFound, func() error { return a.freeze(0) })
	a.refused(domain.ErrListingNotFound, func() error { return a.unfreeze(0) })
}
