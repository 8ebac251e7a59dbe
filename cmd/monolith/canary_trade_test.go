package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
)

// formOf writes names and values as a form.
func formOf(pairs ...string) string {
	values := url.Values{}
	for i := 0; i < len(pairs); i += 2 {
		values.Set(pairs[i], pairs[i+1])
	}
	return values.Encode()
}

// sendsMalformed sends secrets in requests that nobody can read.
func (s *story) sendsMalformed() {
	s.t.Helper()
	const asJSON = "application/json"
	v := s.browser("stranger")
	for _, path := range []string{"/api/v1/sessions", "/api/v1/members", "/api/v1/password-resets/confirm", "/api/v1/nothing"} {
		for _, body := range []string{
			`{"email":"a@example.org","password":"%s"`, `{"email":"a@example.org","password":"%s"}}`, `{"password":["%s"]}`, `"%s"`, `%s`,
			`{"email":"a@example.org","password":"x","passwort":"%s"}`, `{"email":{"a":"%s"},"password":"x"}`, "{\"password\":\"%s\n\"}",
			`{"email":"%s","email":"b"}`, `{"token":null,"password":"%s"}`,
		} {
			v.raw(http.MethodPost, path, asJSON, fmt.Sprintf(body, s.guessed("password")))
		}
		v.raw(http.MethodPost, path, formType, formOf("password", s.guessed("password")))
		v.raw(http.MethodPost, path, "text/plain", s.guessed("password"))
		v.raw(http.MethodPost, path, asJSON, `{"password":"`+strings.Repeat(s.guessed("password"), 40_000)+`"}`)
		v.raw(http.MethodPut, path, asJSON, `{"password":"`+s.guessed("password")+`"}`)
	}
	for _, path := range []string{"/api/v1/listings", "/verify", "/nothing", "/healthz", "/api/v1/me"} {
		v.get(path + "?passwort=" + s.guessed("password"))
	}
	id := s.sells(nil)
	v.get("/api/v1/listings?cursor=" + s.guessed("cursor"))
	s.ben.post("/api/v1/listings/"+id+"/bids", fields{"maximum": s.refused()}).is(http.StatusUnprocessableEntity)
	s.ben.raw(http.MethodPost, "/api/v1/listings/"+id+"/bids", asJSON, `{"maximum":{"amount":`+s.refused()+`,"currency":"USD"}}`).
		is(http.StatusUnprocessableEntity)
	s.ben.raw(http.MethodPost, "/api/v1/listings/"+id+"/bids", asJSON, `{"maximum":{"amount":"`+s.refused()).is(http.StatusBadRequest)
	for _, amount := range []string{"-" + s.refused(), s.refused() + "9", s.refused() + "x", "$" + s.refused(), "9" + strings.Repeat("0", 20) + s.refused()} {
		s.ben.bid(id, amount).is(http.StatusUnprocessableEntity)
	}
	s.ben.post("/api/v1/listings/"+id+"/bids", fields{"maximum": fields{"amount": s.refused(), "currency": "EUR"}}).
		is(http.StatusUnprocessableEntity)
	s.ben.bid(id, s.refused(), "Idempotency-Key", strings.Repeat(s.guessed("key"), 20)).is(http.StatusUnprocessableEntity)
	s.ben.post("/api/v1/listings/nothing/bids", fields{"maximum": usd(s.refused())}).is(http.StatusUnprocessableEntity)
}

