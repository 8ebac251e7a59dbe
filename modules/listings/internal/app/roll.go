package app

import (
	"context"
	"time"

	"github.com/google/uuid"
)

// Roll knows who bids on a listing. Call it inside a unit of work: subscribers read with the connection that they have.
type Roll interface {
	// Bidders looks at the next members who have ever bid on the listing, by id from behind after, at most limit of them. It
	// returns those who have a live bid, and the last whom it looked at; zero when nobody is left behind him. Errors:
	// uow.ErrNoUnit, uow.ErrEnded, ErrUnreadable, or what the store reports.
	Bidders(ctx context.Context, listing, after uuid.UUID, limit int) (live []uuid.UUID, last uuid.UUID, err error)
	// LostLead reports whether the member lost the lead to somebody by one of the events of the listing's log before the one
	// with that seq and not before the instant since. It looks at no more than the hundred events before it. Errors: as
	// Bidders.
	LostLead(ctx context.Context, listing, member uuid.UUID, seq int64, since time.Time) (bool, error)
}

// LostLeadLooksAt is how many events Roll.LostLead looks at.
const LostLeadLooksAt = 100
