package sqlstore_test

import (
	"context"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/platform/audit"
	"github.com/gavelhq/gavel/platform/audit/audittest"
	"github.com/gavelhq/gavel/platform/audit/sqlstore"
	"github.com/gavelhq/gavel/platform/db"
	"github.com/gavelhq/gavel/platform/db/backup"
	"github.com/gavelhq/gavel/platform/db/dbtest"
	outbox "github.com/gavelhq/gavel/platform/events/sqlstore"
	"github.com/gavelhq/gavel/platform/page"
	"github.com/gavelhq/gavel/platform/uow"
)

func newStore(pool *db.Pool) audittest.Store {
	log := sqlstore.NewLog(pool)
	return audittest.Store{Work: uow.New(outbox.NewOutbox(pool), uow.Settings{}), Log: log, View: log}
}

func TestLog(t *testing.T) {
	t.Parallel()
	for name, open := range map[string]func(t *testing.T) *db.Pool{
		"sqlite":   func(t *testing.T) *db.Pool { t.Helper(); return dbtest.SQLite(t, sqlstore.Migrations()) },
		"postgres": func(t *testing.T) *db.Pool { t.Helper(); return dbtest.Postgres(t, sqlstore.Migrations()) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			audittest.Run(t, func(t *testing.T) audittest.Store { return newStore(open(t)) })
		})
	}
}

func TestTheLogIsTheSameInBothDialects(t *testing.T) {
	t.Parallel()
	dbtest.SameSchema(t, sqlstore.Migrations())
}

func TestTheDatabaseRefusesToChangeTheLog(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, pool *db.Pool) {
		s := newStore(pool)
		entry := audit.Entry{ID: uuid.Must(uuid.NewV7()), At: time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC), Act: "members.setup"}
		require.NoError(t, s.Work.Do(t.Context(), func(ctx context.Context) error { return s.Log.Record(ctx, entry) }))

		statements := []string{"UPDATE audit_log SET reason = 'none'", "DELETE FROM audit_log"}
		if pool.Dialect() == db.Postgres {
			statements = append(statements, "TRUNCATE audit_log")
		}
		for _, statement := range statements {
			require.ErrorContains(t, pool.Transact(t.Context(), func(ctx context.Context, tx *db.Tx) error {
				_, err := tx.Exec(ctx, statement)
				return err
			}), "the audit log is only ever appended to", statement)
		}
		log, err := s.View.Entries(t.Context(), audit.Filter{}, page.Request{})
		require.NoError(t, err)
		require.Equal(t, []audit.Entry{entry}, log.Items)
	}, sqlstore.Migrations())
}

// What keeps the log from being changed must not keep it from being restored, nor a place from being emptied for that.
func TestTheLogIsInBackups(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, pool *db.Pool) {
		s := newStore(pool)
		entry := audit.Entry{
			ID: uuid.Must(uuid.NewV7()), At: time.Date(2026, 3, 1, 12, 0, 0, 1000, time.UTC), Actor: uuid.New(),
			Act: "members.suspend", Target: uuid.New(), Reason: "Spam", Detail: "for 7 days",
		}
		require.NoError(t, s.Work.Do(t.Context(), func(ctx context.Context) error { return s.Log.Record(ctx, entry) }))
		file := filepath.Join(t.TempDir(), "backup.zip")
		_, err := backup.ToFile(t.Context(), pool, backup.Request{Program: "test", Created: time.Unix(0, 0)}, file)
		require.NoError(t, err)
		archive, err := backup.OpenFile(file)
		require.NoError(t, err)
		defer func() { require.NoError(t, archive.Close()) }()

		sets := []db.Migrations{sqlstore.Migrations()}
		require.NoError(t, db.NewMigrator(pool, sets, nil).Reset(t.Context()))
		require.NoError(t, archive.Restore(t.Context(), pool, sets, nil))
		log, err := s.View.Entries(t.Context(), audit.Filter{}, page.Request{})
		require.NoError(t, err)
		require.Equal(t, []audit.Entry{entry}, log.Items)
	}, sqlstore.Migrations())
}

func TestManyEntriesAreOneStatement(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, pool *db.Pool) {
		s := newStore(pool)
		before := pool.Stats()
		require.NoError(t, s.Work.Do(t.Context(), func(ctx context.Context) error {
			for range 100 {
				if err := s.Log.Record(ctx, audit.Entry{At: time.Unix(0, 0), Act: "members.approve"}); err != nil {
					return err
				}
			}
			return nil
		}))
		require.EqualValues(t, 1, pool.Stats().Since(before).Statements)
	}, sqlstore.Migrations())
}
