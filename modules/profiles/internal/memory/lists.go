package memory

import (
	"context"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/gavelhq/gavel/modules/profiles/internal/app"
	"github.com/gavelhq/gavel/modules/profiles/internal/domain"
	"github.com/gavelhq/gavel/platform/page"
)

// newest returns one page of the items, the newest first. Errors: page.ErrInvalidCursor.
func newest[T any](list string, items []T, key func(T) app.TimeKey, request page.Request) (page.Of[T], error) {
	after, resumed, err := page.Decode[app.TimeKey](list, request.Cursor)
	if err != nil {
		return page.Of[T]{}, err
	}
	if resumed {
		items = slices.DeleteFunc(items, func(item T) bool { return key(item).Compare(after) >= 0 })
	}
	slices.SortFunc(items, func(a, b T) int { return key(b).Compare(key(a)) })
	return page.Cut(request, items, func(item T) page.Cursor { return page.Encode(list, key(item)) }), nil
}

// epochs returns the epochs of an account: -1 if there is none, in which nothing was made.
func (s *Store) epochs(account uuid.UUID) (session, token int64) {
	session, token = -1, -1
	s.db.Read(func() {
		if a, found := s.accounts.Find(account); found {
			session, token = a.SessionEpoch(), a.TokenEpoch()
		}
	})
	return session, token
}

// Sessions returns one page of the member's valid sessions. Errors: page.ErrInvalidCursor.
func (v *Views) Sessions(
	_ context.Context, member uuid.UUID, now time.Time, request page.Request,
) (page.Of[app.SessionRecord], error) {
	epoch, _ := v.store.epochs(member)
	valid := states(v.store.sessions, (*domain.Session).State, func(s domain.SessionState) bool {
		return s.Account == member && s.ValidAt(epoch, now)
	})
	found, err := newest(app.ListSessions, valid, func(s domain.SessionState) app.TimeKey {
		return app.TimeKeyOf(s.CreatedAt, s.ID)
	}, request)
	return page.Map(found, func(s domain.SessionState) app.SessionRecord {
		return app.SessionRecord{
			ID: s.ID, CreatedAt: s.CreatedAt, SeenAt: s.SeenAt, ExpiresAt: s.ExpiresAt(), Client: s.Client, UserAgent: s.UserAgent,
		}
	}), err
}

// tokens returns the tokens of the member's present epoch.
func (v *Views) tokens(member uuid.UUID) []domain.APITokenState {
	_, epoch := v.store.epochs(member)
	return states(v.store.tokens, (*domain.APIToken).State, func(s domain.APITokenState) bool {
		return s.Account == member && s.Epoch == epoch
	})
}

// Tokens returns one page of the member's API tokens. Errors: page.ErrInvalidCursor.
func (v *Views) Tokens(_ context.Context, member uuid.UUID, request page.Request) (page.Of[app.TokenRecord], error) {
	found, err := newest(app.ListTokens, v.tokens(member), func(s domain.APITokenState) app.TimeKey {
		return app.TimeKeyOf(s.CreatedAt, s.ID)
	}, request)
	return page.Map(found, func(s domain.APITokenState) app.TokenRecord {
		return app.TokenRecord{
			ID: s.ID, Name: s.Name, Scopes: s.Scopes, CreatedAt: s.CreatedAt, ExpiresAt: s.ExpiresAt, SeenAt: s.SeenAt,
		}
	}), err
}

// CountTokens returns how many API tokens the member has. Errors: as memory.Database.Join.
func (v *Views) CountTokens(ctx context.Context, member uuid.UUID) (int, error) {
	if _, err := v.store.db.Join(ctx); err != nil {
		return 0, err
	}
	return len(v.tokens(member)), nil
}

// Blocks returns one page of the members that this one has blocked. Errors: page.ErrInvalidCursor.
func (v *Views) Blocks(_ context.Context, owner uuid.UUID, request page.Request) (page.Of[app.BlockRecord], error) {
	blocks := states(v.store.blocks, (*domain.Block).State, func(s domain.BlockState) bool { return s.Owner == owner })
	found, err := newest(app.ListBlocks, blocks, func(s domain.BlockState) app.TimeKey {
		return app.TimeKeyOf(s.At, s.Blocked)
	}, request)
	return page.Map(found, func(s domain.BlockState) app.BlockRecord {
		return app.BlockRecord{Member: s.Blocked, Handle: v.store.handle(s.Blocked), At: s.At}
	}), err
}

// handle returns the member's handle; empty for nobody.
func (s *Store) handle(member uuid.UUID) (handle string) {
	s.db.Read(func() {
		if profile, found := s.profiles.Find(member); found {
			handle = profile.Handle().String()
		}
	})
	return handle
}

// Invitations returns one page of the invitations. Errors: page.ErrInvalidCursor.
func (v *Views) Invitations(_ context.Context, request page.Request) (page.Of[app.InvitationRecord], error) {
	all := states(v.store.invitations, (*domain.Invitation).State, func(domain.InvitationState) bool { return true })
	found, err := newest(app.ListInvitations, all, func(s domain.InvitationState) app.TimeKey {
		return app.TimeKeyOf(s.CreatedAt, s.ID)
	}, request)
	return page.Map(found, func(s domain.InvitationState) app.InvitationRecord {
		return app.InvitationRecord{
			ID: s.ID, Email: s.Email, Inviter: s.Inviter, CreatedAt: s.CreatedAt, ExpiresAt: s.ExpiresAt, UsedBy: s.UsedBy,
		}
	}), err
}
