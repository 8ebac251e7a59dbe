package memory

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/gavelhq/gavel/modules/listings/internal/app"
	"github.com/gavelhq/gavel/modules/listings/internal/domain"
	"github.com/gavelhq/gavel/platform/events"
	"github.com/gavelhq/gavel/platform/page"
	"github.com/gavelhq/gavel/platform/uow"
)

// Sales is the domain.Sales, all of it the unit of work's.
type Sales struct {
	*uow.Repository[*domain.Sale, domain.SaleEvent]
}

var _ domain.Sales = (*Sales)(nil)

// errSaleExists makes the unit run again: it will find the sale that was opened meanwhile.
var errSaleExists = fmt.Errorf("%w: the listing has a sale already", uow.ErrConflict)

// NewSales returns the repository, which keeps its data in store and translates events with message.
func NewSales(store *Store, message func(*domain.Sale, domain.SaleEvent) (events.Message, bool)) *Sales {
	return &Sales{uow.NewRepository("sales", store.sales, domain.ErrSaleNotFound, message)}
}

// SaleViews are the app.SaleViews.
type SaleViews struct{ store *Store }

var _ app.SaleViews = (*SaleViews)(nil)

// NewSaleViews returns the views of store.
func NewSaleViews(store *Store) *SaleViews { return &SaleViews{store} }

// Sale returns the sale of a listing. Errors: domain.ErrSaleNotFound.
func (v *SaleViews) Sale(_ context.Context, listing uuid.UUID) (state domain.SaleState, err error) {
	v.store.db.Read(func() {
		sale, found := v.store.sales.Find(listing)
		if !found {
			err = domain.ErrSaleNotFound
			return
		}
		state = sale.State()
	})
	return state, err
}

// Sales returns one page of a member's sales, the newest first. Errors: page.ErrInvalidCursor.
func (v *SaleViews) Sales(
	_ context.Context, filter app.SaleFilter, request page.Request,
) (page.Of[domain.SaleState], error) {
	list := app.SalesList(filter.Side)
	after, resumed, err := page.Decode[app.SaleKey](list, request.Cursor)
	if err != nil {
		return page.Of[domain.SaleState]{}, err
	}
	matches := v.matching(func(s domain.SaleState) bool {
		member := s.Buyer
		if filter.Side == app.SideSeller {
			member = s.Seller
		}
		return member == filter.Member &&
			(len(filter.Statuses) == 0 || slices.Contains(filter.Statuses, app.SaleStatusOf(s))) &&
			(!resumed || compareSales(app.SaleKeyOf(s), after) < 0)
	})
	slices.SortFunc(matches, func(a, b domain.SaleState) int { return compareSales(app.SaleKeyOf(b), app.SaleKeyOf(a)) })
	return page.Cut(request, matches, func(s domain.SaleState) page.Cursor { return page.Encode(list, app.SaleKeyOf(s)) }), nil
}

// DueSales returns the sales about which the clock has something to do. Errors: none.
func (v *SaleViews) DueSales(_ context.Context, now time.Time, limit int) ([]uuid.UUID, error) {
	due := v.matching(func(s domain.SaleState) bool { return !s.Due().IsZero() && !s.Due().After(now) })
	slices.SortFunc(due, func(a, b domain.SaleState) int { return cmp.Or(a.Due().Compare(b.Due()), compareIDs(a.ID, b.ID)) })
	ids := make([]uuid.UUID, min(limit, len(due)))
	for i := range ids {
		ids[i] = due[i].ID
	}
	return ids, nil
}

func (v *SaleViews) matching(holds func(domain.SaleState) bool) (matches []domain.SaleState) {
	v.store.db.Read(func() {
		for _, sale := range v.store.sales.All() {
			if state := sale.State(); holds(state) {
				matches = append(matches, state)
			}
		}
	})
	return matches
}

// compareSales says which of two keys is the older one.
func compareSales(a, b app.SaleKey) int {
	return cmp.Or(cmp.Compare(a.At, b.At), compareIDs(a.ID, b.ID))
}
