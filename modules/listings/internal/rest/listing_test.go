package rest_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/modules/listings/internal/app"
	"github.com/gavelhq/gavel/modules/listings/internal/domain"
)

func TestGetShowsAListing(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	seller := uuid.New()
	id := s.publish(seller, domain.Content{
		Title:       "A chair",
		Description: "Blue <b>wood</b>",
		StartPrice:  usd("10"),
		Reserve:     usd("30"),
		BuyNow:      usd("50"),
		Duration:    90 * time.Minute,
		SoftClose:   domain.SoftClose{Window: time.Minute, Extension: 90 * time.Second, Cap: time.Hour},
	})
	s.clock.Advance(time.Second)
	describe := app.NewAppendDescription(s.market)
	require.NoError(t, describe.Do(t.Context(), app.AppendDescriptionCommand{Listing: id, By: domain.Actor{ID: seller}, Text: "And red"}))
	leader := uuid.New()
	s.bid(id, uuid.New(), "12.50")
	s.bid(id, leader, "20")
	state, err := s.ledger.State(t.Context(), id)
	require.NoError(t, err)

	require.JSONEq(t, `{
		"id": "`+id.String()+`",
		"seller_id": "`+seller.String()+`",
		"title": "A chair",
		"status": "open",
		"frozen": false,
		"start_price": {"amount": "10.00", "currency": "USD"},
		"price": {"amount": "13.50", "currency": "USD"},
		"next_minimum": {"amount": "14.50", "currency": "USD"},
		"buy_now": {"amount": "50.00", "currency": "USD"},
		"buy_now_price": {"amount": "50.00", "currency": "USD"},
		"reserve_met": false,
		"bid_count": 2,
		"created_at": "2026-03-01T12:00:00.123456Z",
		"starts_at": "2026-03-01T12:00:00.123456Z",
		"ends_at": "2026-03-01T13:30:00.123456Z",
		"description": "Blue <b>wood</b>",
		"additions": [{"at": "2026-03-01T12:00:01.123456Z", "text": "And red"}],
		"ruleset": "classic-1",
		"increment_table": {"name": "flat:1.00", "rows": [
			{"from": {"amount": "0.01", "currency": "USD"}, "increment": {"amount": "1.00", "currency": "USD"}}
		]},
		"soft_close": {"window_seconds": 60, "extension_seconds": 90, "cap_seconds": 3600},
		"duration_seconds": 5400,
		"leader": "`+state.Secret.AliasOf(leader).String()+`",
		"log": {"events": 5, "hash": "`+state.Head.Hash.String()+`"}
	}`, s.get("/api/v1/listings/"+id.String()).body)

	s.clock.Advance(2 * time.Hour)
	var ended struct {
		Status     string `json:"status"`
		Winner     string `json:"winner"`
		BuyNow     any    `json:"buy_now"`
		FinalPrice any    `json:"final_price"`
	}
	s.read("/api/v1/listings/"+id.String(), &ended)
	require.Equal(t, "unsold_reserve", ended.Status, "the end has passed, whether or not a job has run")
	require.Empty(t, ended.Winner)
	require.Nil(t, ended.BuyNow)
	require.Nil(t, ended.FinalPrice)
}

func TestGetShowsWhatWasPaid(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	id := s.publish(uuid.New(), domain.Content{})
	winner := uuid.New()
	s.bid(id, uuid.New(), "5")
	s.bid(id, winner, "20")
	s.clock.Advance(8 * 24 * time.Hour)
	state, err := s.ledger.State(t.Context(), id)
	require.NoError(t, err)
	var sold struct {
		Status     string            `json:"status"`
		Winner     string            `json:"winner"`
		FinalPrice map[string]string `json:"final_price"`
	}
	s.read("/api/v1/listings/"+id.String(), &sold)
	require.Equal(t, "sold", sold.Status)
	require.Equal(t, state.Secret.AliasOf(winner).String(), sold.Winner)
	require.Equal(t, map[string]string{"amount": "6.00", "currency": "USD"}, sold.FinalPrice)
}

func TestGetAnswersConditionally(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	id := s.publish(uuid.New(), domain.Content{})
	path := "/api/v1/listings/" + id.String()
	leader := uuid.New()
	s.bid(id, leader, "20")
	first := s.get(path)
	tag := first.header.Get("ETag")
	require.NotEmpty(t, tag)

	same := s.get(path, "If-None-Match", tag)
	require.Equal(t, http.StatusNotModified, same.status)
	require.Empty(t, same.body)
	require.Equal(t, tag, same.header.Get("ETag"))

	s.bid(id, uuid.New(), "5")
	changed := s.get(path, "If-None-Match", tag)
	require.Equal(t, http.StatusOK, changed.status)
	require.NotEqual(t, tag, changed.header.Get("ETag"))
}

func TestNothingIsThere(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	draft := s.draft(uuid.New(), domain.Content{})
	for _, resource := range []string{"", "/bids", "/log"} {
		t.Run("at "+resource, func(t *testing.T) {
			t.Parallel()
			s.get("/api/v1/listings/"+uuid.NewString()+resource).problem(t, http.StatusNotFound, "listing_not_found")
			s.get("/api/v1/listings/"+draft.String()+resource).problem(t, http.StatusNotFound, "listing_not_found")
			s.get("/api/v1/listings/mine"+resource).problem(t, http.StatusUnprocessableEntity, "invalid_request")
		})
	}
}
