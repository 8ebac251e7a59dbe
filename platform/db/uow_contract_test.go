package db_test

import (
	"context"
	"fmt"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/platform/db"
	"github.com/gavelhq/gavel/platform/db/dbtest"
	"github.com/gavelhq/gavel/platform/events"
	outbox "github.com/gavelhq/gavel/platform/events/sqlstore"
	"github.com/gavelhq/gavel/platform/uow"
	"github.com/gavelhq/gavel/platform/uow/uowtest"
)

// TestUnitOfWork runs the contract over real databases. The serializable run stands in for clusters that know no other
// isolation.
func TestUnitOfWork(t *testing.T) {
	t.Parallel()
	t.Run("sqlite", func(t *testing.T) {
		t.Parallel()
		uowtest.Run(t, func(t *testing.T) uowtest.Fixture {
			pool := dbtest.SQLite(t, bankSchema, outbox.Migrations())
			return bankFixture(pool, "sqlite:"+pool.Path(), uowtest.WaitsForWriter)
		})
	})
	for name, option := range map[string]string{
		"postgres":              "",
		"postgres serializable": "&default_transaction_isolation=serializable",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			url := dbtest.PostgresURL(t) + option
			uowtest.Run(t, func(t *testing.T) uowtest.Fixture {
				own := ownSchema(t, url)
				return bankFixture(dbtest.Open(t, own), own.URL, uowtest.WaitsForRows)
			})
		})
	}
}

// ownSchema returns the bank's tables in a schema of the test's own, which is quicker made than a database.
func ownSchema(t *testing.T, url string) db.Settings {
	t.Helper()
	own, drop, err := db.OwnSchema(t.Context(), db.Settings{URL: url})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, drop(context.WithoutCancel(t.Context()))) })
	dbtest.Migrate(t, dbtest.Open(t, own), bankSchema, outbox.Migrations())
	return own
}

// TestLostCommitOfAUnit cuts the cable around the COMMIT of a unit of work, and around the one statement of a unit that
// needs none.
func TestLostCommitOfAUnit(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		cut  int32
		runs int
	}{
		"the answer is lost":         {cutCommitAnswer, 1},
		"the commit itself is lost":  {cutBeforeCommit, 2},
		"nothing is lost by the way": {cutNothing, 1},
	} {
		for _, shared := range []bool{false, true} {
			t.Run(map[bool]string{false: name, true: name + ", in one statement"}[shared], func(t *testing.T) {
				t.Parallel()
				direct := dbtest.PostgresURL(t, bankSchema, outbox.Migrations())
				cable, through := newProxy(t, direct)
				witness := bankFixture(dbtest.Open(t, db.Settings{URL: direct}), direct, uowtest.WaitsForRows)
				pool := dbtest.Open(t, db.Settings{URL: through})
				work := uow.New(outbox.NewOutbox(pool), uow.Settings{Deadline: time.Minute, CommitDeadline: time.Minute})
				accounts := uow.NewRepository("accounts", accountRows{pool}, uowtest.ErrAccountNotFound, uowtest.Publish[*uowtest.Account]).
					Remembering(1<<20, func(*uowtest.Account) int { return 0 })
				id := uuid.New()
				require.NoError(t, work.Do(t.Context(), func(ctx context.Context) error {
					return accounts.Add(ctx, uowtest.OpenAccount(uuid.New(), id, "0001", opened))
				}))
				do := work.Do
				if shared {
					do = work.DoShared
				}
				deposit := func(command uuid.UUID, run func()) error {
					return do(t.Context(), func(ctx context.Context) error {
						run()
						a, err := accounts.Get(ctx, id)
						if err != nil {
							return err
						}
						a.Deposit(command, 5, opened)
						return nil
					}, uow.CommandID(command), accounts.Loads(id))
				}
				require.NoError(t, deposit(uuid.New(), func() {})) // prepares

				command, runs := uuid.New(), 0
				if shared {
					mark := []byte(command.String())
					cable.marked.Store(&mark)
				}
				cable.cut.Store(c.cut)
				require.NoError(t, deposit(command, func() {
					if runs++; runs > 1 {
						cable.cut.Store(cutNothing)
					}
				}))
				require.Equal(t, c.runs, runs)
				stored := witness.Accounts(t)
				require.Len(t, stored, 1)
				require.Equal(t, int64(10), stored[0].Balance)
				require.Len(t, witness.Messages(t), 3)
			})
		}
	}
}

