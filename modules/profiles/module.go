// Package profiles is the module of the members: who they are, how they prove it, what they may do, and who runs the
// house.
//
// Other modules know it by profilesapi. The program puts it together with Module; its commands use SetupLink and
// Operator.
package profiles

import (
	"context"
	"crypto/rand"
	"fmt"
	"time"

	"go.uber.org/fx"

	"github.com/gavelhq/gavel/modules/listings/listingsapi"
	"github.com/gavelhq/gavel/modules/profiles/internal/app"
	"github.com/gavelhq/gavel/modules/profiles/internal/argon2"
	"github.com/gavelhq/gavel/modules/profiles/internal/jobs"
	"github.com/gavelhq/gavel/modules/profiles/internal/letters"
	"github.com/gavelhq/gavel/modules/profiles/internal/passwordlist"
	"github.com/gavelhq/gavel/modules/profiles/internal/rest"
	"github.com/gavelhq/gavel/modules/profiles/internal/sqlstore"
	"github.com/gavelhq/gavel/modules/profiles/internal/web"
	"github.com/gavelhq/gavel/modules/profiles/profilesapi"
	"github.com/gavelhq/gavel/platform/audit"
	"github.com/gavelhq/gavel/platform/chores"
	"github.com/gavelhq/gavel/platform/clock"
	"github.com/gavelhq/gavel/platform/config"
	"github.com/gavelhq/gavel/platform/db"
	"github.com/gavelhq/gavel/platform/events"
	"github.com/gavelhq/gavel/platform/events/delivery"
	"github.com/gavelhq/gavel/platform/httpserver"
	"github.com/gavelhq/gavel/platform/idempotency"
	"github.com/gavelhq/gavel/platform/identity"
	"github.com/gavelhq/gavel/platform/mail"
	"github.com/gavelhq/gavel/platform/mail/stationery"
	"github.com/gavelhq/gavel/platform/uow"
)

// Module provides the use cases, the queries, what stands behind their ports, and what other modules ask: Members,
// Directory, the Authenticator. It starts nothing by itself; what it has to do now and then are chores, and what it wants to
// know of listings comes to its subscriber.
//
// It needs config.Site, config.Members, a clock, the unit of work, a *stationery.Writer, the audit log, the
// idempotency keys and, unless its Stores are replaced, a *db.Pool.
var Module = fx.Module("profiles",
	fx.Provide(
		// Which adapter stands behind which port.
		newSQLStores,
		provideHasher,
		provideCommonPasswords,
		provideSecrets,
		provideLetters,
		provideNoticeMail,
		db.AsMigrations(sqlstore.Migrations),
	),
	fx.Provide(
		providePolicy,
		provideHouse,
		provideViews,
		app.NewRegister,
		app.NewVerifyEmail,
		app.NewRequestVerification,
		app.NewRequestPasswordReset,
		app.NewResetPassword,
		app.NewChangePassword,
		app.NewRequestEmailChange,
		app.NewConfirmEmailChange,
		app.NewSignIn,
		app.NewSignOut,
		app.NewSetup,
		app.NewEditProfile,
		app.NewEditSettings,
		app.NewBlockMember,
		app.NewUnblockMember,
		app.NewRevokeSession,
		app.NewRevokeOtherSessions,
		fx.Annotate(app.NewCreateToken, fx.ParamTags(``, identity.PermissionGroup)),
		app.NewRevokeToken,
		fx.Annotate(app.NewExportData, fx.ParamTags(``, profilesapi.SourceGroup)),
		fx.Annotate(app.NewLeaveHouse, fx.ParamTags(``, profilesapi.GuardGroup)),
		app.NewStayInHouse,
		fx.Annotate(app.NewReviewLeavers, fx.ParamTags(``, profilesapi.GuardGroup)),
		provideForgetLeftovers,
		provideRecordSale,
		app.NewApproveMember,
		app.NewVerifyMember,
		app.NewSuspendMember,
		app.NewReinstateMember,
		app.NewGrantRole,
		app.NewWithdrawRole,
		app.NewInviteMember,
		app.NewWithdrawInvitation,
		app.NewMemberPage,
		app.NewUnsubscribe,
		provideReadNotices,
	),
	fx.Provide(
		// What others ask.
		provideAuthenticator,
		provideMembers,
		provideStaff,
		provideThrottles,
		provideDirectory,
		jobs.NewBell,
		provideNotices,
		provideContacts,
		NewSetupLink,
		NewOperator,
		chores.AsChore(provideReview),
		chores.AsChore(provideForgetting),
		delivery.AsSubscriber(provideSales),
		fx.Annotate(providePermissions, fx.ResultTags(identity.PermissionsGroup)),
	),
	fx.Provide(
		// What is answered over HTTP.
		httpserver.AsRoutes(rest.NewJoiningRoutes),
		httpserver.AsRoutes(rest.NewSessionRoutes),
		httpserver.AsRoutes(rest.NewPasswordRoutes),
		httpserver.AsRoutes(rest.NewOwnRoutes),
		httpserver.AsRoutes(rest.NewNoticeRoutes),
		httpserver.AsRoutes(rest.NewTokenRoutes),
		httpserver.AsRoutes(rest.NewLeavingRoutes),
		httpserver.AsRoutes(rest.NewMemberRoutes),
		httpserver.AsRoutes(rest.NewAdministrationRoutes),
		httpserver.AsRoutes(rest.NewInvitationRoutes),
		httpserver.AsRoutes(rest.NewAuditRoutes),
		httpserver.AsRoutes(providePages),
	),
)

