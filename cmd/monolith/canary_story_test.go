package main

import (
	"fmt"
	"net/http"
	"strings"

	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/platform/platformtest/canary"
)

// story is what the members of a watched house do, with secrets that occur nowhere else.
type story struct {
	*watched
	drawn     int               // how many secrets were drawn
	passwords map[string]string // by handle

	root, mod, seller, ann, ben *visitor
	program                     *visitor // ben's
	listings                    []string

	issues, sold []string   // their ids
	desk         []string   // what there is to read about these
	misses       []nearMiss // where secrets would be that leaked
}

// play plays every kind of operation, the accepted and the refused.
func play(w *watched) *story {
	w.t.Helper()
	s := &story{watched: w, passwords: map[string]string{}}
	s.root = s.founds("founder")
	s.seller, s.ann, s.ben, s.mod = s.joins("sally"), s.joins("ann"), s.joins("ben"), s.joins("mona")
	s.root.post("/api/v1/members/"+s.mod.id.String()+"/grant-role", fields{"role": "moderator", "reason": "Trusted."}).
		is(http.StatusNoContent)
	s.usesTokens()
	s.guessesPasswords()
	s.changesPasswords()
	s.changesAddress()
	s.invites()
	s.usesForms()
	s.sendsMalformed()
	s.drafts()
	s.bids()
	s.withdraws()
	s.callsOff()
	s.buys()
	s.leaves()
	s.helps()
	s.looksAround()
	if w.clock == nil { // it runs by itself
		return s
	}
	s.breaks()
	s.ends()
	s.looksAround()
	return s
}

// password draws one, with letters that every format writes differently.
func (s *story) password(of string) string {
	s.drawn++
	text := fmt.Sprintf(`%s's "kestrel" & <heron> é %d-8173026`, of, 400+s.drawn)
	s.scanner.Watch(canary.Text(fmt.Sprintf("password %d of %s", s.drawn, of), text))
	return text
}

// guessed draws what is sent as a secret and is none; it must be kept like one.
func (s *story) guessed(kind string) string {
	s.drawn++
	text := fmt.Sprintf("%s-guessed-%d-5550192837465", kind, 400+s.drawn)
	s.scanner.Watch(canary.Text(fmt.Sprintf("guessed %s %d", kind, s.drawn), text))
	return text
}

// amount draws one that no price reaches, and that the stores of listings alone know.
func (s *story) amount(kind string, least int64) (name, text string) {
	s.drawn++
	minor := least + int64(s.drawn)*1_000_007_001_03
	name = fmt.Sprintf("%s %d", kind, s.drawn)
	s.scanner.Watch(canary.Amount(name, minor))
	for _, table := range []string{"listings", "listing_log"} {
		s.scanner.Permit(name, inTables, table)
	}
	s.scanner.Permit(name, inFiles, "") // of the database
	return name, fmt.Sprintf("%d.%02d", minor/100, minor%100)
}

// maximum draws what a bidder bids on a listing: he alone is told. Each is above those before it.
func (s *story) maximum(bidder *visitor, listing string) string {
	name, text := s.amount("maximum of "+bidder.handle, 71_394_826_153_47)
	at := "/api/v1/listings/" + listing
	s.scanner.Expect(name, inAnswers, place(http.MethodPost, at+"/bids", bidder.handle))
	s.scanner.Permit(name, inAnswers, place(http.MethodGet, at+"/bids", bidder.handle))
	s.scanner.Permit(name, inAnswers, place(http.MethodGet, at+"/standing", bidder.handle))
	s.scanner.Permit(name, inAnswers, place(http.MethodGet, "/api/v1/me/export", bidder.handle))
	if bidder == s.ben {
		s.scanner.Permit(name, inAnswers, place(http.MethodGet, at+"/bids", s.program.handle))
		s.scanner.Permit(name, inAnswers, place(http.MethodGet, at+"/standing", s.program.handle))
	}
	return text
}

// refused draws what somebody would bid: not even he is told it again.
func (s *story) refused() string {
	_, text := s.amount("refused maximum", 71_394_826_153_47)
	return text
}

