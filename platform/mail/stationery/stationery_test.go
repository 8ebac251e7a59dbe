package stationery_test

import (
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/platform/mail"
	"github.com/gavelhq/gavel/platform/mail/stationery"
)

// tray is a mail.Post that keeps letters.
type tray struct{ drafts []mail.Draft }

func (t *tray) Post(letter mail.Draft) { t.drafts = append(t.drafts, letter) }

// written returns the letter that a writer posts.
func written(t *testing.T, site stationery.Site, letter stationery.Letter) mail.Message {
	t.Helper()
	var post tray
	stationery.NewWriter(&post, site).Send("ada@example.org", letter)
	require.Len(t, post.drafts, 1)
	message := post.drafts[0].Write()
	require.NoError(t, message.Check())
	require.Equal(t, post.drafts[0].ID, message.ID)
	require.Equal(t, "ada@example.org", message.To)
	return message
}

func TestTextAndPageSayTheSame(t *testing.T) {
	t.Parallel()
	site := stationery.Site{Name: "Möbel & Söhne", URL: "https://auctions.example.org"}
	w := stationery.NewWriter(&tray{}, site)
	got := written(t, site, stationery.Letter{
		Subject: "a \"question\"", Handle: "ada", Before: []string{"One <b>1</b>", "Two"}, After: []string{"Three"},
		Link: w.Page("Look & see", "/page", "token", "a b&c"),
	})
	require.Equal(t, "Möbel & Söhne: a \"question\"", got.Subject)
	require.Equal(t, strings.Join([]string{
		"Hello ada,", "", "One <b>1</b>", "", "Two", "", "Look & see:", "https://auctions.example.org/page?token=a+b%26c", "", "Three",
		"", "-- ", "Möbel & Söhne", "https://auctions.example.org", "",
	}, "\n"), got.Text)
	for _, part := range []string{
		"<p>Hello ada,</p>", "<p>One &lt;b&gt;1&lt;/b&gt;</p>", `href="https://auctions.example.org/page?token=a&#43;b%26c"`, "Look &amp; see",
	} {
		require.Contains(t, got.HTML, part)
	}
	require.NotRegexp(t, regexp.MustCompile(`(?i)<(img|script|link|iframe|form|object)|src=|url\(|@import`), got.HTML, "nothing is loaded")

	bare := written(t, site, stationery.Letter{Subject: "news", Before: []string{"One"}})
	require.Contains(t, bare.Text, "Hello,\n\nOne\n\n-- \n")
	require.NotContains(t, bare.HTML, "href")
}

func TestEachLetterHasItsOwnID(t *testing.T) {
	t.Parallel()
	var post tray
	w := stationery.NewWriter(&post, stationery.Site{})
	w.Send("ada@example.org", stationery.Letter{})
	w.Send("ada@example.org", stationery.Letter{})
	require.NotEqual(t, post.drafts[0].ID, post.drafts[1].ID)
	id, err := uuid.Parse(post.drafts[0].ID)
	require.NoError(t, err)
	require.EqualValues(t, 7, id.Version())
}

func TestOneLine(t *testing.T) {
	t.Parallel()
	for given, want := range map[string]string{
		"plain": "plain", " two\r\nlines\t": "two lines", "a\x00b\u202ec": "abc", "\xff": "", "": "",
	} {
		require.Equal(t, want, stationery.OneLine(given))
	}
}

func TestLasts(t *testing.T) {
	t.Parallel()
	for given, want := range map[time.Duration]string{
		15 * time.Minute: "15 minutes", 90 * time.Minute: "90 minutes", 2 * time.Hour: "2 hours", 24 * time.Hour: "24 hours",
		48 * time.Hour: "2 days",
	} {
		require.Equal(t, want, stationery.Lasts(given))
	}
}

func TestNewSite(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		address, listener string
		encrypted         bool
		want              string
	}{
		"at its address":                {"https://auctions.example.org", ":8080", false, "https://auctions.example.org"},
		"at its listener":               {"", "127.0.0.1:8080", false, "http://127.0.0.1:8080"},
		"at one for everybody":          {"", ":8080", false, "http://localhost:8080"},
		"at one for everybody, in full": {"", "[::]:8080", false, "http://localhost:8080"},
		"encrypted":                     {"", "0.0.0.0:443", true, "https://localhost:443"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			require.Equal(t, stationery.Site{Name: "Gavel", URL: test.want}, stationery.NewSite("Gavel", test.address, test.listener, test.encrypted))
		})
	}
}
