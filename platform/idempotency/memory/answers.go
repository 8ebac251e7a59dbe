// Package memory keeps in memory what was answered under idempotency keys.
package memory

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/gavelhq/gavel/platform/events"
	outbox "github.com/gavelhq/gavel/platform/events/memory"
	"github.com/gavelhq/gavel/platform/idempotency"
	"github.com/gavelhq/gavel/platform/memory"
	"github.com/gavelhq/gavel/platform/uow"
)

// Answers is an idempotency.Answers whose answers live as long as the process.
type Answers struct {
	db         *memory.Database
	records    *memory.Collection[*idempotency.Record, struct{}]
	repository *uow.Repository[*idempotency.Record, struct{}]
	work       *uow.Work
}

var _ idempotency.Answers = (*Answers)(nil)

var (
	// errNoAnswer is what the repository says when nothing was answered under a key yet.
	errNoAnswer = errors.New("no answer is remembered under this key")
	// errAnswered makes the unit run again: it will find the answer that was given meanwhile.
	errAnswered = fmt.Errorf("%w: an answer is remembered under this key already", uow.ErrConflict)
)

// NewAnswers returns an empty store of db.
func NewAnswers(db *memory.Database) *Answers {
	records := memory.NewCollection[*idempotency.Record, struct{}](db, errAnswered)
	return &Answers{
		db:         db,
		records:    records,
		repository: uow.NewRepository("idempotency answers", records, errNoAnswer, unpublished),
		work:       uow.New(outbox.NewOutbox(db), uow.Settings{}), // nothing is ever published
	}
}

// unpublished publishes nothing: what happened is the business of the command.
func unpublished(*idempotency.Record, struct{}) (events.Message, bool) {
	return events.Message{}, false
}

// Find returns the answer under the id, in the unit of work in ctx. Errors: uow.ErrNoUnit, uow.ErrEnded.
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
// for an id that the unit has found; at the commit uow.ErrConflict.
func (a *Answers) Remember(ctx context.Context, answer idempotency.Remembered) error {
	return a.repository.Add(ctx, idempotency.NewRecord(answer))
}

// Forget deletes answers given before the instant, at most limit of them, the oldest first. Errors: uow.ErrNested inside a
// unit of work, uow.ErrBusy, the context's.
func (a *Answers) Forget(ctx context.Context, before time.Time, limit int) (int, error) {
	forgotten := 0
	err := a.work.DoAll(ctx, []uow.Command{{Run: func(ctx context.Context) error {
		forgotten = 0
		for _, id := range a.before(before, limit) {
			err := a.repository.Remove(ctx, id)
			if errors.Is(err, errNoAnswer) { // another has just forgotten it
				continue
			}
			if err != nil {
				return err
			}
			forgotten++
		}
		return nil
	}}})[0]
	if err != nil {
		return 0, fmt.Errorf("forget answers: %w", err)
	}
	return forgotten, nil
}

// before returns the ids of the oldest answers given before the instant.
func (a *Answers) before(instant time.Time, limit int) []uuid.UUID {
	var old []idempotency.Remembered
	a.db.Read(func() {
		for _, record := range a.records.All() {
			if r := record.Remembered(); r.At.Before(instant) {
				old = append(old, r)
			}
		}
	})
	slices.SortFunc(old, func(x, y idempotency.Remembered) int {
		return cmp.Or(x.At.Compare(y.At), bytes.Compare(x.ID[:], y.ID[:]))
	})
	ids := make([]uuid.UUID, min(limit, len(old)))
	for i := range ids {
		ids[i] = old[i].ID
	}
	return ids
}
