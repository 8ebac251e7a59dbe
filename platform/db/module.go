package db

import (
	"context"
	"errors"

	"go.uber.org/fx"
	"go.uber.org/zap"

	"github.com/gavelhq/gavel/platform/clock"
)

// Module provides the *Pool of the Settings and its *Migrator. Whoever asks for them gets a schema that is up to date
// when the program starts, and a pool that closes when it stops. Where nobody asks, no database is ever opened; the
// *Health, which everybody may ask for, then finds nothing to object to. It needs a *clock.Real and a logger; Backup is
// optional.
var Module = fx.Module("db", fx.Provide(newHealth, providePool))

// AsMigrations annotates a constructor of Migrations for fx.Provide, so that the Migrator finds them.
func AsMigrations(constructor any) any {
	return fx.Annotate(constructor, fx.ResultTags(`group:"migrations"`))
}

// Backup is what a program does to be able to go back to before a change of the schema.
type Backup struct {
	// Before makes a copy of the database. Errors: what kept it from doing so, which keeps the schema from being changed.
	Before func(ctx context.Context, pool *Pool) error
	// Afterwards, if not nil, runs when a change that Before preceded has succeeded: now older copies may go.
	Afterwards func(ctx context.Context, pool *Pool)
}

// params are what the graph gives to the pool.
type params struct {
	fx.In

	Lifecycle fx.Lifecycle
	Settings  Settings
	Sets      []Migrations `group:"migrations"`
	Backup    Backup       `optional:"true"`
	Health    *Health
	Clock     *clock.Real
	Log       *zap.Logger
}

func providePool(p params) (*Pool, *Migrator, error) {
	pool, err := Open(p.Settings)
	if err != nil {
		return nil, nil, err
	}
	migrator := p.migrator(pool)
	follower := NewClockFollower(pool, p.Clock, p.Log)
	*p.Health = Health{pool: pool, migrator: migrator, follower: follower}
	log := p.Log.Named("db")
	p.Lifecycle.Append(fx.StopHook(pool.Close)) // a hook of its own, so that it runs also when the next one fails
	p.Lifecycle.Append(fx.StartHook(func(ctx context.Context) error {
		ran, err := migrator.Up(ctx)
		if len(ran) > 0 {
			log.Info("migrated", zap.Stringer("database", pool), zap.Strings("ran", ran))
		}
		if err != nil {
			return err
		}
		return warnIfWeak(ctx, pool, log)
	}))
	p.Lifecycle.Append(fx.StartStopHook(follower.Start, follower.Stop))
	return pool, migrator, nil
}

// warnIfWeak says loudly that a power cut can lose acknowledged writes, if the server is set up like that. It is no reason
// not to start: some hosted servers make writes safe in their own way and report fsync as off all the same.
func warnIfWeak(ctx context.Context, pool *Pool, log *zap.Logger) error {
	durability, err := pool.Durability(ctx)
	if err != nil {
		return err
	}
	if weak := durability.Check(); weak != nil {
		log.Warn("acknowledged bids are not safe in this database: see monolith doctor", zap.Stringer("database", pool), zap.Error(weak))
	}
	return nil
}

func (p params) migrator(pool *Pool) *Migrator {
	if p.Backup.Before == nil {
		return NewMigrator(pool, p.Sets, nil)
	}
	m := NewMigrator(pool, p.Sets, func(ctx context.Context) error { return p.Backup.Before(ctx, pool) })
	if p.Backup.Afterwards != nil {
		m.Afterwards(func(ctx context.Context) { p.Backup.Afterwards(ctx, pool) })
	}
	return m
}

// Health tells how the database is that the program uses, if it uses one.
type Health struct {
	pool     *Pool
	migrator *Migrator
	follower *ClockFollower
}

func newHealth() *Health { return &Health{} }

// Check asks the database whether it is there and has the schema of this program. Errors: ErrUnavailable,
// ErrSchemaNewer, ErrPending.
func (h *Health) Check(ctx context.Context) error {
	if h.pool == nil {
		return nil
	}
	return errors.Join(h.pool.Ping(ctx), h.migrator.Check(ctx))
}

// CheckClock compares our clock with the database's. Errors: as ClockFollower.Check.
func (h *Health) CheckClock(ctx context.Context) error {
	if h.pool == nil {
		return nil
	}
	return h.follower.Check(ctx)
}
