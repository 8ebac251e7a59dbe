// Package listings is the module that sells: listings, bids, and the log that proves what happened.
//
// Other modules know it by listingsapi. The program puts it together with Module, runs its clockwork with Jobs, and
// checks the module's part of the configuration with CheckConfig.
package listings

import (
	"context"
	"crypto/rand"
	"fmt"
	"time"

	"go.uber.org/fx"

	"github.com/gavelhq/gavel/modules/listings/internal/app"
	"github.com/gavelhq/gavel/modules/listings/internal/domain"
	"github.com/gavelhq/gavel/modules/listings/internal/evidence"
	"github.com/gavelhq/gavel/modules/listings/internal/jobs"
	"github.com/gavelhq/gavel/modules/listings/internal/readcache"
	"github.com/gavelhq/gavel/modules/listings/internal/rest"
	"github.com/gavelhq/gavel/modules/listings/internal/sqlstore"
	"github.com/gavelhq/gavel/modules/listings/internal/web"
	"github.com/gavelhq/gavel/modules/listings/listingsapi"
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
	"github.com/gavelhq/gavel/platform/uow"
)

// Module provides the use cases, the queries, and what stands behind their ports. It starts nothing by itself: see Jobs.
//
// It needs config.Site, config.Listings, a clock, a logger, metrics, the unit of work, the audit log, the answers under
// idempotency keys, the members and, unless its stores are replaced, a *db.Pool.
var Module = fx.Module("listings",
	fx.Provide(
		// Which adapter stands behind which port.
		provideRepository,
		provideAllowances,
		provideViews,
		provideShowcase,
		provideReads,
		provideLedger,
		provideSchedule,
		provideDealings,
		provideWatches,
		provideWatchLists,
		provideWatchViews,
		provideSales,
		provideSaleViews,
		provideTellings,
		provideRoll,
		provideUntold,
		provideWinners,
		provideTraders,
		provideReader,
		provideLogs,
		provideModeration,
		db.AsMigrations(sqlstore.Migrations),
	),
	fx.Provide(
		newHouse,
		provideMarket,
		app.NewCreateDraft,
		app.NewEditListing,
		app.NewDeleteDraft,
		providePublishListing,
		app.NewAppendDescription,
		app.NewPlaceBid,
		app.NewBuyNow,
		app.NewRetractBids,
		app.NewCancelBids,
		app.NewCancelListing,
		app.NewFreezeListing,
		app.NewUnfreezeListing,
		app.NewRelistListing,
		provideEndsSoon,
		app.NewWatchListing,
		app.NewUnwatchListing,
		app.NewForgetWatches,
		delivery.AsSubscriber(provideForgetting),
		delivery.AsWitness(provideHearing),
		provideWords,
		app.NewTellMarket,
		app.NewTellBidders,
		app.NewTellWatchers,
		delivery.AsSubscriber(provideNotices),
		chores.AsChore(provideTellingWatchers),
		chores.AsChore(provideTellingBidders),
		app.NewKeepTime,
		app.NewBidHistory,
		app.NewOwnBids,
		provideSaleDesk,
		app.NewOpenSale,
		app.NewMarkPaid,
		app.NewUnmarkPaid,
		app.NewMarkHandedOver,
		app.NewMarkReceived,
		app.NewKeepSales,
		app.NewOwnSales,
		provideSheets,
		app.NewPublicLog,
		app.NewReader,
		app.NewModeration,
		fx.Annotate(app.NewDeletionGuard, fx.As(new(profilesapi.DeletionGuard)), fx.ResultTags(profilesapi.GuardGroup)),
		fx.Annotate(app.NewPortableData, fx.As(new(profilesapi.DataSource)), fx.ResultTags(profilesapi.SourceGroup)),
	),
	fx.Provide(
		jobs.NewTimekeeper,
		httpserver.AsCheck(provideOverdueCheck),
		httpserver.AsRoutes(provideRoutes),
		httpserver.AsRoutes(provideSaleRoutes),
		httpserver.AsRoutes(rest.NewSheetRoutes),
		httpserver.AsRoutes(provideSheetPages),
		chores.AsChore(provideKeepingSales),
		delivery.AsSubscriber(provideSaleOpening),
	),
)

// Jobs opens and closes listings from the program's start to its stop. Put it before the server: what is overdue is done
// before anything is served.
var Jobs = fx.Module("listings.jobs", fx.Invoke(keepTime))

func provideRepository(pool *db.Pool) domain.Repository {
	return sqlstore.NewListings(pool, app.Message)
}

func provideAllowances(pool *db.Pool) domain.RetractionAllowances {
	return sqlstore.NewAllowances(pool)
}

func provideViews(pool *db.Pool) app.Views { return sqlstore.NewViews(pool) }

func provideShowcase(pool *db.Pool) app.Showcase { return sqlstore.NewViews(pool) }

