package app_test

import (
	"context"
	"crypto/rand"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/gavelhq/gavel/modules/profiles/internal/app"
	"github.com/gavelhq/gavel/modules/profiles/internal/domain"
	profiles "github.com/gavelhq/gavel/modules/profiles/internal/memory"
	"github.com/gavelhq/gavel/modules/profiles/profilesapi"
	"github.com/gavelhq/gavel/platform/audit"
	auditlog "github.com/gavelhq/gavel/platform/audit/memory"
	"github.com/gavelhq/gavel/platform/clock"
	outbox "github.com/gavelhq/gavel/platform/events/memory"
	"github.com/gavelhq/gavel/platform/idempotency"
	answers "github.com/gavelhq/gavel/platform/idempotency/memory"
	"github.com/gavelhq/gavel/platform/identity"
	"github.com/gavelhq/gavel/platform/memory"
	"github.com/gavelhq/gavel/platform/page"
	"github.com/gavelhq/gavel/platform/uow"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const (
	password = "correct horse battery"
	other    = "another horse battery"
)

var (
	noon   = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	home   = domain.Client{Network: "192.0.2.1", UserAgent: "a browser"}
	rivals = domain.Client{Network: "198.51.100.7", UserAgent: "a script"}
)

// house is an auction house in memory. Its clock stands at noon until a test moves it.
type house struct {
	*app.House
	t       *testing.T
	clock   *clock.Virtual
	parts   app.Parts
	letters *letters
	hasher  *hasher
	acts    *auditlog.Log
	outbox  *outbox.Outbox
	trace   *trace

	notices    domain.Notices
	recipients app.Recipients
}

// newHouse opens a house; changes are made to its parts first.
func newHouse(t *testing.T, changes ...func(*app.Parts)) *house {
	t.Helper()
	db := memory.NewDatabase()
	store := profiles.NewStore(db)
	h := &house{
		t: t, clock: clock.NewVirtual(noon), letters: &letters{}, trace: &trace{}, acts: auditlog.NewLog(db), outbox: outbox.NewOutbox(db),
	}
	h.notices, h.recipients = profiles.NewNotices(store), profiles.NewStandings(store)
	h.hasher = &hasher{trace: h.trace, version: "1"}
	h.parts = app.Parts{
		Work: uow.New(h.outbox, uow.Settings{}),
		Repositories: app.Repositories{
			Accounts:       traced[*domain.Account]{profiles.NewAccounts(store, app.Message), h.trace, "accounts"},
			Profiles:       traced[*domain.Profile]{profiles.NewProfiles(store), h.trace, "profiles"},
			Settings:       traced[*domain.NotificationSettings]{profiles.NewSettings(store), h.trace, "settings"},
			Handles:        traced[*domain.TakenHandle]{profiles.NewTakenHandles(store), h.trace, "handles"},
			Sessions:       traced[*domain.Session]{profiles.NewSessions(store), h.trace, "sessions"},
			Tokens:         profiles.NewAPITokens(store),
			Devices:        traced[*domain.Device]{profiles.NewDevices(store), h.trace, "devices"},
			Throttles:      traced[*domain.Throttle]{profiles.NewThrottles(store), h.trace, "throttles"},
			Blocks:         profiles.NewBlocks(store),
			Invitations:    profiles.NewInvitations(store),
			Administrators: profiles.NewAdministrators(store),
		},
		Credentials: &credentials{profiles.NewCredentials(store), h.trace},
		Views:       profiles.NewViews(store),
		Hasher:      h.hasher,
		Common:      common{},
		Secrets:     secrets{},
		Letters:     h.letters,
		Acts:        h.acts,
		Answers:     idempotency.NewKeys(answers.NewAnswers(db), h.clock),
		Clock:       h.clock,
		Policy:      app.Policy{Registration: app.RegistrationOpen, Grace: 7 * 24 * time.Hour, FreeAttempts: 5},
	}
	for _, change := range changes {
		change(&h.parts)
	}
	h.House = app.NewHouse(h.parts)
	return h
}

func policy(change func(*app.Policy)) func(*app.Parts) {
	return func(p *app.Parts) { change(&p.Policy) }
}

// register registers a member at home and returns the token of the letter that verifies the address; empty for none.
func (h *house) register(handle string) (token string) {
	h.t.Helper()
	h.letters.drop()
	require.NoError(h.t, app.NewRegister(h.House).Do(h.t.Context(), app.RegisterCommand{
		Email: handle + "@example.org", Handle: handle, Password: password, Client: home,
	}))
	if l := h.letters.all(); len(l) > 0 {
		return l[0].token
	}
	return ""
}

// member registers a member who is verified, and returns the id.
func (h *house) member(handle string) uuid.UUID {
	h.t.Helper()
	require.NoError(h.t, app.NewVerifyEmail(h.House).Do(h.t.Context(), app.VerifyEmailCommand{Token: h.register(handle)}))
	h.letters.drop()
	return h.find(handle).ID
}

// admin makes an admin, and returns what he acts with.
func (h *house) admin(handle string) identity.Caller {
	h.t.Helper()
	id, err := app.NewCreateAdmin(h.House).Do(h.t.Context(), app.CreateAdminCommand{
		Email: handle + "@example.org", Handle: handle, Password: password,
	})
	require.NoError(h.t, err)
	return caller(id, identity.Admin)
}

func (h *house) find(handle string) app.MemberRecord {
	h.t.Helper()
	m, err := h.parts.Views.MemberByHandle(h.t.Context(), handle)
	require.NoError(h.t, err)
	return m
}

func (h *house) signIn(handle, password string, by domain.Client) (app.SignedIn, error) {
	return app.NewSignIn(h.House).Do(h.t.Context(), app.SignInCommand{Email: handle + "@example.org", Password: password, Client: by})
}

// in signs in from home and returns the cookies and the caller that they make.
func (h *house) in(handle string) (app.SignedIn, identity.Caller) {
	h.t.Helper()
	return h.inWith(handle, password)
}

func (h *house) inWith(handle, password string) (app.SignedIn, identity.Caller) {
	h.t.Helper()
	signedIn, err := h.signIn(handle, password, home)
	require.NoError(h.t, err)
	by, err := h.authenticate(signedIn.Session)
	require.NoError(h.t, err)
	return signedIn, by
}

func (h *house) authenticate(session string) (identity.Caller, error) {
	return app.NewAuthenticate(h.House).Authenticate(h.t.Context(), identity.Credential{Secret: session})
}

// entries are the acts of the audit log, the oldest first.
func (h *house) entries() []audit.Entry {
	h.t.Helper()
	p, err := h.acts.Entries(h.t.Context(), audit.Filter{}, page.Request{Limit: page.MaxLimit})
	require.NoError(h.t, err)
	return p.Items
}

func caller(id uuid.UUID, roles ...identity.Role) identity.Caller {
	return identity.Caller{ID: id, Roles: append([]identity.Role{identity.Member}, roles...), Credential: uuid.New()}
}

// trace is what was asked of the ports, in order, and can make one of them fail.
type trace struct {
	mu     sync.Mutex
	calls  []string
	broken map[string]error
	hooks  map[string]func() // each is called once
}

func (t *trace) note(call string) error {
	t.mu.Lock()
	t.calls = append(t.calls, call)
	err, hook := t.broken[call], t.hooks[call]
	delete(t.hooks, call)
	t.mu.Unlock()
	if hook != nil {
		hook()
	}
	return err
}

// meanwhile calls hook once, during the next call.
func (t *trace) meanwhile(call string, hook func()) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.hooks = map[string]func(){call: hook}
}

