package app_test

import (
	"errors"
	"strconv"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/modules/profiles/internal/app"
	"github.com/gavelhq/gavel/modules/profiles/internal/domain"
	"github.com/gavelhq/gavel/modules/profiles/profilesapi"
	"github.com/gavelhq/gavel/platform/fault"
	"github.com/gavelhq/gavel/platform/identity"
)

func TestSignIn(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	ada := h.member("ada")
	in, err := h.signIn("ADA", password, home)
	require.NoError(t, err)
	require.Equal(t, ada, in.Account)
	require.Equal(t, noon.Add(domain.SessionAbsolute), in.ExpiresAt)
	require.Len(t, in.Session, 43)
	require.Len(t, in.Device, 43)
	by, err := h.authenticate(in.Session)
	require.NoError(t, err)
	require.Equal(t, identity.Caller{ID: ada, Roles: []identity.Role{identity.Member}, Credential: by.Credential}, by)

	again, err := h.signIn("ada", password, domain.Client{Network: home.Network, Device: in.Device})
	require.NoError(t, err)
	require.NotEqual(t, in.Session, again.Session, "each sign-in has a session of its own")
	require.Equal(t, in.Device, again.Device, "the browser is known")
	elsewhere, err := h.signIn("ada", password, domain.Client{Network: home.Network, Device: "invented by a stranger"})
	require.NoError(t, err)
	require.NotEqual(t, "invented by a stranger", elsewhere.Device, "nobody chooses the secret of a device")
}

func TestUnknownAccountsAndWrongPasswordsCostTheSame(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.member("ada")
	_, _ = h.in("ada") // the throttles of an account that was signed in to are there, and forgotten
	h.clock.Advance(time.Hour)
	work := func(handle string, by domain.Client) []string {
		h.trace.take()
		_, err := h.signIn(handle, other, by)
		require.ErrorIs(t, err, domain.ErrWrongCredentials)
		return h.trace.take()
	}
	for n := range 4 {
		by := domain.Client{Network: "198.51.100." + strconv.Itoa(n), Device: "a cookie"}
		unknown := work("nobody"+strconv.Itoa(n), by)
		require.Equal(t, []string{
			"credentials.ByEmail", "devices.Get", "throttles.Get", "throttles.Add", "throttles.Get", "throttles.Add", "compare",
		}, unknown)
		wrong := work("ada", by)
		if n == 0 {
			continue // the throttle of all networks together is there already
		}
		require.Equal(t, work("nobody"+strconv.Itoa(n), by), work("ada", by), "the second time")
		require.NotEmpty(t, wrong)
	}
	h.member("eve")
	require.Equal(t, work("nobody", rivals), work("eve", rivals), "the first time")
}

// Whoever registers an address with a password of his own would learn by signing in whether it was free.
func TestWhoHasNotVerifiedTheAddressIsToldWhatAWrongPasswordIsTold(t *testing.T) {
	t.Parallel()
	for name, registration := range map[string]app.Registration{"open": app.RegistrationOpen, "by approval": app.RegistrationApproval} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := newHouse(t, policy(func(p *app.Policy) { p.Registration = registration }))
			h.register("ada") // which was free
			boss := h.admin("boss")
			attempt := func(handle string) []string {
				h.trace.take()
				_, err := h.signIn(handle, password, rivals)
				require.ErrorIs(t, err, domain.ErrWrongCredentials)
				return h.trace.take()
			}
			require.Equal(t, attempt("nobody"), attempt("ada"))
			require.Equal(t, attempt("nobody"), attempt("ada"))
			act := app.ActCommand{By: boss, Member: h.find("ada").ID, Reason: "He seems nice."}
			if registration == app.RegistrationApproval {
				require.NoError(t, app.NewApproveMember(h.House).Do(t.Context(), act))
			}
			require.NoError(t, app.NewSuspendMember(h.House).Do(t.Context(), act))
			require.Equal(t, attempt("nobody"), attempt("ada"), "nor that he is suspended")
			require.NoError(t, app.NewReinstateMember(h.House).Do(t.Context(), act))
			require.NoError(t, app.NewVerifyMember(h.House).Do(t.Context(), act))
			_, err := h.signIn("ada", password, home)
			require.NoError(t, err)
		})
	}
}

