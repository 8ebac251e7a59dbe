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

// leftover is what is of no use in a table at the instant $1. A row that a unit works on at the moment is left for the next
// time.
type leftover struct {
	table string
	age   time.Duration // which is taken off $1
	over  string
}

func leftovers(keep app.Keeping) []leftover {
	return []leftover{
		{
			table: "sessions",
			age:   keep.Sessions,
			over: `expires_at <= $1 OR epoch < (SELECT session_epoch FROM accounts WHERE accounts.id = account)
				AND (seen_at <= $1 OR account IN (SELECT id FROM accounts WHERE status = 'deleted'))`,
		},
		{
			table: "api_tokens",
			over:  "expires_at <= $1 OR epoch < (SELECT token_epoch FROM accounts WHERE accounts.id = account)",
		},
		{
			table: "devices",
			age:   domain.DeviceLifetime,
			over:  "seen_at <= $1 OR account IN (SELECT id FROM accounts WHERE status = 'deleted')",
		},
		{table: "throttles", age: app.ThrottleMemory, over: "last_at IS NULL OR last_at <= $1"},
		{
			table: "invitations",
			age:   app.InvitationMemory,
			over:  "expires_at <= $1 OR used_by IN (SELECT id FROM accounts WHERE status = 'deleted')",
		},
		{
			table: "notices",
			age:   keep.Notices,
			over:  "due_at IS NULL AND at <= $1 OR member IN (SELECT id FROM accounts WHERE status = 'deleted')",
		},
	}
}

// Forget deletes what is of no use at the instant now. Errors: uow.ErrConflict, db.ErrUnavailable; what it has deleted
// before stays deleted.
func (l *Leftovers) Forget(ctx context.Context, now time.Time, keep app.Keeping, limit int) (int, error) {
	skip := ""
	if l.pool.Dialect() == db.Postgres {
		skip = " FOR UPDATE SKIP LOCKED"
	}
	forgotten := 0
	for _, left := range leftovers(keep) {
		err := l.pool.Transact(ctx, func(ctx context.Context, tx *db.Tx) error {
			n, err := tx.Exec(ctx, `
				WITH old AS (
					SELECT id
					FROM `+left.table+`
					WHERE `+left.over+`
					ORDER BY id
					LIMIT $2`+skip+`
				)
				DELETE FROM `+left.table+`
				WHERE id IN (SELECT id FROM old)`,
				db.Micros(now.Add(-left.age)), max(limit, 0))
			forgotten += int(n)
			return err
		})
		if err != nil {
			return forgotten, fmt.Errorf("forget old %s: %w", left.table, err)
		}
	}
	return forgotten, nil
}
