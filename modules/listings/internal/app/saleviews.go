package app

import (
	"context"
	"time"

	"github.com/google/uuid"

	"github.com/gavelhq/gavel/modules/listings/internal/domain"
	"github.com/gavelhq/gavel/platform/page"
)

// SaleViews answer what was sold and what has become of it, outside units of work. Who may see a sale is for the query that
// asks: OwnSales.
type SaleViews interface {
	// Sale returns the sale of a listing. Errors: domain.ErrSaleNotFound, or what the store reports.
	Sale(ctx context.Context, listing uuid.UUID) (domain.SaleState, error)
	// Sales returns one page of a member's sales that match the filter, the newest first. Errors: page.ErrInvalidCursor, or
	// what the store reports.
	Sales(ctx context.Context, filter SaleFilter, request page.Request) (page.Of[domain.SaleState], error)
	// DueSales returns the sales about which the clock has something to do at the instant now, those due longest first and
	// equal ones by id, at most limit. Errors: what the store reports.
	DueSales(ctx context.Context, now time.Time, limit int) ([]uuid.UUID, error)
}

// SaleStatus is where a sale stands: first whether it is paid, then what has become of the thing.
type SaleStatus string

// The statuses. A sale has one of them.
const (
	SaleStatusOwing      SaleStatus = "owing"
	SaleStatusOverdue    SaleStatus = "overdue" // and owing
	SaleStatusPaid       SaleStatus = "paid"    // neither handed over nor received
	SaleStatusHandedOver SaleStatus = "handed_over"
	SaleStatusReceived   SaleStatus = "received"
)

// SaleStatusOf returns where a sale stands.
func SaleStatusOf(s domain.SaleState) SaleStatus {
	switch {
	case s.PaidAt.IsZero() && s.OverdueAt.IsZero():
		return SaleStatusOwing
	case s.PaidAt.IsZero():
		return SaleStatusOverdue
	case !s.ReceivedAt.IsZero():
		return SaleStatusReceived
	case !s.HandedOverAt.IsZero():
		return SaleStatusHandedOver
	default:
		return SaleStatusPaid
	}
}

// SaleSide is the part that a member has in a sale.
type SaleSide string

// The sides.
const (
	SideBuyer  SaleSide = "buyer"
	SideSeller SaleSide = "seller"
)

// SaleFilter narrows a list of sales. All conditions must hold.
type SaleFilter struct {
	// Member and Side keep what this member bought, or sold.
	Member uuid.UUID
	Side   SaleSide
	// Statuses keeps sales that stand so; empty is any.
	Statuses []SaleStatus
}

// SalesList names the list of sales in its cursors, by side.
func SalesList(side SaleSide) string { return "sales/" + string(side) }

// SaleKey is what a cursor of a list of sales holds: when the last one before the page was sold, in microseconds since 1970,
// and its id.
type SaleKey struct {
	At int64     `json:"at"`
	ID uuid.UUID `json:"id"`
}

// SaleKeyOf returns where a sale stands in the list.
func SaleKeyOf(s domain.SaleState) SaleKey { return SaleKey{At: s.SoldAt.UnixMicro(), ID: s.ID} }
