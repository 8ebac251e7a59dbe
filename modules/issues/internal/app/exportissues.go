package app

import (
	"context"
	"iter"

	"github.com/gavelhq/gavel/modules/issues/internal/domain"
	"github.com/gavelhq/gavel/platform/clock"
)

// ExportIssues gives out all issues that staff can see, those that were reported here and those that were imported, as others
// can import them.
type ExportIssues struct {
	register Register
	clock    clock.Clock
}

// NewExportIssues returns the use case.
func NewExportIssues(register Register, c clock.Clock) *ExportIssues {
	return &ExportIssues{register: register, clock: c}
}

// Do yields them by repository and number, without their texts. One is closed if it is over: closed, rejected or merged.
// Errors: what the store reports, once, as the last element.
func (u *ExportIssues) Do(ctx context.Context) iter.Seq2[domain.Foreign, error] {
	now := u.clock.Now()
	return func(yield func(domain.Foreign, error) bool) {
		for issue, err := range u.register.All(ctx) {
			f := domain.Foreign{
				Origin: issue.Origin, Title: issue.Title, ReportedAt: issue.ReportedAt, ClosedAt: issue.Phase.EndAt(issue.EndedAt, now),
				Comments: issue.Comments,
			}
			if !yield(f, err) || err != nil {
				return
			}
		}
	}
}
