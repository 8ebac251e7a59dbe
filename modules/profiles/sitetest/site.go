// Package sitetest serves the members' API and pages from memory, for their tests.
package sitetest

import (
	"context"
	"crypto/rand"
	"net/http"
	"net/netip"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/stretchr/testify/require"
	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"
	"go.uber.org/zap/zaptest/observer"

	"github.com/gavelhq/gavel/modules/profiles"
	"github.com/gavelhq/gavel/modules/profiles/internal/app"
	"github.com/gavelhq/gavel/modules/profiles/internal/domain"
	"github.com/gavelhq/gavel/modules/profiles/internal/rest"
	"github.com/gavelhq/gavel/modules/profiles/internal/web"
	"github.com/gavelhq/gavel/modules/profiles/profilesapi"
	auditlog "github.com/gavelhq/gavel/platform/audit/memory"
	"github.com/gavelhq/gavel/platform/clock"
	outbox "github.com/gavelhq/gavel/platform/events/memory"
	"github.com/gavelhq/gavel/platform/httpserver"
	"github.com/gavelhq/gavel/platform/httpserver/openapitest"
	"github.com/gavelhq/gavel/platform/idempotency"
	answers "github.com/gavelhq/gavel/platform/idempotency/memory"
	"github.com/gavelhq/gavel/platform/identity"
	"github.com/gavelhq/gavel/platform/memory"
	"github.com/gavelhq/gavel/platform/metrics"
	"github.com/gavelhq/gavel/platform/uow"
)

// Noon is when every site begins.
var Noon = time.Date(2026, 3, 1, 12, 0, 0, 123456000, time.UTC)

// Password is everybody's.
const Password = "correct horse battery"

// Site is an auction house in memory whose members' API and pages answer on a free port. Its clock stands at Noon until it
// is moved. It believes what stands in X-Forwarded-For and X-Forwarded-Proto.
type Site struct {
	t *testing.T

	Addr    string
	Clock   *clock.Virtual
	House   *app.House
	Views   app.Views
	Setup   *app.Setup
	Letters *Letters
	Server  *httpserver.Server
	Logs    *observer.ObservedLogs
	// Checked holds every exchange with the API to the document that describes it.
	Checked *openapitest.Transport
	// Sold records that a listing was sold, as if an event had said so.
	Sold func(seller, winner uuid.UUID)
	// Notify tells members news, as another module does.
	Notify func(...profilesapi.Notice) error
	// Mailed are the letters about them. They leave when MailNotices says so.
	Mailed      *NoticeMail
	notices     domain.Notices
	recipients  app.Recipients
	mailNotices *app.MailNotices
	// Export is asked what a member did elsewhere; nil is nothing.
	Export func(ctx context.Context) ([]profilesapi.PortableData, error)
}

// elsewhere is the other modules' part of an export.
type elsewhere struct{ site *Site }

func (e elsewhere) Export(ctx context.Context, _ uuid.UUID) ([]profilesapi.PortableData, error) {
	if e.site.Export == nil {
		return nil, nil
	}
	return e.site.Export(ctx)
}

// New serves a site until the test ends. Changes are made to what it has decided about its members.
func New(t *testing.T, changes ...func(*app.Policy)) *Site {
	t.Helper()
	policy := app.Policy{Registration: app.RegistrationOpen, Grace: 7 * 24 * time.Hour, FreeAttempts: 5}
	for _, change := range changes {
		change(&policy)
	}
	db := memory.NewDatabase()
	stores := profiles.NewMemoryStores(db)
	acts := auditlog.NewLog(db)
	s := &Site{t: t, Clock: clock.NewVirtual(Noon), Views: stores.Views, Letters: &Letters{}}
	work := uow.New(outbox.NewOutbox(db), uow.Settings{})
	s.Sold = func(seller, winner uuid.UUID) {
		t.Helper()
		require.NoError(t, work.Do(t.Context(), func(ctx context.Context) error {
			return stores.Sales.Add(ctx, domain.NewSale(uuid.New(), seller, winner, s.Clock.Now()))
		}))
	}
	s.House = app.NewHouse(app.Parts{
		Work: work,
		Repositories: app.Repositories{
			Accounts: stores.Accounts, Profiles: stores.Profiles, Settings: stores.Settings, Handles: stores.TakenHandles,
			Sessions: stores.Sessions, Tokens: stores.APITokens, Devices: stores.Devices, Throttles: stores.Throttles,
			Blocks: stores.Blocks, Invitations: stores.Invitations, Administrators: stores.Administrators,
		},
		Credentials: stores.Credentials,
		Views:       stores.Views,
		Hasher:      hasher{},
		Common:      common{},
		Secrets:     secrets{},
		Letters:     s.Letters,
		Acts:        acts,
		Answers:     idempotency.NewKeys(answers.NewAnswers(db), s.Clock),
		Clock:       s.Clock,
		Policy:      policy,
	})
	s.Setup = app.NewSetup(s.House)
	s.notices, s.Mailed = stores.Notices, &NoticeMail{}
	notify := app.NewNotify(work, stores.Notices, stores.Recipients, silentBell{}, s.Clock, 90*24*time.Hour)
	s.Notify = func(notices ...profilesapi.Notice) error {
		return work.Do(t.Context(), func(ctx context.Context) error { return notify.Notify(ctx, notices...) })
	}
	s.recipients = stores.Recipients
	s.mailNotices = s.MailNoticesBy(s.Mailed)
	s.serve(append(s.routes(), rest.NewAuditRoutes(acts)))
	return s
}

