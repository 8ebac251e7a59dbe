package app

import (
	"context"

	"github.com/gavelhq/gavel/modules/profiles/internal/domain"
	"github.com/gavelhq/gavel/platform/identity"
)

// EditSettings changes which letters a member wants.
type EditSettings struct{ house *House }

// NewEditSettings returns the use case.
func NewEditSettings(house *House) *EditSettings { return &EditSettings{house: house} }

// EditSettingsCommand says which notices are not wanted.
type EditSettingsCommand struct {
	By identity.Caller
	// Version is the one of the settings that the member has read; 0 is any.
	Version int64
	Muted   []domain.Notice
}

// Do replaces the list. Errors: domain.ErrVersionMismatch, domain.ErrInvalidNotice; uow.ErrBusy, uow.ErrOutcomeUnknown.
func (u *EditSettings) Do(ctx context.Context, cmd EditSettingsCommand) error { return errLater }
