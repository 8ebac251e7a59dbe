package app_test

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/gavelhq/gavel/modules/issues/internal/app"
	"github.com/gavelhq/gavel/modules/issues/internal/domain"
	issues "github.com/gavelhq/gavel/modules/issues/internal/memory"
	"github.com/gavelhq/gavel/modules/listings/listingsapi"
	"github.com/gavelhq/gavel/modules/profiles/profilesapi"
	"github.com/gavelhq/gavel/platform/clock"
	outbox "github.com/gavelhq/gavel/platform/events/memory"
	"github.com/gavelhq/gavel/platform/fault"
	"github.com/gavelhq/gavel/platform/idempotency"
	answers "github.com/gavelhq/gavel/platform/idempotency/memory"
	"github.com/gavelhq/gavel/platform/identity"
	"github.com/gavelhq/gavel/platform/mail"
	"github.com/gavelhq/gavel/platform/memory"
	"github.com/gavelhq/gavel/platform/page"
	"github.com/gavelhq/gavel/platform/uow"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const (
	tick = time.Microsecond // the smallest step of time that stores keep
	day  = 24 * time.Hour
)

var (
	noon      = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	errBroken = errors.New("broken")
)

// The people of the tests, and the listing of Bob's on which Cleo bids.
var (
	ada     = member(1)
	bob     = member(2)
	cleo    = member(3)
	agent   = member(11, identity.Agent)
	other   = member(12, identity.Agent)
	lead    = member(13, identity.Lead)
	nobody  = person(99)
	listing = uuid.UUID{1}
)

func person(n byte) uuid.UUID { return uuid.UUID{0: 0xaa, 15: n} }

func member(n byte, roles ...identity.Role) identity.Caller {
	return identity.Caller{ID: person(n), Roles: append([]identity.Role{identity.Member}, roles...)}
}

// desk is a help desk in memory. Its clock stands at noon until a test moves it.
type desk struct {
	*app.Desk
	t        *testing.T
	parts    app.Parts
	clock    *clock.Virtual
	work     *uow.Work
	issues   domain.Repository
	views    *issues.Views
	schedule *issues.Schedule
	register *issues.Register
	outbox   *outbox.Outbox
	letters  *letters
	due      *issues.LettersDue
	house    *house
}

// newDesk opens a desk.
func newDesk(t *testing.T) *desk {
	t.Helper()
	db := memory.NewDatabase()
	store := issues.NewStore(db)
	d := &desk{
		t: t, clock: clock.NewVirtual(noon), views: issues.NewViews(store), schedule: issues.NewSchedule(store), register: issues.NewRegister(store),
		outbox: outbox.NewOutbox(db), letters: &letters{t: t}, house: &house{},
	}
	d.work, d.issues = uow.New(d.outbox, uow.Settings{}), issues.NewIssues(store, app.Message)
	d.parts = app.Parts{
		Work: d.work, Issues: d.issues, Listings: d.house, Logs: d.house, Moderation: d.house, Members: d.house, Standings: d.house, Staff: d.house, Secrets: secrets{},
		Letters: issues.NewLetters(store), Throttles: d.house, Answers: idempotency.NewKeys(answers.NewAnswers(db), d.clock), Clock: d.clock,
		Targets: domain.DefaultTargets(),
	}
	d.Desk, d.due = app.NewDesk(d.parts), issues.NewLettersDue(store)
	d.letters.mailing = d.mailing(d.Desk)
	within := func(ctx context.Context) bool {
		nothing := uow.Command{Run: func(context.Context) error { return nil }}
		return errors.Is(d.work.DoAll(ctx, []uow.Command{nothing})[0], uow.ErrNested)
	}
	d.house.outside = func(ctx context.Context) {
		if within(ctx) {
			t.Error("what other modules tell is asked for inside a unit of work")
		}
	}
	d.house.inside = func(ctx context.Context) {
		if !within(ctx) {
			t.Error("what may not change before the commit is asked for outside a unit of work")
		}
	}
	return d
}

// mailing is what mails the letters of the desk in one server.
func (d *desk) mailing(of *app.Desk) *app.MailLetters {
	return app.NewMailLetters(of, d.due, d.letters, hold, mail.DefaultPatience())
}

