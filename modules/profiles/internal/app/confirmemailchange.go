package app

import (
	"context"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/gavelhq/gavel/modules/profiles/internal/domain"
)

// ConfirmEmailChange makes the new address the member's.
type ConfirmEmailChange struct{ house *House }

// NewConfirmEmailChange returns the use case.
func NewConfirmEmailChange(house *House) *ConfirmEmailChange {
	return &ConfirmEmailChange{house: house}
}

// ConfirmEmailChangeCommand brings what the letter brought.
type ConfirmEmailChangeCommand struct {
	// Token is the text of the link.
	Token string
}

// Do changes the address, and tells the old one. Errors: domain.ErrInvalidMailedToken, domain.ErrEmailTaken, uow.ErrBusy,
// uow.ErrOutcomeUnknown.
func (u *ConfirmEmailChange) Do(ctx context.Context, cmd ConfirmEmailChangeCommand) error {
	h := u.house
	id, secret, err := domain.ParseMailedText(cmd.Token)
	if err != nil {
		return err
	}
	return silently(ctx, h, request{operation: "change an address"}, func(ctx context.Context, now time.Time) (letter, error) {
		account, err := h.addressee(ctx, id)
		if err != nil {
			return nil, err
		}
		old, err := account.ChangeEmail(secret, now)
		if err != nil {
			return nil, err
		}
		who, err := h.personOf(ctx, account)
		return func() { h.letters.EmailChanged(old.String(), who.handle, masked(who.address)) }, err
	})
}

// masked returns an address of which only its owner sees which it is: the first letters of name and host, and what ends
// the host.
func masked(address string) string {
	name, host, _ := strings.Cut(address, "@")
	return first(name) + "…@" + first(host) + "…" + host[strings.LastIndexByte(host, '.'):]
}

func first(text string) string {
	r, _ := utf8.DecodeRuneInString(text)
	return string(r)
}