// provideReads stands before the views for those who read over HTTP, and hears of what changes there.
func provideReads(views app.Views, showcase app.Showcase, schedule app.Schedule, cfg config.Listings) *readcache.Cache {
	return readcache.New(readcache.Parts{
		Views: views, Showcase: showcase, Schedule: schedule, AtMost: cfg.Reads.AtMost,
	})
}

// provideHearing has the reads hear of what other servers do.
func provideHearing(reads *readcache.Cache) events.Witness {
	return events.Witness{Name: "listings.reads", Heard: reads.Heard}
}

func provideLedger(pool *db.Pool) app.Ledger { return sqlstore.NewLedger(pool) }

func provideSchedule(pool *db.Pool) app.Schedule { return sqlstore.NewSchedule(pool) }

func provideDealings(pool *db.Pool) app.Dealings { return sqlstore.NewDealings(pool) }

func provideWatches(pool *db.Pool) domain.Watches { return sqlstore.NewWatches(pool) }

func provideWatchLists(pool *db.Pool) domain.WatchLists { return sqlstore.NewWatchLists(pool) }

func provideWatchViews(pool *db.Pool) app.WatchViews { return sqlstore.NewWatchViews(pool) }

func provideTellings(pool *db.Pool) domain.Tellings { return sqlstore.NewTellings(pool) }

func provideRoll(pool *db.Pool) app.Roll { return sqlstore.NewRoll(pool) }

func provideUntold(pool *db.Pool) app.Untold { return sqlstore.NewUntold(pool) }

// provideWords writes times as the site shows them. Errors: a time zone that does not exist.
func provideWords(site config.Site) (app.Words, error) {
	zone, err := time.LoadLocation(site.TimeZone)
	if err != nil {
		return app.Words{}, fmt.Errorf("site.time_zone: %w", err)
	}
	return app.Words{Zone: zone}, nil
}

// provideNotices subscribes to what members are told. A house that is told of its past would tell its members old news.
func provideNotices(u *app.TellMarket) events.Subscriber {
	return events.Subscriber{
		Name: "listings.notices",
		Kinds: []string{
			listingsapi.KindBidPlaced, listingsapi.KindBidsRetracted, listingsapi.KindBidsCancelled, listingsapi.KindBought,
			listingsapi.KindCancelled, listingsapi.KindClosed,
		},
		Handle: u.Do,
	}
}

func provideTellingWatchers(u *app.TellWatchers) chores.Chore {
	return chores.Chore{Name: "tell that watched listings end soon", Every: watchersEvery, Run: func(ctx context.Context) error {
		_, err := u.Do(ctx)
		return err
	}}
}

func provideTellingBidders(u *app.TellBidders) chores.Chore {
	return chores.Chore{Name: "tell the bidders of large listings", Every: biddersEvery, Run: func(ctx context.Context) error {
		_, err := u.Do(ctx)
		return err
	}}
}

// How often it is looked for who is to be told: that something ends soon may be half a minute late, while the bidders of a
// large listing wait to hear how it ended. Nearly always there is nobody.
const (
	watchersEvery = 30 * time.Second
	biddersEvery  = 5 * time.Second
)

func provideEndsSoon(cfg config.Listings) app.EndsSoon { return app.EndsSoon(cfg.EndsSoon) }

// provideForgetting subscribes to the deletion of members. A member who was deleted before there was anything to watch has
// nothing to be forgotten.
func provideForgetting(u *app.ForgetWatches) events.Subscriber {
	return events.Subscriber{Name: "listings.watches", Kinds: []string{profilesapi.KindDeleted}, Handle: u.Do}
}

func provideSales(pool *db.Pool) domain.Sales { return sqlstore.NewSales(pool, app.SaleMessage) }

func provideSaleViews(pool *db.Pool) app.SaleViews { return sqlstore.NewSaleViews(pool) }

func provideWinners(pool *db.Pool) app.Winners { return sqlstore.NewWinners(pool) }

// sheetParts are what the sheets are made of.
type sheetParts struct {
	fx.In

	Words    app.Words
	Views    app.Views
	Bids     *app.BidHistory
	Winners  app.Winners
	Names    profilesapi.Directory
	Contacts profilesapi.Contacts
	Clock    clock.Clock
}

func provideSheets(p sheetParts) *app.Sheets {
	return app.NewSheets(app.SheetParts{
		Views: p.Views, Bids: p.Bids, Winners: p.Winners, Names: p.Names, Contacts: p.Contacts, Clock: p.Clock, Zone: p.Words.Zone,
	})
}

func provideSheetPages(site config.Site, sheets *app.Sheets) httpserver.Routes {
	return web.NewRoutes(site.Name, sheets)
}

// saleParts are what the desk of sales is made of.
type saleParts struct {
	fx.In

	Work     *uow.Work
	Listings domain.Repository
	Sales    domain.Sales
	Config   config.Listings
	Notices  profilesapi.Notices
	Words    app.Words
	Acts     audit.Log
	Answers  *idempotency.Keys
	Clock    clock.Clock
}

