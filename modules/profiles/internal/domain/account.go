package domain

import (
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/gavelhq/gavel/platform/identity"
)

// Status is where an account stands.
type Status string

// The statuses.
const (
	StatusPending   Status = "pending" // waits for an admin's approval
	StatusActive    Status = "active"
	StatusSuspended Status = "suspended"
	StatusDeleted   Status = "deleted" // pseudonymised; nothing of the person is left
)

// Account is what a member signs in with, and what he may do. Its public side is the Profile under the same id.
type Account struct {
	record
	email          Email
	passwordHash   string
	status         Status
	verifiedAt     time.Time
	roles          []identity.Role
	sessionEpoch   int64
	tokenEpoch     int64
	mailed         []MailedToken
	createdAt      time.Time
	leavingSince   time.Time
	graceStartedAt time.Time
}

// AccountState is an account as plain data for mappers.
type AccountState struct {
	// ID is the member's, Version the number of commands that changed the account.
	ID      uuid.UUID
	Version int64
	// Email is the address as it was written; empty once deleted.
	Email string
	// PasswordHash is in the hasher's own notation; empty once deleted.
	PasswordHash string
	Status       Status
	// VerifiedAt is when the address was known to be the member's; zero before.
	VerifiedAt time.Time
	// Roles are the granted ones, sorted, without identity.Member.
	Roles []identity.Role
	// SessionEpoch and TokenEpoch number the times that all sessions, all tokens were ended: one that was made in an
	// earlier epoch is worth nothing.
	SessionEpoch, TokenEpoch int64
	// Mailed are the tokens that were sent and not used, by purpose.
	Mailed []MailedToken
	// CreatedAt is when the member registered.
	CreatedAt time.Time
	// LeavingSince is when the deletion was asked for, GraceStartedAt when the last obligation was seen to have ended;
	// zero otherwise.
	LeavingSince, GraceStartedAt time.Time
}

// Registration is what a new account is made of.
type Registration struct {
	ID           uuid.UUID
	Email        Email
	PasswordHash string
	// Pending says that an admin has to approve it, Verified that the address is known to be the member's.
	Pending, Verified bool
	// Roles are granted at once: those of the first admin.
	Roles []identity.Role
	// By is who registered somebody else; zero for oneself.
	By uuid.UUID
}

// Register returns a new account.
func Register(r Registration, now time.Time) *Account {
	a := &Account{
		record:       record{id: r.ID, changed: true},
		email:        r.Email,
		passwordHash: r.PasswordHash,
		status:       StatusActive,
		roles:        sortedRoles(r.Roles),
		createdAt:    micros(now),
	}
	if r.Pending {
		a.status = StatusPending
	}
	if r.Verified {
		a.verifiedAt = micros(now)
	}
	a.happened(EventRegistered, r.By, now)
	return a
}

// RestoreAccount returns the account as it was stored, unchecked.
func RestoreAccount(s AccountState) *Account {
	return &Account{
		record:         record{id: s.ID, version: s.Version},
		email:          RestoreEmail(s.Email),
		passwordHash:   s.PasswordHash,
		status:         s.Status,
		verifiedAt:     s.VerifiedAt,
		roles:          slices.Clone(s.Roles),
		sessionEpoch:   s.SessionEpoch,
		tokenEpoch:     s.TokenEpoch,
		mailed:         slices.Clone(s.Mailed),
		createdAt:      s.CreatedAt,
		leavingSince:   s.LeavingSince,
		graceStartedAt: s.GraceStartedAt,
	}
}

// State returns the account as plain data.
func (a *Account) State() AccountState {
	return AccountState{
		ID:             a.id,
		Version:        a.version,
		Email:          a.email.String(),
		PasswordHash:   a.passwordHash,
		Status:         a.status,
		VerifiedAt:     a.verifiedAt,
		Roles:          slices.Clone(a.roles),
		SessionEpoch:   a.sessionEpoch,
		TokenEpoch:     a.tokenEpoch,
		Mailed:         slices.Clone(a.mailed),
		CreatedAt:      a.createdAt,
		LeavingSince:   a.leavingSince,
		GraceStartedAt: a.graceStartedAt,
	}
}

