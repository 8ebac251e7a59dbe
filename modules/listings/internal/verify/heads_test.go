package verify_test

import (
	"context"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/modules/listings/internal/app"
	"github.com/gavelhq/gavel/modules/listings/internal/domain"
	"github.com/gavelhq/gavel/modules/listings/internal/sqlstore"
	"github.com/gavelhq/gavel/modules/listings/internal/verify"
	"github.com/gavelhq/gavel/platform/db"
	"github.com/gavelhq/gavel/platform/db/dbtest"
	outbox "github.com/gavelhq/gavel/platform/events/sqlstore"
)

func (p *place) checkHeads(t *testing.T) *verify.Report {
	t.Helper()
	told := int64(0)
	report, err := verify.New(p.ledger).Heads(t.Context(), func(logs int64) { told = logs })
	require.NoError(t, err)
	require.Equal(t, told, report.Verified)
	return report
}

func TestHeadsOfWhatHappened(t *testing.T) {
	t.Parallel()
	check := func(t *testing.T, p *place) {
		require.Equal(t, &verify.Report{Flaws: []verify.Flaw{}}, p.checkHeads(t))
		p.play(t, "a lamp")
		p.play(t, "a chair")
		require.Equal(t, &verify.Report{Logs: 2, Verified: 2, Events: 2 * lastSeq, Flaws: []verify.Flaw{}}, p.checkHeads(t))
	}
	t.Run("memory", func(t *testing.T) {
		t.Parallel()
		check(t, onMemory())
	})
	eachDatabase(t, check)
}

func TestHeadsThatDoNotFit(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		statement string
		want      domain.Problem
	}{
		"the tail is cut off":   {"DELETE FROM listing_log WHERE listing_id = $1 AND seq > 8", domain.ProblemHead},
		"the log is gone":       {"DELETE FROM listing_log WHERE listing_id = $1", domain.ProblemMissing},
		"the listing is gone":   {"DELETE FROM listings WHERE id = $1", domain.ProblemState},
		"the head is older":     {"UPDATE listings SET head_seq = 9 WHERE id = $1", domain.ProblemHead},
		"the head is another":   {"UPDATE listings SET head_hash = secret WHERE id = $1", domain.ProblemHead},
		"the end is no event":   {"UPDATE listing_log SET hash = '' WHERE listing_id = $1 AND seq = 10", domain.ProblemMalformed},
		"the listing is broken": {"UPDATE listings SET head_hash = '' WHERE id = $1", domain.ProblemState},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := onDatabase(dbtest.Postgres(t, sqlstore.Migrations(), outbox.Migrations()))
			id := p.play(t, "a lamp")
			p.play(t, "a chair")
			require.NoError(t, p.pool.Transact(t.Context(), func(ctx context.Context, tx *db.Tx) error {
				_, err := tx.Exec(ctx, c.statement, id)
				return err
			}))
			report := p.checkHeads(t)
			require.EqualValues(t, 1, report.Verified)
			require.Len(t, report.Flaws, 1)
			require.Equal(t, id, report.Flaws[0].Listing)
			require.Equal(t, string(c.want), report.Flaws[0].Problem)
		})
	}
}

// heads returns what the store says about the ends of its logs.
func heads(t *testing.T, pool *db.Pool) map[uuid.UUID]domain.Head {
	t.Helper()
	found := map[uuid.UUID]domain.Head{}
	for head, err := range sqlstore.Heads(t.Context(), pool.Read()) {
		require.NoError(t, err)
		found[head.Listing] = head.Head
	}
	return found
}

func TestHeadsForABackup(t *testing.T) {
	t.Parallel()
	eachDatabase(t, func(t *testing.T, p *place) {
		lamp, chair := p.play(t, "a lamp"), p.play(t, "a chair")
		found := heads(t, p.pool)
		require.Len(t, found, 2)
		for _, id := range []uuid.UUID{lamp, chair} {
			events, err := p.ledger.Events(t.Context(), id, app.EventRange{})
			require.NoError(t, err)
			require.Equal(t, domain.Head{Seq: lastSeq, Hash: events[lastSeq-1].Hash}, found[id])
		}
		require.NoError(t, p.pool.Transact(t.Context(), func(ctx context.Context, tx *db.Tx) error {
			_, err := tx.Exec(ctx, "UPDATE listings SET head_hash = $2 WHERE id = $1", lamp, []byte("x"))
			return err
		}))
		require.Len(t, heads(t, p.pool), 1, "what is no head keeps nobody from making a backup")
	})
	dbtest.Each(t, func(t *testing.T, pool *db.Pool) { require.Empty(t, heads(t, pool)) })
}
