package domain

import (
	"time"

	"github.com/google/uuid"
)

// InvitationLifetime is how long an invitation waits for its guest.
const InvitationLifetime = 14 * 24 * time.Hour

// Invitation lets one person register where registration needs one. Its text is written like that of a mailed token, with
// the invitation's id as the owner.
type Invitation struct {
	record
	state InvitationState
}

// InvitationState is an invitation as plain data for mappers.
type InvitationState struct {
	ID      uuid.UUID
	Version int64
	// Hash is that of the secret, Email the address that it was sent to.
	Hash  Hash
	Email string
	// Inviter is who invited; zero for the operator.
	Inviter uuid.UUID
	// CreatedAt is when, ExpiresAt when it ends.
	CreatedAt, ExpiresAt time.Time
	// UsedBy is who has registered with it; zero before.
	UsedBy uuid.UUID
}

// Invite returns an invitation for the address.
func Invite(id uuid.UUID, secret Secret, email Email, inviter uuid.UUID, now time.Time) *Invitation {
	now = micros(now)
	return &Invitation{
		record: record{id: id, changed: true},
		state: InvitationState{
			ID: id, Hash: secret.Hash(), Email: email.String(), Inviter: inviter, CreatedAt: now, ExpiresAt: now.Add(InvitationLifetime),
		},
	}
}

// RestoreInvitation returns the invitation as it was stored, unchecked.
func RestoreInvitation(s InvitationState) *Invitation {
	return &Invitation{record: record{id: s.ID, version: s.Version}, state: s}
}

// State returns the invitation as plain data.
func (i *Invitation) State() InvitationState {
	state := i.state
	state.Version = i.version
	return state
}

// Snapshot returns an independent copy.
func (i *Invitation) Snapshot() *Invitation { c := *i; return &c }

// Check tells whether the invitation can be used. Errors: ErrInvalidInvitation.
func (i *Invitation) Check(secret Secret, now time.Time) error {
	if !i.state.Hash.Equal(secret.Hash()) || i.state.UsedBy != uuid.Nil || !micros(now).Before(i.state.ExpiresAt) {
		return ErrInvalidInvitation
	}
	return nil
}

// Accept uses the invitation up for the member who registers with the address. Whether the address counts as verified,
// because the letter went there, is what it returns. Errors: ErrInvalidInvitation.
func (i *Invitation) Accept(secret Secret, email Email, member uuid.UUID, now time.Time) (verified bool, err error) {
	if err := i.Check(secret, now); err != nil {
		return false, err
	}
	i.state.UsedBy = member
	i.changed = true
	return RestoreEmail(i.state.Email).Key() == email.Key(), nil
}
