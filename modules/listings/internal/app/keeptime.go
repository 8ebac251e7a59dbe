package app

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/gavelhq/gavel/platform/uow"
)

// dueAtOnce is how many listings one unit of work opens and closes.
const dueAtOnce = 100

// KeepTime opens and closes the listings whose time has come. However late it runs, the stamps are the start and the
// end, and however many servers run it, each listing opens and closes once: whoever comes second finds nothing to do.
type KeepTime struct {
	market   *Market
	schedule Schedule
}

// NewKeepTime returns the use case.
func NewKeepTime(market *Market, schedule Schedule) *KeepTime {
	return &KeepTime{market: market, schedule: schedule}
}

// Next returns when there is something to do, which may be in the past, and false if nothing is planned. Errors: what
// the store reports.
func (u *KeepTime) Next(ctx context.Context) (time.Time, bool, error) {
	return u.schedule.Next(ctx)
}

// Do opens and closes everything that is due, those overdue longest first, and returns how many it opened or closed. A
// listing that cannot be changed does not hold up the others. Errors: what the store reports, joined with the errors of
// single listings.
func (u *KeepTime) Do(ctx context.Context) (int, error) {
	done := 0
	left := uow.Leftover{} // what stays due after it was tried, and why
	for {
		due, err := u.schedule.Due(ctx, u.market.clock.Now(), dueAtOnce+len(left))
		if err != nil {
			return done, fmt.Errorf("look for due listings: %w", err)
		}
		due = left.Untried(due)
		if len(due) == 0 {
			return done, left.Reasons("listing")
		}
		changed, outcomes, err := u.tickAll(ctx, due)
		if err != nil {
			return done, err
		}
		for i, err := range outcomes {
			if err != nil || !changed[i] {
				left[due[i]] = err
				continue
			}
			done++
		}
		if err := ctx.Err(); err != nil {
			return done, err
		}
	}
}

// tickAll opens and closes the listings in one unit of work, each with an outcome of its own, and tells which changed.
// Errors: no id could be drawn.
func (u *KeepTime) tickAll(ctx context.Context, due []uuid.UUID) (changed []bool, outcomes []error, err error) {
	changed = make([]bool, len(due))
	commands := make([]uow.Command, len(due))
	for i, id := range due {
		command, err := uuid.NewV7()
		if err != nil {
			return nil, nil, fmt.Errorf("draw a command id: %w", err)
		}
		commands[i] = uow.Command{
			Run: func(ctx context.Context) (err error) {
				changed[i], err = u.tick(ctx, id, command)
				return err
			},
			Hints: []uow.Hint{u.market.listings.Loads(id), uow.CommandID(command)},
		}
	}
	return changed, u.market.work.DoAll(ctx, commands), nil
}

// tick opens and closes one listing as far as its time has come, and tells whether that changed it. It does not when
// another server was faster.
func (u *KeepTime) tick(ctx context.Context, id, command uuid.UUID) (changed bool, err error) {
	listing, err := u.market.listings.Get(ctx, id)
	if err != nil {
		return false, err
	}
	now := u.market.clock.Now()
	return listing.Close(command, now) || listing.Open(command, now), nil
}
