package domain_test

import (
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/modules/profiles/internal/domain"
	"github.com/gavelhq/gavel/platform/identity"
)

const (
	tick = time.Microsecond // the smallest step of time that stores keep
	day  = 24 * time.Hour
)

var (
	noon  = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	ada   = uuid.MustParse("0198c0de-0000-7000-8000-00000000ada0")
	admin = uuid.MustParse("0198c0de-0000-7000-8000-0000000ad000")
)

func address(t *testing.T, text string) domain.Email {
	t.Helper()
	email, err := domain.NewEmail(text)
	require.NoError(t, err)
	return email
}

// member is an account of Ada's that has been stored, in the given status.
func member(t *testing.T, status domain.Status, roles ...identity.Role) *domain.Account {
	t.Helper()
	a := domain.Register(domain.Registration{
		ID: ada, Email: address(t, "Ada@example.org"), PasswordHash: "old", Pending: status == domain.StatusPending, Roles: roles,
	}, noon)
	switch status {
	case domain.StatusSuspended:
		require.NoError(t, a.Suspend(admin, noon))
	case domain.StatusDeleted:
		require.NoError(t, a.Delete(noon))
	}
	a.Settle()
	return a
}

func secret(n byte) domain.Secret { return domain.Secret{n} }

// requireUnchanged requires that a command has left the account as it was.
func requireUnchanged(t *testing.T, a *domain.Account, before domain.AccountState) {
	t.Helper()
	events, changed := a.Settle()
	require.Empty(t, events)
	require.False(t, changed)
	require.Equal(t, before, a.State())
}

// requireHappened requires that a command has moved the version by one, with these events.
func requireHappened(t *testing.T, a *domain.Account, want ...domain.EventKind) {
	t.Helper()
	before := a.Version()
	events, changed := a.Settle()
	require.True(t, changed)
	require.Equal(t, before+1, a.Version())
	kinds := make([]domain.EventKind, len(events))
	for i, e := range events {
		require.Equal(t, a.Version(), e.Seq)
		require.Equal(t, a.ID(), e.Account)
		kinds[i] = e.Kind
	}
	require.ElementsMatch(t, want, kinds)
}
