package main

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/platform/httpserver/openapitest/malform"
)

// siege is a house, and those who send it what they should not.
type siege struct {
	t         *testing.T
	h         *house
	generator *malform.Generator
	client    *malform.Client
	tally     *tally

	keeper  *visitor // an admin who behaves, and makes what the others need
	seller  *visitor // sells what they bid on
	bidder  *visitor // bids on what they sell
	victim  *visitor // is blocked, suspended and promoted
	callers []*vandal
	mover   *visitor // changes the address
	forgets *visitor // forgets the password
}

// vandal sends malformed requests.
type vandal struct {
	*visitor
	program *visitor
	admin   bool
	// restless is who ends sessions and leaves, so that the other one can trade in peace.
	restless bool
	// made are the values that make requests to an operation valid, until they are used up.
	made map[string]malform.Known
	uses map[string]int
}

func newSiege(t *testing.T, h *house, seed uint64, all *tally) *siege {
	t.Helper()
	document, err := h.api.Document()
	require.NoError(t, err)
	s := &siege{
		t: t, h: h, tally: all, keeper: h.admin(),
		generator: malform.NewGenerator(document, seed, time.Now()),
		client:    malform.NewClient(h.server.Addr(), patience),
	}
	t.Cleanup(s.client.Close)
	s.seller, s.bidder, s.victim, s.mover, s.forgets = s.member(), s.member(), s.member(), s.member(), s.member()
	for _, admin := range []bool{false, true} {
		for _, restless := range []bool{false, true} {
			c := &vandal{admin: admin, restless: restless}
			s.begin(c)
			s.callers = append(s.callers, c)
		}
	}
	return s
}

// member is somebody new who may trade.
func (s *siege) member() *visitor {
	s.t.Helper()
	v := s.applicant()
	s.act(s.idOf(v), "approve", nil)
	v.signIn()
	v.id = v.get("/api/v1/me").is(http.StatusOK).id("id")
	return v
}

// applicant is somebody new whose address is verified, and who waits for approval.
func (s *siege) applicant() *visitor {
	s.t.Helper()
	v := s.stranger()
	v.post("/api/v1/email-verifications/confirm", fields{"token": s.h.mailed(v.email, "/verify")}).is(http.StatusNoContent)
	return v
}

// stranger is somebody new whose address is not verified.
func (s *siege) stranger() *visitor {
	s.t.Helper()
	return s.h.registered("m" + s.generator.Word(14))
}

// idOf asks the keeper for the id of somebody who has not signed in.
func (s *siege) idOf(v *visitor) uuid.UUID {
	s.t.Helper()
	found := s.keeper.get("/api/v1/members?prefix=" + v.handle).is(http.StatusOK).items()
	require.Len(s.t, found, 1)
	id, err := uuid.Parse(found[0].(map[string]any)["id"].(string))
	require.NoError(s.t, err)
	return id
}

// act makes the keeper decide about a member, who may be as decided already.
func (s *siege) act(member uuid.UUID, act string, body fields) {
	s.t.Helper()
	if body == nil {
		body = fields{"reason": "A test needs it."}
	}
	r := s.keeper.post(fmt.Sprintf("/api/v1/members/%s/%s", member, act), body)
	require.Contains(s.t, []int{http.StatusNoContent, http.StatusConflict}, r.status, "%s: %s", act, r.body)
}

// begin makes c a new member.
func (s *siege) begin(c *vandal) {
	s.t.Helper()
	c.visitor = s.member()
	c.made, c.uses = map[string]malform.Known{}, map[string]int{}
	if c.admin {
		s.act(c.id, "grant-role", fields{"role": "admin"})
		c.signIn()
	}
	s.arm(c)
}

// arm gives c a token for everything that tokens may.
func (s *siege) arm(c *vandal) {
	s.t.Helper()
	var scopes []string
	for _, item := range c.get("/api/v1/me/token-scopes").is(http.StatusOK).items() {
		scopes = append(scopes, item.(map[string]any)["name"].(string))
	}
	c.program = c.visitor.program(scopes...)
}

// revive signs c in again, whom a request has signed out, or makes c somebody new.
func (s *siege) revive(c *vandal) {
	s.t.Helper()
	if c.get("/api/v1/me").status != http.StatusOK &&
		c.post("/api/v1/sessions", fields{"email": c.email, "password": password}).status != http.StatusCreated {
		s.begin(c)
		return
	}
	if c.program.get("/api/v1/me").status != http.StatusOK {
		s.arm(c)
	}
}

// restless are the operations that end sessions, or all that a member does.
var restless = map[string]bool{
	"leave": true, "stay": true, "sign-out": true, "revoke-session": true, "revoke-other-sessions": true, "change-password": true,
}

// adminsOnly are the scopes that no member holds.
func adminsOnly(scope string) bool {
	return strings.HasPrefix(scope, "members.") ||
		slices.Contains([]string{"audit.read", "events.administer", "listings.moderate", "issues.work"}, scope)
}

func (s *siege) mayCall(c *vandal, o malform.Operation) bool {
	return c.restless == restless[o.ID] && (c.admin || !adminsOnly(o.Scope))
}

// caller chooses who sends a request. Members seldom ask for what only admins may: they are not let in.
func (s *siege) caller(o malform.Operation) *vandal {
	admin := s.generator.Chance(2)
	if adminsOnly(o.Scope) {
		admin = !s.generator.Chance(8)
	}
	for _, c := range s.callers {
		if c.admin == admin && c.restless == restless[o.ID] {
			return c
		}
	}
	return nil
}

// shown is what c shows for an operation: the token, if wanted and if tokens may, or else the cookies.
func (c *vandal) shown(o malform.Operation, token bool) []malform.Field {
	if token && o.Scope != "account.manage" {
		return []malform.Field{{Name: "Authorization", Value: "Bearer " + c.program.token}}
	}
	base, err := url.Parse(c.h.base)
	require.NoError(c.h.t, err)
	var shown []string
	for _, cookie := range c.client.Jar.Cookies(base) {
		shown = append(shown, cookie.Name+"="+cookie.Value)
	}
	return []malform.Field{{Name: "Cookie", Value: strings.Join(shown, "; ")}}
}

// after draws the consequences of an answer.
func (s *siege) after(c *vandal, operation string, status int) {
	s.t.Helper()
	if status >= http.StatusMultipleChoices {
		return
	}
	delete(c.made, operation)
	switch operation {
	case "change-password":
		s.begin(c) // to what, only the request knew
	case "sign-out", "revoke-session", "revoke-other-sessions":
		s.revive(c)
	case "reset-password":
		s.forgets = s.member()
	case "confirm-email-change":
		s.mover = s.member()
	}
}

// known returns what makes a request of c valid. It is made anew after some requests, in which some of it was used up.
func (s *siege) known(c *vandal, operation string) malform.Known {
	s.t.Helper()
	limit := 8
	if strings.HasPrefix(operation, "get-") || strings.HasPrefix(operation, "list-") {
		limit = 100
	}
	if c.uses[operation]++; c.uses[operation] > limit {
		delete(c.made, operation)
	}
	if _, ok := c.made[operation]; !ok {
		c.uses[operation] = 0
		c.made[operation] = malform.Known{}
		for _, all := range []map[string]maker{makers, issueMakers} {
			if do := all[operation]; do != nil {
				c.made[operation] = do(s, c)
			}
		}
	}
	return c.made[operation]
}
