package app

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/gavelhq/gavel/modules/issues/internal/domain"
	"github.com/gavelhq/gavel/platform/uow"
)

// dueAtOnce is how many issues one unit of work looks after.
const dueAtOnce = 100

// KeepTime is the clock's job: it records the targets that were missed, closes what was resolved, and removes what a visitor
// has not confirmed in time. However late it runs, the stamps are the instants that were due, and however many servers run
// it, everything happens once.
type KeepTime struct {
	desk     *Desk
	schedule Schedule
}

// NewKeepTime returns the use case.
func NewKeepTime(desk *Desk, schedule Schedule) *KeepTime {
	return &KeepTime{desk: desk, schedule: schedule}
}

// Next returns when there is something to do, which may be in the past, and false if nothing is planned. Errors: what the
// store reports.
func (u *KeepTime) Next(ctx context.Context) (time.Time, bool, error) { return u.schedule.Next(ctx) }

// Do does everything that is due, what is overdue longest first, and returns how many issues it changed or removed. One that
// cannot be changed does not hold up the others. Errors: what the store reports, joined with the errors of single issues.
func (u *KeepTime) Do(ctx context.Context) (int, error) {
	done := 0
	left := uow.Leftover{} // what stays due after it was tried, and why
	for {
		due, err := u.schedule.Due(ctx, u.desk.clock.Now(), dueAtOnce+len(left))
		if err != nil {
			return done, fmt.Errorf("look for due issues: %w", err)
		}
		due = left.Untried(due)
		if len(due) == 0 {
			return done, left.Reasons("issue")
		}
		changed, outcomes := u.tickAll(ctx, due)
		for i, err := range outcomes {
			if err != nil || !changed[i] {
				left[due[i]] = err
				continue
			}
			done++
		}
		if err := context.Cause(ctx); err != nil {
			return done, err
		}
	}
}

// tickAll looks after the issues in one unit of work, each with an outcome of its own, and tells which changed.
func (u *KeepTime) tickAll(ctx context.Context, due []uuid.UUID) (changed []bool, outcomes []error) {
	changed = make([]bool, len(due))
	commands := make([]uow.Command, len(due))
	for i, id := range due {
		commands[i] = uow.Command{
			Run: func(ctx context.Context) (err error) {
				changed[i], err = u.tick(ctx, id)
				return err
			},
			Hints: []uow.Hint{u.desk.issues.Loads(id)},
		}
	}
	return changed, u.desk.work.DoAll(ctx, commands)
}

// tick does what is due to one issue, and tells whether there was anything: another server may have been faster.
func (u *KeepTime) tick(ctx context.Context, id uuid.UUID) (changed bool, err error) {
	issue, err := u.desk.issues.Get(ctx, id)
	if errors.Is(err, domain.ErrIssueNotFound) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	now := u.desk.clock.Now()
	if issue.Expired(now) {
		return true, u.desk.issues.Remove(ctx, id)
	}
	breached := issue.Breaches(now)
	closed := issue.Close(now) == nil // else it is not resolved, or not long enough
	return breached || closed, nil
}
