package contract

import (
	"bytes"
	"cmp"
	"context"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"

	"github.com/gavelhq/gavel/modules/profiles/internal/app"
	"github.com/gavelhq/gavel/modules/profiles/internal/domain"
	"github.com/gavelhq/gavel/platform/page"
)

// What views have to answer, computed from stored states without regard to speed, and without the code that the stores
// may share.

// records returns the members as they should be shown, from their aggregates.
func (s *subject) records(t *testing.T, ids []uuid.UUID) []app.MemberRecord {
	t.Helper()
	var all []app.MemberRecord
	s.must(t, func(ctx context.Context) error {
		all = nil
		for _, id := range ids {
			account, err := s.Accounts.Get(ctx, id)
			if err != nil {
				return err
			}
			profile, err := s.Profiles.Get(ctx, id)
			if err != nil {
				return err
			}
			a, p := account.State(), profile.State()
			won, sold, err := s.figures(ctx, id)
			if err != nil {
				return err
			}
			all = append(all, app.MemberRecord{
				ID: id, Handle: p.Handle, DisplayName: p.DisplayName, About: p.About, Location: p.Location, Email: a.Email,
				Status: a.Status, VerifiedAt: a.VerifiedAt, Roles: a.Roles, RegisteredAt: a.CreatedAt,
				LeavingSince: a.LeavingSince, GraceStartedAt: a.GraceStartedAt, AuctionsWon: won, AuctionsSold: sold,
				AccountVersion: a.Version, ProfileVersion: p.Version,
			})
		}
		return nil
	})
	return all
}

// figures counts what the member has won and sold.
func (s *subject) figures(ctx context.Context, member uuid.UUID) (won, sold int, err error) {
	for _, listing := range s.sold {
		sale, err := s.Sales.Get(ctx, listing)
		if err != nil {
			return 0, 0, err
		}
		if sale.State().Winner == member {
			won++
		}
		if sale.State().Seller == member {
			sold++
		}
	}
	return won, sold, nil
}

// expectedMembers is everything that belongs to a list, in its order.
func expectedMembers(all []app.MemberRecord, f app.MemberFilter) []app.MemberRecord {
	var listed []app.MemberRecord
	for _, m := range all {
		if listedIn(f, m) {
			listed = append(listed, m)
		}
	}
	slices.SortFunc(listed, func(a, b app.MemberRecord) int {
		switch f.Sort {
		case app.SortHandle:
			return strings.Compare(a.Handle, b.Handle)
		case app.SortHandleDown:
			return strings.Compare(b.Handle, a.Handle)
		case app.SortOldest:
			return byRegistration(a, b)
		default:
			return byRegistration(b, a)
		}
	})
	return listed
}

func byRegistration(a, b app.MemberRecord) int {
	if c := a.RegisteredAt.Compare(b.RegisteredAt); c != 0 {
		return c
	}
	return bytes.Compare(a.ID[:], b.ID[:])
}

func listedIn(f app.MemberFilter, m app.MemberRecord) bool {
	begins := func(text string) bool { return strings.HasPrefix(strings.ToLower(text), strings.ToLower(f.Prefix)) }
	listed := begins(m.Handle) || begins(m.DisplayName)
	if f.Email != "" {
		listed = listed && domain.RestoreEmail(m.Email).Key() == domain.RestoreEmail(f.Email).Key()
	}
	if len(f.Statuses) > 0 {
		listed = listed && slices.Contains(f.Statuses, m.Status)
	}
	if f.Role != "" {
		listed = listed && slices.Contains(m.Roles, f.Role)
	}
	if f.Verified != nil {
		listed = listed && *f.Verified == !m.VerifiedAt.IsZero()
	}
	if f.Leaving {
		listed = listed && !m.LeavingSince.IsZero()
	}
	if !f.RegisteredFrom.IsZero() {
		listed = listed && !m.RegisteredAt.Before(f.RegisteredFrom)
	}
	if !f.RegisteredBefore.IsZero() {
		listed = listed && m.RegisteredAt.Before(f.RegisteredBefore)
	}
	return listed
}

// expectedCursor is what every store answers after a page that ends with the member.
func expectedCursor(order app.MemberSort, m app.MemberRecord) page.Cursor {
	type byTime struct {
		At int64     `json:"at"`
		ID uuid.UUID `json:"id"`
	}
	type byHandle struct {
		Handle string `json:"handle"`
		byTime
	}
	switch order {
	case app.SortHandle, app.SortHandleDown:
		return page.Encode("members/"+string(order), byHandle{Handle: m.Handle})
	default:
		return page.Encode("members/"+string(cmp.Or(order, app.SortNewest)), byTime{At: m.RegisteredAt.UnixMicro(), ID: m.ID})
	}
}

// allStatuses are what an account can be in.
var allStatuses = []domain.Status{domain.StatusPending, domain.StatusActive, domain.StatusSuspended, domain.StatusDeleted}
