package app_test

import (
	"context"
	"errors"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/modules/listings/internal/app"
	"github.com/gavelhq/gavel/modules/listings/internal/domain"
	"github.com/gavelhq/gavel/modules/listings/listingsapi"
	"github.com/gavelhq/gavel/platform/identity"
)

var errElsewhere = errors.New("another module refuses")

func (h *house) moderation() *app.Moderation {
	return app.NewModeration(h.freeze, h.unfreeze, h.cancel)
}

// caller is the moderator at the edge.
var caller = identity.Caller{ID: moderator.ID, Roles: []identity.Role{identity.Member, identity.Moderator}}

func TestOtherModulesActOnListingsByTheRules(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	m, id := h.moderation(), h.publish(uuid.New(), domain.Content{})
	require.NoError(t, m.Freeze(t.Context(), caller, id, "Is it stolen?"))
	require.True(t, h.state(id).Frozen)
	require.ErrorIs(t, m.Freeze(t.Context(), caller, id, "Once more"), domain.ErrListingFrozen)
	require.ErrorIs(t, m.Unfreeze(t.Context(), caller, id, ""), domain.ErrInvalidReason)
	require.NoError(t, m.Unfreeze(t.Context(), caller, id, "It is not"))
	require.False(t, h.state(id).Frozen)
	require.NoError(t, m.Cancel(t.Context(), caller, id, "It is"))
	require.Equal(t, domain.StatusCancelled, h.state(id).Status)

	var acts []string
	for _, e := range h.recorded() {
		require.Equal(t, caller.ID, e.Actor)
		acts = append(acts, e.Act)
	}
	require.ElementsMatch(t, []string{app.ActFreeze, app.ActUnfreeze, app.ActCancel}, acts)
}

func TestOtherModulesActForNobodyElse(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	m, id := h.moderation(), h.publish(uuid.New(), domain.Content{})
	scoped := caller
	scoped.Token, scoped.Scopes = true, []string{listingsapi.Bid.Name()}
	for want, by := range map[error]identity.Caller{
		identity.ErrSignIn:       {},
		identity.ErrNotPermitted: {ID: caller.ID, Roles: []identity.Role{identity.Member, identity.Agent}},
		identity.ErrMissingScope: scoped,
	} {
		require.ErrorIs(t, m.Freeze(t.Context(), by, id, "Because"), want)
		require.ErrorIs(t, m.Unfreeze(t.Context(), by, id, "Because"), want)
		require.ErrorIs(t, m.Cancel(t.Context(), by, id, "Because"), want)
	}
	require.Equal(t, domain.StatusOpen, h.state(id).Status)
}

func TestAnActOfAnotherModuleIsPartOfItsUnit(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	m, id := h.moderation(), h.publish(uuid.New(), domain.Content{})
	before := h.state(id)
	err := h.work.Do(t.Context(), func(ctx context.Context) error {
		if err := m.Freeze(ctx, caller, id, "Is it stolen?"); err != nil {
			return err
		}
		return errElsewhere
	})
	require.ErrorIs(t, err, errElsewhere)
	require.Equal(t, before, h.state(id))
	require.Empty(t, h.recorded())
	err = h.work.Do(t.Context(), func(ctx context.Context) error {
		_ = m.Freeze(ctx, caller, id, "") // a refusal dooms the unit even if it is swallowed
		return nil
	})
	require.ErrorIs(t, err, domain.ErrInvalidReason)
}
