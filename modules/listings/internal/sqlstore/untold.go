package sqlstore

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/gavelhq/gavel/modules/listings/internal/app"
	"github.com/gavelhq/gavel/modules/listings/internal/domain"
	"github.com/gavelhq/gavel/platform/db"
)

// Untold is the app.Untold.
type Untold struct{ pool *db.Pool }

var _ app.Untold = (*Untold)(nil)

// NewUntold returns what is untold in the pool's database.
func NewUntold(pool *db.Pool) *Untold { return &Untold{pool: pool} }

// selectEndingSoon finds watchers to be told: of open listings that end after $1 and not after $2.
const selectEndingSoon = `
	SELECT watches.id
	FROM listings
	JOIN listing_watches AS watches ON watches.listing_id = listings.id AND announced_end IS NULL
	WHERE ` + isRunning + ` AND NOT frozen AND starts_at <= $1 AND ends_at > $1 AND ends_at <= $2
	ORDER BY ends_at, watches.id
	LIMIT $3`

// EndingSoon returns the watches of which nothing was announced and whose listing ends until then. Errors:
// db.ErrUnavailable.
func (u *Untold) EndingSoon(ctx context.Context, now, until time.Time, limit int) ([]uuid.UUID, error) {
	var ids []uuid.UUID
	if err := u.pool.Read().Select(ctx, &ids, selectEndingSoon, db.Micros(now), db.Micros(until), limit); err != nil {
		return nil, fmt.Errorf("look up who watches what ends soon: %w", err)
	}
	return ids, nil
}

const selectTellings = `
	SELECT id
	FROM listing_tellings
	WHERE id > $1
	ORDER BY id
	LIMIT $2`

// Tellings returns the listings whose bidders are still being told. Errors: db.ErrUnavailable.
func (u *Untold) Tellings(ctx context.Context, after uuid.UUID, limit int) ([]uuid.UUID, error) {
	var ids []uuid.UUID
	if err := u.pool.Read().Select(ctx, &ids, selectTellings, after, limit); err != nil {
		return nil, fmt.Errorf("look up whose bidders are to be told: %w", err)
	}
	return ids, nil
}

const selectTelling = `
	SELECT id, version, kind, news, after_member
	FROM listing_tellings
	WHERE id = $1`

// Telling returns how far the telling of a listing's end has got. Errors: domain.ErrRecordNotFound, db.ErrUnavailable.
func (u *Untold) Telling(ctx context.Context, listing uuid.UUID) (domain.TellingState, error) {
	var row tellingRow
	err := u.pool.Read().Get(ctx, &row, selectTelling, listing)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return domain.TellingState{}, domain.ErrRecordNotFound
	case err != nil:
		return domain.TellingState{}, fmt.Errorf("look up how far the bidders of %s were told: %w", listing, err)
	}
	return domain.TellingState(row), nil
}

// Bidders is Roll.Bidders outside units of work. Errors: app.ErrUnreadable, db.ErrUnavailable.
func (u *Untold) Bidders(
	ctx context.Context, listing, after uuid.UUID, limit int,
) (live []uuid.UUID, last uuid.UUID, err error) {
	return bidders(ctx, u.pool.Read(), listing, after, limit)
}
