package app

import (
	"context"
	"time"

	"github.com/gavelhq/gavel/modules/profiles/internal/domain"
	"github.com/gavelhq/gavel/platform/identity"
)

// EditSettings changes which notices a member wants, and how.
type EditSettings struct{ house *House }

// NewEditSettings returns the use case.
func NewEditSettings(house *House) *EditSettings { return &EditSettings{house: house} }

// EditSettingsCommand says which notices are not wanted.
type EditSettingsCommand struct {
	By identity.Caller
	// Version is the one of the settings that the member has read; 0 is any.
	Version int64
	// Muted are the kinds that are not mailed from now on, Unlisted those that are not listed; nil leaves them as they are.
	Muted, Unlisted []domain.NoticeKind
}

// Do replaces the lists. Errors: as stillHas; domain.ErrVersionMismatch, domain.ErrInvalidNotice,
// domain.ErrInvalidUnlisted; uow.ErrBusy, uow.ErrOutcomeUnknown.
func (u *EditSettings) Do(ctx context.Context, cmd EditSettingsCommand) error {
	h := u.house
	return silently(ctx, h, request{operation: "edit the settings", by: cmd.By.ID},
		func(ctx context.Context, _ time.Time) (letter, error) {
			if err := h.stillHas(ctx, cmd.By); err != nil {
				return nil, err
			}
			settings, err := h.Settings.Get(ctx, cmd.By.ID)
			switch {
			case err != nil:
				return nil, err
			case cmd.Version != 0 && cmd.Version != settings.Version():
				return nil, domain.ErrVersionMismatch
			}
			return nil, cmd.apply(settings)
		})
}

// apply puts the lists that there are in the place of the present ones.
func (cmd EditSettingsCommand) apply(settings *domain.NotificationSettings) error {
	if cmd.Muted != nil {
		if err := settings.Mute(cmd.Muted); err != nil {
			return err
		}
	}
	if cmd.Unlisted != nil {
		return settings.Unlist(cmd.Unlisted)
	}
	return nil
}
