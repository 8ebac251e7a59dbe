package main

import "net/http"

// join registers the members, and shows how one is turned away.
func (m *market) join() {
	m.chapter("Members join")
	m.ada = m.person("ada")
	m.ada.registers().is(http.StatusAccepted)
	registration := func(email, handle, password string) request {
		return post("/api/v1/members", fields{"email": email, "handle": handle, "password": password})
	}
	guest := m.browser("a guest")
	guest.asks("would like ada's handle", registration("guest@example.org", "Ada", password)).
		refused(http.StatusConflict, "handle_taken")
	guest.asks("would like a handle with a blank", registration("guest@example.org", "a guest", password)).
		refused(http.StatusUnprocessableEntity, "invalid_handle")
	guest.asks("would like a handle that looks official", registration("guest@example.org", "admin", password)).
		refused(http.StatusUnprocessableEntity, "invalid_handle")
	guest.asks("gives no e-mail address", registration("gert", "gert", password)).
		refused(http.StatusUnprocessableEntity, "invalid_email")
	guest.asks("chooses a password that everybody chooses", registration("guest@example.org", "gert", "password123")).
		refused(http.StatusUnprocessableEntity, "invalid_password")
	guest.asks("chooses a short one", registration("guest@example.org", "gert", "chair")).
		refused(http.StatusUnprocessableEntity, "invalid_password")
	guest.asks("registers with ada's address, and is told nothing about her", registration("ada@example.org", "adah", password)).
		is(http.StatusAccepted)

	verification := post("/api/v1/email-verifications/confirm", fields{"token": m.mailed(m.ada.email(), "/verify")})
	m.ada.asks("follows the link in the letter", verification).is(http.StatusNoContent)
	m.ada.asks("follows it again", verification).refused(http.StatusConflict, "invalid_token")

	m.ada.asks("asks for her account, without having signed in", get("/api/v1/me")).
		refused(http.StatusUnauthorized, "sign_in_required")
	guest.asks("signs in with ada's address and a wrong password",
		post("/api/v1/sessions", fields{"email": m.ada.email(), "password": "wrong horse battery"})).
		refused(http.StatusUnauthorized, "wrong_credentials")
	guest.asks("signs in with an address that nobody has, which looks the same",
		post("/api/v1/sessions", fields{"email": "nobody@example.org", "password": password})).
		refused(http.StatusUnauthorized, "wrong_credentials")
	m.guess()
	m.ada.signsIn()
	m.ada.asks("asks again", get("/api/v1/me")).is(http.StatusOK, "handle", "ada", "status", "active")

	for _, who := range []struct {
		is   **member
		name string
	}{{&m.ben, "ben"}, {&m.cleo, "cleo"}, {&m.dora, "dora"}, {&m.eli, "eli"}, {&m.gwen, "gwen"}, {&m.hugo, "hugo"}, {&m.mia, "mia"}} {
		*who.is = m.person(who.name)
		(*who.is).joins()
	}
	finn := m.person("finn")
	finn.registers().is(http.StatusAccepted)
	finn.asks("signs in, but has not followed the link in the letter",
		post("/api/v1/sessions", fields{"email": finn.email(), "password": password})).
		refused(http.StatusUnauthorized, "wrong_credentials")
	m.remark("Had he registered an address of somebody else, he would now not know whether it was free.")
	finn.asks("asks for the letter again", post("/api/v1/email-verifications", fields{"email": finn.email()})).is(http.StatusAccepted)

	m.permissions()
}

// guess shows that whoever guesses passwords is slowed down.
func (m *market) guess() {
	thief := m.browser("a thief")
	attempt := post("/api/v1/sessions", fields{"email": "somebody@example.org", "password": "a guess of mine"})
	for range 5 {
		thief.asks("guesses a password", attempt).refused(http.StatusUnauthorized, "wrong_credentials")
	}
	thief.asks("guesses once more", attempt).refused(http.StatusTooManyRequests, "too_many_attempts")
}

// permissions shows who may do what.
func (m *market) permissions() {
	const moderator, reason = "moderator", "Knows the trade."
	role := post("/api/v1/members/"+m.mia.id+"/grant-role", fields{"role": moderator, "reason": reason})
	m.mia.asks("would like to moderate", role).refused(http.StatusForbidden, "not_permitted")
	m.founder.asks("makes mia a moderator", role).is(http.StatusNoContent)

	made := m.dora.asks("makes a token that can bid and nothing else",
		post("/api/v1/me/tokens", fields{"name": "sniper", "scopes": []string{"listings.bid"}})).
		is(http.StatusCreated, "scopes.0", "listings.bid")
	m.sniper = m.program("dora's program", made.text("text"))
	m.sniper.asks("begins a listing", post("/api/v1/listings", fields{"title": "a parrot"})).
		refused(http.StatusForbidden, "missing_scope")
	m.program("a program", "gvl_made-up").asks("shows a token that it made up", get("/api/v1/me")).
		refused(http.StatusUnauthorized, "invalid_credential")
}
