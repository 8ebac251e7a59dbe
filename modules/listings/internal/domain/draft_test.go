package domain_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/modules/listings/internal/domain"
	"github.com/gavelhq/gavel/platform/fault"
)

func TestNewDraft(t *testing.T) {
	t.Parallel()

	t.Run("may be empty", func(t *testing.T) {
		t.Parallel()
		l, err := domain.NewDraft(member("listing"), member(seller), usd, domain.Content{}, start)
		require.NoError(t, err)
		s := l.State()
		require.Equal(t, domain.StatusDraft, s.Status)
		require.Equal(t, domain.DefaultTable, s.Terms.Table.Name())
		require.Zero(t, l.Version())
		_, changed := l.Settle()
		require.True(t, changed)
		require.EqualValues(t, 1, l.Version())
	})

	t.Run("keeps its amounts in the currency", func(t *testing.T) {
		t.Parallel()
		l, err := domain.NewDraft(member("listing"), member(seller), kwd, domain.Content{
			StartPrice: domain.Offer{Amount: "1.234", Currency: "KWD"},
		}, start)
		require.NoError(t, err)
		require.EqualValues(t, 1234, l.State().Terms.StartPrice)
		require.EqualValues(t, 50, l.State().Terms.Table.Increment(1), "so do the increments")
	})

	t.Run("names every amount that is none", func(t *testing.T) {
		t.Parallel()
		_, err := domain.NewDraft(member("listing"), member(seller), usd, domain.Content{
			StartPrice: dollars("1.234"),
			Reserve:    domain.Offer{Amount: "20", Currency: "EUR"},
			BuyNow:     dollars("x"),
		}, start)
		require.ErrorIs(t, err, domain.ErrAmountTooPrecise)
		require.Equal(t, "start_price", fault.Of(err).Fields()["field"])
		got := fault.Of(err).Fields()["errors"].([]map[string]string)
		require.Len(t, got, 3)
		require.Equal(t, "reserve", got[1]["field"])
		require.Equal(t, "currency_mismatch", got[1]["code"])
		require.Equal(t, "buy_now", got[2]["field"])
		require.Equal(t, "amount_malformed", got[2]["code"])
	})

	t.Run("takes any words that can be stored, and no others", func(t *testing.T) {
		t.Parallel()
		for name, text := range map[string]struct {
			text string
			kept bool
		}{
			"longer than could be published": {strings.Repeat("x", domain.MaxTitle+1), true},
			"with a control character":       {"a\ab", true},
			"as long as a draft may be":      {strings.Repeat("é", domain.MaxDraftText), true},
			"longer than a draft may be":     {strings.Repeat("é", domain.MaxDraftText+1), false},
			"with a null character":          {"a\x00b", false},
			"not UTF-8":                      {"a\xffb", false},
		} {
			_, asTitle := domain.NewDraft(member("listing"), member(seller), usd, domain.Content{Title: text.text}, start)
			_, asDescription := domain.NewDraft(member("listing"), member(seller), usd, domain.Content{Description: text.text}, start)
			if text.kept {
				require.NoError(t, asTitle, name)
				require.NoError(t, asDescription, name)
				continue
			}
			require.ErrorIs(t, asTitle, domain.ErrInvalidTitle, name)
			require.ErrorIs(t, asDescription, domain.ErrInvalidDescription, name)
		}
	})

	t.Run("keeps only a start that can be written, and its end with it", func(t *testing.T) {
		t.Parallel()
		for name, c := range map[string]struct {
			at   time.Time
			kept bool
		}{
			"none":                         {time.Time{}, true},
			"long ago":                     {time.Date(0, 1, 1, 0, 0, 0, 0, time.UTC), true},
			"before that":                  {time.Date(0, 1, 1, 0, 0, 0, -1000, time.UTC), false},
			"late":                         {time.Date(9998, 12, 31, 23, 59, 59, 999999000, time.UTC), true},
			"later":                        {time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC), false},
			"late by the clocks elsewhere": {time.Date(9998, 12, 31, 23, 59, 59, 0, time.FixedZone("west", -3600)), false},
		} {
			_, err := domain.NewDraft(member("listing"), member(seller), usd, domain.Content{StartsAt: c.at}, start)
			if c.kept {
				require.NoError(t, err, name)
			} else {
				require.ErrorIs(t, err, domain.ErrInvalidStartsAt, name)
			}
		}
	})

	t.Run("needs a currency", func(t *testing.T) {
		t.Parallel()
		_, err := domain.NewDraft(member("listing"), member(seller), domain.Currency{Code: "dollars"}, domain.Content{}, start)
		require.ErrorIs(t, err, domain.ErrInvalidCurrency)
	})

	t.Run("survives a round trip through its state", func(t *testing.T) {
		t.Parallel()
		a := published(t)
		a.bids(0, "A", "20.00")
		require.Empty(t, cmp.Diff(a.state(), domain.RestoreListing(a.state()).State()))
	})
}

