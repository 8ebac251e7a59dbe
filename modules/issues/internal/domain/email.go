package domain

import "github.com/gavelhq/gavel/platform/emailaddress"

// Email is an address that was checked.
type Email = emailaddress.Address

// NewEmail returns the address as it was written. Errors: ErrInvalidEmail.
func NewEmail(text string) (Email, error) {
	email, ok := emailaddress.Parse(text)
	if !ok {
		return Email{}, ErrInvalidEmail
	}
	return email, nil
}

// RestoreEmail returns the address as it was stored, unchecked.
func RestoreEmail(text string) Email { return emailaddress.Restore(text) }
