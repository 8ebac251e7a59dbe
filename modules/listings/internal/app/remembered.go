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
// Of two requests under one key that run at the same time, the slower one conflicts with the other's answer, which units
// write before listings, and not with its draft; so it runs again and finds the answer.
//
// Errors: idempotency.ErrInvalidKey, idempotency.ErrConflict, ErrListingExists, those of run and of the unit.
func (m *Market) addDraft(
	ctx context.Context, r idempotency.Request, run func(context.Context) (uuid.UUID, error),
) (uuid.UUID, error) {
	if r.Key != "" && m.answers == nil {
		return uuid.Nil, errForgetful
	}
	id, _, err := idempotency.InUnit(ctx, m.work, m.answers, r, run)
	return id, err
}
