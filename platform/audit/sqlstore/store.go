package sqlstore

import (
	"context"
	"errors"
	"fmt"

	"github.com/google/uuid"

	"github.com/gavelhq/gavel/platform/audit"
	"github.com/gavelhq/gavel/platform/db"
	"github.com/gavelhq/gavel/platform/uow"
)

// errAppendOnly is returned for a change of an entry, which nothing in the program asks for. The database refuses it, too.
var errAppendOnly = errors.New("the audit log is only ever appended to")

// store is the log's uow.Store.
type store struct {
	pool                     *db.Pool
	load, loadLocked, insert string
}

var _ uow.Store[*audit.Line, struct{}] = (*store)(nil)

func newStore(pool *db.Pool) *store {
	load := `
		SELECT ` + columns.Names() + `
		FROM audit_log
		WHERE ` + pool.Dialect().In("id", "$1") + `
		ORDER BY id`
	return &store{pool: pool, load: load, loadLocked: load + pool.Dialect().ForUpdate(), insert: `
		INSERT INTO audit_log (` + columns.Names() + `)
		SELECT ` + columns.Names() + `
		FROM ` + columns.Table(pool.Dialect(), "new")}
}

// Load returns those of the entries that exist. Errors: uow.ErrNoUnit, uow.ErrEnded, uow.ErrConflict, db.ErrUnavailable.
func (s *store) Load(ctx context.Context, ids []uuid.UUID, lock bool) ([]*audit.Line, error) {
	tx, err := s.pool.Tx(ctx)
	if err != nil {
		return nil, err
	}
	query := s.load
	if lock {
		query = s.loadLocked
	}
	var rows []entryRow
	if err := tx.Select(ctx, &rows, query, tx.Dialect().IDs(ids)); err != nil {
		return nil, err
	}
	lines := make([]*audit.Line, len(rows))
	for i, row := range rows {
		lines[i] = audit.RestoreLine(row.entry())
	}
	return lines, nil
}

// Save appends the entries with one statement, whatever their number. Errors: audit.ErrEntryExists, uow.ErrConflict,
// db.ErrUnavailable.
func (s *store) Save(ctx context.Context, changes []uow.Change[*audit.Line, struct{}]) error {
	tx, err := s.pool.Tx(ctx)
	if err != nil {
		return err
	}
	rows := make([][]any, len(changes))
	for i, c := range changes {
		if c.Kind != uow.Added {
			return errAppendOnly
		}
		rows[i] = values(c.After.Entry())
	}
	args, err := columns.Rows(tx.Dialect(), rows)
	if err != nil {
		return fmt.Errorf("audit log: %w", err)
	}
	_, err = tx.Exec(ctx, s.insert, args...)
	if db.Violates(err, "audit_log_pkey") {
		err = fmt.Errorf("%w: %w", audit.ErrEntryExists, err)
	}
	return err
}

// Committed returns uow.ErrNotRecorded: entries know nothing of commands.
func (s *store) Committed(context.Context, []uuid.UUID) ([]uuid.UUID, error) {
	return nil, uow.ErrNotRecorded
}
