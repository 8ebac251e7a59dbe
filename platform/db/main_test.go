package db_test

import (
	"context"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/gavelhq/gavel/platform/db"
	"github.com/gavelhq/gavel/platform/events"
	"github.com/gavelhq/gavel/platform/uow"
)

func TestMain(m *testing.M) {
	goleak.VerifyTestMain(m,
		// The connection to the temporary PostgreSQL stays open as long as the test process lives.
		goleak.IgnoreTopFunction("database/sql.(*DB).connectionOpener"),
		goleak.IgnoreAnyFunction("os/exec.(*Cmd).Wait"),
	)
}

// market is a schema with a column of every type that modules use.
var market = db.Migrations{Module: "market", FS: fstest.MapFS{
	"migrations/sqlite/00001_create_stalls.sql": {Data: []byte(`
-- +goose Up
CREATE TABLE stalls (
	id text NOT NULL PRIMARY KEY,
	name text NOT NULL,
	price integer NOT NULL CONSTRAINT stalls_price_positive CHECK (price > 0),
	secret blob,
	open integer NOT NULL,
	opened_at integer NOT NULL,
	seen_at integer
) STRICT;
-- +goose Down
DROP TABLE stalls;`)},
	"migrations/sqlite/00002_index_stalls.sql": {Data: []byte(`
-- +goose Up
CREATE UNIQUE INDEX stalls_name_price ON stalls (name, price);
-- +goose Down
DROP INDEX stalls_name_price;`)},
	"migrations/postgres/00001_create_stalls.sql": {Data: []byte(`
-- +goose Up
CREATE TABLE stalls (
	id uuid NOT NULL CONSTRAINT stalls_pkey PRIMARY KEY,
	name text COLLATE "C" NOT NULL,
	price bigint NOT NULL CONSTRAINT stalls_price_positive CHECK (price > 0),
	secret bytea,
	open boolean NOT NULL,
	opened_at bigint NOT NULL,
	seen_at bigint
);
-- +goose Down
DROP TABLE stalls;`)},
	"migrations/postgres/00002_index_stalls.sql": {Data: []byte(`
-- +goose Up
CREATE UNIQUE INDEX stalls_name_price ON stalls (name, price);
-- +goose Down
DROP INDEX stalls_name_price;`)},
}}

type stall struct {
	ID       uuid.UUID  `db:"id"`
	Name     string     `db:"name"`
	Price    int64      `db:"price"`
	Secret   []byte     `db:"secret"`
	Open     bool       `db:"open"`
	OpenedAt db.Micros  `db:"opened_at"`
	SeenAt   *db.Micros `db:"seen_at"`
}

var stallColumns = db.Columns{
	{Name: "id", Type: db.UUID},
	{Name: "name", Type: db.Text},
	{Name: "price", Type: db.Int},
	{Name: "secret", Type: db.Bytes},
	{Name: "open", Type: db.Bool},
	{Name: "opened_at", Type: db.Int},
	{Name: "seen_at", Type: db.Int},
}

var opened = time.Date(2026, 3, 29, 1, 59, 59, 999_999_000, time.UTC)

func newStall(name string) stall {
	return stall{ID: uuid.Must(uuid.NewV7()), Name: name, Price: 1, OpenedAt: db.Micros(opened)}
}

// insert stores stalls with one statement.
func insert(ctx context.Context, tx *db.Tx, stalls ...stall) error {
	rows := make([][]any, len(stalls))
	for i, s := range stalls {
		rows[i] = []any{s.ID, s.Name, s.Price, s.Secret, s.Open, s.OpenedAt, s.SeenAt}
	}
	d := tx.Dialect()
	args, err := stallColumns.Rows(d, rows)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, "INSERT INTO stalls ("+stallColumns.Names()+") SELECT "+stallColumns.Names()+
		" FROM "+stallColumns.Table(d, "new"), args...)
	return err
}

func selectStalls(t *testing.T, pool *db.Pool) []stall {
	t.Helper()
	var found []stall
	require.NoError(t, pool.Read().Select(t.Context(), &found, "SELECT "+stallColumns.Names()+" FROM stalls ORDER BY name, price"))
	return found
}

func countStalls(t *testing.T, pool *db.Pool) int {
	t.Helper()
	var n int
	require.NoError(t, pool.Read().Get(t.Context(), &n, "SELECT count(*) FROM stalls"))
	return n
}

// silent is an outbox for units of work that say nothing.
type silent struct{}

func (silent) Append(context.Context, []events.Message) error { return nil }

func newWork() *uow.Work { return uow.New(silent{}, uow.Settings{}) }

func ids1(s stall) []uuid.UUID { return []uuid.UUID{s.ID} }