func TestEditADraft(t *testing.T) {
	t.Parallel()
	a := drafted(t)
	house, err := domain.NewIncrementTable("house", []domain.IncrementRow{{From: 1, Increment: 7}})
	require.NoError(t, err)
	changed := content(titled("A viola"), startPrice("5.00"), func(c *domain.Content) { c.Table = house })
	require.NoError(t, a.edit(changed, 0))
	require.Equal(t, "A viola", a.state().Title)
	require.EqualValues(t, 500, a.state().Standing.Price)
	require.Equal(t, "house", a.state().Terms.Table.Name())
	require.EqualValues(t, 2, a.listing.Version())
	require.Empty(t, a.log, "the log begins with the publication")

	require.NoError(t, a.edit(content(titled("A viola"), startPrice("5.00")), 0))
	require.Equal(t, "house", a.state().Terms.Table.Name(), "no table keeps the present one")
	require.EqualValues(t, 2, a.listing.Version(), "nothing changed, so nothing is written")

	a.refused(domain.ErrListingNotFound, func() error {
		return a.listing.Edit(a.by("A"), content(), start)
	})
	a.refused(domain.ErrAmountMalformed, func() error { return a.edit(content(startPrice("x")), 0) })
	a.refused(domain.ErrListingNotOpen, func() error { return a.describe("more", 0) })
}

func TestOnlyADraftIsDeleted(t *testing.T) {
	t.Parallel()
	a := drafted(t)
	require.NoError(t, a.listing.CheckDelete(domain.Actor{ID: member(seller)}))
	require.ErrorIs(t, a.listing.CheckDelete(domain.Actor{ID: member("A"), Moderator: true}), domain.ErrListingNotFound)
	require.NoError(t, a.publish(0))
	require.ErrorIs(t, a.listing.CheckDelete(domain.Actor{ID: member(seller)}), domain.ErrListingNotDraft)
	require.ErrorIs(t, a.listing.CheckDelete(domain.Actor{ID: member("A")}), domain.ErrNotOwner)
}

func TestADraftIsItsSellersAlone(t *testing.T) {
	t.Parallel()
	a := drafted(t)
	require.NoError(t, a.listing.VisibleTo(member(seller)))
	require.ErrorIs(t, a.listing.VisibleTo(member("A")), domain.ErrListingNotFound)
	require.NoError(t, a.publish(0))
	require.NoError(t, a.listing.VisibleTo(member("A")))
}

func TestRelist(t *testing.T) {
	t.Parallel()
	relist := func(a *auction, at time.Duration) (*domain.Listing, error) {
		return a.listing.Relist(a.by(seller), member("another"), start.Add(at))
	}

	t.Run("gives a draft with the same content that links back", func(t *testing.T) {
		t.Parallel()
		a := published(t, reserve("90.00"), softClose(time.Minute, time.Minute, time.Hour))
		a.bids(0, "A", "20.00")
		require.True(t, a.close(end))
		before := domain.EncodeState(a.state())
		l, err := relist(a, end+time.Hour)
		require.NoError(t, err)
		require.Equal(t, before, domain.EncodeState(a.state()))

		s := l.State()
		require.Equal(t, member("another"), s.ID)
		require.Equal(t, a.state().ID, s.RelistedFrom)
		require.Equal(t, domain.StatusDraft, s.Status)
		require.Equal(t, start.Add(end+time.Hour), s.CreatedAt)
		require.Zero(t, s.Secret, "aliases must not link the two")
		require.Zero(t, s.Bids)
		require.EqualValues(t, 1000, s.Standing.Price)
		require.EqualValues(t, 9000, s.Terms.Reserve)
		_, changed := l.Settle()
		require.True(t, changed)

		b := &auction{t: t, listing: l}
		require.NoError(t, b.publish(end+2*time.Hour))
		require.Equal(t, start.Add(2*end+2*time.Hour), b.state().EndsAt)
		auditAll(t, b)
	})

	t.Run("needs a listing that is over", func(t *testing.T) {
		t.Parallel()
		a := published(t)
		_, err := relist(a, end-time.Microsecond)
		require.ErrorIs(t, err, domain.ErrListingNotEnded)
		_, err = relist(a, end)
		require.NoError(t, err, "closed or not")
		_, err = a.listing.Relist(a.by("A"), member("another"), start.Add(end))
		require.ErrorIs(t, err, domain.ErrNotOwner)
		require.NoError(t, a.cancel(seller, 0))
		_, err = relist(a, 0)
		require.NoError(t, err)
		_, err = relist(drafted(t), 0)
		require.ErrorIs(t, err, domain.ErrListingNotEnded)
	})
}
