package app

import (
	"context"
	"time"

	"github.com/google/uuid"

	"github.com/gavelhq/gavel/modules/listings/internal/domain"
	"github.com/gavelhq/gavel/platform/page"
)

// WatchViews answer what a member watches, to himself, outside units of work.
type WatchViews interface {
	// Watched returns one page of the listings that the member watches, as everybody may see them at the instant now.
	// Errors: page.ErrInvalidCursor, or what the store reports.
	Watched(ctx context.Context, member uuid.UUID, filter WatchFilter, request page.Request, now time.Time) (page.Of[WatchedListing], error)
	// Since returns since when the member watches the listing. Errors: domain.ErrNotWatched, or what the store reports.
	Since(ctx context.Context, member, listing uuid.UUID) (time.Time, error)
	// Watches returns the member's watches by listing from behind after, at most limit of them. Errors: what the store
	// reports.
	Watches(ctx context.Context, member, after uuid.UUID, limit int) ([]domain.WatchState, error)
}

// WatchedListing is a listing on a watch list.
type WatchedListing struct {
	ListingSummary
	// Since is when it was put on the list.
	Since time.Time
}

// WatchFilter narrows a watch list.
type WatchFilter struct {
	// Ended keeps what is over as well; without it only scheduled and open listings are kept.
	Ended bool
	// Sort is the order; empty is SortEndingSoon. SortNewest is by the watch, the newest first.
	Sort Sort
}

// Keeps reports whether the filter keeps a listing with that status.
func (f WatchFilter) Keeps(s domain.Status) bool { return f.Ended || !s.Final() }

// List returns the name under which cursors of the watch list with that order are made.
func (f WatchFilter) List() string { return "watches/" + string(f.Order()) }

// Order returns the order.
func (f WatchFilter) Order() Sort {
	if f.Sort == "" {
		return SortEndingSoon
	}
	return f.Sort
}

// Key returns where the listing stands in a watch list with this order.
func (w WatchedListing) Key(order Sort) ListingKey {
	if order == SortNewest {
		return ListingKey{At: w.Since.UnixMicro(), ID: w.ID}
	}
	return w.ListingSummary.Key(order)
}
