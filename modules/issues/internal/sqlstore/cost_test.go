package sqlstore_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/modules/issues/internal/domain"
	"github.com/gavelhq/gavel/platform/db"
	"github.com/gavelhq/gavel/platform/db/dbtest"
)

func TestWhatACommandCosts(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, pool *db.Pool) {
		s := newStore(pool)
		id := made(t, s, triage)
		comment := func(times int) db.Stats {
			before := pool.Stats()
			require.NoError(t, s.Work.Do(t.Context(), func(ctx context.Context) error {
				issue, err := s.Issues.Get(ctx, id)
				for range times {
					if err == nil {
						err = issue.Comment(domain.Actor{ID: member.ID}, "Hello?", noon)
					}
				}
				return err
			}, s.Issues.Loads(id)))
			return pool.Stats().Since(before)
		}
		comment(100) // a long history, and prepared statements
		comment(1)
		cost := comment(1)
		require.Equal(t, db.Stats{Statements: 4, RoundTrips: 6, Transactions: 1, Commits: 1}, cost,
			"the head is read, locked, and written; an event and a message are added")
	}, schema...)
}
