package app

import (
	"context"
	"fmt"

	"github.com/google/uuid"

	"github.com/gavelhq/gavel/modules/listings/internal/domain"
	"github.com/gavelhq/gavel/platform/uow"
)

// KeepSales reminds buyers of what they have not paid, and finds out what is overdue. However many servers run it, each
// buyer is reminded once of each day, and each sale is found overdue once: whoever comes second finds nothing to do.
type KeepSales struct {
	desk  *SaleDesk
	views SaleViews
}

// NewKeepSales returns the use case.
func NewKeepSales(desk *SaleDesk, views SaleViews) *KeepSales {
	return &KeepSales{desk: desk, views: views}
}

// Do does everything that is due. A sale that cannot be changed does not hold up the others. Errors: what the store reports,
// joined with the errors of single sales.
func (u *KeepSales) Do(ctx context.Context) error {
	left := uow.Leftover{} // what stays due after it was tried, and why
	for {
		due, err := u.views.DueSales(ctx, u.desk.clock.Now(), dueAtOnce+len(left))
		if err != nil {
			return fmt.Errorf("look for due sales: %w", err)
		}
		due = left.Untried(due)
		if len(due) == 0 {
			return left.Reasons("the sale of")
		}
		changed, outcomes := u.tickAll(ctx, due)
		for i, err := range outcomes {
			if err != nil || !changed[i] {
				left[due[i]] = err
			}
		}
		if err := ctx.Err(); err != nil {
			return err
		}
	}
}

// tickAll does what is due about the sales in one unit of work, each with an outcome of its own, and tells which changed.
func (u *KeepSales) tickAll(ctx context.Context, due []uuid.UUID) (changed []bool, outcomes []error) {
	changed = make([]bool, len(due))
	commands := make([]uow.Command, len(due))
	for i, id := range due {
		commands[i] = uow.Command{
			Run: func(ctx context.Context) (err error) {
				changed[i], err = u.tick(ctx, id)
				return err
			},
			Hints: []uow.Hint{u.desk.sales.Loads(id)},
		}
	}
	return changed, u.desk.work.DoAll(ctx, commands)
}

// tick does what is due about one sale, and tells whether that was anything. It is not when another server was faster.
func (u *KeepSales) tick(ctx context.Context, id uuid.UUID) (changed bool, err error) {
	sale, err := u.desk.sales.Get(ctx, id)
	if err != nil {
		return false, err
	}
	now := u.desk.clock.Now()
	switch sale.KeepTime(now) {
	case domain.SaleRemindedEarly:
		return true, u.desk.tell(ctx, u.desk.words.earlyReminder(sale.State(), now))
	case domain.SaleRemindedDue:
		return true, u.desk.tell(ctx, u.desk.words.dueReminder(sale.State(), now))
	case domain.SaleFoundOverdue:
		return true, u.desk.tell(ctx, u.desk.words.overdueNotices(sale.State(), now)...)
	default:
		return false, nil
	}
}
