package sqlstore

import (
	"context"
	"fmt"
	"slices"

	"github.com/google/uuid"

	"github.com/gavelhq/gavel/modules/listings/internal/domain"
	"github.com/gavelhq/gavel/platform/db"
	"github.com/gavelhq/gavel/platform/events"
	"github.com/gavelhq/gavel/platform/uow"
)

// Listings is the domain.Repository. Get, Peek, Add, Remove and Loads are the unit of work's.
type Listings struct {
	*uow.Repository[*domain.Listing, domain.Event]
	pool       *db.Pool
	accepted   *uow.Lookup[uuid.UUID, acceptance]
	selectBids string
}

var _ domain.Repository = (*Listings)(nil)

// NewListings returns the repository over pool; message gives events their published form.
func NewListings(pool *db.Pool, message func(*domain.Listing, domain.Event) (events.Message, bool)) *Listings {
	return &Listings{
		Repository: uow.NewRepository("listings", newListingStore(pool), domain.ErrListingNotFound, message).Remembering(rememberedBytes, weight),
		pool:       pool,
		accepted:   uow.NewLookup("accepted commands", newAcceptances(pool), acceptance{}),
		selectBids: `
			SELECT seq, at, kind, bidder, maximum, details
			FROM listing_log
			WHERE listing_id = $1 AND seq <= $2 AND kind IN ('bid_placed', 'bids_retracted', 'bids_cancelled')
			ORDER BY seq`,
	}
}

// rememberedBytes is what the listings that are remembered between units may take: some 20,000 with short texts.
const rememberedBytes = 32 << 20

// weight returns about how many bytes a listing takes.
func weight(listing *domain.Listing) int {
	s := listing.State()
	texts := len(s.Title) + len(s.Description) + 16*len(s.Excluded)
	for _, addition := range s.Additions {
		texts += len(addition.Text)
	}
	return 1<<10 + texts
}

// LiveBids returns the live bids of the listing as this unit has it: what was appended to the log since the listing was
// loaded is left out, and will be the conflict on which the unit runs again. Errors: as Get.
func (l *Listings) LiveBids(ctx context.Context, id uuid.UUID) ([]domain.LiveBid, error) {
	listing, err := l.Get(ctx, id)
	if err != nil {
		return nil, err
	}
	pending, err := l.Pending(ctx, id)
	if err != nil {
		return nil, err
	}
	last := listing.State().Head.Seq
	if len(pending) > 0 {
		last = pending[0].Seq - 1
	}
	stored, err := l.storedEvents(ctx, l.selectBids, id, last)
	if err != nil {
		return nil, fmt.Errorf("read the bids on %s: %w", id, err)
	}
	return domain.LiveBids(slices.Concat(stored, pending)), nil
}

// Accepted returns the event of the command, which this unit has appended or an earlier one. Errors: uow.ErrNoUnit,
// uow.ErrEnded, db.ErrUnavailable.
func (l *Listings) Accepted(ctx context.Context, command uuid.UUID) (domain.Event, bool, error) {
	pending, err := uow.Recorded(ctx, command)
	if err != nil || command == uuid.Nil {
		return domain.Event{}, false, err
	}
	if pending {
		if event, found, err := l.pendingEvent(ctx, command); found || err != nil {
			return event, found, err
		}
	}
	stored, err := l.accepted.Get(ctx, command)
	return stored.event, stored.found, err
}

// pendingEvent returns the event that an earlier command of this unit recorded under the id.
func (l *Listings) pendingEvent(ctx context.Context, command uuid.UUID) (domain.Event, bool, error) {
	pending, err := l.AllPending(ctx)
	for _, recorded := range pending {
		for _, e := range recorded {
			if e.Sealed.Command == command {
				return e, true, nil
			}
		}
	}
	return domain.Event{}, false, err
}

func (l *Listings) storedEvents(ctx context.Context, query string, args ...any) ([]domain.Event, error) {
	tx, err := l.pool.Tx(ctx)
	if err != nil {
		return nil, err
	}
	var rows []eventRow
	if err := tx.Select(ctx, &rows, query, args...); err != nil {
		return nil, err
	}
	return eventsOf(rows)
}
