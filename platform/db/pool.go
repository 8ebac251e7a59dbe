package db

import (
	"cmp"
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"
	"modernc.org/sqlite"

	"github.com/gavelhq/gavel/platform/uow"
)

// keptStatements is how many prepared statements a connection keeps: more than the program has hot queries.
const keptStatements = 256

// Pool is a database: SQLite with one connection that writes and a few that read, or PostgreSQL. It is a singleton, safe
// for concurrent use.
type Pool struct {
	target   target
	write    *sqlx.DB
	read     *sqlx.DB
	counters *counters
	uniques  sync.Map // SQLite: names of unique indexes by what its messages say
}

// Open returns the pool for a database. It connects to nothing and creates nothing: that happens with its first use.
// Errors: an address that makes no sense.
func Open(s Settings) (*Pool, error) {
	t, err := s.target()
	if err != nil {
		return nil, err
	}
	p := &Pool{target: t, counters: &counters{}}
	if t.dialect == Postgres {
		err = p.openPostgres(s)
	} else {
		err = p.openSQLite(s)
	}
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", p, err)
	}
	return p, nil
}

func (p *Pool) openPostgres(s Settings) error {
	config, err := pq.NewConfig(p.target.url.String())
	if err != nil {
		return err
	}
	config.BinaryParameters = true // as arrays are
	base, err := pq.NewConnectorConfig(config)
	if err != nil {
		return err
	}
	base.Dialer(newDialer())
	connections := max(3, cmp.Or(s.MaxConnections, 20))
	// A transaction that keeps a lock row alive needs a second connection.
	writers := max(2, connections/2)
	p.write, p.read = p.pool(base, s, hooks{made: planOnce}), p.pool(base, s, hooks{})
	for pool, most := range map[*sqlx.DB]int{p.write: writers, p.read: connections - writers} {
		pool.SetMaxOpenConns(most)
		pool.SetMaxIdleConns(most)
		// Balancers and fail-overs move connections; an hour spreads them again.
		pool.SetConnMaxLifetime(time.Hour)
		pool.SetConnMaxIdleTime(5 * time.Minute)
	}
	return nil
}

// planOnce lets a connection that writes plan each prepared statement once: they find rows by their keys, and planning them
// again for every set of values, which PostgreSQL does for arrays, takes longer than running them. What a cluster that only
// speaks PostgreSQL has no such setting for stays as it is; so do poolers, whose connections are not ours to set.
func planOnce(ctx context.Context, made driver.Conn) error {
	session, ok := made.(driver.ExecerContext)
	if !ok {
		return nil
	}
	_, err := session.ExecContext(ctx, "SET plan_cache_mode = force_generic_plan", nil)
	var refused *pq.Error
	if errors.As(err, &refused) && !refused.Fatal() {
		return nil
	}
	return err
}

func (p *Pool) openSQLite(s Settings) error {
	busy := strconv.FormatInt(cmp.Or(s.BusyTimeout, 5*time.Second).Milliseconds(), 10)
	writer, err := sqlite.NewConnector(sqliteURI(p.target.path, url.Values{
		// A transaction that begins by reading and then writes would fail at once if somebody wrote in between.
		"_txlock":       {"immediate"},
		"_busy_timeout": {busy},
		"_foreign_keys": {"on"},
		"_journal_mode": {"WAL"},
		"_synchronous":  {"FULL"},
		"_pragma": {
			// A long backup lets the log grow; it is cut down again afterwards.
			"journal_size_limit(67108864)",
			// A commit of many bids touches more pages than SQLite's own 2 MiB hold, and they would be read again for the next.
			"cache_size(-32768)",
			// It would also fill the log's usual 4 MiB, and each time the log is full all pages in it are written once more.
			"wal_autocheckpoint(8192)",
		},
	}))
	if err != nil {
		return err
	}
	reader, err := sqlite.NewConnector(sqliteURI(p.target.path, url.Values{
		"mode": {"ro"}, "_busy_timeout": {busy}, "_query_only": {"on"},
	}))
	if err != nil {
		return err
	}
	p.write = p.pool(writer, s, hooks{before: func(context.Context) error { return createFile(p.target.path) }})
	p.write.SetMaxOpenConns(1)
	p.read = p.pool(reader, s, hooks{before: p.readable})
	readers := max(1, cmp.Or(s.MaxConnections, 4))
	p.read.SetMaxOpenConns(readers)
	p.read.SetMaxIdleConns(readers)
	return nil
}

