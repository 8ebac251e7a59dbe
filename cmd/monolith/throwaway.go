package main

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"

	"go.uber.org/fx"

	"github.com/gavelhq/gavel/modules/listings"
	"github.com/gavelhq/gavel/platform/config"
	"github.com/gavelhq/gavel/platform/db"
	outbox "github.com/gavelhq/gavel/platform/events/memory"
	"github.com/gavelhq/gavel/platform/memory"
	"github.com/gavelhq/gavel/platform/uow"
)

// The kinds of throw-away stores.
const (
	storeMemory   = "memory"
	storeSQLite   = "sqlite"
	storePostgres = "postgres"
)

// market is a store of listings with the units of work over it.
type market struct {
	stores listings.Stores
	work   *uow.Work
}

// withThrowAway calls fn with an empty market that is gone afterwards, whatever happens: in memory, in an SQLite file of
// its own, or in a schema of its own in the configured PostgreSQL. The configured data is not touched. Errors: what fn
// returns, and what keeps the store from being made or removed.
func (p *program) withThrowAway(ctx context.Context, store string, fn func(context.Context, market) error) error {
	switch store {
	case storeMemory:
		database := memory.NewDatabase()
		return fn(ctx, market{
			stores: listings.NewMemoryStores(database),
			work:   uow.New(outbox.NewOutbox(database), uow.Settings{}),
		})
	case storeSQLite:
		return p.withThrowAwayFile(ctx, fn)
	case storePostgres:
		return p.withThrowAwaySchema(ctx, fn)
	default:
		return usagef("--store must be %s, %s or %s, not %q", storeMemory, storeSQLite, storePostgres, store)
	}
}

func (p *program) withThrowAwayFile(ctx context.Context, fn func(context.Context, market) error) (err error) {
	folder, err := os.MkdirTemp("", "gavel-replay-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(folder)) }()
	cfg, err := p.config()
	if err != nil {
		return err
	}
	settings := provideDatabaseSettings(cfg.Database, cfg.Data)
	settings.URL = "sqlite:" + filepath.Join(folder, "replay.db")
	return p.withMarket(ctx, *cfg, settings, fn)
}

func (p *program) withThrowAwaySchema(ctx context.Context, fn func(context.Context, market) error) (err error) {
	cfg, err := p.config()
	if err != nil {
		return err
	}
	settings := provideDatabaseSettings(cfg.Database, cfg.Data)
	if !strings.HasPrefix(settings.URL, "postgres") {
		return usagef("--store %s needs a server: --database.url postgres://…", storePostgres)
	}
	settings, drop, err := db.OwnSchema(ctx, settings)
	if err != nil {
		return err
	}
	defer func() {
		// Also after an interrupt, which has ended ctx.
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), cfg.HTTP.ShutdownTimeout)
		defer cancel()
		err = errors.Join(err, drop(ctx))
	}()
	return p.withMarket(ctx, *cfg, settings, fn)
}

// withMarket calls fn with the market in a database, as the program would use it.
func (p *program) withMarket(
	ctx context.Context, cfg config.Config, settings db.Settings, fn func(context.Context, market) error,
) (err error) {
	cfg.Log.Level = "warn" // that a new store was migrated is no news
	var m market
	app := fx.New(
		core(cfg, p.logOutput()),
		fx.Replace(settings),
		fx.Provide(listings.CollectStores),
		fx.Populate(&m.stores, &m.work),
	)
	if err := app.Err(); err != nil {
		return err
	}
	if err := start(ctx, app, cfg.HTTP.ShutdownTimeout); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, stop(ctx, app, cfg.HTTP.ShutdownTimeout)) }()
	return fn(ctx, m)
}