// bankFixture is the suite's data in a database.
func bankFixture(pool *db.Pool, url string, waiting uowtest.Waiting) uowtest.Fixture {
	return uowtest.Fixture{
		Open: func(t *testing.T) uowtest.Backend {
			server := dbtest.Open(t, db.Settings{URL: url})
			return uowtest.Backend{Accounts: accountRows{server}, Ledgers: ledgerRows{server}, Outbox: outbox.NewOutbox(server)}
		},
		Accounts: func(t *testing.T) []uowtest.AccountState {
			return all(t, pool, "SELECT "+accountColumns.Names()+" FROM accounts", accountRow.state)
		},
		Ledgers: func(t *testing.T) []uowtest.LedgerState {
			return all(t, pool, "SELECT "+ledgerColumns.Names()+" FROM ledgers", ledgerRow.state)
		},
		Messages: func(t *testing.T) []events.Message {
			return all(t, pool, "SELECT id, aggregate, seq, kind, at, payload FROM outbox ORDER BY aggregate, seq", messageRow.message)
		},
		Waiting: waiting,
	}
}

func all[R, S any](t *testing.T, pool *db.Pool, query string, convert func(R) S) []S {
	t.Helper()
	var rows []R
	require.NoError(t, pool.Read().Select(t.Context(), &rows, query))
	var converted []S
	for _, row := range rows {
		converted = append(converted, convert(row))
	}
	return converted
}

type messageRow struct {
	ID        uuid.UUID `db:"id"`
	Aggregate uuid.UUID `db:"aggregate"`
	Seq       int64     `db:"seq"`
	Kind      string    `db:"kind"`
	At        db.Micros `db:"at"`
	Payload   string    `db:"payload"`
}

func (r messageRow) message() events.Message {
	return events.Message{
		ID: r.ID, Aggregate: r.Aggregate, Seq: r.Seq, Kind: r.Kind, At: r.At.Time(), Payload: []byte(r.Payload),
	}
}

type accountRow struct {
	ID       uuid.UUID `db:"id"`
	Version  int64     `db:"version"`
	Number   string    `db:"number"`
	Balance  int64     `db:"balance"`
	Events   int64     `db:"events"`
	OpenedAt db.Micros `db:"opened_at"`
}

func (r accountRow) state() uowtest.AccountState {
	return uowtest.AccountState{
		ID: r.ID, Version: r.Version, Number: r.Number, Balance: r.Balance, Events: r.Events, OpenedAt: r.OpenedAt.Time(),
	}
}

type ledgerRow struct {
	ID      uuid.UUID `db:"id"`
	Version int64     `db:"version"`
	Lines   int64     `db:"lines"`
	Total   int64     `db:"total"`
}

func (r ledgerRow) state() uowtest.LedgerState {
	return uowtest.LedgerState{ID: r.ID, Version: r.Version, Lines: r.Lines, Total: r.Total}
}

var (
	accountColumns = db.Columns{
		{Name: "id", Type: db.UUID},
		{Name: "version", Type: db.Int},
		{Name: "number", Type: db.Text},
		{Name: "balance", Type: db.Int},
		{Name: "events", Type: db.Int},
		{Name: "opened_at", Type: db.Int},
	}
	ledgerColumns = db.Columns{
		{Name: "id", Type: db.UUID}, {Name: "version", Type: db.Int}, {Name: "lines", Type: db.Int}, {Name: "total", Type: db.Int},
	}
	loadedVersion = db.Column{Name: "loaded", Type: db.Int}
	eventColumns  = db.Columns{
		{Name: "aggregate", Type: db.UUID}, {Name: "seq", Type: db.Int}, {Name: "command", Type: db.UUID},
	}
)

// accountRows stores accounts, ledgerRows ledgers.
type (
	accountRows struct{ pool *db.Pool }
	ledgerRows  struct{ pool *db.Pool }
)

func (s accountRows) Load(ctx context.Context, ids []uuid.UUID, lock bool) ([]*uowtest.Account, error) {
	return loadRows(ctx, s.pool, "SELECT "+accountColumns.Names()+" FROM accounts", ids, lock,
		func(r accountRow) *uowtest.Account { return uowtest.RestoreAccount(r.state()) })
}

