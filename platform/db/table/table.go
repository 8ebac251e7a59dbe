// Package table keeps aggregates in a database table, one row for each: what stores need whose aggregates have no more
// than fits in a row.
package table

import (
	"context"
	"fmt"
	"reflect"
	"strconv"
	"strings"

	"github.com/google/uuid"

	"github.com/gavelhq/gavel/platform/db"
	"github.com/gavelhq/gavel/platform/uow"
)

// Mapping says how aggregates A become rows R and back. R is a struct whose fields are the table's columns, named by their
// db tags; "id" and "version" are the first two.
type Mapping[A, R any] struct {
	// Table is where they are kept.
	Table string
	// Row and Restore convert both ways.
	Row     func(A) R
	Restore func(R) A
	// Refusals tell by the name of a constraint what its violation means.
	Refusals map[string]error
}

// Store is the uow.Store of one kind of aggregate, whose events it does not keep. A unit changes one or a few of them, so
// it writes them one by one.
type Store[A uow.Aggregate[A, E], E, R any] struct {
	Mapping[A, R]
	pool                 *db.Pool
	columns              []string
	load, loadLocked     string
	insertRow, deleteRow string
}

// NewStore returns the store of the table in the pool's database.
func NewStore[A uow.Aggregate[A, E], E, R any](pool *db.Pool, m Mapping[A, R]) *Store[A, E, R] {
	columns := columnsOf[R]()
	parameters := make([]string, len(columns))
	for i := range columns {
		parameters[i] = "$" + strconv.Itoa(i+1)
	}
	names := strings.Join(columns, ", ")
	load := `
		SELECT ` + names + `
		FROM ` + m.Table + `
		WHERE ` + pool.Dialect().In("id", "$1") + `
		ORDER BY id`
	return &Store[A, E, R]{
		Mapping: m, pool: pool, columns: columns, load: load, loadLocked: load + pool.Dialect().ForUpdate(),
		insertRow: `
		INSERT INTO ` + m.Table + ` (` + names + `)
		VALUES (` + strings.Join(parameters, ", ") + `)`,
		deleteRow: `
		DELETE FROM ` + m.Table + `
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
func (s *Store[A, E, R]) Load(ctx context.Context, ids []uuid.UUID, lock bool) ([]A, error) {
	tx, err := s.pool.Tx(ctx)
	if err != nil {
		return nil, err
	}
	query := s.load
	if lock {
		query = s.loadLocked
	}
	var rows []R
	if err := tx.Select(ctx, &rows, query, tx.Dialect().IDs(ids)); err != nil {
		return nil, err
	}
	found := make([]A, len(rows))
	for i, row := range rows {
		found[i] = s.Restore(row)
	}
	return found, nil
}

// Save writes the changes. Errors: uow.ErrConflict when a version differs from the one that was loaded; the refusal of a
// constraint; db.ErrUnavailable.
func (s *Store[A, E, R]) Save(ctx context.Context, changes []uow.Change[A, E]) error {
	tx, err := s.pool.Tx(ctx)
	if err != nil {
		return err
	}
	for _, c := range changes {
		if err := s.write(ctx, tx, c); err != nil {
			return s.refusal(err)
		}
	}
	return nil
}

func (s *Store[A, E, R]) write(ctx context.Context, tx *db.Tx, c uow.Change[A, E]) error {
	switch c.Kind {
	case uow.Added:
		_, err := tx.Exec(ctx, s.insertRow, valuesOf(s.Row(c.After))...)
		return err
	case uow.Changed:
		query, args := s.update(c.Before, c.After)
		written, err := tx.Exec(ctx, query, args...)
		return s.written(c.Before, written, err)
	case uow.Removed:
		written, err := tx.Exec(ctx, s.deleteRow, c.Before.ID(), c.Before.Version())
		return s.written(c.Before, written, err)
	}
	return nil
}

// update returns the statement that writes the columns in which the two differ. Indexes of others are left alone.
func (s *Store[A, E, R]) update(before, after A) (query string, args []any) {
	from, to := valuesOf(s.Row(before)), valuesOf(s.Row(after))
	args = []any{before.ID(), before.Version()}
	var assignments []string
	for i, column := range s.columns {
		if !reflect.DeepEqual(from[i], to[i]) {
			args = append(args, to[i])
			assignments = append(assignments, column+" = $"+strconv.Itoa(len(args)))
		}
	}
	return `
		UPDATE ` + s.Table + `
		SET ` + strings.Join(assignments, ", ") + `
		WHERE id = $1 AND version = $2`, args
}

// written tells whether the one row was still as it was loaded.
func (s *Store[A, E, R]) written(before A, rows int64, err error) error {
	if err == nil && rows != 1 {
		return fmt.Errorf("%w: %s is not at version %d any more", uow.ErrConflict, before.ID(), before.Version())
	}
	return err
}

// refusal says what the violation of a constraint means.
func (s *Store[A, E, R]) refusal(err error) error {
	for constraint, meaning := range s.Refusals {
		if db.Violates(err, constraint) {
			return fmt.Errorf("%w: %w", meaning, err)
		}
	}
	return err
}

// Committed returns uow.ErrNotRecorded: these tables keep no command ids.
func (s *Store[A, E, R]) Committed(context.Context, []uuid.UUID) ([]uuid.UUID, error) {
	return nil, uow.ErrNotRecorded
}
