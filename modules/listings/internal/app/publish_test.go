package app_test

import (
	"bytes"
	"io"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/modules/listings/internal/app"
	"github.com/gavelhq/gavel/modules/listings/internal/domain"
)

func TestPublishListing(t *testing.T) {
	t.Parallel()

	t.Run("opens a listing that starts now", func(t *testing.T) {
		t.Parallel()
		h := newHouse(t)
		id := h.publish(uuid.New(), domain.Content{Duration: time.Hour})
		require.Equal(t, []domain.EventKind{domain.KindPublished, domain.KindOpened}, h.kinds(id))
		require.Equal(t, domain.StatusOpen, h.state(id).Status)
		require.Equal(t, noon.Add(time.Hour), h.state(id).EndsAt)
		require.Len(t, h.outbox.Messages(), 2)
	})
	t.Run("schedules one that starts later", func(t *testing.T) {
		t.Parallel()
		h := newHouse(t)
		id := h.publish(uuid.New(), domain.Content{StartsAt: noon.Add(time.Minute)})
		require.Equal(t, []domain.EventKind{domain.KindPublished}, h.kinds(id))
		require.Equal(t, domain.StatusScheduled, h.state(id).Status)
	})
	t.Run("draws a secret for each listing", func(t *testing.T) {
		t.Parallel()
		h := newHouse(t)
		seller := uuid.New()
		first, second := h.state(h.publish(seller, domain.Content{})), h.state(h.publish(seller, domain.Content{}))
		require.NotEqual(t, domain.Secret{}, first.Secret)
		require.NotEqual(t, first.Secret, second.Secret)
		require.NotEqual(t, first.Secret.AliasOf(seller), second.Secret.AliasOf(seller), "nobody is recognised on another listing")
	})
	t.Run("refuses what is incomplete, naming every field", func(t *testing.T) {
		t.Parallel()
		h := newHouse(t)
		seller := uuid.New()
		id, err := h.create.Do(t.Context(), app.CreateDraftCommand{Seller: seller, Content: domain.Content{StartPrice: usd("10"), Reserve: usd("9")}})
		require.NoError(t, err)
		publish := func() error {
			return h.publishing.Do(t.Context(), app.PublishListingCommand{Listing: id, By: by(seller)})
		}
		h.unchanged(id, domain.ErrInvalidTitle, publish)
		err = publish()
		require.Len(t, fieldsOf(t, err), 3, "title, reserve and duration")
	})
	t.Run("refuses others, and a second time", func(t *testing.T) {
		t.Parallel()
		h := newHouse(t)
		seller := uuid.New()
		id := h.draft(seller, domain.Content{})
		publish := func(who domain.Actor) func() error {
			return func() error { return h.publishing.Do(t.Context(), app.PublishListingCommand{Listing: id, By: who}) }
		}
		h.unchanged(id, domain.ErrListingNotFound, publish(by(uuid.New())))
		h.unchanged(id, domain.ErrListingNotFound, publish(moderator))
		require.NoError(t, publish(by(seller))())
		h.unchanged(id, domain.ErrAlreadyPublished, publish(by(seller)))
	})
	t.Run("does nothing where no secret can be drawn", func(t *testing.T) {
		t.Parallel()
		h := newHouse(t)
		seller := uuid.New()
		id := h.draft(seller, domain.Content{})
		broken := app.NewPublishListing(h.market, app.Everyone{}, bytes.NewReader(make([]byte, domain.SecretSize-1)))
		err := broken.Do(t.Context(), app.PublishListingCommand{Listing: id, By: by(seller)})
		require.ErrorIs(t, err, io.ErrUnexpectedEOF)
		require.Equal(t, domain.StatusDraft, h.state(id).Status)
	})
}

func TestAppendDescription(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	seller := uuid.New()
	id := h.publish(seller, domain.Content{Description: "Blue"})
	h.bid(id, uuid.New(), "20")
	h.clock.Advance(time.Minute)
	appendText := func(who domain.Actor, text string) func() error {
		return func() error {
			return h.describe.Do(t.Context(), app.AppendDescriptionCommand{Listing: id, By: who, Text: text})
		}
	}
	require.NoError(t, appendText(by(seller), "And red")())
	require.Equal(t, []domain.Addition{{At: noon.Add(time.Minute), Text: "And red"}}, h.state(id).Additions)
	require.Equal(t, "Blue", h.state(id).Description)
	h.unchanged(id, domain.ErrNotOwner, appendText(by(uuid.New()), "And mine"))
	h.unchanged(id, domain.ErrInvalidDescription, appendText(by(seller), " "))
	h.clock.Advance(30 * 24 * time.Hour)
	h.unchanged(id, domain.ErrListingNotOpen, appendText(by(seller), "Too late"))
}
