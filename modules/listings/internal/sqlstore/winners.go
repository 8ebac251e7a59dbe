package sqlstore

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/gavelhq/gavel/modules/listings/internal/app"
	"github.com/gavelhq/gavel/modules/listings/internal/domain"
	"github.com/gavelhq/gavel/platform/db"
)

// Winners are the app.Winners.
type Winners struct{ pool *db.Pool }

var _ app.Winners = (*Winners)(nil)

// NewWinners returns the winners over pool.
func NewWinners(pool *db.Pool) *Winners { return &Winners{pool} }

// selectWon finds what is sold at $2 and ended behind ($1, $3) and before $4. The condition that it is no draft is there for
// the index by end.
const selectWon = `
	SELECT listings.id, listings.title, listings.seller, COALESCE(winner, leader) AS won_by,
		CASE WHEN status = 'sold' THEN final_price ELSE listings.price END AS won_for,
		listings.currency, listings.digits, ends_at, paid_at, handed_over_at, received_at
	FROM listings
	LEFT JOIN listing_sales ON listing_sales.id = listings.id
	WHERE status <> 'draft' AND (ends_at, listings.id) > ($1, $3) AND ends_at < $4
		AND (status = 'sold' OR ` + hasSold + `)
	ORDER BY ends_at, listings.id
	LIMIT $5`

// wonRow is a row of selectWon.
type wonRow struct {
	sellingRow
	Seller       uuid.UUID    `db:"seller"`
	Winner       uuid.UUID    `db:"won_by"`
	Price        int64        `db:"won_for"`
	Currency     string       `db:"currency"`
	Digits       int64        `db:"digits"`
	EndedAt      db.Micros    `db:"ends_at"`
	PaidAt       db.MaybeTime `db:"paid_at"`
	HandedOverAt db.MaybeTime `db:"handed_over_at"`
	ReceivedAt   db.MaybeTime `db:"received_at"`
}

// Won returns what is sold, by end and id. Errors: db.ErrUnavailable.
func (w *Winners) Won(ctx context.Context, wanted app.WonRange, now time.Time) ([]app.Win, error) {
	var rows []wonRow
	err := w.pool.Read().Select(ctx, &rows, selectWon,
		db.Micros(wanted.After.At), db.Micros(now), wanted.After.ID, db.Micros(wanted.Before), wanted.Limit)
	if err != nil {
		return nil, fmt.Errorf("look up who has won what: %w", err)
	}
	wins := make([]app.Win, len(rows))
	for i, r := range rows {
		wins[i] = app.Win{
			Listing:      r.Listing,
			Title:        r.Title,
			EndedAt:      r.EndedAt.Time(),
			Seller:       r.Seller,
			Winner:       r.Winner,
			Price:        domain.Currency{Code: r.Currency, Digits: int(r.Digits)}.Money(r.Price),
			PaidAt:       time.Time(r.PaidAt),
			HandedOverAt: time.Time(r.HandedOverAt),
			ReceivedAt:   time.Time(r.ReceivedAt),
		}
	}
	return wins, nil
}
