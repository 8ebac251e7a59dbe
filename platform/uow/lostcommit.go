package uow

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/google/uuid"
)

// evidence is what the stores show of a unit whose commit lost its answer.
type evidence struct {
	recorded map[uuid.UUID]bool // the unit's command ids that are stored
	complete bool               // every command of the unit would be recorded if it were stored
	unmoved  bool               // something that the unit changed is as it was before
}

// findOut tells what became of a commit whose answer was lost: nil if it happened, ErrConflict if not, so that the unit
// runs again, ErrOutcomeUnknown if that cannot be told.
func (lost *unit) findOut(ctx context.Context) error {
	if len(lost.recorded) == 0 && !lost.silent {
		return nil
	}
	for n := 0; ; n++ {
		found, err := lost.lookUp(ctx)
		if err == nil {
			return found.judge(len(lost.recorded))
		}
		if pause(ctx, n) != nil {
			return fmt.Errorf("%w: %w", ErrOutcomeUnknown, err)
		}
	}
}

// judge draws the conclusion about a unit with that many command ids. It was stored as a whole or not at all: so one aggregate that
// is as it was before proves that it was not, whatever ids are stored.
func (e evidence) judge(commands int) error {
	switch {
	case len(e.recorded) > 0 && (e.unmoved || len(e.recorded) < commands): // by another server that was given the same command
		return fmt.Errorf("%w: %d of %d commands are stored", ErrOutcomeUnknown, len(e.recorded), commands)
	case len(e.recorded) > 0:
		return nil
	case e.unmoved, e.complete:
		return fmt.Errorf("%w: the commit did not happen", ErrConflict)
	default:
		return fmt.Errorf("%w: the stores keep no ids of these commands", ErrOutcomeUnknown)
	}
}

// lookUp asks the stores about the lost unit. It locks what that unit had changed, so that a transaction that is still
// under way is over before the answer.
func (lost *unit) lookUp(ctx context.Context) (evidence, error) {
	u := newUnit(false)
	ctx = u.in(ctx)
	defer u.end(false)
	for _, s := range lost.participants() {
		s.again(u)
	}
	if err := u.preload(ctx); err != nil {
		return evidence{}, err
	}
	commands := slices.Collect(maps.Keys(lost.recorded))
	found := evidence{recorded: map[uuid.UUID]bool{}, complete: !lost.silent}
	for _, s := range lost.participants() {
		if !s.changed() {
			continue
		}
		found.unmoved = found.unmoved || s.unmoved(u)
		ids, err := s.committed(ctx, commands)
		switch {
		case errors.Is(err, ErrNotRecorded):
			found.complete = false
		case err != nil:
			return evidence{}, fmt.Errorf("look up commands: %w", err)
		}
		for _, id := range ids {
			found.recorded[id] = true
		}
	}
	return found, nil
}
