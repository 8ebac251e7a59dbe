package app

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/gavelhq/gavel/modules/profiles/internal/domain"
)

// Register makes somebody a member.
type Register struct{ house *House }

// NewRegister returns the use case.
func NewRegister(house *House) *Register { return &Register{house: house} }

// RegisterCommand asks to become a member.
type RegisterCommand struct {
	Email, Handle, Password string
	// Invitation is the text of an invitation's link; empty for none.
	Invitation string
	// Client is who asks.
	Client domain.Client
	// Key makes the command safe to repeat.
	Key string
}

// Do registers. Nothing in the answer, nor the time that it takes, tells whether the address was in use: its owner gets a
// letter instead, and the handle and the invitation are used up all the same, because a second attempt would tell.
//
// Errors: the first that applies of domain.ErrRegistrationClosed; ErrInvalidEmail, ErrInvalidHandle, ErrReservedHandle,
// ErrPasswordLength, ErrCommonPassword, with all of them in the field "errors"; ErrTooManyAttempts from the network,
// ErrInvalidInvitation, ErrHandleTaken;
// idempotency.ErrConflict, uow.ErrBusy, uow.ErrOutcomeUnknown.
func (u *Register) Do(ctx context.Context, cmd RegisterCommand) error {
	e, err := u.entrant(cmd)
	if err != nil {
		return fmt.Errorf("register: %w", err)
	}
	if err := u.plausible(ctx, e); !errors.Is(err, errPlausible) {
		return err // refused, or accepted before
	}
	if e.hash, err = u.house.hash(ctx, cmd.Client.Network, cmd.Password); err != nil {
		return fmt.Errorf("register: %w", err)
	}
	for range 3 {
		err = u.register(ctx, e)
		if !errors.Is(err, domain.ErrEmailTaken) {
			break
		}
		// Somebody was faster. From now on the address is in use like any other.
	}
	return err
}

// entrant is who registers.
type entrant struct {
	newcomer
	id         uuid.UUID
	hash       string
	token      domain.Secret // for the letter
	invitation *invitationText
	client     domain.Client
	key        string
}

// invitationText is the text of an invitation, read.
type invitationText struct {
	id     uuid.UUID
	secret domain.Secret
}

// entrant checks what needs no store.
func (u *Register) entrant(cmd RegisterCommand) (e entrant, err error) {
	h := u.house
	if cmd.Invitation == "" && h.policy.Registration == RegistrationInvite {
		return entrant{}, domain.ErrRegistrationClosed
	}
	e.client, e.key = cmd.Client, cmd.Key
	if e.newcomer, err = h.newcomer(cmd.Email, cmd.Handle, cmd.Password); err != nil {
		return entrant{}, err
	}
	if cmd.Invitation != "" {
		id, secret, err := domain.ParseMailedText(cmd.Invitation)
		if err != nil {
			return entrant{}, domain.ErrInvalidInvitation
		}
		e.invitation = &invitationText{id: id, secret: secret}
	}
	if e.id, err = newID(); err != nil {
		return entrant{}, err
	}
	e.token, err = h.secret()
	return e, err
}

// errPlausible ends a unit of work that has found nothing to refuse; never shown.
var errPlausible = errors.New("this can be accepted")

// plausible refuses what the unit of work would refuse, before a password is hashed for it. Errors: errPlausible when there
// is nothing to refuse; nil when the request was accepted before; as Do.
func (u *Register) plausible(ctx context.Context, e entrant) error {
	return silently(ctx, u.house, e.request(), func(ctx context.Context, now time.Time) (letter, error) {
		if err := u.house.correspond(ctx, e.client, now); err != nil { // counted by the unit that registers
			return nil, err
		}
		if e.invitation != nil {
			invitation, err := u.invitation(ctx, e)
			if err != nil {
				return nil, err
			}
			if err := invitation.Check(e.invitation.secret, now); err != nil {
				return nil, err
			}
		}
		if err := u.house.isFree(ctx, e.handle); err != nil {
			return nil, err
		}
		return nil, errPlausible
	})
}

func (u *Register) invitation(ctx context.Context, e entrant) (*domain.Invitation, error) {
	invitation, err := u.house.Invitations.Get(ctx, e.invitation.id)
	if errors.Is(err, domain.ErrInvitationNotFound) {
		return nil, domain.ErrInvalidInvitation
	}
	return invitation, err
}

// register stores the member, or what takes his place where the address is in use, in one unit of work. Errors:
// domain.ErrEmailTaken when somebody registered the address meanwhile; as Do.
func (u *Register) register(ctx context.Context, e entrant) error {
	h := u.house
	owner, exists, err := h.credential(ctx, e.email)
	if err != nil {
		return fmt.Errorf("register: %w", err)
	}
	return silently(ctx, h, e.request(), func(ctx context.Context, now time.Time) (letter, error) {
		if err := h.correspond(ctx, e.client, now); err != nil {
			return nil, err
		}
		invited, known, err := u.accept(ctx, e, now)
		if err != nil {
			return nil, err
		}
		if err := h.take(ctx, e.handle); err != nil {
			return nil, err
		}
		posting, err := h.mayPost(ctx, attempt{key: e.email.Key(), account: owner.Account, by: e.client}, now)
		if err != nil {
			return nil, err
		}
		post := func() { h.letters.AlreadyRegistered(owner.Email, owner.Handle) }
		if !exists {
			if post, err = u.enrol(ctx, e, invited, known, now); err != nil {
				return nil, err
			}
		}
		if !posting {
			return nil, nil
		}
		return post, nil
	})
}

// accept uses the invitation up, if there is one. known says that it was sent to the address.
func (u *Register) accept(ctx context.Context, e entrant, now time.Time) (invited, known bool, err error) {
	if e.invitation == nil {
		return false, false, nil
	}
	invitation, err := u.invitation(ctx, e)
	if err != nil {
		return false, false, err
	}
	known, err = invitation.Accept(e.invitation.secret, e.email, e.id, now)
	return true, known, err
}

// enrol makes the member and returns the letter that he gets; nil if there is nothing to tell.
func (u *Register) enrol(ctx context.Context, e entrant, invited, known bool, now time.Time) (letter, error) {
	h := u.house
	account, err := h.enrol(ctx, domain.Registration{
		ID: e.id, Email: e.email, PasswordHash: e.hash, Verified: known,
		Pending: h.policy.Registration == RegistrationApproval && !invited,
	}, e.handle, now)
	if err != nil || known {
		return nil, err
	}
	if err := account.Send(domain.PurposeVerify, e.token, e.email, now); err != nil {
		return nil, err
	}
	return func() {
		h.letters.VerifyEmail(e.email.String(), e.handle.String(), domain.MailedText(e.id, e.token))
	}, nil
}

// request is the command without its password.
func (e entrant) request() request {
	body := struct {
		Email, Handle string
		Invitation    uuid.UUID
	}{Email: e.email.Key(), Handle: e.handle.String()}
	if e.invitation != nil {
		body.Invitation = e.invitation.id
	}
	return request{operation: "register", key: e.key, body: body}
}
