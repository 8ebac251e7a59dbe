package app

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/gavelhq/gavel/modules/listings/internal/domain"
)

// Winners answer who has won what, outside units of work. Who may know is for the query that asks: Sheets.
type Winners interface {
	// Won returns what is sold at the instant now, whether or not its close or its sale is stored, by end and id. Errors: what
	// the store reports.
	Won(ctx context.Context, wanted WonRange, now time.Time) ([]Win, error)
}

// WonRange says what is wanted of what was won.
type WonRange struct {
	// After is the end and the id behind which it begins. With the zero id, what ends at that very instant is wanted.
	After WonKey
	// Before is the end before which it stops.
	Before time.Time
	// Limit is how many at most.
	Limit int
}

// WonKey is where a win stands in their order.
type WonKey struct {
	At time.Time
	ID uuid.UUID
}

// before reports whether it stands before the other one.
func (k WonKey) before(other WonKey) bool {
	return cmp.Or(k.At.Compare(other.At), slices.Compare(k.ID[:], other.ID[:])) < 0
}

// Win is one listing that is sold.
type Win struct {
	// Listing is the one, Title what it is called, EndedAt when it was sold.
	Listing uuid.UUID
	Title   string
	EndedAt time.Time
	// Winner pays the price to the seller.
	Seller, Winner uuid.UUID
	Price          domain.Money
	// PaidAt, HandedOverAt and ReceivedAt are the marks of its sale; zero for what is not marked.
	PaidAt, HandedOverAt, ReceivedAt time.Time
}

// Key returns where the win stands in the order.
func (w Win) Key() WonKey { return WonKey{At: w.EndedAt, ID: w.Listing} }
