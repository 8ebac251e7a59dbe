package app

import (
	"context"
	"time"

	"github.com/gavelhq/gavel/modules/profiles/internal/domain"
	"github.com/gavelhq/gavel/platform/identity"
)

// InviteMember sends somebody an invitation to register.
type InviteMember struct{ house *House }

// NewInviteMember returns the use case.
func NewInviteMember(house *House) *InviteMember { return &InviteMember{house: house} }

// InviteMemberCommand asks to invite somebody.
type InviteMemberCommand struct {
	// By is who invites; the zero Caller is the operator at the command line.
	By    identity.Caller
	Email string
	// Key makes the command safe to repeat.
	Key string
}

// Do invites and records the act. The text of the invitation is in the letter only. Errors: domain.ErrInvalidEmail,
// ErrEmailTaken, which is no secret to who may list the members; idempotency.ErrConflict; uow.ErrBusy, uow.ErrOutcomeUnknown.
func (u *InviteMember) Do(ctx context.Context, cmd InviteMemberCommand) (InvitationRecord, error) {
	h := u.house
	email, err := domain.NewEmail(cmd.Email)
	if err != nil {
		return InvitationRecord{}, err
	}
	_, exists, err := h.credential(ctx, email)
	if err != nil {
		return InvitationRecord{}, err
	}
	id, err := newID()
	if err != nil {
		return InvitationRecord{}, err
	}
	secret, err := h.secret()
	if err != nil {
		return InvitationRecord{}, err
	}
	r := request{operation: "invite a member", by: cmd.By.ID, key: cmd.Key, body: email.Key()}
	return do(ctx, h, r, func(ctx context.Context, now time.Time) (InvitationRecord, letter, error) {
		if err := h.stillHas(ctx, cmd.By); err != nil {
			return InvitationRecord{}, nil, err
		}
		if exists {
			return InvitationRecord{}, nil, domain.ErrEmailTaken
		}
		inviter, err := u.inviter(ctx, cmd.By)
		if err != nil {
			return InvitationRecord{}, nil, err
		}
		invitation := domain.Invite(id, secret, email, cmd.By.ID, now)
		if err := h.Invitations.Add(ctx, invitation); err != nil {
			return InvitationRecord{}, nil, err
		}
		if err := h.record(ctx, cmd.By, "members.invite", id, "", "", now); err != nil {
			return InvitationRecord{}, nil, err
		}
		s := invitation.State()
		return InvitationRecord{
			ID: id, Email: s.Email, Inviter: s.Inviter, CreatedAt: s.CreatedAt, ExpiresAt: s.ExpiresAt,
		}, func() { h.letters.Invitation(email.String(), inviter, domain.MailedText(id, secret)) }, nil
	})
}

// inviter is the handle of who invites; empty for the operator.
func (u *InviteMember) inviter(ctx context.Context, by identity.Caller) (string, error) {
	if by.Guest() {
		return "", nil
	}
	profile, err := u.house.Profiles.Get(ctx, by.ID)
	if err != nil {
		return "", err
	}
	return profile.Handle().String(), nil
}
