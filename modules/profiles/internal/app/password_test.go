package app_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/modules/profiles/internal/app"
	"github.com/gavelhq/gavel/modules/profiles/internal/domain"
	"github.com/gavelhq/gavel/modules/profiles/profilesapi"
	"github.com/gavelhq/gavel/platform/identity"
)

// forgot asks for a letter and returns its token.
func (h *house) forgot(handle string) string {
	h.t.Helper()
	h.letters.drop()
	require.NoError(h.t, app.NewRequestPasswordReset(h.House).Do(h.t.Context(), app.RequestPasswordResetCommand{
		Email: handle + "@example.org", Client: home,
	}))
	require.Equal(h.t, []string{"reset " + handle + "@example.org"}, h.letters.kinds())
	return h.letters.all()[0].token
}

func TestResetPassword(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.member("ada")
	before, _ := h.in("ada")
	token := h.forgot("ada")
	reset := app.NewResetPassword(h.House)
	_, err := reset.Do(t.Context(), app.ResetPasswordCommand{Token: token, Password: "ada@example.org", Client: home})
	require.ErrorIs(t, err, domain.ErrCommonPassword)
	in, err := reset.Do(t.Context(), app.ResetPasswordCommand{Token: token, Password: other, Client: home})
	require.NoError(t, err, "a refused password does not use the link up")
	require.Equal(t, []string{"reset ada@example.org", "password changed ada@example.org"}, h.letters.kinds())
	_, err = h.authenticate(in.Session)
	require.NoError(t, err)
	_, err = h.authenticate(before.Session)
	require.ErrorIs(t, err, identity.ErrInvalidCredential)
	_, err = h.signIn("ada", password, home)
	require.ErrorIs(t, err, domain.ErrWrongCredentials)
	_, err = h.signIn("ada", other, home)
	require.NoError(t, err)
}

func TestStrangersCannotMakeTheHouseHashByResetting(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	ada := h.member("ada")
	token := h.forgot("ada")
	h.trace.take()
	reset := app.NewResetPassword(h.House)
	for n, token := range []string{
		"nonsense", domain.MailedText(ada, domain.Secret{1}), domain.MailedText(domain.AdministratorsID, domain.Secret{1}),
	} {
		_, err := reset.Do(t.Context(), app.ResetPasswordCommand{Token: token, Password: other, Client: rivals})
		require.ErrorIs(t, err, domain.ErrInvalidMailedToken, n)
	}
	for range 20 {
		_, err := reset.Do(t.Context(), app.ResetPasswordCommand{Token: domain.MailedText(ada, domain.Secret{1}), Password: other, Client: rivals})
		require.ErrorIs(t, err, domain.ErrInvalidMailedToken)
	}
	require.NotContains(t, h.trace.take(), "hash")
	_, err := reset.Do(t.Context(), app.ResetPasswordCommand{Token: token, Password: other, Client: rivals})
	require.NoError(t, err, "a rival in the member's own network keeps nobody from using the link")
}

func TestWhoHasALinkCannotMakeTheHouseHashAgainAndAgain(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.member("ada")
	token := h.forgot("ada")
	h.trace.take()
	h.trace.breakAt("hash", errors.New("broken"))
	for range 8 {
		_, _ = app.NewResetPassword(h.House).Do(t.Context(), app.ResetPasswordCommand{Token: token, Password: other, Client: home})
	}
	hashes := slices.DeleteFunc(h.trace.take(), func(call string) bool { return call != "hash" })
	require.Len(t, hashes, 5)
}

func TestAResetEndsWhatSomebodyElseHasMade(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	verify := h.register("ada") // by a rival, with the address of somebody else
	require.NoError(t, app.NewVerifyEmail(h.House).Do(t.Context(), app.VerifyEmailCommand{Token: verify}), "by the owner, who wonders")
	_, rival := h.in("ada")
	scopes := []identity.Permission{profilesapi.ReadOwn}
	token, err := app.NewCreateToken(h.House, scopes).Do(t.Context(), app.CreateTokenCommand{
		By: rival, Name: "a door", Scopes: []string{profilesapi.ReadOwn.Name()},
	})
	require.NoError(t, err)
	shown := identity.Credential{Secret: token.Text, Token: true}
	_, err = app.NewAuthenticate(h.House).Authenticate(t.Context(), shown)
	require.NoError(t, err)

	_, err = app.NewResetPassword(h.House).Do(t.Context(), app.ResetPasswordCommand{Token: h.forgot("ada"), Password: other, Client: home})
	require.NoError(t, err)
	_, err = app.NewAuthenticate(h.House).Authenticate(t.Context(), shown)
	require.ErrorIs(t, err, identity.ErrInvalidCredential)
}

