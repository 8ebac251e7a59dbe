package sqlstore

import (
	"context"
	"fmt"
	"time"

	"github.com/gavelhq/gavel/modules/profiles/internal/app"
	"github.com/gavelhq/gavel/modules/profiles/internal/domain"
	"github.com/gavelhq/gavel/platform/db"
)

// Leftovers is the app.Leftovers.
type Leftovers struct{ pool *db.Pool }

var _ app.Leftovers = (*Leftovers)(nil)

// NewLeftovers returns the leftovers over pool.
func NewLeftovers(pool *db.Pool) *Leftovers { return &Leftovers{pool: pool} }

// leftover is what is of no use in a table. A row that a unit works on at the moment is left for the next time.
type leftover struct {
	table string
	over  string
	args  []any  // of over, from $2 on
	order string // in which the first are taken: that of an index where the table is long
}

// before returns the instant at which what is so old now began, as an argument.
func before(now time.Time, age time.Duration) []any { return []any{db.Micros(now.Add(-age))} }

func leftovers(now time.Time, keep app.Keeping) []leftover {
	return []leftover{
		{
			table: "sessions",
			over: `expires_at <= $2 OR epoch < (SELECT session_epoch FROM accounts WHERE accounts.id = account)
				AND (seen_at <= $2 OR account IN (SELECT id FROM accounts WHERE status = 'deleted'))`,
			args: before(now, keep.Sessions), order: "id",
		},
		{
			table: "api_tokens",
			over:  "expires_at <= $2 OR epoch < (SELECT token_epoch FROM accounts WHERE accounts.id = account)",
			args:  before(now, 0), order: "id",
		},
		{
			table: "devices",
			over:  "seen_at <= $2 OR account IN (SELECT id FROM accounts WHERE status = 'deleted')",
			args:  before(now, domain.DeviceLifetime), order: "id",
		},
		{
			table: "throttles",
			over:  "last_at IS NULL OR last_at <= $2",
			args:  before(now, app.ThrottleMemory), order: "id",
		},
		{
			table: "invitations",
			over:  "expires_at <= $2 OR used_by IN (SELECT id FROM accounts WHERE status = 'deleted')",
			args:  before(now, app.InvitationMemory), order: "id",
		},
		// There are many notices: what is old and what is of deleted members is found by an index each.
		{table: "notices", over: "due_at IS NULL AND at <= $2", args: before(now, keep.Notices), order: "at"},
		{table: "notices", over: "member IN (SELECT id FROM accounts WHERE status = 'deleted')", order: "member, at, id"},
	}
}

// statement returns what deletes the first $1 of the rows.
func (l leftover) statement(d db.Dialect) string {
	skip := ""
	if d == db.Postgres {
		skip = " FOR UPDATE SKIP LOCKED"
	}
	return `
		WITH old AS (
			SELECT id
			FROM ` + l.table + `
			WHERE ` + l.over + `
			ORDER BY ` + l.order + `
			LIMIT $1` + skip + `
		)
		DELETE FROM ` + l.table + `
		WHERE id IN (SELECT id FROM old)`
}

// Forget deletes what is of no use at the instant now. Errors: uow.ErrConflict, db.ErrUnavailable; what it has deleted
// before stays deleted.
func (l *Leftovers) Forget(ctx context.Context, now time.Time, keep app.Keeping, limit int) (int, error) {
	forgotten := 0
	for _, left := range leftovers(now, keep) {
		args := append([]any{max(limit, 0)}, left.args...)
		err := l.pool.Transact(ctx, func(ctx context.Context, tx *db.Tx) error {
			n, err := tx.Exec(ctx, left.statement(l.pool.Dialect()), args...)
			forgotten += int(n)
			return err
		})
		if err != nil {
			return forgotten, fmt.Errorf("forget old %s: %w", left.table, err)
		}
	}
	return forgotten, nil
}
