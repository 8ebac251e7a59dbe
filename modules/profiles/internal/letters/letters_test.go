package letters_test

import (
	"context"
	"errors"
	"flag"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/modules/profiles/internal/app"
	"github.com/gavelhq/gavel/modules/profiles/internal/letters"
	"github.com/gavelhq/gavel/platform/mail"
	"github.com/gavelhq/gavel/platform/mail/stationery"
)

var update = flag.Bool("update", false, "write the letters in testdata anew")

// tray is a mail.Post that keeps letters.
type tray struct{ letters []mail.Message }

func (t *tray) Post(letter mail.Draft) { t.letters = append(t.letters, letter.Write()) }

const (
	ada   = "ada@example.org"
	token = "q83vEjRWeJASNFZ4kBI0Vniq-83v_RI0VniQEjRWeJA"
)

var site = stationery.Site{Name: "Möbel & Söhne", URL: "https://auctions.example.org"}

// numbered returns paper on which every letter has the same number.
func numbered(post *tray) *stationery.Writer {
	paper := stationery.NewWriter(post, site)
	paper.NewID = func() string { return "1" }
	return paper
}

// all writes every letter, and each of its forms.
var all = map[string]func(*letters.Letters){
	"verify-email":         func(l *letters.Letters) { l.VerifyEmail(ada, "ada", token) },
	"already-registered":   func(l *letters.Letters) { l.AlreadyRegistered(ada, "ada") },
	"reset-password":       func(l *letters.Letters) { l.ResetPassword(ada, "ada", token) },
	"already-verified":     func(l *letters.Letters) { l.AlreadyVerified(ada, "ada") },
	"no-account":           func(l *letters.Letters) { l.NoAccount(ada) },
	"confirm-new-email":    func(l *letters.Letters) { l.ConfirmNewEmail(ada, "ada", token) },
	"email-changed":        func(l *letters.Letters) { l.EmailChanged(ada, "ada", "a…@e…") },
	"password-changed":     func(l *letters.Letters) { l.PasswordChanged(ada, "ada") },
	"approved":             func(l *letters.Letters) { l.Approved(ada, "ada") },
	"invitation":           func(l *letters.Letters) { l.Invitation(ada, "bob", token) },
	"invitation-by-house":  func(l *letters.Letters) { l.Invitation(ada, "", token) },
	"suspended":            func(l *letters.Letters) { l.Suspended(ada, "ada", "Sold <b>nothing</b>\r\nfor \"much\"") },
	"suspended-unsaid":     func(l *letters.Letters) { l.Suspended(ada, "ada", "") },
	"reinstated":           func(l *letters.Letters) { l.Reinstated(ada, "ada") },
	"deletion-requested":   func(l *letters.Letters) { l.DeletionRequested(ada, "ada", 7) },
	"deletion-in-one-day":  func(l *letters.Letters) { l.DeletionRequested(ada, "ada", 1) },
	"deletion-immediately": func(l *letters.Letters) { l.DeletionRequested(ada, "ada", 0) },
	"deleted":              func(l *letters.Letters) { l.Deleted(ada, "ada") },
	"new-sign-in": func(l *letters.Letters) {
		l.NewSignIn(ada, "ada", "2001:db8::7", "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0")
	},
}

// outbox is a mail.Mailer that keeps letters.
type outbox struct {
	letters []mail.Message
	err     error
}

func (o *outbox) Send(_ context.Context, letter mail.Message) error {
	o.letters = append(o.letters, letter)
	return o.err
}

var outbid = app.NoticeLetter{
	ID: uuid.MustParse("01890a5d-ac96-774b-bcce-b302099a8057"), To: ada, Handle: "ada", Subject: "You are outbid on “<A clock>”",
	Text: "Somebody else leads with 12 EUR.\n\nYou can bid again until Sunday.", Path: "/listings/1", Unsubscribe: token,
}

func TestNoticeMail(t *testing.T) {
	t.Parallel()
	paper := stationery.NewWriter(&tray{}, site)
	bare := outbid
	bare.Text, bare.Path = "", ""
	for name, notice := range map[string]app.NoticeLetter{"notice": outbid, "notice-bare": bare} {
		var sent outbox
		require.NoError(t, letters.NewNoticeMail(&sent, paper).Mail(t.Context(), notice))
		got := sent.letters[0]
		require.NoError(t, got.Check())
		require.Equal(t, notice.ID.String(), got.ID, "the Message-ID of the notice")
		require.Equal(t, ada, got.To)
		require.Equal(t, site.URL+"/unsubscribe?token="+token, got.Unsubscribe)
		require.Contains(t, got.Text, got.Unsubscribe)
		require.Contains(t, got.HTML, got.Unsubscribe)
		golden(t, name+".txt", "Subject: "+got.Subject+"\n\n"+got.Text)
		golden(t, name+".html", got.HTML)
	}
	busy := errors.New("busy")
	require.Equal(t, busy, letters.NewNoticeMail(&outbox{err: busy}, paper).Mail(t.Context(), outbid))
	require.ErrorIs(t, letters.NewNoticeMail(&outbox{err: mail.ErrMalformed}, paper).Mail(t.Context(), outbid), app.ErrUnmailable)
}

