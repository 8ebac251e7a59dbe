package app

import (
	"context"
	"time"

	"github.com/google/uuid"

	"github.com/gavelhq/gavel/modules/profiles/internal/domain"
	"github.com/gavelhq/gavel/platform/identity"
)

// Credentials find out who is meant by what somebody shows, outside units of work.
type Credentials interface {
	// ByEmail returns the account with that key of an address (domain.Email.Key). Unknown ones are answered in the same
	// time. Errors: domain.ErrMemberNotFound, or what the store reports.
	ByEmail(ctx context.Context, key string) (CredentialRecord, error)
	// BySession returns the session with that hash and its account, whether or not it is still valid. Errors:
	// domain.ErrSessionNotFound, or what the store reports.
	BySession(ctx context.Context, hash domain.Hash) (SessionHolder, error)
	// ByToken returns the API token with that hash and its account, whether or not it is still valid. Errors:
	// domain.ErrTokenNotFound, or what the store reports.
	ByToken(ctx context.Context, hash domain.Hash) (TokenHolder, error)
}

// CredentialRecord is what signing in needs to know of an account.
type CredentialRecord struct {
	Account      uuid.UUID
	Handle       string
	Email        string
	PasswordHash string
	Status       domain.Status
	Verified     bool
}

// Holder is the account behind a session or token.
type Holder struct {
	Account                  uuid.UUID
	Status                   domain.Status
	Roles                    []identity.Role
	SessionEpoch, TokenEpoch int64
}

// SessionHolder is a session and its account.
type SessionHolder struct {
	Holder
	Session domain.SessionState
}

// TokenHolder is an API token and its account.
type TokenHolder struct {
	Holder
	Token domain.APITokenState
}

// Standings tells inside a unit of work, and as that unit sees it, what a member may do in the market and in the house.
type Standings interface {
	// Standing returns the member's status, whether the address is verified, and whether other has blocked him; ok is false
	// for nobody. Errors: uow.ErrNoUnit, uow.ErrEnded, or what the store reports.
	Standing(ctx context.Context, member, other uuid.UUID) (s StandingRecord, ok bool, err error)
	// Duties returns the member's status and roles; ok is false for nobody. Errors: as Standing.
	Duties(ctx context.Context, member uuid.UUID) (d DutiesRecord, ok bool, err error)
}

// StandingRecord is what a Standings tells.
type StandingRecord struct {
	Status         domain.Status
	Verified       bool
	BlockedByOther bool
}

// DutiesRecord is which part a member has in the house.
type DutiesRecord struct {
	Status domain.Status
	// Roles are those that were granted, sorted, without identity.Member.
	Roles []identity.Role
}

// Recipients tells inside a unit of work, as it is committed, who can be told news.
type Recipients interface {
	// Recipients returns those of the members who are active, with one query. Errors: uow.ErrNoUnit, uow.ErrEnded, or what
	// the store reports.
	Recipients(ctx context.Context, members []uuid.UUID) (map[uuid.UUID]RecipientRecord, error)
}

// RecipientRecord is an active member as somebody who is told news.
type RecipientRecord struct {
	Handle string
	// Email is his address, Verified whether it is known to be his: only then something is mailed.
	Email    string
	Verified bool
	// Muted and Unlisted are the kinds that he does not want mailed and listed.
	Muted, Unlisted []domain.NoticeKind
	// Key makes the links that end mails; zero before the first.
	Key domain.Secret
}

// Leftovers forgets what has expired, each in transactions of their own.
type Leftovers interface {
	// Forget deletes, at most limit of each kind, what is of no use at the instant now: sessions and tokens that have expired
	// or are of an earlier epoch, devices that are no longer known, throttles without an attempt for a day, invitations that
	// ended 30 days ago, notices without a mail to be tried. Sessions and notices are kept as long as keep says. Of deleted
	// members go at once sessions, devices, notices and the invitation, whose address was perhaps theirs. It returns how
	// many. Errors: what the store reports.
	Forget(ctx context.Context, now time.Time, keep Keeping, limit int) (int, error)
}
