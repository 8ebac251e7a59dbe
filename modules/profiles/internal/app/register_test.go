package app_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/modules/profiles/internal/app"
	"github.com/gavelhq/gavel/modules/profiles/internal/domain"
	"github.com/gavelhq/gavel/modules/profiles/profilesapi"
	"github.com/gavelhq/gavel/platform/fault"
	"github.com/gavelhq/gavel/platform/page"
)

func TestRegister(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	token := h.register("ada")
	require.Equal(t, []string{"verify ada@example.org"}, h.letters.kinds())
	m := h.find("ada")
	require.Equal(t, domain.StatusActive, m.Status)
	require.Zero(t, m.VerifiedAt)
	_, err := h.parts.Views.Settings(t.Context(), m.ID)
	require.NoError(t, err)

	require.NoError(t, app.NewVerifyEmail(h.House).Do(t.Context(), app.VerifyEmailCommand{Token: token}))
	require.NotZero(t, h.find("ada").VerifiedAt)
	require.ErrorIs(t, app.NewVerifyEmail(h.House).Do(t.Context(), app.VerifyEmailCommand{Token: token}), domain.ErrInvalidMailedToken)

	messages := h.outbox.Messages()
	require.Len(t, messages, 2)
	require.Equal(t, profilesapi.KindRegistered, messages[0].Kind)
	require.Equal(t, profilesapi.KindVerified, messages[1].Kind)
	for _, m := range messages {
		require.NotContains(t, string(m.Payload), "example.org")
	}
}

func TestAllRefusedFieldsAreToldAtOnce(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	err := app.NewRegister(h.House).Do(t.Context(), app.RegisterCommand{Email: "nowhere", Handle: "1", Password: "short"})
	require.ErrorIs(t, err, domain.ErrInvalidEmail)
	refusal := &fault.Error{}
	require.ErrorAs(t, err, &refusal)
	require.Len(t, refusal.Fields()["errors"], 3)
	require.Empty(t, h.trace.take(), "nothing was looked up or hashed")
}

func TestAFailureBetweenTheAggregatesOfARegistrationLeavesNothing(t *testing.T) {
	t.Parallel()
	broken := errors.New("broken")
	for _, call := range []string{"handles.Add", "throttles.Add", "accounts.Add", "profiles.Add", "settings.Add"} {
		t.Run(call, func(t *testing.T) {
			t.Parallel()
			h := newHouse(t)
			h.trace.breakAt(call, broken)
			cmd := app.RegisterCommand{Email: "ada@example.org", Handle: "ada", Password: password, Client: home, Key: "1"}
			require.ErrorIs(t, app.NewRegister(h.House).Do(t.Context(), cmd), broken)
			require.Empty(t, h.letters.all())
			require.Empty(t, h.outbox.Messages())
			all, err := h.parts.Views.Members(t.Context(), app.MemberFilter{}, page.Request{})
			require.NoError(t, err)
			require.Empty(t, all.Items)

			h.trace.breakAt("nothing", nil)
			require.NoError(t, app.NewRegister(h.House).Do(t.Context(), cmd), "neither handle nor key nor address is taken")
			require.Equal(t, "ada@example.org", h.find("ada").Email)
		})
	}
}

func TestNothingTellsThatAnAddressIsInUse(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.member("ada")
	h.trace.take()
	register := app.NewRegister(h.House)
	cmd := app.RegisterCommand{Email: "ADA@example.org", Handle: "eve", Password: other, Client: rivals}
	require.NoError(t, register.Do(t.Context(), cmd))
	require.Equal(t, []string{"already registered ada@example.org"}, h.letters.kinds())
	taken := withoutAdds(h.trace.take())
	_, err := h.signIn("ada", password, home)
	require.NoError(t, err, "the account is as it was")
	require.ErrorIs(t, register.Do(t.Context(), cmd), domain.ErrHandleTaken, "as it would be after a registration")

	cmd.Email, cmd.Handle = "new@example.org", "new"
	h.trace.take()
	require.NoError(t, register.Do(t.Context(), cmd))
	require.Equal(t, taken, withoutAdds(h.trace.take()), "the same look-ups and hashes")
	require.ErrorIs(t, register.Do(t.Context(), cmd), domain.ErrHandleTaken)
}

