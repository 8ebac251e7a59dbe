package app

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/gavelhq/gavel/modules/profiles/profilesapi"
)

// ReviewLeavers deletes the accounts of those who asked for it, once nothing is in the way any more.
type ReviewLeavers struct {
	house  *House
	guards []profilesapi.DeletionGuard
}

// NewReviewLeavers returns the use case; the guards are the other modules'.
func NewReviewLeavers(house *House, guards []profilesapi.DeletionGuard) *ReviewLeavers {
	return &ReviewLeavers{house: house, guards: guards}
}

// Do looks at everybody who is leaving, and returns how many were deleted. Errors: of those who could not be reviewed, all
// others being done; what the store reports.
func (u *ReviewLeavers) Do(ctx context.Context) (deleted int, err error) {
	var failed error
	after := uuid.Nil
	for {
		leaving, err := u.house.views.Leaving(ctx, after, portion)
		if err != nil {
			return deleted, errors.Join(failed, fmt.Errorf("look for members who leave: %w", err))
		}
		for _, member := range leaving {
			gone, err := u.review(ctx, member)
			if err != nil {
				failed = errors.Join(failed, fmt.Errorf("review %s, who leaves: %w", member, err))
			}
			if gone {
				deleted++
			}
			after = member
		}
		if len(leaving) < portion || ctx.Err() != nil {
			return deleted, failed
		}
	}
}

// review looks at one of them.
func (u *ReviewLeavers) review(ctx context.Context, member uuid.UUID) (gone bool, err error) {
	h := u.house
	owed, over, err := obligations(ctx, u.guards, member)
	if err != nil {
		return false, err
	}
	return do(ctx, h, request{operation: "review"}, func(ctx context.Context, now time.Time) (bool, letter, error) {
		account, err := h.Accounts.Get(ctx, member)
		if err != nil {
			return false, nil, err
		}
		account.Review(len(owed) > 0, now)
		if over || !account.DueForDeletion(h.policy.Grace, now) {
			return false, nil, nil
		}
		post, err := h.delete(ctx, account, now)
		return err == nil, post, err
	})
}
