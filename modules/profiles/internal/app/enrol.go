package app

import (
	"context"
	"errors"
	"time"

	"github.com/gavelhq/gavel/modules/profiles/internal/domain"
)

// newcomer is what everybody says who wants an account, once it was checked.
type newcomer struct {
	email    domain.Email
	handle   domain.Handle
	password string
}

// newcomer checks the three fields, all at once. Errors: the first that applies of domain.ErrInvalidEmail,
// ErrInvalidHandle, ErrReservedHandle, ErrPasswordLength and ErrCommonPassword, with all of them in the field "errors".
func (h *House) newcomer(address, handle, password string) (n newcomer, err error) {
	var refused domain.Refused
	n.password = password
	n.email, err = domain.NewEmail(address)
	if err := refused.Add(err); err != nil {
		return newcomer{}, err
	}
	n.handle, err = domain.NewHandle(handle)
	if err := refused.Add(err); err != nil {
		return newcomer{}, err
	}
	if err := refused.Add(h.checkPassword(password, handle, address)); err != nil {
		return newcomer{}, err
	}
	return n, refused.Err()
}

// isFree tells whether nobody has or had the handle. Errors: domain.ErrHandleTaken.
func (h *House) isFree(ctx context.Context, handle domain.Handle) error {
	_, err := h.Handles.Get(ctx, domain.TakenHandleID(handle))
	switch {
	case errors.Is(err, domain.ErrRecordNotFound):
		return nil
	case err != nil:
		return err
	}
	return domain.ErrHandleTaken
}

// take gives the handle away for ever. Errors: domain.ErrHandleTaken, now or when the unit of work commits.
func (h *House) take(ctx context.Context, handle domain.Handle) error {
	if err := h.isFree(ctx, handle); err != nil {
		return err
	}
	return h.Handles.Add(ctx, domain.TakeHandle(handle))
}

// enrol makes a member in the unit of work in ctx: account, profile and settings, all or nothing. Its handle was taken.
// Errors: when the unit commits domain.ErrEmailTaken.
func (h *House) enrol(
	ctx context.Context, r domain.Registration, handle domain.Handle, now time.Time,
) (*domain.Account, error) {
	account := domain.Register(r, now)
	if err := h.Accounts.Add(ctx, account); err != nil {
		return nil, err
	}
	if err := h.Profiles.Add(ctx, domain.NewProfile(r.ID, handle, now)); err != nil {
		return nil, err
	}
	return account, h.Settings.Add(ctx, domain.NewNotificationSettings(r.ID))
}
