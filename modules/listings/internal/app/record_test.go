package app_test

import (
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/modules/listings/internal/app"
	"github.com/gavelhq/gavel/modules/listings/internal/domain"
)

// seen returns a listing as somebody sees it now.
func (h *house) seen(id uuid.UUID, viewer domain.Actor) app.ListingRecord {
	h.t.Helper()
	record, err := app.RecordOf(h.state(id), viewer, h.clock.Now())
	require.NoError(h.t, err)
	return record
}

func TestRecordNamesMembersOnlyToThoseWhoMayKnow(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	seller, loser, leader := uuid.New(), uuid.New(), uuid.New()
	id := h.publish(seller, domain.Content{})
	h.bid(id, loser, "15")
	h.bid(id, leader, "20")
	alias := h.state(id).Secret.AliasOf(leader)

	knows := map[domain.Actor]uuid.UUID{
		{}: uuid.Nil, by(loser): uuid.Nil, by(uuid.New()): uuid.Nil,
		by(leader): leader, by(seller): leader, moderator: leader,
	}
	for viewer, want := range knows {
		record := h.seen(id, viewer)
		require.Equal(t, want, record.LeaderID)
		require.Equal(t, alias, record.Leader)
		require.Zero(t, record.Winner)
		require.Zero(t, record.FinalPrice.Minor)
	}
	h.clock.Advance(30 * 24 * time.Hour)
	unwritten := h.seen(id, by(seller))
	require.Equal(t, 1, h.keep())
	written := h.seen(id, by(seller))
	for _, record := range []app.ListingRecord{unwritten, written} {
		require.Equal(t, domain.StatusSold, record.Status, "whether or not a job has run")
		require.Equal(t, leader, record.WinnerID)
		require.Equal(t, alias, record.Winner)
		require.Equal(t, dollars(16_00), record.FinalPrice)
	}
	require.Equal(t, uuid.Nil, h.seen(id, by(loser)).WinnerID)
}

func TestRecordShowsTheReserveToTheSellerOfADraftAlone(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	seller := uuid.New()
	draft, public := h.draft(seller, domain.Content{Reserve: usd("40")}), h.publish(seller, domain.Content{Reserve: usd("40")})
	require.Equal(t, dollars(40_00), h.seen(draft, by(seller)).Reserve)
	require.Zero(t, h.seen(public, by(seller)).Reserve.Minor)
	require.Zero(t, h.seen(public, moderator).Reserve.Minor)
	for _, viewer := range []domain.Actor{{}, by(uuid.New()), moderator} {
		_, err := app.RecordOf(h.state(draft), viewer, noon)
		require.ErrorIs(t, err, domain.ErrListingNotFound)
	}
}

func TestRecordOffersBuyItNowWhileItIsAvailable(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	id := h.publish(uuid.New(), domain.Content{BuyNow: usd("50"), StartsAt: noon.Add(time.Hour)})
	require.Zero(t, h.seen(id, domain.Actor{}).BuyNow.Minor, "not before the start")
	h.clock.Advance(time.Hour)
	require.Equal(t, dollars(50_00), h.seen(id, domain.Actor{}).BuyNow)
	h.bid(id, uuid.New(), "20")
	require.Zero(t, h.seen(id, domain.Actor{}).BuyNow.Minor)
	require.Equal(t, dollars(50_00), h.seen(id, domain.Actor{}).BuyNowPrice, "which is what the listing's form shows")
}

func TestKeysOfLists(t *testing.T) {
	t.Parallel()
	id := uuid.New()
	ends := noon.Add(time.Hour)
	listing, draft := app.ListingSummary{ID: id, CreatedAt: noon, EndsAt: ends}, app.ListingSummary{ID: id, CreatedAt: noon}
	require.Equal(t, app.ListingKey{At: ends.UnixMicro(), ID: id}, listing.Key(app.SortEndingSoon))
	require.Equal(t, app.ListingKey{At: ends.UnixMicro(), ID: id}, listing.Key(app.SortEndedLast))
	require.Equal(t, app.ListingKey{At: noon.UnixMicro(), ID: id}, listing.Key(app.SortNewest))
	require.Equal(t, app.ListingKey{At: app.NoEnd, ID: id}, draft.Key(app.SortEndingSoon))
}
