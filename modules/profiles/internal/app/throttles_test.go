package app_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/modules/profiles/internal/app"
	"github.com/gavelhq/gavel/modules/profiles/internal/domain"
	"github.com/gavelhq/gavel/platform/uow"
)

// letter counts a letter of another module in a unit of its own.
func (h *house) letter(address, network string) (posted bool, err error) {
	err = h.parts.Work.Do(h.t.Context(), func(ctx context.Context) (err error) {
		posted, err = app.NewThrottles(h.House).Letter(ctx, address, network)
		return err
	})
	return posted, err
}

func TestLettersOfAllModulesAreCountedTogether(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.register("ada") // the first of three letters
	for _, want := range []bool{true, true, false, false} {
		posted, err := h.letter("Ada@example.org", home.Network)
		require.NoError(t, err)
		require.Equal(t, want, posted)
	}
	for n := range 8 { // the first two of the twelve from everywhere were posted, and the registration's
		posted, err := h.letter("ada@example.org", fmt.Sprintf("203.0.113.%d", n))
		require.NoError(t, err)
		require.True(t, posted)
	}
	h.clock.Advance(time.Minute)
	posted, err := h.letter("ada@example.org", home.Network)
	require.NoError(t, err)
	require.True(t, posted, "a minute later there is another one")
	posted, err = h.letter("ada@example.org", "203.0.113.200")
	require.NoError(t, err)
	require.False(t, posted, "and then no more, from wherever")
	posted, err = h.letter("bob@example.org", home.Network)
	require.NoError(t, err)
	require.True(t, posted)
}

func TestANetworkAsksForSoManyLetters(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	for n := range 100 {
		posted, err := h.letter(fmt.Sprintf("nobody%d@example.org", n), rivals.Network)
		require.NoError(t, err)
		require.True(t, posted)
	}
	_, err := h.letter("one-more@example.org", rivals.Network)
	require.ErrorIs(t, err, domain.ErrTooManyAttempts)
	_, err = h.letter("one-more@example.org", home.Network)
	require.NoError(t, err)
	_, err = h.letter("no address", home.Network)
	require.ErrorIs(t, err, domain.ErrInvalidEmail)
}

func TestAttemptsOfOtherModulesAreSlowedDown(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	try := func(kind, who string) error {
		return h.parts.Work.Do(t.Context(), func(ctx context.Context) error {
			return app.NewThrottles(h.House).Attempt(ctx, kind, who, 3)
		})
	}
	for range 3 {
		require.NoError(t, try("report", "ada"))
	}
	require.ErrorIs(t, try("report", "ada"), domain.ErrTooManyAttempts)
	require.NoError(t, try("report", "bob"))
	require.NoError(t, try("something else", "ada"))
	h.clock.Advance(domain.FirstDelay)
	require.NoError(t, try("report", "ada"))
	require.ErrorIs(t, app.NewThrottles(h.House).Attempt(t.Context(), "report", "ada", 3), uow.ErrNoUnit)
}

func TestAHouseWithoutDelaysCountsNothing(t *testing.T) {
	t.Parallel()
	h := newHouse(t, policy(func(p *app.Policy) { p.FreeAttempts = 0 }))
	for range 200 {
		posted, err := h.letter("ada@example.org", home.Network)
		require.NoError(t, err)
		require.True(t, posted)
	}
	require.NoError(t, app.NewThrottles(h.House).Attempt(t.Context(), "report", "ada", 3))
}
