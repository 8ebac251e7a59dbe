package app

import (
	"context"
	"fmt"
	"time"

	"github.com/gavelhq/gavel/modules/issues/internal/domain"
)

// ReportByVisitor lets somebody without an account report an issue. Staff see it once he has confirmed his address.
type ReportByVisitor struct{ desk *Desk }

// NewReportByVisitor returns the use case.
func NewReportByVisitor(desk *Desk) *ReportByVisitor { return &ReportByVisitor{desk: desk} }

// ReportByVisitorCommand asks to look at something.
type ReportByVisitorCommand struct {
	// Email is where the visitor can be reached.
	Email string
	// Network is where he is: an IPv4 address or an IPv6 /64.
	Network string
	Complaint
	// Key makes the command safe to repeat.
	Key string
}

// Do reports, and writes the letter by whose link the visitor confirms his address. It says nothing about the issue:
// whoever cannot read the letter has none. Nor does it say whether there was a letter: an address to which too many were
// asked for gets none, and then there is no issue either, although as much was done. What it says is judged first, then it
// is counted, and only then evidence is taken: a stranger cannot make us spend more than he may have letters.
//
// Errors: domain.ErrInvalidTitle, ErrInvalidText, ErrInvalidEmail, ErrInvalidSubject, all that apply; domain.ErrInvalidEvidence;
// a fault of kind limited from a network that asks for too many letters; idempotency.ErrInvalidKey, idempotency.ErrConflict,
// uow.ErrBusy, uow.ErrOutcomeUnknown; what the readers of listings and members report.
func (u *ReportByVisitor) Do(ctx context.Context, cmd ReportByVisitorCommand) error {
	email, wrong := domain.NewEmail(cmd.Email)
	r := request{operation: "report an issue as a visitor", by: guest("address", email.Key()), key: cmd.Key, body: struct {
		Email string
		Complaint
	}{cmd.Email, cmd.Complaint}}
	if err := u.desk.check(ctx, cmd.Complaint, wrong); err != nil {
		return fmt.Errorf("%s: %w", r.operation, err)
	}
	var posting bool
	_, answered, err := admit[nothing](ctx, u.desk, r, func(ctx context.Context) (err error) {
		posting, err = u.desk.throttles.Letter(ctx, email.String(), cmd.Network)
		return err
	})
	if answered || err != nil {
		return err
	}
	report, err := u.desk.report(ctx, cmd.Complaint)
	if err != nil {
		return fmt.Errorf("%s: %w", r.operation, err)
	}
	_, err = do(ctx, u.desk, r, func(ctx context.Context, now time.Time) (nothing, error) {
		issue, err := domain.ReportByVisitor(report, email, u.desk.targets, now)
		if err != nil || !posting {
			return nothing{}, err
		}
		if err := u.desk.issues.Add(ctx, issue); err != nil {
			return nothing{}, err
		}
		return nothing{}, u.desk.writes(ctx, domain.LetterConfirm, report.ID, now)
	})
	return err
}