func provideSaleDesk(p saleParts) *app.SaleDesk {
	return app.NewSaleDesk(app.SaleDeskParts{
		Work: p.Work, Listings: p.Listings, Sales: p.Sales, Notices: p.Notices, Words: p.Words, Acts: p.Acts, Answers: p.Answers,
		Clock: p.Clock,
		Terms: domain.SaleTerms{
			PayWithin: p.Config.Sale.PayWithin, RemindBefore: p.Config.Sale.RemindBefore, Grace: p.Config.Sale.Grace,
		},
	})
}

func provideTraders(m profilesapi.Members) (app.Bidders, app.Sellers) {
	members := app.NewMembers(m)
	return members, members
}

func provideMarket(
	work *uow.Work, listings domain.Repository, reads *readcache.Cache, c clock.Clock, acts audit.Log, answers *idempotency.Keys,
) *app.Market {
	return app.NewMarket(work, reads.Watch(listings), c).Recording(acts, answers)
}

func provideReader(r *app.Reader) listingsapi.Reader { return r }

func provideLogs(log *app.PublicLog, ledger app.Ledger) listingsapi.Logs {
	return evidence.NewLogs(log, ledger)
}

func provideModeration(m *app.Moderation) listingsapi.Moderation { return m }

func providePublishListing(market *app.Market, sellers app.Sellers) *app.PublishListing {
	return app.NewPublishListing(market, sellers, rand.Reader)
}

// queries and commands are what the routes lead to.
type queries struct {
	fx.In

	Reads   *readcache.Cache
	Bids    *app.BidHistory
	OwnBids *app.OwnBids
	Watches app.WatchViews
	Log     *app.PublicLog
	Clock   clock.Clock
}

type commands struct {
	fx.In

	CreateDraft       *app.CreateDraft
	EditListing       *app.EditListing
	DeleteDraft       *app.DeleteDraft
	PublishListing    *app.PublishListing
	AppendDescription *app.AppendDescription
	PlaceBid          *app.PlaceBid
	BuyNow            *app.BuyNow
	RetractBids       *app.RetractBids
	CancelBids        *app.CancelBids
	CancelListing     *app.CancelListing
	FreezeListing     *app.FreezeListing
	UnfreezeListing   *app.UnfreezeListing
	RelistListing     *app.RelistListing
	WatchListing      *app.WatchListing
	UnwatchListing    *app.UnwatchListing
}

func provideRoutes(q queries, c commands) httpserver.Routes {
	return rest.NewRoutes(
		rest.Queries{Views: q.Reads, Bids: q.Bids, OwnBids: q.OwnBids, Watches: q.Watches, Log: q.Log, Clock: q.Clock},
		rest.Commands{
			CreateDraft:       c.CreateDraft,
			EditListing:       c.EditListing,
			DeleteDraft:       c.DeleteDraft,
			PublishListing:    c.PublishListing,
			AppendDescription: c.AppendDescription,
			PlaceBid:          c.PlaceBid,
			BuyNow:            c.BuyNow,
			RetractBids:       c.RetractBids,
			CancelBids:        c.CancelBids,
			CancelListing:     c.CancelListing,
			FreezeListing:     c.FreezeListing,
			UnfreezeListing:   c.UnfreezeListing,
			RelistListing:     c.RelistListing,
			WatchListing:      c.WatchListing,
			UnwatchListing:    c.UnwatchListing,
		},
	)
}

// saleUseCases are what the routes of sales lead to.
type saleUseCases struct {
	fx.In

	OwnSales       *app.OwnSales
	MarkPaid       *app.MarkPaid
	UnmarkPaid     *app.UnmarkPaid
	MarkHandedOver *app.MarkHandedOver
	MarkReceived   *app.MarkReceived
}

func provideSaleRoutes(u saleUseCases) httpserver.Routes {
	return rest.NewSaleRoutes(rest.SaleUseCases{
		OwnSales: u.OwnSales, MarkPaid: u.MarkPaid, UnmarkPaid: u.UnmarkPaid, MarkHandedOver: u.MarkHandedOver,
		MarkReceived: u.MarkReceived,
	})
}

// provideSaleOpening subscribes to what ends a listing, also to what happened before there were sales.
func provideSaleOpening(u *app.OpenSale) events.Subscriber {
	return events.Subscriber{
		Name: "listings.sales", Kinds: []string{listingsapi.KindClosed, listingsapi.KindBought}, Past: true, Handle: u.Do,
	}
}

func provideKeepingSales(u *app.KeepSales) chores.Chore {
	return chores.Chore{Name: "remind of sales", Every: time.Minute, Run: u.Do}
}

func provideOverdueCheck(t *jobs.Timekeeper) httpserver.Check {
	return httpserver.Check{Name: "overdue closings", Run: t.CheckOverdue}
}

func keepTime(lifecycle fx.Lifecycle, t *jobs.Timekeeper) {
	lifecycle.Append(fx.StartStopHook(t.Start, func(context.Context) { t.Stop() }))
}