// drafts writes drafts, with reserves.
func (s *story) drafts() {
	s.t.Helper()
	id := uuid.Must(uuid.NewV7()).String()
	at := "/api/v1/listings/" + id
	shown := []string{
		place(http.MethodGet, at, s.seller.handle), place(http.MethodPut, at, s.seller.handle),
		place(http.MethodGet, "/api/v1/me/export", s.seller.handle),
	}
	body := fields{"title": "A draft", "start_price": usd("1.00"), "duration_seconds": 7200, "reserve": usd(s.reserve(shown...))}
	body["id"] = id
	made := s.seller.post("/api/v1/listings", body).is(http.StatusCreated)
	delete(body, "id")
	s.seller.get(at).is(http.StatusOK)
	for _, v := range []*visitor{s.browser("stranger"), s.ben, s.mod, s.root} {
		v.get(at).is(http.StatusNotFound)
		v.get(at + "/bids").is(http.StatusNotFound)
		v.get(at + "/log").is(http.StatusNotFound)
	}
	s.seller.put(at, body, "If-Match", `"another"`).is(http.StatusPreconditionFailed)
	_, refused := s.amount("refused reserve", 313_131_826_153_47)
	body["reserve"] = usd("-" + refused)
	s.seller.put(at, body, "If-Match", made.header.Get("ETag")).is(http.StatusUnprocessableEntity)
	name, other := s.amount("another reserve", 313_131_826_153_47)
	for _, p := range shown {
		s.scanner.Permit(name, inAnswers, p)
	}
	body["reserve"] = usd(other)
	s.seller.put(at, body, "If-Match", made.header.Get("ETag")).is(http.StatusOK)
	body["buy_now"] = usd("2.00") // below the reserve
	s.seller.put(at, body).is(http.StatusOK)
	s.seller.post(at+"/publish", nil).is(http.StatusUnprocessableEntity)
	s.seller.get("/api/v1/me/export").is(http.StatusOK)
}

// bids bids below a reserve, and as everybody else who may not.
func (s *story) bids() {
	s.t.Helper()
	id := s.sells(fields{"reserve": usd(s.reserve())})
	below := s.refused() // below his own maximum
	maximum := s.maximum(s.ben, id)
	s.ann.bid(id, "20.00").is(http.StatusOK)
	for range 2 {
		s.ben.bid(id, maximum, "Idempotency-Key", "bid").is(http.StatusOK)
	}
	s.ben.bid(id, s.refused(), "Idempotency-Key", "bid").is(http.StatusConflict)
	s.ann.bid(id, "30.00").is(http.StatusOK)
	s.ann.bid(id, "2.00").is(http.StatusUnprocessableEntity)
	s.ben.bid(id, below).refused(http.StatusUnprocessableEntity, "not_above_own_maximum")
	s.program.bid(id, s.raised(id)).is(http.StatusOK)
	s.seller.bid(id, s.refused()).is(http.StatusForbidden)
	s.browser("stranger").bid(id, s.refused()).is(http.StatusUnauthorized)
	s.ann.bid(uuid.Must(uuid.NewV7()).String(), s.refused()).is(http.StatusNotFound)
}

// raised draws what ben's program bids for him.
func (s *story) raised(listing string) string {
	name, text := s.amount("maximum of ben", 71_394_826_153_47)
	at := "/api/v1/listings/" + listing
	for _, who := range []string{s.ben.handle, s.program.handle} {
		s.scanner.Permit(name, inAnswers, place(http.MethodPost, at+"/bids", who))
		s.scanner.Permit(name, inAnswers, place(http.MethodGet, at+"/bids", who))
		s.scanner.Permit(name, inAnswers, place(http.MethodGet, at+"/standing", who))
		s.scanner.Permit(name, inAnswers, place(http.MethodGet, "/api/v1/me/export", who))
	}
	return text
}