// withoutAdds leaves out what is new, which tells nobody anything: it is written with the same commit.
func withoutAdds(calls []string) []string {
	return slices.DeleteFunc(calls, func(call string) bool { return strings.HasSuffix(call, ".Add") })
}

func TestOneOfManyWhoRegisterAnAddressAtOnceGetsIt(t *testing.T) {
	t.Parallel()
	h := newHouse(t, policy(func(p *app.Policy) { p.FreeAttempts = 0 }))
	succeeded, refused := atOnce(8, func(i int) error {
		return app.NewRegister(h.House).Do(t.Context(), app.RegisterCommand{
			Email: "ada@example.org", Handle: "ada" + string(rune('a'+i)), Password: password, Client: home,
		})
	})
	require.Equal(t, 8, succeeded, refused)
	kinds := map[string]int{}
	for _, kind := range h.letters.kinds() {
		kinds[kind]++
	}
	require.Equal(t, map[string]int{"verify ada@example.org": 1, "already registered ada@example.org": 7}, kinds)
}

func TestAnAddressThatIsTakenMeanwhileCountsLikeAnyInUse(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	register := app.NewRegister(h.House)
	cmd := app.RegisterCommand{Email: "ada@example.org", Handle: "ada", Password: password, Client: home}
	h.trace.meanwhile("credentials.ByEmail", func() {
		faster := cmd
		faster.Handle = "faster"
		require.NoError(t, register.Do(t.Context(), faster))
	})
	require.NoError(t, register.Do(t.Context(), cmd))
	require.Equal(t, []string{"verify ada@example.org", "already registered ada@example.org"}, h.letters.kinds())
	require.Equal(t, "ada@example.org", h.find("faster").Email)
}

func TestOneOfManyWhoTakeAHandleAtOnceGetsIt(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	succeeded, refused := atOnce(8, func(i int) error {
		return app.NewRegister(h.House).Do(t.Context(), app.RegisterCommand{
			Email: string(rune('a'+i)) + "@example.org", Handle: "ada", Password: password, Client: home,
		})
	})
	require.Equal(t, 1, succeeded)
	for _, err := range refused {
		require.ErrorIs(t, err, domain.ErrHandleTaken)
	}
	require.Len(t, h.letters.all(), 1)
}

func TestTheSameKeyRegistersOnce(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	cmd := app.RegisterCommand{Email: "ada@example.org", Handle: "ada", Password: password, Client: home, Key: "1"}
	succeeded, _ := atOnce(8, func(int) error { return app.NewRegister(h.House).Do(t.Context(), cmd) })
	require.Equal(t, 8, succeeded)
	require.Len(t, h.letters.all(), 1)
	h.trace.take()
	require.NoError(t, app.NewRegister(h.House).Do(t.Context(), cmd))
	require.NotContains(t, h.trace.take(), "hash", "what is answered from memory costs no hash")
	require.Len(t, h.letters.all(), 1)
}

func TestLettersToOneAddressAreLimitedInSilence(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	for range 10 {
		require.NoError(t, app.NewRequestPasswordReset(h.House).Do(t.Context(), app.RequestPasswordResetCommand{
			Email: "nobody@example.org", Client: rivals,
		}))
	}
	require.Len(t, h.letters.all(), 3)
	require.NoError(t, app.NewRequestPasswordReset(h.House).Do(t.Context(), app.RequestPasswordResetCommand{
		Email: "nobody@example.org", Client: home,
	}))
	require.Len(t, h.letters.all(), 4, "a rival uses up none of the owner's")
}

func TestRegistrationByApproval(t *testing.T) {
	t.Parallel()
	h := newHouse(t, policy(func(p *app.Policy) { p.Registration = app.RegistrationApproval }))
	token := h.register("ada")
	require.NoError(t, app.NewVerifyEmail(h.House).Do(t.Context(), app.VerifyEmailCommand{Token: token}))
	_, err := h.signIn("ada", password, home)
	require.ErrorIs(t, err, domain.ErrApprovalPending)
	_, err = h.signIn("ada", other, home)
	require.ErrorIs(t, err, domain.ErrWrongCredentials, "told only to who knows the password")

	boss := h.admin("boss")
	h.letters.drop()
	require.NoError(t, app.NewApproveMember(h.House).Do(t.Context(), app.ActCommand{By: boss, Member: h.find("ada").ID}))
	require.Equal(t, []string{"approved ada@example.org"}, h.letters.kinds())
	_, err = h.signIn("ada", password, home)
	require.NoError(t, err)
}

