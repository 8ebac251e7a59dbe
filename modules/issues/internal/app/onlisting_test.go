package app_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/modules/issues/internal/app"
	"github.com/gavelhq/gavel/modules/issues/internal/domain"
	"github.com/gavelhq/gavel/platform/idempotency"
	"github.com/gavelhq/gavel/platform/identity"
)

// moderator is an agent who moderates listings as well.
var moderator = member(14, identity.Agent, identity.Moderator)

// onListing are the acts on the listing of an issue.
var onListing = map[string]struct {
	do    func(ctx context.Context, d *desk, act app.ActCommand, reason string) error
	event domain.Payload
}{
	"freeze": {func(ctx context.Context, d *desk, act app.ActCommand, reason string) error {
		return app.NewFreezeListing(d.Desk).Do(ctx, app.FreezeListingCommand{ActCommand: act, Reason: reason})
	}, domain.ListingFrozen{Reason: "Is it stolen?"}},
	"cancel": {func(ctx context.Context, d *desk, act app.ActCommand, reason string) error {
		return app.NewCancelListing(d.Desk).Do(ctx, app.CancelListingCommand{ActCommand: act, Reason: reason})
	}, domain.ListingCancelled{Reason: "Is it stolen?"}},
}

func TestActingOnTheListingOfAnIssue(t *testing.T) {
	t.Parallel()
	for name, act := range onListing {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := newDesk(t)
			id := d.against(ada)
			cmd := by(moderator, id)
			cmd.Key = "1"
			for range 2 {
				require.NoError(t, act.do(t.Context(), d, cmd, "Is it stolen?"))
			}
			require.Equal(t, []string{fmt.Sprintf("%s %s by %s: Is it stolen?", name, listing, moderator.ID)}, d.house.done, "once")
			events := d.timeline(id)
			require.Len(t, events, 2)
			require.Equal(t, act.event, events[1].Payload)
			require.Equal(t, moderator.ID, events[1].Actor)
			require.ErrorIs(t, act.do(t.Context(), d, cmd, "Another"), idempotency.ErrConflict)
			require.Empty(t, d.letters.take())
		})
	}
}

// What the listing's rules refuse leaves the issue as it was, and what those of the issue refuse, the listing.
func TestBothTheListingAndTheIssueOrNeither(t *testing.T) {
	t.Parallel()
	for name, act := range onListing {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := newDesk(t)
			id, plain, over := d.against(ada), d.report(ada), d.resolved(d.against(ada))
			before := d.head(id)
			d.house.refusal = errBroken
			require.ErrorIs(t, act.do(t.Context(), d, by(moderator, id), "Is it stolen?"), errBroken)
			require.Equal(t, before, d.head(id))
			require.Len(t, d.timeline(id), 1)
			d.house.refusal = nil
			for want, cmd := range map[error]app.ActCommand{
				identity.ErrNotPermitted: by(agent, id),
				identity.ErrSignIn:       {Issue: id},
				domain.ErrIssueNotFound:  by(member(15, identity.Moderator), id),
				domain.ErrNotStaff:       by(member(1, identity.Moderator), id),
				domain.ErrNoListing:      by(moderator, plain),
				domain.ErrTransition:     by(moderator, over),
			} {
				require.ErrorIs(t, act.do(t.Context(), d, cmd, "Is it stolen?"), want)
			}
			require.ErrorIs(t, act.do(t.Context(), d, by(moderator, id), " "), domain.ErrInvalidReason)
			require.ErrorIs(t, act.do(t.Context(), d, by(member(2, identity.Agent, identity.Moderator), id), "It is mine."), domain.ErrIssueNotFound, "the accused")
			require.Empty(t, d.house.done)
		})
	}
}

// act is one of listingsapi.Moderation. Errors: the refusal.
func (h *house) act(name string, by identity.Caller, listing uuid.UUID, reason string) error {
	if h.refusal != nil {
		return h.refusal
	}
	h.done = append(h.done, fmt.Sprintf("%s %s by %s: %s", name, listing, by.ID, reason))
	return nil
}

func (h *house) Freeze(_ context.Context, by identity.Caller, listing uuid.UUID, reason string) error {
	return h.act("freeze", by, listing, reason)
}

func (h *house) Unfreeze(_ context.Context, by identity.Caller, listing uuid.UUID, reason string) error {
	return h.act("unfreeze", by, listing, reason)
}

func (h *house) Cancel(_ context.Context, by identity.Caller, listing uuid.UUID, reason string) error {
	return h.act("cancel", by, listing, reason)
}