// reserve draws one above every maximum. The draft alone shows it, to its seller.
func (s *story) reserve(paths ...string) string {
	name, text := s.amount("reserve", 313_131_826_153_47)
	s.scanner.Expect(name, inAnswers, place(http.MethodPost, "/api/v1/listings", s.seller.handle))
	for _, path := range paths {
		s.scanner.Permit(name, inAnswers, path)
	}
	return text
}

// sells publishes a listing of the seller's that outlasts the story, unless the content says otherwise.
func (s *story) sells(content fields) string {
	s.t.Helper()
	all := fields{"duration_seconds": 30 * 24 * 3600}
	for name, value := range content {
		all[name] = value
	}
	id := s.seller.sell(all)
	s.listings = append(s.listings, id)
	return id
}

const setupToken = "setup token"

// founds sets the house up.
func (s *story) founds(handle string) *visitor {
	s.t.Helper()
	v := s.browser(handle)
	_, token, found := strings.Cut(s.link(), "?token=")
	require.True(s.t, found)
	s.scanner.Watch(canary.Text(setupToken, token))
	got := v.get("/setup?token=" + token).is(http.StatusOK)
	s.scanner.Expect(setupToken, inAnswers, withCookies(place(http.MethodGet, "/setup", handle), got.header))
	s.browser("late").get("/setup?token=" + token).is(http.StatusForbidden)
	s.passwords[handle] = s.password(handle)
	body := fields{"token": token, "email": v.email, "handle": handle, "password": s.passwords[handle]}
	s.browser("thief").post("/api/v1/setup", body).is(http.StatusForbidden)
	v.post("/api/v1/setup", body).is(http.StatusCreated)
	v.id = v.get("/api/v1/me").is(http.StatusOK).id("id")
	return v
}

// joins registers somebody, verifies the address and signs in.
func (s *story) joins(handle string) *visitor {
	s.t.Helper()
	v := s.browser(handle)
	s.passwords[handle] = s.password(handle)
	for range 2 {
		v.post("/api/v1/members", fields{"email": v.email, "handle": handle, "password": s.passwords[handle]}, "Idempotency-Key", handle).
			is(http.StatusAccepted)
	}
	token := s.follows(v, "/verify")
	v.post("/api/v1/email-verifications/confirm", fields{"token": token}).is(http.StatusNoContent)
	v.post("/api/v1/email-verifications/confirm", fields{"token": token})
	s.signsIn(v).is(http.StatusCreated)
	v.id = v.get("/api/v1/me").is(http.StatusOK).id("id")
	return v
}

// follows opens the page that a letter leads to, which has the token in its form.
func (s *story) follows(v *visitor, page string) string {
	s.t.Helper()
	token := s.mailed(v.email, page)
	parameter := "token"
	if page == "/register" {
		parameter = "invitation"
	}
	s.scanner.Watch(canary.Text(mailedSecret(token), token))
	s.scanner.Expect(mailedSecret(token), inAnswers, place(http.MethodGet, page, v.handle))
	v.get(page + "?" + parameter + "=" + token).is(http.StatusOK)
	return token
}

func (s *story) signsIn(v *visitor) reply {
	s.t.Helper()
	return v.post("/api/v1/sessions", fields{"email": v.email, "password": s.passwords[v.handle]})
}

// usesTokens makes API tokens.
func (s *story) usesTokens() {
	s.t.Helper()
	const path = "/api/v1/me/tokens"
	body := fields{"name": "a program", "scopes": []string{"listings.bid", "account.read"}}
	made := s.ben.post(path, body, "Idempotency-Key", "token").is(http.StatusCreated)
	text := made.text("text")
	s.scanner.Watch(canary.Text("API token", text))
	s.scanner.Expect("API token", inAnswers, place(http.MethodPost, path, s.ben.handle))
	require.NotContains(s.t, string(s.ben.post(path, body, "Idempotency-Key", "token").is(http.StatusCreated).body), text)
	s.program = s.bearer(s.ben, text)
	s.program.get("/api/v1/me").is(http.StatusOK)
	s.program.get(path).is(http.StatusForbidden)
	s.ben.get(path).is(http.StatusOK)

	brief := s.ann.post(path, fields{"name": "for a moment", "scopes": []string{"listings.bid"}}).is(http.StatusCreated)
	s.scanner.Watch(canary.Text("brief API token", brief.text("text")))
	s.scanner.Expect("brief API token", inAnswers, place(http.MethodPost, path, s.ann.handle))
	s.ann.delete(path + "/" + brief.text("id")).is(http.StatusNoContent)
	s.bearer(s.ann, brief.text("text")).get("/api/v1/me").is(http.StatusUnauthorized)
	s.bearer(s.ann, "gvl_"+s.guessed("token")).get("/api/v1/me").is(http.StatusUnauthorized)
	s.browser("stranger").get("/api/v1/me", "Cookie", "gavel="+s.guessed("session")).is(http.StatusUnauthorized)
	s.browser("stranger").get("/api/v1/me", "Authorization", "Basic "+s.guessed("basic"))
}

