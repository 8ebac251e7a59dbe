package app

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/google/uuid"

	"github.com/gavelhq/gavel/modules/listings/listingsapi"
	"github.com/gavelhq/gavel/modules/profiles/internal/domain"
	"github.com/gavelhq/gavel/platform/events"
)

// sold is the listingsapi.Event.Status of a listing that has a winner.
const sold = "sold"

// RecordSale keeps of every listing that is sold who sold it and who won, so that members can be shown with what they have
// done here.
//
// It writes by listing, whatever was written before: an event that comes again changes nothing, and one that was understood
// wrongly is put right. So `monolith events rewind profiles.sales` builds the sales again while they are in use, as far
// back as events are kept; what is older stays as it is.
type RecordSale struct{ sales domain.Sales }

// NewRecordSale returns the use case.
func NewRecordSale(sales domain.Sales) *RecordSale { return &RecordSale{sales: sales} }

// Do records what a published event says, in the unit of work in ctx: one of listingsapi.KindClosed or
// listingsapi.KindBought. Listings without a winner are passed over. Errors: a payload that is none, or names no listing,
// seller or winner; what the store reports.
func (u *RecordSale) Do(ctx context.Context, m events.Message) error {
	var e listingsapi.Event
	if err := json.Unmarshal(m.Payload, &e); err != nil {
		return fmt.Errorf("read %s: %w", m.Kind, err)
	}
	if e.Status == "" {
		return fmt.Errorf("read %s: it names no status", m.Kind)
	}
	if e.Status != sold {
		return nil
	}
	winner := e.LeaderID
	if m.Kind == listingsapi.KindBought {
		winner = e.BidderID
	}
	if e.ListingID == uuid.Nil || e.SellerID == uuid.Nil || winner == nil || *winner == uuid.Nil || e.EndsAt.IsZero() {
		return fmt.Errorf("read %s: who sold what to whom and when is not all there", m.Kind)
	}
	if err := u.record(ctx, e, *winner); err != nil {
		return fmt.Errorf("record the sale of %s: %w", e.ListingID, err)
	}
	return nil
}

func (u *RecordSale) record(ctx context.Context, e listingsapi.Event, winner uuid.UUID) error {
	sale, err := u.sales.Get(ctx, e.ListingID)
	switch {
	case errors.Is(err, domain.ErrRecordNotFound):
		return u.sales.Add(ctx, domain.NewSale(e.ListingID, e.SellerID, winner, e.EndsAt))
	case err != nil:
		return err
	}
	sale.Correct(e.SellerID, winner, e.EndsAt)
	return nil
}