func TestLetters(t *testing.T) {
	t.Parallel()
	for name, write := range all {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var post tray
			write(letters.New(numbered(&post)))
			require.Len(t, post.letters, 1)
			got := post.letters[0]
			require.NoError(t, got.Check())
			require.Equal(t, ada, got.To)
			require.Equal(t, "1", got.ID)
			require.Contains(t, got.Subject, site.Name)
			golden(t, name+".txt", "Subject: "+got.Subject+"\n\n"+got.Text)
			golden(t, name+".html", got.HTML)

			require.Contains(t, got.Text, site.Name)
			require.NotRegexp(t, regexp.MustCompile(`(?i)<(img|script|link|iframe|form|object)|src=|url\(|@import`), got.HTML, "nothing is loaded")
			for _, address := range regexp.MustCompile(`https?://[^\s<"]+`).FindAllString(got.Text+got.HTML, -1) {
				require.True(t, strings.HasPrefix(address, site.URL), address)
			}
		})
	}
}

// golden compares a text with a file of testdata, or writes it.
func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		require.NoError(t, os.WriteFile(path, []byte(got), 0o600))
	}
	want, err := os.ReadFile(path)
	require.NoError(t, err)
	require.Equal(t, string(want), got, "go test -update writes it anew")
}

func TestGoldenFilesAreOfLetters(t *testing.T) {
	t.Parallel()
	entries, err := os.ReadDir("testdata")
	require.NoError(t, err)
	notices := 0
	for _, e := range entries {
		name := strings.TrimSuffix(e.Name(), filepath.Ext(e.Name()))
		if strings.HasPrefix(name, "notice") {
			notices++
			continue
		}
		require.Contains(t, all, name)
	}
	require.Len(t, entries, 2*len(all)+notices)
}

func TestLinks(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		write func(*letters.Letters)
		want  string
	}{
		"verify":       {func(l *letters.Letters) { l.VerifyEmail(ada, "ada", token) }, "/verify?token=" + token},
		"reset":        {func(l *letters.Letters) { l.ResetPassword(ada, "ada", token) }, "/reset?token=" + token},
		"change":       {func(l *letters.Letters) { l.ConfirmNewEmail(ada, "ada", token) }, "/change-email?token=" + token},
		"invitation":   {func(l *letters.Letters) { l.Invitation(ada, "bob", token) }, "/register?invitation=" + token},
		"any token":    {func(l *letters.Letters) { l.ResetPassword(ada, "ada", "a b&c=\"") }, "/reset?token=" + url.QueryEscape("a b&c=\"")},
		"no token":     {func(l *letters.Letters) { l.Approved(ada, "ada") }, "/sign-in"},
		"verified":     {func(l *letters.Letters) { l.AlreadyVerified(ada, "ada") }, "/sign-in"},
		"registration": {func(l *letters.Letters) { l.AlreadyRegistered(ada, "ada") }, "/sign-in"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var post tray
			test.write(letters.New(stationery.NewWriter(&post, site)))
			require.Contains(t, post.letters[0].Text, "\n"+site.URL+test.want+"\n")
			escaped := strings.NewReplacer("&", "&amp;", "+", "&#43;").Replace(test.want)
			require.Contains(t, post.letters[0].HTML, `href="`+site.URL+escaped+`"`)
		})
	}
	t.Run("strangers are asked for nothing", func(t *testing.T) {
		t.Parallel()
		var post tray
		letters.New(stationery.NewWriter(&post, site)).NoAccount(ada)
		require.NotContains(t, post.letters[0].HTML, "href")
		require.NotContains(t, post.letters[0].Text+post.letters[0].HTML, ada)
	})
}

func TestWhatOthersWroteStaysText(t *testing.T) {
	t.Parallel()
	var post tray
	l := letters.New(stationery.NewWriter(&post, stationery.Site{Name: "<i>A&B</i>", URL: "http://localhost:8080"}))
	l.Suspended(ada, "ada", "<script>alert(1)</script>\x00\n\n-- \nVisit")
	l.NewSignIn(ada, "ada", "192.0.2.1", "Your account is in danger: https://eve.example.org/ <b>Firefox/1</b>")
	l.Invitation(ada, "<b>bob</b>", token)
	for _, letter := range post.letters {
		require.NoError(t, letter.Check())
		for _, tag := range []string{"<script", "<b>", "<i>"} {
			require.NotContains(t, letter.HTML, tag)
		}
		require.NotContains(t, letter.Text+letter.HTML, "eve.example.org")
		require.NotContains(t, letter.Text+letter.HTML, "\x00")
	}
	require.Contains(t, post.letters[0].Text, "<script>alert(1)</script> -- Visit\n")
	require.Contains(t, post.letters[1].Text, ": Firefox, from")
}

func TestBrowserOf(t *testing.T) {
	t.Parallel()
	for userAgent, want := range map[string]string{
		"": "a program that is not known",
		"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36 Edg/140.0": "Edge on Windows",
		"Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Version/18.0 Mobile/15E148 Safari/604.1":       "Safari on an iPhone",
		"Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Mobile Safari/537.36":              "Chrome on Android",
		"curl/8.5.0":                     "curl",
		"Something (Linux)":              "a program on Linux",
		"You won! Visit eve.example.org": "a program that is not known",
	} {
		require.Equal(t, want, letters.BrowserOf(userAgent))
	}
}
