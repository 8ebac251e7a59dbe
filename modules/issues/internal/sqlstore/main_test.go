package sqlstore_test

import (
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/gavelhq/gavel/modules/issues/internal/app"
	"github.com/gavelhq/gavel/modules/issues/internal/contract"
	"github.com/gavelhq/gavel/modules/issues/internal/sqlstore"
	"github.com/gavelhq/gavel/platform/db"
	"github.com/gavelhq/gavel/platform/events"
	outbox "github.com/gavelhq/gavel/platform/events/sqlstore"
	"github.com/gavelhq/gavel/platform/uow"
	"github.com/gavelhq/gavel/platform/uow/uowtest"
)

func TestMain(m *testing.M) {
	goleak.VerifyTestMain(m,
		// The connection to the temporary PostgreSQL stays open as long as the test process lives.
		goleak.IgnoreTopFunction("database/sql.(*DB).connectionOpener"),
		goleak.IgnoreAnyFunction("os/exec.(*Cmd).Wait"),
	)
}

// schema is what a database of issues has.
var schema = []db.Migrations{sqlstore.Migrations(), outbox.Migrations()}

// newStore returns everything that keeps issues in the database.
func newStore(pool *db.Pool) contract.Store {
	waiting := uowtest.WaitsForRows
	if pool.Dialect() == db.SQLite {
		waiting = uowtest.WaitsForWriter
	}
	views := sqlstore.NewViews(pool)
	schedule := sqlstore.NewSchedule(pool)
	return contract.Store{
		Work:        uow.New(outbox.NewOutbox(pool), uow.Settings{}),
		Issues:      sqlstore.NewIssues(pool, "house", app.Message),
		Letters:     sqlstore.NewLetters(pool),
		LettersDue:  sqlstore.NewLettersDue(pool),
		Views:       views,
		Visitors:    views,
		Schedule:    schedule,
		Assignments: schedule,
		Register:    sqlstore.NewRegister(pool),
		House:       "house",
		Messages:    func(t *testing.T) []events.Message { return messages(t, pool) },
		Waiting:     waiting,
	}
}

// messages returns the committed messages, those of one issue in the order of their seq.
func messages(t *testing.T, pool *db.Pool) []events.Message {
	t.Helper()
	var rows []struct {
		ID        uuid.UUID `db:"id"`
		Aggregate uuid.UUID `db:"aggregate"`
		Seq       int64     `db:"seq"`
		Kind      string    `db:"kind"`
		At        db.Micros `db:"at"`
		Payload   string    `db:"payload"`
	}
	require.NoError(t, pool.Read().Select(t.Context(), &rows, `
		SELECT id, aggregate, seq, kind, at, payload
		FROM outbox
		ORDER BY aggregate, seq`))
	all := make([]events.Message, len(rows))
	for i, r := range rows {
		all[i] = events.Message{
			ID: r.ID, Aggregate: r.Aggregate, Seq: r.Seq, Kind: r.Kind, At: r.At.Time(), Payload: []byte(r.Payload),
		}
	}
	return all
}