func (t *trace) breakAt(call string, err error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.broken = map[string]error{call: err}
}

func (t *trace) take() []string {
	t.mu.Lock()
	defer t.mu.Unlock()
	calls := t.calls
	t.calls = nil
	return calls
}

// traced is a repository whose calls are noted.
type traced[A any] struct {
	domain.Repository[A]
	trace *trace
	name  string
}

func (r traced[A]) Get(ctx context.Context, id uuid.UUID) (A, error) {
	if err := r.trace.note(r.name + ".Get"); err != nil {
		var none A
		return none, err
	}
	return r.Repository.Get(ctx, id)
}

func (r traced[A]) Add(ctx context.Context, a A) error {
	if err := r.trace.note(r.name + ".Add"); err != nil {
		return err
	}
	return r.Repository.Add(ctx, a)
}

// credentials are looked up, and that is noted.
type credentials struct {
	app.Credentials
	trace *trace
}

func (c *credentials) ByEmail(ctx context.Context, key string) (app.CredentialRecord, error) {
	found, err := c.Credentials.ByEmail(ctx, key)
	if err := c.trace.note("credentials.ByEmail"); err != nil {
		return app.CredentialRecord{}, err
	}
	return found, err
}

// hasher hashes nothing: a hash is the password behind the version of its cost.
type hasher struct {
	trace   *trace
	mu      sync.Mutex
	version string
}