// report reports an issue about nothing in particular.
func (d *desk) report(by identity.Caller) uuid.UUID {
	d.t.Helper()
	id, err := app.NewReportByMember(d.Desk).Do(d.t.Context(), app.ReportByMemberCommand{
		By: by, Complaint: app.Complaint{Title: "A question", Text: "How does it work?"},
	})
	require.NoError(d.t, err)
	return id
}

// against reports an issue about Bob's listing.
func (d *desk) against(by identity.Caller) uuid.UUID {
	d.t.Helper()
	id, err := app.NewReportByMember(d.Desk).Do(d.t.Context(), app.ReportByMemberCommand{
		By: by, Complaint: app.Complaint{Title: "Not as described", About: app.About{Listing: listing}},
	})
	require.NoError(d.t, err)
	return id
}

// visit reports an issue as a visitor, and returns it and the text of the link that confirms the address.
func (d *desk) visit() (id uuid.UUID, confirm string) {
	d.t.Helper()
	require.NoError(d.t, app.NewReportByVisitor(d.Desk).Do(d.t.Context(), app.ReportByVisitorCommand{
		Email: "vera@example.org", Complaint: app.Complaint{Title: "A visitor's question"},
	}))
	posted := d.letters.take()
	require.Len(d.t, posted, 1)
	id, _, err := domain.ParseMailedText(posted[0].link)
	require.NoError(d.t, err)
	return id, posted[0].link
}

// visited is visit by a visitor who has confirmed his address, with the text of the link by which he follows the issue.
func (d *desk) visited() (id uuid.UUID, follow string) {
	d.t.Helper()
	id, confirm := d.visit()
	follow, err := app.NewConfirm(d.Desk).Do(d.t.Context(), confirm)
	require.NoError(d.t, err)
	d.letters.take()
	return id, follow
}

// triaged triages an issue.
func (d *desk) triaged(id uuid.UUID) uuid.UUID {
	d.t.Helper()
	require.NoError(d.t, app.NewTriage(d.Desk).Do(d.t.Context(), app.TriageCommand{
		ActCommand: by(agent, id), Category: domain.CategoryListing, Priority: domain.PriorityHigh,
	}))
	return id
}

// picked triages an issue, which the agent then picks.
func (d *desk) picked(id uuid.UUID) uuid.UUID {
	d.t.Helper()
	require.NoError(d.t, app.NewPick(d.Desk).Do(d.t.Context(), by(agent, d.triaged(id))))
	return id
}

// resolved is picked, and the agent has resolved it.
func (d *desk) resolved(id uuid.UUID) uuid.UUID {
	d.t.Helper()
	require.NoError(d.t, app.NewResolve(d.Desk).Do(d.t.Context(), app.ResolveCommand{
		ActCommand: by(agent, d.picked(id)), Resolution: domain.ResolutionFixed, Text: "Done.",
	}))
	return id
}

// head returns the issue as it is stored.
func (d *desk) head(id uuid.UUID) domain.IssueState {
	d.t.Helper()
	s, err := d.views.Head(d.t.Context(), id)
	require.NoError(d.t, err)
	return s
}

// kinds returns the kinds of what happened to the issue.
func (d *desk) kinds(id uuid.UUID) []domain.EventKind {
	d.t.Helper()
	var kinds []domain.EventKind
	for _, e := range d.timeline(id) {
		kinds = append(kinds, e.Kind())
	}
	return kinds
}

// timeline returns what happened to the issue.
func (d *desk) timeline(id uuid.UUID) []domain.Event {
	d.t.Helper()
	p, err := d.views.Timeline(d.t.Context(), id, domain.AudienceStaff, page.Request{Limit: page.MaxLimit})
	require.NoError(d.t, err)
	return p.Items
}

func by(c identity.Caller, issue uuid.UUID) app.ActCommand {
	return app.ActCommand{By: app.Asker{Caller: c}, Issue: issue}
}

// letter is one that was mailed.
type letter struct{ kind, to, link string }

// hold is for how long a letter is somebody's who mails it.
const hold = time.Minute

// letters are those that were mailed.
type letters struct {
	t       *testing.T
	mailing *app.MailLetters
	during  func(app.VisitorLetter) // called while a letter is on its way; nil for nothing

	mu     sync.Mutex
	err    error // what mailing fails with
	posted []letter
	ids    []uuid.UUID // of those
}

