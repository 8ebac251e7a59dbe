package listingsapi

import (
	"time"

	"github.com/google/uuid"
)

// The kinds of the published events of sales; each names the version of its type, which is SaleEvent for all of them.
const (
	KindSalePaid    = "listings.sale_paid.v1"    // the seller, or a moderator, says that the buyer has paid
	KindSaleUnpaid  = "listings.sale_unpaid.v1"  // that was a mistake and is taken back
	KindSaleOverdue = "listings.sale_overdue.v1" // the time to pay has passed, reminders and grace included; at most once
)

// SaleEvent is what the module publishes about what happens after a listing was sold. The events of one sale are in the
// order of Seq; they have an aggregate of their own beside the listing's.
type SaleEvent struct {
	// ListingID is the listing, Title what it is called.
	ListingID uuid.UUID `json:"listing_id"`
	Title     string    `json:"title"`
	// SellerID has sold it to BuyerID.
	SellerID uuid.UUID `json:"seller_id"`
	BuyerID  uuid.UUID `json:"buyer_id"`
	// Seq counts the changes of the sale, At is when.
	Seq int64     `json:"seq"`
	At  time.Time `json:"at"`
	// Price is decimal text in Currency (ISO 4217).
	Price    string `json:"price"`
	Currency string `json:"currency"`
	// SoldAt is when the listing ended, PayBy when the buyer was to have paid.
	SoldAt time.Time `json:"sold_at"`
	PayBy  time.Time `json:"pay_by"`
	// OverdueAt is when it was found to be overdue; absent if it was not.
	OverdueAt *time.Time `json:"overdue_at,omitempty"`
}
