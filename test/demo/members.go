package main

import "net/http"

// password is everybody's.
const password = "correct horse battery"

// member is a person with a browser.
type member struct {
	*client
	id     string
	handle string
}

func (m *member) email() string { return m.handle + "@example.org" }

// person is somebody who has not registered yet.
func (s *story) person(handle string) *member {
	return &member{client: s.browser(handle), handle: handle}
}

// registers asks for an account.
func (m *member) registers() *answer {
	return m.asks("registers", post("/api/v1/members", fields{"email": m.email(), "handle": m.handle, "password": password}))
}

// signsIn gets the cookie of a session.
func (m *member) signsIn() {
	in := m.asks("signs in", post("/api/v1/sessions", fields{"email": m.email(), "password": password}))
	in.is(http.StatusCreated, "member.handle", m.handle)
	m.id = in.text("member.id")
	m.s.call(m.id, m.handle)
}

// joins registers, verifies the address with the link in the letter, and signs in.
func (m *member) joins() {
	m.registers().is(http.StatusAccepted)
	m.asks("follows the link in the letter",
		post("/api/v1/email-verifications/confirm", fields{"token": m.s.mailed(m.email(), "/verify")})).is(http.StatusNoContent)
	m.signsIn()
}

// reads asks for something without telling a step.
func (c *client) reads(what, path string) *answer {
	a := c.asks(what, get(path))
	if a.status != http.StatusOK {
		c.s.fail(a.step, "answered with %d %s", a.status, a.body)
	}
	return a
}
