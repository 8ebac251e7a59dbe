package main

import (
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"go.uber.org/fx"

	"github.com/gavelhq/gavel/modules/profiles/profilesapi"
	"github.com/gavelhq/gavel/modules/profiles/profilestest"
	"github.com/gavelhq/gavel/platform/clock"
	"github.com/gavelhq/gavel/platform/db"
	"github.com/gavelhq/gavel/platform/identity"
	"github.com/gavelhq/gavel/platform/platformtest"
)

// matrix is the house in which the cells of the matrix are tried, and who tries them.
type matrix struct {
	t     *testing.T
	house *house
	clock *handClock
	disk  *disk

	founder *visitor            // prepares what needs an admin; in no column
	members map[string]*visitor // by column
	barred  string              // the API token of susp
	expired string              // the API token that has expired
	scopes  map[string][]string // that a member's tokens can have, by column
	tokens  map[string]string   // by column and scopes

	needed *identity.Permission // by the line that is tried; nil where anybody may
	kept   map[string]any       // what was prepared and is untouched
	drawn  int                  // how many names were
}

// attempt is what is sent for a line.
type attempt struct {
	// ask prepares what the request needs and returns it, so that it succeeds for who may.
	ask func(m *matrix, c caller) request
	// after undoes what the caller did to himself; nil for nothing.
	after func(m *matrix, c caller)
	// permission is what a page needs; an operation of the API says it itself.
	permission *identity.Permission
	// holder is the column whose tokens are tried; empty for the first who succeeds.
	holder string
}

// caller is who makes a request.
type caller struct {
	column string
	// member is who it is. For one who is nobody any more, or never was, it is owner, whose things are tried.
	member *visitor
	cookie string
	token  string
}

// request is what is sent.
type request struct {
	path    string
	body    fields     // as JSON
	form    url.Values // as a browser sends it
	bearer  string     // instead of the caller's
	cookie  string     // instead of the caller's
	link    string     // shown as Issue-Link
	browser *visitor   // in which it is sent: in another house
}

// handClock stands still but when it is moved, and nothing ever falls due by it: what changes in the tables was changed
// by a request, as nobody is delivered events to and no notice is mailed.
type handClock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *handClock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *handClock) NewTimer(d time.Duration) clock.Timer { return clock.NewFixed(c.Now()).NewTimer(d) }

