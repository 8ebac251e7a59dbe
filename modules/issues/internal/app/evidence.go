package app

import (
	"context"

	"github.com/google/uuid"

	"github.com/gavelhq/gavel/modules/issues/internal/domain"
	"github.com/gavelhq/gavel/platform/fault"
	"github.com/gavelhq/gavel/platform/page"
)

// ErrNoEvidence: the issue is about no listing, nor anything in connection with one.
var ErrNoEvidence = fault.New(fault.NotFound, "evidence_not_found", "No listing's log came with this issue.")

// Evidence returns what the log of the listing said when the issue was reported, for whoever may read the issue. Errors:
// ErrNoEvidence; domain.ErrIssueNotFound, also when he may not; what the store reports.
func (u *ReadIssue) Evidence(ctx context.Context, by Asker, id uuid.UUID) (domain.Evidence, error) {
	// The report is the first event of every issue that has one, and everybody who may read the issue may read it.
	first, err := u.Timeline(ctx, by, id, page.Request{Limit: 1})
	if err != nil {
		return domain.Evidence{}, err
	}
	for _, e := range first.Items {
		if report, is := e.Payload.(domain.Reported); is && report.Evidence != (domain.Evidence{}) {
			return report.Evidence, nil
		}
	}
	return domain.Evidence{}, ErrNoEvidence
}
