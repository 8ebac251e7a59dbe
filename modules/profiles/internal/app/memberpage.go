package app

import (
	"context"
	"time"

	"github.com/google/uuid"

	"github.com/gavelhq/gavel/modules/profiles/internal/domain"
	"github.com/gavelhq/gavel/modules/profiles/profilesapi"
	"github.com/gavelhq/gavel/platform/identity"
)

// MemberPage shows one member.
type MemberPage struct{ views Views }

// NewMemberPage returns the query.
func NewMemberPage(views Views) *MemberPage { return &MemberPage{views: views} }

// Member returns the member as the caller may see him: himself and who may read members see everything; others see the
// profile alone, and all else is zero. Errors: domain.ErrMemberNotFound, also for one who is not verified or not yet
// approved; what the store reports.
func (q *MemberPage) Member(ctx context.Context, by identity.Caller, id uuid.UUID) (MemberRecord, error) {
	found, err := q.views.Member(ctx, id)
	return seenBy(by, found, err)
}

// ByHandle returns the member with that handle, whatever its case. Errors: as Member.
func (q *MemberPage) ByHandle(ctx context.Context, by identity.Caller, handle string) (MemberRecord, error) {
	found, err := q.views.MemberByHandle(ctx, handle)
	return seenBy(by, found, err)
}

// seenBy leaves out what the caller may not see.
func seenBy(by identity.Caller, m MemberRecord, err error) (MemberRecord, error) {
	switch {
	case err != nil:
		return MemberRecord{}, err
	case by.ID == m.ID && by.May(profilesapi.ReadOwn), by.May(profilesapi.ReadMembers):
		return m, nil
	case !shown(m.Status, m.VerifiedAt):
		return MemberRecord{}, domain.ErrMemberNotFound
	}
	public := MemberRecord{
		ID: m.ID, Handle: m.Handle, DisplayName: m.DisplayName, About: m.About, Location: m.Location,
		RegisteredAt: m.RegisteredAt, AuctionsWon: m.AuctionsWon, AuctionsSold: m.AuctionsSold, ProfileVersion: m.ProfileVersion,
	}
	if m.Status == domain.StatusDeleted {
		public.Status = m.Status
	}
	return public, nil
}

// shown reports whether others may know of a member: of one who has proved to have the address and may come in, or who
// could once. Of a deleted one a pseudonym is left.
func shown(status domain.Status, verifiedAt time.Time) bool {
	return status == domain.StatusDeleted || status != domain.StatusPending && !verifiedAt.IsZero()
}
