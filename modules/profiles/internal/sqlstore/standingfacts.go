package sqlstore

import (
	"context"
	"fmt"

	"github.com/google/uuid"

	"github.com/gavelhq/gavel/modules/profiles/internal/app"
	"github.com/gavelhq/gavel/modules/profiles/internal/domain"
	"github.com/gavelhq/gavel/platform/db"
	"github.com/gavelhq/gavel/platform/uow"
)

// regard asks for the standing of a member with regard to another one, for example a seller.
type regard struct{ member, other uuid.UUID }

// standing is the answer; nobody has the zero one.
type standing struct {
	app.StandingRecord
	found bool
}

// standingFacts are the facts about standings. The expected answer is a good one: active, verified, and not blocked.
type standingFacts struct {
	pool   *db.Pool
	find   string
	verify db.RowStatement
}

var _ uow.Facts[regard, standing] = (*standingFacts)(nil)

// regardColumns are the member and the id of the block that would stand against him.
var regardColumns = db.Columns{{Name: "member", Type: db.UUID}, {Name: "block", Type: db.UUID}}

func newStandingFacts(pool *db.Pool) *standingFacts {
	return &standingFacts{
		pool: pool,
		find: `
			SELECT asked.member, asked.block, status, verified_at IS NOT NULL AS verified,
				EXISTS (SELECT 1 FROM blocks WHERE id = asked.block) AS blocked
			FROM ` + regardColumns.Table(pool.Dialect(), "asked") + `
			JOIN accounts ON accounts.id = asked.member`,
		verify: db.RowStatement{
			Columns: regardColumns, Finds: true,
			One: `
			SELECT 1
			FROM accounts
			WHERE id = $1 AND status = 'active' AND verified_at IS NOT NULL AND NOT EXISTS (SELECT 1 FROM blocks WHERE id = $2)`,
			Many: `
			SELECT 1
			FROM ` + regardColumns.Table(pool.Dialect(), "asked") + `
			JOIN accounts ON accounts.id = asked.member AND status = 'active' AND verified_at IS NOT NULL
			WHERE NOT EXISTS (SELECT 1 FROM blocks WHERE id = asked.block)`,
		},
	}
}

// Find returns the standings. Errors: uow.ErrNoUnit, uow.ErrEnded, db.ErrUnavailable.
func (f *standingFacts) Find(ctx context.Context, asked []regard) (map[regard]standing, error) {
	tx, err := f.pool.Tx(ctx)
	if err != nil {
		return nil, err
	}
	args, err := regardColumns.Rows(tx.Dialect(), regardRows(asked))
	if err != nil {
		return nil, err
	}
	var rows []struct {
		Member   uuid.UUID `db:"member"`
		Block    uuid.UUID `db:"block"`
		Status   string    `db:"status"`
		Verified bool      `db:"verified"`
		Blocked  bool      `db:"blocked"`
	}
	if err := tx.Look(ctx, &rows, f.find, args...); err != nil {
		return nil, fmt.Errorf("read the standings of %d members: %w", len(asked), err)
	}
	byBlock := make(map[uuid.UUID]standing, len(rows))
	for _, r := range rows {
		byBlock[r.Block] = standing{found: true, StandingRecord: app.StandingRecord{
			Status: domain.Status(r.Status), Verified: r.Verified, BlockedByOther: r.Blocked,
		}}
	}
	found := make(map[regard]standing, len(rows))
	for _, r := range asked {
		if s, ok := byBlock[r.block()]; ok {
			found[r] = s
		}
	}
	return found, nil
}

// Verify lets the unit commit only if all standings are good. Errors: uow.ErrNoUnit, uow.ErrEnded.
func (f *standingFacts) Verify(ctx context.Context, asked []regard) error {
	tx, err := f.pool.Tx(ctx)
	if err != nil {
		return err
	}
	return f.verify.Later(tx, regardRows(asked), nil)
}

// block is the id of the block of the member by the other one. It tells regards apart, too.
func (r regard) block() uuid.UUID { return domain.BlockID(r.other, r.member) }

func regardRows(asked []regard) [][]any {
	rows := make([][]any, len(asked))
	for i, r := range asked {
		rows[i] = []any{r.member, r.block()}
	}
	return rows
}