// Snapshot returns an independent copy.
func (a *Account) Snapshot() *Account {
	c := *a
	c.roles, c.mailed, c.events = slices.Clone(a.roles), slices.Clone(a.mailed), slices.Clone(a.events)
	return &c
}

// Email returns the address.
func (a *Account) Email() Email { return a.email }

// PasswordHash returns the hash in the hasher's own notation; empty once deleted.
func (a *Account) PasswordHash() string { return a.passwordHash }

// Verified reports whether the address is known to be the member's.
func (a *Account) Verified() bool { return !a.verifiedAt.IsZero() }

// Roles returns a copy of the granted roles, sorted, without identity.Member.
func (a *Account) Roles() []identity.Role { return slices.Clone(a.roles) }

// MaySignIn returns nil when who knows the password may come in. As long as the address is not verified, nobody may, and
// is told no more than for a wrong password: whoever registers an address would learn by signing in whether it was free.
// Errors: ErrApprovalPending, ErrSuspended; ErrWrongCredentials for an account that is not verified, or deleted.
func (a *Account) MaySignIn() error {
	switch {
	case a.status == StatusDeleted, !a.Verified():
		return ErrWrongCredentials
	case a.status == StatusPending:
		return ErrApprovalPending
	case a.status == StatusSuspended:
		return ErrSuspended
	default:
		return nil
	}
}

// Send remembers that a token for the purpose was sent to the address. Errors: ErrNotActive for a suspended or deleted
// account.
func (a *Account) Send(purpose Purpose, secret Secret, to Email, now time.Time) error {
	if a.status != StatusActive && a.status != StatusPending {
		return ErrNotActive
	}
	a.forget(purpose)
	a.mailed = append(a.mailed, MailedToken{
		Purpose: purpose, Hash: secret.Hash(), Email: to.String(), ExpiresAt: micros(now).Add(purpose.Lifetime()),
	})
	slices.SortFunc(a.mailed, func(x, y MailedToken) int { return compareText(string(x.Purpose), string(y.Purpose)) })
	a.changed = true
	return nil
}

// Expects reports whether a token that was sent for the purpose is still good. It consumes nothing: ask before work that
// only the owner of the letter is worth.
func (a *Account) Expects(purpose Purpose, secret Secret, now time.Time) bool {
	_, err := a.Snapshot().use(purpose, secret, now)
	return err == nil && (a.status == StatusActive || a.status == StatusPending)
}

// Awaits reports whether a token that was sent for the purpose can still be used.
func (a *Account) Awaits(purpose Purpose, now time.Time) bool {
	return slices.ContainsFunc(a.mailed, func(t MailedToken) bool {
		return t.Purpose == purpose && micros(now).Before(t.ExpiresAt)
	})
}

// use consumes the token. Errors: ErrInvalidMailedToken.
func (a *Account) use(purpose Purpose, secret Secret, now time.Time) (MailedToken, error) {
	for _, t := range a.mailed {
		if t.Purpose == purpose && t.Hash.Equal(secret.Hash()) && micros(now).Before(t.ExpiresAt) {
			a.forget(purpose)
			return t, nil
		}
	}
	return MailedToken{}, ErrInvalidMailedToken
}

// forget drops the token for the purpose, if there is one.
func (a *Account) forget(purpose Purpose) {
	n := len(a.mailed)
	a.mailed = slices.DeleteFunc(a.mailed, func(t MailedToken) bool { return t.Purpose == purpose })
	a.changed = a.changed || len(a.mailed) != n
}

// VerifyEmail shows by the mailed token that the address is the member's. Errors: ErrInvalidMailedToken, also when the
// address has changed since the token was sent.
func (a *Account) VerifyEmail(secret Secret, now time.Time) error {
	if a.status == StatusDeleted || a.status == StatusSuspended {
		return ErrInvalidMailedToken
	}
	token, err := a.use(PurposeVerify, secret, now)
	if err != nil {
		return err
	}
	if token.Email != a.email.String() {
		return ErrInvalidMailedToken
	}
	a.verify(a.id, now)
	return nil
}

