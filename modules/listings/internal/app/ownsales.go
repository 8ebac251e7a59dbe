package app

import (
	"context"
	"fmt"

	"github.com/google/uuid"

	"github.com/gavelhq/gavel/modules/listings/internal/domain"
	"github.com/gavelhq/gavel/modules/profiles/profilesapi"
	"github.com/gavelhq/gavel/platform/page"
)

// OwnSales answers what a member has bought and sold, with how to reach the other one. Buyer and seller of a sale see each
// other's contact; nobody else is shown any here.
type OwnSales struct {
	views    SaleViews
	contacts profilesapi.Contacts
}

// NewOwnSales returns the query.
func NewOwnSales(views SaleViews, contacts profilesapi.Contacts) *OwnSales {
	return &OwnSales{views: views, contacts: contacts}
}

// SaleRecord is a sale as one of those may see it who may.
type SaleRecord struct {
	domain.SaleState
	// Status is where it stands.
	Status SaleStatus
	// Contact is the other party's; nil for who is no party, and when the other one has been deleted.
	Contact *profilesapi.Contact
}

// Of returns the sale of the listing. Errors: domain.ErrSaleNotFound, also for who is neither buyer nor seller nor a
// moderator; what the stores report.
func (q *OwnSales) Of(ctx context.Context, listing uuid.UUID, viewer domain.Actor) (SaleRecord, error) {
	sale, err := q.views.Sale(ctx, listing)
	if err != nil {
		return SaleRecord{}, err
	}
	if err := sale.VisibleTo(viewer); err != nil {
		return SaleRecord{}, err
	}
	records, err := q.records(ctx, viewer.ID, []domain.SaleState{sale})
	if err != nil {
		return SaleRecord{}, err
	}
	return records[0], nil
}

// Page returns one page of what the filter's member has bought or sold; it is for him alone. Errors: page.ErrInvalidCursor;
// what the stores report.
func (q *OwnSales) Page(ctx context.Context, filter SaleFilter, request page.Request) (page.Of[SaleRecord], error) {
	sales, err := q.views.Sales(ctx, filter, request)
	if err != nil {
		return page.Of[SaleRecord]{}, err
	}
	records, err := q.records(ctx, filter.Member, sales.Items)
	if err != nil {
		return page.Of[SaleRecord]{}, err
	}
	return page.Of[SaleRecord]{Items: records, Next: sales.Next}, nil
}

// records adds to each sale the contact of the other party, with one query for all.
func (q *OwnSales) records(ctx context.Context, viewer uuid.UUID, sales []domain.SaleState) ([]SaleRecord, error) {
	var others []uuid.UUID
	for _, s := range sales {
		if other := otherParty(s, viewer); other != uuid.Nil {
			others = append(others, other)
		}
	}
	contacts, err := q.contacts.Contacts(ctx, others)
	if err != nil {
		return nil, fmt.Errorf("look up how to reach %d members: %w", len(others), err)
	}
	records := make([]SaleRecord, len(sales))
	for i, s := range sales {
		records[i] = SaleRecord{SaleState: s, Status: SaleStatusOf(s)}
		if contact, found := contacts[otherParty(s, viewer)]; found {
			records[i].Contact = &contact
		}
	}
	return records, nil
}

// otherParty returns the one with whom the member has to deal in the sale; zero for a member who has no part in it.
func otherParty(s domain.SaleState, member uuid.UUID) uuid.UUID {
	switch member {
	case s.Buyer:
		return s.Seller
	case s.Seller:
		return s.Buyer
	default:
		return uuid.Nil
	}
}
