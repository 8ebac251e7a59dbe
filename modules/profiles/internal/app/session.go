package app

import (
	"context"
	"errors"
	"time"

	"github.com/google/uuid"

	"github.com/gavelhq/gavel/modules/profiles/internal/domain"
	"github.com/gavelhq/gavel/platform/identity"
)

// cookies are the texts of a new session and, should the browser need one, of a new device.
type cookies struct{ session, device string }

func (h *House) newCookies() (cookies, error) {
	session, err := h.secretText()
	if err != nil {
		return cookies{}, err
	}
	device, err := h.secretText()
	return cookies{session: session, device: device}, err
}

// open begins a session of the account in the unit of work in ctx, and makes the browser known. known says whether it
// was.
func (h *House) open(
	ctx context.Context, account *domain.Account, by domain.Client, fresh cookies, now time.Time,
) (in SignedIn, known bool, err error) {
	id, err := newID()
	if err != nil {
		return SignedIn{}, false, err
	}
	session := domain.NewSession(id, account, fresh.session, by, now)
	if err := h.Sessions.Add(ctx, session); err != nil {
		return SignedIn{}, false, err
	}
	in = SignedIn{
		Session: fresh.session, Device: by.Device, Account: account.ID(),
		ExpiresAt: session.State().CreatedAt.Add(domain.SessionAbsolute),
	}
	if known, err = h.knows(ctx, account.ID(), by.Device, now); err != nil {
		return SignedIn{}, false, err
	}
	if known {
		device, err := h.Devices.Get(ctx, domain.DeviceID(account.ID(), by.Device))
		if err != nil {
			return SignedIn{}, false, err
		}
		device.Touch(now)
		return in, true, nil
	}
	in.Device = fresh.device
	return in, false, h.Devices.Add(ctx, domain.NewDevice(account.ID(), fresh.device, now))
}

// renew keeps the session that the caller came with through the end of all others.
func (h *House) renew(ctx context.Context, by identity.Caller, account *domain.Account) error {
	if by.Token || by.Credential == uuid.Nil {
		return nil
	}
	session, err := h.Sessions.Get(ctx, by.Credential)
	switch {
	case errors.Is(err, domain.ErrSessionNotFound):
		return nil // ended meanwhile
	case err != nil:
		return err
	case session.Account() == account.ID():
		session.Renew(account)
	}
	return nil
}
