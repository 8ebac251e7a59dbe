package memory

import (
	"bytes"
	"context"
	"slices"
	"strings"

	"github.com/google/uuid"

	"github.com/gavelhq/gavel/modules/profiles/internal/app"
	"github.com/gavelhq/gavel/modules/profiles/internal/domain"
	"github.com/gavelhq/gavel/modules/profiles/profilesapi"
	"github.com/gavelhq/gavel/platform/page"
)

// Views is the app.Views. It looks at everything for every list, which is good enough for what fits into memory.
type Views struct{ store *Store }

var _ app.Views = (*Views)(nil)

// NewViews returns the views of store.
func NewViews(store *Store) *Views { return &Views{store} }

// tally is how many listings a member has won and sold.
type tally struct{ won, sold int }

// tallies returns the tally of everybody who has one. Call it inside Database.Read.
func (s *Store) tallies() map[uuid.UUID]tally {
	tallies := map[uuid.UUID]tally{}
	for _, sale := range s.sales.All() {
		state := sale.State()
		winner := tallies[state.Winner]
		winner.won++
		tallies[state.Winner] = winner
		seller := tallies[state.Seller]
		seller.sold++
		tallies[state.Seller] = seller
	}
	return tallies
}

// record returns a member as he is shown. Call it inside Database.Read.
func (s *Store) record(id uuid.UUID, tallies map[uuid.UUID]tally) (app.MemberRecord, bool) {
	account, registered := s.accounts.Find(id)
	profile, shown := s.profiles.Find(id)
	if !registered || !shown {
		return app.MemberRecord{}, false
	}
	a, p := account.State(), profile.State()
	return app.MemberRecord{
		ID: id, Handle: p.Handle, DisplayName: p.DisplayName, About: p.About, Location: p.Location, Email: a.Email,
		Status: a.Status, VerifiedAt: a.VerifiedAt, Roles: a.Roles, RegisteredAt: a.CreatedAt, LeavingSince: a.LeavingSince,
		GraceStartedAt: a.GraceStartedAt, AuctionsWon: tallies[id].won, AuctionsSold: tallies[id].sold,
		AccountVersion: a.Version, ProfileVersion: p.Version,
	}, true
}

// Member returns one member. Errors: domain.ErrMemberNotFound.
func (v *Views) Member(_ context.Context, id uuid.UUID) (m app.MemberRecord, err error) {
	v.store.db.Read(func() {
		var found bool
		if m, found = v.store.record(id, v.store.tallies()); !found {
			err = domain.ErrMemberNotFound
		}
	})
	return m, err
}

// MemberByHandle returns the member with that handle, whatever its case. Errors: domain.ErrMemberNotFound.
func (v *Views) MemberByHandle(_ context.Context, handle string) (m app.MemberRecord, err error) {
	v.store.db.Read(func() {
		profile, found := v.store.profiles.byKey(strings.ToLower(handle))
		if found {
			m, found = v.store.record(profile.ID(), v.store.tallies())
		}
		if !found {
			err = domain.ErrMemberNotFound
		}
	})
	return m, err
}

// Members returns one page of the members that match the filter. Errors: page.ErrInvalidCursor.
func (v *Views) Members(
	_ context.Context, filter app.MemberFilter, request page.Request,
) (page.Of[app.MemberRecord], error) {
	order := filter.Order()
	after, resumed, err := order.ReadCursor(request.Cursor)
	if err != nil {
		return page.Of[app.MemberRecord]{}, err
	}
	var matches []app.MemberRecord
	v.store.db.Read(func() {
		tallies := v.store.tallies()
		for id := range v.store.accounts.All() {
			m, shown := v.store.record(id, tallies)
			if shown && matching(filter, m) && !(resumed && order.Compare(m.Key(order), after) <= 0) {
				matches = append(matches, m)
			}
		}
	})
	slices.SortFunc(matches, func(a, b app.MemberRecord) int { return order.Compare(a.Key(order), b.Key(order)) })
	return page.Cut(request, matches, order.Cursor), nil
}

