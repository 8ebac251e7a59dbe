package app

import (
	"context"

	"github.com/google/uuid"

	"github.com/gavelhq/gavel/modules/listings/internal/domain"
	"github.com/gavelhq/gavel/modules/listings/listingsapi"
	"github.com/gavelhq/gavel/platform/clock"
)

// Reader is the listingsapi.Reader: what this module tells others.
type Reader struct {
	views Views
	clock clock.Clock
}

var _ listingsapi.Reader = (*Reader)(nil)

// NewReader returns the reader.
func NewReader(views Views, c clock.Clock) *Reader { return &Reader{views: views, clock: c} }

// Summary returns the listing. Errors: domain.ErrListingNotFound, also for drafts; what the store reports.
func (r *Reader) Summary(ctx context.Context, id uuid.UUID) (listingsapi.Summary, error) {
	listing, err := r.views.Listing(ctx, id, domain.Actor{}, r.clock.Now())
	if err != nil {
		return listingsapi.Summary{}, err
	}
	return listingsapi.Summary{
		ID:      listing.ID,
		Seller:  listing.Seller,
		Title:   listing.Title,
		State:   string(listing.Status),
		EndsAt:  listing.EndsAt,
		LogSeq:  listing.Head.Seq,
		LogHash: listing.Head.Hash,
	}, nil
}