// guessesPasswords signs in with wrong ones, and registers what exists.
func (s *story) guessesPasswords() {
	s.t.Helper()
	thief := s.browser("thief")
	for _, address := range []string{s.ben.email, "nobody@example.org", "no address"} {
		thief.post("/api/v1/sessions", fields{"email": address, "password": s.guessed("password")})
	}
	thief.post("/api/v1/sessions", fields{"email": s.guessed("address"), "password": "long enough"})
	thief.post("/api/v1/members", fields{"email": s.ben.email, "handle": "thief", "password": s.guessed("password")}).
		is(http.StatusAccepted)
	thief.post("/api/v1/members", fields{"email": "x@example.org", "handle": "ben", "password": s.guessed("password")}).
		is(http.StatusConflict)
	thief.post("/api/v1/members", fields{"email": "no address", "handle": "No Handle", "password": s.guessed("password")}).
		is(http.StatusUnprocessableEntity)
	thief.post("/api/v1/members", fields{"email": "y@example.org", "handle": "long", "password": strings.Repeat(s.guessed("password"), 9)}).
		is(http.StatusUnprocessableEntity)
	thief.post("/api/v1/members", fields{"email": "y@example.org", "handle": "long", "password": strings.Repeat(s.guessed("password"), 90)}).
		is(http.StatusUnprocessableEntity)
}

// changesPasswords resets and changes passwords, with the right secrets and with wrong ones.
func (s *story) changesPasswords() {
	s.t.Helper()
	lost := s.browser("ann")
	for _, address := range []string{"nobody@example.org", s.ann.email} {
		lost.post("/api/v1/password-resets", fields{"email": address}).is(http.StatusAccepted)
	}
	lost.post("/api/v1/password-resets/confirm", fields{"token": s.guessed("token"), "password": s.guessed("password")})
	token := s.follows(lost, "/reset")
	lost.post("/api/v1/password-resets/confirm", fields{"token": token, "password": "short"}).is(http.StatusUnprocessableEntity)
	s.passwords["ann"] = s.password("ann")
	lost.post("/api/v1/password-resets/confirm", fields{"token": token, "password": s.passwords["ann"]}).is(http.StatusOK)
	lost.post("/api/v1/password-resets/confirm", fields{"token": token, "password": s.guessed("password")})
	s.ann.get("/api/v1/me").is(http.StatusUnauthorized)
	s.signsIn(s.ann).is(http.StatusCreated)
	s.ann.get("/api/v1/me/sessions").is(http.StatusOK)
	s.ann.delete("/api/v1/me/sessions").is(http.StatusNoContent)

	s.ben.post("/api/v1/me/password", fields{"password": s.guessed("password"), "new_password": s.guessed("password")}).
		is(http.StatusForbidden)
	changed := s.password("ben")
	s.ben.post("/api/v1/me/password", fields{"password": s.passwords["ben"], "new_password": "1234567890"}).
		is(http.StatusUnprocessableEntity)
	s.ben.post("/api/v1/me/password", fields{"password": s.passwords["ben"], "new_password": changed}).is(http.StatusNoContent)
	s.browser("thief").post("/api/v1/sessions", fields{"email": s.ben.email, "password": s.passwords["ben"]}).
		is(http.StatusUnauthorized)
	s.passwords["ben"] = changed
}

