package app

import (
	"context"
	"time"

	"github.com/gavelhq/gavel/modules/profiles/internal/domain"
)

// Setup makes the first admin, for whoever holds the link that the server printed at its start.
type Setup struct{ house *House }

// NewSetup returns the use case, without a link.
func NewSetup(house *House) *Setup { return &Setup{house: house} }

// SetupLifetime is how long a link is good for.
const SetupLifetime = 30 * time.Minute

// SetupCommand makes the first admin.
type SetupCommand struct {
	// Token is the text of the link, Browser that of the cookie from Open.
	Token, Browser          string
	Email, Handle, Password string
	// Client is who asks.
	Client domain.Client
}

// NewLink draws the token of a new link, which takes the place of the one before; ok is false when the house has an
// admin. Errors: what the store reports.
func (u *Setup) NewLink(ctx context.Context) (token string, ok bool, err error) {
	return "", false, errLater
}

// Open is called when the link is opened by a browser with this cookie, empty for none. The first browser gets the link
// for itself: what it returns is its cookie. Errors: domain.ErrInvalidSetupLink, domain.ErrAlreadySetUp.
func (u *Setup) Open(ctx context.Context, token, browser string) (cookie string, err error) {
	return "", errLater
}

// Do makes the admin, and signs in. Errors: domain.ErrInvalidSetupLink, ErrAlreadySetUp, those of the fields as
// Register.Do, ErrHandleTaken, ErrEmailTaken; uow.ErrBusy, uow.ErrOutcomeUnknown.
func (u *Setup) Do(ctx context.Context, cmd SetupCommand) (SignedIn, error) {
	return SignedIn{}, errLater
}
