package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"time"

	"github.com/pressly/goose/v3/lock"
	"modernc.org/sqlite"
)

// lockTable is PostgreSQL's table with the one row that whoever migrates holds.
const lockTable = "goose_lock"

// schemaLock keeps others from migrating.
type schemaLock struct {
	release func(ctx context.Context) error
}

// lockSchema waits until nobody else migrates, for five minutes at most.
func (p *Pool) lockSchema(ctx context.Context) (schemaLock, error) {
	if p.Dialect() == Postgres {
		return p.lockRow(ctx)
	}
	return p.lockFile(ctx)
}

// lockRow takes a row in a table, with a lease that is renewed: unlike an advisory lock it works through a pooler and in
// clusters that only speak PostgreSQL, and unlike a row lock it outlives the transactions in between. If we die the
// lease ends after 30 s.
func (p *Pool) lockRow(ctx context.Context) (schemaLock, error) {
	const every = 100 * time.Millisecond
	l, err := lock.NewPostgresTableLocker(
		lock.WithTableName(lockTable),
		lock.WithTableLockTimeout(every, uint64(5*time.Minute/every)),
		// What goes wrong is returned.
		lock.WithTableLogger(slog.New(slog.DiscardHandler)),
	)
	if err != nil {
		return schemaLock{}, err
	}
	if err := l.Lock(ctx, p.write.DB); err != nil {
		return schemaLock{}, p.translate(ctx, err)
	}
	return schemaLock{release: func(ctx context.Context) error { return l.Unlock(ctx, p.write.DB) }}, nil
}

// lockFile holds a write transaction in a second, empty SQLite file beside the database, which every system unlocks when
// we die. The database itself must stay writable: it is being migrated.
func (p *Pool) lockFile(ctx context.Context) (schemaLock, error) {
	path := p.target.path + ".lock"
	if err := createFile(path); err != nil {
		return schemaLock{}, err
	}
	connector, err := sqlite.NewConnector(sqliteURI(path, url.Values{
		"_txlock": {"exclusive"}, "_busy_timeout": {"300000"},
	}))
	if err != nil {
		return schemaLock{}, err
	}
	file := sql.OpenDB(connector)
	life, detach, end := attached(ctx)
	tx, err := file.BeginTx(life, nil)
	if err == nil && !detach() {
		err = errors.Join(ctx.Err(), tx.Rollback())
	}
	if err != nil {
		end()
		return schemaLock{}, errors.Join(fmt.Errorf("lock %s: %w", path, err), file.Close())
	}
	return schemaLock{release: func(context.Context) error {
		defer end()
		return errors.Join(tx.Rollback(), file.Close())
	}}, nil
}