// Jobs mails notices from the program's start to its stop. It needs what Module does, a mail.Mailer, metrics and a logger.
// Put it before the server, and what notifies members behind it.
var Jobs = fx.Module("profiles.jobs",
	fx.Provide(fx.Private, provideMailing, jobs.NewMetrics, jobs.NewPostOffice),
	fx.Invoke(mailNotices),
)

// provideMailing gives a mail server as much time as an attempt may take, twice: a server that is killed while it mails a
// notice is taken for dead after that, and another one mails it.
func provideMailing(house *app.House, s Stores, m app.NoticeMail, cfg config.Mail) jobs.Work {
	return app.NewMailNotices(house, s.Notices, s.Recipients, m, 2*cfg.SMTP.Timeout, app.DefaultMailPatience())
}

func mailNotices(lifecycle fx.Lifecycle, p *jobs.PostOffice) {
	lifecycle.Append(fx.StartStopHook(p.Start, p.Stop))
}

// newSQLStores returns stores that keep everything in a database.
func newSQLStores(pool *db.Pool) Stores {
	return Stores{
		Accounts:       sqlstore.NewAccounts(pool, app.Message),
		Profiles:       sqlstore.NewProfiles(pool),
		Settings:       sqlstore.NewSettings(pool),
		TakenHandles:   sqlstore.NewTakenHandles(pool),
		Sessions:       sqlstore.NewSessions(pool),
		APITokens:      sqlstore.NewAPITokens(pool),
		Devices:        sqlstore.NewDevices(pool),
		Throttles:      sqlstore.NewThrottles(pool),
		Blocks:         sqlstore.NewBlocks(pool),
		Invitations:    sqlstore.NewInvitations(pool),
		Administrators: sqlstore.NewAdministrators(pool),
		Sales:          sqlstore.NewSales(pool),
		Views:          sqlstore.NewViews(pool),
		Credentials:    sqlstore.NewCredentials(pool),
		Standings:      sqlstore.NewStandings(pool),
		Notices:        sqlstore.NewNotices(pool),
		Recipients:     sqlstore.NewStandings(pool),
		Leftovers:      sqlstore.NewLeftovers(pool),
	}
}

func provideHasher(cfg config.Members) (app.Hasher, error) {
	return argon2.New(argon2.Settings{
		Memory: int64(cfg.Password.Memory), Iterations: cfg.Password.Iterations, AtOnce: cfg.Password.AtOnce,
	})
}

func provideCommonPasswords() app.CommonPasswords { return passwordlist.New() }

// randomness draws secrets from the system.
type randomness struct{}

// Draw fills p with random bytes. Errors: none: without randomness the program ends.
func (randomness) Draw(p []byte) error {
	if _, err := rand.Read(p); err != nil {
		return fmt.Errorf("draw random bytes: %w", err)
	}
	return nil
}

func provideSecrets() app.Secrets { return randomness{} }

func provideLetters(paper *stationery.Writer) app.Letters { return letters.New(paper) }

func provideNoticeMail(mailer mail.Mailer, paper *stationery.Writer) app.NoticeMail {
	return letters.NewNoticeMail(mailer, paper)
}

func providePolicy(cfg config.Members) app.Policy {
	return app.Policy{
		Registration: app.Registration(cfg.Registration), Grace: cfg.DeletionGrace, FreeAttempts: cfg.SignIn.Failures,
	}
}

