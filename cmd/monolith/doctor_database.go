package main

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"go.uber.org/zap"

	"github.com/gavelhq/gavel/modules/listings"
	"github.com/gavelhq/gavel/platform/clock"
	"github.com/gavelhq/gavel/platform/config"
	"github.com/gavelhq/gavel/platform/db"
)

// databaseTimeout bounds the wait for a database that may not be there.
const databaseTimeout = 15 * time.Second

// database looks at the configured database and what is in it. It reports whether there is one.
func (d *doctor) database(ctx context.Context, cfg config.Config) (exists bool) {
	const name = "database"
	program, err := d.program.parts(cfg)
	if err != nil {
		d.fail(name, err.Error(), "correct database.url")
		return false
	}
	pool := program.Pool
	defer func() {
		if err := pool.Close(); err != nil {
			d.warn(name, err.Error(), "look at the disk")
		}
	}()
	if !pool.Exists() {
		d.ok(name, "%s does not exist yet; serve makes it", pool)
		return false
	}
	quickly, cancel := context.WithTimeout(ctx, databaseTimeout)
	defer cancel()
	if !d.reachable(quickly, pool) {
		return false
	}
	migrated := d.schema(quickly, program.Migrator)
	d.durability(quickly, pool)
	d.clock(quickly, pool)
	if migrated {
		d.logs(ctx, program)
	}
	return true
}

// oldestPostgres is the oldest PostgreSQL that the program is made for, as server_version_num says it.
const oldestPostgres = 140000

// reachable asks the database what it is.
func (d *doctor) reachable(ctx context.Context, pool *db.Pool) bool {
	const name = "database"
	query, advice := "SELECT sqlite_version() AS version, 0 AS number", "see whether the file is a database and the server's user may write it"
	if pool.Dialect() == db.Postgres {
		query = "SELECT current_setting('server_version') AS version, current_setting('server_version_num')::int AS number"
		advice = "start it, or correct database.url"
	}
	var found struct {
		Version string `db:"version"`
		Number  int    `db:"number"`
	}
	switch err := pool.Read().Get(ctx, &found, query); {
	case err != nil:
		d.fail(name, fmt.Sprintf("%s does not answer: %v", pool, err), advice)
		return false
	case pool.Dialect() == db.Postgres && found.Number < oldestPostgres:
		d.fail(name, fmt.Sprintf("%s is PostgreSQL %s", pool, found.Version), "use PostgreSQL 14 or newer")
	default:
		d.ok(name, "%s answers (%s %s)", pool, pool.Dialect(), found.Version)
	}
	return true
}

// schema compares the schema with the program. It reports whether they fit.
func (d *doctor) schema(ctx context.Context, m *db.Migrator) bool {
	const name = "migrations"
	err := m.Check(ctx)
	switch {
	case err == nil:
	case errors.Is(err, db.ErrPending):
		d.warn(name, err.Error(), "serve runs them when it starts, after a backup; or run monolith migrate up")
		return false
	case errors.Is(err, db.ErrSchemaNewer):
		d.fail(name, err.Error(), "run the newer program, whose serve would start")
		return false
	case errors.Is(err, db.ErrRestoring):
		d.fail(name, err.Error(), "run monolith restore again")
		return false
	default:
		d.fail(name, err.Error(), "see whether the file is a database of this program's")
		return false
	}
	status, err := m.Status(ctx)
	if err != nil {
		d.fail(name, err.Error(), "look again")
		return false
	}
	versions := make([]string, len(status))
	for i, s := range status {
		versions[i] = fmt.Sprintf("%s %d", s.Module, s.Version)
	}
	d.ok(name, "up to date (%s)", strings.Join(versions, ", "))
	return true
}

// durability asks the connection that writes.
func (d *doctor) durability(ctx context.Context, pool *db.Pool) {
	const name = "durability"
	found, err := pool.Durability(ctx)
	if err != nil {
		d.fail(name, err.Error(), "run this as the server's user; if it is, let him write to the database")
		return
	}
	if err := found.Check(); err != nil {
		d.fail(name, err.Error(), "set them back, for the database and for its user: a bid that was acknowledged must survive")
		return
	}
	settings := slices.Sorted(maps.Keys(found.Values))
	for i, s := range settings {
		settings[i] = s + " = " + found.Values[s]
	}
	d.ok(name, "the connection that writes has %s", strings.Join(settings, ", "))
}

// clock compares the machine's clock with the database's.
func (d *doctor) clock(ctx context.Context, pool *db.Pool) {
	const name = "clock"
	if pool.Dialect() != db.Postgres {
		d.ok(name, "it is %s by this machine's, which is the only one", d.now.Now().UTC().Format(time.RFC3339))
		return
	}
	followed := clock.NewReal()
	follower := db.NewClockFollower(pool, followed, zap.NewNop())
	if err := follower.Start(ctx); err != nil {
		d.fail(name, err.Error(), "look at the database")
		return
	}
	follower.Stop()
	offset := followed.Offset()
	if offset.Abs() > db.MaxClockError {
		d.warn(name, fmt.Sprintf("the database's is %s ahead of this machine's", offset.Round(time.Millisecond)),
			"keep both in time with NTP: servers follow the database's")
		return
	}
	d.ok(name, "the database's is %s ahead of this machine's", offset.Round(time.Microsecond))
}

// logs looks at the ends of the logs or, if it may take a while, at all of them.
func (d *doctor) logs(ctx context.Context, program parts) {
	const name = "logs"
	const advice = "find out who wrote to the database; monolith verify names all; restore a backup that verifies"
	progress := d.program.newProgress("logs")
	defer progress.end()
	look, words := program.Verifier.Heads, "%d logs end where their listings say (%d events); --deep verifies them"
	if d.deep {
		d.file(ctx, program.Pool)
		words = "%d logs verify (%d events)"
		look = func(ctx context.Context, progress func(int64)) (*listings.VerifyReport, error) {
			return program.Verifier.Run(ctx, listings.VerifyOptions{Progress: progress})
		}
	}
	report, err := look(ctx, progress.at)
	if err == nil {
		err = report.Err()
	}
	if err != nil {
		d.fail(name, err.Error(), advice)
		return
	}
	d.ok(name, words, report.Verified, report.Events)
}

// file lets SQLite check its file.
func (d *doctor) file(ctx context.Context, pool *db.Pool) {
	if pool.Dialect() != db.SQLite {
		return
	}
	const name = "database file"
	var verdict string
	err := pool.Read().Get(ctx, &verdict, "PRAGMA integrity_check(1)")
	switch {
	case err != nil:
		d.fail(name, err.Error(), "restore a backup")
	case verdict != "ok":
		d.fail(name, verdict, "restore a backup")
	default:
		d.ok(name, "SQLite finds it whole")
	}
}