// withdraws retracts bids, and cancels them.
func (s *story) withdraws() {
	s.t.Helper()
	id := s.sells(nil)
	s.ann.bid(id, "5.00").is(http.StatusOK)
	s.ben.bid(id, s.maximum(s.ben, id)).is(http.StatusOK)
	s.ben.post("/api/v1/listings/"+id+"/retract", fields{"reason": "a whim"}).is(http.StatusUnprocessableEntity)
	s.ben.post("/api/v1/listings/"+id+"/retract", fields{"reason": "wrong_amount"}, "Idempotency-Key", "back").is(http.StatusOK)
	s.ben.post("/api/v1/listings/"+id+"/retract", fields{"reason": "wrong_amount"}).is(http.StatusConflict)

	id = s.sells(nil)
	s.ben.bid(id, s.maximum(s.ben, id)).is(http.StatusOK)
	s.seller.post("/api/v1/listings/"+id+"/cancel-bids", fields{"bidder_id": s.ben.id.String(), "reason": "He is rude."}).is(http.StatusOK)
	s.ben.bid(id, s.refused()).is(http.StatusForbidden)
}

// callsOff cancels listings, by the seller and by a moderator.
func (s *story) callsOff() {
	s.t.Helper()
	first := s.sells(fields{"reserve": usd(s.reserve())})
	s.ben.bid(first, s.maximum(s.ben, first)).is(http.StatusOK)
	s.ann.bid(first, "7.00").is(http.StatusOK)
	s.seller.post("/api/v1/listings/"+first+"/cancel", fields{"reason": "It broke."}).is(http.StatusOK)
	s.ben.bid(first, s.refused()).is(http.StatusConflict)

	second := s.sells(nil)
	s.ann.bid(second, s.maximum(s.ann, second)).is(http.StatusOK)
	s.mod.post("/api/v1/listings/"+second+"/freeze", fields{"reason": "Is it his?"}).is(http.StatusOK)
	s.ben.bid(second, s.refused()).is(http.StatusConflict)
	s.mod.post("/api/v1/listings/"+second+"/unfreeze", fields{"reason": "It is."}).is(http.StatusOK)
	s.mod.post("/api/v1/listings/"+second+"/cancel-bids", fields{"bidder_id": s.ben.id.String(), "reason": "None."}).is(http.StatusConflict)
	s.mod.post("/api/v1/listings/"+second+"/cancel", fields{"reason": "It is not."}).is(http.StatusOK)
	s.root.get("/api/v1/audit").is(http.StatusOK)
}

// buys buys at once what has a reserve.
func (s *story) buys() {
	s.t.Helper()
	id := s.sells(fields{"reserve": usd(s.reserve()), "buy_now": usd("9000000000000.00")})
	s.ann.post("/api/v1/listings/"+id+"/buy-now", nil).is(http.StatusOK)
	s.ben.bid(id, s.refused()).is(http.StatusConflict)
	id = s.sells(nil)
	s.ben.post("/api/v1/listings/"+id+"/buy-now", nil).is(http.StatusConflict)
}

// breaks lets the server fail with secrets in hand.
func (s *story) breaks() {
	s.t.Helper()
	id := s.sells(fields{"reserve": usd(s.reserve())})
	ben := s.unchecked(s.ben)
	s.ann.bid(id, "3.00").is(http.StatusOK)

	s.clock.strike("PlaceBid", func() { panic("a bid is broken") })
	ben.bid(id, s.refused()).is(http.StatusInternalServerError)
	s.clock.strike("SignIn", func() { panic(fmt.Errorf("a sign-in is broken")) })
	s.unchecked(s.browser("ann")).post("/api/v1/sessions", fields{"email": s.ann.email, "password": s.passwords["ann"]}).
		is(http.StatusInternalServerError)
	s.clock.strike("Register", func() { panic("a registration is broken") })
	s.unchecked(s.browser("nina")).post("/api/v1/members", fields{"email": "nina@example.org", "handle": "nina", "password": s.password("nina")}).
		is(http.StatusInternalServerError)
	require.Contains(s.t, string(s.lines.bytes()), "a bid is broken")
	require.Contains(s.t, string(s.lines.bytes()), "a sign-in is broken")

	s.broken.fail(errors.New("the outbox is full"))
	ben.bid(id, s.refused()).is(http.StatusInternalServerError)
	s.broken.fail(fmt.Errorf("append: %w", context.DeadlineExceeded))
	ben.bid(id, s.refused()).is(http.StatusServiceUnavailable)

	s.clock.strike("PlaceBid", s.profile)
	s.ben.bid(id, s.maximum(s.ben, id)).is(http.StatusOK)
	s.clock.strike("SignIn", s.profile)
	s.signsIn(s.ann).is(http.StatusCreated)
	changed := s.password("ben")
	s.ben.post("/api/v1/me/password", fields{"password": s.passwords["ben"], "new_password": changed}).is(http.StatusNoContent)
	s.passwords["ben"] = changed
	s.trace(func() {
		s.signsIn(s.ann).is(http.StatusCreated)
		s.ann.bid(id, "4.00").is(http.StatusOK)
	})
}

