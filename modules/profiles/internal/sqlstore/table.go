package sqlstore

import (
	"context"
	"fmt"
	"reflect"
	"strconv"
	"strings"

	"github.com/google/uuid"

	"github.com/gavelhq/gavel/modules/profiles/internal/domain"
	"github.com/gavelhq/gavel/platform/db"
	"github.com/gavelhq/gavel/platform/events"
	"github.com/gavelhq/gavel/platform/uow"
)

// aggregate is what a table can keep.
type aggregate[A any] interface{ uow.Aggregate[A, domain.Event] }

// mapping says how aggregates A become rows R and back. R is a struct whose fields are the table's columns, named by their
// db tags; "id" and "version" are the first two.
type mapping[A aggregate[A], R any] struct {
	// table is where they are kept.
	table string
	// row and restore convert both ways.
	row     func(A) R
	restore func(R) A
	// refusals tell by the name of a constraint what its violation means.
	refusals map[string]error
}

// table is the uow.Store of one kind of aggregate. A unit changes one or a few of them, so it writes them one by one.
type table[A aggregate[A], R any] struct {
	mapping[A, R]
	pool                            *db.Pool
	load, loadLocked                string
	insertRow, updateRow, deleteRow string
}

// newRepository returns a repository over the table; missing is what Get answers for an id that does not exist.
func newRepository[A aggregate[A], R any](
	pool *db.Pool, name string, missing error, message func(A, domain.Event) (events.Message, bool), m mapping[A, R],
) *uow.Repository[A, domain.Event] {
	return uow.NewRepository(name, newTable(pool, m), missing, message)
}

// unpublished publishes nothing: what others need to know are events of accounts.
func unpublished[A any](A, domain.Event) (events.Message, bool) { return events.Message{}, false }

func newTable[A aggregate[A], R any](pool *db.Pool, m mapping[A, R]) *table[A, R] {
	columns := columnsOf[R]()
	parameters := make([]string, len(columns))
	for i := range columns {
		parameters[i] = "$" + strconv.Itoa(i+1)
	}
	var assignments []string
	for i, column := range columns[1:] {
		assignments = append(assignments, column+" = "+parameters[i+1])
	}
	names := strings.Join(columns, ", ")
	load := `
		SELECT ` + names + `
		FROM ` + m.table + `
		WHERE ` + pool.Dialect().In("id", "$1") + `
		ORDER BY id`
	return &table[A, R]{
		mapping: m, pool: pool, load: load, loadLocked: load + pool.Dialect().ForUpdate(),
		insertRow: `
		INSERT INTO ` + m.table + ` (` + names + `)
		VALUES (` + strings.Join(parameters, ", ") + `)`,
		updateRow: `
		UPDATE ` + m.table + `
		SET ` + strings.Join(assignments, ", ") + `
		WHERE id = $1 AND version = $` + strconv.Itoa(len(columns)+1),
		deleteRow: `
		DELETE FROM ` + m.table + `
		WHERE id = $1 AND version = $2`,
	}
}

// columnsOf returns the columns of a row.
func columnsOf[R any]() []string {
	row := reflect.TypeFor[R]()
	columns := make([]string, row.NumField())
	for i := range columns {
		columns[i] = row.Field(i).Tag.Get("db")
	}
	return columns
}

// valuesOf returns what a row holds, in the order of columnsOf.
func valuesOf[R any](row R) []any {
	v := reflect.ValueOf(row)
	values := make([]any, v.NumField())
	for i := range values {
		values[i] = v.Field(i).Interface()
	}
	return values
}

// Load returns those of the aggregates that exist. Errors: uow.ErrNoUnit, uow.ErrEnded, uow.ErrConflict,
// db.ErrUnavailable.
func (t *table[A, R]) Load(ctx context.Context, ids []uuid.UUID, lock bool) ([]A, error) {
	tx, err := t.pool.Tx(ctx)
	if err != nil {
		return nil, err
	}
	query := t.load
	if lock {
		query = t.loadLocked
	}
	var rows []R
	if err := tx.Select(ctx, &rows, query, tx.Dialect().IDs(ids)); err != nil {
		return nil, err
	}
	found := make([]A, len(rows))
	for i, row := range rows {
		found[i] = t.restore(row)
	}
	return found, nil
}

// Save writes the changes. Errors: uow.ErrConflict when a version differs from the one that was loaded; the refusal of a
// constraint; db.ErrUnavailable.
func (t *table[A, R]) Save(ctx context.Context, changes []uow.Change[A, domain.Event]) error {
	tx, err := t.pool.Tx(ctx)
	if err != nil {
		return err
	}
	for _, c := range changes {
		if err := t.write(ctx, tx, c); err != nil {
			return t.refusal(err)
		}
	}
	return nil
}

func (t *table[A, R]) write(ctx context.Context, tx *db.Tx, c uow.Change[A, domain.Event]) error {
	switch c.Kind {
	case uow.Added:
		_, err := tx.Exec(ctx, t.insertRow, valuesOf(t.row(c.After))...)
		return err
	case uow.Changed:
		written, err := tx.Exec(ctx, t.updateRow, append(valuesOf(t.row(c.After)), c.Before.Version())...)
		return t.written(c.Before, written, err)
	case uow.Removed:
		written, err := tx.Exec(ctx, t.deleteRow, c.Before.ID(), c.Before.Version())
		return t.written(c.Before, written, err)
	}
	return nil
}

// written tells whether the one row was still as it was loaded.
func (t *table[A, R]) written(before A, rows int64, err error) error {
	if err == nil && rows != 1 {
		return fmt.Errorf("%w: %s is not at version %d any more", uow.ErrConflict, before.ID(), before.Version())
	}
	return err
}

// refusal says what the violation of a constraint means.
func (t *table[A, R]) refusal(err error) error {
	for constraint, meaning := range t.refusals {
		if db.Violates(err, constraint) {
			return fmt.Errorf("%w: %w", meaning, err)
		}
	}
	return err
}

// Committed returns uow.ErrNotRecorded: these tables keep no command ids.
func (t *table[A, R]) Committed(context.Context, []uuid.UUID) ([]uuid.UUID, error) {
	return nil, uow.ErrNotRecorded
}