func TestManyWrongPasswordsAtOnceAreCountedOneByOne(t *testing.T) {
	t.Parallel()
	count := func(t *testing.T, free int) (judged, delayed int) {
		t.Helper()
		h := newHouse(t, policy(func(p *app.Policy) { p.FreeAttempts = free }))
		h.member("ada")
		h.trace.take()
		_, refused := atOnce(20, func(int) error {
			_, err := h.signIn("ada", other, rivals)
			return err
		})
		for _, err := range refused {
			switch {
			case errors.Is(err, domain.ErrWrongCredentials):
				judged++
			case errors.Is(err, domain.ErrTooManyAttempts):
				delayed++
			}
		}
		compared := 0
		for _, call := range h.trace.take() {
			if call == "compare" {
				compared++
			}
		}
		require.Equal(t, judged, compared, "nothing is hashed for who has to wait")
		return judged, delayed
	}
	for free, want := range map[int]int{5: 5, 19: 19, 20: 20, 21: 20} {
		t.Run(strconv.Itoa(free)+" are free", func(t *testing.T) {
			t.Parallel()
			judged, delayed := count(t, free)
			require.Equal(t, want, judged)
			require.Equal(t, 20-want, delayed)
		})
	}
}

func TestTheTimeToWaitIsTold(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.member("ada")
	for range 5 {
		_, err := h.signIn("ada", other, rivals)
		require.ErrorIs(t, err, domain.ErrWrongCredentials)
	}
	_, err := h.signIn("ada", password, rivals)
	refusal := &fault.Error{}
	require.ErrorAs(t, err, &refusal)
	require.Equal(t, domain.ErrTooManyAttempts.Code(), refusal.Code())
	require.Equal(t, int64(60), refusal.Fields()["retry_after"])
	h.clock.Advance(time.Minute - time.Microsecond)
	_, err = h.signIn("ada", password, rivals)
	require.ErrorIs(t, err, domain.ErrTooManyAttempts)
	h.clock.Advance(time.Microsecond)
	_, err = h.signIn("ada", password, rivals)
	require.NoError(t, err)
}

func TestARivalCannotKeepAMemberOut(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.member("ada")
	in, by := h.in("ada")
	known := domain.Client{Network: home.Network, Device: in.Device}
	for n := range 200 { // from as many networks as he likes, the member's own among them
		network := "198.51.100." + strconv.Itoa(n)
		if n%2 == 0 {
			network = home.Network
		}
		_, err := h.signIn("ada", other, domain.Client{Network: network})
		require.Error(t, err)
	}
	_, err := h.signIn("ada", password, domain.Client{Network: "203.0.113.9"})
	require.ErrorIs(t, err, domain.ErrTooManyAttempts, "unknown browsers wait, wherever they are")
	again, err := h.authenticate(in.Session)
	require.NoError(t, err, "sessions are untouched")
	require.Equal(t, by, again)
	_, err = h.signIn("ada", password, known)
	require.NoError(t, err, "a known browser only waits for itself")
	require.NoError(t, app.NewChangePassword(h.House).Do(t.Context(), app.ChangePasswordCommand{
		By: by, Old: password, New: other, Client: known,
	}))

	h.letters.drop()
	unknown := domain.Client{Network: "203.0.113.9"}
	require.NoError(t, app.NewRequestPasswordReset(h.House).Do(t.Context(), app.RequestPasswordResetCommand{
		Email: "ada@example.org", Client: unknown,
	}))
	out, err := app.NewResetPassword(h.House).Do(t.Context(), app.ResetPasswordCommand{
		Token: h.letters.all()[0].token, Password: password, Client: unknown,
	})
	require.NoError(t, err, "and a letter lets an unknown one in")
	unknown.Device = out.Device
	_, err = h.signIn("ada", password, unknown)
	require.NoError(t, err, "which is known from then on")
}

