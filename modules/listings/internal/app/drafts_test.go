package app_test

import (
	"context"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/modules/listings/internal/app"
	"github.com/gavelhq/gavel/modules/listings/internal/domain"
	"github.com/gavelhq/gavel/platform/page"
)

func TestCreateDraft(t *testing.T) {
	t.Parallel()

	t.Run("takes over what the house decides", func(t *testing.T) {
		t.Parallel()
		h := newHouse(t)
		id, err := h.create.Do(t.Context(), app.CreateDraftCommand{Seller: uuid.New()})
		require.NoError(t, err)
		require.EqualValues(t, 7, id.Version(), "ids are drawn in the order of time")
		state := h.state(id)
		require.Equal(t, domain.StatusDraft, state.Status)
		require.Equal(t, domain.Currency{Code: "USD", Digits: 2}, state.Currency)
		require.Equal(t, "flat:1.00", state.Terms.Table.Name())
		require.Equal(t, noon, state.CreatedAt)
		require.EqualValues(t, 1, state.Version)
		require.Empty(t, h.outbox.Messages(), "a draft is nobody else's business")
	})
	t.Run("or what the seller decides", func(t *testing.T) {
		t.Parallel()
		h := newHouse(t)
		chosen := uuid.New()
		id, err := h.create.Do(t.Context(), app.CreateDraftCommand{ID: chosen, Seller: uuid.New(), Currency: "KWD", Table: "ebay-uk"})
		require.NoError(t, err)
		require.Equal(t, chosen, id)
		require.Equal(t, domain.Currency{Code: "KWD", Digits: 3}, h.state(id).Currency)
		require.Equal(t, "ebay-uk", h.state(id).Terms.Table.Name())
	})
	refusals := map[string]struct {
		command app.CreateDraftCommand
		want    error
	}{
		"a currency that is none":       {command: app.CreateDraftCommand{Currency: "XXX"}, want: domain.ErrInvalidCurrency},
		"a table that is none":          {command: app.CreateDraftCommand{Table: "ebay-mars"}, want: domain.ErrInvalidIncrementTable},
		"an increment that is none":     {command: app.CreateDraftCommand{Currency: "JPY", Table: "flat:0.50"}, want: domain.ErrInvalidIncrementTable},
		"an amount that is none":        {command: app.CreateDraftCommand{Content: domain.Content{StartPrice: usd("ten")}}, want: domain.ErrAmountMalformed},
		"an amount in another currency": {command: app.CreateDraftCommand{Currency: "JPY", Table: "ebay-uk", Content: domain.Content{Reserve: usd("10")}}, want: domain.ErrCurrencyMismatch},
	}
	for name, test := range refusals {
		t.Run("refuses "+name, func(t *testing.T) {
			t.Parallel()
			h := newHouse(t)
			seller := uuid.New()
			test.command.Seller = seller
			_, err := h.create.Do(t.Context(), test.command)
			require.ErrorIs(t, err, test.want)
			own, err := h.views.Listings(t.Context(), app.Filter{Seller: seller}, by(seller), page.Request{}, noon)
			require.NoError(t, err)
			require.Empty(t, own.Items)
		})
	}
	t.Run("refuses an id that is taken", func(t *testing.T) {
		t.Parallel()
		h := newHouse(t)
		id := h.draft(uuid.New(), domain.Content{Title: "The first"})
		_, err := h.create.Do(t.Context(), app.CreateDraftCommand{ID: id, Seller: uuid.New()})
		require.ErrorIs(t, err, app.ErrListingExists)
		require.Equal(t, "The first", h.state(id).Title)
	})
}

