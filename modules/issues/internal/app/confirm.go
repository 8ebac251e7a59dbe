package app

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/gavelhq/gavel/modules/issues/internal/domain"
)

// Confirm shows that the address of a visitor who reported an issue is his.
type Confirm struct{ desk *Desk }

// NewConfirm returns the use case.
func NewConfirm(desk *Desk) *Confirm { return &Confirm{desk: desk} }

// Do confirms by the text of the mailed link. From now on staff see the issue. It returns the text of the link by which the
// visitor follows it, and writes him a letter with another one. There is no key: a second attempt is refused, and its answer
// is a secret, which is not remembered.
//
// Errors: domain.ErrInvalidConfirmation, domain.ErrAlreadyConfirmed; uow.ErrBusy, uow.ErrOutcomeUnknown.
func (u *Confirm) Do(ctx context.Context, link string) (follow string, err error) {
	id, confirmation, err := domain.ParseMailedText(link)
	if err != nil {
		return "", fmt.Errorf("confirm an issue: %w", domain.ErrInvalidConfirmation)
	}
	secret, err := u.desk.secret()
	if err != nil {
		return "", err
	}
	text := domain.MailedText(id, secret)
	return do(ctx, u.desk, request{operation: "confirm an issue"}, func(ctx context.Context, now time.Time) (string, error) {
		issue, err := u.desk.issues.Get(ctx, id)
		if errors.Is(err, domain.ErrIssueNotFound) {
			return "", domain.ErrInvalidConfirmation
		}
		if err != nil {
			return "", err
		}
		if err := issue.Confirm(confirmation, secret, now); err != nil {
			return "", err
		}
		return text, u.desk.writes(ctx, domain.LetterConfirmed, id, now)
	}, u.desk.issues.Loads(id))
}