func TestAKnownBrowserIsDelayedByItsOwnAttempts(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.member("ada")
	in, _ := h.in("ada")
	known := domain.Client{Network: home.Network, Device: in.Device}
	for range 5 {
		_, err := h.signIn("ada", other, known)
		require.ErrorIs(t, err, domain.ErrWrongCredentials)
	}
	_, err := h.signIn("ada", password, known)
	require.ErrorIs(t, err, domain.ErrTooManyAttempts)
	h.clock.Advance(domain.DeviceLifetime)
	known.Device = in.Device
	renewed, err := h.signIn("ada", password, known)
	require.NoError(t, err)
	require.NotEqual(t, in.Device, renewed.Device, "a browser that was away for half a year is new")
}

func TestASuccessForgetsWhatItsAttemptWasCountedOn(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.member("ada")
	for range 10 {
		for range 4 {
			_, err := h.signIn("ada", other, home)
			require.ErrorIs(t, err, domain.ErrWrongCredentials)
		}
		_, err := h.signIn("ada", password, home)
		require.NoError(t, err)
	}
}

func TestWithoutFreeAttemptsThereIsNoDelay(t *testing.T) {
	t.Parallel()
	h := newHouse(t, policy(func(p *app.Policy) { p.FreeAttempts = 0 }))
	h.member("ada")
	for range 50 {
		_, err := h.signIn("ada", other, rivals)
		require.ErrorIs(t, err, domain.ErrWrongCredentials)
	}
}

func TestAnOutdatedHashIsUpgradedAtSignIn(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.member("ada")
	_, by := h.in("ada")
	h.hasher.mu.Lock()
	h.hasher.version = "2"
	h.hasher.mu.Unlock()
	h.trace.take()
	_, err := h.signIn("ada", other, home)
	require.ErrorIs(t, err, domain.ErrWrongCredentials)
	require.NotContains(t, h.trace.take(), "hash")
	first, err := h.signIn("ada", password, home)
	require.NoError(t, err)
	require.Contains(t, h.trace.take(), "hash")
	_, err = h.signIn("ada", password, home)
	require.NoError(t, err)
	require.NotContains(t, h.trace.take(), "hash", "once")
	_, err = h.authenticate(first.Session)
	require.NoError(t, err)
	require.NotZero(t, by.Credential)
}

func TestAPasswordThatIsChangedWhileItIsComparedLetsNobodyIn(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	ada := h.member("ada")
	h.trace.meanwhile("compare", func() {
		require.NoError(t, app.NewOperatorReset(h.House).Do(t.Context(), app.OperatorResetCommand{Member: ada, Password: other}))
	})
	_, err := h.signIn("ada", password, home)
	require.ErrorIs(t, err, domain.ErrWrongCredentials)

	_, by := h.inWith("ada", other)
	h.trace.meanwhile("compare", func() {
		require.NoError(t, app.NewOperatorReset(h.House).Do(t.Context(), app.OperatorResetCommand{Member: ada, Password: password}))
	})
	err = app.NewRequestEmailChange(h.House).Do(t.Context(), app.RequestEmailChangeCommand{
		By: by, NewEmail: "eve@example.org", Password: other, Client: home,
	})
	require.ErrorIs(t, err, domain.ErrWrongPassword)
}