func TestEditListing(t *testing.T) {
	t.Parallel()

	t.Run("replaces a draft's content", func(t *testing.T) {
		t.Parallel()
		h := newHouse(t)
		seller := uuid.New()
		id := h.draft(seller, domain.Content{})
		require.NoError(t, h.edit.Do(t.Context(), app.EditListingCommand{
			Listing: id, By: by(seller), Version: 1, Table: "ebay-uk", Content: content(domain.Content{Title: "A chair"}),
		}))
		require.Equal(t, "A chair", h.state(id).Title)
		require.Equal(t, "ebay-uk", h.state(id).Terms.Table.Name())
		require.EqualValues(t, 2, h.state(id).Version)
	})
	t.Run("replaces what nobody has bid on, in the log", func(t *testing.T) {
		t.Parallel()
		h := newHouse(t)
		seller := uuid.New()
		id := h.publish(seller, domain.Content{StartsAt: noon.Add(time.Hour)})
		require.NoError(t, h.edit.Do(t.Context(), app.EditListingCommand{
			Listing: id, By: by(seller), Content: content(domain.Content{StartPrice: usd("15")}),
		}))
		require.Equal(t, []domain.EventKind{domain.KindPublished, domain.KindEdited}, h.kinds(id))
		require.EqualValues(t, 1500, h.state(id).Standing.Price)
	})
	t.Run("refuses who has read an older version", func(t *testing.T) {
		t.Parallel()
		h := newHouse(t)
		seller := uuid.New()
		id := h.publish(seller, domain.Content{})
		h.unchanged(id, domain.ErrVersionMismatch, func() error {
			return h.edit.Do(t.Context(), app.EditListingCommand{Listing: id, By: by(seller), Version: 1, Content: content(domain.Content{})})
		})
	})
	t.Run("does not tell others the version of a draft", func(t *testing.T) {
		t.Parallel()
		h := newHouse(t)
		id := h.draft(uuid.New(), domain.Content{})
		h.unchanged(id, domain.ErrListingNotFound, func() error {
			return h.edit.Do(t.Context(), app.EditListingCommand{Listing: id, By: by(uuid.New()), Version: 7})
		})
	})
	t.Run("refuses a table that is none, others' listings, and what was bid on", func(t *testing.T) {
		t.Parallel()
		h := newHouse(t)
		seller := uuid.New()
		id := h.publish(seller, domain.Content{})
		edit := func(who domain.Actor, table string) func() error {
			return func() error {
				return h.edit.Do(t.Context(), app.EditListingCommand{Listing: id, By: who, Table: table, Content: content(domain.Content{})})
			}
		}
		h.unchanged(id, domain.ErrInvalidIncrementTable, edit(by(seller), "ebay-mars"))
		h.unchanged(id, domain.ErrNotOwner, edit(by(uuid.New()), ""))
		h.unchanged(id, domain.ErrNotOwner, edit(moderator, ""))
		h.bid(id, uuid.New(), "20")
		h.unchanged(id, domain.ErrListingHasBids, edit(by(seller), ""))
	})
}

func TestDeleteDraft(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	seller := uuid.New()
	draft, public := h.draft(seller, domain.Content{}), h.publish(seller, domain.Content{})
	deleting := func(id uuid.UUID, who domain.Actor) func() error {
		return func() error { return h.deletion.Do(t.Context(), app.DeleteDraftCommand{Listing: id, By: who}) }
	}
	h.unchanged(draft, domain.ErrListingNotFound, deleting(draft, by(uuid.New())))
	h.unchanged(draft, domain.ErrListingNotFound, deleting(draft, moderator))
	h.unchanged(public, domain.ErrNotOwner, deleting(public, by(uuid.New())))
	h.unchanged(public, domain.ErrListingNotDraft, deleting(public, by(seller)))

	require.NoError(t, deleting(draft, by(seller))())
	_, err := h.ledger.State(t.Context(), draft)
	require.ErrorIs(t, err, domain.ErrListingNotFound)
	require.ErrorIs(t, deleting(draft, by(seller))(), domain.ErrListingNotFound)
}

func TestRelistListing(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	seller := uuid.New()
	id := h.publish(seller, domain.Content{Title: "A chair", Reserve: usd("500")})
	relist := func(who domain.Actor) func() error {
		return func() error {
			_, err := h.relist.Do(t.Context(), app.RelistListingCommand{Listing: id, By: who})
			return err
		}
	}
	h.unchanged(id, domain.ErrListingNotEnded, relist(by(seller)))
	h.clock.Advance(30 * 24 * time.Hour)
	h.unchanged(id, domain.ErrNotOwner, relist(by(uuid.New())))

	again, err := h.relist.Do(t.Context(), app.RelistListingCommand{Listing: id, By: by(seller)})
	require.NoError(t, err)
	state := h.state(again)
	require.Equal(t, domain.StatusDraft, state.Status)
	require.Equal(t, id, state.RelistedFrom)
	require.Equal(t, "A chair", state.Title)
	require.EqualValues(t, 500_00, state.Terms.Reserve)
	require.Equal(t, h.clock.Now(), state.CreatedAt)
}

func TestAnIDThatWasTakenInTheSameUnitIsRefusedLikeAnyOther(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	draft := app.CreateDraftCommand{ID: uuid.New(), Seller: uuid.New()}
	err := h.work.Do(t.Context(), func(ctx context.Context) error {
		if _, err := h.create.Do(ctx, draft); err != nil {
			return err
		}
		_, err := h.create.Do(ctx, draft)
		return err
	})
	require.ErrorIs(t, err, app.ErrListingExists)
}
