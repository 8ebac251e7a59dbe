package sqlstore

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/google/uuid"

	"github.com/gavelhq/gavel/modules/profiles/internal/app"
	"github.com/gavelhq/gavel/modules/profiles/internal/domain"
	"github.com/gavelhq/gavel/platform/db"
	"github.com/gavelhq/gavel/platform/identity"
)

// Standings is the app.Standings. It reads in the unit's transaction what is committed; what the unit's own commands have
// changed is written at its end and not seen here. It locks nothing: a suspension that commits while a unit runs counts
// as having come after it.
type Standings struct{ pool *db.Pool }

var _ app.Standings = (*Standings)(nil)

// NewStandings returns the standings over pool.
func NewStandings(pool *db.Pool) *Standings { return &Standings{pool: pool} }

const selectStanding = `
		SELECT status, verified_at IS NOT NULL AS verified, EXISTS (SELECT 1 FROM blocks WHERE id = $2) AS blocked
		FROM accounts
		WHERE id = $1`

// Standing returns the member's status, whether the address is verified, and whether other has blocked him. Errors:
// uow.ErrNoUnit, uow.ErrEnded, db.ErrUnavailable.
func (s *Standings) Standing(ctx context.Context, member, other uuid.UUID) (app.StandingRecord, bool, error) {
	tx, err := s.pool.Tx(ctx)
	if err != nil {
		return app.StandingRecord{}, false, err
	}
	var row struct {
		Status   string `db:"status"`
		Verified bool   `db:"verified"`
		Blocked  bool   `db:"blocked"`
	}
	err = tx.Get(ctx, &row, selectStanding, member, domain.BlockID(other, member))
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return app.StandingRecord{}, false, nil
	case err != nil:
		return app.StandingRecord{}, false, fmt.Errorf("read the standing of %s: %w", member, err)
	}
	return app.StandingRecord{
		Status: domain.Status(row.Status), Verified: row.Verified, BlockedByOther: row.Blocked,
	}, true, nil
}

const selectDuties = `
		SELECT status, roles
		FROM accounts
		WHERE id = $1`

// Duties returns the member's status and roles. Errors: uow.ErrNoUnit, uow.ErrEnded, db.ErrUnavailable.
func (s *Standings) Duties(ctx context.Context, member uuid.UUID) (app.DutiesRecord, bool, error) {
	tx, err := s.pool.Tx(ctx)
	if err != nil {
		return app.DutiesRecord{}, false, err
	}
	var row struct {
		Status string              `db:"status"`
		Roles  list[identity.Role] `db:"roles"`
	}
	err = tx.Get(ctx, &row, selectDuties, member)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return app.DutiesRecord{}, false, nil
	case err != nil:
		return app.DutiesRecord{}, false, fmt.Errorf("read the duties of %s: %w", member, err)
	}
	return app.DutiesRecord{Status: domain.Status(row.Status), Roles: row.Roles}, true, nil
}
