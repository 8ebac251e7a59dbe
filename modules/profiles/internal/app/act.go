package app

import (
	"context"
	"time"

	"github.com/google/uuid"

	"github.com/gavelhq/gavel/modules/profiles/internal/domain"
	"github.com/gavelhq/gavel/modules/profiles/profilesapi"
	"github.com/gavelhq/gavel/platform/identity"
)

// ActCommand asks to do something to a member, with one of the rights of those who run the house.
type ActCommand struct {
	// By is who acts; the zero Caller is the operator at the command line. The edge has checked the permission.
	By identity.Caller
	// Member is to whom.
	Member uuid.UUID
	// Reason is one line. A suspension needs one.
	Reason string
	// Key makes the command safe to repeat.
	Key string
}

// act is one kind of what can be done to a member.
type act struct {
	name      string // in the audit log
	operation string // in the words of errors and keys
	// change does it in the unit of work, and says whether anything changed and what more the log has to tell.
	change change
	// tell is the letter about it; nil for none.
	tell func(person)
}

type change func(ctx context.Context, account *domain.Account, now time.Time) (changed bool, detail string, err error)

// perform does the act to the member and records it, in one unit of work. Errors: as stillHas, those of the act.
func (h *House) perform(ctx context.Context, a act, cmd ActCommand, more ...string) error {
	body := struct {
		Member uuid.UUID
		Reason string
		More   []string
	}{cmd.Member, cmd.Reason, more}
	r := request{operation: a.operation, by: cmd.By.ID, key: cmd.Key, body: body}
	return silently(ctx, h, r, func(ctx context.Context, now time.Time) (letter, error) {
		if err := h.stillHas(ctx, cmd.By); err != nil {
			return nil, err
		}
		account, err := h.Accounts.Get(ctx, cmd.Member)
		if err != nil {
			return nil, err
		}
		changed, detail, err := a.change(ctx, account, now)
		if err != nil || !changed {
			return nil, err
		}
		if err := h.record(ctx, cmd.By, a.name, cmd.Member, cmd.Reason, detail, now); err != nil {
			return nil, err
		}
		if a.tell == nil {
			return nil, nil
		}
		who, err := h.personOf(ctx, account)
		return func() { a.tell(who) }, err
	})
}

// simply is a change of the account alone, which cannot be made twice.
func simply(do func(account *domain.Account, now time.Time) error) change {
	return func(_ context.Context, account *domain.Account, now time.Time) (bool, string, error) {
		return true, "", do(account, now)
	}
}

// mayModerate tells whether the caller may suspend and reinstate the member: those who hold a role are left to admins and
// to the operator. Errors: identity.ErrNotPermitted.
func mayModerate(by identity.Caller, account *domain.Account) error {
	if by.Guest() || len(account.Roles()) == 0 || profilesapi.AdministerMembers.HeldBy(by.Roles...) {
		return nil
	}
	return identity.ErrNotPermitted
}