func TestRegistrationByInvitation(t *testing.T) {
	t.Parallel()
	invited := func(t *testing.T) (*house, string) {
		t.Helper()
		h := newHouse(t, policy(func(p *app.Policy) { p.Registration = app.RegistrationInvite }))
		_, err := app.NewInviteMember(h.House).Do(t.Context(), app.InviteMemberCommand{By: h.admin("boss"), Email: "ada@example.org"})
		require.NoError(t, err)
		require.Equal(t, []string{"invitation from boss ada@example.org"}, h.letters.kinds())
		token := h.letters.all()[0].token
		h.letters.drop()
		h.trace.take()
		return h, token
	}
	register := func(h *house, handle, invitation string) error {
		return app.NewRegister(h.House).Do(h.t.Context(), app.RegisterCommand{
			Email: handle + "@example.org", Handle: handle, Password: password, Invitation: invitation, Client: home,
		})
	}
	t.Run("nobody else may", func(t *testing.T) {
		t.Parallel()
		h, token := invited(t)
		require.ErrorIs(t, register(h, "eve", ""), domain.ErrRegistrationClosed)
		require.ErrorIs(t, register(h, "eve", "nonsense"), domain.ErrInvalidInvitation)
		require.ErrorIs(t, register(h, "eve", domain.MailedText(h.find("boss").ID, domain.Secret{})), domain.ErrInvalidInvitation)
		h.clock.Advance(domain.InvitationLifetime)
		require.ErrorIs(t, register(h, "ada", token), domain.ErrInvalidInvitation)
		require.NotContains(t, h.trace.take(), "hash", "strangers cannot make the house hash")
	})
	t.Run("the guest may, and is verified", func(t *testing.T) {
		t.Parallel()
		h, token := invited(t)
		require.NoError(t, register(h, "ada", token))
		require.NotZero(t, h.find("ada").VerifiedAt)
		require.Empty(t, h.letters.all())
		require.ErrorIs(t, register(h, "eve", token), domain.ErrInvalidInvitation)
	})
	t.Run("with another address, which has to be verified", func(t *testing.T) {
		t.Parallel()
		h, token := invited(t)
		require.NoError(t, register(h, "countess", token))
		require.Zero(t, h.find("countess").VerifiedAt)
		require.Equal(t, []string{"verify countess@example.org"}, h.letters.kinds())
	})
	t.Run("an address in use uses it up like any other", func(t *testing.T) {
		t.Parallel()
		h, token := invited(t)
		require.NoError(t, app.NewRegister(h.House).Do(t.Context(), app.RegisterCommand{
			Email: "boss@example.org", Handle: "eve", Password: password, Invitation: token, Client: home,
		}))
		require.ErrorIs(t, register(h, "ada", token), domain.ErrInvalidInvitation)
	})
	t.Run("unless it was withdrawn", func(t *testing.T) {
		t.Parallel()
		h, token := invited(t)
		id, _, err := domain.ParseMailedText(token)
		require.NoError(t, err)
		boss := caller(h.find("boss").ID)
		require.NoError(t, app.NewWithdrawInvitation(h.House).Do(t.Context(), app.WithdrawInvitationCommand{By: boss, Invitation: id}))
		require.ErrorIs(t, register(h, "ada", token), domain.ErrInvalidInvitation)
	})
}

func TestATokenIsUsedOnceByManyAtOnce(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	token := h.register("ada")
	succeeded, refused := atOnce(20, func(int) error {
		return app.NewVerifyEmail(h.House).Do(t.Context(), app.VerifyEmailCommand{Token: token})
	})
	require.Equal(t, 1, succeeded)
	for _, err := range refused {
		require.ErrorIs(t, err, domain.ErrInvalidMailedToken)
	}
}

