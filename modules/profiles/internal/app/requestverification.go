package app

import (
	"context"

	"github.com/gavelhq/gavel/modules/profiles/internal/domain"
)

// RequestVerification sends the letter once more with whose link somebody verifies his address, who has registered.
type RequestVerification struct{ house *House }

// NewRequestVerification returns the use case.
func NewRequestVerification(house *House) *RequestVerification {
	return &RequestVerification{house: house}
}

// RequestVerificationCommand asks for another letter.
type RequestVerificationCommand struct {
	Email string
	// Client is who asks.
	Client domain.Client
}

// Do sends it to an address whose account waits to be verified, and tells the owner of any other that there is nothing to
// verify. The answer is the same for all. The link of the letter before is worth nothing any more. Errors: as RequestPasswordReset.Do.
func (u *RequestVerification) Do(ctx context.Context, cmd RequestVerificationCommand) error {
	letters := u.house.letters
	return u.house.askForLink(ctx, link{
		operation: "send the verification again",
		purpose:   domain.PurposeVerify,
		due:       func(to CredentialRecord) bool { return !to.Verified },
		none:      func(to CredentialRecord) { letters.AlreadyVerified(to.Email, to.Handle) },
		bring:     func(to CredentialRecord, text string) { letters.VerifyEmail(to.Email, to.Handle, text) },
	}, cmd.Email, cmd.Client)
}
