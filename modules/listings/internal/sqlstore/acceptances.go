package sqlstore

import (
	"context"

	"github.com/google/uuid"

	"github.com/gavelhq/gavel/modules/listings/internal/domain"
	"github.com/gavelhq/gavel/platform/db"
	"github.com/gavelhq/gavel/platform/uow"
)

// acceptance is the event that a command appended; zero if it appended none.
type acceptance struct {
	event domain.Event
	found bool
}

// acceptances are the facts about which commands were accepted before. The expected answer is that it was not.
type acceptances struct {
	pool   *db.Pool
	find   string
	verify db.RowStatement
}

var _ uow.Facts[uuid.UUID, acceptance] = (*acceptances)(nil)

var commandColumn = db.Columns{{Name: "id", Type: db.UUID}}

func newAcceptances(pool *db.Pool) *acceptances {
	d := pool.Dialect()
	return &acceptances{
		pool: pool,
		find: `
			SELECT ` + eventColumns.Names() + `
			FROM listing_log
			WHERE ` + d.In("command_id", "$1"),
		verify: db.RowStatement{
			Columns: commandColumn, Finds: true,
			One: `
			SELECT 1
			WHERE NOT EXISTS (SELECT 1 FROM listing_log WHERE command_id = $1)`,
			Many: `
			SELECT 1
			FROM ` + commandColumn.Table(d, "asked") + `
			WHERE NOT EXISTS (SELECT 1 FROM listing_log WHERE command_id = asked.id)`,
		},
	}
}

// Find returns what the commands appended. Errors: uow.ErrNoUnit, uow.ErrEnded, db.ErrUnavailable.
func (a *acceptances) Find(ctx context.Context, commands []uuid.UUID) (map[uuid.UUID]acceptance, error) {
	tx, err := a.pool.Tx(ctx)
	if err != nil {
		return nil, err
	}
	var rows []eventRow
	if err := tx.Look(ctx, &rows, a.find, tx.Dialect().IDs(commands)); err != nil {
		return nil, err
	}
	events, err := eventsOf(rows)
	found := make(map[uuid.UUID]acceptance, len(events))
	for _, e := range events {
		found[e.Sealed.Command] = acceptance{event: e, found: true}
	}
	return found, err
}

// Verify lets the unit commit only if none of the commands has appended anything. Errors: uow.ErrNoUnit, uow.ErrEnded.
func (a *acceptances) Verify(ctx context.Context, commands []uuid.UUID) error {
	tx, err := a.pool.Tx(ctx)
	if err != nil {
		return err
	}
	rows := make([][]any, len(commands))
	for i, id := range commands {
		rows[i] = []any{id}
	}
	return a.verify.Later(tx, rows, nil)
}
