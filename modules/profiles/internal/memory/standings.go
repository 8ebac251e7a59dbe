package memory

import (
	"context"

	"github.com/google/uuid"

	"github.com/gavelhq/gavel/modules/profiles/internal/app"
	"github.com/gavelhq/gavel/modules/profiles/internal/domain"
	"github.com/gavelhq/gavel/platform/uow"
)

// Standings is the app.Standings and the app.Recipients. It tells what is committed; what the unit's own commands have changed is not seen here.
//
// It does not join the unit: a unit that only asks has nothing to commit here, and needs no lock for it.
type Standings struct {
	store    *Store
	accounts *uow.Repository[*domain.Account, domain.Event] // knows whether there is a unit
}

var (
	_ app.Standings  = (*Standings)(nil)
	_ app.Recipients = (*Standings)(nil)
)

// NewStandings returns the standings of store.
func NewStandings(store *Store) *Standings {
	return &Standings{store: store, accounts: NewAccounts(store, unpublished[*domain.Account])}
}

// Standing returns the member's status, whether the address is verified, and whether other has blocked him. Errors:
// uow.ErrNoUnit, uow.ErrEnded.
func (s *Standings) Standing(ctx context.Context, member, other uuid.UUID) (r app.StandingRecord, ok bool, err error) {
	if _, err := s.accounts.AllPending(ctx); err != nil {
		return app.StandingRecord{}, false, err
	}
	s.store.db.Read(func() {
		var account *domain.Account
		if account, ok = s.store.accounts.Find(member); !ok {
			return
		}
		_, blocked := s.store.blocks.Find(domain.BlockID(other, member))
		state := account.State()
		r = app.StandingRecord{Status: state.Status, Verified: !state.VerifiedAt.IsZero(), BlockedByOther: blocked}
	})
	return r, ok, nil
}

// Duties returns the member's status and roles. Errors: uow.ErrNoUnit, uow.ErrEnded.
func (s *Standings) Duties(ctx context.Context, member uuid.UUID) (r app.DutiesRecord, ok bool, err error) {
	if _, err := s.accounts.AllPending(ctx); err != nil {
		return app.DutiesRecord{}, false, err
	}
	s.store.db.Read(func() {
		var account *domain.Account
		if account, ok = s.store.accounts.Find(member); ok {
			r = app.DutiesRecord{Status: account.State().Status, Roles: account.Roles()}
		}
	})
	return r, ok, nil
}

// Recipients returns those of the members who are active. Errors: uow.ErrNoUnit, uow.ErrEnded.
func (s *Standings) Recipients(ctx context.Context, members []uuid.UUID) (map[uuid.UUID]app.RecipientRecord, error) {
	if _, err := s.accounts.AllPending(ctx); err != nil {
		return nil, err
	}
	found := map[uuid.UUID]app.RecipientRecord{}
	s.store.db.Read(func() {
		for _, id := range members {
			if r, active := s.store.recipient(id); active {
				found[id] = r
			}
		}
	})
	return found, nil
}

// recipient returns an active member. Call it inside Database.Read.
func (s *Store) recipient(id uuid.UUID) (app.RecipientRecord, bool) {
	account, registered := s.accounts.Find(id)
	profile, shown := s.profiles.Find(id)
	settings, set := s.settings.Find(id)
	if !registered || !shown || !set || account.State().Status != domain.StatusActive {
		return app.RecipientRecord{}, false
	}
	wants := settings.State()
	return app.RecipientRecord{
		Handle: profile.State().Handle, Email: account.State().Email, Verified: !account.State().VerifiedAt.IsZero(),
		Muted: wants.Muted, Unlisted: wants.Unlisted, Key: wants.Key,
	}, true
}
