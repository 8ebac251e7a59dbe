package sqlstore

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"

	"github.com/google/uuid"

	"github.com/gavelhq/gavel/platform/db"
	"github.com/gavelhq/gavel/platform/idempotency"
	"github.com/gavelhq/gavel/platform/uow"
)

// columns are those of a row. The answer is text and not a JSON type, which would not give back what was put in.
var columns = db.Columns{
	{Name: "id", Type: db.UUID},
	{Name: "body", Type: db.Bytes},
	{Name: "answer", Type: db.Text},
	{Name: "at", Type: db.Int},
}

// answerRow is a row of idempotency_answers.
type answerRow struct {
	ID     uuid.UUID `db:"id"`
	Body   []byte    `db:"body"`
	Answer string    `db:"answer"`
	At     db.Micros `db:"at"`
}

func (r answerRow) remembered() (idempotency.Remembered, error) {
	if len(r.Body) != sha256.Size {
		return idempotency.Remembered{}, fmt.Errorf("read the answer %s: its hash has %d bytes", r.ID, len(r.Body))
	}
	return idempotency.Remembered{
		ID: r.ID, Body: [sha256.Size]byte(r.Body), Answer: []byte(r.Answer), At: r.At.Time(),
	}, nil
}

// errOnlyAdded is returned for a change that no command makes: answers stay as they were given until Forget.
var errOnlyAdded = errors.New("a unit of work only adds answers")

// store is the answers' uow.Store.
type store struct {
	pool                     *db.Pool
	load, loadLocked, insert string
}

var _ uow.Store[*idempotency.Record, struct{}] = (*store)(nil)

func newStore(pool *db.Pool) *store {
	load := `
		SELECT ` + columns.Names() + `
		FROM idempotency_answers
		WHERE ` + pool.Dialect().In("id", "$1") + `
		ORDER BY id`
	return &store{
		pool:       pool,
		load:       load,
		loadLocked: load + pool.Dialect().ForUpdate(),
		insert: `
			INSERT INTO idempotency_answers (` + columns.Names() + `)
			SELECT ` + columns.Names() + `
			FROM ` + columns.Table(pool.Dialect(), "new"),
	}
}

// Load returns those of the answers that exist. Errors: uow.ErrNoUnit, uow.ErrEnded, uow.ErrConflict, db.ErrUnavailable.
func (s *store) Load(ctx context.Context, ids []uuid.UUID, lock bool) ([]*idempotency.Record, error) {
	tx, err := s.pool.Tx(ctx)
	if err != nil {
		return nil, err
	}
	query := s.load
	if lock {
		query = s.loadLocked
	}
	var rows []answerRow
	if err := tx.Select(ctx, &rows, query, tx.Dialect().IDs(ids)); err != nil {
		return nil, err
	}
	records := make([]*idempotency.Record, len(rows))
	for i, row := range rows {
		remembered, err := row.remembered()
		if err != nil {
			return nil, err
		}
		records[i] = idempotency.RestoreRecord(remembered)
	}
	return records, nil
}

// Save adds the answers with one statement, whatever their number. Errors: uow.ErrConflict when another unit has added an
// answer under one of the ids meanwhile; db.ErrUnavailable.
func (s *store) Save(ctx context.Context, changes []uow.Change[*idempotency.Record, struct{}]) error {
	tx, err := s.pool.Tx(ctx)
	if err != nil {
		return err
	}
	rows := make([][]any, len(changes))
	for i, c := range changes {
		if c.Kind != uow.Added {
			return errOnlyAdded
		}
		r := c.After.Remembered()
		rows[i] = []any{r.ID, r.Body[:], string(r.Answer), db.Micros(r.At)}
	}
	args, err := columns.Rows(tx.Dialect(), rows)
	if err != nil {
		return fmt.Errorf("idempotency answers: %w", err)
	}
	_, err = tx.Exec(ctx, s.insert, args...)
	if db.Violates(err, "idempotency_answers_pkey") {
		err = fmt.Errorf("%w: an answer is remembered under this key already: %w", uow.ErrConflict, err)
	}
	return err
}

// Committed returns uow.ErrNotRecorded: answers know keys, but no commands.
func (s *store) Committed(context.Context, []uuid.UUID) ([]uuid.UUID, error) {
	return nil, uow.ErrNotRecorded
}
