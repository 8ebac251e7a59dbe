package uow

import (
	"context"
	"fmt"
	"slices"
)

// turn is the place of one unit in its lane. A unit is computed while others are flushed, and may use what those are about to
// leave. What it uses is its foundation: it commits and answers nothing before the units that it builds on have ended, and where
// one of them has not left what was used it is a conflict, and runs again. So no unit rests on what did not happen. Units that
// do not build on each other are flushed at the same time.
type turn struct {
	callers []*caller
	before  []*turn // those that were being flushed when this began, the oldest first
	pass    func(computed *unit)
	ended   chan struct{}

	computed *unit // set once nothing is left but to flush it: what those after it may use
}

// AwaitTurn waits until the unit of work in ctx may take locks: until all units have ended that were being flushed when it
// began. One of them might else wait for its locks while it waits for that one's end. Outside of units it returns at once.
// Errors: ErrConflict when the unit builds on what another has not left, the context's.
func AwaitTurn(ctx context.Context) error {
	u, err := current(ctx)
	if err != nil || u.turn == nil {
		return nil
	}
	if err := await(ctx, u.turn.before); err != nil {
		return err
	}
	return u.awaitFoundation(ctx)
}

// awaitFoundation waits until the units that this one builds on have ended. Errors: ErrConflict, the context's.
func (u *unit) awaitFoundation(ctx context.Context) error {
	if err := await(ctx, u.foundation); err != nil {
		return err
	}
	for _, t := range u.foundation {
		if !t.computed.committed {
			return fmt.Errorf("%w: a unit on which this one builds did not commit", ErrConflict)
		}
	}
	return nil
}

func await(ctx context.Context, turns []*turn) error {
	for _, t := range turns {
		select {
		case <-t.ended:
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
	return nil
}

// pass lets the next unit of the lane be computed with what this one is about to leave.
func (u *unit) pass() {
	if u.turn != nil {
		u.turn.pass(u)
	}
}

// foreseen returns the units whose work this one may use before they have ended, the latest first.
func (u *unit) foreseen() []*turn {
	if u.turn == nil || !u.trusting {
		return nil
	}
	latest := slices.Clone(u.turn.before)
	slices.Reverse(latest)
	return latest
}

// buildOn notes that the unit uses what another is about to leave.
func (u *unit) buildOn(t *turn) {
	if !slices.Contains(u.foundation, t) {
		u.foundation = append(u.foundation, t)
	}
}
