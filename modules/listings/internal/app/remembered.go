package app

import (
	"context"
	"errors"

	"github.com/google/uuid"

	"github.com/gavelhq/gavel/platform/idempotency"
)

// errForgetful is a mistake of ours: the use case was built for a play, where nobody repeats a command.
var errForgetful = errors.New("a command on a draft has a key, but no answers are remembered")

// addDraft runs a command that makes a draft, in a unit of work of its own, and returns the draft's id: under a key that
// was accepted before, that of then. Drafts have no log that would remember the key.
//
// Two requests under one key may run at the same time and both add the same id. What the slower one then finds is not a
// listing in its way but its own answer, so it looks once more.
//
// Errors: idempotency.ErrInvalidKey, idempotency.ErrConflict, ErrListingExists, those of run and of the unit.
func (m *Market) addDraft(
	ctx context.Context, r idempotency.Request, run func(context.Context) (uuid.UUID, error),
) (uuid.UUID, error) {
	if r.Key != "" && m.answers == nil {
		return uuid.Nil, errForgetful
	}
	var id uuid.UUID
	attempt := func(ctx context.Context) (err error) {
		id, err = idempotency.Do(ctx, m.answers, r, run)
		return err
	}
	err := m.work.Do(ctx, attempt)
	if r.Key != "" && errors.Is(err, ErrListingExists) {
		err = m.work.Do(ctx, attempt)
	}
	return id, err
}
