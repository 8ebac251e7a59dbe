package app_test

import (
	"context"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/modules/profiles/internal/app"
	"github.com/gavelhq/gavel/modules/profiles/internal/domain"
	"github.com/gavelhq/gavel/modules/profiles/profilesapi"
	"github.com/gavelhq/gavel/platform/identity"
	"github.com/gavelhq/gavel/platform/page"
)

// interrupted are views whose next count is followed, before it is told, by what somebody else does.
type interrupted struct {
	app.Views
	by func()
}

func (v *interrupted) CountTokens(ctx context.Context, member uuid.UUID) (int, error) {
	n, err := v.Views.CountTokens(ctx, member)
	if by := v.by; by != nil {
		v.by = nil
		by()
	}
	return n, err
}

func TestOfTwoLastTokensAtOnceOneIsRefused(t *testing.T) {
	t.Parallel()
	views := &interrupted{}
	h := newHouse(t, func(p *app.Parts) { views.Views, p.Views = p.Views, views })
	h.member("ada")
	_, by := h.in("ada")
	create := app.NewCreateToken(h.House, []identity.Permission{profilesapi.ReadOwn})
	one := func() error {
		_, err := create.Do(context.Background(), app.CreateTokenCommand{
			By: by, Name: "robot", Scopes: []string{profilesapi.ReadOwn.Name()},
		})
		return err
	}
	for range domain.MaxTokens - 1 {
		require.NoError(t, one())
	}
	views.by = func() { require.NoError(t, one(), "the last one, on another server") }
	require.ErrorIs(t, one(), domain.ErrTooManyTokens)
	tokens := 0
	for request := (page.Request{Limit: page.MaxLimit}); ; {
		found, err := views.Tokens(t.Context(), by.ID, request)
		require.NoError(t, err)
		tokens += len(found.Items)
		if request.Cursor = found.Next; request.Cursor == "" {
			break
		}
	}
	require.Equal(t, domain.MaxTokens, tokens)
}
