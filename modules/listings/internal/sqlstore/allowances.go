package sqlstore

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/gavelhq/gavel/modules/listings/internal/domain"
	"github.com/gavelhq/gavel/platform/db"
	"github.com/gavelhq/gavel/platform/events"
	"github.com/gavelhq/gavel/platform/uow"
)

// Allowances is the domain.RetractionAllowances, all of it the unit of work's.
type Allowances struct {
	*uow.Repository[*domain.RetractionAllowance, domain.Event]
}

var _ domain.RetractionAllowances = (*Allowances)(nil)

// NewAllowances returns the repository over pool.
func NewAllowances(pool *db.Pool) *Allowances {
	return &Allowances{uow.NewRepository("retraction allowances", newAllowanceStore(pool), domain.ErrAllowanceNotFound, unpublished)}
}

// unpublished publishes nothing: what happened stands in the listing's log.
func unpublished(*domain.RetractionAllowance, domain.Event) (events.Message, bool) {
	return events.Message{}, false
}

// allowanceStore is the allowances' uow.Store. A unit changes one or two of them, so it writes them one by one.
type allowanceStore struct {
	pool             *db.Pool
	load, loadLocked string
}

var _ uow.Store[*domain.RetractionAllowance, domain.Event] = (*allowanceStore)(nil)

func newAllowanceStore(pool *db.Pool) *allowanceStore {
	load := `
		SELECT member, version, spent
		FROM retraction_allowances
		WHERE ` + pool.Dialect().In("member", "$1") + `
		ORDER BY member`
	return &allowanceStore{pool: pool, load: load, loadLocked: load + pool.Dialect().ForUpdate()}
}

// allowanceRow is a row of retraction_allowances.
type allowanceRow struct {
	Member  uuid.UUID `db:"member"`
	Version int64     `db:"version"`
	Spent   string    `db:"spent"` // JSON, microseconds since 1970
}

func allowanceRowOf(s domain.AllowanceState) (allowanceRow, error) {
	spent := make([]int64, len(s.Spent))
	for i, at := range s.Spent {
		spent[i] = at.UnixMicro()
	}
	text, err := json.Marshal(spent)
	if err != nil {
		return allowanceRow{}, fmt.Errorf("encode the allowance of %s: %w", s.Member, err)
	}
	return allowanceRow{Member: s.Member, Version: s.Version, Spent: string(text)}, nil
}

func (r allowanceRow) state() (domain.AllowanceState, error) {
	var spent []int64
	if err := json.Unmarshal([]byte(r.Spent), &spent); err != nil {
		return domain.AllowanceState{}, fmt.Errorf("decode the allowance of %s: %w", r.Member, err)
	}
	s := domain.AllowanceState{Member: r.Member, Version: r.Version}
	for _, at := range spent {
		s.Spent = append(s.Spent, time.UnixMicro(at).UTC())
	}
	return s, nil
}

// Load returns those of the allowances that exist. Errors: uow.ErrNoUnit, uow.ErrEnded, uow.ErrConflict,
// db.ErrUnavailable.
func (s *allowanceStore) Load(ctx context.Context, members []uuid.UUID, lock bool) ([]*domain.RetractionAllowance, error) {
	tx, err := s.pool.Tx(ctx)
	if err != nil {
		return nil, err
	}
	query := s.load
	if lock {
		query = s.loadLocked
	}
	var rows []allowanceRow
	if err := tx.Select(ctx, &rows, query, tx.Dialect().IDs(members)); err != nil {
		return nil, err
	}
	allowances := make([]*domain.RetractionAllowance, len(rows))
	for i, row := range rows {
		state, err := row.state()
		if err != nil {
			return nil, err
		}
		allowances[i] = domain.RestoreRetractionAllowance(state)
	}
	return allowances, nil
}

// Save writes the changes. Errors: uow.ErrConflict when a version differs from the one that was loaded, or another unit
// has added the member's allowance meanwhile; db.ErrUnavailable.
func (s *allowanceStore) Save(ctx context.Context, changes []uow.Change[*domain.RetractionAllowance, domain.Event]) error {
	tx, err := s.pool.Tx(ctx)
	if err != nil {
		return err
	}
	for _, c := range changes {
		switch c.Kind {
		case uow.Added:
			err = s.insert(ctx, tx, c.After.State())
		case uow.Changed:
			err = s.update(ctx, tx, c.Before.Version(), c.After.State())
		case uow.Removed:
			err = s.delete(ctx, tx, c.Before.State())
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (s *allowanceStore) insert(ctx context.Context, tx *db.Tx, after domain.AllowanceState) error {
	row, err := allowanceRowOf(after)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `INSERT INTO retraction_allowances (member, version, spent) VALUES ($1, $2, $3)`,
		row.Member, row.Version, row.Spent)
	if db.Violates(err, "retraction_allowances_pkey") {
		err = fmt.Errorf("%w: the member has an allowance already: %w", uow.ErrConflict, err)
	}
	return err
}

func (s *allowanceStore) update(ctx context.Context, tx *db.Tx, loaded int64, after domain.AllowanceState) error {
	row, err := allowanceRowOf(after)
	if err != nil {
		return err
	}
	updated, err := tx.Exec(ctx, `UPDATE retraction_allowances SET version = $1, spent = $2 WHERE member = $3 AND version = $4`,
		row.Version, row.Spent, row.Member, loaded)
	return s.written(after.Member, updated, err)
}

func (s *allowanceStore) delete(ctx context.Context, tx *db.Tx, before domain.AllowanceState) error {
	deleted, err := tx.Exec(ctx, `DELETE FROM retraction_allowances WHERE member = $1 AND version = $2`, before.Member, before.Version)
	return s.written(before.Member, deleted, err)
}

// written tells whether the one row was still as it was loaded.
func (s *allowanceStore) written(member uuid.UUID, rows int64, err error) error {
	switch {
	case err != nil:
		return err
	case rows != 1:
		return fmt.Errorf("%w: the allowance of %s is not at the version that was loaded", uow.ErrConflict, member)
	default:
		return nil
	}
}

// Committed returns uow.ErrNotRecorded: the command id of a retraction is in the listing's log.
func (s *allowanceStore) Committed(context.Context, []uuid.UUID) ([]uuid.UUID, error) {
	return nil, uow.ErrNotRecorded
}
