package sqlstore_test

import (
	"context"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/modules/profiles/internal/app"
	"github.com/gavelhq/gavel/modules/profiles/internal/domain"
	"github.com/gavelhq/gavel/platform/db/dbtest"
)

// TestForgettingWaitsForNobody has a unit work on a session that is over. (In SQLite there is one writer at a time.)
func TestForgettingWaitsForNobody(t *testing.T) {
	t.Parallel()
	s := newStore(dbtest.Postgres(t, schema...))
	account := domain.Register(domain.Registration{ID: uuid.New(), Email: domain.RestoreEmail("ada@example.org")}, time.Unix(0, 0))
	ids := []uuid.UUID{uuid.New(), uuid.New()}
	for _, id := range ids {
		require.NoError(t, s.Work.Do(t.Context(), func(ctx context.Context) error {
			return s.Sessions.Add(ctx, domain.NewSession(id, account, id.String(), domain.Client{}, time.Unix(0, 0)))
		}))
	}
	runs := 0
	require.NoError(t, s.Work.Do(t.Context(), func(ctx context.Context) error {
		runs++
		session, err := s.Sessions.Get(ctx, ids[0])
		if err != nil {
			return err
		}
		n, err := s.Leftovers.Forget(t.Context(), time.Now(), app.Keeping{Notices: time.Hour}, 100)
		require.NoError(t, err)
		require.Equal(t, 1, n, "the other one")
		session.Touch(time.Now())
		return nil
	}, s.Sessions.Loads(ids[0])))
	require.Equal(t, 1, runs)
	require.NoError(t, s.Work.Do(t.Context(), func(ctx context.Context) error {
		_, err := s.Sessions.Get(ctx, ids[0])
		require.NoError(t, err)
		_, err = s.Sessions.Get(ctx, ids[1])
		require.ErrorIs(t, err, domain.ErrSessionNotFound)
		return nil
	}))
}
