package app

import (
	"context"
	"errors"
	"fmt"

	"github.com/gavelhq/gavel/modules/listings/internal/domain"
	"github.com/gavelhq/gavel/platform/events"
)

// ForgetWatches deletes what a deleted member watched.
type ForgetWatches struct {
	watches domain.Watches
	lists   domain.WatchLists
}

// NewForgetWatches returns the use case.
func NewForgetWatches(watches domain.Watches, lists domain.WatchLists) *ForgetWatches {
	return &ForgetWatches{watches: watches, lists: lists}
}

// Do deletes them, in the unit of work in ctx, upon a profilesapi.KindDeleted, whose aggregate is the member. Errors: what
// the store reports.
func (u *ForgetWatches) Do(ctx context.Context, m events.Message) error {
	member := m.Aggregate
	err := u.lists.Remove(ctx, member)
	switch {
	case errors.Is(err, domain.ErrRecordNotFound): // who has never watched anything
		return nil
	case err != nil:
		return fmt.Errorf("forget the watch list of %s: %w", member, err)
	}
	if err := u.watches.Forget(ctx, member); err != nil {
		return fmt.Errorf("forget what %s watches: %w", member, err)
	}
	return nil
}