func TestWhoWaitsIsToldTheLongestTime(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.member("ada")
	for n := range 20 { // all networks together have to wait a minute
		_, err := h.signIn("ada", other, domain.Client{Network: "198.51.100." + strconv.Itoa(n/4)})
		require.ErrorIs(t, err, domain.ErrWrongCredentials)
	}
	h.clock.Advance(time.Minute)
	_, err := h.signIn("ada", other, domain.Client{Network: "198.51.100.0"}) // its fifth: a minute; of all the 21st: two
	require.ErrorIs(t, err, domain.ErrWrongCredentials)
	_, err = h.signIn("ada", other, domain.Client{Network: "198.51.100.0"})
	refusal := &fault.Error{}
	require.ErrorAs(t, err, &refusal)
	require.Equal(t, int64(120), refusal.Fields()["retry_after"])
}

func TestANewBrowserIsToldOf(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	ada := h.member("ada")
	in, _ := h.in("ada")
	require.Empty(t, h.letters.all(), "nobody who has registered today")
	h.clock.Advance(domain.VerifyLifetime)
	_, err := h.signIn("ada", password, domain.Client{Network: home.Network, Device: in.Device})
	require.NoError(t, err)
	require.Empty(t, h.letters.all())
	_, err = h.signIn("ada", password, rivals)
	require.NoError(t, err)
	require.Equal(t, []letter{{"new sign-in", "ada@example.org", rivals.Network}}, h.letters.all())
	require.NoError(t, app.NewEditSettings(h.House).Do(t.Context(), app.EditSettingsCommand{
		By: caller(ada), Muted: []domain.NoticeKind{domain.NoticeNewSignIn},
	}))
	h.letters.drop()
	_, err = h.signIn("ada", password, rivals)
	require.NoError(t, err)
	require.Empty(t, h.letters.all())
}

func TestSessionsEnd(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	ada := h.member("ada")
	first, by := h.in("ada")
	second, byOther := h.in("ada")
	stranger := caller(h.member("eve"))
	gone := func(session string) {
		t.Helper()
		_, err := h.authenticate(session)
		require.ErrorIs(t, err, identity.ErrInvalidCredential)
	}
	revoke := app.NewRevokeSession(h.House)
	require.ErrorIs(t, revoke.Do(t.Context(), app.RevokeSessionCommand{By: stranger, Session: by.Credential}), domain.ErrSessionNotFound)
	require.NoError(t, revoke.Do(t.Context(), app.RevokeSessionCommand{By: by, Session: byOther.Credential}))
	gone(second.Session)
	require.ErrorIs(t, revoke.Do(t.Context(), app.RevokeSessionCommand{By: by, Session: byOther.Credential}), domain.ErrSessionNotFound)

	third, _ := h.in("ada")
	require.NoError(t, app.NewRevokeOtherSessions(h.House).Do(t.Context(), app.RevokeOtherSessionsCommand{By: by}))
	gone(third.Session)
	_, err := h.authenticate(first.Session)
	require.NoError(t, err)

	messages := h.outbox.Messages()
	require.Equal(t, profilesapi.KindSignedOut, messages[len(messages)-1].Kind, "so that streams end")
	require.Equal(t, ada, messages[len(messages)-1].Aggregate)

	signOut := app.NewSignOut(h.House)
	require.NoError(t, signOut.Do(t.Context(), app.SignOutCommand{By: by}))
	gone(first.Session)
	require.NoError(t, signOut.Do(t.Context(), app.SignOutCommand{By: by}), "again")
	require.NoError(t, signOut.Do(t.Context(), app.SignOutCommand{}), "a guest")
}

