package app

import (
	"context"
	"fmt"

	"github.com/google/uuid"

	"github.com/gavelhq/gavel/modules/issues/internal/domain"
)

// worksHere refuses an assignee who does not work at the help desk; whoever could give himself work does.
// Errors: domain.ErrInvalidAssignee, or what the staff port reports.
func (d *Desk) worksHere(ctx context.Context, by domain.Actor, assignee uuid.UUID) error {
	if assignee == by.ID {
		return nil
	}
	works, err := d.staff.WorksHere(ctx, assignee)
	switch {
	case err != nil:
		return fmt.Errorf("look up whether %s works at the help desk: %w", assignee, err)
	case !works:
		return domain.ErrInvalidAssignee
	default:
		return nil
	}
}
