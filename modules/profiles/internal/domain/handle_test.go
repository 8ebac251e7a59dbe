package domain_test

import (
	"regexp"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/gavelhq/gavel/modules/profiles/internal/domain"
)

func TestHandle(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		text string
		want error
	}{
		"two characters":            {"ad", domain.ErrInvalidHandle},
		"three characters":          {"ada", nil},
		"thirty characters":         {strings.Repeat("a", 30), nil},
		"thirty-one characters":     {strings.Repeat("a", 31), domain.ErrInvalidHandle},
		"all kinds of characters":   {"a-9_z", nil},
		"upper case":                {"AdA", nil},
		"a digit in front":          {"1ada", domain.ErrInvalidHandle},
		"a hyphen in front":         {"-ada", domain.ErrInvalidHandle},
		"a dot":                     {"a.da", domain.ErrInvalidHandle},
		"a space":                   {"a da", domain.ErrInvalidHandle},
		"a letter beyond ASCII":     {"adä", domain.ErrInvalidHandle},
		"the Kelvin sign":           {"ada\u212a", nil}, // its lower case is k
		"nothing":                   {"", domain.ErrInvalidHandle},
		"reserved":                  {"admin", domain.ErrReservedHandle},
		"reserved, in another case": {"ADMIN", domain.ErrReservedHandle},
		"begins like a reserved":    {"admins", nil},
		"of a deleted member":       {"deleted-0123456789ab", domain.ErrReservedHandle},
		"nearly that":               {"deleted_0123456789ab", nil},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			handle, err := domain.NewHandle(test.text)
			if test.want != nil {
				require.ErrorIs(t, err, test.want)
				return
			}
			require.NoError(t, err)
			require.Equal(t, strings.ToLower(test.text), handle.String())
		})
	}
}

func TestWhateverIsTakenForAHandleFitsThePattern(t *testing.T) {
	t.Parallel()
	pattern := regexp.MustCompile(`^[a-z][a-z0-9_-]{2,29}$`)
	rapid.Check(t, func(t *rapid.T) {
		handle, err := domain.NewHandle(rapid.OneOf(rapid.String(), rapid.StringMatching(`[a-zA-Z0-9_ -]{0,32}`)).Draw(t, "text"))
		if err == nil {
			require.Regexp(t, pattern, handle.String())
		}
	})
}

func TestAHandleIsTakenWithoutCase(t *testing.T) {
	t.Parallel()
	lower, err := domain.NewHandle("ada")
	require.NoError(t, err)
	upper, err := domain.NewHandle("ADA")
	require.NoError(t, err)
	other, err := domain.NewHandle("adb")
	require.NoError(t, err)
	require.Equal(t, domain.TakeHandle(lower).ID(), domain.TakenHandleID(upper))
	require.NotEqual(t, domain.TakenHandleID(lower), domain.TakenHandleID(other))
}

func TestNobodyCanChooseThePseudonymOfADeletedMember(t *testing.T) {
	t.Parallel()
	handle, err := domain.NewHandle("ada")
	require.NoError(t, err)
	p := domain.NewProfile(uuid.New(), handle, noon)
	p.Delete(noon)
	_, err = domain.NewHandle(p.Handle().String())
	require.ErrorIs(t, err, domain.ErrReservedHandle)
}
