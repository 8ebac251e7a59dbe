package sqlstore

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/gavelhq/gavel/modules/listings/internal/app"
	"github.com/gavelhq/gavel/modules/listings/internal/domain"
	"github.com/gavelhq/gavel/platform/db"
	"github.com/gavelhq/gavel/platform/page"
)

// SaleViews are the app.SaleViews.
type SaleViews struct{ pool *db.Pool }

var _ app.SaleViews = (*SaleViews)(nil)

// NewSaleViews returns the views over pool.
func NewSaleViews(pool *db.Pool) *SaleViews { return &SaleViews{pool} }

// Sale returns the sale of a listing. Errors: domain.ErrSaleNotFound, db.ErrUnavailable.
func (v *SaleViews) Sale(ctx context.Context, listing uuid.UUID) (domain.SaleState, error) {
	var row saleRow
	err := v.pool.Read().Get(ctx, &row, `
		SELECT `+saleColumns+`
		FROM listing_sales
		WHERE id = $1`, listing)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return domain.SaleState{}, domain.ErrSaleNotFound
	case err != nil:
		return domain.SaleState{}, fmt.Errorf("read the sale of %s: %w", listing, err)
	}
	return row.state(), nil
}

// saleStatuses is app.SaleStatusOf in SQL.
var saleStatuses = map[app.SaleStatus]string{
	app.SaleStatusOwing:      "paid_at IS NULL AND overdue_at IS NULL",
	app.SaleStatusOverdue:    "paid_at IS NULL AND overdue_at IS NOT NULL",
	app.SaleStatusPaid:       "paid_at IS NOT NULL AND handed_over_at IS NULL AND received_at IS NULL",
	app.SaleStatusHandedOver: "paid_at IS NOT NULL AND handed_over_at IS NOT NULL AND received_at IS NULL",
	app.SaleStatusReceived:   "paid_at IS NOT NULL AND received_at IS NOT NULL",
}

// Sales returns one page of a member's sales, the newest first. Errors: page.ErrInvalidCursor, db.ErrUnavailable.
func (v *SaleViews) Sales(
	ctx context.Context, filter app.SaleFilter, request page.Request,
) (page.Of[domain.SaleState], error) {
	query, args, err := selectSales(filter, request)
	if err != nil {
		return page.Of[domain.SaleState]{}, err
	}
	var rows []saleRow
	if err := v.pool.Read().Select(ctx, &rows, query, args...); err != nil {
		return page.Of[domain.SaleState]{}, fmt.Errorf("list the sales of %s: %w", filter.Member, err)
	}
	sales := make([]domain.SaleState, len(rows))
	for i, row := range rows {
		sales[i] = row.state()
	}
	return page.Cut(request, sales, func(s domain.SaleState) page.Cursor {
		return page.Encode(app.SalesList(filter.Side), app.SaleKeyOf(s))
	}), nil
}

// selectSales returns the query for the page, and one row more. Errors: page.ErrInvalidCursor.
func selectSales(filter app.SaleFilter, request page.Request) (query string, args []any, err error) {
	after, resumed, err := page.Decode[app.SaleKey](app.SalesList(filter.Side), request.Cursor)
	if err != nil {
		return "", nil, err
	}
	var p parameters
	side := "buyer"
	if filter.Side == app.SideSeller {
		side = "seller"
	}
	terms := []string{side + " = " + p.add(filter.Member)}
	if len(filter.Statuses) > 0 {
		var alternatives []string
		for _, status := range slices.Compact(slices.Sorted(slices.Values(filter.Statuses))) {
			alternatives = append(alternatives, saleStatuses[status])
		}
		terms = append(terms, "("+strings.Join(alternatives, " OR ")+")")
	}
	if resumed {
		terms = append(terms, "(sold_at, id) < ("+p.add(after.At)+", "+p.add(after.ID)+")")
	}
	return `
		SELECT ` + saleColumns + `
		FROM listing_sales
		WHERE ` + strings.Join(terms, " AND ") + `
		ORDER BY sold_at DESC, id DESC
		LIMIT ` + p.add(request.Size()+1), p.args, nil
}

// selectDueSales finds the sales about which the clock has something to do until $1.
const selectDueSales = `
	SELECT id
	FROM listing_sales
	WHERE due IS NOT NULL AND due <= $1
	ORDER BY due, id
	LIMIT $2`

// DueSales returns the sales about which the clock has something to do. Errors: db.ErrUnavailable.
func (v *SaleViews) DueSales(ctx context.Context, now time.Time, limit int) ([]uuid.UUID, error) {
	var ids []uuid.UUID
	if err := v.pool.Read().Select(ctx, &ids, selectDueSales, db.Micros(now), limit); err != nil {
		return nil, fmt.Errorf("look up which sales are due: %w", err)
	}
	return ids, nil
}
