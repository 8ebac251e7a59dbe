package app_test

import (
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/modules/listings/internal/app"
	"github.com/gavelhq/gavel/modules/listings/internal/domain"
	"github.com/gavelhq/gavel/modules/profiles/profilesapi"
)

func TestOwnBids(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	seller, alice, bob := uuid.New(), uuid.New(), uuid.New()
	id := h.publish(seller, domain.Content{BuyNow: usd("500"), Reserve: usd("400")})
	own := func(member uuid.UUID) app.OwnStanding {
		standing, err := h.own.Of(t.Context(), id, member)
		require.NoError(t, err)
		require.Equal(t, h.state(id).Secret.AliasOf(member), standing.Bidder)
		require.Equal(t, id, standing.Summary.ID)
		return standing
	}
	require.Equal(t, app.OwnNone, own(alice).Result)
	require.Zero(t, own(alice).Maximum.Minor)

	h.bid(id, alice, "20")
	require.Equal(t, app.OwnLeading, own(alice).Result)
	h.bid(id, bob, "30")
	h.bid(id, alice, "25")
	require.Equal(t, app.OwnOutbid, own(alice).Result)
	require.Equal(t, dollars(25_00), own(alice).Maximum)
	require.Equal(t, 2, own(alice).LiveBids)
	require.Equal(t, app.OwnLeading, own(bob).Result)
	require.Equal(t, dollars(30_00), own(bob).Maximum)

	_, err := h.cancelBids.Do(t.Context(), app.CancelBidsCommand{Listing: id, Bidder: alice, By: by(seller), Reason: "no money"})
	require.NoError(t, err)
	require.Equal(t, app.OwnNone, own(alice).Result)
	require.True(t, own(alice).Excluded)
	require.Zero(t, own(alice).Maximum.Minor)

	carol := uuid.New()
	_, err = h.buyNow.Do(t.Context(), app.BuyNowCommand{Listing: id, Buyer: carol})
	require.NoError(t, err)
	require.Equal(t, app.OwnLost, own(bob).Result)
	require.Equal(t, app.OwnWon, own(carol).Result)

	draft := h.draft(seller, domain.Content{})
	_, err = h.own.Of(t.Context(), draft, alice)
	require.ErrorIs(t, err, domain.ErrListingNotFound)
	_, err = h.own.Of(t.Context(), draft, seller)
	require.NoError(t, err)
}

func TestAnEndThatNobodyNoticedHasAWinner(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	loser, winner := uuid.New(), uuid.New()
	id := h.publish(uuid.New(), domain.Content{})
	h.bid(id, loser, "20")
	h.bid(id, winner, "30")
	h.clock.Advance(30 * 24 * time.Hour)
	for member, want := range map[uuid.UUID]app.OwnResult{loser: app.OwnLost, winner: app.OwnWon, uuid.New(): app.OwnNone} {
		own, err := h.own.Of(t.Context(), id, member)
		require.NoError(t, err)
		require.Equal(t, want, own.Result)
	}
}

func TestOwnBidsAreReadInPortions(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	alice := uuid.New()
	id := h.publish(uuid.New(), domain.Content{})
	for i := range int64(1001) {
		h.bid(id, alice, dollars(20_00+i).Decimal())
	}
	own, err := h.own.Of(t.Context(), id, alice)
	require.NoError(t, err)
	require.Equal(t, 1001, own.LiveBids)
	require.Equal(t, dollars(30_00), own.Maximum)
}

func TestObligations(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	seller, leader, outbid := uuid.New(), uuid.New(), uuid.New()
	id := h.publish(seller, domain.Content{Title: "A chair"})
	h.draft(seller, domain.Content{})
	h.bid(id, outbid, "20")
	h.bid(id, leader, "30")
	guard := app.NewDeletionGuard(h.dealings, h.clock)
	for member, want := range map[uuid.UUID][]profilesapi.Obligation{
		seller:     {{Kind: "sells", Subject: id, Detail: `You sell "A chair", which is not over yet.`}},
		leader:     {{Kind: "leads", Subject: id, Detail: `You lead on "A chair", which is not over yet.`}},
		outbid:     {{Kind: "bids", Subject: id, Detail: `You have a bid on "A chair", which is not over yet.`}},
		uuid.New(): {},
	} {
		obligations, err := guard.Obligations(t.Context(), member)
		require.NoError(t, err)
		require.Equal(t, want, obligations)
	}
	h.clock.Advance(7*24*time.Hour - time.Microsecond)
	obligations := func(member uuid.UUID) []profilesapi.Obligation {
		t.Helper()
		found, err := guard.Obligations(t.Context(), member)
		require.NoError(t, err)
		return found
	}
	require.Equal(t, "sells", obligations(seller)[0].Kind)
	h.clock.Advance(time.Microsecond)
	sold := map[uuid.UUID][]profilesapi.Obligation{
		seller: {{Kind: "owed", Subject: id, Detail: `You have sold "A chair", which is not marked paid. Mark it when the buyer has paid.`}},
		leader: {{Kind: "owes", Subject: id, Detail: `You have bought "A chair", which is not marked paid. Pay, and ask the seller to mark it.`}},
		outbid: {},
	}
	requireSold := func(when string) {
		t.Helper()
		for member, want := range sold {
			require.Equal(t, want, obligations(member), when)
		}
	}
	requireSold("at the end, which nobody has stored")
	_, err := h.keepTime.Do(t.Context())
	require.NoError(t, err)
	requireSold("when the close is stored, before the subscriber has run")
	h.deliver()
	requireSold("when the sale is opened")
	mark := app.SaleCommand{Listing: id, By: by(seller)}
	require.NoError(t, h.markPaid.Do(t.Context(), mark))
	over := func(member uuid.UUID) []bool {
		var all []bool
		for _, o := range obligations(member) {
			require.Equal(t, sold[member][0].Kind, o.Kind)
			all = append(all, o.Over)
		}
		return all
	}
	requireOver := func(want []bool, when string) {
		t.Helper()
		require.Equal(t, want, over(seller), when)
		require.Equal(t, want, over(leader), when)
		require.Empty(t, over(outbid))
	}
	requireOver([]bool{true}, "paid")
	h.clock.Advance(domain.UnmarkWithin)
	requireOver([]bool{true}, "as long as the mark can be taken back")
	require.NoError(t, h.unmarkPaid.Do(t.Context(), mark))
	requireSold("taken back")
	require.NoError(t, h.markPaid.Do(t.Context(), mark))
	h.clock.Advance(domain.UnmarkWithin + time.Microsecond)
	require.ErrorIs(t, h.unmarkPaid.Do(t.Context(), mark), domain.ErrTooLateToUnmark)
	requireOver(nil, "for good")
}