func (s ledgerRows) Load(ctx context.Context, ids []uuid.UUID, lock bool) ([]*uowtest.Ledger, error) {
	return loadRows(ctx, s.pool, "SELECT "+ledgerColumns.Names()+" FROM ledgers", ids, lock,
		func(r ledgerRow) *uowtest.Ledger { return uowtest.RestoreLedger(r.state()) })
}

func loadRows[R, A any](
	ctx context.Context, pool *db.Pool, query string, ids []uuid.UUID, lock bool, restore func(R) A,
) ([]A, error) {
	tx, err := pool.Tx(ctx)
	if err != nil {
		return nil, err
	}
	query += " WHERE " + tx.Dialect().In("id", "$1") + " ORDER BY id"
	load := tx.Look
	if lock {
		load, query = tx.Select, query+tx.Dialect().ForUpdate()
	}
	var rows []R
	if err := load(ctx, &rows, query, tx.Dialect().IDs(ids)); err != nil {
		return nil, err
	}
	var found []A
	for _, row := range rows {
		found = append(found, restore(row))
	}
	return found, nil
}

func (s accountRows) Save(ctx context.Context, changes []uow.Change[*uowtest.Account, uowtest.Event]) error {
	return saveRows(ctx, s.pool, "accounts", accountColumns, changes, func(a *uowtest.Account) []any {
		state := a.State()
		return []any{state.ID, state.Version, state.Number, state.Balance, state.Events, db.Micros(state.OpenedAt)}
	}, func(err error) error {
		switch {
		case db.Violates(err, "accounts_pkey"):
			return fmt.Errorf("%w: %w", uowtest.ErrAccountExists, err)
		case db.Violates(err, "accounts_number"):
			return fmt.Errorf("%w: %w", uowtest.ErrNumberTaken, err)
		}
		return err
	})
}

func (s ledgerRows) Save(ctx context.Context, changes []uow.Change[*uowtest.Ledger, uowtest.Event]) error {
	return saveRows(ctx, s.pool, "ledgers", ledgerColumns, changes, func(l *uowtest.Ledger) []any {
		state := l.State()
		return []any{state.ID, state.Version, state.Lines, state.Total}
	}, func(err error) error {
		if db.Violates(err, "ledgers_pkey") {
			return fmt.Errorf("%w: %w", uowtest.ErrLedgerExists, err)
		}
		return err
	})
}

// saveRows leaves the changes of one table to the end of the transaction. Existing rows are locked in the order of their ids.
func saveRows[A uow.Aggregate[A, uowtest.Event]](
	ctx context.Context, pool *db.Pool, table string, columns db.Columns, changes []uow.Change[A, uowtest.Event],
	row func(A) []any, refused func(error) error,
) error {
	tx, err := pool.Tx(ctx)
	if err != nil {
		return err
	}
	var added, changed, removed, checked, recorded [][]any
	for _, c := range changes {
		switch c.Kind {
		case uow.Added:
			added = append(added, row(c.After))
		case uow.Changed:
			changed = append(changed, append(row(c.After), c.Before.Version()))
		case uow.Removed:
			removed = append(removed, []any{c.Before.ID(), c.Before.Version()})
		case uow.Checked:
			checked = append(checked, []any{c.Before.ID(), c.Before.Version()})
		}
		for _, e := range c.Events {
			recorded = append(recorded, []any{e.Aggregate, e.Seq, e.Command})
		}
	}
	for _, w := range tableSQL(tx.Dialect(), table, columns) {
		rows := map[string][][]any{"add": added, "change": changed, "remove": removed, "check": checked}[w.what]
		if err := w.statement.Later(tx, rows, refused); err != nil {
			return err
		}
	}
	return db.InsertRows(tx.Dialect(), "happened", eventColumns, "").Later(tx, recorded, nil)
}

// tableWrite is one way to write a table.
type tableWrite struct {
	what      string
	statement db.RowStatement
}

