package rest_test

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
	"go.uber.org/zap"

	"github.com/gavelhq/gavel/modules/issues/internal/app"
	"github.com/gavelhq/gavel/modules/issues/internal/domain"
	issues "github.com/gavelhq/gavel/modules/issues/internal/memory"
	"github.com/gavelhq/gavel/modules/issues/internal/rest"
	"github.com/gavelhq/gavel/modules/issues/issuesapi"
	"github.com/gavelhq/gavel/modules/listings/listingsapi"
	"github.com/gavelhq/gavel/modules/profiles/profilesapi"
	"github.com/gavelhq/gavel/platform/clock"
	outbox "github.com/gavelhq/gavel/platform/events/memory"
	"github.com/gavelhq/gavel/platform/fault"
	"github.com/gavelhq/gavel/platform/httpserver"
	"github.com/gavelhq/gavel/platform/httpserver/openapitest"
	"github.com/gavelhq/gavel/platform/idempotency"
	answers "github.com/gavelhq/gavel/platform/idempotency/memory"
	"github.com/gavelhq/gavel/platform/identity"
	"github.com/gavelhq/gavel/platform/mail"
	"github.com/gavelhq/gavel/platform/memory"
	"github.com/gavelhq/gavel/platform/metrics"
	"github.com/gavelhq/gavel/platform/uow"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var noon = time.Date(2026, 3, 1, 12, 0, 0, 123456000, time.UTC)

// The listing that issues are about, who sells it, and whose bid is the third entry of its log.
var (
	listing = uuid.UUID{1}
	seller  = uuid.UUID{0: 0xaa, 15: 1}
	bidder  = uuid.UUID{0: 0xaa, 15: 2}
	nobody  = uuid.UUID{0: 0xaa, 15: 99}
)

// site is a help desk in memory whose API answers on a free port. Its clock stands at noon until it is moved.
type site struct {
	t       *testing.T
	addr    string
	clock   *clock.Virtual
	desk    *app.Desk
	letters *letters
	members *members
	client  *http.Client
	checked *openapitest.Transport

	ada, eve          caller // members who have nothing to do with each other
	agent, mate, lead caller // work at the help desk
	vera              caller // a visitor
}

func newSite(t *testing.T) *site {
	t.Helper()
	db := memory.NewDatabase()
	store := issues.NewStore(db)
	c := clock.NewVirtual(noon)
	views := issues.NewViews(store)
	s := &site{t: t, clock: c, letters: &letters{t: t}, members: &members{callers: map[string]identity.Caller{}}}
	neighbours := &neighbours{members: s.members}
	s.desk = app.NewDesk(app.Parts{
		Work: uow.New(outbox.NewOutbox(db), uow.Settings{}), Issues: issues.NewIssues(store, app.Message), Listings: neighbours,
		Logs: neighbours, Moderation: neighbours, Members: neighbours, Standings: neighbours, Staff: neighbours, Secrets: secrets{}, Letters: issues.NewLetters(store), Throttles: neighbours,
		Answers: idempotency.NewKeys(answers.NewAnswers(db), c), Clock: c, Targets: domain.DefaultTargets(),
	})
	s.letters.mailing = app.NewMailLetters(s.desk, issues.NewLettersDue(store), s.letters, time.Minute, mail.DefaultPatience())
	queries := rest.Queries{Read: app.NewReadIssue(views, c), List: app.NewListIssues(views, c)}
	s.addr = serve(t, rest.NewRoutes(queries, commands(s.desk, views)), c, s.members)
	s.checked = openapitest.NewTransport(func(err error) { t.Error(err) }, "http://"+s.addr, &http.Transport{DisableKeepAlives: true})
	s.client = &http.Client{Transport: s.checked}
	s.vera = caller{site: s}
	s.ada, s.eve = s.signedIn(), s.signedIn()
	s.agent, s.mate, s.lead = s.signedIn(identity.Agent), s.signedIn(identity.Agent), s.signedIn(identity.Lead)
	return s
}

func commands(d *app.Desk, visitors app.Visitors) rest.Commands {
	return rest.Commands{
		ReportByMember:   app.NewReportByMember(d),
		ReportByVisitor:  app.NewReportByVisitor(d),
		Confirm:          app.NewConfirm(d),
		RequestIssueLink: app.NewRequestIssueLink(d, visitors),
		Triage:           app.NewTriage(d),
		Pick:             app.NewPick(d),
		Assign:           app.NewAssign(d),
		Reassign:         app.NewReassign(d),
		Wait:             app.NewWait(d),
		Resume:           app.NewResume(d),
		Comment:          app.NewComment(d),
		Note:             app.NewNote(d),
		Involve:          app.NewInvolve(d),
		Link:             app.NewLink(d),
		Resolve:          app.NewResolve(d),
		Reopen:           app.NewReopen(d),
		Reject:           app.NewReject(d),
		Merge:            app.NewMerge(d),
		FreezeListing:    app.NewFreezeListing(d),
		CancelListing:    app.NewCancelListing(d),
	}
}

