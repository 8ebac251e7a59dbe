package sqlstore

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/gavelhq/gavel/platform/db"
	"github.com/gavelhq/gavel/platform/events"
)

// number gives numbers from $2 on. Events of one aggregate are committed one after the other, so what is there is there
// without gaps; between aggregates the time decides, as far as it does not contradict the order of an aggregate.
const number = `
	WITH waiting AS (
		SELECT id, seq, nth, max(at) OVER (PARTITION BY aggregate ORDER BY seq, nth) AS since
		FROM outbox
		WHERE number IS NULL
	), numbered AS (
		SELECT id, row_number() OVER (ORDER BY since, seq, nth, id) AS place
		FROM waiting
		ORDER BY place
		LIMIT $1
	)
	UPDATE outbox
	SET number = $2 + numbered.place
	FROM numbered
	WHERE outbox.id = numbered.id`

// Number gives the next numbers. Whoever numbers holds the lock of the one row that counts, so that no two do so at once
// and the numbers have no gaps. Errors: uow.ErrConflict, db.ErrUnavailable.
func (o *Outbox) Number(ctx context.Context, limit int) (last int64, more bool, err error) {
	err = o.pool.Transact(ctx, func(ctx context.Context, tx *db.Tx) (err error) {
		if last, err = o.lockNumbers(ctx, tx); err != nil {
			return err
		}
		numbered, err := tx.Exec(ctx, number, limit, last)
		if err != nil || numbered == 0 {
			return err
		}
		last, more = last+numbered, numbered == int64(limit)
		_, err = tx.Exec(ctx, "UPDATE outbox_numbers SET last = $1 WHERE id = 1", last)
		return err
	})
	if err != nil {
		return 0, false, fmt.Errorf("number events: %w", err)
	}
	return last, more, nil
}

// lockNumbers keeps others from numbering and returns the greatest number. The first time of all it makes the row.
func (o *Outbox) lockNumbers(ctx context.Context, tx *db.Tx) (last int64, err error) {
	err = tx.Get(ctx, &last, o.lock)
	if !errors.Is(err, sql.ErrNoRows) {
		return last, err
	}
	if _, err := tx.Exec(ctx, "INSERT INTO outbox_numbers (id, last) VALUES (1, 0) ON CONFLICT DO NOTHING"); err != nil {
		return 0, err
	}
	return last, tx.Get(ctx, &last, o.lock)
}

// Last returns the greatest number. Errors: db.ErrUnavailable.
func (o *Outbox) Last(ctx context.Context) (last int64, more bool, err error) {
	var row struct {
		Last int64 `db:"last"`
		More bool  `db:"more"`
	}
	err = o.pool.Read().Get(ctx, &row, `
		SELECT coalesce((SELECT last FROM outbox_numbers WHERE id = 1), 0) AS last,
			EXISTS (SELECT 1 FROM outbox WHERE number IS NULL) AS more`)
	return row.Last, row.More, err
}

// messageRow is a numbered row of the outbox.
type messageRow struct {
	Number    int64     `db:"number"`
	ID        uuid.UUID `db:"id"`
	Kind      string    `db:"kind"`
	Aggregate uuid.UUID `db:"aggregate"`
	Seq       int64     `db:"seq"`
	At        db.Micros `db:"at"`
	Payload   string    `db:"payload"`
}

func (r messageRow) numbered() events.Numbered {
	return events.Numbered{Number: r.Number, Message: events.Message{
		ID: r.ID, Kind: r.Kind, Aggregate: r.Aggregate, Seq: r.Seq, At: r.At.Time(), Payload: []byte(r.Payload),
	}}
}

// After returns the events with the next numbers. Errors: db.ErrUnavailable.
func (o *Outbox) After(ctx context.Context, number int64, limit int) ([]events.Numbered, error) {
	var rows []messageRow
	err := o.pool.Read().Select(ctx, &rows, `
		SELECT number, id, kind, aggregate, seq, at, payload
		FROM outbox
		WHERE number > $1
		ORDER BY number
		LIMIT $2`, number, limit)
	if err != nil {
		return nil, fmt.Errorf("read events: %w", err)
	}
	found := make([]events.Numbered, len(rows))
	for i, row := range rows {
		found[i] = row.numbered()
	}
	return found, nil
}

// Forget deletes the old ones among the first events. Errors: uow.ErrConflict, db.ErrUnavailable.
func (o *Outbox) Forget(ctx context.Context, number int64, before time.Time, limit int) (forgotten int, err error) {
	err = o.pool.Transact(ctx, func(ctx context.Context, tx *db.Tx) error {
		n, err := tx.Exec(ctx, o.forget, number, db.Micros(before), limit)
		forgotten = int(n)
		return err
	})
	if err != nil {
		return 0, fmt.Errorf("forget events: %w", err)
	}
	return forgotten, nil
}
