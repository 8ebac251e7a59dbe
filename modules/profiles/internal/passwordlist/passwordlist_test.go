package passwordlist_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/modules/profiles/internal/passwordlist"
)

func TestCommon(t *testing.T) {
	t.Parallel()
	list := passwordlist.New()
	tests := map[string]struct {
		password string
		want     bool
	}{
		"one of the most common":                   {"qwertyuiop", true},
		"digits in a row":                          {"1234567890", true},
		"a word":                                   {"basketball", true},
		"a name":                                   {"alessandra", true},
		"a common password and a year":             {"liverpool2024", true},
		"a common password, digits and a sign":     {"password123!", true},
		"six behind the word":                      {"baseball202400", true},
		"seven behind the word":                    {"baseball2024001", false},
		"letters replaced by digits":               {"p4ssw0rd!!!!", true},
		"letters replaced, and digits behind":      {"b4seb4ll12", true},
		"a common password twice":                  {"dragondragon", true},
		"a word that nobody uses as a password":    {"gezellig-fiets-48", false},
		"words in a row":                           {"correct horse battery staple", false},
		"letters at random":                        {"xk7vq2mzrt", false},
		"nothing":                                  {"", false},
		"as long as may be":                        {strings.Repeat("wq8z", 64), false},
		"a word in another alphabet":               {"каштанвечер", false},
		"upper case, which the caller has lowered": {"QWERTYUIOP", false},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			require.Equal(t, test.want, list.Common(test.password))
		})
	}
}