// serve serves the routes until the test ends and returns the address.
func serve(t *testing.T, routes httpserver.Routes, c clock.Clock, m identity.Authenticator) string {
	t.Helper()
	settings := httpserver.DefaultSettings()
	settings.Addr = "127.0.0.1:0"
	settings.Rate = httpserver.RateSettings{}
	registry := prometheus.NewRegistry()
	counted, err := metrics.NewHTTP(registry)
	require.NoError(t, err)
	server, err := httpserver.New(httpserver.Parts{
		Settings: settings, Build: httpserver.Build{Version: "test"}, Clock: c, Log: zap.NewNop(), Gatherer: registry,
		Metrics: counted, Routes: []httpserver.Routes{routes}, Authenticator: m,
	})
	require.NoError(t, err)
	require.NoError(t, server.Start(t.Context()))
	t.Cleanup(func() { require.NoError(t, server.Stop(context.Background())) })
	return server.Addr()
}

// members know whose tokens are.
type members struct {
	mu      sync.Mutex
	callers map[string]identity.Caller
}

func (m *members) Authenticate(_ context.Context, shown identity.Credential) (identity.Caller, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	caller, ok := m.callers[shown.Secret]
	if !ok {
		return identity.Caller{}, identity.ErrInvalidCredential
	}
	return caller, nil
}

// find returns the member of that id.
func (m *members) find(id uuid.UUID) (identity.Caller, bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, c := range m.callers {
		if c.ID == id {
			return c, true
		}
	}
	return identity.Caller{}, false
}

// neighbours are what the desk asks of other modules.
type neighbours struct{ members *members }

func (*neighbours) Summary(_ context.Context, id uuid.UUID) (listingsapi.Summary, error) {
	if id != listing {
		return listingsapi.Summary{}, fault.New(fault.NotFound, "listing_not_found", "There is no such listing.")
	}
	return listingsapi.Summary{ID: id, Seller: seller, LogSeq: 7, LogHash: [32]byte{9}}, nil
}

// publicLog is that of the listing.
const publicLog = `{"format":"gavel-log-1"}` + "\n" + `{"seq":1}` + "\n"

func (*neighbours) Extract(context.Context, uuid.UUID, domain.Position) (string, error) {
	return publicLog, nil
}

func (*neighbours) Bidder(_ context.Context, _ uuid.UUID, bid int64) (uuid.UUID, bool, error) {
	return bidder, bid == 3, nil
}

func (*neighbours) Names(_ context.Context, members []uuid.UUID) (map[uuid.UUID]profilesapi.Name, error) {
	names := map[uuid.UUID]profilesapi.Name{}
	for _, id := range members {
		if id != nobody {
			names[id] = profilesapi.Name{Handle: id.String()}
		}
	}
	return names, nil
}

func (*neighbours) Standing(_ context.Context, id, _ uuid.UUID) (profilesapi.Standing, error) {
	return profilesapi.Standing{Active: id != nobody}, nil
}

func (n *neighbours) Letter(context.Context, string, string) (bool, error) { return true, nil }

func (n *neighbours) Attempt(context.Context, string, string, int) error { return nil }

func (n *neighbours) WorksHere(_ context.Context, id uuid.UUID) (bool, error) {
	c, ok := n.members.find(id)
	return ok && c.May(issuesapi.Work), nil
}

type secrets struct{}

func (secrets) Draw(p []byte) error {
	_, err := rand.Read(p)
	return err
}

// letters keep the link of the last one that was mailed.
type letters struct {
	t       *testing.T
	mailing *app.MailLetters

	mu     sync.Mutex
	link   string
	posted int
}

func (l *letters) Mail(_ context.Context, sent app.VisitorLetter) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.link = sent.Link
	l.posted++
	return nil
}

