// Package sqlstore keeps the outbox in a database, in the transaction of the business.
package sqlstore

import (
	"context"
	"embed"
	"fmt"

	"github.com/gavelhq/gavel/platform/db"
	"github.com/gavelhq/gavel/platform/events"
	"github.com/gavelhq/gavel/platform/events/delivery"
)

//go:embed migrations
var files embed.FS

// Migrations returns the schema of the outbox.
func Migrations() db.Migrations { return db.Migrations{Module: "events", FS: files} }

// Outbox is an events.Outbox, and the delivery.Log of what is in it, in the table outbox.
type Outbox struct {
	pool         *db.Pool
	insert       db.RowStatement
	lock, forget string
}

var (
	_ events.Outbox = (*Outbox)(nil)
	_ delivery.Log  = (*Outbox)(nil)
)

// columns are those of an event row. The payload is text and not a JSON type, which would not give back what was put in.
var columns = db.Columns{
	{Name: "id", Type: db.UUID},
	{Name: "aggregate", Type: db.UUID},
	{Name: "seq", Type: db.Int},
	{Name: "kind", Type: db.Text},
	{Name: "at", Type: db.Int},
	{Name: "payload", Type: db.Text},
	{Name: "nth", Type: db.Int},
}

// NewOutbox returns the outbox of a pool.
func NewOutbox(pool *db.Pool) *Outbox {
	return &Outbox{
		pool: pool, insert: db.InsertRows(pool.Dialect(), "outbox", columns, ""),
		lock: `
		SELECT last
		FROM outbox_numbers
		WHERE id = 1` + pool.Dialect().ForUpdate(),
		forget: `
		WITH first AS (
			SELECT id, at
			FROM outbox
			WHERE number <= $1
			ORDER BY number
			LIMIT $3` + pool.Dialect().ForUpdate() + `
		)
		DELETE FROM outbox WHERE id IN (SELECT id FROM first WHERE at < $2)`,
	}
}

// Append stores the messages at the end of the transaction. Errors, here or there: uow.ErrNoUnit, uow.ErrEnded,
// uow.ErrConflict, *db.ConstraintError for an id that is there already, db.ErrUnavailable.
func (o *Outbox) Append(ctx context.Context, messages []events.Message) error {
	if len(messages) == 0 {
		return nil
	}
	tx, err := o.pool.Tx(ctx)
	if err != nil {
		return fmt.Errorf("outbox: %w", err)
	}
	rows := make([][]any, len(messages))
	for i, m := range messages {
		rows[i] = []any{m.ID, m.Aggregate, m.Seq, m.Kind, db.Micros(m.At), string(m.Payload), int64(i)}
	}
	if err := o.insert.Later(tx, rows, nil); err != nil {
		return fmt.Errorf("append %d messages to the outbox: %w", len(messages), err)
	}
	return nil
}