func (h *hasher) cost() string {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.version
}

func (h *hasher) Hash(_ context.Context, password string) (string, error) {
	return h.cost() + ":" + password, h.trace.note("hash")
}

func (h *hasher) Compare(_ context.Context, hash, password string) (same, outdated bool, err error) {
	version, text, found := strings.Cut(hash, ":")
	return found && text == password, found && version != h.cost(), h.trace.note("compare")
}

type common struct{}

func (common) Common(lower string) bool { return lower == "qwertyuiop" }

type secrets struct{}

func (secrets) Draw(p []byte) error {
	_, err := rand.Read(p)
	return err
}

// letter is one that was posted.
type letter struct{ kind, to, token string }

// letters are those that were posted.
type letters struct {
	mu     sync.Mutex
	posted []letter
}

func (l *letters) post(kind, to, token string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.posted = append(l.posted, letter{kind, to, token})
}

func (l *letters) all() []letter {
	l.mu.Lock()
	defer l.mu.Unlock()
	return append([]letter(nil), l.posted...)
}

func (l *letters) drop() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.posted = nil
}

// kinds are what was posted to whom: "verify ada@example.org".
func (l *letters) kinds() []string {
	kinds := []string{}
	for _, posted := range l.all() {
		kinds = append(kinds, posted.kind+" "+posted.to)
	}
	return kinds
}

func (l *letters) VerifyEmail(to, _, token string)     { l.post("verify", to, token) }
func (l *letters) AlreadyRegistered(to, _ string)      { l.post("already registered", to, "") }
func (l *letters) ResetPassword(to, _, token string)   { l.post("reset", to, token) }
func (l *letters) AlreadyVerified(to, _ string)        { l.post("already verified", to, "") }
func (l *letters) NoAccount(to string)                 { l.post("no account", to, "") }
func (l *letters) ConfirmNewEmail(to, _, token string) { l.post("confirm", to, token) }
func (l *letters) EmailChanged(to, _, masked string)   { l.post("email changed", to, masked) }
func (l *letters) PasswordChanged(to, _ string)        { l.post("password changed", to, "") }
func (l *letters) Approved(to, _ string)               { l.post("approved", to, "") }
func (l *letters) Invitation(to, inviter, token string) {
	l.post("invitation from "+inviter, to, token)
}
func (l *letters) Suspended(to, _, reason string)        { l.post("suspended", to, reason) }
func (l *letters) Reinstated(to, _ string)               { l.post("reinstated", to, "") }
func (l *letters) DeletionRequested(to, _ string, _ int) { l.post("deletion requested", to, "") }
func (l *letters) Deleted(to, _ string)                  { l.post("deleted", to, "") }
func (l *letters) NewSignIn(to, _, client, _ string)     { l.post("new sign-in", to, client) }

// guards know the obligations of members.
type guard struct {
	mu   sync.Mutex
	owed map[uuid.UUID][]profilesapi.Obligation
	err  error
}

func (g *guard) Obligations(_ context.Context, member uuid.UUID) ([]profilesapi.Obligation, error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.owed[member], g.err
}

// at once runs n functions concurrently and returns how many succeeded, and the errors of the others.
func atOnce(n int, run func(i int) error) (succeeded int, refused []error) {
	outcomes := make([]error, n)
	var all sync.WaitGroup
	for i := range n {
		all.Go(func() { outcomes[i] = run(i) })
	}
	all.Wait()
	for _, err := range outcomes {
		if err == nil {
			succeeded++
		} else {
			refused = append(refused, err)
		}
	}
	return succeeded, refused
}