// MarkVerified takes an admin's word for it. Errors: ErrAlreadyVerified, ErrMemberNotFound once deleted.
func (a *Account) MarkVerified(by uuid.UUID, now time.Time) error {
	switch {
	case a.status == StatusDeleted:
		return ErrMemberNotFound
	case !a.verifiedAt.IsZero():
		return ErrAlreadyVerified
	}
	a.forget(PurposeVerify)
	a.verify(by, now)
	return nil
}

func (a *Account) verify(by uuid.UUID, now time.Time) {
	if !a.verifiedAt.IsZero() {
		return
	}
	a.verifiedAt = micros(now)
	a.changed = true
	a.happened(EventVerified, by, now)
}

// ResetPassword sets the password by the mailed token and ends every session and every API token: whoever resets it may
// have lost the account to somebody else, or never have had it. Whoever got the letter has the address, so it is verified,
// too. Errors: ErrInvalidMailedToken.
func (a *Account) ResetPassword(secret Secret, hash string, now time.Time) error {
	if a.status == StatusDeleted || a.status == StatusSuspended {
		return ErrInvalidMailedToken
	}
	token, err := a.use(PurposeReset, secret, now)
	if err != nil {
		return err
	}
	if token.Email != a.email.String() {
		return ErrInvalidMailedToken
	}
	a.tokenEpoch++
	a.verify(a.id, now)
	a.setPassword(hash, a.id, now)
	return nil
}

// ChangePassword sets the password and ends every session; the use case has checked the old one, and renews the session
// that it was asked from. Links that would set a password or an address end, too. Errors: ErrNotActive.
func (a *Account) ChangePassword(hash string, by uuid.UUID, now time.Time) error {
	if a.status == StatusDeleted {
		return ErrNotActive
	}
	a.setPassword(hash, by, now)
	return nil
}

// OverridePassword sets the password for a member who does not know it, or not alone, and ends every session and every API
// token. Errors: ErrNotActive once deleted.
func (a *Account) OverridePassword(hash string, now time.Time) error {
	if a.status == StatusDeleted {
		return ErrNotActive
	}
	a.tokenEpoch++
	a.setPassword(hash, uuid.Nil, now)
	return nil
}

func (a *Account) setPassword(hash string, by uuid.UUID, now time.Time) {
	a.passwordHash = hash
	a.forget(PurposeReset)
	a.forget(PurposeChange)
	a.sessionEpoch++
	a.changed = true
	a.happened(EventSignedOut, by, now)
}

// UpgradeHash replaces the hash of the same password by one that costs more. It ends nothing.
func (a *Account) UpgradeHash(old, hash string) {
	if a.passwordHash != old || old == hash || a.status == StatusDeleted {
		return // changed meanwhile, or nothing to do
	}
	a.passwordHash = hash
	a.changed = true
}

// ChangeEmail makes the address to which the token was sent the member's. Errors: ErrInvalidMailedToken.
func (a *Account) ChangeEmail(secret Secret, now time.Time) (old Email, err error) {
	if a.status != StatusActive {
		return Email{}, ErrInvalidMailedToken
	}
	token, err := a.use(PurposeChange, secret, now)
	if err != nil {
		return Email{}, err
	}
	old, a.email = a.email, RestoreEmail(token.Email)
	a.forget(PurposeVerify)
	a.forget(PurposeReset)
	a.changed = true
	a.verify(a.id, now)
	return old, nil
}

// EndSessions ends every session of the account.
func (a *Account) EndSessions(by uuid.UUID, now time.Time) {
	a.sessionEpoch++
	a.changed = true
	a.happened(EventSignedOut, by, now)
}

