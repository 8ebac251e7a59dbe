package main

import (
	"context"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"go.uber.org/fx"

	"github.com/gavelhq/gavel/modules/issues"
	"github.com/gavelhq/gavel/modules/listings"
	"github.com/gavelhq/gavel/modules/listings/listingsapi"
	"github.com/gavelhq/gavel/modules/profiles"
	"github.com/gavelhq/gavel/platform/audit"
	auditlog "github.com/gavelhq/gavel/platform/audit/sqlstore"
	"github.com/gavelhq/gavel/platform/chores"
	"github.com/gavelhq/gavel/platform/clock"
	"github.com/gavelhq/gavel/platform/config"
	"github.com/gavelhq/gavel/platform/db"
	"github.com/gavelhq/gavel/platform/events"
	"github.com/gavelhq/gavel/platform/events/delivery"
	eventsrest "github.com/gavelhq/gavel/platform/events/rest"
	outbox "github.com/gavelhq/gavel/platform/events/sqlstore"
	"github.com/gavelhq/gavel/platform/httpserver"
	"github.com/gavelhq/gavel/platform/idempotency"
	answers "github.com/gavelhq/gavel/platform/idempotency/sqlstore"
	"github.com/gavelhq/gavel/platform/identity"
	"github.com/gavelhq/gavel/platform/log"
	"github.com/gavelhq/gavel/platform/metrics"
	"github.com/gavelhq/gavel/platform/profiling"
	"github.com/gavelhq/gavel/platform/uow"
)

// graph is the program as serve runs it, and the tests, which swap parts of it: everything in core, the work that the
// clock starts, and the server last, so that nothing is served before the rest is ready and while it stops.
func graph(cfg config.Config, out log.Output) fx.Option {
	return fx.Options(profiling.Module, core(cfg, out), postOffice, carrying(cfg.Events.NATS), profiles.Jobs, listings.Jobs, issues.Jobs, chores.Module, delivery.Module,
		httpserver.Module)
}

// core is everything that the program can do but nothing that it does by itself, for the commands beside serve. What
// nobody asks for is not even made: a graph in which no store is in a database opens none.
func core(cfg config.Config, out log.Output) fx.Option {
	return fx.Options(
		config.Supply(cfg),
		fx.Supply(out),
		log.Module,
		metrics.Module,
		db.Module,
		fx.Provide(
			newClock,
			provideClock,
			provideDatabaseSettings,
			provideBackup,
			db.AsMigrations(outbox.Migrations),
			outbox.NewOutbox,
			provideOutbox,
			provideEventLog,
			outbox.NewSubscriptions,
			outbox.NewDeliveries,
			provideDeliveryViews,
			delivery.NewBell,
			delivery.NewOffice,
			delivery.ProvideRoll,
			delivery.NewRetirement,
			httpserver.AsRoutes(eventsrest.NewRoutes),
			fx.Annotate(provideEventPermissions, fx.ResultTags(identity.PermissionsGroup)),
			chores.AsChore(provideForgettingEvents),
			db.AsMigrations(auditlog.Migrations),
			provideAuditLog,
			provideAuditView,
			db.AsMigrations(answers.Migrations),
			provideAnswers,
			idempotency.NewKeys,
			chores.AsChore(provideForgetting),
			fx.Annotate(provideListingPermissions, fx.ResultTags(identity.PermissionsGroup)),
			provideUnitSettings,
			uow.New,
			provideServerSettings,
			provideProfilingSettings,
			provideBuild,
			httpserver.AsCheck(provideDatabaseCheck),
			httpserver.AsCheck(provideClockCheck),
		),
		mailing,
		profiles.Module,
		listings.Module,
		issues.Module,
	)
}

func provideClock(c *clock.Real) clock.Clock { return c }

func provideDatabaseSettings(cfg config.Database, data config.Data) db.Settings {
	return db.Settings{
		URL:            cfg.URL.Reveal(),
		DataDir:        data.Dir,
		MaxConnections: cfg.MaxConnections,
		BusyTimeout:    cfg.BusyTimeout,
	}
}

func provideOutbox(o *outbox.Outbox) events.Outbox { return o }

func provideEventLog(o *outbox.Outbox) delivery.Log { return o }