// last mails what is due, and returns the link of the last letter and how many there were.
func (l *letters) last() (link string, posted int) {
	l.t.Helper()
	due, err := l.mailing.Due(l.t.Context(), 100)
	require.NoError(l.t, err)
	for _, id := range due {
		_, err := l.mailing.Do(l.t.Context(), id)
		require.NoError(l.t, err)
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.link, l.posted
}

// caller is who makes requests.
type caller struct {
	*site
	id      uuid.UUID
	headers []string
}

// signedIn returns a member with these roles beside that of a member.
func (s *site) signedIn(roles ...identity.Role) caller {
	return s.authenticated(identity.Caller{
		ID: uuid.New(), Roles: append(roles, identity.Member), Credential: uuid.New(),
	})
}

// authenticated returns whoever shows a credential of c's.
func (s *site) authenticated(c identity.Caller) caller {
	s.members.mu.Lock()
	defer s.members.mu.Unlock()
	token := uuid.NewString()
	s.members.callers[token] = c
	return caller{site: s, id: c.ID, headers: []string{"Authorization", "Bearer " + token}}
}

// known returns the member with that id.
func (s *site) known(id uuid.UUID, roles ...identity.Role) caller {
	return s.authenticated(identity.Caller{ID: id, Roles: append(roles, identity.Member), Credential: uuid.New()})
}

// following returns a visitor who shows a link.
func (s *site) following(link string) caller {
	return caller{site: s, headers: []string{"Issue-Link", link}}
}

// fields are the body of a request.
type fields map[string]any

// answer is an HTTP answer, read to its end.
type answer struct {
	t      *testing.T
	status int
	header http.Header
	body   string
}

func (c caller) get(path string, headers ...string) answer {
	c.t.Helper()
	return c.send(http.MethodGet, path, nil, headers...)
}

func (c caller) post(path string, body fields, headers ...string) answer {
	c.t.Helper()
	return c.send(http.MethodPost, path, body, headers...)
}

// send sends a request about issues, with a JSON body if there is one.
func (c caller) send(method, path string, body fields, headers ...string) answer {
	c.t.Helper()
	return c.request(method, "/issues"+path, body, headers...)
}

// request sends a request to any path of the API.
func (c caller) request(method, path string, body fields, headers ...string) answer {
	c.t.Helper()
	var sent io.Reader = http.NoBody
	if body != nil {
		text, err := json.Marshal(body)
		require.NoError(c.t, err)
		sent = strings.NewReader(string(text))
	}
	request, err := http.NewRequestWithContext(c.t.Context(), method, "http://"+c.addr+"/api/v1"+path, sent)
	require.NoError(c.t, err)
	if body != nil {
		request.Header.Set("Content-Type", "application/json")
	}
	for _, pairs := range [][]string{c.headers, headers} {
		for i := 0; i < len(pairs); i += 2 {
			request.Header.Set(pairs[i], pairs[i+1])
		}
	}
	response, err := c.client.Do(request)
	require.NoError(c.t, err)
	read, err := io.ReadAll(response.Body)
	require.NoError(c.t, err)
	require.NoError(c.t, response.Body.Close())
	if response.StatusCode != http.StatusNotModified {
		require.Equal(c.t, "no-store", response.Header.Get("Cache-Control"), "%s %s", method, path)
	}
	return answer{t: c.t, status: response.StatusCode, header: response.Header, body: string(read)}
}

// is requires the status.
func (a answer) is(status int) answer {
	a.t.Helper()
	require.Equal(a.t, status, a.status, a.body)
	return a
}

// refused requires a problem with that code.
func (a answer) refused(status int, code string) answer {
	a.t.Helper()
	a.is(status)
	require.Equal(a.t, "application/problem+json", a.header.Get("Content-Type"))
	require.Equal(a.t, code, a.text("code"), a.body)
	return a
}

// value returns what is at the path of keys in the body, nil if there is nothing.
func (a answer) value(path ...string) any {
	a.t.Helper()
	var at any
	require.NoError(a.t, json.Unmarshal([]byte(a.body), &at), a.body)
	for _, key := range path {
		object, ok := at.(map[string]any)
		if !ok {
			return nil
		}
		at = object[key]
	}
	return at
}

// text returns a text in the body, empty if there is none.
func (a answer) text(path ...string) string {
	a.t.Helper()
	text, _ := a.value(path...).(string)
	return text
}

// items returns the list in the body.
func (a answer) items() []map[string]any {
	a.t.Helper()
	a.is(http.StatusOK)
	list, ok := a.value("items").([]any)
	require.True(a.t, ok, a.body)
	items := make([]map[string]any, len(list))
	for i, item := range list {
		items[i] = item.(map[string]any)
	}
	return items
}

// column returns one field of each item in the list.
func (a answer) column(field string) []any {
	a.t.Helper()
	values := []any{}
	for _, item := range a.items() {
		values = append(values, item[field])
	}
	return values
}

// report reports an issue and returns its path.
func (c caller) report(body fields) string {
	c.t.Helper()
	sent := fields{"title": "A question"}
	for name, value := range body {
		sent[name] = value
	}
	return "/" + c.post("", sent).is(http.StatusCreated).text("id")
}

// visit reports an issue as a visitor and returns the token that confirms the address.
func (s *site) visit() string {
	s.t.Helper()
	s.vera.post("", fields{"title": "A visitor's question", "email": "vera@example.org"}).is(http.StatusAccepted)
	link, _ := s.letters.last()
	return link
}

// visited is visit by a visitor who has confirmed the address; it returns the issue's path and who follows it.
func (s *site) visited() (path string, visitor caller) {
	s.t.Helper()
	confirmed := s.vera.post("/confirmations", fields{"token": s.visit()}).is(http.StatusOK)
	return "/" + confirmed.text("issue_id"), s.following(confirmed.text("issue_link"))
}

// triaged triages an issue.
func (s *site) triaged(path string) string {
	s.t.Helper()
	s.agent.post(path+"/triage", fields{"category": "listing", "priority": "high"}).is(http.StatusOK)
	return path
}

// picked triages an issue, which the agent then picks.
func (s *site) picked(path string) string {
	s.t.Helper()
	s.agent.post(s.triaged(path)+"/pick", nil).is(http.StatusOK)
	return path
}

// resolved is picked, and the agent has resolved it.
func (s *site) resolved(path string) string {
	s.t.Helper()
	s.agent.post(s.picked(path)+"/resolve", fields{"resolution": "fixed", "text": "Done."}).is(http.StatusOK)
	return path
}
