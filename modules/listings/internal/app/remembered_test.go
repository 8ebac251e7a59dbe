package app_test

import (
	"context"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/modules/listings/internal/app"
	"github.com/gavelhq/gavel/modules/listings/internal/domain"
)

func TestADraftIsMadeOncePerKey(t *testing.T) {
	t.Parallel()

	t.Run("the same request gives the same draft, another is refused", func(t *testing.T) {
		t.Parallel()
		h := newHouse(t)
		cmd := app.CreateDraftCommand{Seller: uuid.New(), Content: content(domain.Content{}), Key: "k"}
		first, err := h.create.Do(t.Context(), cmd)
		require.NoError(t, err)
		h.clock.Advance(time.Hour)
		again, err := h.create.Do(t.Context(), cmd)
		require.NoError(t, err)
		require.Equal(t, first, again)

		for name, change := range map[string]func(*app.CreateDraftCommand){
			"title":    func(c *app.CreateDraftCommand) { c.Content.Title = "Another" },
			"id":       func(c *app.CreateDraftCommand) { c.ID = uuid.New() },
			"currency": func(c *app.CreateDraftCommand) { c.Currency = "USD" },
			"table":    func(c *app.CreateDraftCommand) { c.Table = "ebay-uk" },
			"reserve":  func(c *app.CreateDraftCommand) { c.Content.Reserve = usd("90") },
		} {
			other := cmd
			change(&other)
			_, err = h.create.Do(t.Context(), other)
			require.ErrorIs(t, err, domain.ErrIdempotencyConflict, name)
		}
		cmd.Seller = uuid.New()
		another, err := h.create.Do(t.Context(), cmd)
		require.NoError(t, err)
		require.NotEqual(t, first, another, "a key is a member's own")
		cmd.Key = app.Key(strings.Repeat("k", 256))
		_, err = h.create.Do(t.Context(), cmd)
		require.ErrorIs(t, err, app.ErrInvalidKey)
	})
	t.Run("the same request gives the same draft though the house has changed", func(t *testing.T) {
		t.Parallel()
		h := newHouse(t)
		cmd := app.CreateDraftCommand{Seller: uuid.New(), Content: content(domain.Content{}), Key: "k"}
		first, err := h.create.Do(t.Context(), cmd)
		require.NoError(t, err)
		other := h.house
		other.Currency, other.Table = "XXX", "ebay-mars"
		again, err := app.NewCreateDraft(h.market, other).Do(t.Context(), cmd)
		require.NoError(t, err)
		require.Equal(t, first, again)
		cmd.Key = "another"
		_, err = app.NewCreateDraft(h.market, other).Do(t.Context(), cmd)
		require.ErrorIs(t, err, domain.ErrInvalidCurrency)
	})
	t.Run("a refusal is judged anew", func(t *testing.T) {
		t.Parallel()
		h := newHouse(t)
		id := uuid.New()
		cmd := app.CreateDraftCommand{ID: id, Seller: uuid.New(), Content: content(domain.Content{}), Key: "k"}
		taken := cmd
		taken.Seller, taken.Key = uuid.New(), ""
		_, err := h.create.Do(t.Context(), taken)
		require.NoError(t, err)
		_, err = h.create.Do(t.Context(), cmd)
		require.ErrorIs(t, err, app.ErrListingExists)
		require.NoError(t, h.deletion.Do(t.Context(), app.DeleteDraftCommand{Listing: id, By: by(taken.Seller)}))
		_, err = h.create.Do(t.Context(), cmd)
		require.NoError(t, err)
	})
	t.Run("also at the same time, under an id of the client's", func(t *testing.T) {
		t.Parallel()
		h := newHouse(t)
		cmd := app.CreateDraftCommand{ID: uuid.New(), Seller: uuid.New(), Content: content(domain.Content{}), Key: "k"}
		var all sync.WaitGroup
		for range 20 {
			all.Go(func() {
				id, err := h.create.Do(t.Context(), cmd)
				if err != nil || id != cmd.ID {
					t.Errorf("%s, %v", id, err)
				}
			})
		}
		all.Wait()
	})
	t.Run("also when the same request is accepted in the middle of it", func(t *testing.T) {
		t.Parallel()
		h := newHouse(t)
		cmd := app.CreateDraftCommand{ID: uuid.New(), Seller: uuid.New(), Content: content(domain.Content{}), Key: "k"}
		overtaken := &overtaken{Repository: h.listings, first: func() {
			_, err := h.create.Do(context.Background(), cmd)
			require.NoError(t, err)
		}}
		slow := app.NewCreateDraft(app.NewMarket(h.work, overtaken, h.clock).Recording(h.acts, h.answers), h.house)
		id, err := slow.Do(t.Context(), cmd)
		require.NoError(t, err)
		require.Equal(t, cmd.ID, id)
		require.Nil(t, overtaken.first)
		require.EqualValues(t, 1, h.state(id).Version)
	})
	t.Run("relisting, too", func(t *testing.T) {
		t.Parallel()
		h := newHouse(t)
		seller := uuid.New()
		id, other := h.publish(seller, domain.Content{}), h.publish(seller, domain.Content{})
		h.clock.Advance(30 * 24 * time.Hour)
		cmd := app.RelistListingCommand{Listing: id, By: by(seller), Key: "k"}
		first, err := h.relist.Do(t.Context(), cmd)
		require.NoError(t, err)
		again, err := h.relist.Do(t.Context(), cmd)
		require.NoError(t, err)
		require.Equal(t, first, again)
		cmd.Listing = other
		_, err = h.relist.Do(t.Context(), cmd)
		require.ErrorIs(t, err, domain.ErrIdempotencyConflict)
	})
	t.Run("a market that remembers nothing says so", func(t *testing.T) {
		t.Parallel()
		h := newHouse(t)
		forgetful := app.NewCreateDraft(h.elsewhere(h.clock), h.house)
		_, err := forgetful.Do(t.Context(), app.CreateDraftCommand{Seller: uuid.New(), Key: "k"})
		require.ErrorContains(t, err, "no answers are remembered")
	})
}

// overtaken is a repository in which something else happens before the first listing is added.
type overtaken struct {
	domain.Repository
	first func()
}

func (o *overtaken) Add(ctx context.Context, listing *domain.Listing) error {
	if first := o.first; first != nil {
		o.first = nil
		first()
	}
	return o.Repository.Add(ctx, listing)
}

func TestADraftIsDeletedAsItWasRead(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	seller := uuid.New()
	id := h.draft(seller, domain.Content{})
	read := h.state(id).Version
	require.NoError(t, h.edit.Do(t.Context(), app.EditListingCommand{Listing: id, By: by(seller), Content: content(domain.Content{Title: "New"})}))
	deletion := func(who uuid.UUID, version int64) func() error {
		return func() error {
			return h.deletion.Do(t.Context(), app.DeleteDraftCommand{Listing: id, By: by(who), Version: version})
		}
	}
	h.unchanged(id, domain.ErrListingNotFound, deletion(uuid.New(), read))
	h.unchanged(id, domain.ErrVersionMismatch, deletion(seller, read))
	require.NoError(t, deletion(seller, read+1)())
	_, err := h.ledger.State(t.Context(), id)
	require.ErrorIs(t, err, domain.ErrListingNotFound)
}
