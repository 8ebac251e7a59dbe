package app

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/gavelhq/gavel/modules/profiles/internal/domain"
	"github.com/gavelhq/gavel/modules/profiles/profilesapi"
	"github.com/gavelhq/gavel/platform/identity"
)

// obligations asks all guards what is in the way, and whether anything that is over can still come back. Errors: those of a
// guard; then nobody knows, and nothing is deleted.
func obligations(
	ctx context.Context, guards []profilesapi.DeletionGuard, member uuid.UUID,
) (owed []profilesapi.Obligation, over bool, err error) {
	owed = []profilesapi.Obligation{}
	for _, guard := range guards {
		found, err := guard.Obligations(ctx, member)
		if err != nil {
			return nil, false, fmt.Errorf("ask for the obligations of %s: %w", member, err)
		}
		for _, o := range found {
			if o.Over {
				over = true
			} else {
				owed = append(owed, o)
			}
		}
	}
	return owed, over, nil
}

// delete removes everything of the person in the unit of work in ctx, and returns the last letter. What has the member's
// id stays, and names nobody any more.
func (h *House) delete(ctx context.Context, account *domain.Account, now time.Time) (letter, error) {
	who, err := h.personOf(ctx, account)
	if err != nil {
		return nil, err
	}
	profile, err := h.Profiles.Get(ctx, account.ID())
	if err != nil {
		return nil, err
	}
	settings, err := h.Settings.Get(ctx, account.ID())
	if err != nil {
		return nil, err
	}
	if err := account.Delete(now); err != nil {
		return nil, err
	}
	profile.Delete(now)
	settings.Delete()
	if err := h.record(ctx, identity.Caller{}, "members.delete", account.ID(), "", "", now); err != nil {
		return nil, err
	}
	return func() { h.letters.Deleted(who.address, who.handle) }, nil
}