func (l *letters) Mail(_ context.Context, sent app.VisitorLetter) error {
	if l.during != nil {
		l.during(sent)
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.err != nil {
		return l.err
	}
	l.posted, l.ids = append(l.posted, letter{string(sent.Kind), sent.To, sent.Link}), append(l.ids, sent.ID)
	return nil
}

// reports mails what is due, once, and returns how that went.
func (l *letters) reports() []app.LetterReport {
	l.t.Helper()
	due, err := l.mailing.Due(l.t.Context(), page.MaxLimit)
	require.NoError(l.t, err)
	var reports []app.LetterReport
	for _, id := range due {
		report, err := l.mailing.Do(l.t.Context(), id)
		require.NoError(l.t, err)
		reports = append(reports, report)
	}
	return reports
}

// take mails what is due, and returns what was mailed since the last call.
func (l *letters) take() []letter {
	l.t.Helper()
	l.reports()
	l.mu.Lock()
	defer l.mu.Unlock()
	posted := l.posted
	l.posted, l.ids = nil, nil
	return posted
}

// house is what the desk asks of other modules.
type house struct {
	outside, inside      func(context.Context) // see to it that no unit of work, or one, is under way
	err, extract, bidder error
	extracted            atomic.Int32                // how often a log was read
	grown                int64                       // by how much the log is longer
	reading              func(context.Context) error // while that goes on; nil for nothing
	suspended            []uuid.UUID                 // who has no active account
	gone                 []uuid.UUID                 // who worked here
	limited              error                       // of throttles
	silent               bool                        // no letter is posted
	counted              []string                    // on throttles
	refusal              error                       // of acts on listings
	done                 []string                    // with listings, in units that were committed or not
}

func (h *house) Summary(ctx context.Context, id uuid.UUID) (listingsapi.Summary, error) {
	h.outside(ctx)
	if id[0] != listing[0] {
		return listingsapi.Summary{}, fault.New(fault.NotFound, "listing_not_found", "There is no such listing.")
	}
	return listingsapi.Summary{ID: id, Seller: bob.ID, LogSeq: 7 + h.grown, LogHash: [32]byte{9}}, h.err
}

func (h *house) Extract(ctx context.Context, _ uuid.UUID, upTo domain.Position) (string, error) {
	h.outside(ctx)
	h.extracted.Add(1)
	if h.reading != nil {
		if err := h.reading(ctx); err != nil {
			return "", err
		}
	}
	return map[domain.Position]string{{Seq: 7 + h.grown, Hash: domain.Hash{9}}: "the log"}[upTo], cmp.Or(h.err, h.extract)
}

func (h *house) Bidder(ctx context.Context, _ uuid.UUID, bid int64) (uuid.UUID, bool, error) {
	h.outside(ctx)
	return cleo.ID, bid == 3, cmp.Or(h.err, h.bidder)
}

func (h *house) Names(ctx context.Context, members []uuid.UUID) (map[uuid.UUID]profilesapi.Name, error) {
	h.outside(ctx)
	names := map[uuid.UUID]profilesapi.Name{}
	for _, id := range members {
		if id != nobody {
			names[id] = profilesapi.Name{Handle: id.String()}
		}
	}
	return names, h.err
}

func (h *house) Standing(ctx context.Context, id, _ uuid.UUID) (profilesapi.Standing, error) {
	h.inside(ctx)
	return profilesapi.Standing{Active: id != nobody && !slices.Contains(h.suspended, id)}, h.err
}

func (h *house) WorksHere(_ context.Context, id uuid.UUID) (bool, error) {
	return (id == agent.ID || id == other.ID || id == lead.ID) && !slices.Contains(h.gone, id), h.err
}

func (h *house) Letter(_ context.Context, address, network string) (bool, error) {
	h.counted = append(h.counted, "letter to "+address+" from "+network)
	return !h.silent, h.limited
}

func (h *house) Attempt(_ context.Context, kind, who string, free int) error {
	h.counted = append(h.counted, fmt.Sprintf("%s by %s, %d are free", kind, who, free))
	return h.limited
}

type secrets struct{}

func (secrets) Draw(p []byte) error {
	_, err := rand.Read(p)
	return err
}

// noSecrets are of a system without randomness.
type noSecrets struct{}

func (noSecrets) Draw([]byte) error { return errBroken }