func (p *Pool) pool(base driver.Connector, s Settings, h hooks) *sqlx.DB {
	keep := keptStatements
	if s.Unprepared {
		keep, h.made = 0, nil
	}
	return sqlx.NewDb(sql.OpenDB(&connector{
		Connector: base, counters: p.counters, hooks: h, keep: keep, finalize: p.target.dialect == SQLite,
	}), p.target.dialect.driver())
}

// readable makes SQLite's file readable for whoever may not write. Without a file there is nothing to open; and a process
// that was killed before its new database kept a write-ahead log has left a journal, which only a writer can roll back.
func (p *Pool) readable(ctx context.Context) error {
	if err := createFile(p.target.path); err != nil {
		return err
	}
	if _, err := os.Stat(p.target.path + "-journal"); errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return p.write.PingContext(ctx)
}

// createFile creates a file of SQLite's for the eyes of its owner only; SQLite gives the files beside it the same mode.
// It leaves one that exists alone: opening and closing it would drop the locks that SQLite holds on it.
func createFile(path string) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return fmt.Errorf("create the data folder: %w", err)
	}
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if errors.Is(err, fs.ErrExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("create the database: %w", err)
	}
	return f.Close()
}

// Dialect returns which database this is.
func (p *Pool) Dialect() Dialect { return p.target.dialect }

// String returns the address without a password.
func (p *Pool) String() string { return p.target.shown }

// Path returns SQLite's file, "" for PostgreSQL.
func (p *Pool) Path() string { return p.target.path }

// Exists reports whether there is something to open. SQLite's file is made by its first use, so that whoever only wants to
// look asks first; of PostgreSQL, which only connecting can tell, it is assumed.
func (p *Pool) Exists() bool {
	if p.target.path == "" {
		return true
	}
	_, err := os.Stat(p.target.path)
	return !errors.Is(err, fs.ErrNotExist)
}

// Stats returns what has been counted so far.
func (p *Pool) Stats() Stats { return p.counters.stats() }

// Tx returns the transaction of the unit of work in ctx, which begins with its first statement. The unit commits it or
// rolls it back. Errors: uow.ErrNoUnit, uow.ErrEnded, uow.ErrTwoDatabases.
func (p *Pool) Tx(ctx context.Context) (*Tx, error) {
	return uow.Join(ctx, p, func(ctx context.Context, _ bool) (*Tx, error) { // the stores lock rows, where they load them
		return &Tx{pool: p, looks: uow.Verifies(ctx)}, nil
	})
}

// Transact runs fn in a transaction of its own, for tables that are no aggregates and belong to no unit of work: it
// commits if fn returns nil and rolls back otherwise. It does not run fn again. Errors: what fn returns,
// uow.ErrConflict when nothing was committed, uow.ErrCommitUnknown, ErrUnavailable.
func (p *Pool) Transact(ctx context.Context, fn func(ctx context.Context, tx *Tx) error) error {
	tx, err := p.begin(ctx)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	if err := fn(ctx, tx); err != nil {
		return err
	}
	return tx.Commit(ctx)
}

// Read returns the way for views to read. They see what is committed. In PostgreSQL it takes a connection of the pool,
// so it must not be used inside a unit of work or a transaction: enough of them waiting for each other's would wait for
// ever.
func (p *Pool) Read() *Reader { return &Reader{pool: p} }

// Ping asks the database whether it is there, without waiting for SQLite's one writer. Errors: ErrUnavailable.
func (p *Pool) Ping(ctx context.Context) error {
	if err := p.read.PingContext(ctx); err != nil {
		return fmt.Errorf("%w: %s: %w", ErrUnavailable, p, err)
	}
	return nil
}

// Close closes all connections. Errors: what the driver reports.
func (p *Pool) Close() error {
	// Readers first: only a connection that may write, and is the last, puts the log into SQLite's file.
	err := errors.Join(p.read.Close(), p.write.Close())
	if err != nil {
		return fmt.Errorf("close %s: %w", p, err)
	}
	return nil
}
