package app

import (
	"context"
	"time"

	"github.com/google/uuid"

	"github.com/gavelhq/gavel/modules/listings/internal/domain"
	"github.com/gavelhq/gavel/platform/page"
)

// portableSale is a sale in sales.json, as the member's side of it; who the other one is, is the other one's. The price is
// decimal text in its currency.
type portableSale struct {
	ListingID    uuid.UUID  `json:"listing_id"`
	Title        string     `json:"title"`
	Side         SaleSide   `json:"side"`
	Status       SaleStatus `json:"status"`
	Currency     string     `json:"currency"`
	Price        string     `json:"price"`
	SoldAt       time.Time  `json:"sold_at"`
	PayBy        time.Time  `json:"pay_by"`
	OverdueAt    time.Time  `json:"overdue_at,omitzero"`
	PaidAt       time.Time  `json:"paid_at,omitzero"`
	HandedOverAt time.Time  `json:"handed_over_at,omitzero"`
	ReceivedAt   time.Time  `json:"received_at,omitzero"`
	RemindedAt   time.Time  `json:"reminded_at,omitzero"` // the buyer
}

// settled returns what the member bought, then what he sold, each the newest first.
func (p *PortableData) settled(ctx context.Context, member uuid.UUID) ([]portableSale, error) {
	all := []portableSale{}
	for _, side := range []SaleSide{SideBuyer, SideSeller} {
		filter, request := SaleFilter{Member: member, Side: side}, page.Request{Limit: page.MaxLimit}
		for more := true; more; more = request.Cursor != "" {
			sales, err := p.sales.Sales(ctx, filter, request)
			if err != nil {
				return nil, err
			}
			for _, s := range sales.Items {
				all = append(all, portableSaleOf(s, side))
			}
			request.Cursor = sales.Next
		}
	}
	return all, nil
}

func portableSaleOf(s domain.SaleState, side SaleSide) portableSale {
	sale := portableSale{
		ListingID: s.ID, Title: s.Title, Side: side, Status: SaleStatusOf(s), Currency: s.Price.Currency.Code,
		Price: s.Price.Decimal(), SoldAt: s.SoldAt, PayBy: s.PayBy, OverdueAt: s.OverdueAt, PaidAt: s.PaidAt,
		HandedOverAt: s.HandedOverAt, ReceivedAt: s.ReceivedAt,
	}
	if side == SideBuyer {
		sale.RemindedAt = s.RemindedAt
	}
	return sale
}