// routes are all of the module's but that of the audit log.
func (s *Site) routes() []httpserver.Routes {
	h, views := s.House, s.Views
	catalogue := []identity.Permission{
		profilesapi.ReadOwn, profilesapi.EditProfile, profilesapi.ReadMembers, profilesapi.ModerateMembers,
		profilesapi.AdministerMembers, profilesapi.ReadAudit,
		identity.NewPermission("listings.bid", "do what another module offers", identity.Member),
	}
	return []httpserver.Routes{
		rest.NewJoiningRoutes(app.NewRegister(h), app.NewVerifyEmail(h), app.NewRequestVerification(h),
			app.NewRequestEmailChange(h), app.NewConfirmEmailChange(h)),
		rest.NewSessionRoutes(views, app.NewSignIn(h), app.NewSignOut(h), app.NewRevokeSession(h),
			app.NewRevokeOtherSessions(h), s.Clock),
		rest.NewPasswordRoutes(views, app.NewRequestPasswordReset(h), app.NewResetPassword(h), app.NewChangePassword(h), s.Setup),
		rest.NewOwnRoutes(views, app.NewEditProfile(h), app.NewEditSettings(h), app.NewBlockMember(h), app.NewUnblockMember(h)),
		rest.NewNoticeRoutes(views, app.NewReadNotices(h, s.notices)),
		rest.NewTokenRoutes(views, app.NewCreateToken(h, catalogue), app.NewRevokeToken(h)),
		rest.NewLeavingRoutes(app.NewExportData(h, []profilesapi.DataSource{elsewhere{s}}), app.NewLeaveHouse(h, nil), app.NewStayInHouse(h)),
		rest.NewMemberRoutes(views, app.NewMemberPage(views)),
		rest.NewAdministrationRoutes(app.NewApproveMember(h), app.NewVerifyMember(h), app.NewSuspendMember(h),
			app.NewReinstateMember(h), app.NewGrantRole(h), app.NewWithdrawRole(h)),
		rest.NewInvitationRoutes(views, app.NewInviteMember(h), app.NewWithdrawInvitation(h)),
		web.NewRoutes("The Hammer", web.UseCases{
			Views: views, Register: app.NewRegister(h), VerifyEmail: app.NewVerifyEmail(h),
			VerifyAgain: app.NewRequestVerification(h), ResetPassword: app.NewResetPassword(h), ConfirmEmail: app.NewConfirmEmailChange(h), SignIn: app.NewSignIn(h), SignOut: app.NewSignOut(h), Setup: s.Setup,
			Unsubscribe: app.NewUnsubscribe(h),
		}),
	}
}

func (s *Site) serve(routes []httpserver.Routes) {
	s.t.Helper()
	settings := httpserver.DefaultSettings()
	settings.Addr = "127.0.0.1:0"
	settings.Rate = httpserver.RateSettings{}
	settings.TrustedProxies = []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}
	registry := prometheus.NewRegistry()
	counted, err := metrics.NewHTTP(registry)
	require.NoError(s.t, err)
	core, logs := observer.New(zapcore.DebugLevel)
	s.Logs = logs
	s.Server, err = httpserver.New(httpserver.Parts{
		Settings: settings, Build: httpserver.Build{Version: "test"}, Clock: s.Clock, Log: zap.New(core), Gatherer: registry,
		Metrics: counted, Routes: routes, Authenticator: app.NewAuthenticate(s.House),
	})
	require.NoError(s.t, err)
	require.NoError(s.t, s.Server.Start(s.t.Context()))
	s.t.Cleanup(func() { require.NoError(s.t, s.Server.Stop(context.Background())) })
	s.Addr = s.Server.Addr()
	s.Checked = openapitest.NewTransport(func(err error) { s.t.Error(err) }, "http://"+s.Addr, &http.Transport{DisableKeepAlives: true})
}

// Member registers a member, follows the letter and signs in.
func (s *Site) Member(handle string) *Browser {
	s.t.Helper()
	b := s.Browser()
	b.Post("/api/v1/members", Map{"email": Address(handle), "handle": handle, "password": Password}).Is(http.StatusAccepted)
	b.Post("/api/v1/email-verifications/confirm", Map{"token": s.Letters.Last(s.t, Address(handle)).Token}).Is(http.StatusNoContent)
	b.SignIn(handle)
	return b
}

// Admin makes an admin at the command line and signs in.
func (s *Site) Admin(handle string) *Browser {
	s.t.Helper()
	_, err := app.NewCreateAdmin(s.House).Do(s.t.Context(), app.CreateAdminCommand{
		Email: Address(handle), Handle: handle, Password: Password,
	})
	require.NoError(s.t, err)
	b := s.Browser()
	b.SignIn(handle)
	return b
}

// Holder registers a member who holds the role.
func (s *Site) Holder(handle string, role identity.Role) *Browser {
	s.t.Helper()
	b := s.Member(handle)
	require.NoError(s.t, app.NewGrantRole(s.House).Do(s.t.Context(), app.RoleCommand{Member: b.ID, Role: role}))
	return b
}

// Address is the e-mail address of the member with that handle.
func Address(handle string) string { return handle + "@example.org" }

// hasher hashes in no time.
type hasher struct{}

func (hasher) Hash(_ context.Context, password string) (string, error) {
	return "hash of " + password, nil
}

func (hasher) Compare(_ context.Context, hash, password string) (same, outdated bool, err error) {
	return hash == "hash of "+password, false, nil
}

// common knows one common password.
type common struct{}

func (common) Common(lower string) bool { return lower == "password12345" }

type secrets struct{}

func (secrets) Draw(p []byte) error {
	_, err := rand.Read(p)
	return err
}