func TestNoTokenIsMadeOnceTheSessionHasEnded(t *testing.T) {
	t.Parallel()
	for name, end := range map[string]func(h *house, ada uuid.UUID, by identity.Caller) error{
		"suspended": func(h *house, ada uuid.UUID, _ identity.Caller) error {
			return app.NewSuspendMember(h.House).Do(t.Context(), app.ActCommand{By: h.admin("boss"), Member: ada, Reason: "fraud"})
		},
		"signed out": func(h *house, _ uuid.UUID, by identity.Caller) error {
			return app.NewSignOut(h.House).Do(t.Context(), app.SignOutCommand{By: by})
		},
		"reset": func(h *house, _ uuid.UUID, _ identity.Caller) error {
			_, err := app.NewResetPassword(h.House).Do(t.Context(), app.ResetPasswordCommand{Token: h.forgot("ada"), Password: other, Client: home})
			return err
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := newHouse(t)
			ada := h.member("ada")
			_, by := h.in("ada") // a request that was authenticated, and whose body comes slowly
			create := app.CreateTokenCommand{By: by, Name: "a door", Scopes: []string{profilesapi.ReadOwn.Name()}}
			tokens := app.NewCreateToken(h.House, []identity.Permission{profilesapi.ReadOwn})
			_, err := tokens.Do(t.Context(), create)
			require.NoError(t, err)
			require.NoError(t, end(h, ada, by))
			_, err = tokens.Do(t.Context(), create)
			require.ErrorIs(t, err, identity.ErrInvalidCredential)
		})
	}
}

func TestAResetLinkIsUsedOnceByManyAtOnce(t *testing.T) {
	t.Parallel()
	h := newHouse(t, policy(func(p *app.Policy) { p.FreeAttempts = 0 }))
	h.member("ada")
	token := h.forgot("ada")
	succeeded, refused := atOnce(20, func(int) error {
		_, err := app.NewResetPassword(h.House).Do(t.Context(), app.ResetPasswordCommand{Token: token, Password: other, Client: home})
		return err
	})
	require.Equal(t, 1, succeeded)
	for _, err := range refused {
		require.ErrorIs(t, err, domain.ErrInvalidMailedToken)
	}
}

func TestWhoIsNotApprovedMaySetAPasswordButNotComeIn(t *testing.T) {
	t.Parallel()
	h := newHouse(t, policy(func(p *app.Policy) { p.Registration = app.RegistrationApproval }))
	h.register("ada")
	in, err := app.NewResetPassword(h.House).Do(t.Context(), app.ResetPasswordCommand{Token: h.forgot("ada"), Password: other, Client: home})
	require.ErrorIs(t, err, domain.ErrApprovalPending)
	require.Zero(t, in)
	_, err = h.signIn("ada", other, home)
	require.ErrorIs(t, err, domain.ErrApprovalPending)
}

func TestNothingTellsWhetherThereIsAnAccountToReset(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.member("ada")
	h.letters.drop()
	ask := func(email string) []string {
		h.trace.take()
		require.NoError(t, app.NewRequestPasswordReset(h.House).Do(t.Context(), app.RequestPasswordResetCommand{Email: email, Client: rivals}))
		return withoutAdds(h.trace.take())
	}
	known, unknown := ask("ada@example.org"), ask("nobody@example.org")
	require.Equal(t, []string{"reset ada@example.org", "no account nobody@example.org"}, h.letters.kinds())
	require.Len(t, unknown, len(known), "%v, %v", known, unknown)
}

func TestChangePassword(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.member("ada")
	in, by := h.in("ada")
	elsewhere, _ := h.in("ada")
	change := app.NewChangePassword(h.House)
	client := domain.Client{Network: home.Network, Device: in.Device}
	require.ErrorIs(t, change.Do(t.Context(), app.ChangePasswordCommand{By: by, Old: password, New: "qwertyuiop", Client: client}), domain.ErrCommonPassword)
	require.ErrorIs(t, change.Do(t.Context(), app.ChangePasswordCommand{By: by, Old: other, New: other, Client: client}), domain.ErrWrongPassword)
	require.NoError(t, change.Do(t.Context(), app.ChangePasswordCommand{By: by, Old: password, New: other, Client: client}))
	require.Equal(t, []string{"password changed ada@example.org"}, h.letters.kinds())
	_, err := h.authenticate(in.Session)
	require.NoError(t, err, "where it was changed one stays signed in")
	_, err = h.authenticate(elsewhere.Session)
	require.ErrorIs(t, err, identity.ErrInvalidCredential)
}

