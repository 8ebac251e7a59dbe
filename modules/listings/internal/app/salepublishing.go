package app

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/gavelhq/gavel/modules/listings/internal/domain"
	"github.com/gavelhq/gavel/modules/listings/listingsapi"
	"github.com/gavelhq/gavel/platform/events"
)

var publishedSaleKinds = map[domain.SaleEventKind]string{
	domain.SalePaid:    listingsapi.KindSalePaid,
	domain.SaleUnpaid:  listingsapi.KindSaleUnpaid,
	domain.SaleOverdue: listingsapi.KindSaleOverdue,
}

// SaleMessage is the published form of an event that a sale recorded. The aggregate is not the listing, whose events count
// for themselves, but follows from it.
func SaleMessage(sale *domain.Sale, e domain.SaleEvent) (events.Message, bool) {
	s := sale.State()
	payload, err := json.Marshal(listingsapi.SaleEvent{
		ListingID: s.ID,
		Title:     s.Title,
		SellerID:  s.Seller,
		BuyerID:   s.Buyer,
		Seq:       e.Seq,
		At:        e.At,
		Price:     s.Price.Decimal(),
		Currency:  s.Price.Currency.Code,
		SoldAt:    s.SoldAt,
		PayBy:     s.PayBy,
		OverdueAt: knownTime(s.OverdueAt),
	})
	if err != nil {
		panic(fmt.Sprintf("write %s as JSON: %v", e.Kind, err)) // plain fields cannot fail
	}
	aggregate := uuid.NewSHA1(s.ID, []byte("sale"))
	return events.Message{
		ID:        uuid.NewSHA1(aggregate, fmt.Appendf(nil, "event %d", e.Seq)),
		Kind:      publishedSaleKinds[e.Kind],
		Aggregate: aggregate,
		Seq:       e.Seq,
		At:        e.At,
		Payload:   payload,
	}, true
}

// knownTime returns nil for no instant.
func knownTime(at time.Time) *time.Time {
	if at.IsZero() {
		return nil
	}
	return &at
}
