package app

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/gavelhq/gavel/modules/issues/internal/domain"
	"github.com/gavelhq/gavel/modules/issues/issuesapi"
	"github.com/gavelhq/gavel/platform/identity"
)

// freeReports is how many reports in a row cost a member no delay. Staff report what others tell them, as much as it is.
const freeReports = 20

// ReportByMember lets a member report an issue.
type ReportByMember struct{ desk *Desk }

// NewReportByMember returns the use case.
func NewReportByMember(desk *Desk) *ReportByMember { return &ReportByMember{desk: desk} }

// ReportByMemberCommand asks to look at something.
type ReportByMemberCommand struct {
	// By reports. The edge has checked the permission.
	By identity.Caller
	Complaint
	// Key makes the command safe to repeat.
	Key string
}

// Do reports, and returns the issue's id. What it says is judged first, then it is counted, and only then evidence is taken:
// what is refused costs next to nothing, and what is counted stays so if the evidence cannot be taken. Errors:
// domain.ErrInvalidTitle, ErrInvalidText, ErrInvalidSubject also for what there is not, ErrInvalidReporter for a guest, all
// that apply; domain.ErrInvalidEvidence; a fault of kind limited for too many in a row; idempotency.ErrInvalidKey,
// idempotency.ErrConflict, uow.ErrBusy, uow.ErrOutcomeUnknown; what the readers of listings and members report.
func (u *ReportByMember) Do(ctx context.Context, cmd ReportByMemberCommand) (uuid.UUID, error) {
	r := request{operation: "report an issue", by: cmd.By.ID, key: cmd.Key, body: cmd.Complaint}
	var somebody error
	if cmd.By.ID == uuid.Nil {
		somebody = domain.ErrInvalidReporter
	}
	if err := u.desk.check(ctx, cmd.Complaint, somebody); err != nil {
		return uuid.Nil, fmt.Errorf("%s: %w", r.operation, err)
	}
	id, answered, err := admit[uuid.UUID](ctx, u.desk, r, func(ctx context.Context) error {
		if cmd.By.May(issuesapi.Work) {
			return nil
		}
		return u.desk.throttles.Attempt(ctx, "report an issue", cmd.By.ID.String(), freeReports)
	})
	if answered || err != nil {
		return id, err
	}
	report, err := u.desk.report(ctx, cmd.Complaint)
	if err != nil {
		return uuid.Nil, fmt.Errorf("%s: %w", r.operation, err)
	}
	return do(ctx, u.desk, r, func(ctx context.Context, now time.Time) (uuid.UUID, error) {
		issue, err := domain.ReportByMember(report, cmd.By.ID, u.desk.targets, now)
		if err != nil {
			return uuid.Nil, err
		}
		return report.ID, u.desk.issues.Add(ctx, issue)
	})
}
