package app

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/google/uuid"

	"github.com/gavelhq/gavel/modules/profiles/internal/domain"
	"github.com/gavelhq/gavel/platform/identity"
)

// checkPassword refuses a password that is too easy for somebody with this handle and address. Errors: those of
// domain.CheckPassword.
func (h *House) checkPassword(password, handle, address string) error {
	name, _, _ := strings.Cut(address, "@")
	return domain.CheckPassword(password, h.common.Common, handle, name, address)
}

// proof is what is left of a password that was right, for the unit of work that it was given for.
type proof struct {
	counted []uuid.UUID // forgotten when that unit commits
	hash    string      // as it was when it was compared
}

// prove asks a member who is signed in for the password again, with the delays of signing in: whoever finds a browser
// unattended must not guess faster there. check is asked first, with the member's own words. Errors: those of check,
// domain.ErrTooManyAttempts, domain.ErrWrongPassword.
func (h *House) prove(
	ctx context.Context, by identity.Caller, client domain.Client, password string, check func(person) error,
) (proof, error) {
	var p proof
	err := h.work.Do(ctx, func(ctx context.Context) error {
		account, err := h.Accounts.Get(ctx, by.ID)
		if err != nil {
			return err
		}
		who, err := h.personOf(ctx, account)
		if err != nil {
			return err
		}
		if err := check(who); err != nil {
			return err
		}
		p.hash = account.PasswordHash()
		p.counted, err = h.count(ctx, attempt{
			kind: "sign in", key: account.Email().Key(), account: account.ID(), by: client, free: h.policy.FreeAttempts,
		}, h.clock.Now())
		return err
	})
	if err != nil {
		return proof{}, fmt.Errorf("ask for the password: %w", err)
	}
	same, _, err := h.compare(ctx, client.Network, p.hash, password)
	switch {
	case err != nil:
		return proof{}, err
	case !same:
		return proof{}, domain.ErrWrongPassword
	}
	return p, nil
}

// anything is a check for prove that refuses nothing.
func anything(person) error { return nil }

// proven returns the account, in the unit of work in ctx, for which the password was proved. Errors:
// domain.ErrWrongPassword when it has changed since, domain.ErrMemberNotFound.
func (h *House) proven(ctx context.Context, by identity.Caller, p proof) (*domain.Account, error) {
	account, err := h.Accounts.Get(ctx, by.ID)
	switch {
	case err != nil:
		return nil, err
	case account.PasswordHash() != p.hash:
		return nil, domain.ErrWrongPassword
	}
	return account, h.forget(ctx, p.counted)
}

// credential returns what is known of an address: the zero record where nobody has it.
func (h *House) credential(ctx context.Context, email domain.Email) (found CredentialRecord, exists bool, err error) {
	found, err = h.credentials.ByEmail(ctx, email.Key())
	switch {
	case errors.Is(err, domain.ErrMemberNotFound):
		return CredentialRecord{}, false, nil
	case err != nil:
		return CredentialRecord{}, false, fmt.Errorf("look up an address: %w", err)
	}
	return found, true, nil
}

// passwordChanged returns the letter that tells of another password.
func (h *House) passwordChanged(ctx context.Context, account *domain.Account) (letter, error) {
	who, err := h.personOf(ctx, account)
	if err != nil {
		return nil, err
	}
	return func() { h.letters.PasswordChanged(who.address, who.handle) }, nil
}
