package app

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/gavelhq/gavel/modules/profiles/internal/domain"
	"github.com/gavelhq/gavel/platform/identity"
)

// CreateAdmin makes an admin at the command line.
type CreateAdmin struct{ house *House }

// NewCreateAdmin returns the use case.
func NewCreateAdmin(house *House) *CreateAdmin { return &CreateAdmin{house: house} }

// CreateAdminCommand asks for an admin.
type CreateAdminCommand struct {
	Email, Handle, Password string
}

// Do makes an account that is verified and active and has the role, and records the act. Errors: those of the fields as
// Register.Do, domain.ErrHandleTaken, domain.ErrEmailTaken; uow.ErrBusy, uow.ErrOutcomeUnknown.
func (u *CreateAdmin) Do(ctx context.Context, cmd CreateAdminCommand) (uuid.UUID, error) {
	h := u.house
	n, err := h.newcomer(cmd.Email, cmd.Handle, cmd.Password)
	if err != nil {
		return uuid.Nil, fmt.Errorf("create an admin: %w", err)
	}
	admin, err := h.newAdmin(ctx, n)
	if err != nil {
		return uuid.Nil, fmt.Errorf("create an admin: %w", err)
	}
	r := request{operation: "create an admin"}
	return do(ctx, h, r, func(ctx context.Context, now time.Time) (uuid.UUID, letter, error) {
		admins, err := h.administrators(ctx)
		if err != nil {
			return uuid.Nil, nil, err
		}
		admins.Appoint(admin.ID)
		if _, err := h.enrolAdmin(ctx, admin, n.handle, now); err != nil {
			return uuid.Nil, nil, err
		}
		return admin.ID, nil, h.record(ctx, identity.Caller{}, "members.create_admin", admin.ID, "", "", now)
	})
}

// newAdmin is the registration of an admin, with the password hashed.
func (h *House) newAdmin(ctx context.Context, n newcomer) (domain.Registration, error) {
	hash, err := h.hasher.Hash(ctx, n.password)
	if err != nil {
		return domain.Registration{}, err
	}
	id, err := newID()
	return domain.Registration{
		ID: id, Email: n.email, PasswordHash: hash, Verified: true, Roles: []identity.Role{identity.Admin},
	}, err
}

// enrolAdmin takes the handle and makes the member in the unit of work in ctx.
func (h *House) enrolAdmin(
	ctx context.Context, admin domain.Registration, handle domain.Handle, now time.Time,
) (*domain.Account, error) {
	if err := h.take(ctx, handle); err != nil {
		return nil, err
	}
	return h.enrol(ctx, admin, handle, now)
}

// administrators returns those of the house in the unit of work in ctx.
func (h *House) administrators(ctx context.Context) (*domain.Administrators, error) {
	admins, err := h.Administrators.Get(ctx, domain.AdministratorsID)
	if errors.Is(err, domain.ErrRecordNotFound) {
		admins = domain.NewAdministrators()
		return admins, h.Administrators.Add(ctx, admins)
	}
	return admins, err
}