func provideDeliveryViews(pool *db.Pool) delivery.Views { return outbox.NewViews(pool) }

func provideEventPermissions() []identity.Permission {
	return []identity.Permission{eventsrest.Administer}
}

func provideForgettingEvents(log delivery.Log, views delivery.Views, c clock.Clock, cfg config.Events) chores.Chore {
	return delivery.ForgetDelivered(log, views, c, cfg.Keep)
}

func provideAuditLog(pool *db.Pool) audit.Log { return auditlog.NewLog(pool) }

func provideAuditView(pool *db.Pool) audit.View { return auditlog.NewLog(pool) }

func provideAnswers(pool *db.Pool) idempotency.Answers { return answers.NewAnswers(pool) }

func provideForgetting(keys *idempotency.Keys, cfg config.Command) chores.Chore {
	return chores.Chore{Name: "forget idempotency keys", Every: time.Hour, Run: func(ctx context.Context) error {
		return keys.Forget(ctx, cfg.Keys.Keep)
	}}
}

func provideListingPermissions() []identity.Permission {
	return []identity.Permission{
		listingsapi.Sell, listingsapi.Bid, listingsapi.Watch, listingsapi.Settle, listingsapi.Moderate, listingsapi.Sheets,
	}
}

// provideUnitSettings gives PostgreSQL a lane for every other core: a lane keeps one busy with computing and one with what it
// sends. SQLite writes one unit after the other anyhow, and the more one flush carries the better.
func provideUnitSettings(cfg config.Command, database config.Database, bell *delivery.Bell) uow.Settings {
	s := uow.Settings{Deadline: cfg.Deadline, CommitDeadline: cfg.CommitDeadline, Published: bell.Ring, Lanes: 1}
	if strings.HasPrefix(database.URL.Reveal(), "postgres") {
		s.Lanes = min(max(1, runtime.GOMAXPROCS(0)/2), mostLanes)
	}
	return s
}

// mostLanes leaves connections of the pool to others.
const mostLanes = 4

func provideServerSettings(cfg config.HTTP, scraped config.Metrics, site config.Site, data config.Data) httpserver.Settings {
	s := httpserver.DefaultSettings()
	s.Name = site.Name
	s.Addr = cfg.Addr
	s.SiteURL = site.URL
	s.ReadHeaderTimeout = cfg.ReadHeaderTimeout
	s.ReadTimeout = cfg.ReadTimeout
	s.WriteTimeout = cfg.WriteTimeout
	s.IdleTimeout = cfg.IdleTimeout
	s.ShutdownTimeout = cfg.ShutdownTimeout * 9 / 10 // the rest is for what stops after the server
	s.MaxHeaderBytes = int(cfg.MaxHeader)
	s.MaxBodyBytes = int64(cfg.MaxBody)
	s.TrustedProxies = cfg.TrustedProxies
	s.TLS = httpserver.TLSSettings{
		Certificate: cfg.TLS.Certificate,
		Key:         cfg.TLS.Key,
		ACME: httpserver.ACMESettings{
			Domains:   config.SplitNames(cfg.TLS.ACME.Domains),
			Email:     cfg.TLS.ACME.Email,
			Directory: cfg.TLS.ACME.Directory,
			Cache:     filepath.Join(data.Dir, "acme"),
		},
	}
	s.Rate.PerSecond = float64(cfg.Rate.Requests)
	s.Rate.Burst = cfg.Rate.Burst
	s.Metrics = httpserver.MetricsSettings{Addr: scraped.Addr, Token: scraped.Token.Reveal()}
	return s
}

func provideProfilingSettings(cfg config.Profiling) profiling.Settings {
	return profiling.Settings{Addr: cfg.Addr, Network: cfg.OpenTo == config.Network}
}

func provideBuild() httpserver.Build {
	b := buildInfo()
	return httpserver.Build{Version: b.Version, Revision: b.Commit, Go: b.Go}
}

func provideDatabaseCheck(h *db.Health) httpserver.Check {
	return httpserver.Check{Name: "database", Run: h.Check}
}

func provideClockCheck(h *db.Health) httpserver.Check {
	return httpserver.Check{Name: "database clock", Run: h.CheckClock}
}
