// Package sqlstore keeps in a database what was answered under idempotency keys, in the transaction of the command.
package sqlstore

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/gavelhq/gavel/platform/db"
	"github.com/gavelhq/gavel/platform/events"
	"github.com/gavelhq/gavel/platform/idempotency"
	"github.com/gavelhq/gavel/platform/uow"
)

//go:embed migrations
var files embed.FS

// Migrations returns the schema of the answers.
func Migrations() db.Migrations { return db.Migrations{Module: "idempotency", FS: files} }

// Answers is an idempotency.Answers in the table idempotency_answers.
type Answers struct {
	pool       *db.Pool
	repository *uow.Repository[*idempotency.Record, struct{}]
	forget     string
}

var _ idempotency.Answers = (*Answers)(nil)

// errNoAnswer is what the repository says when nothing was answered under a key yet.
var errNoAnswer = errors.New("no answer is remembered under this key")

// NewAnswers returns the store of a pool.
func NewAnswers(pool *db.Pool) *Answers {
	return &Answers{
		pool:       pool,
		repository: uow.NewRepository("idempotency answers", newStore(pool), errNoAnswer, unpublished),
		// Chosen and locked in one order, so that two servers that forget at once wait for each other and for nothing else.
		forget: `
			WITH old AS (
				SELECT id
				FROM idempotency_answers
				WHERE at < $1
				ORDER BY at, id
				LIMIT $2` + pool.Dialect().ForUpdate() + `
			)
			DELETE FROM idempotency_answers WHERE id IN (SELECT id FROM old)`,
	}
}

// unpublished publishes nothing: what happened is the business of the command.
func unpublished(*idempotency.Record, struct{}) (events.Message, bool) {
	return events.Message{}, false
}

// Find returns the answer under the id, in the unit of work in ctx. Errors: uow.ErrNoUnit, uow.ErrEnded, uow.ErrConflict,
// db.ErrUnavailable.
func (a *Answers) Find(ctx context.Context, id uuid.UUID) (found idempotency.Remembered, ok bool, err error) {
	record, err := a.repository.Get(ctx, id)
	switch {
	case errors.Is(err, errNoAnswer):
		return idempotency.Remembered{}, false, nil
	case err != nil:
		return idempotency.Remembered{}, false, err
	}
	return record.Remembered(), true, nil
}

// Remember stores the answer when the unit of work in ctx commits. Errors: uow.ErrNoUnit, uow.ErrEnded, uow.ErrAlreadyAdded
// for an id that the unit has found; at the commit uow.ErrConflict, db.ErrUnavailable.
func (a *Answers) Remember(ctx context.Context, answer idempotency.Remembered) error {
	return a.repository.Add(ctx, idempotency.NewRecord(answer))
}

// patience is how often Forget tries when others are in the way.
const patience = 3

// Forget deletes answers given before the instant, at most limit of them, the oldest first. Errors: uow.ErrConflict when
// others were in the way each time, db.ErrUnavailable.
func (a *Answers) Forget(ctx context.Context, before time.Time, limit int) (int, error) {
	n, err := a.forgetOnce(ctx, before, limit)
	for tries := 1; tries < patience && errors.Is(err, uow.ErrConflict); tries++ {
		n, err = a.forgetOnce(ctx, before, limit)
	}
	if err != nil {
		return 0, fmt.Errorf("forget answers: %w", err)
	}
	return n, nil
}

func (a *Answers) forgetOnce(ctx context.Context, before time.Time, limit int) (int, error) {
	var deleted int64
	err := a.pool.Transact(ctx, func(ctx context.Context, tx *db.Tx) (err error) {
		deleted, err = tx.Exec(ctx, a.forget, db.Micros(before.Add(time.Microsecond-1)), limit) // the next whole one
		return err
	})
	return int(deleted), err
}