// changesAddress moves a member to another address.
func (s *story) changesAddress() {
	s.t.Helper()
	s.seller.post("/api/v1/me/email-changes", fields{"email": "moved@example.org", "password": s.guessed("password")}).
		is(http.StatusForbidden)
	s.seller.post("/api/v1/me/email-changes", fields{"email": "moved@example.org", "password": s.passwords["sally"]}).
		is(http.StatusAccepted)
	s.seller.email = "moved@example.org"
	token := s.follows(s.seller, "/change-email")
	s.seller.post("/api/v1/email-changes/confirm", fields{"token": token}).is(http.StatusNoContent)
	s.seller.post("/api/v1/email-changes/confirm", fields{"token": token})
	s.seller.post("/api/v1/email-changes/confirm", fields{"token": s.guessed("token")})
}

// invites lets somebody in by an invitation, and suspends and reinstates him.
func (s *story) invites() {
	s.t.Helper()
	guest := s.browser("gus")
	s.root.post("/api/v1/invitations", fields{"email": guest.email}, "Idempotency-Key", "invite").is(http.StatusCreated)
	s.root.post("/api/v1/invitations", fields{"email": guest.email}, "Idempotency-Key", "invite").is(http.StatusCreated)
	s.root.get("/api/v1/invitations").is(http.StatusOK)
	invitation := s.follows(guest, "/register")
	guest.post("/api/v1/members", fields{
		"email": guest.email, "handle": "gus", "password": s.password("gus"), "invitation": s.guessed("invitation"),
	})
	s.passwords["gus"] = s.password("gus")
	guest.post("/api/v1/members", fields{
		"email": guest.email, "handle": "gus", "password": s.passwords["gus"], "invitation": invitation,
	}).is(http.StatusAccepted)
	if s.signsIn(guest).status != http.StatusCreated {
		guest.post("/api/v1/email-verifications/confirm", fields{"token": s.follows(guest, "/verify")})
		s.signsIn(guest).is(http.StatusCreated)
	}
	id := guest.get("/api/v1/me").is(http.StatusOK).text("id")
	s.mod.post("/api/v1/members/"+id+"/suspend", fields{"reason": "He shouts."}).is(http.StatusNoContent)
	guest.get("/api/v1/me").is(http.StatusUnauthorized)
	s.signsIn(guest)
	s.mod.post("/api/v1/members/"+id+"/reinstate", fields{"reason": "He whispers."}).is(http.StatusNoContent)
	s.seller.post("/api/v1/me/blocks", fields{"member_id": id}).is(http.StatusCreated)
}

// formType is the media type of what a browser sends of a page.
const formType = "application/x-www-form-urlencoded"

// usesForms does with the pages what members do, most of it wrong.
func (s *story) usesForms() {
	s.t.Helper()
	v := s.browser("stranger")
	v.raw(http.MethodPost, "/sign-in", formType, formOf("email", s.ben.email, "password", s.guessed("password")))
	v.raw(http.MethodPost, "/register", formType, formOf("email", "no address", "handle", "X", "password", s.guessed("password")))
	v.raw(http.MethodPost, "/verify", formType, formOf("token", "wrong", "password", s.guessed("password")))
	v.raw(http.MethodPost, "/setup", formType, formOf("token", "wrong", "email", "", "handle", "", "password", s.guessed("password")))
	v.raw(http.MethodPost, "/sign-in", formType, "email=%zz&password="+s.guessed("password"))
	v.raw(http.MethodPost, "/sign-in", formType, formOf("password", strings.Repeat(s.guessed("password"), 2000)))

	token := func() string {
		s.browser("stranger").post("/api/v1/password-resets", fields{"email": s.mod.email}).is(http.StatusAccepted)
		mod := s.browser("mona")
		return s.follows(mod, "/reset")
	}()
	mod := s.browser("mona")
	s.scanner.Permit(mailedSecret(token), inAnswers, place(http.MethodPost, "/reset", "mona")) // the form again
	mod.raw(http.MethodPost, "/reset", formType, formOf("token", token, "password", "short"))
	s.passwords["mona"] = s.password("mona")
	mod.raw(http.MethodPost, "/reset", formType, formOf("token", token, "password", s.passwords["mona"])).is(http.StatusSeeOther)
	mod.get("/account").is(http.StatusOK)
	mod.raw(http.MethodPost, "/sign-out", formType, "").is(http.StatusSeeOther)
	mod.raw(http.MethodPost, "/sign-in", formType, formOf("email", mod.email, "password", s.passwords["mona"])).is(http.StatusSeeOther)
	mod.id, s.mod = s.mod.id, mod
}
