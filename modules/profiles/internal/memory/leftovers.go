package memory

import (
	"context"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/gavelhq/gavel/modules/profiles/internal/app"
	"github.com/gavelhq/gavel/modules/profiles/internal/domain"
	"github.com/gavelhq/gavel/platform/fault"
	"github.com/gavelhq/gavel/platform/uow"
)

// Leftovers is the app.Leftovers.
type Leftovers struct {
	store *Store
	work  *uow.Work
}

var _ app.Leftovers = (*Leftovers)(nil)

// NewLeftovers returns the leftovers of store.
func NewLeftovers(store *Store) *Leftovers {
	return &Leftovers{store: store, work: uow.New(nil, uow.Settings{})} // nothing is published about what is forgotten
}

// Forget deletes what is of no use at the instant now. Errors: uow.ErrBusy; what it has deleted before stays deleted.
func (l *Leftovers) Forget(ctx context.Context, now time.Time, keep app.Keeping, limit int) (int, error) {
	s := l.store
	forgotten := 0
	for _, forget := range []func(context.Context) (int, error){
		forgetting(l, NewSessions(s), s.sessions, limit, func(session *domain.Session) bool {
			state := session.State()
			early := s.endedSession(state) && (!now.Before(state.SeenAt.Add(keep.Sessions)) || s.deleted(state.Account))
			return early || !now.Before(state.ExpiresAt().Add(keep.Sessions))
		}),
		forgetting(l, NewAPITokens(s), s.tokens, limit, func(token *domain.APIToken) bool {
			state := token.State()
			return !state.ExpiresAt.IsZero() && !now.Before(state.ExpiresAt) || s.endedToken(state)
		}),
		forgetting(l, NewDevices(s), s.devices, limit, func(d *domain.Device) bool {
			state := d.State()
			return !state.KnownAt(now) || s.deleted(state.Account)
		}),
		forgetting(l, NewThrottles(s), s.throttles, limit, func(t *domain.Throttle) bool {
			return !now.Before(t.State().LastAt.Add(app.ThrottleMemory))
		}),
		forgetting(l, NewInvitations(s), s.invitations, limit, func(i *domain.Invitation) bool {
			state := i.State()
			return !now.Before(state.ExpiresAt.Add(app.InvitationMemory)) || s.deleted(state.UsedBy)
		}),
		forgetting(l, NewNotices(s), s.notices, limit, func(n *domain.Notice) bool {
			state := n.State()
			return state.DueAt.IsZero() && !now.Before(state.At.Add(keep.Notices)) || s.deleted(state.Member)
		}),
	} {
		n, err := forget(ctx)
		if err != nil {
			return forgotten, err
		}
		forgotten += n
	}
	return forgotten, nil
}

// endedSession reports whether the session is of an earlier epoch of its account. Call it inside Database.Read.
func (s *Store) endedSession(state domain.SessionState) bool {
	account, found := s.accounts.Find(state.Account)
	return found && state.Epoch < account.SessionEpoch()
}

// endedToken reports whether the token is of an earlier epoch of its account. Call it inside Database.Read.
func (s *Store) endedToken(state domain.APITokenState) bool {
	account, found := s.accounts.Find(state.Account)
	return found && state.Epoch < account.TokenEpoch()
}

// deleted reports whether the account is there and deleted. Call it inside Database.Read.
func (s *Store) deleted(account uuid.UUID) bool {
	found, ok := s.accounts.Find(account)
	return ok && found.State().Status == domain.StatusDeleted
}

// forgetting returns a function that removes, in a unit of its own, at most limit of what is over, and says how many. The
// unit's versions keep it from removing what has changed since it looked.
func forgetting[A aggregate[A]](
	l *Leftovers, repository *uow.Repository[A, domain.Event], t *table[A], limit int, over func(A) bool,
) func(context.Context) (int, error) {
	return func(ctx context.Context) (removed int, err error) {
		err = l.work.Do(ctx, func(ctx context.Context) error {
			removed = 0
			for _, id := range t.idsOf(limit, over) {
				err := repository.Remove(ctx, id)
				switch {
				case fault.KindOf(err) == fault.NotFound: // somebody was faster
				case err != nil:
					return err
				default:
					removed++
				}
			}
			return nil
		})
		if err != nil {
			return 0, err
		}
		return removed, nil
	}
}

// idsOf returns the ids of at most limit of those that fulfil the condition, sorted.
func (t *table[A]) idsOf(limit int, holds func(A) bool) []uuid.UUID {
	var ids []uuid.UUID
	t.db.Read(func() {
		for id, a := range t.All() {
			if holds(a) {
				ids = append(ids, id)
			}
		}
	})
	slices.SortFunc(ids, compareIDs)
	return ids[:min(len(ids), max(limit, 0))]
}
