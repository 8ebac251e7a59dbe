package app

import (
	"context"
	"time"

	"github.com/google/uuid"

	"github.com/gavelhq/gavel/modules/profiles/internal/domain"
	"github.com/gavelhq/gavel/modules/profiles/profilesapi"
	"github.com/gavelhq/gavel/platform/identity"
	"github.com/gavelhq/gavel/platform/page"
)

// Views answer what pages and the API show, outside units of work and without their aggregates.
type Views interface {
	// Member returns one member. Errors: domain.ErrMemberNotFound, or what the store reports.
	Member(ctx context.Context, id uuid.UUID) (MemberRecord, error)
	// MemberByHandle returns the member with that handle, whatever its case. Errors: as Member.
	MemberByHandle(ctx context.Context, handle string) (MemberRecord, error)
	// Members returns one page of the members that match the filter. Errors: page.ErrInvalidCursor, or what the store
	// reports.
	Members(ctx context.Context, filter MemberFilter, request page.Request) (page.Of[MemberRecord], error)
	// Settings returns what notices the member does not want, and their version. Errors: domain.ErrMemberNotFound, or what
	// the store reports.
	Settings(ctx context.Context, member uuid.UUID) (SettingsRecord, error)
	// Sessions returns one page of the member's sessions that are valid at the instant now, the newest first. Errors: as
	// Members.
	Sessions(ctx context.Context, member uuid.UUID, now time.Time, request page.Request) (page.Of[SessionRecord], error)
	// Tokens returns one page of the member's API tokens, expired ones included, the newest first. Those of an earlier epoch
	// are gone. Errors: as Members.
	Tokens(ctx context.Context, member uuid.UUID, request page.Request) (page.Of[TokenRecord], error)
	// CountTokens returns, inside the unit of work in ctx, how many those are that are committed. Errors: uow.ErrNoUnit,
	// uow.ErrEnded, uow.ErrConflict, or what the store reports.
	CountTokens(ctx context.Context, member uuid.UUID) (int, error)
	// Blocks returns one page of the members that this one has blocked, the newest first. Errors: as Members.
	Blocks(ctx context.Context, owner uuid.UUID, request page.Request) (page.Of[BlockRecord], error)
	// Invitations returns one page of the invitations, the newest first. Errors: as Members.
	Invitations(ctx context.Context, request page.Request) (page.Of[InvitationRecord], error)
	// Notices returns one page of the member's notices that are listed, the newest first; only those that are not read, if
	// unread. Errors: as Members.
	Notices(ctx context.Context, member uuid.UUID, unread bool, request page.Request) (page.Of[NoticeRecord], error)
	// CountUnread returns how many of those are not read, up to MaxUnread. Errors: what the store reports.
	CountUnread(ctx context.Context, member uuid.UUID) (int, error)
	// UnreadNotices returns the newest of those that are not read, at most limit. Errors: what the store reports.
	UnreadNotices(ctx context.Context, member uuid.UUID, limit int) ([]uuid.UUID, error)
	// MailDue returns the notices whose mails are to be tried next, at most limit, by time. Errors: what the store reports.
	MailDue(ctx context.Context, limit int) ([]MailDue, error)
	// Names returns the names of those of the members that exist. Errors: what the store reports.
	Names(ctx context.Context, members []uuid.UUID) (map[uuid.UUID]profilesapi.Name, error)
	// Contacts returns how those of the members that exist and are not deleted can be reached; the address is empty as long as
	// it is not verified. Errors: what the store reports.
	Contacts(ctx context.Context, members []uuid.UUID) (map[uuid.UUID]profilesapi.Contact, error)
	// Leaving returns up to limit members after the id who have asked for their deletion and are not deleted, by id.
	// Errors: what the store reports.
	Leaving(ctx context.Context, after uuid.UUID, limit int) ([]uuid.UUID, error)
}

// MemberRecord is a member with all that his own page and those of admins show; use cases and endpoints leave out what
// the reader may not see.
type MemberRecord struct {
	ID          uuid.UUID
	Handle      string
	DisplayName string
	About       string
	Location    string
	// Email is empty once deleted.
	Email  string
	Status domain.Status
	// VerifiedAt is zero before the address was verified.
	VerifiedAt time.Time
	// Roles are the granted ones, sorted, without identity.Member.
	Roles []identity.Role
	// RegisteredAt is when.
	RegisteredAt time.Time
	// LeavingSince and GraceStartedAt are zero unless the member is leaving.
	LeavingSince, GraceStartedAt time.Time
	// AuctionsWon and AuctionsSold count the listings that the member has won, and sold to others. They stay when he is
	// deleted, as outcomes do.
	AuctionsWon, AuctionsSold int
	// AccountVersion and ProfileVersion count the commands that changed each.
	AccountVersion, ProfileVersion int64
}

// MemberSort is the order of the member list. Equal keys are ordered by id, in the same direction.
type MemberSort string

// The orders.
const (
	SortNewest     MemberSort = "newest"
	SortOldest     MemberSort = "oldest"
	SortHandle     MemberSort = "handle"
	SortHandleDown MemberSort = "-handle"
)

// MemberFilter narrows the member list; the zero value lists all, deleted ones included, the newest first. All conditions
// must hold.
type MemberFilter struct {
	// Prefix keeps members whose handle or lower-cased display name begins with it, without case. (ASCII case only: a store
	// must compare strings.ToLower of the text as Go does; keep a lower-cased column.)
	Prefix string
	// Email keeps the member with exactly this address, without case.
	Email string
	// Statuses keeps members in one of these; empty is any.
	Statuses []domain.Status
	// Role keeps members to whom it was granted; empty is any.
	Role identity.Role
	// Verified keeps those who are, or are not, verified; nil is both.
	Verified *bool
	// Leaving keeps those who asked for their deletion.
	Leaving bool
	// RegisteredFrom and RegisteredBefore keep From <= registration < Before; zero is no bound.
	RegisteredFrom, RegisteredBefore time.Time
	// Sort is the order; empty is SortNewest.
	Sort MemberSort
}

// SettingsRecord is what notices a member wants.
type SettingsRecord struct {
	// Muted are the kinds that are not mailed, Unlisted those that are not listed, sorted.
	Muted, Unlisted []domain.NoticeKind
	Version         int64
}

// MaxUnread is as far as unread notices are counted: more than that is many.
const MaxUnread = 1000

// NoticeRecord is a notice as its member sees it.
type NoticeRecord struct {
	ID   uuid.UUID
	News domain.News
	// ReadAt is zero for one that is not read.
	ReadAt time.Time
}

// SessionRecord is a session as its member sees it.
type SessionRecord struct {
	ID                           uuid.UUID
	CreatedAt, SeenAt, ExpiresAt time.Time
	// Client is the network that signed in, UserAgent what the browser called itself.
	Client, UserAgent string
}

// TokenRecord is an API token as its member sees it.
type TokenRecord struct {
	ID     uuid.UUID
	Name   string
	Scopes []string
	// ExpiresAt is zero for never, SeenAt before the first use.
	CreatedAt, ExpiresAt, SeenAt time.Time
}

// BlockRecord is a blocked member.
type BlockRecord struct {
	Member uuid.UUID
	Handle string
	At     time.Time
}

// InvitationRecord is an invitation as admins see it.
type InvitationRecord struct {
	ID      uuid.UUID
	Email   string
	Inviter uuid.UUID
	// UsedBy is zero before it was used.
	CreatedAt, ExpiresAt time.Time
	UsedBy               uuid.UUID
}
