// Package issues is the help desk: what members and visitors want the house to look at, and what staff make of it.
//
// Other modules know it by issuesapi. The program puts it together with Module, runs its clockwork with Jobs, and checks the
// module's part of the configuration with CheckConfig.
package issues

import (
	"context"
	"crypto/rand"
	"fmt"
	"time"

	"go.uber.org/fx"

	"github.com/gavelhq/gavel/modules/issues/internal/app"
	"github.com/gavelhq/gavel/modules/issues/internal/domain"
	"github.com/gavelhq/gavel/modules/issues/internal/jobs"
	"github.com/gavelhq/gavel/modules/issues/internal/letters"
	"github.com/gavelhq/gavel/modules/issues/internal/rest"
	"github.com/gavelhq/gavel/modules/issues/internal/sqlstore"
	"github.com/gavelhq/gavel/modules/issues/issuesapi"
	"github.com/gavelhq/gavel/modules/listings/listingsapi"
	"github.com/gavelhq/gavel/modules/profiles/profilesapi"
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

// Module provides the use cases, the queries, and what stands behind their ports. It starts nothing by itself: see Jobs.
//
// It needs config.Site, config.Issues, a clock, a logger, metrics, the unit of work, config.Mail, a mail.Mailer, a
// *stationery.Writer, the answers under idempotency keys, what the modules of listings and members tell others and, unless
// its Stores are replaced, a *db.Pool.
var Module = fx.Module("issues",
	fx.Provide(
		// Which adapter stands behind which port.
		newSQLStores,
		provideLogs,
		provideStaff,
		provideSecrets,
		provideVisitorMail,
		db.AsMigrations(sqlstore.Migrations),
	),
	fx.Provide(
		newTargets,
		provideDesk,
		provideViews,
		app.NewReportByMember,
		app.NewReportByVisitor,
		app.NewConfirm,
		app.NewTriage,
		app.NewPick,
		app.NewAssign,
		app.NewReassign,
		app.NewWait,
		app.NewResume,
		app.NewComment,
		app.NewNote,
		app.NewInvolve,
		app.NewLink,
		app.NewResolve,
		app.NewReopen,
		app.NewReject,
		app.NewMerge,
		app.NewFreezeListing,
		app.NewCancelListing,
		app.NewReadIssue,
		app.NewListIssues,
		provideRequestIssueLink,
		provideKeepTime,
		provideMailLetters,
		provideReturnToQueue,
		app.NewReportNonPayment,
		provideExchange,
		provideTellMembers,
	),
	fx.Provide(
		jobs.NewTimekeeper,
		provideLetterWork,
		jobs.NewCourier,
		jobs.NewMailing,
		chores.AsChore(provideReturning),
		delivery.AsSubscriber(provideNonPayment),
		delivery.AsSubscriber(provideLeaving),
		delivery.AsSubscriber(provideTelling),
	),
	fx.Provide(
		// What others ask.
		fx.Annotate(app.NewPortableData, fx.As(new(profilesapi.DataSource)), fx.ResultTags(profilesapi.SourceGroup)),
		fx.Annotate(providePermissions, fx.ResultTags(identity.PermissionsGroup)),
		httpserver.AsRoutes(provideRoutes),
	),
)

// Jobs notes what was missed, closes what was resolved and mails letters to visitors from the program's start to its stop.
// Put it before the server: what is overdue is done before anything is served, but for the letters.
var Jobs = fx.Module("issues.jobs", fx.Invoke(keepTime, mailLetters))

func mailLetters(lifecycle fx.Lifecycle, m *jobs.Mailing) {
	lifecycle.Append(fx.StartStopHook(m.Start, func(context.Context) { m.Stop() }))
}

func keepTime(lifecycle fx.Lifecycle, t *jobs.Timekeeper) {
	lifecycle.Append(fx.StartStopHook(t.Start, func(context.Context) { t.Stop() }))
}

// newSQLStores returns stores that keep everything in a database.
func newSQLStores(pool *db.Pool, site config.Site) Stores {
	views := sqlstore.NewViews(pool)
	schedule := sqlstore.NewSchedule(pool)
	return Stores{
		Issues:      sqlstore.NewIssues(pool, houseOf(site), app.Message),
		Letters:     sqlstore.NewLetters(pool),
		Views:       views,
		Visitors:    views,
		Schedule:    schedule,
		LettersDue:  sqlstore.NewLettersDue(pool),
		Assignments: schedule,
		Register:    sqlstore.NewRegister(pool),
	}
}

func provideLogs(logs listingsapi.Logs) app.Logs { return app.NewListingLogs(logs) }

func provideStaff(staff profilesapi.Staff) app.Staff { return app.NewHelpDesk(staff) }

// randomness draws secrets from the system.
type randomness struct{}

// Draw fills p with random bytes. Errors: those of the system's source.
func (randomness) Draw(p []byte) error {
	if _, err := rand.Read(p); err != nil {
		return fmt.Errorf("draw random bytes: %w", err)
	}
	return nil
}

func provideSecrets() app.Secrets { return randomness{} }

func provideVisitorMail(mailer mail.Mailer, paper *stationery.Writer) app.VisitorMail {
	return letters.New(mailer, paper)
}

// parts are what the desk is made of.
type parts struct {
	fx.In

	Work       *uow.Work
	Stores     Stores
	Listings   listingsapi.Reader
	Logs       app.Logs
	Moderation listingsapi.Moderation
	Members    profilesapi.Directory
	Standings  profilesapi.Members
	Staff      app.Staff
	Secrets    app.Secrets
	Throttles  profilesapi.Throttles
	Answers    *idempotency.Keys
	Clock      clock.Clock
	Targets    domain.Targets
}

func provideDesk(p parts) *app.Desk {
	return app.NewDesk(app.Parts{
		Work: p.Work, Issues: p.Stores.Issues, Listings: p.Listings, Logs: p.Logs, Moderation: p.Moderation, Members: p.Members, Standings: p.Standings, Staff: p.Staff,
		Secrets: p.Secrets, Letters: p.Stores.Letters, Throttles: p.Throttles, Answers: p.Answers, Clock: p.Clock, Targets: p.Targets,
	})
}

// provideNonPayment subscribes to what becomes of sales that are not paid in time.
func provideNonPayment(u *app.ReportNonPayment) events.Subscriber {
	return events.Subscriber{
		Name: "issues.nonpayment", Past: true, Prepare: u.Prepare,
		Kinds: []string{listingsapi.KindSaleOverdue, listingsapi.KindSalePaid, listingsapi.KindSaleUnpaid},
	}
}

func provideViews(s Stores) app.Views { return s.Views }

func provideRequestIssueLink(desk *app.Desk, s Stores) *app.RequestIssueLink {
	return app.NewRequestIssueLink(desk, s.Visitors)
}

func provideKeepTime(desk *app.Desk, s Stores) *app.KeepTime {
	return app.NewKeepTime(desk, s.Schedule)
}

// provideMailLetters gives each server a letter for as long as two mails may take: whoever has not said by then what became of
// it is taken for dead, and another one mails it.
func provideMailLetters(desk *app.Desk, s Stores, to app.VisitorMail, cfg config.Mail) *app.MailLetters {
	return app.NewMailLetters(desk, s.LettersDue, to, 2*cfg.SMTP.Timeout, mail.DefaultPatience())
}

func provideLetterWork(u *app.MailLetters) jobs.Letters { return u }

func provideReturnToQueue(desk *app.Desk, s Stores) *app.ReturnToQueue {
	return app.NewReturnToQueue(desk, s.Assignments)
}

func provideReturning(u *app.ReturnToQueue) chores.Chore {
	return chores.Chore{Name: "return issues that nobody may work on", Every: time.Minute, Run: func(ctx context.Context) error {
		_, err := u.Do(ctx)
		return err
	}}
}

func provideExchange(desk *app.Desk, s Stores, c clock.Clock) *Exchange {
	return NewExchange(app.NewImportIssues(desk, s.Register), app.NewExportIssues(s.Register, c))
}

// provideLeaving hears of whoever may work no longer.
func provideLeaving(u *app.ReturnToQueue) events.Subscriber {
	return events.Subscriber{
		Name: "issues.leaving", Handle: u.Heard,
		Kinds: []string{profilesapi.KindSuspended, profilesapi.KindDeleted, profilesapi.KindRolesSet},
	}
}

func provideTellMembers(s Stores, staff app.Staff, notices profilesapi.Notices) *app.TellMembers {
	return app.NewTellMembers(s.Issues, staff, notices)
}

// provideTelling hears of what members are told.
func provideTelling(u *app.TellMembers) events.Subscriber {
	return events.Subscriber{
		Name: "issues.notices", Handle: u.Do,
		Kinds: []string{
			issuesapi.KindAssigned, issuesapi.KindBreached, issuesapi.KindCommented, issuesapi.KindWaiting, issuesapi.KindResolved,
			issuesapi.KindReopened, issuesapi.KindRejected, issuesapi.KindMerged, issuesapi.KindInvolved,
		},
	}
}

func providePermissions() []identity.Permission {
	return []identity.Permission{issuesapi.Report, issuesapi.Follow, issuesapi.Work, issuesapi.Assign}
}

// queries and commands are what the routes lead to.
type queries struct {
	fx.In

	Read *app.ReadIssue
	List *app.ListIssues
}

type commands struct {
	fx.In

	ReportByMember   *app.ReportByMember
	ReportByVisitor  *app.ReportByVisitor
	Confirm          *app.Confirm
	RequestIssueLink *app.RequestIssueLink
	Triage           *app.Triage
	Pick             *app.Pick
	Assign           *app.Assign
	Reassign         *app.Reassign
	Wait             *app.Wait
	Resume           *app.Resume
	Comment          *app.Comment
	Note             *app.Note
	Involve          *app.Involve
	Link             *app.Link
	Resolve          *app.Resolve
	Reopen           *app.Reopen
	Reject           *app.Reject
	Merge            *app.Merge
	FreezeListing    *app.FreezeListing
	CancelListing    *app.CancelListing
}

func provideRoutes(q queries, c commands) httpserver.Routes {
	return rest.NewRoutes(
		rest.Queries{Read: q.Read, List: q.List},
		rest.Commands{
			ReportByMember:   c.ReportByMember,
			ReportByVisitor:  c.ReportByVisitor,
			Confirm:          c.Confirm,
			RequestIssueLink: c.RequestIssueLink,
			Triage:           c.Triage,
			Pick:             c.Pick,
			Assign:           c.Assign,
			Reassign:         c.Reassign,
			Wait:             c.Wait,
			Resume:           c.Resume,
			Comment:          c.Comment,
			Note:             c.Note,
			Involve:          c.Involve,
			Link:             c.Link,
			Resolve:          c.Resolve,
			Reopen:           c.Reopen,
			Reject:           c.Reject,
			Merge:            c.Merge,
			FreezeListing:    c.FreezeListing,
			CancelListing:    c.CancelListing,
		},
	)
}
