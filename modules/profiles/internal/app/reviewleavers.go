package app

import (
	"context"

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
func (u *ReviewLeavers) Do(ctx context.Context) (deleted int, err error) { return 0, errLater }
