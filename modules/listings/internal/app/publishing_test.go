package app_test

import (
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/modules/listings/internal/app"
	"github.com/gavelhq/gavel/modules/listings/internal/domain"
	"github.com/gavelhq/gavel/modules/listings/listingsapi"
	"github.com/gavelhq/gavel/platform/fault"
)

func TestEveryEventIsPublishedOnceWithoutSecrets(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	seller, first, second := uuid.New(), uuid.New(), uuid.New()
	id := h.publish(seller, domain.Content{Title: "A chair", Reserve: usd("19.87")})
	h.bid(id, first, "15.43")
	h.bid(id, second, "5820917.43") // no id has such a number in it
	require.NoError(t, h.freeze.Do(t.Context(), app.FreezeListingCommand{Listing: id, By: moderator, Reason: "a secret reason"}))
	require.NoError(t, h.unfreeze.Do(t.Context(), app.UnfreezeListingCommand{Listing: id, By: moderator, Reason: "a secret reason"}))
	h.clock.Advance(30 * 24 * time.Hour)
	require.Equal(t, 1, h.keep())

	messages := h.outbox.Messages()
	kinds := make([]string, len(messages))
	ids := map[uuid.UUID]bool{}
	for i, m := range messages {
		kinds[i] = m.Kind
		ids[m.ID] = true
		require.Equal(t, id, m.Aggregate)
		require.EqualValues(t, i+1, m.Seq)
		for _, secret := range []string{"5820917.43", "582091743", "a secret reason"} {
			require.NotContains(t, string(m.Payload), secret)
		}
	}
	require.Len(t, ids, len(messages))
	require.Equal(t, []string{
		listingsapi.KindPublished, listingsapi.KindOpened, listingsapi.KindBidPlaced, listingsapi.KindBidPlaced,
		listingsapi.KindFrozen, listingsapi.KindUnfrozen, listingsapi.KindClosed,
	}, kinds)

	require.JSONEq(t, `{
		"listing_id": "`+id.String()+`", "seller_id": "`+seller.String()+`", "title": "A chair",
		"seq": 4, "at": "2026-03-01T12:00:00Z",
		"actor_id": "`+second.String()+`", "bidder_id": "`+second.String()+`",
		"leader_id": "`+second.String()+`", "former_leader_id": "`+first.String()+`",
		"status": "open", "price": "19.87", "next_minimum": "20.87", "currency": "USD", "reserve_met": true,
		"ends_at": "2026-03-08T12:00:00Z"
	}`, string(messages[3].Payload))
	require.JSONEq(t, `{
		"listing_id": "`+id.String()+`", "seller_id": "`+seller.String()+`", "title": "A chair",
		"seq": 7, "at": "2026-03-08T12:00:00Z",
		"leader_id": "`+second.String()+`", "former_leader_id": "`+second.String()+`",
		"status": "sold", "price": "19.87", "next_minimum": "20.87", "currency": "USD", "reserve_met": true,
		"ends_at": "2026-03-08T12:00:00Z", "final_price": "19.87"
	}`, string(messages[6].Payload))
}

func TestReaderTellsOtherModulesWhatEverybodyMayKnow(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	reader := app.NewReader(h.views, h.clock)
	seller := uuid.New()
	id, draft := h.publish(seller, domain.Content{Title: "A chair"}), h.draft(seller, domain.Content{})
	h.bid(id, uuid.New(), "20")

	summary, err := reader.Summary(t.Context(), id)
	require.NoError(t, err)
	head := h.state(id).Head
	require.Equal(t, listingsapi.Summary{
		ID: id, Seller: seller, Title: "A chair", State: "open", EndsAt: noon.Add(7 * 24 * time.Hour), LogSeq: 3, LogHash: head.Hash,
	}, summary)

	h.clock.Advance(30 * 24 * time.Hour)
	summary, err = reader.Summary(t.Context(), id)
	require.NoError(t, err)
	require.Equal(t, "sold", summary.State, "whether or not a job has run")

	for _, hidden := range []uuid.UUID{draft, uuid.New()} {
		_, err = reader.Summary(t.Context(), hidden)
		require.Equal(t, fault.NotFound, fault.KindOf(err))
	}
}
