package emailaddress_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/gavelhq/gavel/platform/emailaddress"
)

func TestParse(t *testing.T) {
	t.Parallel()
	host := strings.Repeat("a", 63) + "." + strings.Repeat("b", 63) + "." + strings.Repeat("c", 55) + ".org"
	tests := map[string]struct {
		text string
		ok   bool
	}{
		"an address":                         {"ada@example.org", true},
		"with a tag":                         {"ada+gavel@example.org", true},
		"with dots":                          {"ada.k.lovelace@mail.example.org", true},
		"with an apostrophe":                 {"o'neill@example.org", true},
		"with letters beyond ASCII":          {"åda@example.org", true},
		"upper case":                         {"Ada@Example.ORG", true},
		"a local part of 64 bytes":           {strings.Repeat("a", 64) + "@example.org", true},
		"a local part of 65 bytes":           {strings.Repeat("a", 65) + "@example.org", false},
		"254 bytes in all":                   {strings.Repeat("a", 64) + "@" + host[:189-4] + ".org", true},
		"255 bytes in all":                   {strings.Repeat("a", 64) + "@" + host[:190-4] + ".org", false},
		"a label of 63 characters":           {"a@" + strings.Repeat("b", 63) + ".org", true},
		"a label of 64 characters":           {"a@" + strings.Repeat("b", 64) + ".org", false},
		"nothing":                            {"", false},
		"no at":                              {"ada.example.org", false},
		"no name":                            {"@example.org", false},
		"no host":                            {"ada@", false},
		"two ats":                            {"ada@b@example.org", false},
		"a host without a dot":               {"ada@localhost", false},
		"a host that ends with a dot":        {"ada@example.org.", false},
		"a host with a hyphen in front":      {"ada@-example.org", false},
		"a host with a hyphen behind":        {"ada@example-.org", false},
		"a host with an underscore":          {"ada@exa_mple.org", false},
		"a host beyond ASCII":                {"ada@exämple.org", false},
		"a numeric host in brackets":         {"ada@[127.0.0.1]", false},
		"a dot in front":                     {".ada@example.org", false},
		"a dot behind":                       {"ada.@example.org", false},
		"two dots in a row":                  {"a..b@example.org", false},
		"a space":                            {"a da@example.org", false},
		"a space in front":                   {" ada@example.org", false},
		"a line break, as headers have them": {"ada@example.org\r\nBcc: eve@example.org", false},
		"a quoted name":                      {`"ada"@example.org`, false},
		"a comment":                          {"ada(x)@example.org", false},
		"a list":                             {"ada@example.org,eve@example.org", false},
		"a name in front":                    {"Ada <ada@example.org>", false},
		"a NUL":                              {"a\x00da@example.org", false},
		"a mark that turns the direction":    {"a\u202eda@example.org", false},
		"a space that does not break":        {"a\u00a0da@example.org", false},
		"no UTF-8":                           {"a\xffda@example.org", false},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			address, ok := emailaddress.Parse(test.text)
			require.Equal(t, test.ok, ok)
			if !test.ok {
				require.Zero(t, address)
				return
			}
			require.Equal(t, test.text, address.String())
			require.Equal(t, strings.ToLower(test.text), address.Key())
			require.Equal(t, address, emailaddress.Restore(test.text))
		})
	}
}

func TestWhateverIsTakenForAnAddressIsOneLineWithOneAt(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.OneOf(rapid.String(), rapid.StringMatching(`[ -~]{0,20}@[ -~]{0,20}\.[a-z]{1,3}`)).Draw(t, "text")
		if _, ok := emailaddress.Parse(text); !ok {
			return
		}
		require.Equal(t, 1, strings.Count(text, "@"))
		require.False(t, strings.ContainsAny(text, " \r\n\t<>\"(),;:\\"))
		require.LessOrEqual(t, len(text), 254)
	})
}
