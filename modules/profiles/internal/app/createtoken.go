package app

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/gavelhq/gavel/modules/profiles/internal/domain"
	"github.com/gavelhq/gavel/modules/profiles/profilesapi"
	"github.com/gavelhq/gavel/platform/identity"
)

// CreateToken makes an API token.
type CreateToken struct {
	house     *House
	catalogue []identity.Permission
}

// NewCreateToken returns the use case. The catalogue are the permissions of all modules.
func NewCreateToken(house *House, catalogue []identity.Permission) *CreateToken {
	return &CreateToken{house: house, catalogue: catalogue}
}

// CreateTokenCommand asks for a token.
type CreateTokenCommand struct {
	By identity.Caller
	// Name is the member's own for it.
	Name string
	// Scopes are names of permissions.
	Scopes []string
	// ExpiresAt is when it ends; zero for never.
	ExpiresAt time.Time
	// Key makes the command safe to repeat.
	Key string
}

// CreatedToken is a new token.
type CreatedToken struct {
	Token TokenRecord
	// Text is what a program shows. It is told once: empty when the command was repeated.
	Text string
}

// Scopes returns the permissions that a token of the caller may have, in the order of their names.
func (u *CreateToken) Scopes(by identity.Caller) []identity.Permission {
	var allowed []identity.Permission
	for _, p := range u.catalogue {
		if p.HeldBy(by.Roles...) && p.Name() != profilesapi.ManageAccount.Name() {
			allowed = append(allowed, p)
		}
	}
	slices.SortFunc(allowed, func(a, b identity.Permission) int { return strings.Compare(a.Name(), b.Name()) })
	return allowed
}

// Do makes the token. Errors: domain.ErrInvalidTokenName, ErrInvalidScopes, ErrInvalidExpiry, ErrTooManyTokens,
// identity.ErrInvalidCredential once the session has ended, idempotency.ErrConflict; uow.ErrBusy, uow.ErrOutcomeUnknown.
func (u *CreateToken) Do(ctx context.Context, cmd CreateTokenCommand) (CreatedToken, error) {
	h := u.house
	id, err := newID()
	if err != nil {
		return CreatedToken{}, err
	}
	secret, err := h.secretText()
	if err != nil {
		return CreatedToken{}, err
	}
	text := ""
	r := request{operation: "create a token", by: cmd.By.ID, key: cmd.Key, body: cmd.body()}
	token, err := do(ctx, h, r, func(ctx context.Context, now time.Time) (TokenRecord, letter, error) {
		text = ""
		if !u.allows(cmd) {
			return TokenRecord{}, nil, domain.ErrInvalidScopes
		}
		token, err := u.create(ctx, cmd, id, domain.TokenPrefix+secret, now)
		if err != nil {
			return TokenRecord{}, nil, err
		}
		return token, func() { text = domain.TokenPrefix + secret }, nil
	})
	if err != nil {
		return CreatedToken{}, err
	}
	return CreatedToken{Token: token, Text: text}, nil
}

// allows reports whether the caller's roles hold every scope.
func (u *CreateToken) allows(cmd CreateTokenCommand) bool {
	allowed := u.Scopes(cmd.By)
	for _, scope := range cmd.Scopes {
		if !slices.ContainsFunc(allowed, func(p identity.Permission) bool { return p.Name() == scope }) {
			return false
		}
	}
	return true
}

// create adds the token in the unit of work in ctx.
func (u *CreateToken) create(
	ctx context.Context, cmd CreateTokenCommand, id uuid.UUID, text string, now time.Time,
) (TokenRecord, error) {
	account, err := u.house.Accounts.Get(ctx, cmd.By.ID)
	if err != nil {
		return TokenRecord{}, err
	}
	if err := u.house.stillIn(ctx, cmd.By, account, now); err != nil {
		return TokenRecord{}, err
	}
	have, err := u.house.views.CountTokens(ctx, cmd.By.ID) // after the account: whoever changes it now, conflicts
	if err != nil {
		return TokenRecord{}, err
	}
	if err := account.IssueToken(have); err != nil {
		return TokenRecord{}, err
	}
	token, err := domain.NewAPIToken(domain.APITokenState{
		ID: id, Account: cmd.By.ID, Name: cmd.Name, Hash: domain.HashOf(text), Epoch: account.TokenEpoch(),
		Scopes: cmd.Scopes, ExpiresAt: cmd.ExpiresAt,
	}, now)
	if err != nil {
		return TokenRecord{}, err
	}
	s := token.State()
	return TokenRecord{ID: id, Name: s.Name, Scopes: s.Scopes, CreatedAt: s.CreatedAt, ExpiresAt: s.ExpiresAt},
		u.house.Tokens.Add(ctx, token)
}

// body tells requests under one key apart. An end is the same however it was written.
func (c CreateTokenCommand) body() any {
	return struct {
		Name      string
		Scopes    []string
		ExpiresAt int64
	}{c.Name, c.Scopes, c.ExpiresAt.UnixMicro()}
}