func TestWhoFindsABrowserGuessesNoFasterThere(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.member("ada")
	in, by := h.in("ada")
	client := domain.Client{Network: home.Network, Device: in.Device}
	for range 5 {
		err := app.NewChangePassword(h.House).Do(t.Context(), app.ChangePasswordCommand{By: by, Old: "guessed it?", New: other, Client: client})
		require.ErrorIs(t, err, domain.ErrWrongPassword)
	}
	require.ErrorIs(t, app.NewRequestEmailChange(h.House).Do(t.Context(), app.RequestEmailChangeCommand{
		By: by, NewEmail: "eve@example.org", Password: password, Client: client,
	}), domain.ErrTooManyAttempts)
	_, err := app.NewLeaveHouse(h.House, nil).Do(t.Context(), app.LeaveHouseCommand{By: by, Password: password, Client: client})
	require.ErrorIs(t, err, domain.ErrTooManyAttempts)
	h.clock.Advance(time.Minute)
	require.NoError(t, app.NewChangePassword(h.House).Do(t.Context(), app.ChangePasswordCommand{By: by, Old: password, New: other, Client: client}))
}

func TestChangeEmail(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.member("ada")
	h.member("eve")
	in, by := h.in("ada")
	client := domain.Client{Network: home.Network, Device: in.Device}
	ask := func(email string) string {
		h.letters.drop()
		require.NoError(t, app.NewRequestEmailChange(h.House).Do(t.Context(), app.RequestEmailChangeCommand{
			By: by, NewEmail: email, Password: password, Client: client,
		}))
		return h.letters.all()[0].token
	}
	confirm := app.NewConfirmEmailChange(h.House)
	require.Empty(t, ask("eve@example.org"))
	require.Equal(t, []string{"already registered eve@example.org"}, h.letters.kinds(), "and the answer is the same")

	token := ask("countess@example.org")
	require.Equal(t, []string{"confirm countess@example.org"}, h.letters.kinds())
	_, err := h.signIn("ada", password, home)
	require.NoError(t, err, "nothing is changed yet")
	require.NoError(t, confirm.Do(t.Context(), app.ConfirmEmailChangeCommand{Token: token}))
	require.Equal(t, letter{"email changed", "ada@example.org", "c…@e….org"}, h.letters.all()[1])
	require.Equal(t, "countess@example.org", h.find("ada").Email)
	require.ErrorIs(t, confirm.Do(t.Context(), app.ConfirmEmailChangeCommand{Token: token}), domain.ErrInvalidMailedToken)
	_, err = h.signIn("countess", password, home)
	require.NoError(t, err)

	token = ask("later@example.org")
	h.member("later")
	require.ErrorIs(t, confirm.Do(t.Context(), app.ConfirmEmailChangeCommand{Token: token}), domain.ErrEmailTaken)
	require.Equal(t, "countess@example.org", h.find("ada").Email)
}

func TestARivalCannotUseUpTheLettersOfAMember(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.member("ada")
	h.letters.drop()
	network := func(i int) domain.Client { return domain.Client{Network: fmt.Sprintf("198.51.100.%d", i)} }
	for i := range 30 { // with letters that bring no link
		require.NoError(t, app.NewRegister(h.House).Do(t.Context(), app.RegisterCommand{
			Email: "ada@example.org", Handle: fmt.Sprintf("rival%d", i), Password: password, Client: network(i),
		}))
	}
	require.Len(t, h.letters.all(), 11, "and the one that verified the address")
	ask := func(email string) {
		t.Helper()
		h.letters.drop()
		for i := range 30 {
			require.NoError(t, app.NewRequestPasswordReset(h.House).Do(t.Context(), app.RequestPasswordResetCommand{
				Email: email, Client: network(i),
			}))
		}
	}
	token := h.forgot("ada")
	ask("ada@example.org")
	require.Empty(t, h.letters.all(), "the link of that letter still works")
	_, err := app.NewResetPassword(h.House).Do(t.Context(), app.ResetPasswordCommand{Token: token, Password: other, Client: home})
	require.NoError(t, err)

	ask("nobody@example.org")
	require.Len(t, h.letters.all(), 12)
	ask("nobody@example.org")
	require.Empty(t, h.letters.all(), "nobody is written to as seldom as somebody")
}
