package app

import (
	"context"

	"github.com/google/uuid"

	"github.com/gavelhq/gavel/platform/identity"
)

// MemberPage shows one member.
type MemberPage struct{ views Views }

// NewMemberPage returns the query.
func NewMemberPage(views Views) *MemberPage { return &MemberPage{views: views} }

// Member returns the member as the caller may see him: himself and who may read members see everything, others see
// the profile alone, all else being zero. Errors: domain.ErrMemberNotFound, also for one who is not verified or not
// yet approved; what the store reports.
func (q *MemberPage) Member(ctx context.Context, by identity.Caller, id uuid.UUID) (MemberRecord, error) {
	return MemberRecord{}, errLater
}

// ByHandle returns the member with that handle, whatever its case. Errors: as Member.
func (q *MemberPage) ByHandle(ctx context.Context, by identity.Caller, handle string) (MemberRecord, error) {
	return MemberRecord{}, errLater
}
