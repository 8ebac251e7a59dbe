package main

import (
	"net/http"
	"strings"
)

// setUp starts the server and makes the first admin with the link that it prints.
func (m *market) setUp() {
	m.chapter("The house is set up")
	m.must("make run", m.server.start(m.ctx, 0))
	m.step("make run, with an empty data folder", "ready at "+m.server.base)
	link, err := m.server.awaits(m.ctx, "Set up the first admin within 30 minutes: ")
	m.must("look for the setup link", err)
	m.step("it prints a link for whoever is to be admin", "to be used within 30 minutes, in one browser")

	page := strings.TrimPrefix(link, m.server.base)
	_, token, _ := strings.Cut(page, "?token=")
	m.founder = m.person("founder")
	founding := func(handle string) request {
		return post("/api/v1/setup", fields{
			"token": token, "email": handle + "@example.org", "handle": handle, "password": password,
		})
	}
	m.founder.asks("opens the link", get(page)).is(http.StatusOK)
	m.browser("a stranger").asks("has seen the link, and tries it in another browser", founding("stranger")).
		refused(http.StatusForbidden, "invalid_setup_link")
	made := m.founder.asks("becomes admin", founding("founder")).is(http.StatusCreated, "member.handle", "founder")
	m.founder.id = made.text("member.id")
	m.call(m.founder.id, "founder")
	m.founder.asks("reads the account", get("/api/v1/me")).is(http.StatusOK, "roles.0", "admin")
	m.founder.asks("tries the link once more", founding("another")).refused(http.StatusForbidden, "invalid_setup_link")
}