func TestSessionsAreNotedAsUsedNowAndThen(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.member("ada")
	in, _ := h.in("ada")
	h.trace.take()
	h.clock.Advance(domain.SessionTouch - time.Microsecond)
	_, err := h.authenticate(in.Session)
	require.NoError(t, err)
	require.Empty(t, h.trace.take())
	h.clock.Advance(time.Microsecond)
	h.trace.breakAt("sessions.Get", errors.New("broken"))
	_, err = h.authenticate(in.Session)
	require.NoError(t, err, "nobody's request fails because of it")
	h.trace.breakAt("nothing", nil)
	_, err = h.authenticate(in.Session)
	require.NoError(t, err)
	h.trace.take()
	_, err = h.authenticate(in.Session)
	require.NoError(t, err)
	require.Empty(t, h.trace.take())
	h.clock.Advance(domain.SessionIdle - time.Microsecond)
	_, err = h.authenticate(in.Session)
	require.NoError(t, err)
	h.clock.Advance(domain.SessionIdle)
	_, err = h.authenticate(in.Session)
	require.ErrorIs(t, err, identity.ErrInvalidCredential)
}

func TestTokens(t *testing.T) {
	t.Parallel()
	sell := identity.NewPermission("listings.sell", "sell", identity.Member)
	moderate := identity.NewPermission("listings.moderate", "moderate", identity.Moderator)
	h := newHouse(t)
	ada := h.member("ada")
	create := app.NewCreateToken(h.House, []identity.Permission{sell, moderate, profilesapi.ManageAccount, profilesapi.ReadOwn})
	_, by := h.in("ada")
	cmd := app.CreateTokenCommand{By: by, Name: "robot", Scopes: []string{"listings.sell"}, Key: "1"}

	for name, scope := range map[string]string{"of a role that he has not": "listings.moderate", "of the account": "account.manage", "that is none": "x"} {
		t.Run("no scope "+name, func(t *testing.T) {
			cmd := cmd
			cmd.Scopes = []string{"listings.sell", scope}
			_, err := create.Do(t.Context(), cmd)
			require.ErrorIs(t, err, domain.ErrInvalidScopes)
		})
	}
	require.Equal(t, []identity.Permission{profilesapi.ReadOwn, sell}, create.Scopes(by))

	created, err := create.Do(t.Context(), cmd)
	require.NoError(t, err)
	require.Regexp(t, `^gvl_[A-Za-z0-9_-]{43}$`, created.Text)
	repeated, err := create.Do(t.Context(), cmd)
	require.NoError(t, err)
	require.Equal(t, app.CreatedToken{Token: created.Token}, repeated, "the text is told once")

	authenticate := func(text string) (identity.Caller, error) {
		return app.NewAuthenticate(h.House).Authenticate(t.Context(), identity.Credential{Secret: text, Token: true})
	}
	found, err := authenticate(created.Text)
	require.NoError(t, err)
	require.Equal(t, ada, found.ID)
	require.True(t, found.May(sell))
	require.ErrorIs(t, found.Check(profilesapi.ReadOwn), identity.ErrMissingScope)
	for _, wrong := range []string{"", "gvl_", created.Text[4:], created.Text + "x", created.Text[:len(created.Text)-1]} {
		_, err = authenticate(wrong)
		require.ErrorIs(t, err, identity.ErrInvalidCredential, wrong)
	}
	_, err = h.authenticate(created.Text)
	require.ErrorIs(t, err, identity.ErrInvalidCredential, "a token is no session")

	revoke := app.NewRevokeToken(h.House)
	require.ErrorIs(t, revoke.Do(t.Context(), app.RevokeTokenCommand{By: caller(uuid.New()), Token: created.Token.ID}), domain.ErrTokenNotFound)
	require.NoError(t, revoke.Do(t.Context(), app.RevokeTokenCommand{By: by, Token: created.Token.ID}))
	_, err = authenticate(created.Text)
	require.ErrorIs(t, err, identity.ErrInvalidCredential)

	cmd.Key, cmd.ExpiresAt = "", noon.Add(time.Hour)
	created, err = create.Do(t.Context(), cmd)
	require.NoError(t, err)
	h.clock.Advance(time.Hour - time.Microsecond)
	_, err = authenticate(created.Text)
	require.NoError(t, err)
	h.clock.Advance(time.Microsecond)
	_, err = authenticate(created.Text)
	require.ErrorIs(t, err, identity.ErrInvalidCredential)
}
