package sqlstore

import (
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/gavelhq/gavel/modules/listings/internal/domain"
	"github.com/gavelhq/gavel/platform/db"
	"github.com/gavelhq/gavel/platform/db/table"
	"github.com/gavelhq/gavel/platform/events"
	"github.com/gavelhq/gavel/platform/uow"
)

// Sales is the domain.Sales, all of it the unit of work's.
type Sales struct {
	*uow.Repository[*domain.Sale, domain.SaleEvent]
}

var _ domain.Sales = (*Sales)(nil)

// NewSales returns the repository over pool, which translates events with message.
func NewSales(pool *db.Pool, message func(*domain.Sale, domain.SaleEvent) (events.Message, bool)) *Sales {
	store := table.NewStore[*domain.Sale, domain.SaleEvent](pool, table.Mapping[*domain.Sale, saleRow]{
		Table:   "listing_sales",
		Row:     func(s *domain.Sale) saleRow { return saleRowOf(s.State()) },
		Restore: func(r saleRow) *domain.Sale { return domain.RestoreSale(r.state()) },
		Refusals: map[string]error{
			"listing_sales_pkey": fmt.Errorf("%w: the listing has a sale already", uow.ErrConflict),
		},
	})
	return &Sales{uow.NewRepository("sales", store, domain.ErrSaleNotFound, message)}
}

// saleRow is a row of listing_sales. Due follows from the rest, for the index by which the clock finds what it has to do.
type saleRow struct {
	ID           uuid.UUID    `db:"id"`
	Version      int64        `db:"version"`
	Title        string       `db:"title"`
	Seller       uuid.UUID    `db:"seller"`
	Buyer        uuid.UUID    `db:"buyer"`
	Price        int64        `db:"price"`
	Currency     string       `db:"currency"`
	Digits       int64        `db:"digits"`
	SoldAt       db.Micros    `db:"sold_at"`
	RemindAt     db.Micros    `db:"remind_at"`
	PayBy        db.Micros    `db:"pay_by"`
	OverdueFrom  db.Micros    `db:"overdue_from"`
	PaidAt       db.MaybeTime `db:"paid_at"`
	HandedOverAt db.MaybeTime `db:"handed_over_at"`
	ReceivedAt   db.MaybeTime `db:"received_at"`
	Reminders    int64        `db:"reminders"`
	RemindedAt   db.MaybeTime `db:"reminded_at"`
	OverdueAt    db.MaybeTime `db:"overdue_at"`
	Due          db.MaybeTime `db:"due"`
}

// saleColumns are those of a saleRow.
const saleColumns = `id, version, title, seller, buyer, price, currency, digits, sold_at, remind_at, pay_by, overdue_from,
	paid_at, handed_over_at, received_at, reminders, reminded_at, overdue_at, due`

func saleRowOf(s domain.SaleState) saleRow {
	return saleRow{
		ID:           s.ID,
		Version:      s.Version,
		Title:        s.Title,
		Seller:       s.Seller,
		Buyer:        s.Buyer,
		Price:        s.Price.Minor,
		Currency:     s.Price.Currency.Code,
		Digits:       int64(s.Price.Currency.Digits),
		SoldAt:       db.Micros(s.SoldAt),
		RemindAt:     db.Micros(s.RemindAt),
		PayBy:        db.Micros(s.PayBy),
		OverdueFrom:  db.Micros(s.OverdueFrom),
		PaidAt:       db.MaybeTime(s.PaidAt),
		HandedOverAt: db.MaybeTime(s.HandedOverAt),
		ReceivedAt:   db.MaybeTime(s.ReceivedAt),
		Reminders:    int64(s.Reminders),
		RemindedAt:   db.MaybeTime(s.RemindedAt),
		OverdueAt:    db.MaybeTime(s.OverdueAt),
		Due:          db.MaybeTime(s.Due()),
	}
}

func (r saleRow) state() domain.SaleState {
	return domain.SaleState{
		ID:           r.ID,
		Version:      r.Version,
		Title:        r.Title,
		Seller:       r.Seller,
		Buyer:        r.Buyer,
		Price:        domain.Currency{Code: r.Currency, Digits: int(r.Digits)}.Money(r.Price),
		SoldAt:       r.SoldAt.Time(),
		RemindAt:     r.RemindAt.Time(),
		PayBy:        r.PayBy.Time(),
		OverdueFrom:  r.OverdueFrom.Time(),
		PaidAt:       time.Time(r.PaidAt),
		HandedOverAt: time.Time(r.HandedOverAt),
		ReceivedAt:   time.Time(r.ReceivedAt),
		Reminders:    int(r.Reminders),
		RemindedAt:   time.Time(r.RemindedAt),
		OverdueAt:    time.Time(r.OverdueAt),
	}
}
