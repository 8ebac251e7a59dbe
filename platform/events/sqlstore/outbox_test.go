package sqlstore_test

import (
	"context"
	"errors"
	"strconv"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/platform/db"
	"github.com/gavelhq/gavel/platform/db/dbtest"
	"github.com/gavelhq/gavel/platform/events"
	"github.com/gavelhq/gavel/platform/events/sqlstore"
	"github.com/gavelhq/gavel/platform/uow"
)

type row struct {
	ID        uuid.UUID `db:"id"`
	Aggregate uuid.UUID `db:"aggregate"`
	Seq       int64     `db:"seq"`
	Kind      string    `db:"kind"`
	At        db.Micros `db:"at"`
	Payload   string    `db:"payload"`
}

func stored(t *testing.T, pool *db.Pool) []events.Message {
	t.Helper()
	var messages []events.Message
	for r, err := range db.Rows[row](t.Context(), pool.Read(), "SELECT id, aggregate, seq, kind, at, payload FROM outbox ORDER BY seq") {
		require.NoError(t, err)
		messages = append(messages, events.Message{
			ID: r.ID, Aggregate: r.Aggregate, Seq: r.Seq, Kind: r.Kind, At: r.At.Time(), Payload: []byte(r.Payload),
		})
	}
	return messages
}

func someMessages(n int) []events.Message {
	aggregate := uuid.Must(uuid.NewV7())
	messages := make([]events.Message, n)
	for i := range messages {
		messages[i] = events.Message{
			ID: uuid.Must(uuid.NewV7()), Aggregate: aggregate, Seq: int64(i), Kind: "market.opened.v1",
			At:      time.Date(2026, 10, 25, 1, 0, 0, i*1000, time.UTC),
			Payload: []byte(`{"b": "` + strconv.Itoa(i) + ` \"ü\" \\", "a":1.0}`),
		}
	}
	return messages
}

func TestOutbox(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, pool *db.Pool) {
		outbox := sqlstore.NewOutbox(pool)
		work := uow.New(outbox, uow.Settings{})

		t.Run("is for units of work", func(t *testing.T) {
			require.ErrorIs(t, outbox.Append(t.Context(), someMessages(1)), uow.ErrNoUnit)
		})

		t.Run("forgets what was rolled back", func(t *testing.T) {
			refused := errors.New("refused")
			require.ErrorIs(t, work.Do(t.Context(), func(ctx context.Context) error {
				return errors.Join(outbox.Append(ctx, someMessages(2)), refused)
			}), refused)
			require.Empty(t, stored(t, pool))
		})

		t.Run("keeps every byte of what was committed, with one statement, or one a row where there is no network", func(t *testing.T) {
			messages := someMessages(1000)
			before := pool.Stats()
			require.NoError(t, work.Do(t.Context(), func(ctx context.Context) error { return outbox.Append(ctx, messages) }))
			require.EqualValues(t, map[db.Dialect]int{db.SQLite: 1000, db.Postgres: 1}[pool.Dialect()], pool.Stats().Since(before).Statements)
			require.Equal(t, messages, stored(t, pool))
		})
	}, sqlstore.Migrations())
}
