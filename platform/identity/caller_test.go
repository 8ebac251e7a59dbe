package identity_test

import (
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/platform/identity"
)

func TestCheck(t *testing.T) {
	t.Parallel()
	bid := identity.NewPermission("listings.bid", "bid", identity.Member)
	freeze := identity.NewPermission("listings.freeze", "freeze", identity.Moderator, identity.Admin)
	look := identity.NewPermission("listings.look", "look", identity.Guest, identity.Member)
	guestsOnly := identity.NewPermission("members.register", "register", identity.Guest)
	nobody := identity.NewPermission("nothing", "do nothing")

	guest := identity.Caller{}
	member := identity.Caller{ID: uuid.New(), Roles: []identity.Role{identity.Member}}
	moderator := identity.Caller{ID: uuid.New(), Roles: []identity.Role{identity.Member, identity.Moderator}}
	token := func(c identity.Caller, scopes ...string) identity.Caller {
		c.Token, c.Scopes = true, scopes
		return c
	}
	tests := map[string]struct {
		caller     identity.Caller
		permission identity.Permission
		want       error
	}{
		"a guest where guests may":                {guest, look, nil},
		"a guest where members may":               {guest, bid, identity.ErrSignIn},
		"a member where members may":              {member, bid, nil},
		"a member where guests may, too":          {member, look, nil},
		"a member where only guests may":          {member, guestsOnly, identity.ErrNotPermitted},
		"a member where moderators may":           {member, freeze, identity.ErrNotPermitted},
		"a moderator where moderators may":        {moderator, freeze, nil},
		"a moderator where nobody may":            {moderator, nobody, identity.ErrNotPermitted},
		"a token with the scope":                  {token(member, "listings.look", "listings.bid"), bid, nil},
		"a token without the scope":               {token(member, "listings.look"), bid, identity.ErrMissingScope},
		"a token without any scope":               {token(member), bid, identity.ErrMissingScope},
		"a token with a scope beyond its roles":   {token(member, "listings.freeze"), freeze, identity.ErrNotPermitted},
		"a token with half of the scope's name":   {token(member, "listings"), bid, identity.ErrMissingScope},
		"somebody who has no role, as if deleted": {identity.Caller{ID: uuid.New()}, bid, identity.ErrNotPermitted},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			require.ErrorIs(t, test.caller.Check(test.permission), test.want)
			require.Equal(t, test.want == nil, test.caller.May(test.permission))
		})
	}
}

func TestTheContextCarriesTheCaller(t *testing.T) {
	t.Parallel()
	require.True(t, identity.From(t.Context()).Guest())
	member := identity.Caller{ID: uuid.New(), Roles: []identity.Role{identity.Member}}
	ctx := identity.With(t.Context(), member)
	require.Equal(t, member, identity.From(ctx))
	require.False(t, identity.From(ctx).Guest())
	require.True(t, identity.From(identity.With(ctx, identity.Caller{})).Guest(), "the innermost counts")
}

func TestRolesOfAPermissionAreACopy(t *testing.T) {
	t.Parallel()
	bid := identity.NewPermission("listings.bid", "bid", identity.Member)
	bid.Roles()[0] = identity.Guest
	require.False(t, bid.HeldBy(identity.Guest))
	require.False(t, bid.HeldBy())
}
