package domain_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/modules/profiles/internal/domain"
)

func TestCheckPassword(t *testing.T) {
	t.Parallel()
	common := func(lower string) bool { return lower == "correcthorse" }
	long := strings.Repeat("abcdefgh", 32)
	tests := map[string]struct {
		password string
		want     error
	}{
		"nine characters":                      {"abcdefghi", domain.ErrPasswordLength},
		"ten characters":                       {"abcdefghij", nil},
		"ten characters of four bytes":         {"😀😁😂🤣😃😄😅😆😉😊", nil},
		"nine characters of four bytes":        {"😀😁😂🤣😃😄😅😆😉", domain.ErrPasswordLength},
		"256 characters":                       {long, nil},
		"257 characters":                       {long + "x", domain.ErrPasswordLength},
		"no UTF-8":                             {"abcdefghi\xff", domain.ErrPasswordLength},
		"spaces":                               {"a b c d e f", nil},
		"a common one":                         {"correcthorse", domain.ErrCommonPassword},
		"a common one in another case":         {"CorrectHorse", domain.ErrCommonPassword},
		"three different characters":           {"abcabcabcabc", domain.ErrCommonPassword},
		"four different characters":            {"abcdabcdabcd", nil},
		"the handle and four other characters": {"lovelace1234", domain.ErrCommonPassword},
		"the handle and five other characters": {"lovelace12345", nil},
		"the handle twice":                     {"LoveLacelovelace", domain.ErrCommonPassword},
		"the address":                          {"ada.l@example.org", domain.ErrCommonPassword},
		"a name of two characters is no hint":  {"alalalalbcd", nil},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			err := domain.CheckPassword(test.password, common, "lovelace", "al", "Ada.L@example.org")
			if test.want == nil {
				require.NoError(t, err)
				return
			}
			require.ErrorIs(t, err, test.want)
			require.NotContains(t, err.Error(), test.password)
		})
	}
}
