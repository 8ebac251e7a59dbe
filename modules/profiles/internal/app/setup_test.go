package app_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/modules/profiles/internal/app"
	"github.com/gavelhq/gavel/modules/profiles/internal/domain"
	"github.com/gavelhq/gavel/platform/identity"
)

// link draws a link and opens it.
func link(t *testing.T, setup *app.Setup) (token, cookie string) {
	t.Helper()
	token, ok, err := setup.NewLink(t.Context())
	require.NoError(t, err)
	require.True(t, ok)
	cookie, err = setup.Open(t.Context(), token, "")
	require.NoError(t, err)
	return token, cookie
}

func founder(token, cookie string) app.SetupCommand {
	return app.SetupCommand{Token: token, Browser: cookie, Email: "boss@example.org", Handle: "boss", Password: password, Client: home}
}

func TestSetup(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	setup := app.NewSetup(h.House)
	token, cookie := link(t, setup)
	in, err := setup.Do(t.Context(), founder(token, cookie))
	require.NoError(t, err)
	by, err := h.authenticate(in.Session)
	require.NoError(t, err)
	require.Equal(t, []identity.Role{identity.Member, identity.Admin}, by.Roles)
	require.NotZero(t, h.find("boss").VerifiedAt)
	entries := h.entries()
	require.Len(t, entries, 1)
	require.Equal(t, "members.setup", entries[0].Act)

	_, err = setup.Do(t.Context(), founder(token, cookie))
	require.ErrorIs(t, err, domain.ErrInvalidSetupLink, "it is gone")
	_, err = setup.Open(t.Context(), token, cookie)
	require.ErrorIs(t, err, domain.ErrAlreadySetUp)
	_, ok, err := setup.NewLink(t.Context())
	require.NoError(t, err)
	require.False(t, ok)
}

func TestTheSetupLinkBelongsToTheBrowserThatOpenedItFirst(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	setup := app.NewSetup(h.House)
	_, err := setup.Open(t.Context(), "", "")
	require.ErrorIs(t, err, domain.ErrInvalidSetupLink, "before there is one")
	_, err = setup.Do(t.Context(), founder("", ""))
	require.ErrorIs(t, err, domain.ErrInvalidSetupLink)
	token, _, err := setup.NewLink(t.Context())
	require.NoError(t, err)
	_, err = setup.Do(t.Context(), founder(token, ""))
	require.ErrorIs(t, err, domain.ErrInvalidSetupLink, "nobody has opened it")
	_, err = setup.Open(t.Context(), token+"x", "")
	require.ErrorIs(t, err, domain.ErrInvalidSetupLink)
	cookie, err := setup.Open(t.Context(), token, "a cookie of somebody's choice")
	require.NoError(t, err)
	require.Len(t, cookie, 43)
	for _, browser := range []string{"", "another", "a cookie of somebody's choice"} {
		_, err = setup.Open(t.Context(), token, browser)
		require.ErrorIs(t, err, domain.ErrInvalidSetupLink)
		_, err = setup.Do(t.Context(), founder(token, browser))
		require.ErrorIs(t, err, domain.ErrInvalidSetupLink)
	}
	again, err := setup.Open(t.Context(), token, cookie)
	require.NoError(t, err)
	require.Equal(t, cookie, again)
	cmd := founder(token, cookie)
	cmd.Password = "short"
	_, err = setup.Do(t.Context(), cmd)
	require.ErrorIs(t, err, domain.ErrPasswordLength)
	_, err = setup.Do(t.Context(), founder(token, cookie))
	require.NoError(t, err, "a refused form does not use the link up")
}

func TestTheSetupLinkExpires(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	setup := app.NewSetup(h.House)
	token, cookie := link(t, setup)
	h.clock.Advance(30*time.Minute - time.Microsecond)
	_, err := setup.Open(t.Context(), token, cookie)
	require.NoError(t, err)
	h.clock.Advance(time.Microsecond)
	_, err = setup.Open(t.Context(), token, cookie)
	require.ErrorIs(t, err, domain.ErrInvalidSetupLink)
	_, err = setup.Do(t.Context(), founder(token, cookie))
	require.ErrorIs(t, err, domain.ErrInvalidSetupLink)

	older, olderCookie := link(t, setup)
	token, cookie = link(t, setup)
	_, err = setup.Do(t.Context(), founder(older, olderCookie))
	require.ErrorIs(t, err, domain.ErrInvalidSetupLink, "a newer one takes its place")
	_, err = setup.Do(t.Context(), founder(token, cookie))
	require.NoError(t, err)
}

func TestOneOfManyBrowsersGetsTheLinkAndOneOfManyFormsTheHouse(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	setup := app.NewSetup(h.House)
	token, _, err := setup.NewLink(t.Context())
	require.NoError(t, err)
	cookies := make([]string, 8)
	opened, _ := atOnce(8, func(i int) (err error) {
		cookies[i], err = setup.Open(t.Context(), token, "")
		return err
	})
	require.Equal(t, 1, opened)
	made, refused := atOnce(8, func(i int) error {
		cmd := founder(token, cookies[0]+cookies[1]+cookies[2]+cookies[3]+cookies[4]+cookies[5]+cookies[6]+cookies[7])
		cmd.Handle, cmd.Email = "boss"+string(rune('a'+i)), string(rune('a'+i))+"@example.org"
		_, err := setup.Do(t.Context(), cmd)
		return err
	})
	require.Equal(t, 1, made, refused)
	require.Len(t, h.entries(), 1)
}

func TestAnAdminOfTheCommandLineEndsTheSetup(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	setup := app.NewSetup(h.House)
	token, cookie := link(t, setup)
	h.admin("operator1")
	_, err := setup.Do(t.Context(), founder(token, cookie))
	require.ErrorIs(t, err, domain.ErrAlreadySetUp)
	_, err = app.NewCreateAdmin(h.House).Do(t.Context(), app.CreateAdminCommand{Email: "boss@example.org", Handle: "operator1", Password: password})
	require.ErrorIs(t, err, domain.ErrHandleTaken)
	_, err = app.NewCreateAdmin(h.House).Do(t.Context(), app.CreateAdminCommand{Email: "operator1@example.org", Handle: "boss", Password: password})
	require.ErrorIs(t, err, domain.ErrEmailTaken)
}
