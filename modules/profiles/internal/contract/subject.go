package contract

import (
	"context"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/modules/profiles/internal/domain"
	"github.com/gavelhq/gavel/platform/identity"
)

// noon is when everything begins; in whole microseconds, to the last of them.
var noon = time.Date(2026, time.March, 1, 12, 0, 0, 123_456_000, time.UTC)

const (
	microsecond = time.Microsecond
	day         = 24 * time.Hour
)

// subject is a store with what the cases do to it.
type subject struct {
	Store
	sold []uuid.UUID // the listings of which there are sales
}

// do runs one command in a unit of its own.
func (s *subject) do(t *testing.T, run func(ctx context.Context) error) error {
	t.Helper()
	return s.Work.Do(t.Context(), run)
}

// must runs one command in a unit of its own, which must succeed.
func (s *subject) must(t *testing.T, run func(ctx context.Context) error) {
	t.Helper()
	require.NoError(t, s.do(t, run))
}

// member is somebody to be stored, with all that registering makes.
type member struct {
	account  *domain.Account
	profile  *domain.Profile
	settings *domain.NotificationSettings
	taken    *domain.TakenHandle
}

// registration says what a new member is like. The zero value is an active one whose address is verified.
type registration struct {
	id            uuid.UUID // zero draws one
	handle, email string    // empty follow from the id
	pending       bool
	unverified    bool
	roles         []identity.Role
	at            time.Time // zero is noon
}

// member returns a new one. Make new ones inside the function of a unit, which may run more than once.
func (r registration) member() member {
	if r.id == uuid.Nil {
		r.id = newID()
	}
	if r.handle == "" {
		r.handle = "m" + r.id.String()[24:]
	}
	if r.email == "" {
		r.email = r.handle + "@example.org"
	}
	if r.at.IsZero() {
		r.at = noon
	}
	handle := domain.RestoreHandle(r.handle)
	return member{
		account: domain.Register(domain.Registration{
			ID: r.id, Email: domain.RestoreEmail(r.email), PasswordHash: "hash", Pending: r.pending, Verified: !r.unverified,
			Roles: r.roles,
		}, r.at),
		profile:  domain.NewProfile(r.id, handle, r.at),
		settings: domain.NewNotificationSettings(r.id),
		taken:    domain.TakeHandle(handle),
	}
}

// add makes the member part of the unit.
func (s *subject) add(ctx context.Context, m member) error {
	if err := s.Accounts.Add(ctx, m.account); err != nil {
		return err
	}
	if err := s.Profiles.Add(ctx, m.profile); err != nil {
		return err
	}
	if err := s.Settings.Add(ctx, m.settings); err != nil {
		return err
	}
	return s.TakenHandles.Add(ctx, m.taken)
}

// register stores a new member, on whose account the commands have run, and returns the id.
func (s *subject) register(t *testing.T, r registration, commands ...func(*domain.Account)) uuid.UUID {
	t.Helper()
	if r.id == uuid.Nil {
		r.id = newID()
	}
	s.must(t, func(ctx context.Context) error {
		m := r.member()
		for _, command := range commands {
			command(m.account)
		}
		return s.add(ctx, m)
	})
	return r.id
}

// change runs a command on a stored account.
func (s *subject) change(t *testing.T, id uuid.UUID, command func(*domain.Account) error) {
	t.Helper()
	s.must(t, func(ctx context.Context) error {
		a, err := s.Accounts.Get(ctx, id)
		if err != nil {
			return err
		}
		return command(a)
	})
}

// account returns the stored account for use as a parameter.
func (s *subject) account(t *testing.T, id uuid.UUID) (a *domain.Account) {
	t.Helper()
	s.must(t, func(ctx context.Context) error {
		found, err := s.Accounts.Get(ctx, id)
		if err == nil {
			a = found.Snapshot()
		}
		return err
	})
	return a
}

// exists reports whether the repository has the id.
func exists[A any](t *testing.T, s *subject, r domain.Repository[A], id uuid.UUID, missing error) bool {
	t.Helper()
	err := s.do(t, func(ctx context.Context) error {
		_, err := r.Get(ctx, id)
		return err
	})
	if err != nil {
		require.ErrorIs(t, err, missing)
	}
	return err == nil
}

func newID() uuid.UUID { return uuid.Must(uuid.NewV7()) }

// secret returns a secret that is told apart by the number.
func secret(n byte) domain.Secret { return domain.Secret{n, 31: n} }