func TestNoMoreObligationsAreToldThanAHundred(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	member := uuid.New()
	for range 60 {
		h.publish(member, domain.Content{})
		id := h.publish(uuid.New(), domain.Content{BuyNow: usd("20")})
		_, err := h.buyNow.Do(t.Context(), app.BuyNowCommand{Listing: id, Buyer: member})
		require.NoError(t, err)
	}
	obligations, err := app.NewDeletionGuard(h.dealings, h.clock).Obligations(t.Context(), member)
	require.NoError(t, err)
	require.Len(t, obligations, 100)
}

func TestExportHoldsWhatIsTheMembers(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	alice, bob := uuid.New(), uuid.New()
	draft := h.draft(alice, domain.Content{Title: "A draft", Reserve: usd("77")})
	sold := h.publish(alice, domain.Content{Title: "A chair", Description: "Blue", Reserve: usd("88")})
	other := h.publish(bob, domain.Content{BuyNow: usd("200")})
	bought := h.publish(bob, domain.Content{BuyNow: usd("300")})
	h.bid(other, alice, "31")
	h.bid(other, rival, "36")
	h.bid(other, alice, "41")
	require.NoError(t, h.retracting(other, alice)())
	h.bid(other, alice, "39")
	_, err := h.buyNow.Do(t.Context(), app.BuyNowCommand{Listing: bought, Buyer: alice})
	require.NoError(t, err)
	h.watches(other, alice)
	h.watches(other, bob)

	files, err := h.export().Export(t.Context(), alice)
	require.NoError(t, err)
	require.Len(t, files, 4)
	require.Equal(t, "listings.json", files[0].File)
	require.Equal(t, "bids.json", files[1].File)
	require.Equal(t, "watches.json", files[3].File)

	var listings []map[string]any
	require.NoError(t, json.Unmarshal(files[0].JSON, &listings))
	byID := map[string]map[string]any{}
	for _, l := range listings {
		byID[l["id"].(string)] = l
	}
	require.Len(t, byID, 2)
	require.Equal(t, "77.00", byID[draft.String()]["reserve"])
	require.NotContains(t, byID[sold.String()], "reserve", "nobody is shown the reserve of what is published")
	require.Equal(t, "Blue", byID[sold.String()]["description"])
	require.Equal(t, "open", byID[sold.String()]["status"])

	var bids []map[string]any
	require.NoError(t, json.Unmarshal(files[1].JSON, &bids))
	status := map[any]any{}
	for _, b := range bids {
		if b["kind"] == "bid" {
			require.Equal(t, other.String(), b["listing_id"])
			status[b["maximum"]] = b["status"]
			continue
		}
		require.Equal(t, "300.00", b["paid"])
		require.Equal(t, bought.String(), b["listing_id"])
	}
	require.Len(t, bids, 4)
	require.Equal(t, map[any]any{"31.00": "retracted", "41.00": "retracted", "39.00": "live"}, status)
	require.JSONEq(t, fmt.Sprintf(`[{"listing_id": %q, "since": "2026-03-01T12:00:00Z"}]`, other), string(files[3].JSON))

	files, err = h.export().Export(t.Context(), uuid.New())
	require.NoError(t, err)
	require.JSONEq(t, `[]`, string(files[0].JSON))
	require.JSONEq(t, `[]`, string(files[1].JSON))
	require.JSONEq(t, `[]`, string(files[3].JSON))
}

// rival is a bidder of no interest.
var rival = uuid.New()

func TestExportIsReadInPortions(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	seller := uuid.New()
	for range 101 {
		h.draft(seller, domain.Content{})
	}
	files, err := h.export().Export(t.Context(), seller)
	require.NoError(t, err)
	var listings []any
	require.NoError(t, json.Unmarshal(files[0].JSON, &listings))
	require.Len(t, listings, 101)
}
