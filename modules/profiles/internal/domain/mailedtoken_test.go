package domain_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/gavelhq/gavel/modules/profiles/internal/domain"
)

// purposes are what consumes a token of each purpose, and how long it lives.
var purposes = map[domain.Purpose]struct {
	use      func(*domain.Account, domain.Secret, time.Time) error
	lifetime time.Duration
}{
	domain.PurposeVerify: {(*domain.Account).VerifyEmail, 24 * time.Hour},
	domain.PurposeReset: {func(a *domain.Account, s domain.Secret, now time.Time) error {
		return a.ResetPassword(s, "new", now)
	}, 30 * time.Minute},
	domain.PurposeChange: {func(a *domain.Account, s domain.Secret, now time.Time) error {
		_, err := a.ChangeEmail(s, now)
		return err
	}, 30 * time.Minute},
}

// sent is Ada's account after a token for the purpose was sent at noon.
func sent(t *testing.T, purpose domain.Purpose, s domain.Secret) *domain.Account {
	t.Helper()
	a := member(t, domain.StatusActive)
	require.NoError(t, a.Send(purpose, s, a.Email(), noon))
	a.Settle()
	return a
}

func TestAMailedTokenIsGoodForItsPurposeUntilItExpires(t *testing.T) {
	t.Parallel()
	for purpose, p := range purposes {
		for other := range purposes {
			t.Run(string(purpose)+" as "+string(other), func(t *testing.T) {
				t.Parallel()
				a := sent(t, purpose, secret(1))
				before := a.State()
				at := noon.Add(p.lifetime - tick)
				require.Equal(t, purpose == other, a.Expects(other, secret(1), at))
				if purpose != other {
					require.ErrorIs(t, purposes[other].use(a, secret(1), at), domain.ErrInvalidMailedToken)
					requireUnchanged(t, a, before)
				}
			})
		}
		t.Run(string(purpose), func(t *testing.T) {
			t.Parallel()
			a := sent(t, purpose, secret(1))
			before := a.State()
			require.ErrorIs(t, p.use(a, secret(1), noon.Add(p.lifetime)), domain.ErrInvalidMailedToken)
			require.False(t, a.Expects(purpose, secret(1), noon.Add(p.lifetime)))
			require.ErrorIs(t, p.use(a, secret(2), noon), domain.ErrInvalidMailedToken)
			require.False(t, a.Expects(purpose, secret(2), noon))
			requireUnchanged(t, a, before)

			require.NoError(t, p.use(a, secret(1), noon.Add(p.lifetime-tick)))
			require.ErrorIs(t, p.use(a, secret(1), noon.Add(p.lifetime-tick)), domain.ErrInvalidMailedToken, "it is used up")
			require.True(t, a.Verified(), "whoever got the letter has the address")
		})
	}
}

func TestANewerTokenTakesThePlaceOfTheOlder(t *testing.T) {
	t.Parallel()
	for purpose, p := range purposes {
		t.Run(string(purpose), func(t *testing.T) {
			t.Parallel()
			a := sent(t, purpose, secret(1))
			require.NoError(t, a.Send(purpose, secret(2), a.Email(), noon))
			require.ErrorIs(t, p.use(a, secret(1), noon), domain.ErrInvalidMailedToken)
			require.NoError(t, p.use(a, secret(2), noon))
		})
	}
}

func TestTokensForAnAddressThatHasChangedAreWorthNothing(t *testing.T) {
	t.Parallel()
	a := sent(t, domain.PurposeVerify, secret(1))
	require.NoError(t, a.Send(domain.PurposeReset, secret(2), a.Email(), noon))
	require.NoError(t, a.Send(domain.PurposeChange, secret(3), address(t, "countess@example.org"), noon))
	old, err := a.ChangeEmail(secret(3), noon)
	require.NoError(t, err)
	require.Equal(t, "Ada@example.org", old.String())
	require.Equal(t, "countess@example.org", a.Email().String())
	require.ErrorIs(t, a.VerifyEmail(secret(1), noon), domain.ErrInvalidMailedToken)
	require.ErrorIs(t, a.ResetPassword(secret(2), "new", noon), domain.ErrInvalidMailedToken)
}

func TestWhoIsShutOutCannotUseALetter(t *testing.T) {
	t.Parallel()
	for purpose, p := range purposes {
		t.Run(string(purpose), func(t *testing.T) {
			t.Parallel()
			a := sent(t, purpose, secret(1))
			require.NoError(t, a.Suspend(admin, noon))
			require.ErrorIs(t, p.use(a, secret(1), noon), domain.ErrInvalidMailedToken)
			require.ErrorIs(t, a.Send(purpose, secret(2), a.Email(), noon), domain.ErrNotActive)
			require.NoError(t, a.Reinstate(admin, noon))
			require.ErrorIs(t, p.use(a, secret(1), noon), domain.ErrInvalidMailedToken, "a suspension ends it for good")
		})
	}
	require.ErrorIs(t, member(t, domain.StatusDeleted).Send(domain.PurposeReset, secret(1), domain.Email{}, noon), domain.ErrNotActive)
}

func TestMailedTextIsReadAsItWasWritten(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var s domain.Secret
		id := ada
		copy(s[:], rapid.SliceOfN(rapid.Byte(), domain.SecretSize, domain.SecretSize).Draw(t, "secret"))
		copy(id[:], rapid.SliceOfN(rapid.Byte(), 16, 16).Draw(t, "id"))
		text := domain.MailedText(id, s)
		require.Regexp(t, `^[A-Za-z0-9_-]{64}$`, text)
		gotID, gotSecret, err := domain.ParseMailedText(text)
		require.NoError(t, err)
		require.Equal(t, id, gotID)
		require.Equal(t, s, gotSecret)
	})
}

func TestTextsThatAreNoTokens(t *testing.T) {
	t.Parallel()
	text := domain.MailedText(ada, secret(1))
	for name, wrong := range map[string]string{
		"nothing": "", "one character less": text[1:], "three bytes more": text + "AAAA", "padding": text + "=",
		"a line break": text[:10] + "\n" + text[10:], "another alphabet": strings.Repeat("+", 64), "very long": strings.Repeat("A", 1<<16),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, _, err := domain.ParseMailedText(wrong)
			require.ErrorIs(t, err, domain.ErrInvalidMailedToken)
		})
	}
}