// leaves takes data along, asks for the deletion of the account and stays after all.
func (s *story) leaves() {
	s.t.Helper()
	for _, v := range []*visitor{s.ben, s.ann, s.seller, s.mod} {
		require.Contains(s.t, string(v.get("/api/v1/me/export").is(http.StatusOK).body), "PK")
	}
	s.ann.post("/api/v1/me/deletion", fields{"password": s.guessed("password")}).is(http.StatusForbidden)
	s.ann.post("/api/v1/me/deletion", fields{"password": s.passwords["ann"]}).is(http.StatusAccepted)
	s.ann.delete("/api/v1/me/deletion").is(http.StatusNoContent)
}

// looksAround reads everything, as everybody.
func (s *story) looksAround() {
	s.t.Helper()
	paths := []string{
		"/api/v1/listings?limit=100", "/api/v1/members", "/api/v1/audit", "/api/v1/invitations", "/api/v1/me", "/api/v1/me/profile",
		"/api/v1/me/settings", "/api/v1/me/notices", "/api/v1/me/blocks", "/api/v1/me/sessions", "/api/v1/me/tokens", "/api/v1/me/token-scopes",
		"/api/v1/members/by-handle/ben", "/api/v1/members/" + s.ann.id.String(), "/api/openapi.json", "/api/docs", "/healthz", "/readyz",
		"/version", "/account", "/sign-in", "/register", "/setup", "/metrics", "/nothing",
		"/sheets", "/sheets/lots", "/sheets/winners", "/sheets/dues", "/api/v1/sheets/lots.csv", "/api/v1/sheets/winners.csv",
		"/api/v1/sheets/dues.csv",
	}
	paths = append(paths, s.desk...)
	for _, id := range s.listings {
		at := "/api/v1/listings/" + id
		paths = append(paths, at, at+"/bids?limit=100", at+"/log", at+"/standing",
			"/sheets/bids?listing="+id, "/api/v1/sheets/bids.csv?listing="+id)
	}
	for _, v := range []*visitor{s.browser("stranger"), s.seller, s.ann, s.ben, s.mod, s.root, s.program} {
		for _, path := range paths {
			v.get(path)
		}
	}
}

// ends lets a week pass, so that a listing is sold.
func (s *story) ends() {
	s.t.Helper()
	id := s.sells(fields{"duration_seconds": 3600})
	s.ann.bid(id, "40.00").is(http.StatusOK)
	s.ben.bid(id, s.maximum(s.ben, id)).is(http.StatusOK)
	s.clock.SetOffset(8 * 24 * time.Hour)
	require.Equal(s.t, "sold", s.ben.get("/api/v1/listings/"+id).is(http.StatusOK).text("status"))
	require.Eventually(s.t, func() bool {
		return strings.Contains(string(s.ann.get("/api/v1/listings/"+id+"/log").body), `"closed"`)
	}, patience, 50*time.Millisecond)
	for _, v := range []*visitor{s.seller, s.ann, s.ben, s.mod, s.root} {
		v.get("/api/v1/me").is(http.StatusUnauthorized)
		s.signsIn(v).is(http.StatusCreated)
	}
}
