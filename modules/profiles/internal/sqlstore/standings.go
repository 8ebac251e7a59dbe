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
	"github.com/gavelhq/gavel/platform/uow"
)

// Standings is the app.Standings and the app.Recipients. It reads in the unit's transaction what is committed; what the unit's own commands have
// changed is written at its end and not seen here. It locks nothing: a suspension that commits while a unit runs counts
// as having come after it.
type Standings struct {
	pool   *db.Pool
	lookup *uow.Lookup[regard, standing]
}

var (
	_ app.Standings  = (*Standings)(nil)
	_ app.Recipients = (*Standings)(nil)
)

// NewStandings returns the standings over pool.
func NewStandings(pool *db.Pool) *Standings {
	good := standing{StandingRecord: app.StandingRecord{Status: domain.StatusActive, Verified: true}, found: true}
	return &Standings{pool: pool, lookup: uow.NewLookup("standings", newStandingFacts(pool), good)}
}

// Standing returns the member's status, whether the address is verified, and whether other has blocked him. Errors:
// uow.ErrNoUnit, uow.ErrEnded, db.ErrUnavailable.
func (s *Standings) Standing(ctx context.Context, member, other uuid.UUID) (app.StandingRecord, bool, error) {
	found, err := s.lookup.Get(ctx, regard{member: member, other: other})
	return found.StandingRecord, found.found, err
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

// selectRecipients ends before its condition.
const selectRecipients = `
		SELECT accounts.id, accounts.email, accounts.verified_at IS NOT NULL AS verified, profiles.handle,
			notification_settings.muted, notification_settings.unlisted, notification_settings.link_key
		FROM accounts
		JOIN profiles ON profiles.id = accounts.id
		JOIN notification_settings ON notification_settings.id = accounts.id
		WHERE accounts.status = 'active' AND `

// Recipients returns those of the members who are active. Errors: uow.ErrNoUnit, uow.ErrEnded, db.ErrUnavailable.
func (s *Standings) Recipients(ctx context.Context, members []uuid.UUID) (map[uuid.UUID]app.RecipientRecord, error) {
	tx, err := s.pool.Tx(ctx)
	if err != nil {
		return nil, err
	}
	var rows []struct {
		ID       uuid.UUID               `db:"id"`
		Email    string                  `db:"email"`
		Verified bool                    `db:"verified"`
		Handle   string                  `db:"handle"`
		Muted    list[domain.NoticeKind] `db:"muted"`
		Unlisted list[domain.NoticeKind] `db:"unlisted"`
		Key      maybeSecret             `db:"link_key"`
	}
	d := tx.Dialect()
	if err := tx.Select(ctx, &rows, selectRecipients+d.In("accounts.id", "$1"), d.IDs(members)); err != nil {
		return nil, fmt.Errorf("read what %d members want to be told: %w", len(members), err)
	}
	found := make(map[uuid.UUID]app.RecipientRecord, len(rows))
	for _, r := range rows {
		found[r.ID] = app.RecipientRecord{
			Handle: r.Handle, Email: r.Email, Verified: r.Verified, Muted: r.Muted, Unlisted: r.Unlisted, Key: domain.Secret(r.Key),
		}
	}
	return found, nil
}
