package memory

import (
	"context"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/gavelhq/gavel/modules/listings/internal/app"
	"github.com/gavelhq/gavel/modules/listings/internal/domain"
)

// Roll is the app.Roll.
type Roll struct{ store *Store }

var _ app.Roll = (*Roll)(nil)

// NewRoll returns the roll of store.
func NewRoll(store *Store) *Roll { return &Roll{store} }

// Bidders returns the next members who have a live bid. Errors: uow.ErrNoUnit, uow.ErrEnded.
func (r *Roll) Bidders(
	ctx context.Context, listing, after uuid.UUID, limit int,
) (live []uuid.UUID, last uuid.UUID, err error) {
	if _, err := r.store.db.Join(ctx); err != nil {
		return nil, uuid.Nil, err
	}
	live, last = bidders(r.store.log(listing), after, limit)
	return live, last, nil
}

func bidders(log []domain.Event, after uuid.UUID, limit int) (live []uuid.UUID, last uuid.UUID) {
	var looked []uuid.UUID
	for _, e := range log {
		if e.Kind == domain.KindBidPlaced && compareIDs(e.Sealed.Bidder, after) > 0 {
			looked = append(looked, e.Sealed.Bidder)
		}
	}
	slices.SortFunc(looked, compareIDs)
	looked = slices.Compact(looked)
	if len(looked) > limit {
		looked = looked[:limit]
		last = looked[limit-1]
	}
	for _, member := range looked {
		if hasLiveBid(log, member) {
			live = append(live, member)
		}
	}
	return live, last
}

// LostLead reports whether the member lost the lead to somebody shortly before. Errors: uow.ErrNoUnit, uow.ErrEnded.
func (r *Roll) LostLead(ctx context.Context, listing, member uuid.UUID, seq int64, since time.Time) (bool, error) {
	if _, err := r.store.db.Join(ctx); err != nil {
		return false, err
	}
	return slices.ContainsFunc(r.store.log(listing), func(e domain.Event) bool {
		return e.Seq < seq && e.Seq >= seq-app.LostLeadLooksAt && !e.At.Before(since) && e.Kind == domain.KindBidPlaced &&
			e.Sealed.FormerLeader == member && e.Sealed.Leader != member
	}), nil
}
