package app

import (
	"context"
	"time"

	"github.com/gavelhq/gavel/modules/profiles/internal/domain"
	"github.com/gavelhq/gavel/platform/identity"
)

// EditProfile changes what a member says of himself.
type EditProfile struct{ house *House }

// NewEditProfile returns the use case.
func NewEditProfile(house *House) *EditProfile { return &EditProfile{house: house} }

// EditProfileCommand asks for other texts.
type EditProfileCommand struct {
	By identity.Caller
	// Version is the one of the profile that the member has read; 0 is any.
	Version int64
	Text    domain.ProfileText
}

// Do replaces the texts. Errors: domain.ErrVersionMismatch, those of domain.Profile.Edit; uow.ErrBusy,
// uow.ErrOutcomeUnknown.
func (u *EditProfile) Do(ctx context.Context, cmd EditProfileCommand) error {
	h := u.house
	return silently(ctx, h, request{operation: "edit the profile", by: cmd.By.ID},
		func(ctx context.Context, _ time.Time) (letter, error) {
			profile, err := h.Profiles.Get(ctx, cmd.By.ID)
			switch {
			case err != nil:
				return nil, err
			case cmd.Version != 0 && cmd.Version != profile.Version():
				return nil, domain.ErrVersionMismatch
			}
			return nil, profile.Edit(cmd.Text)
		})
}
