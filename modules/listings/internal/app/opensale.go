package app

import (
	"context"
	"errors"
	"fmt"

	"github.com/gavelhq/gavel/modules/listings/internal/domain"
	"github.com/gavelhq/gavel/platform/events"
)

// OpenSale opens the sale of every listing that is sold. It is a subscriber of the module's own events: the close itself
// writes nothing more than it did.
type OpenSale struct{ desk *SaleDesk }

// NewOpenSale returns the use case.
func NewOpenSale(desk *SaleDesk) *OpenSale { return &OpenSale{desk: desk} }

// Do opens the sale of the listing that the event is about, in the unit of work in ctx, if it is sold and has none. The
// event may come again. Errors: what the stores report.
func (u *OpenSale) Do(ctx context.Context, m events.Message) error {
	_, err := u.desk.sale(ctx, m.Aggregate, u.desk.clock.Now())
	if err != nil && !errors.Is(err, domain.ErrSaleNotFound) {
		return fmt.Errorf("open the sale of %s: %w", m.Aggregate, err)
	}
	return nil
}