func tableSQL(d db.Dialect, table string, columns db.Columns) []tableWrite {
	loaded := append(columns[:len(columns):len(columns)], loadedVersion)
	seen := db.Columns{columns[0], loadedVersion}
	var one, many, given string
	for i, c := range columns {
		given += "given." + c.Name + ", "
		if i == 0 {
			continue
		}
		if i > 1 {
			one, many = one+", ", many+", "
		}
		one += fmt.Sprintf("%s = $%d", c.Name, i+1)
		many += c.Name + " = new." + c.Name
	}
	held := " JOIN " + table + " AS held ON held.id = given.id AND held.version = given.loaded ORDER BY held.id" + d.ForUpdateOf("held") + ") AS new"
	match := table + ".id = new.id AND " + table + ".version = new.loaded"
	return []tableWrite{
		{"add", db.InsertRows(d, table, columns, "")},
		{"change", db.RowStatement{
			Columns: loaded,
			One:     fmt.Sprintf("UPDATE %s SET %s WHERE id = $1 AND version = $%d", table, one, len(loaded)),
			Many: "UPDATE " + table + " SET " + many + " FROM (SELECT " + given + "given.loaded FROM " + loaded.Table(d, "given") + held +
				" WHERE " + match,
		}},
		{"remove", db.RowStatement{
			Columns: seen, One: "DELETE FROM " + table + " WHERE id = $1 AND version = $2",
			Many: "DELETE FROM " + table + " USING (SELECT given.* FROM " + seen.Table(d, "given") + held + " WHERE " + match,
		}},
		{"check", db.RowStatement{
			Columns: seen, Finds: true, One: "SELECT 1 FROM " + table + " WHERE id = $1 AND version = $2",
			Many: "SELECT 1 FROM " + table + " JOIN " + seen.Table(d, "new") + " ON " + match,
		}},
	}
}

func (s accountRows) Committed(ctx context.Context, commands []uuid.UUID) ([]uuid.UUID, error) {
	return happened(ctx, s.pool, commands)
}

func (s ledgerRows) Committed(ctx context.Context, commands []uuid.UUID) ([]uuid.UUID, error) {
	return happened(ctx, s.pool, commands)
}

func happened(ctx context.Context, pool *db.Pool, commands []uuid.UUID) ([]uuid.UUID, error) {
	tx, err := pool.Tx(ctx)
	if err != nil {
		return nil, err
	}
	var found []uuid.UUID
	err = tx.Select(ctx, &found, "SELECT DISTINCT command FROM happened WHERE "+tx.Dialect().In("command", "$1"), tx.Dialect().IDs(commands))
	return found, err
}

// bankSchema is where the suite's aggregates live.
var bankSchema = db.Migrations{Module: "bank", FS: fstest.MapFS{
	"migrations/sqlite/00001_create_accounts.sql": {Data: []byte(`
-- +goose Up
CREATE TABLE accounts (
	id text NOT NULL PRIMARY KEY, version integer NOT NULL, number text NOT NULL, balance integer NOT NULL,
	events integer NOT NULL, opened_at integer NOT NULL
) STRICT;
CREATE UNIQUE INDEX accounts_number ON accounts (number);
CREATE TABLE ledgers (id text NOT NULL PRIMARY KEY, version integer NOT NULL, lines integer NOT NULL, total integer NOT NULL) STRICT;
CREATE TABLE happened (aggregate text NOT NULL, seq integer NOT NULL, command text NOT NULL, PRIMARY KEY (aggregate, seq)) STRICT;`)},
	"migrations/postgres/00001_create_accounts.sql": {Data: []byte(`
-- +goose Up
CREATE TABLE accounts (
	id uuid NOT NULL CONSTRAINT accounts_pkey PRIMARY KEY, version bigint NOT NULL, number text COLLATE "C" NOT NULL,
	balance bigint NOT NULL, events bigint NOT NULL, opened_at bigint NOT NULL
);
CREATE UNIQUE INDEX accounts_number ON accounts (number);
CREATE TABLE ledgers (
	id uuid NOT NULL CONSTRAINT ledgers_pkey PRIMARY KEY, version bigint NOT NULL, lines bigint NOT NULL, total bigint NOT NULL
);
CREATE TABLE happened (
	aggregate uuid NOT NULL, seq bigint NOT NULL, command uuid NOT NULL, CONSTRAINT happened_pkey PRIMARY KEY (aggregate, seq)
);`)},
}}