// matching reports whether the member belongs to the list.
func matching(f app.MemberFilter, m app.MemberRecord) bool {
	prefix := strings.ToLower(f.Prefix)
	switch {
	case !strings.HasPrefix(m.Handle, prefix) && !strings.HasPrefix(strings.ToLower(m.DisplayName), prefix):
	case f.Email != "" && domain.RestoreEmail(m.Email).Key() != domain.RestoreEmail(f.Email).Key():
	case len(f.Statuses) > 0 && !slices.Contains(f.Statuses, m.Status):
	case f.Role != "" && !slices.Contains(m.Roles, f.Role):
	case f.Verified != nil && *f.Verified == m.VerifiedAt.IsZero():
	case f.Leaving && m.LeavingSince.IsZero():
	case !f.RegisteredFrom.IsZero() && m.RegisteredAt.Before(f.RegisteredFrom):
	case !f.RegisteredBefore.IsZero() && !m.RegisteredAt.Before(f.RegisteredBefore):
	default:
		return true
	}
	return false
}

// Settings returns what notices the member does not want. Errors: domain.ErrMemberNotFound.
func (v *Views) Settings(_ context.Context, member uuid.UUID) (s app.SettingsRecord, err error) {
	v.store.db.Read(func() {
		settings, found := v.store.settings.Find(member)
		if !found {
			err = domain.ErrMemberNotFound
			return
		}
		state := settings.State()
		s = app.SettingsRecord{Muted: state.Muted, Unlisted: state.Unlisted, Version: state.Version}
	})
	return s, err
}

// Names returns the names of those of the members that exist. Errors: none.
func (v *Views) Names(_ context.Context, members []uuid.UUID) (map[uuid.UUID]profilesapi.Name, error) {
	names := map[uuid.UUID]profilesapi.Name{}
	v.store.db.Read(func() {
		for _, id := range members {
			if profile, found := v.store.profiles.Find(id); found {
				s := profile.State()
				names[id] = profilesapi.Name{Handle: s.Handle, DisplayName: s.DisplayName}
			}
		}
	})
	return names, nil
}

// Contacts returns how those of the members that exist and are not deleted can be reached. Errors: none.
func (v *Views) Contacts(_ context.Context, members []uuid.UUID) (map[uuid.UUID]profilesapi.Contact, error) {
	contacts := map[uuid.UUID]profilesapi.Contact{}
	v.store.db.Read(func() {
		for _, id := range members {
			account, registered := v.store.accounts.Find(id)
			profile, shown := v.store.profiles.Find(id)
			if !registered || !shown || account.State().Status == domain.StatusDeleted {
				continue
			}
			p := profile.State()
			contact := profilesapi.Contact{Name: profilesapi.Name{Handle: p.Handle, DisplayName: p.DisplayName}}
			if a := account.State(); !a.VerifiedAt.IsZero() {
				contact.Email = a.Email
			}
			contacts[id] = contact
		}
	})
	return contacts, nil
}

// Leaving returns members who have asked for their deletion and are not deleted. Errors: none.
func (v *Views) Leaving(_ context.Context, after uuid.UUID, limit int) ([]uuid.UUID, error) {
	leaving := states(v.store.accounts, (*domain.Account).State, func(s domain.AccountState) bool {
		return !s.LeavingSince.IsZero() && s.Status != domain.StatusDeleted && compareIDs(s.ID, after) > 0
	})
	slices.SortFunc(leaving, func(a, b domain.AccountState) int { return compareIDs(a.ID, b.ID) })
	var ids []uuid.UUID
	for _, s := range leaving[:min(len(leaving), max(limit, 0))] {
		ids = append(ids, s.ID)
	}
	return ids, nil
}

// compareIDs orders ids as every store does.
func compareIDs(a, b uuid.UUID) int { return bytes.Compare(a[:], b[:]) }