// EndOne publishes that one session or token of the account has ended, so that what depends on it ends, too. The use case
// has removed it.
func (a *Account) EndOne(by uuid.UUID, now time.Time) {
	a.changed = true
	a.happened(EventSignedOut, by, now)
}

// SessionEpoch returns the epoch that a session needs to be valid.
func (a *Account) SessionEpoch() int64 { return a.sessionEpoch }

// TokenEpoch returns the epoch that an API token needs to be valid.
func (a *Account) TokenEpoch() int64 { return a.tokenEpoch }

// IssueToken allows one more API token to a member who has so many. It changes the account, though nothing of it that
// anybody sees: of two tokens that are issued at the same time, the second is counted with the first. Errors:
// ErrTooManyTokens.
func (a *Account) IssueToken(have int) error {
	if have >= MaxTokens {
		return ErrTooManyTokens
	}
	a.changed = true
	return nil
}

// Approve lets a pending member in. Errors: ErrNotPending.
func (a *Account) Approve(by uuid.UUID, now time.Time) error {
	if a.status != StatusPending {
		return ErrNotPending
	}
	a.status = StatusActive
	a.changed = true
	a.happened(EventApproved, by, now)
	return nil
}

// Suspend shuts a member out: sessions and tokens end at once and for good. Errors: ErrIsAdmin, ErrNotActive.
func (a *Account) Suspend(by uuid.UUID, now time.Time) error {
	switch {
	case a.Is(identity.Admin):
		return ErrIsAdmin
	case a.status != StatusActive:
		return ErrNotActive
	}
	a.status = StatusSuspended
	a.sessionEpoch++
	a.tokenEpoch++
	a.mailed = nil
	a.changed = true
	a.happened(EventSuspended, by, now)
	return nil
}

// Reinstate lets a suspended member in again; he has to sign in anew. Errors: ErrNotSuspended.
func (a *Account) Reinstate(by uuid.UUID, now time.Time) error {
	if a.status != StatusSuspended {
		return ErrNotSuspended
	}
	a.status = StatusActive
	a.changed = true
	a.happened(EventReinstated, by, now)
	return nil
}

// Is reports whether the role was granted.
func (a *Account) Is(role identity.Role) bool { return slices.Contains(a.roles, role) }

// Grant gives a role; granting it again changes nothing. For identity.Admin change Administrators with it: no admin is
// leaving. Errors: ErrInvalidRole, ErrNotActive, ErrLeaving.
func (a *Account) Grant(role identity.Role, by uuid.UUID, now time.Time) error {
	switch {
	case !slices.Contains(identity.Granted, role):
		return ErrInvalidRole
	case a.status != StatusActive:
		return ErrNotActive
	case a.Is(role):
		return nil
	case role == identity.Admin && !a.leavingSince.IsZero():
		return ErrLeaving
	}
	a.roles = sortedRoles(append(a.roles, role))
	a.changed = true
	a.happened(EventRolesSet, by, now)
	return nil
}

// Withdraw takes a role away; withdrawing what was not granted changes nothing. For identity.Admin change Administrators
// with it. Errors: ErrInvalidRole.
func (a *Account) Withdraw(role identity.Role, by uuid.UUID, now time.Time) error {
	switch {
	case !slices.Contains(identity.Granted, role):
		return ErrInvalidRole
	case !a.Is(role):
		return nil
	}
	a.roles = slices.DeleteFunc(a.roles, func(r identity.Role) bool { return r == role })
	a.changed = true
	a.happened(EventRolesSet, by, now)
	return nil
}

// happened records an event. The version of the command is the next one.
func (a *Account) happened(kind EventKind, by uuid.UUID, now time.Time) {
	a.events = append(a.events, Event{
		Kind: kind, Account: a.id, Seq: a.version + 1, Index: len(a.events), At: micros(now), Actor: by, Roles: slices.Clone(a.roles),
	})
}

func sortedRoles(roles []identity.Role) []identity.Role {
	sorted := slices.Clone(roles)
	slices.Sort(sorted)
	return slices.Compact(sorted)
}

func compareText(a, b string) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	default:
		return 0
	}
}