func TestTheVerifyingLetterIsSentAgain(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	first := h.register("ada")
	again := func(email string) []string {
		t.Helper()
		h.letters.drop()
		require.NoError(t, app.NewRequestVerification(h.House).Do(t.Context(), app.RequestVerificationCommand{Email: email, Client: home}))
		return h.letters.kinds()
	}
	require.Equal(t, []string{"verify ada@example.org"}, again("ADA@example.org"))
	second := h.letters.all()[0].token
	verify := app.NewVerifyEmail(h.House)
	require.ErrorIs(t, verify.Do(t.Context(), app.VerifyEmailCommand{Token: first}), domain.ErrInvalidMailedToken)
	require.Len(t, again("ada@example.org"), 1)
	require.ErrorIs(t, verify.Do(t.Context(), app.VerifyEmailCommand{Token: second}), domain.ErrInvalidMailedToken)
	third := h.letters.all()[0].token
	for range 10 {
		again("ada@example.org")
	}
	require.Empty(t, h.letters.all(), "the link of a letter before still works")
	h.clock.Advance(domain.VerifyLifetime)
	require.ErrorIs(t, verify.Do(t.Context(), app.VerifyEmailCommand{Token: third}), domain.ErrInvalidMailedToken)
	require.Len(t, again("ada@example.org"), 1)
	require.NoError(t, verify.Do(t.Context(), app.VerifyEmailCommand{Token: h.letters.all()[0].token}))

	h.clock.Advance(domain.VerifyLifetime)
	require.Equal(t, []string{"already verified ada@example.org"}, again("ada@example.org"))
	require.Equal(t, []string{"no account nobody@example.org"}, again("nobody@example.org"))
	require.ErrorIs(t, app.NewRequestVerification(h.House).Do(t.Context(), app.RequestVerificationCommand{Email: "ada"}), domain.ErrInvalidEmail)
}

func TestNothingTellsWhetherThereIsAnAddressToVerify(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.member("ada")
	h.register("eve")
	ask := func(email string) []string {
		h.trace.take()
		require.NoError(t, app.NewRequestVerification(h.House).Do(t.Context(), app.RequestVerificationCommand{Email: email, Client: rivals}))
		return withoutAdds(h.trace.take())
	}
	waiting, verified, unknown := ask("eve@example.org"), ask("ada@example.org"), ask("nobody@example.org")
	require.Len(t, unknown, len(waiting), "%v, %v", waiting, unknown)
	require.Equal(t, unknown, verified)
}

func TestNobodyMakesTheHouseWriteToAllTheWorld(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.member("ada")
	in, _ := h.in("ada")
	stranger := func(i int) string { return fmt.Sprintf("stranger%d@example.org", i) }
	ask := func(email string, by domain.Client) error {
		return app.NewRequestPasswordReset(h.House).Do(t.Context(), app.RequestPasswordResetCommand{Email: email, Client: by})
	}
	register := func(i int, by domain.Client) error {
		return app.NewRegister(h.House).Do(t.Context(), app.RegisterCommand{
			Email: stranger(i), Handle: fmt.Sprintf("stranger%d", i), Password: password, Client: by,
		})
	}
	for i := range 50 {
		require.NoError(t, ask(stranger(i), rivals))
		require.NoError(t, register(i+50, rivals))
	}
	h.letters.drop()
	h.trace.take()
	require.ErrorIs(t, ask(stranger(100), rivals), domain.ErrTooManyAttempts)
	require.ErrorIs(t, register(100, rivals), domain.ErrTooManyAttempts)
	require.ErrorIs(t, ask("ada@example.org", rivals), domain.ErrTooManyAttempts, "whether or not somebody has the address")
	require.Empty(t, h.letters.all())
	require.NotContains(t, h.trace.take(), "hash")

	require.NoError(t, ask("ada@example.org", domain.Client{Network: rivals.Network, Device: in.Device}), "a known browser does not wait")
	require.NoError(t, register(100, home), "nor does another network")
	h.clock.Advance(time.Minute)
	require.NoError(t, ask(stranger(100), rivals))
}
