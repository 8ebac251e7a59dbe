package app

import (
	"context"

	"github.com/gavelhq/gavel/modules/issues/internal/domain"
	"github.com/gavelhq/gavel/platform/clock"
	"github.com/gavelhq/gavel/platform/identity"
	"github.com/gavelhq/gavel/platform/page"
)

// ListIssues lists issues for those who may read them: all for staff, their own for everybody else.
type ListIssues struct {
	views Views
	clock clock.Clock
}

// NewListIssues returns the use case.
func NewListIssues(views Views, c clock.Clock) *ListIssues {
	return &ListIssues{views: views, clock: c}
}

// Do returns one page of the issues that match the filter, of which counts what the caller may use. Errors:
// page.ErrInvalidCursor, or what the store reports.
func (u *ListIssues) Do(
	ctx context.Context, by identity.Caller, filter Filter, request page.Request,
) (page.Of[IssueSummary], error) {
	viewer := actorOf(by)
	return u.views.Issues(ctx, filter.For(viewer), viewer, u.clock.Now(), request)
}

// Categories counts the issues that match the filter by category, for staff. Errors: domain.ErrNotStaff, or what the store
// reports.
func (u *ListIssues) Categories(ctx context.Context, by identity.Caller, filter Filter) ([]CategoryCount, error) {
	viewer := actorOf(by)
	if !viewer.Staff {
		return nil, domain.ErrNotStaff
	}
	return u.views.Categories(ctx, filter, viewer, u.clock.Now())
}