// parts are what the house is made of.
type parts struct {
	fx.In

	Work    *uow.Work
	Stores  Stores
	Hasher  app.Hasher
	Common  app.CommonPasswords
	Secrets app.Secrets
	Letters app.Letters
	Acts    audit.Log
	Answers *idempotency.Keys
	Clock   clock.Clock
	Policy  app.Policy
}

func provideHouse(p parts) *app.House {
	s := p.Stores
	return app.NewHouse(app.Parts{
		Work: p.Work,
		Repositories: app.Repositories{
			Accounts: s.Accounts, Profiles: s.Profiles, Settings: s.Settings, Handles: s.TakenHandles, Sessions: s.Sessions,
			Tokens: s.APITokens, Devices: s.Devices, Throttles: s.Throttles, Blocks: s.Blocks, Invitations: s.Invitations,
			Administrators: s.Administrators,
		},
		Credentials: s.Credentials, Views: s.Views, Hasher: p.Hasher, Common: p.Common, Secrets: p.Secrets,
		Letters: p.Letters, Acts: p.Acts, Answers: p.Answers, Clock: p.Clock, Policy: p.Policy,
	})
}

func provideViews(s Stores) app.Views { return s.Views }

func provideForgetLeftovers(s Stores, c clock.Clock, cfg config.Members) *app.ForgetLeftovers {
	return app.NewForgetLeftovers(s.Leftovers, c, app.Keeping{Sessions: cfg.Sessions.Keep, Notices: cfg.Notices.Keep})
}

func provideRecordSale(s Stores) *app.RecordSale { return app.NewRecordSale(s.Sales) }

func provideAuthenticator(house *app.House) identity.Authenticator { return app.NewAuthenticate(house) }

func provideMembers(s Stores) profilesapi.Members { return app.NewStanding(s.Standings) }

func provideStaff(s Stores) profilesapi.Staff { return app.NewStaff(s.Standings) }

func provideThrottles(house *app.House) profilesapi.Throttles { return app.NewThrottles(house) }

func provideContacts(views app.Views) profilesapi.Contacts { return app.NewContacts(views) }

func provideDirectory(views app.Views) profilesapi.Directory { return app.NewDirectory(views) }

func provideNotices(work *uow.Work, s Stores, bell *jobs.Bell, c clock.Clock, cfg config.Members) profilesapi.Notices {
	return app.NewNotify(work, s.Notices, s.Recipients, bell, c, cfg.Notices.Keep)
}

func provideReadNotices(house *app.House, s Stores) *app.ReadNotices {
	return app.NewReadNotices(house, s.Notices)
}

func providePermissions() []identity.Permission {
	return []identity.Permission{
		profilesapi.ReadOwn, profilesapi.EditProfile, profilesapi.ManageAccount, profilesapi.ReadMembers,
		profilesapi.ModerateMembers, profilesapi.AdministerMembers, profilesapi.ReadAudit,
	}
}

func provideReview(u *app.ReviewLeavers) chores.Chore {
	return chores.Chore{Name: "delete members who leave", Every: 5 * time.Minute, Run: func(ctx context.Context) error {
		_, err := u.Do(ctx)
		return err
	}}
}

func provideForgetting(u *app.ForgetLeftovers) chores.Chore {
	return chores.Chore{Name: "forget expired sessions, tokens and notices", Every: time.Hour, Run: u.Do}
}

// provideSales subscribes to what ends a listing. The sales are built again by rewinding it, see app.RecordSale.
func provideSales(u *app.RecordSale) events.Subscriber {
	return events.Subscriber{
		Name: "profiles.sales", Kinds: []string{listingsapi.KindClosed, listingsapi.KindBought}, Past: true, Handle: u.Do,
	}
}

// pages are the use cases behind them.
type pages struct {
	fx.In

	Site          config.Site
	Views         app.Views
	Register      *app.Register
	VerifyEmail   *app.VerifyEmail
	VerifyAgain   *app.RequestVerification
	ResetPassword *app.ResetPassword
	ConfirmEmail  *app.ConfirmEmailChange
	SignIn        *app.SignIn
	SignOut       *app.SignOut
	Setup         *app.Setup
	Unsubscribe   *app.Unsubscribe
}

func providePages(p pages) httpserver.Routes {
	return web.NewRoutes(p.Site.Name, web.UseCases{
		Views: p.Views, Register: p.Register, VerifyEmail: p.VerifyEmail, VerifyAgain: p.VerifyAgain,
		ResetPassword: p.ResetPassword, ConfirmEmail: p.ConfirmEmail, SignIn: p.SignIn, SignOut: p.SignOut, Setup: p.Setup,
		Unsubscribe: p.Unsubscribe,
	})
}
