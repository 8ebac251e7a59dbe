package domain_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/modules/listings/internal/domain"
	"github.com/gavelhq/gavel/platform/fault"
)

func TestEditAPublishedListing(t *testing.T) {
	t.Parallel()

	t.Run("everything while scheduled", func(t *testing.T) {
		t.Parallel()
		a := published(t, startingAt(start.Add(time.Hour)))
		require.NoError(t, a.edit(content(titled("A viola"), startPrice("5.00"), reserve("6.00"), buyNow("9.00"),
			startingAt(start.Add(30*time.Minute)), lasting(2*time.Hour)), 30*time.Minute))
		s := a.state()
		require.Equal(t, domain.KindEdited, a.last().Kind)
		require.Equal(t, "A viola", s.Title)
		require.EqualValues(t, 500, s.Standing.Price)
		require.False(t, s.Standing.ReserveMet)
		require.Equal(t, start.Add(2*time.Hour+30*time.Minute), s.EndsAt)
		require.Equal(t, s.EndsAt, s.PublishedEnd)
		a.bids(30*time.Minute, "A", "5.00")
		auditAll(t, a)
	})

	t.Run("the start is never in the past", func(t *testing.T) {
		t.Parallel()
		a := published(t, startingAt(start.Add(time.Hour)))
		a.refused(domain.ErrInvalidStartsAt, func() error {
			return a.edit(content(startingAt(start.Add(30*time.Minute-time.Microsecond))), 30*time.Minute)
		})
		require.NoError(t, a.edit(content(), 30*time.Minute))
		require.Equal(t, start.Add(time.Hour), a.state().Terms.StartsAt, "no start keeps the present one")
	})

	t.Run("once open the start stays", func(t *testing.T) {
		t.Parallel()
		a := published(t, startingAt(start.Add(time.Hour)))
		err := a.edit(content(startingAt(start.Add(2*time.Hour))), time.Hour)
		require.ErrorIs(t, err, domain.ErrInvalidStartsAt)
		require.Len(t, fault.Of(err).Fields()["errors"], 1)
		require.NoError(t, a.edit(content(startingAt(start.Add(time.Hour)), lasting(3*time.Hour)), time.Hour))
		require.Equal(t, []domain.EventKind{domain.KindPublished, domain.KindOpened, domain.KindEdited}, a.kinds())
		require.NoError(t, a.edit(content(lasting(2*time.Hour)), time.Hour))
		require.Equal(t, start.Add(3*time.Hour), a.state().EndsAt)
		auditAll(t, a)
	})

	t.Run("the new end lies after now", func(t *testing.T) {
		t.Parallel()
		a := published(t)
		a.refused(domain.ErrInvalidDuration, func() error { return a.edit(content(lasting(2*time.Hour)), 2*time.Hour) })
		require.NoError(t, a.edit(content(lasting(2*time.Hour)), 2*time.Hour-time.Microsecond))
	})

	t.Run("is checked like a publication, every field at once", func(t *testing.T) {
		t.Parallel()
		a := published(t)
		err := a.edit(content(titled(""), reserve("1.00")), time.Hour)
		require.ErrorIs(t, err, domain.ErrInvalidTitle)
		require.Len(t, fault.Of(err).Fields()["errors"], 2)
		a.refused(domain.ErrAmountMalformed, func() error { return a.edit(content(reserve("x")), time.Hour) })
		a.refused(domain.ErrCurrencyMismatch, func() error {
			return a.edit(content(func(c *domain.Content) { c.StartPrice.Currency = "EUR" }), time.Hour)
		})
	})

	t.Run("the table stays", func(t *testing.T) {
		t.Parallel()
		a := published(t)
		uk, err := domain.BuiltInTable(domain.TableUK, usd)
		require.NoError(t, err)
		a.refused(domain.ErrInvalidIncrementTable, func() error {
			return a.edit(content(func(c *domain.Content) { c.Table = uk }), time.Hour)
		})
		same, err := domain.BuiltInTable(domain.DefaultTable, usd)
		require.NoError(t, err)
		require.NoError(t, a.edit(content(func(c *domain.Content) { c.Table = same }), time.Hour))
	})

	t.Run("nothing once a bid was ever accepted", func(t *testing.T) {
		t.Parallel()
		a := published(t)
		a.bids(0, "A", "20.00")
		require.NoError(t, second(a.retract("A", 0)))
		a.refused(domain.ErrListingHasBids, func() error { return a.edit(content(), time.Hour) })
	})

	t.Run("only by the seller, only while it runs", func(t *testing.T) {
		t.Parallel()
		a := published(t)
		a.refused(domain.ErrNotOwner, func() error { return a.listing.Edit(a.by(moderator), content(), start) })
		a.refused(domain.ErrListingNotOpen, func() error { return a.edit(content(), end) })
		require.NoError(t, a.cancel(seller, 0))
		a.refused(domain.ErrListingNotOpen, func() error { return a.edit(content(), time.Hour) })
	})
}

func TestTheDescriptionIsAppendedTo(t *testing.T) {
	t.Parallel()
	a := published(t, startingAt(start.Add(time.Hour)))
	require.NoError(t, a.describe("It has a case.", time.Minute))
	a.bids(time.Hour, "A", "20.00")
	require.NoError(t, a.describe("The case is black.", 2*time.Hour))
	require.Equal(t, "Made in Mittenwald.", a.state().Description)
	require.Equal(t, []domain.Addition{
		{At: start.Add(time.Minute), Text: "It has a case."},
		{At: start.Add(2 * time.Hour), Text: "The case is black."},
	}, a.state().Additions)
	auditAll(t, a)

	for _, text := range []string{"", " ", strings.Repeat("x", 20_001), "\xff"} {
		a.refused(domain.ErrInvalidDescription, func() error { return a.describe(text, 2*time.Hour) })
	}
	a.refused(domain.ErrNotOwner, func() error { return a.listing.AppendDescription(a.by("A"), "x", start) })
	a.refused(domain.ErrListingNotOpen, func() error { return a.describe("x", time.Hour+end) })
	for range domain.MaxAdditions - 2 {
		require.NoError(t, a.describe("x", 3*time.Hour))
	}
	a.refused(domain.ErrInvalidDescription, func() error { return a.describe("x", 3*time.Hour) })
}