func (c *handClock) move(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// matrixMetricsToken is that of whoever collects the metrics.
const matrixMetricsToken = "of-whoever-collects-metrics"

// openMatrix opens a house in which admins approve new members, with one member for each column.
func openMatrix(t *testing.T) *matrix {
	t.Helper()
	m := &matrix{
		t: t, clock: &handClock{now: noon}, members: map[string]*visitor{}, scopes: map[string][]string{},
		tokens: map[string]string{}, kept: map[string]any{}, disk: watchDisk(t),
	}
	var pool *db.Pool
	m.house = openHouse(t, map[string]string{"members.registration": "approval", "metrics.token": matrixMetricsToken},
		undelivered(), profilestest.CheapPasswords(), profilestest.Unmailed(), platformtest.Swap[clock.Clock](m.clock), fx.Populate(&pool))
	m.disk.begin(pool.Path())
	m.founder = m.house.admin()
	for column, role := range map[string]string{
		"other": "", "bidder": "", "owner": "", "agent": "agent", "lead": "lead", "mod": "moderator", "admin": "admin", "susp": "",
	} {
		v := m.enrol(column + "-1")
		if role != "" {
			m.founder.post(at(v, "/grant-role"), fields{"role": role}).is(http.StatusNoContent)
		}
		for _, scope := range v.get("/api/v1/me/token-scopes").is(http.StatusOK).items() {
			m.scopes[column] = append(m.scopes[column], scope.(map[string]any)["name"].(string))
		}
		m.members[column] = v
	}
	m.barred = m.token("susp", m.scopes["susp"], time.Time{})
	m.founder.post(at(m.members["susp"], "/suspend"), fields{"reason": "He sells what is not his."}).is(http.StatusNoContent)
	// Less than what makes a use of sessions and tokens worth noting again: no request is noted from here on.
	m.expired = m.token("owner", m.scopes["owner"], m.clock.Now().Add(time.Minute))
	m.clock.move(time.Minute)
	return m
}

// at is the address of a member, or of something that is done to him.
func at(v *visitor, act string) string { return "/api/v1/members/" + v.id.String() + act }

// enrol makes a member who is verified, approved and signed in.
func (m *matrix) enrol(handle string) *visitor {
	m.t.Helper()
	v := m.register(handle)
	v.post("/api/v1/email-verifications/confirm", fields{"token": m.house.mailed(v.email, "/verify")}).is(http.StatusNoContent)
	m.founder.post(at(v, "/approve"), fields{"reason": ""}).is(http.StatusNoContent)
	v.signIn()
	return v
}

// further returns a member beside those of the columns, made once.
func (m *matrix) further(handle string) *visitor {
	m.t.Helper()
	if m.members[handle] == nil {
		m.members[handle] = m.enrol(handle)
	}
	return m.members[handle]
}

// register makes somebody whose address is not verified, and who waits for approval.
func (m *matrix) register(handle string) *visitor {
	m.t.Helper()
	v := m.house.registered(handle)
	v.id = m.founder.get("/api/v1/members/by-handle/" + handle).is(http.StatusOK).id("id")
	return v
}

// name draws a handle that nobody has.
func (m *matrix) name() string {
	m.drawn++
	return fmt.Sprintf("somebody-%d", m.drawn)
}

// again signs the member in once more, in another browser.
func (m *matrix) again(v *visitor) *visitor {
	m.t.Helper()
	other := m.house.guest()
	other.id, other.email, other.handle = v.id, v.email, v.handle
	other.signIn()
	return other
}

// sessionOf returns what the browser's cookie holds.
func (m *matrix) sessionOf(v *visitor) string {
	m.t.Helper()
	base, err := url.Parse(v.h.base)
	require.NoError(m.t, err)
	for _, cookie := range v.client.Jar.Cookies(base) {
		if cookie.Name == "gavel" {
			return cookie.Value
		}
	}
	require.FailNow(m.t, "nobody is signed in")
	return ""
}

// token returns an API token of the member's, used once: its first use is noted.
func (m *matrix) token(column string, scopes []string, expires time.Time) string {
	m.t.Helper()
	body := fields{"name": "a program", "scopes": scopes}
	if !expires.IsZero() {
		body["expires_at"] = expires
	}
	made := m.members[column].post("/api/v1/me/tokens", body).is(http.StatusCreated)
	program := m.house.guest()
	program.token = made.text("text")
	require.NotEqual(m.t, http.StatusUnauthorized, program.get("/api/v1/me").status)
	return program.token
}

// tokenFor returns the member's token with the scopes, made once.
func (m *matrix) tokenFor(column string, scopes []string) string {
	m.t.Helper()
	key := column + " " + strings.Join(scopes, " ")
	if m.tokens[key] == "" {
		m.tokens[key] = m.token(column, scopes, time.Time{})
	}
	return m.tokens[key]
}

// needs notes what a caller of the line needs.
func (m *matrix) needs(l line, a attempt) {
	m.needed = a.permission
	for _, o := range m.house.server.Operations() {
		if o.Method+" "+o.Path == l.route() {
			m.needed = o.Permission
		}
	}
}

// rolesOf are a member's roles.
func (m *matrix) rolesOf(column string) []identity.Role {
	roles := []identity.Role{identity.Member}
	switch column {
	case "mod":
		roles = append(roles, identity.Moderator)
	case "agent", "lead", "admin":
		roles = append(roles, identity.Role(column))
	}
	return roles
}

// caller is who tries the line in that column.
func (m *matrix) caller(l line, a attempt, column string) caller {
	m.t.Helper()
	owner := m.members["owner"]
	switch column {
	case "guest":
		return caller{column: column, member: owner}
	case "susp":
		return caller{column: column, member: owner, cookie: m.sessionOf(m.members["susp"])}
	case "susp-t":
		return caller{column: column, member: owner, token: m.barred}
	case "expired":
		return caller{column: column, member: owner, token: m.expired}
	case "prog", "no-scope":
		holder := a.holder
		if holder == "" {
			holder = l.first("owner", "other", "bidder", "mod", "admin")
		}
		with, without := m.scopesAround(holder)
		if column == "no-scope" {
			with = without
		}
		return caller{column: column, member: m.members[holder], token: m.tokenFor(holder, with)}
	default:
		v := m.members[column]
		return caller{column: column, member: v, cookie: m.sessionOf(v)}
	}
}

// scopesAround returns the scopes that are just enough for the line that is tried, and all that are not enough. Where
// nothing is needed they are two that have nothing to do with each other.
func (m *matrix) scopesAround(holder string) (with, without []string) {
	all := m.scopes[holder]
	switch {
	case m.needed == nil:
		return []string{profilesapi.ReadOwn.Name()}, []string{profilesapi.EditProfile.Name()}
	case !slices.Contains(all, m.needed.Name()):
		return all, all
	}
	return []string{m.needed.Name()}, slices.DeleteFunc(slices.Clone(all), func(s string) bool { return s == m.needed.Name() })
}

// send makes the request as the caller. What the answer would do to his cookies is not done. Each POST has a key of its
// own, which a refusal must not remember.
func (m *matrix) send(c caller, l line, a request) reply {
	m.t.Helper()
	from := m.house.guest()
	if a.browser != nil {
		from = a.browser
	}
	headers := []string{}
	if l.method == http.MethodPost {
		headers = append(headers, "Idempotency-Key", uuid.NewString())
	}
	if c.cookie != "" {
		session := c.cookie
		if a.cookie != "" {
			session = a.cookie
		}
		headers = append(headers, "Cookie", "gavel="+session)
	}
	switch {
	case a.bearer != "":
		headers = append(headers, "Authorization", "Bearer "+a.bearer)
	case c.token != "":
		headers = append(headers, "Authorization", "Bearer "+c.token)
	}
	if a.link != "" {
		headers = append(headers, "Issue-Link", a.link)
	}
	if a.form != nil {
		return m.sendForm(from, a, headers)
	}
	return from.send(l.method, a.path, a.body, headers...)
}

// sendForm sends a form as a browser does.
func (m *matrix) sendForm(from *visitor, a request, headers []string) reply {
	m.t.Helper()
	body := strings.NewReader(a.form.Encode())
	sent, err := http.NewRequestWithContext(m.t.Context(), http.MethodPost, from.h.base+a.path, body)
	require.NoError(m.t, err)
	sent.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	for i := 0; i < len(headers); i += 2 {
		sent.Header.Set(headers[i], headers[i+1])
	}
	answer, err := from.client.Do(sent)
	require.NoError(m.t, err)
	page, err := io.ReadAll(answer.Body)
	require.NoError(m.t, err)
	require.NoError(m.t, answer.Body.Close())
	return reply{h: from.h, request: "POST " + a.path, status: answer.StatusCode, header: answer.Header, body: page}
}

// keep returns what was prepared under that name, preparing it anew when a request has changed anything since.
func keep[T any](m *matrix, name string, prepare func() T) T {
	m.t.Helper()
	if _, ok := m.kept[name]; !ok {
		m.kept[name] = prepare()
	}
	return m.kept[name].(T)
}

// mailed asks for a letter and returns the token in its link to the page.
func (m *matrix) mailed(address, page string, ask func()) string {
	m.t.Helper()
	before, err := m.house.posted(address, 0)
	require.NoError(m.t, err)
	ask()
	for n := len(before) + 1; ; n++ {
		texts, err := m.house.posted(address, n)
		require.NoError(m.t, err, "no letter with a link to %s", page)
		if found := tokenInLink.FindStringSubmatch(texts[n-1]); found != nil && found[1] == page {
			return found[2]
		}
	}
}
